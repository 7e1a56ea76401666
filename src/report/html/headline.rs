//! What a reader takes away in half a minute: the headline, the figures under it, and what to do next.

use super::ReportError;
use super::chart::Bar;
use super::health;
use super::voice::Voice;
use crate::finding::Confidence;
use crate::pipeline::RunSummary;

/// A mapping less sure than this is worth a look, even where it was sure enough to go on.
const SURE: Confidence = Confidence::percent(95);

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
    let repairs = summary.repairs.iter().fold(0u64, |sum, change| sum.saturating_add(change.count));
    [
        ("work.repaired", repairs, "repaired"),
        ("work.person", health::total(summary, &["risky", "review"]), "review"),
        ("work.invalid", health::total(summary, &["invalid"]), "invalid"),
        ("work.quarantined", summary.quarantined, "unknown"),
    ]
    .into_iter()
    .map(|(key, count, class)| Tile {
        figure: voice.count(count),
        name: voice.say(key).to_owned(),
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
    let input = summary.inputs.first().map(|input| shell_word(&input.name)).filter(|name| name != "-");
    if summary.rows_in == 0 {
        step(voice.say("next.read").to_owned(), Some(format!("tiuv clean {}", input.as_deref().unwrap_or("list.csv"))));
        return steps;
    }

    let columns = summary.inputs.iter().flat_map(|input| input.mapping.columns());
    let unsure = columns.filter(|column| column.field.is_some() && column.confidence < SURE).count() as u64;
    if unsure > 0 {
        let command = input.as_ref().map(|name| format!("tiuv map {name}"));
        step(voice.counted("next.mapping", unsure, &[]), command);
    }
    if summary.quarantined > 0 {
        let file = output(summary, "quarantine.");
        step(voice.counted("next.quarantine", summary.quarantined, &[("file", file)]), None);
    }
    let suggestions = summary.suggestions.iter().fold(0u64, |sum, change| sum.saturating_add(change.count));
    if suggestions > 0 {
        step(voice.counted("next.suggestions", suggestions, &[("file", output(summary, "rows."))]), None);
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

/// The name of the written file that starts so; formats other than CSV change its end.
pub(super) fn output<'a>(summary: &'a RunSummary, start: &'a str) -> &'a str {
    let written = summary.outputs.iter().map(String::as_str).find(|name| name.starts_with(start));
    written.unwrap_or(match start {
        "quarantine." => "quarantine.csv",
        _ => "rows.csv",
    })
}

/// A record that something happened to, for an example that shows something.
fn row_worth_a_look(summary: &RunSummary) -> u32 {
    let changes = summary.repairs.iter().chain(&summary.suggestions);
    changes.flat_map(|change| &change.examples).map(|example| example.row).next().unwrap_or(1)
}

/// A file name as a shell takes it; names from outside may hold anything.
fn shell_word(name: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "._-/+=@%".contains(character);
    if !name.is_empty() && name.chars().all(is_plain) {
        return name.to_owned();
    }
    let seen: String = name.chars().filter(|character| !character.is_control()).take(80).collect();
    format!("'{}'", seen.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_with_spaces_or_quotes_is_quoted_for_the_shell() {
        let cases = [
            ("club.csv", "club.csv"),
            ("לקוחות.csv", "לקוחות.csv"),
            ("my list.csv", "'my list.csv'"),
            ("it's.csv", r"'it'\''s.csv'"),
            ("", "''"),
        ];
        for (name, word) in cases {
            assert_eq!(shell_word(name), word);
        }
    }
}
