//! Decay in figures: what `run.json`, the report and the terminal say.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Decay, DecayStage, EvidenceStage, FlagReason};
use crate::decay::{AnchorPoint, AnchorReport, Expectation, ExpectedStale, Quality, Score};
use crate::record::{ContactClass, ContactIndex, ContactKind, CustomerIndex, CustomerStatus, Day};

/// What is known of how stale a list is. Deterministic, and blind to what is dated on the run's day or later.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DecaySummary {
    /// Records of event files that were used.
    pub events: u64,
    /// Records of event files that were set aside, by reason.
    pub events_set_aside: BTreeMap<String, u64>,
    /// Answers of customers and gateways that the workspace keeps.
    pub events_remembered: u64,
    /// Addresses, then numbers.
    pub kinds: Vec<DecayKind>,
    /// Customers by status.
    pub statuses: BTreeMap<String, u64>,
    /// Customers by segment of value.
    pub segments: BTreeMap<String, u64>,
    /// Who is flagged.
    pub flags: FlagCount,
}

/// One kind of contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecayKind {
    /// Addresses or numbers.
    pub kind: ContactKind,
    /// Values of all rows.
    pub contacts: u64,
    /// Of them, wrong from the start: nothing can go stale there.
    pub unusable: u64,
    /// No person's own: mailboxes of functions, throw-aways, placeholders, and values that many customers share.
    pub nobodys: u64,
    /// Without any day on which they were captured.
    pub undated: u64,
    /// With some sign of life or of decay beside their age.
    pub with_evidence: u64,
    /// Customers' own values: how many are expected to be stale, and between what it lies.
    pub expected: ExpectedStale,
    /// How the level was set; none where it was learnt, or there is no contact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<AnchorFigures>,
    /// The learnt model in force: its number in the workspace and the day up to which it knows outcomes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learnt: Option<(i64, String)>,
    /// How good the probabilities were where customers who were asked at random answered; none where too few did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// Customers' own values by class, by tenure and by status.
    pub segments: Vec<SegmentDecay>,
}

/// How the level was set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AnchorFigures {
    /// The middle tenure in months.
    pub median_tenure_months: u32,
    /// The anchor, its level, and the share stale by the hazard alone.
    pub set: AnchorPoint,
    /// Had it been lower.
    pub lower: AnchorPoint,
    /// Had it been higher.
    pub higher: AnchorPoint,
}

/// Decay in a part of the customers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SegmentDecay {
    /// `class`, `tenure` or `status`.
    pub by: String,
    /// Which part.
    pub name: String,
    /// Contacts in it.
    pub contacts: u64,
    /// The share expected to be stale.
    pub stale: f64,
}

/// Who is flagged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FlagCount {
    /// `20%`, `expected` or a probability.
    pub rule: String,
    /// Customers flagged.
    pub flagged: u64,
    /// Of so many who have a contact that can be judged.
    pub of: u64,
    /// The least probability among the flagged.
    pub least: f64,
    /// How many of them are expected to have a stale contact.
    pub expected: f64,
    /// By reason, `email.hard_bounce` and the like.
    pub reasons: BTreeMap<String, u64>,
}

/// Fewer answers say nothing of how good probabilities are.
const LEAST_ANSWERS: usize = 50;

/// Sums of a part.
#[derive(Debug, Clone, Copy, Default)]
struct Part {
    contacts: u64,
    stale: f64,
}

impl Decay {
    /// The figures; none where the stage was not to judge.
    pub(in super::super) fn summary(&self, told: &EvidenceStage<'_>) -> Option<DecaySummary> {
        let stage = told.decay.as_ref()?;
        let reasons = self.stats.reasons().into_iter().map(|(why, count)| (why.as_str().to_owned(), count));
        let mut summary = DecaySummary {
            events: self.stats.used,
            events_set_aside: reasons.collect(),
            events_remembered: self.stats.remembered,
            kinds: [ContactKind::Email, ContactKind::Phone].map(|kind| self.kind(kind, told, stage)).to_vec(),
            flags: self.flag_count(stage),
            ..DecaySummary::default()
        };
        for customer in self.evidence.customers.customers() {
            *summary.statuses.entry(self.evidence.status(customer).as_str().to_owned()).or_default() += 1;
            *summary.segments.entry(self.evidence.segment(customer).to_owned()).or_default() += 1;
        }
        Some(summary)
    }

