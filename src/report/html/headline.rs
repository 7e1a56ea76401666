//! What a reader takes away in half a minute: the headline, the figures under it, and what to do next.

use super::error::ReportError;
use super::health;
use crate::page::{Bar, Voice};
use crate::pipeline::{InputSummary, RunSummary};
use crate::record::ColumnMapping;
use crate::text::is_unseen;

/// A large figure.
pub(super) struct Tile {
    pub(super) figure: String,
    pub(super) name: String,
    pub(super) note: String,
    /// Class of the palette.
    pub(super) class: &'static str,
    pub(super) bar: Option<Bar>,
}

/// Something to do, with the command that does it where there is one.
pub(super) struct Step {
    pub(super) text: String,
    pub(super) command: Option<String>,
}

/// The sentence at the very top.
pub(super) fn title(summary: &RunSummary, voice: &Voice<'_>) -> String {
    if summary.rows_in == 0 {
        return voice.say("headline.empty").to_owned();
    }
    if summary.rows_out == 0 {
        return voice.say("headline.quarantined").to_owned();
    }
    match summary.reach.get("none") {
        Some(&none) => {
            let reached = summary.rows_out.saturating_sub(none);
            voice.phrase("headline.reached", &[("share", &voice.share(reached, summary.rows_out))])
        }
        None => voice.counted("headline.cleaned", summary.rows_in, &[]),
    }
}

/// The sentence under it.
pub(super) fn lead(summary: &RunSummary, voice: &Voice<'_>) -> String {
    if summary.rows_in == 0 {
        return voice.say("headline.empty.lead").to_owned();
    }
    let count = |number| voice.count(number);
    voice.phrase(
        "headline.balance",
        &[
            ("in", &count(summary.rows_in)),
            ("out", &count(summary.rows_out)),
            ("quarantined", &count(summary.quarantined)),
        ],
    )
}

/// Reach by channel.
pub(super) fn reach(summary: &RunSummary, voice: &Voice<'_>) -> Result<Vec<Tile>, ReportError> {
    let channels = [("sms", "ok"), ("call", "ok"), ("email", "ok"), ("none", "invalid")];
    let known = channels.into_iter().filter_map(|(name, class)| Some((name, class, *summary.reach.get(name)?)));
    known
        .map(|(name, class, count)| {
            let share = voice.share(count, summary.rows_out);
            Ok(Tile {
                figure: voice.count(count),
                name: voice.say_of("reach", name),
                note: voice.phrase("reach.of", &[("share", &share)]),
                class,
                bar: Some(Bar::single(class, count, summary.rows_out)?),
            })
        })
        .collect()
}

/// What was done and what is left.
pub(super) fn work(summary: &RunSummary, voice: &Voice<'_>) -> Vec<Tile> {
    [
        ("work.repaired", health::total(summary, &["repaired"]), "repaired"),
        ("work.person", health::total(summary, &["risky", "review"]), "review"),
        ("work.invalid", health::total(summary, &["invalid"]), "invalid"),
        ("work.quarantined", summary.quarantined, "unknown"),
    ]
    .into_iter()
    .map(|(key, count, class)| Tile {
        figure: voice.count(count),
        name: voice.counted(key, count, &[]),
        note: voice.say(&format!("{key}.note")).to_owned(),
        class,
        bar: None,
    })
    .collect()
}

/// What to do next, the most pressing first.
pub(super) fn steps(summary: &RunSummary, voice: &Voice<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut step = |text: String, command: Option<String>| steps.push(Step { text, command });
    let input = summary.inputs.iter().find_map(|input| shell_word(&input.name));
    if summary.rows_in == 0 {
        step(voice.say("next.read").to_owned(), input.map(|name| format!("tiuv clean {name}")));
        return steps;
    }

    let is_unsure = |column: &&ColumnMapping| column.field.is_some() && !column.confidence.is_automatic();
    let unsure = |input: &InputSummary| input.mapping.columns().iter().filter(is_unsure).count() as u64;
    let all_unsure = summary.inputs.iter().map(unsure).sum();
    if all_unsure > 0 {
        let name = summary.inputs.iter().filter(|input| unsure(input) > 0).find_map(|input| shell_word(&input.name));
        step(voice.counted("next.mapping", all_unsure, &[]), name.map(|name| format!("tiuv map {name}")));
    }
    if summary.quarantined > 0 {
        let file = quarantine_file(summary);
        step(voice.counted("next.quarantine", summary.quarantined, &[("file", file)]), None);
    }
    let suggestions = summary.suggestions.iter().fold(0u64, |sum, change| sum.saturating_add(change.count));
    if suggestions > 0 {
        step(voice.counted("next.suggestions", suggestions, &[]), None);
    }
    let invalid = health::total(summary, &["invalid"]);
    if invalid > 0 {
        step(voice.counted("next.invalid", invalid, &[]), None);
    }
    if let Some(name) = input {
        step(voice.say("next.explain").to_owned(), Some(format!("tiuv explain {name}:{}", row_worth_a_look(summary))));
        step(voice.say("next.check").to_owned(), Some(format!("tiuv check {name}")));
    }
    steps
}

/// The file that holds the quarantine; formats other than CSV change its end.
pub(super) fn quarantine_file(summary: &RunSummary) -> &str {
    let written = summary.outputs.iter().find(|name| name.starts_with("quarantine."));
    written.map_or("quarantine.csv", String::as_str)
}

/// A record that something happened to, for an example that shows something. With several lists it is not known
/// which of them a row is of.
fn row_worth_a_look(summary: &RunSummary) -> u32 {
    let changes = summary.repairs.iter().chain(&summary.suggestions);
    let row = changes.flat_map(|change| &change.examples).map(|example| example.row).next();
    row.filter(|_| summary.inputs.len() == 1).unwrap_or(1)
}

/// A file name as a shell takes it; none where it can't be typed as it is shown, or is standard input.
fn shell_word(name: &str) -> Option<String> {
    const LONGEST: usize = 80;
    if name.is_empty() || name == "-" || name.chars().any(is_unseen) || name.chars().count() > LONGEST {
        return None;
    }
    let is_plain = |character: char| character.is_alphanumeric() || "._-/+=@%".contains(character);
    if name.chars().all(is_plain) {
        return Some(name.to_owned());
    }
    Some(format!("'{}'", name.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_with_spaces_or_quotes_is_quoted_for_the_shell() {
        let cases = [
            ("club.csv", Some("club.csv")),
            ("לקוחות.csv", Some("לקוחות.csv")),
            ("my list.csv", Some("'my list.csv'")),
            ("it's.csv", Some(r"'it'\''s.csv'")),
            ("-", None),
            ("", None),
            ("tsil\u{202E}.csv", None),
        ];
        for (name, word) in cases {
            assert_eq!(shell_word(name).as_deref(), word);
        }
    }
}
