//! Decay in `clean`: evidence from rows, duplicates, earlier runs and events, the probability that each address and number
//! no longer reaches its owner, and who is flagged.

mod captures;
mod contact_points;
mod contact_reader;
mod events;
mod evidence;
mod facts;
mod flags;
mod learn;
mod next_step;
mod said;
mod status;
mod summary;

use std::collections::HashMap;

use rayon::prelude::*;

pub use captures::EarlierCaptures;
pub use events::{EventAccount, key_headers};
pub use flags::{FlagReason, FlagRule};
pub use learn::{FoundAccount, FoundOut};
pub use next_step::NextStep;
pub use said::{ExplainedContact, FlaggedContact, RowDecay};
pub use summary::{AnchorFigures, DecayKind, DecaySummary, FlagCount, SegmentDecay};

use super::{CleanedList, Customers, GoldenStage, RunError, Setup};
use crate::decay::{AnchorReport, Coefficients, History, KindCoefficients, Model};
use crate::ingest::EventFile;
use crate::record::{ContactEvent, ContactKind, Field, mix};
use crate::rule::{DecayRules, EventRules, StatusRules};
use contact_reader::ContactReader;
use events::{EventSources, Events};
use evidence::{Clusters, Earlier, Evidence, Groups, Scores};
use facts::Facts;
use flags::Flag;
use status::{Averages, Purchases, Standing};

/// No contact.
const NONE: u32 = u32::MAX;

/// What decay is told.
#[derive(Debug)]
pub struct DecayStage<'a> {
    /// Event files.
    pub files: &'a [EventFile],
    /// Answers that the workspace keeps.
    pub remembered: &'a [ContactEvent],
    /// Coefficients that were learnt, in place of those of the rules.
    pub learnt: &'a [LearntModel],
    /// What earlier runs knew of when values were first written down; none without a workspace.
    pub captures: Option<&'a EarlierCaptures>,
    /// How many customers are flagged.
    pub flag: FlagRule,
}

/// Coefficients that were learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct LearntModel {
    /// Its number in the workspace.
    pub id: i64,
    /// The day up to which outcomes were looked at, `YYYY-MM-DD`.
    pub as_of: String,
    /// For addresses or numbers.
    pub kind: ContactKind,
    /// The coefficients.
    pub coefficients: KindCoefficients,
}

/// What came out.
pub struct Decay {
    facts: Facts,
    events: Events,
    clusters: Clusters,
    groups: Groups,
    earlier: HashMap<u32, Earlier>,
    model: Model,
    anchors: [Option<AnchorReport>; 2],
    scores: Scores,
    /// For each customer the places of its address and number, [`NONE`] where it has none.
    chosen: Vec<[u32; 2]>,
    standing: Vec<Standing>,
    /// For each row its customer.
    customer_of: Vec<u32>,
    /// All rows, those of a customer together, and where each customer's end.
    rows: Vec<u32>,
    ends: Vec<u32>,
    /// In the order of customers.
    flags: Vec<Flag>,
    reader: ContactReader,
    rules: StatusRules,
    today: i32,
    /// What became of event files.
    pub account: EventAccount,
}

impl std::fmt::Debug for Decay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decay").field("contacts", &self.facts.contacts.len()).finish_non_exhaustive()
    }
}

/// What flags are asked of.
pub(super) struct Asked<'d> {
    pub(super) chosen: &'d [[u32; 2]],
    pub(super) model: &'d Model,
    pub(super) today: i32,
    scores: &'d Scores,
    evidence: Evidence<'d>,
    groups: &'d Groups,
}

impl Asked<'_> {
    pub(super) fn p(&self, place: u32) -> f32 {
        self.scores.p.get(place as usize).copied().unwrap_or(f32::NAN)
    }

    pub(super) fn is_somebodys(&self, place: usize) -> bool {
        self.evidence.is_eligible(self.groups, place)
    }

    pub(super) fn ask<T>(&self, place: usize, answer: impl FnOnce(&History<'_>) -> T) -> T {
        self.evidence.ask(self.groups, place, self.today, answer)
    }
}

