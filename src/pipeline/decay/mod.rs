//! Evidence and decay in `clean`: what is known of contacts is gathered from rows, duplicates, earlier runs and events; a model
//! makes of it the probability that each address and number no longer reaches its owner, and who is flagged.

mod captures;
mod event_files;
mod gather;
mod joining;
mod learn;
mod said;
mod summary;

use std::collections::HashMap;
use std::sync::Arc;

pub use captures::earlier_captures;
pub use event_files::{EventStats, key_headers};
pub(super) use gather::gather;
pub use joining::StrangersRefusal;
pub use learn::{FoundOut, FoundStats};
pub use said::{ExplainedContact, FlaggedContact, RowDecay};
pub use summary::{AnchorFigures, DecayKind, DecaySummary, FlagCount, SegmentDecay};

use super::{Customers, RunError, Setup};
pub use crate::decay::FlagRule;
use crate::decay::{AnchorReport, Coefficients, Flag, KindCoefficients, Model, Scores, flag, tenures};
pub use crate::evidence::EarlierCaptures;
use crate::evidence::{Answered, AnsweredContact, Evidence};
use crate::ingest::EventFile;
use crate::person::Registry;
pub use crate::record::FlagReason;
use crate::record::{ContactEvent, ContactKind, CustomerIndex, mix};
use crate::rule::{DecayRules, OutreachPolicy};
use crate::store::GivenValue;

/// What is gathered beside the rows, and whether a model judges it.
#[derive(Debug)]
pub struct EvidenceStage<'a> {
    /// Event files.
    pub files: &'a [EventFile],
    /// Answers that the workspace keeps.
    pub remembered: &'a [ContactEvent],
    /// Values that customers gave and that were accepted.
    pub given: &'a [GivenValue],
    /// Who refused, as far as the workspace knows; none without one.
    pub refused: Option<&'a Registry>,
    /// What earlier runs knew of when values were first written down; none without a workspace.
    pub captures: Option<&'a EarlierCaptures>,
    /// How it is judged; none where nobody is flagged, and nothing has a probability.
    pub decay: Option<DecayStage<'a>>,
    /// What asking costs there; as the rules have it where none.
    pub prices: Option<&'a OutreachPolicy>,
}

/// What decay is told.
#[derive(Debug)]
pub struct DecayStage<'a> {
    /// Coefficients that were learnt, in place of those of the rules.
    pub learnt: &'a [LearntModel],
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

/// What the model says.
#[derive(Debug)]
pub struct Decay {
    evidence: Arc<Evidence>,
    model: Model,
    anchors: [Option<AnchorReport>; 2],
    scores: Scores,
    /// The probabilities of what customers gave themselves.
    given: HashMap<CustomerIndex, [Option<f32>; 2]>,
    /// In the order of customers.
    flags: Vec<Flag>,
    /// What became of event files.
    pub stats: EventStats,
}

impl Decay {
    /// Works out how stale the contacts of all lists are.
    pub(super) fn find(
        evidence: &Arc<Evidence>,
        stats: EventStats,
        customers: Option<&Customers>,
        stage: &DecayStage<'_>,
        setup: &Setup,
    ) -> Result<Decay, RunError> {
        let rules = DecayRules::load(&setup.context.files)?;
        let (model, anchors) = settled(&rules, stage.learnt, evidence);
        setup.go_on()?;
        let scores = Scores::of(evidence, &model);
        setup.go_on()?;
        let name = |customer: CustomerIndex| stable_name(evidence, customers, customer);
        let flags = flag(evidence, &scores, &model, stage.flag, &name);
        let p = |given: &AnsweredContact| given.ask(|history| model.score(history, evidence.today).p as f32);
        let of = |given: &Answered| given.each_ref().map(|given| given.as_ref().map(p));
        let given = evidence.answered.iter().map(|(customer, given)| (*customer, of(given))).collect();
        Ok(Decay { evidence: Arc::clone(evidence), model, anchors, scores, given, flags, stats })
    }

    /// How far the levels of addresses and of numbers may be off, as standard deviations of the log-odds; 0 where they were learnt.
    pub(super) fn level_sds(&self) -> [f64; 2] {
        self.anchors.each_ref().map(|anchor| anchor.as_ref().map_or(0.0, AnchorReport::level_sd))
    }
}

/// What a customer is ranked by among equally likely ones: no place in a file, so that the order of rows changes nothing.
fn stable_name(evidence: &Evidence, customers: Option<&Customers>, customer: CustomerIndex) -> u64 {
    let Some(place) = evidence.own_contact(customer) else { return 0 };
    let contact = evidence.facts.contact(place);
    match customers {
        Some(customers) => mix(customers.customer(contact.row).0),
        None => mix(evidence.facts.key(contact.row) ^ contact.key),
    }
}

/// The model, its level set for this list or learnt.
fn settled(rules: &DecayRules, learnt: &[LearntModel], evidence: &Evidence) -> (Model, [Option<AnchorReport>; 2]) {
    let mut coefficients = Coefficients::prior(rules);
    for learnt in learnt {
        coefficients.of_mut(learnt.kind).clone_from(&learnt.coefficients);
    }
    let is_learnt = |kind: ContactKind| learnt.iter().any(|learnt| learnt.kind == kind);
    let mut model = Model::new(rules, coefficients);
    let anchors = tenures(evidence).map(|tenures| {
        if is_learnt(tenures.kind()) {
            model.settle(&tenures);
            return None;
        }
        model.anchor(&tenures)
    });
    (model, anchors)
}