    fn kind(&self, kind: ContactKind, told: &EvidenceStage<'_>, stage: &DecayStage<'_>) -> DecayKind {
        let anchor = self.anchors[kind as usize].as_ref();
        let learnt = stage.learnt.iter().find(|learnt| learnt.kind == kind);
        let mut figures = DecayKind {
            kind,
            contacts: 0,
            unusable: 0,
            nobodys: 0,
            undated: 0,
            with_evidence: 0,
            expected: ExpectedStale { contacts: 0, stale: 0.0, low: 0.0, high: 0.0 },
            anchor: anchor.map(AnchorFigures::of),
            learnt: learnt.map(|learnt| (learnt.id, learnt.as_of.clone())),
            quality: self.quality(&self.found_by_audit(told.remembered).0, kind, LEAST_ANSWERS),
            segments: Vec::new(),
        };
        let evidence = &self.evidence;
        let contacts = self.evidence.facts.contacts();
        let places = ContactIndex::first(contacts.len()).zip(contacts);
        for (place, contact) in places.filter(|(_, contact)| contact.kind() == kind) {
            figures.contacts += 1;
            if contact.is_unusable() {
                figures.unusable += 1;
                continue;
            }
            figures.nobodys += u64::from(!evidence.is_eligible(place));
            figures.undated += u64::from(self.scores.captured[place.get()].is_none());
            figures.with_evidence += u64::from(self.scores.has_signals[place.get()] || contact.has_dead_domain());
        }
        let mut expectation = Expectation::default();
        let mut parts: BTreeMap<(usize, usize), Part> = BTreeMap::new();
        for (customer, chosen) in self.evidence.chosen.iter().enumerate() {
            let scored = |place: &ContactIndex| !self.scores.p[place.get()].is_nan();
            let Some(place) = chosen[kind as usize].filter(scored) else { continue };
            let p = f64::from(self.scores.p[place.get()]);
            expectation.add(Score { p, log_odds: (p / (1.0 - p)).ln() });
            let class = self.evidence.facts.contact(place).class as usize;
            let tenure = tenure_band(self.scores.captured[place.get()], self.evidence.today);
            let status = self.evidence.status(CustomerIndex::new(customer)) as usize;
            for part in [(0, class), (1, tenure), (2, status)] {
                let part = parts.entry(part).or_default();
                part.contacts += 1;
                part.stale += p;
            }
        }
        figures.expected = expectation.interval(anchor.map_or(0.0, AnchorReport::level_sd));
        figures.segments = parts.into_iter().map(|((by, which), part)| segment(by, which, part)).collect();
        figures
    }

    fn flag_count(&self, stage: &DecayStage<'_>) -> FlagCount {
        let mut count = FlagCount {
            rule: stage.flag.to_string(),
            flagged: self.flags.len() as u64,
            least: if self.flags.is_empty() { 0.0 } else { 1.0 },
            ..FlagCount::default()
        };
        let likeliest = |customer: CustomerIndex| {
            let of = |kind| self.of_customer(customer, kind).map(f64::from);
            [of(ContactKind::Email), of(ContactKind::Phone)].into_iter().flatten().reduce(f64::max)
        };
        count.of = self.evidence.customers.customers().filter(|customer| likeliest(*customer).is_some()).count() as u64;
        for flag in &self.flags {
            let p = likeliest(flag.customer).unwrap_or_default();
            count.least = count.least.min(p);
            count.expected += p;
            for kind in [ContactKind::Email, ContactKind::Phone] {
                for reason in flag.reasons[kind as usize].iter() {
                    *count.reasons.entry(reason_key(kind, reason)).or_default() += 1;
                }
            }
        }
        count
    }
}

impl AnchorFigures {
    fn of(report: &AnchorReport) -> Self {
        let AnchorReport { median_tenure_months, set, lower, higher, .. } = report;
        AnchorFigures { median_tenure_months: *median_tenure_months, set: *set, lower: *lower, higher: *higher }
    }
}

/// How a reason of a contact is written.
fn reason_key(kind: ContactKind, reason: FlagReason) -> String {
    format!("{}.{}", kind.as_str(), reason.as_str())
}

/// Bounds in days and names of stretches of tenure; the last one is for what nobody dated.
const TENURES: [(i32, &str); 6] = [
    (365, "under_1"),
    (2 * 365, "from_1"),
    (3 * 365, "from_2"),
    (5 * 365, "from_3"),
    (8 * 365, "from_5"),
    (i32::MAX, "from_8"),
];

fn tenure_band(captured: Option<Day>, today: Day) -> usize {
    let band = |day: Day| TENURES.iter().position(|(days, _)| today.days_since(day) < *days);
    captured.and_then(band).unwrap_or(TENURES.len())
}

fn segment(by: usize, which: usize, part: Part) -> SegmentDecay {
    let name = match by {
        0 => ContactClass::ALL[which].as_str(),
        1 => TENURES.get(which).map_or("unknown", |(_, name)| name),
        _ => CustomerStatus::ALL[which].as_str(),
    };
    SegmentDecay {
        by: ["class", "tenure", "status"][by].to_owned(),
        name: name.to_owned(),
        contacts: part.contacts,
        stale: part.stale / part.contacts as f64,
    }
}
