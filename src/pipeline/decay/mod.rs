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
use std::sync::Arc;

use rayon::prelude::*;

pub use captures::EarlierCaptures;
pub use events::{EventAccount, key_headers};
pub use flags::{FlagReason, FlagRule};
pub use learn::{FoundAccount, FoundOut};
pub use next_step::NextStep;
pub use said::{ExplainedContact, FlaggedContact, RowDecay};
pub use summary::{AnchorFigures, DecayKind, DecaySummary, FlagCount, SegmentDecay};

use super::{Customers, GoldenStage, RunError, Setup};
use crate::clock::days_of;
use crate::decay::{AnchorReport, Coefficients, History, KindCoefficients, Model};
use crate::ingest::EventFile;
use crate::record::{ContactEvent, ContactIndex, ContactKind, CustomerIndex, CustomerRows, Field, RowIndex, Rows, mix};
use crate::rule::{DecayRules, EventRules, StatusRules};
use contact_reader::ContactReader;
use events::{EventSources, Events};
use evidence::{Earlier, Evidence, Scores, Values};
use facts::Facts;
use flags::Flag;
use status::{Averages, Purchases, Standing};

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

/// The places of a customer's address and number, as far as it has them.
pub(super) type Chosen = [Option<ContactIndex>; 2];

/// What came out.
pub struct Decay {
    facts: Facts,
    events: Events,
    customers: Arc<CustomerRows>,
    values: Values,
    earlier: HashMap<ContactIndex, Earlier>,
    model: Model,
    anchors: [Option<AnchorReport>; 2],
    scores: Scores,
    /// For each customer the places of its address and number, as far as it has them.
    chosen: Vec<Chosen>,
    standing: Vec<Standing>,
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
        f.debug_struct("Decay").field("contacts", &self.facts.contacts().len()).finish_non_exhaustive()
    }
}

/// What flags are asked of.
pub(super) struct Asked<'d> {
    pub(super) chosen: &'d [Chosen],
    pub(super) model: &'d Model,
    pub(super) today: i32,
    scores: &'d Scores,
    evidence: Evidence<'d>,
    values: &'d Values,
}

impl Asked<'_> {
    pub(super) fn p(&self, place: Option<ContactIndex>) -> f32 {
        place.map_or(f32::NAN, |place| self.scores.p[place.get()])
    }

    pub(super) fn is_somebodys(&self, place: ContactIndex) -> bool {
        self.evidence.is_eligible(self.values, place)
    }

    pub(super) fn ask<T>(&self, place: ContactIndex, answer: impl FnOnce(&History<'_>) -> T) -> T {
        self.evidence.ask(self.values, place, self.today, answer)
    }
}

impl Decay {
    /// Works out how stale the contacts of all lists are. `progress` hears bytes of event files.
    pub(super) fn find(
        rows: &Rows,
        customers: Option<&Customers>,
        stage: &DecayStage<'_>,
        setup: &Setup,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Decay, RunError> {
        let rules = DecayRules::load(&setup.context.files)?;
        let reader = ContactReader::new(&setup.context)?;
        let today = days_of(setup.context.today);
        let facts = Facts::read(rows, &reader, setup)?;
        // Where customers were not looked for, each row is one.
        let rows_of = customers
            .map_or_else(|| Arc::new(CustomerRows::single(rows.len())), |customers| Arc::clone(customers.rows()));
        let sources = EventSources {
            files: stage.files,
            remembered: stage.remembered,
            rules: EventRules::load(&setup.context.files)?,
        };
        let (events, account) = Events::read(sources, &facts, rows, &reader, &rows_of, setup, progress)?;
        setup.go_on()?;
        let values = Values::new(&facts, &rows_of);
        let earlier = captures::known(&facts, customers, stage.captures);
        let evidence = Evidence {
            facts: &facts,
            events: &events,
            customers: &rows_of,
            earlier: &earlier,
            shared_by: rules.limits.shared_by,
        };
        let (model, anchors) = settled(&rules, stage.learnt, &evidence, &values, today);
        setup.go_on()?;
        let scores = evidence.scores(&values, &model, today);
        setup.go_on()?;
        let mut decay = Decay {
            chosen: Vec::new(),
            standing: Vec::new(),
            flags: Vec::new(),
            facts,
            events,
            customers: rows_of,
            values,
            earlier,
            model,
            anchors,
            scores,
            reader,
            rules: StatusRules::load(&setup.context.files)?,
            today,
            account,
        };
        let golden = customers.map(|_| GoldenStage::new(rows, setup)).transpose()?;
        decay.choose(golden.as_ref(), setup);
        decay.stand();
        let name = |customer: CustomerIndex| decay.stable_name(customers, customer);
        decay.flags = flags::flag(&decay.asked(), stage.flag, &name);
        Ok(decay)
    }

    fn evidence(&self) -> Evidence<'_> {
        Evidence {
            facts: &self.facts,
            events: &self.events,
            customers: &self.customers,
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
            values: &self.values,
        }
    }

