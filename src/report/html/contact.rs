//! Permission and refusals: who may be asked by each channel and why the others may not, what to do next, and why no channel is
//! open.

use std::collections::BTreeMap;

use super::decay::Line;
use super::error::ReportError;
use crate::page::{Bar, Voice};
use crate::pipeline::{ContactFigures, RunSummary};
use crate::report::story::{channels, who};

/// The section.
pub(super) struct Contact {
    /// Channels by reasons.
    pub(super) table: ContactTable,
    /// How many are to be asked in which way.
    pub(super) next: Vec<Line>,
    /// Why no channel at all is open.
    pub(super) reasons: Vec<Line>,
}

/// Who may be asked by each channel and why not; each column adds up to its last line.
pub(super) struct ContactTable {
    pub(super) heads: Vec<String>,
    pub(super) lines: Vec<(String, Vec<String>)>,
    pub(super) all: (String, Vec<String>),
}

pub(super) fn contact(summary: &RunSummary, voice: &Voice<'_>) -> Result<Option<Contact>, ReportError> {
    let Some(contact) = summary.contact.as_ref().filter(|contact| contact.customers > 0) else { return Ok(None) };
    let all =
        summary.reachable.as_ref().map_or_else(|| voice.say("who.customers").to_owned(), |reach| who(reach, voice));
    Ok(Some(Contact {
        table: table(contact, all, voice),
        next: lines(&contact.next, "decay.next", "ok", voice)?,
        reasons: lines(&contact.why, "contact", "review", voice)?,
    }))
}

fn table(contact: &ContactFigures, all: String, voice: &Voice<'_>) -> ContactTable {
    let cells =
        |of: &dyn Fn(&str) -> u64| channels().into_iter().map(|channel| voice.count(of(channel))).collect::<Vec<_>>();
    let closed =
        |channel: &str, reason: &str| contact.closed.get(channel).and_then(|why| why.get(reason)).copied().unwrap_or(0);
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (reason, count) in contact.closed.values().flatten() {
        *sums.entry(reason).or_default() += count;
    }
    let mut reasons: Vec<(&str, u64)> = sums.into_iter().collect();
    reasons.sort_by_key(|(reason, count)| (std::cmp::Reverse(*count), *reason));
    let may = cells(&|channel| contact.may.get(channel).copied().unwrap_or(0));
    let mut lines = vec![(voice.say("contact.may").to_owned(), may)];
    lines.extend(
        reasons
            .into_iter()
            .map(|(reason, _)| (voice.say_of("contact", reason), cells(&|channel| closed(channel, reason)))),
    );
    ContactTable {
        heads: channels().into_iter().map(|channel| voice.say_of("campaign.channel", channel)).collect(),
        lines,
        all: (voice.phrase("contact.all", &[("who", &all)]), cells(&|_| contact.customers)),
    }
}

/// The most frequent first.
fn lines(
    counts: &BTreeMap<String, u64>,
    words: &str,
    class: &'static str,
    voice: &Voice<'_>,
) -> Result<Vec<Line>, ReportError> {
    let mut counts: Vec<(&String, u64)> = counts.iter().map(|(name, count)| (name, *count)).collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), (*name).clone()));
    let most = counts.first().map_or(0, |(_, count)| *count);
    let line = |(name, count): (&String, u64)| {
        let bar = Bar::single(class, count, most)?;
        Ok(Line { name: voice.say_of(words, name), figure: voice.count(count), bar })
    };
    counts.into_iter().map(line).collect()
}
