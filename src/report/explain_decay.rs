//! Why the contacts of a row have their probabilities: one line a cause, in the order of time, that sum to the score.

use std::fmt::Write;

use anstyle::Style;

use crate::decay::Contribution;
use crate::pipeline::ExplainedContact;
use crate::record::Cause;
use crate::rule::Words;
use crate::text::isolated;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The contacts of one row, and what each probability is made of.
pub fn explain_decay(contacts: &[ExplainedContact], words: &Words) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "\n{BOLD}{}{BOLD:#}", words.say("decay.title"));
    if contacts.is_empty() {
        let _ = writeln!(text, "  {}", words.say("decay.no_contacts"));
    }
    for contact in contacts {
        let Some(score) = contact.p else {
            let _ = writeln!(text, "\n  {}  {DIM}{}{DIM:#}", isolated(&contact.value), words.say("decay.unusable"));
            continue;
        };
        let percent = score.p * 100.0;
        let _ = writeln!(
            text,
            "\n  {}  {BOLD}{percent:.1} %{BOLD:#} {}",
            isolated(&contact.value),
            words.say("decay.stale")
        );
        for line in &contact.lines {
            let _ = writeln!(
                text,
                "    {:<22} {:>+7.2}  {}",
                when(line, words),
                line.log_odds,
                words.say(&key(line.cause))
            );
        }
        let sum: f64 = contact.lines.iter().map(|line| line.log_odds).sum();
        let _ = writeln!(text, "    {DIM}{:<22} {sum:>+7.2}  {}{DIM:#}", "=", words.say("decay.log_odds"));
        let notes = [
            (contact.lines.len() == 1, "decay.no_evidence"),
            (!contact.is_dated, "decay.tenure_unknown"),
            (contact.is_nobodys, "decay.nobodys"),
        ];
        for (_, note) in notes.iter().filter(|(is_so, _)| *is_so) {
            let _ = writeln!(text, "    {DIM}{}{DIM:#}", words.say(note));
        }
        if contact.shared_by > 1 {
            let _ = writeln!(text, "    {DIM}{}: {}{DIM:#}", words.say("decay.shared_by"), contact.shared_by);
        }
    }
    text
}

fn key(cause: Cause) -> String {
    format!("decay.{}", cause.as_str())
}

/// `2024-03-01`, `2024-03-01 (3)` for three of a kind with the last day, `since 2019-05-02` for the hazard.
fn when(line: &Contribution, words: &Words) -> String {
    let day = line.last.map(|day| day.to_string());
    match (line.cause, day) {
        (Cause::Hazard, Some(day)) => format!("{} {day}", words.say("decay.since")),
        (_, Some(day)) if line.count > 1 => format!("{day} ({})", line.count),
        (_, Some(day)) => day,
        (_, None) => String::new(),
    }
}
