//! Who may be asked: by each channel, what to do next, and why the others may not.

use std::collections::BTreeMap;

use super::customers::Figure;
use super::decay::Line;
use super::error::ReportError;
use crate::page::{Bar, Voice};
use crate::pipeline::RunSummary;

/// The section.
pub(super) struct Contact {
    /// How many may be asked, one a channel.
    pub(super) tiles: Vec<Figure>,
    /// How many are to be asked in which way.
    pub(super) next: Vec<Line>,
    /// Why nobody asks the others.
    pub(super) reasons: Vec<Line>,
}

pub(super) fn contact(summary: &RunSummary, voice: &Voice<'_>) -> Result<Option<Contact>, ReportError> {
    let Some(contact) = summary.contact.as_ref().filter(|contact| contact.customers > 0) else { return Ok(None) };
    let tile = |(channel, count): (&String, &u64)| Figure {
        name: voice.say_of("contact.may", channel),
        figure: voice.count(*count),
    };
    Ok(Some(Contact {
        tiles: contact.may.iter().map(tile).collect(),
        next: lines(&contact.next, "decay.next", "ok", voice)?,
        reasons: lines(&contact.why, "contact", "review", voice)?,
    }))
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