impl Decay {
    /// Works out how stale the contacts of all lists are. `progress` hears bytes of event files.
    pub(super) fn find(
        lists: &[CleanedList<'_>],
        customers: Option<&Customers>,
        stage: &DecayStage<'_>,
        setup: &Setup,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Decay, RunError> {
        let rules = DecayRules::load(&setup.files)?;
        let reader = ContactReader::new(setup)?;
        let today = setup.clock.today_days();
        let facts = Facts::read(lists, &reader, setup)?;
        let clusters =
            customers.map_or_else(Clusters::default, |customers| Clusters::new(facts.rows.len(), customers.clusters()));
        let sources =
            EventSources { files: stage.files, remembered: stage.remembered, rules: EventRules::load(&setup.files)? };
        let customer_of = |row: u32| clusters.id(row);
        let (events, account) = Events::read(sources, &facts, lists, &reader, &customer_of, setup, progress)?;
        setup.go_on()?;
        let groups = Groups::new(&facts, &clusters);
        let earlier = captures::known(&facts, customers, stage.captures);
        let evidence = Evidence {
            facts: &facts,
            events: &events,
            clusters: &clusters,
            earlier: &earlier,
            shared_by: rules.limits.shared_by,
        };
        let (model, anchors) = settled(&rules, stage.learnt, &evidence, &groups, today);
        setup.go_on()?;
        let scores = evidence.scores(&groups, &model, today);
        setup.go_on()?;
        let mut decay = Decay {
            chosen: Vec::new(),
            standing: Vec::new(),
            customer_of: Vec::new(),
            rows: Vec::new(),
            ends: Vec::new(),
            flags: Vec::new(),
            facts,
            events,
            clusters,
            groups,
            earlier,
            model,
            anchors,
            scores,
            reader,
            rules: StatusRules::load(&setup.files)?,
            today,
            account,
        };
        decay.choose(lists, customers, setup)?;
        decay.stand();
        let name = |customer: usize| decay.stable_name(customers, customer);
        decay.flags = flags::flag(&decay.asked(), stage.flag, &name);
        Ok(decay)
    }

    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            facts: &self.facts,
            events: &self.events,
            clusters: &self.clusters,
            earlier: &self.earlier,
            shared_by: self.model.rules().limits.shared_by,
        }
    }