    /// The rows of a customer.
    pub fn rows(&self, customer: CustomerIndex) -> &[RowIndex] {
        self.customers.of(customer)
    }

    /// For each customer the address and the number that stand for it: the golden record's, where customers were looked for.
    fn choose(&mut self, golden: Option<&GoldenStage<'_>>, setup: &Setup) {
        let chosen = |customer: usize| self.chosen_of(self.rows(CustomerIndex::new(customer)), golden, setup);
        self.chosen = (0..self.customers.len()).into_par_iter().map(chosen).collect();
    }

    fn chosen_of(&self, rows: &[RowIndex], golden: Option<&GoldenStage<'_>>, setup: &Setup) -> Chosen {
        let mut record = None;
        [ContactKind::Email, ContactKind::Phone].map(|kind| {
            let of_kind = |place: &ContactIndex| self.facts.contact(*place).kind() == kind;
            let mut places = rows.iter().flat_map(|row| self.facts.of_row(*row)).filter(of_kind);
            let first = places.next()?;
            let key = self.facts.contact(first).key;
            let golden = match golden {
                Some(golden) if places.any(|place| self.facts.contact(place).key != key) => golden,
                // One value, whichever row it stands in.
                Some(_) => return Some(first),
                None => return self.facts.primary(rows[0], kind),
            };
            let record = record.get_or_insert_with(|| golden.golden(rows));
            let field = if kind == ContactKind::Email { Field::Email } else { Field::Phone };
            let value = record.value(field).map_or("", |value| value.value);
            Some(self.place_of(rows, kind, value, setup).unwrap_or(first))
        })
    }

    /// The first contact of these rows with a value's key.
    fn place_of(&self, rows: &[RowIndex], kind: ContactKind, value: &str, setup: &Setup) -> Option<ContactIndex> {
        let mut key = String::new();
        self.reader.push_key(kind, value, setup, &mut key);
        let hash = ContactReader::hash(kind, if key.is_empty() { value } else { &key });
        rows.iter().flat_map(|row| self.facts.of_row(*row)).find(|place| self.facts.contact(*place).key == hash)
    }

    /// Status and value of each customer.
    fn stand(&mut self) {
        let of = |customer: usize| Purchases::of(self.rows(CustomerIndex::new(customer)), &self.facts, &self.events);
        let purchases: Vec<Purchases> = (0..self.customers.len()).into_par_iter().map(of).collect();
        let mut averages = Averages::default();
        purchases.iter().for_each(|own| averages.add(own));
        self.standing = purchases.iter().map(|own| averages.standing(own, &self.rules, self.today)).collect();
    }

    /// What a customer is ranked by among equally likely ones: no place in a file, so that the order of rows changes nothing.
    fn stable_name(&self, customers: Option<&Customers>, customer: CustomerIndex) -> u64 {
        let [email, phone] = self.chosen[customer.get()];
        let Some(place) = email.or(phone) else { return 0 };
        let contact = self.facts.contact(place);
        match customers {
            Some(customers) => mix(customers.customer(contact.row).0),
            None => mix(self.facts.key(contact.row) ^ contact.key),
        }
    }
}

/// The model, its level set for this list or learnt.
fn settled(
    rules: &DecayRules,
    learnt: &[LearntModel],
    evidence: &Evidence<'_>,
    values: &Values,
    today: i32,
) -> (Model, [Option<AnchorReport>; 2]) {
    let mut coefficients = Coefficients::prior(rules);
    for learnt in learnt {
        coefficients.of_mut(learnt.kind).clone_from(&learnt.coefficients);
    }
    let is_learnt = |kind: ContactKind| learnt.iter().any(|learnt| learnt.kind == kind);
    let mut model = Model::new(rules, coefficients);
    let anchors = evidence.tenures(values, today).map(|tenures| {
        if is_learnt(tenures.kind()) {
            model.settle(&tenures);
            return None;
        }
        model.anchor(&tenures)
    });
    (model, anchors)
}
