//! What a person reads on the terminal at the end of a run.

use std::fmt::Write;
use std::path::Path;

use anstyle::{AnsiColor, Style};

use super::story::{StaleFigure, channels, figures, lead, reach_note, reach_parts, stale_figures, task_text, title};
use crate::page::Voice;
use crate::pipeline::{DecaySummary, MailSummary, NextTask, RunSummary};
use crate::record::{MxMeaning, Verdict};
use crate::rule::{Catalog, Words};
use crate::text::isolated;

pub(super) const BOLD: Style = Style::new().bold();
pub(super) const DIM: Style = Style::new().dimmed();
pub(super) const GREEN: Style = AnsiColor::Green.on_default();
pub(super) const YELLOW: Style = AnsiColor::Yellow.on_default();
pub(super) const RED: Style = AnsiColor::Red.on_default();

/// `12345` as `12,345`.
pub(super) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 cell`, `2,400 cells`.
fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(number))
}

/// A share of a whole in percent, with one decimal.
pub(super) fn share(part: u64, whole: u64) -> String {
    if whole == 0 { "–".to_owned() } else { format!("{:.1}%", part as f64 * 100.0 / whole as f64) }
}

/// Pads to a width counted in characters, which is right for the scripts that headers are written in.
pub(super) fn padded(text: &str, width: usize) -> String {
    let missing = width.saturating_sub(text.chars().count());
    format!("{}{}", isolated(text), " ".repeat(missing))
}

pub(super) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most { text.to_owned() } else { text.chars().take(most - 1).chain(['…']).collect() }
}

/// The end of a `clean` run: what the report says first, the health of the columns, and what to do next.
pub fn run_text(
    summary: &RunSummary,
    tasks: &[NextTask],
    words: Words,
    catalog: &Catalog,
    out: &Path,
    hints: &[String],
) -> String {
    let voice = Voice::new(words, catalog);
    let mut text = String::new();
    let say = &mut text;
    for input in &summary.inputs {
        let how = match (input.format.as_str(), input.encoding.as_str()) {
            ("csv", encoding) => format!("csv, {encoding} ({})", input.encoding_basis),
            (format, _) => format.to_owned(),
        };
        let _ = writeln!(say, "{BOLD}{}{BOLD:#}  {DIM}{how}{DIM:#}", isolated(&input.name));
    }
    let _ = writeln!(
        say,
        "{} rows in = {BOLD}{}{BOLD:#} out + {} quarantined\n",
        thousands(summary.rows_in),
        thousands(summary.rows_out),
        thousands(summary.quarantined)
    );
    reach_text(say, summary, &voice);
    health_table(say, summary);
    if let Some(resolve) = summary.resolve.as_ref().filter(|resolve| resolve.stats.refused.is_none()) {
        let _ = writeln!(
            say,
            "\n{BOLD}Customers{BOLD:#}  {BOLD}{}{BOLD:#} of {} ({}, {} possible, {})",
            thousands(resolve.customers),
            counted(resolve.rows, "row"),
            counted(resolve.duplicates, "duplicate"),
            thousands(resolve.possible),
            counted(resolve.households, "household")
        );
        if resolve.handed_on > 0 {
            let anew =
                if resolve.is_numbered_anew { ": numbered anew, so who is who was found out by all else" } else { "" };
            let are = if resolve.handed_on == 1 { "key is another person's" } else { "keys are other people's" };
            let _ = writeln!(say, "  {} {are} than when the list was read before{anew}", thousands(resolve.handed_on));
        }
    }
    if let Some(decay) = &summary.decay {
        decay_text(say, decay);
    }
    if let Some(mail) = &summary.mail {
        mail_text(say, mail);
    }
    let repaired = summary.fields.iter().filter_map(|field| field.verdicts.get("repaired")).sum();
    let offered: u64 = summary.suggestions.iter().map(|change| change.count).sum();
    let _ = writeln!(
        say,
        "\n{GREEN}{}{GREEN:#} repaired, {YELLOW}{}{YELLOW:#} for a person, {} about the whole list",
        counted(repaired, "cell"),
        counted(offered, "suggestion"),
        counted(summary.list_findings.len() as u64, "finding")
    );
    let _ = writeln!(say, "\nWritten to {}: {}", out.display(), summary.outputs.join(", "));
    if !tasks.is_empty() {
        let _ = writeln!(say, "\n{BOLD}{}{BOLD:#}", voice.say("next.title"));
    }
    for (number, task) in (1..).zip(tasks) {
        let _ = writeln!(say, "{number:>2}. {}", task_text(task, &voice));
        for command in &task.commands {
            let _ = writeln!(say, "      {command}");
        }
    }
    for hint in hints {
        let _ = writeln!(say, "{DIM}→{DIM:#} {hint}");
    }
    text
}

/// Who can be reached today, whole and by channel, what has gone stale, and what asking would put right.
fn reach_text(say: &mut String, summary: &RunSummary, voice: &Voice<'_>) {
    let Some(reach) = figures(summary) else { return };
    let _ = writeln!(say, "{BOLD}{}{BOLD:#}", title(summary, voice));
    let _ = writeln!(say, "{}", lead(summary, voice));
    for (key, _, count) in reach_parts(reach) {
        let share = voice.share(count, reach.of);
        let _ = writeln!(say, "{:>11}  {} {DIM}({share}){DIM:#}", thousands(count), voice.say(key));
    }
    for (channel, by) in channels().into_iter().filter_map(|channel| Some((channel, reach.by.get(channel)?))) {
        let (name, note) = (voice.say_of("reach", channel), reach_note(reach, by, voice));
        let _ = writeln!(say, "{:>11}  {name} {DIM}({note}){DIM:#}", thousands(by.reached));
    }
    let stale = stale_figures(summary, voice);
    if !stale.is_empty() {
        let _ = writeln!(say, "\n{BOLD}{}{BOLD:#}", voice.say("stale.title"));
    }
    for StaleFigure { figure, name, note, .. } in stale {
        let _ = writeln!(say, "{figure:>11}  {name} {DIM}({note}){DIM:#}");
    }
    let _ = writeln!(say);
}

/// Who is flagged, and what was known.
fn decay_text(say: &mut String, decay: &DecaySummary) {
    let known: u64 = decay.kinds.iter().map(|kind| kind.with_evidence).sum();
    let basis = match (known, decay.events) {
        (0, _) => ", by age alone: no evidence",
        (_, 0) => ", without events",
        _ => "",
    };
    let flags = &decay.flags;
    if flags.of > 0 {
        let _ = write!(
            say,
            "\n{BOLD}Flagged{BOLD:#}  {BOLD}{}{BOLD:#} of {} ({}), of whom {} are expected to be stale{DIM}{basis}{DIM:#}",
            counted(flags.flagged, "customer"),
            thousands(flags.of),
            flags.rule,
            thousands(flags.expected.round() as u64)
        );
    }
    let aside: u64 = decay.events_set_aside.values().sum();
    if decay.events + aside > 0 {
        let _ =
            write!(say, "\n{BOLD}Events{BOLD:#}  {} used + {} set aside", thousands(decay.events), thousands(aside));
    }
    let _ = writeln!(say);
}

/// What DNS said, in a line or two.
fn mail_text(say: &mut String, mail: &MailSummary) {
    let _ = write!(say, "\n{BOLD}Mail domains{BOLD:#}  {}:", thousands(mail.domains));
    for (meaning, words) in
        [(MxMeaning::Reaches, "take mail,"), (MxMeaning::Never, "don't,"), (MxMeaning::Unknown, "unknown")]
    {
        let _ = write!(say, " {} {words}", thousands(mail.domains_that(meaning)));
    }
    let _ = writeln!(say);
    if mail.pending() > 0 {
        let hours = mail.confirm_hours;
        let _ = writeln!(
            say,
            "  {} said no for the first time; run again in {hours} hours, as only a second no makes an address invalid",
            counted(mail.pending(), "domain")
        );
    }
}

fn health_table(say: &mut String, summary: &RunSummary) {
    let widest = summary.fields.iter().map(|field| field.header.chars().count()).max().unwrap_or(0).clamp(6, 24);
    let _ = write!(say, "{DIM}{}", " ".repeat(widest + 2));
    let shown = [Verdict::Ok, Verdict::Repaired, Verdict::Risky, Verdict::Review, Verdict::Invalid, Verdict::Empty];
    for verdict in shown {
        let _ = write!(say, "{:>10}", verdict.as_str());
    }
    let _ = writeln!(say, "{DIM:#}");
    for field in &summary.fields {
        let _ = write!(say, "{}  ", padded(&shortened(&field.header, widest), widest));
        for verdict in shown {
            let count = field.verdicts.get(verdict.as_str()).copied().unwrap_or(0);
            let style = match verdict {
                _ if count == 0 => DIM,
                Verdict::Repaired => GREEN,
                Verdict::Risky | Verdict::Review => YELLOW,
                Verdict::Invalid => RED,
                _ => Style::new(),
            };
            let _ = write!(say, "{style}{:>10}{style:#}", thousands(count));
        }
        let _ = writeln!(say);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(thousands), ["0", "999", "1,000", "1,234,567"]);
    }
}
