//! Phone numbers one by one, as `tiuv phone` tells them: for people, or as a table for programs.

use std::borrow::Cow;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};

use super::csv_text::{guarded, push_line};
use crate::lookup::Outcome;
use crate::pipeline::PhoneRow;
use crate::record::{PhoneKind, Reach, Verdict};
use crate::rule::Words;
use crate::standardize::{Line, Way};
use crate::text::{isolated, visible};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The columns of the table; their names do not change.
const COLUMNS: [&str; 19] = [
    "raw",
    "region",
    "e164",
    "status",
    "reasons",
    "suggestion",
    "type",
    "sms",
    "sms_why",
    "call",
    "call_why",
    "national",
    "international",
    "valid",
    "possible",
    "plan_e164",
    "plan_type",
    "plan_region",
    "belongs_to",
];

/// The columns that a look-up service adds.
const LOOKUP_COLUMNS: [&str; 4] = ["line_type", "reachable", "asked_at", "outcome"];

/// Formats of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum PhoneFormat {
    /// For people
    Text,
    /// Comma-separated, UTF-8
    Csv,
    /// One array of objects
    Json,
    /// One object a line
    Jsonl,
}

/// Writes rows as they come.
pub struct PhoneWriter<W: Write> {
    out: W,
    format: PhoneFormat,
    words: Words,
    columns: Vec<&'static str>,
    is_first: bool,
}

impl<W: Write> PhoneWriter<W> {
    /// Begins the table; `asks` says that rows come with what a look-up service said.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn start(mut out: W, format: PhoneFormat, words: Words, asks: bool) -> io::Result<Self> {
        let mut columns = COLUMNS.to_vec();
        columns.extend(LOOKUP_COLUMNS.iter().filter(|_| asks));
        match format {
            PhoneFormat::Csv => {
                let mut line = Vec::new();
                push_line(&mut line, columns.iter().copied());
                out.write_all(&line)?;
            }
            PhoneFormat::Json => out.write_all(b"[")?,
            PhoneFormat::Text | PhoneFormat::Jsonl => {}
        }
        Ok(PhoneWriter { out, format, words, columns, is_first: true })
    }

    /// The next row, with what came of asking about it.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn row(&mut self, row: &PhoneRow, asked: Option<&Outcome>) -> io::Result<()> {
        let is_first = std::mem::replace(&mut self.is_first, false);
        if self.format == PhoneFormat::Text {
            let text = self.text(row, asked);
            return self.out.write_all(text.as_bytes());
        }
        let mut cells = cells(row).to_vec();
        if self.columns.len() > COLUMNS.len() {
            cells.extend(lookup_cells(asked));
        }
        if self.format == PhoneFormat::Csv {
            let cells: Vec<Cow<'_, str>> = cells.iter().map(|cell| guarded(cell)).collect();
            let mut line = Vec::new();
            push_line(&mut line, cells.iter().map(|cell| &**cell));
            return self.out.write_all(&line);
        }
        if self.format == PhoneFormat::Json {
            self.out.write_all(if is_first { "\n" } else { ",\n" }.as_bytes())?;
        }
        let object: serde_json::Map<String, serde_json::Value> =
            self.columns.iter().zip(&cells).map(|(name, cell)| ((*name).to_owned(), (&**cell).into())).collect();
        serde_json::to_writer(&mut self.out, &object)?;
        if self.format == PhoneFormat::Jsonl {
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    /// What was written so far goes out.
    ///
    /// # Errors
    /// When it can't.
    pub fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Ends the table.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn finish(mut self) -> io::Result<()> {
        if self.format == PhoneFormat::Json {
            self.out.write_all(if self.is_first { "]\n" } else { "\n]\n" }.as_bytes())?;
        }
        self.out.flush()
    }

    fn text(&self, row: &PhoneRow, asked: Option<&Outcome>) -> String {
        let say = |key: &'static str| self.words.say(key);
        let raw = if row.raw.is_empty() { "–".to_owned() } else { isolated(&visible(&row.raw)) };
        let style = status_style(row.status);
        let mut text = format!("{BOLD}{raw}{BOLD:#}\n  {style}{}{style:#}", row.status.as_str());
        if !row.e164.is_empty() {
            text.push_str(&format!("  {BOLD}{}{BOLD:#}  {} · {}", row.e164, row.national, row.international));
        }
        text.push('\n');
        if let Some(line) = row.line.as_ref().filter(|line| line.number.is_some()) {
            let region = if row.region.is_empty() { String::new() } else { format!(" in {}", row.region) };
            text.push_str(&format!("  {} line{region}", line.kind.as_str().replace('_', " ")));
            for (channel, way) in [("SMS", &line.sms), ("call", &line.call)] {
                text.push_str(&format!(" · {channel} {}{}", way.reach.as_str(), reason(way, &say)));
            }
            text.push('\n');
        }
        for mark in &row.reasons {
            let percent = mark.confidence.as_percent();
            let sure = if percent < 100 { format!(", {percent} % sure") } else { String::new() };
            text.push_str(&format!("  {} {DIM}[{}{sure}]{DIM:#}\n", say(mark.code.as_str()), mark.code));
        }
        if !row.suggestion.is_empty() {
            text.push_str(&format!("  suggested {} {DIM}(nothing was changed){DIM:#}\n", row.suggestion));
        }
        if !row.belongs_to.is_empty() {
            text.push_str(&format!("  belongs to a column of the kind {}\n", row.belongs_to));
        }
        if let Some(outcome) = asked {
            let [line_type, reachable, asked_at, outcome] = lookup_cells(Some(outcome));
            text.push_str(&format!("  look-up: {outcome}"));
            for (name, value) in [("line", line_type), ("reachable", reachable), ("asked", asked_at)] {
                if !value.is_empty() {
                    text.push_str(&format!(", {name} {value}"));
                }
            }
            text.push('\n');
        }
        if !row.possible.is_empty() {
            let valid = if row.is_valid { "valid" } else { "not valid" };
            let possible = row.possible.replace('_', " ");
            text.push_str(&format!("  {DIM}numbering plan, as it stands: {valid}, {possible}{DIM:#}\n"));
        }
        text
    }
}

