//! The report in one language: all that its templates show, worked out beforehand.

use super::campaign::{self, Campaign};
use super::contact::{self, Contact};
use super::customers::{self, Customers};
use super::decay::{self, Decay};
use super::error::ReportError;
use super::findings::{self, Change, Quarantine, Reason, Whole};
use super::headline::{self, Reach, Step, Tile};
use super::health::{self, FieldRow, Stack, VERDICTS};
use super::mail::{self, Mail};
use super::source::{self, Source};
use super::status::{self, Status};
use super::year::{self, Year};
use crate::page::Voice;
use crate::pipeline::RunSummary;
use crate::report::story;

/// How many reasons, repairs and suggestions stand open; the rest is folded away.
const SHOWN_REASONS: usize = 15;
const SHOWN_CHANGES: usize = 8;

/// One language's part of the file.
pub(super) struct Page<'a> {
    pub(super) voice: Voice<'a>,
    pub(super) summary: &'a RunSummary,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) reach: Option<Reach>,
    pub(super) stale: Vec<Tile>,
    pub(super) balance: String,
    pub(super) overall: Option<Stack>,
    pub(super) work: Vec<Tile>,
    pub(super) steps: Vec<Step>,
    pub(super) fields: Vec<FieldRow>,
    pub(super) customers: Option<Customers>,
    pub(super) decay: Option<Decay>,
    pub(super) contact: Option<Contact>,
    pub(super) status: Option<Status>,
    pub(super) year: Option<Year>,
    pub(super) campaign: Option<Campaign>,
    pub(super) mail: Option<Mail>,
    pub(super) reasons: Folded<Reason>,
    pub(super) repairs: Folded<Change>,
    pub(super) suggestions: Folded<Change>,
    pub(super) whole: Vec<Whole>,
    pub(super) quarantine: Vec<Quarantine>,
    pub(super) sources: Vec<Source>,
}

/// A long list: its first part open, the rest behind a line that says how much there is.
pub(super) struct Folded<T> {
    pub(super) shown: Vec<T>,
    pub(super) rest: Vec<T>,
    pub(super) more: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(summary: &'a RunSummary, voice: Voice<'a>) -> Result<Self, ReportError> {
        let repairs = findings::changes(&summary.repairs, "repaired", &voice)?;
        let suggestions = findings::changes(&summary.suggestions, "risky", &voice)?;
        Ok(Page {
            title: story::title(summary, &voice),
            lead: story::lead(summary, &voice),
            reach: headline::reach(summary, &voice)?,
            stale: headline::stale(summary, &voice),
            balance: story::balance(summary, &voice),
            overall: health::overall(summary, &voice)?,
            work: headline::work(summary, &voice),
            steps: headline::steps(summary, &voice),
            fields: health::rows(summary, &voice)?,
            customers: customers::customers(summary, &voice)?,
            decay: decay::decay(summary, &voice)?,
            contact: contact::contact(summary, &voice)?,
            status: status::status(summary, &voice),
            year: year::year(summary, &voice),
            campaign: campaign::campaign(summary, &voice)?,
            mail: mail::mail(summary, &voice)?,
            reasons: Folded::after(SHOWN_REASONS, findings::reasons(summary, &voice)?, &voice),
            repairs: Folded::after(SHOWN_CHANGES, repairs, &voice),
            suggestions: Folded::after(SHOWN_CHANGES, suggestions, &voice),
            whole: findings::of_the_list(summary, &voice),
            quarantine: findings::quarantine(summary, &voice)?,
            sources: source::sources(summary, &voice),
            voice,
            summary,
        })
    }

    /// The version that wrote it.
    pub(super) fn version(&self) -> &str {
        &self.summary.tiuv_version
    }

    /// What the page is.
    pub(super) fn kind(&self) -> &str {
        self.say("report.title")
    }

    /// The words for a key.
    pub(super) fn say<'k>(&'k self, key: &'k str) -> &'k str {
        self.voice.say(key)
    }

    /// The verdicts that occur, for the legend.
    pub(super) fn legend(&self) -> impl Iterator<Item = Verdict> {
        VERDICTS.into_iter().filter(|verdict| health::total(self.summary, &[verdict]) > 0).map(|verdict| Verdict {
            class: verdict,
            name: self.voice.say_of("verdict", verdict),
            means: self.voice.say_of("verdict", &format!("{verdict}.means")),
        })
    }

    /// Anchor and title of each section, in order.
    pub(super) fn sections(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let is_there = move |name: &str| match name {
            // Of nothing there is nothing to say, least of all that it is in good health.
            "health" => self.has_records(),
            "reasons" => self.has_records() && !self.reasons.shown.is_empty(),
            "repairs" => self.has_records() && !self.repairs.shown.is_empty(),
            "quarantine" => self.has_records() && !self.quarantine.is_empty(),
            "status" => self.has_records() && self.status.is_some(),
            "year" => self.has_records() && self.year.is_some(),
            "customers" => self.has_records() && self.customers.is_some(),
            "decay" => self.has_records() && self.decay.is_some(),
            "contact" => self.has_records() && self.contact.is_some(),
            "campaign" => self.has_records() && self.campaign.is_some(),
            "mail" => self.has_records() && self.mail.is_some(),
            "list" => !self.whole.is_empty(),
            "suggestions" => !self.suggestions.shown.is_empty(),
            "source" => !self.sources.is_empty(),
            _ => true,
        };
        SECTIONS.into_iter().filter(move |(name, _)| is_there(name)).map(|(name, key)| (name, self.say(key)))
    }

    pub(super) fn has_records(&self) -> bool {
        self.summary.rows_in > 0
    }

    pub(super) fn as_of(&self) -> String {
        self.voice.phrase("report.as_of", &[("day", &self.voice.day(&self.summary.as_of))])
    }

    pub(super) fn day(&self) -> String {
        self.voice.day(&self.summary.as_of)
    }

    pub(super) fn overall_lead(&self) -> String {
        self.voice.counted("health.all_good", health::filled(self.summary), &[])
    }

    pub(super) fn quarantine_lead(&self) -> String {
        self.voice.phrase("quarantine.lead", &[("file", headline::quarantine_file(self.summary))])
    }

    pub(super) fn formulas(&self) -> String {
        self.voice.count(self.summary.formulas_guarded)
    }
}

const SECTIONS: [(&str, &str); 14] = [
    ("contact", "contact.section"),
    ("status", "status.title"),
    ("year", "year.title"),
    ("campaign", "campaign.section"),
    ("decay", "decay.section"),
    ("customers", "customers.title"),
    ("health", "health.title"),
    ("mail", "mail.title"),
    ("reasons", "reasons.title"),
    ("repairs", "repairs.title"),
    ("suggestions", "suggestions.title"),
    ("list", "list.title"),
    ("quarantine", "quarantine.title"),
    ("source", "source.title"),
];

/// A verdict of the legend.
pub(super) struct Verdict {
    pub(super) class: &'static str,
    pub(super) name: String,
    pub(super) means: String,
}

impl<T> Folded<T> {
    fn after(count: usize, mut all: Vec<T>, voice: &Voice<'_>) -> Self {
        let rest = all.split_off(count.min(all.len()));
        Folded { more: voice.counted("report.more", rest.len() as u64, &[]), shown: all, rest }
    }
}