    fn asked(&self) -> Asked<'_> {
        Asked {
            chosen: &self.chosen,
            model: &self.model,
            today: self.today,
            scores: &self.scores,
            evidence: self.evidence(),
            groups: &self.groups,
        }
    }

    /// The rows of a customer.
    pub fn rows(&self, customer: u32) -> &[u32] {
        let customer = customer as usize;
        let start = if customer == 0 { 0 } else { self.ends[customer - 1] };
        &self.rows[start as usize..self.ends[customer] as usize]
    }

    /// For each customer the address and the number that stand for it: the golden record's. Where customers were not looked
    /// for, each row is one.
    fn choose(
        &mut self,
        lists: &[CleanedList<'_>],
        customers: Option<&Customers>,
        setup: &Setup,
    ) -> Result<(), RunError> {
        let count = self.facts.rows.len() as u32;
        match customers {
            Some(customers) => {
                for rows in customers.clusters() {
                    self.rows.extend_from_slice(rows);
                    self.ends.push(self.rows.len() as u32);
                }
            }
            None => (self.rows, self.ends) = ((0..count).collect(), (1..=count).collect()),
        }
        self.customer_of = vec![0; count as usize];
        for customer in 0..self.ends.len() as u32 {
            let start = if customer == 0 { 0 } else { self.ends[customer as usize - 1] };
            for row in &self.rows[start as usize..self.ends[customer as usize] as usize] {
                self.customer_of[*row as usize] = customer;
            }
        }
        let golden = customers.map(|customers| GoldenStage::new(customers, lists, setup)).transpose()?;
        let chosen = |customer: u32| self.chosen_of(self.rows(customer), golden.as_ref(), setup);
        self.chosen = (0..self.ends.len() as u32).into_par_iter().map(chosen).collect();
        Ok(())
    }

    fn chosen_of(&self, rows: &[u32], golden: Option<&GoldenStage<'_>>, setup: &Setup) -> [u32; 2] {
        let mut record = None;
        [ContactKind::Email, ContactKind::Phone].map(|kind| {
            let of_kind = |place: &usize| self.facts.contacts[*place].kind() == kind;
            let mut places = rows.iter().flat_map(|row| self.facts.of_row(*row)).filter(of_kind);
            let Some(first) = places.next() else { return NONE };
            let key = self.facts.contacts[first].key;
            let golden = match golden {
                Some(golden) if places.any(|place| self.facts.contacts[place].key != key) => golden,
                // One value, whichever row it stands in.
                Some(_) => return first as u32,
                None => return self.facts.primary(rows[0], kind).map_or(NONE, |place| place as u32),
            };
            let record = record.get_or_insert_with(|| golden.golden(rows));
            let field = if kind == ContactKind::Email { Field::Email } else { Field::Phone };
            let value = record.value(field).map_or("", |value| value.value);
            self.place_of(rows, kind, value, setup).unwrap_or(first) as u32
        })
    }

    /// The first contact of these rows with a value's key.
    fn place_of(&self, rows: &[u32], kind: ContactKind, value: &str, setup: &Setup) -> Option<usize> {
        let mut key = String::new();
        self.reader.push_key(kind, value, setup, &mut key);
        let hash = ContactReader::hash(kind, if key.is_empty() { value } else { &key });
        rows.iter().flat_map(|row| self.facts.of_row(*row)).find(|place| self.facts.contacts[*place].key == hash)
    }

    /// Status and value of each customer.
    fn stand(&mut self) {
        let of = |customer: u32| Purchases::of(self.rows(customer), &self.facts, &self.events);
        let purchases: Vec<Purchases> = (0..self.ends.len() as u32).into_par_iter().map(of).collect();
        let mut averages = Averages::default();
        purchases.iter().for_each(|own| averages.add(own));
        self.standing = purchases.iter().map(|own| averages.standing(own, &self.rules, self.today)).collect();
    }

    /// What a customer is ranked by among equally likely ones: no place in a file, so that the order of rows changes nothing.
    fn stable_name(&self, customers: Option<&Customers>, customer: usize) -> u64 {
        let [email, phone] = self.chosen[customer];
        let place = if email == NONE { phone } else { email };
        let Some(contact) = self.facts.contacts.get(place as usize) else { return 0 };
        match customers {
            Some(customers) => mix(customers.customer(contact.row).0),
            None => mix(self.facts.keys[contact.row as usize] ^ contact.key),
        }
    }
}

/// The model, its level set for this list or learnt.
fn settled(
    rules: &DecayRules,
    learnt: &[LearntModel],
    evidence: &Evidence<'_>,
    groups: &Groups,
    today: i32,
) -> (Model, [Option<AnchorReport>; 2]) {
    let mut coefficients = Coefficients::prior(rules);
    for learnt in learnt {
        coefficients.of_mut(learnt.kind).clone_from(&learnt.coefficients);
    }
    let is_learnt = |kind: ContactKind| learnt.iter().any(|learnt| learnt.kind == kind);
    let mut model = Model::new(rules, coefficients);
    let anchors = evidence.tenures(groups, today).map(|tenures| {
        if is_learnt(tenures.kind()) {
            model.settle(&tenures);
            return None;
        }
        model.anchor(&tenures)
    });
    (model, anchors)
}