/// Why a channel is closed or in doubt, or open for a reason that does not lie in the kind of line.
fn reason<'a>(way: &Way, say: &impl Fn(&'static str) -> &'a str) -> String {
    let dated = way.as_of.as_ref().map(|month| format!(", {} % sure, list of {month}", way.confidence.as_percent()));
    match way.reach {
        Reach::Yes if dated.is_none() => String::new(),
        _ => format!(" ({}{})", say(way.why.key()), dated.unwrap_or_default()),
    }
}

fn status_style(status: Verdict) -> Style {
    match status {
        Verdict::Ok | Verdict::Repaired => AnsiColor::Green.on_default(),
        Verdict::Risky | Verdict::Review | Verdict::Unknown => AnsiColor::Yellow.on_default(),
        Verdict::Invalid => AnsiColor::Red.on_default(),
        Verdict::Empty => DIM,
    }
}

fn cells(row: &PhoneRow) -> [Cow<'_, str>; COLUMNS.len()] {
    let reasons: Vec<&str> = row.reasons.iter().map(|mark| mark.code.as_str()).collect();
    let kind = row.line.as_ref().filter(|line| line.number.is_some() || line.kind != PhoneKind::Unknown);
    let way = |way: fn(&Line) -> &Way| {
        row.line.as_ref().map(way).map_or(["", ""], |way| [way.reach.as_str(), way.why.as_str()])
    };
    let [sms, sms_why] = way(|line| &line.sms);
    let [call, call_why] = way(|line| &line.call);
    [
        row.raw.as_str().into(),
        row.region.into(),
        row.e164.as_str().into(),
        row.status.as_str().into(),
        reasons.join(";").into(),
        row.suggestion.as_str().into(),
        kind.map_or("", |line| line.kind.as_str()).into(),
        sms.into(),
        sms_why.into(),
        call.into(),
        call_why.into(),
        row.national.as_str().into(),
        row.international.as_str().into(),
        if row.is_valid { "yes" } else { "no" }.into(),
        row.possible.into(),
        row.plan[0].as_str().into(),
        row.plan[1].as_str().into(),
        row.plan[2].as_str().into(),
        row.belongs_to.into(),
    ]
}

fn lookup_cells(asked: Option<&Outcome>) -> [Cow<'static, str>; LOOKUP_COLUMNS.len()] {
    let outcome = asked.map_or("", Outcome::as_str);
    let (line_type, reachable, asked_at) = match asked {
        Some(Outcome::Answered(said)) => (said.line_type, said.reachable, Some(said.asked_at)),
        Some(Outcome::Unknown { asked_at }) => (None, None, Some(*asked_at)),
        _ => (None, None, None),
    };
    let reachable = reachable.map_or("", |reachable| if reachable { "yes" } else { "no" });
    [
        line_type.map_or("", PhoneKind::as_str).into(),
        reachable.into(),
        asked_at.map_or(String::new(), |at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).into(),
        outcome.into(),
    ]
}
