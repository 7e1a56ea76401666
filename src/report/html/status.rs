//! Customers by where they stand with the club and by value: how many there are, can be reached today, and are flagged.

use crate::page::Voice;
use crate::pipeline::{ReachFigures, ReachedPart, RunSummary};
use crate::report::story::{figures, who};

/// The section: a table by status, one by value.
pub(super) struct Status {
    pub(super) heads: Vec<String>,
    pub(super) groups: Vec<StatusGroup>,
}

/// The same figures by status or by value; each column adds up to its last line.
pub(super) struct StatusGroup {
    pub(super) title: String,
    pub(super) lines: Vec<(String, Vec<String>)>,
    pub(super) all: (String, Vec<String>),
}

/// Nothing where nothing says how customers stand.
pub(super) fn status(summary: &RunSummary, voice: &Voice<'_>) -> Option<Status> {
    let reach = figures(summary)?;
    let group = |by: &str, family: &str, parts: &[ReachedPart]| {
        let is_known = parts.iter().any(|part| part.name != "unknown");
        is_known.then(|| StatusGroup {
            title: voice.say_of("status_by", by),
            lines: parts.iter().map(|part| (voice.say_of(family, &part.name), cells(part, reach, voice))).collect(),
            all: (voice.say("status.all").to_owned(), cells(&sum(parts), reach, voice)),
        })
    };
    let groups: Vec<StatusGroup> =
        [group("status", "decay.status", &reach.statuses), group("segment", "segment", &reach.segments)]
            .into_iter()
            .flatten()
            .collect();
    let mut heads = vec![who(reach, voice), voice.say("status.may").to_owned()];
    if reach.is_judged {
        heads.extend(["status.reached", "status.flagged"].map(|head| voice.say(head).to_owned()));
    }
    (!groups.is_empty()).then_some(Status { heads, groups })
}

fn cells(part: &ReachedPart, reach: &ReachFigures, voice: &Voice<'_>) -> Vec<String> {
    let mut counts = vec![part.of, part.may];
    if reach.is_judged {
        counts.extend([part.reached, part.flagged]);
    }
    counts.into_iter().map(|count| voice.count(count)).collect()
}

fn sum(parts: &[ReachedPart]) -> ReachedPart {
    parts.iter().fold(ReachedPart::default(), |sum, part| ReachedPart {
        name: String::new(),
        of: sum.of + part.of,
        may: sum.may + part.may,
        reached: sum.reached + part.reached,
        flagged: sum.flagged + part.flagged,
    })
}
