//! Domains with what DNS said of them, as `tiuv mx` tells it: for people, or as a table for programs.

use std::fmt::Write as _;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use jiff::Timestamp;

use super::csv_text::{guarded, push_line};
use super::text::{share, thousands};
use crate::dns::{MxCheck, MxStats};
use crate::record::{MxCertainty, MxMeaning, MxOutcome, MxStatus};
use crate::rule::Words;
use crate::text::isolated;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The columns of the table; their names do not change.
const COLUMNS: [&str; 12] = [
    "domain",
    "outcome",
    "standing",
    "reason",
    "addresses",
    "hosts",
    "host_addresses",
    "alias",
    "said",
    "ttl",
    "asked_at",
    "resolver",
];

/// Formats of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum MxFormat {
    /// For people
    Text,
    /// Comma-separated, UTF-8
    Csv,
    /// One array of objects
    Json,
    /// One object a line
    Jsonl,
}

/// Writes the domains with what was said of each, in the order given.
///
/// # Errors
/// When it can't be written.
pub fn write_mx(
    out: &mut dyn Write,
    format: MxFormat,
    domains: &[(String, u64)],
    check: &MxCheck,
    words: &Words,
) -> io::Result<()> {
    let rows = domains.iter().filter_map(|(domain, count)| Some((domain, *count, check.statuses.get(domain)?)));
    match format {
        MxFormat::Text => out.write_all(text(rows.collect(), &check.stats, words).as_bytes()),
        MxFormat::Csv => {
            let mut line = Vec::new();
            push_line(&mut line, COLUMNS);
            for (domain, count, status) in rows {
                let cells = cells(domain, count, status);
                push_line(
                    &mut line,
                    cells.iter().map(|cell| guarded(cell)).collect::<Vec<_>>().iter().map(|cell| &**cell),
                );
                out.write_all(&line)?;
                line.clear();
            }
            out.write_all(&line)
        }
        MxFormat::Json | MxFormat::Jsonl => {
            let (open, between, close) =
                if format == MxFormat::Json { ("[\n", ",\n", "\n]\n") } else { ("", "\n", "\n") };
            out.write_all(open.as_bytes())?;
            for (index, (domain, count, status)) in rows.enumerate() {
                if index > 0 {
                    out.write_all(between.as_bytes())?;
                }
                serde_json::to_writer(&mut *out, &object(domain, count, status))?;
            }
            out.write_all(if domains.is_empty() { close.trim_start() } else { close }.as_bytes())
        }
    }
}

fn cells(domain: &str, count: u64, status: &MxStatus) -> [String; 12] {
    let answer = status.answer.as_ref();
    let hosts = answer.map_or(&[][..], |answer| &answer.hosts).iter();
    let hosts: Vec<String> = hosts.map(|host| format!("{} {}", host.preference, named(&host.name))).collect();
    let addresses = answer.map_or(&[][..], |answer| &answer.addresses).iter();
    let addresses: Vec<String> = addresses.map(ToString::to_string).collect();
    let asked_at = answer.and_then(|answer| Timestamp::from_second(answer.asked_at).ok());
    [
        domain.to_owned(),
        status.outcome.as_str().to_owned(),
        certainty(status.certainty).to_owned(),
        status.code().as_str().to_owned(),
        count.to_string(),
        hosts.join(";"),
        addresses.join(";"),
        answer.and_then(|answer| answer.alias.clone()).unwrap_or_default(),
        answer.map(|answer| answer.said.clone()).unwrap_or_default(),
        answer.map(|answer| answer.ttl_s.to_string()).unwrap_or_default(),
        asked_at.map(|at| at.to_string()).unwrap_or_default(),
        answer.and_then(|answer| answer.resolver).map(|resolver| resolver.to_string()).unwrap_or_default(),
    ]
}

/// The same with numbers as numbers and lists as lists.
fn object(domain: &str, count: u64, status: &MxStatus) -> serde_json::Map<String, serde_json::Value> {
    let texts = cells(domain, count, status);
    let answer = status.answer.as_ref();
    let columns = COLUMNS.into_iter().zip(texts).map(|(name, text)| {
        let value = match name {
            "addresses" => count.into(),
            "ttl" => answer.map(|answer| answer.ttl_s).into(),
            "hosts" => serde_json::json!(answer.map_or(&[][..], |answer| &answer.hosts)),
            "host_addresses" => serde_json::json!(answer.map_or(&[][..], |answer| &answer.addresses)),
            _ if text.is_empty() => serde_json::Value::Null,
            _ => text.into(),
        };
        (name.to_owned(), value)
    });
    columns.collect()
}

/// The root, which a null MX names (RFC 7505), is written as a dot.
fn named(host: &str) -> &str {
    if host.is_empty() { "." } else { host }
}

fn certainty(certainty: MxCertainty) -> &'static str {
    match certainty {
        MxCertainty::Alive => "alive",
        MxCertainty::Pending => "pending",
        MxCertainty::Dead => "dead",
        MxCertainty::Unknown => "unknown",
    }
}

fn style(outcome: MxOutcome) -> Style {
    match outcome.meaning() {
        MxMeaning::Reaches => AnsiColor::Green.on_default(),
        MxMeaning::Never => AnsiColor::Red.on_default(),
        MxMeaning::Unknown => AnsiColor::Yellow.on_default(),
    }
}

fn text(rows: Vec<(&String, u64, &MxStatus)>, stats: &MxStats, words: &Words) -> String {
    let mut text = String::new();
    let widest = rows.iter().map(|(domain, ..)| domain.chars().count()).max().unwrap_or(0).clamp(6, 40);
    for (domain, _, status) in &rows {
        let pad = " ".repeat(widest.saturating_sub(domain.chars().count()));
        let (outcome, style) = (status.outcome, style(status.outcome));
        let host = status.answer.as_ref().and_then(|answer| answer.hosts.first());
        let host = host.map_or("", |host| named(&host.name));
        let pending = if status.certainty == MxCertainty::Pending { " (once so far)" } else { "" };
        let what = words.say(status.code().as_str());
        let _ = writeln!(
            text,
            "{BOLD}{}{BOLD:#}{pad}  {style}{:<18}{style:#} {what}{pending} {DIM}{host}{DIM:#}",
            isolated(domain),
            outcome.as_str()
        );
    }
    if rows.len() > 1 {
        text.push_str(&totals(&rows, stats));
    }
    text
}

fn totals(rows: &[(&String, u64, &MxStatus)], stats: &MxStats) -> String {
    let mut text = format!("\n{DIM}{:<20}{:>10}{:>8}{:>12}{DIM:#}\n", "outcome", "domains", "", "addresses");
    for outcome in MxOutcome::ALL {
        let of = rows.iter().filter(|(_, _, status)| status.outcome == outcome);
        let (domains, addresses) = of.fold((0, 0), |(domains, sum), (_, count, _)| (domains + 1, sum + count));
        if domains > 0 {
            let style = style(outcome);
            let _ = writeln!(
                text,
                "{style}{:<20}{style:#}{:>10}{:>8}{:>12}",
                outcome.as_str(),
                thousands(domains),
                share(domains, rows.len() as u64),
                thousands(addresses)
            );
        }
    }
    for group in &stats.groups {
        let more = if group.hosts.len() > 1 { format!(" and {} more", group.hosts.len() - 1) } else { String::new() };
        let who = group.who.as_ref().map(|who| format!(" ({who})")).unwrap_or_default();
        let _ = writeln!(
            text,
            "{} domains stand on {} mail hosts: {}{more}{who}",
            thousands(group.domains.len() as u64),
            group.kind.as_str(),
            group.hosts[0]
        );
    }
    text
}

/// What asking came to, in a line.
pub fn mx_stats_text(stats: &MxStats) -> String {
    let queries: u64 = stats.resolvers.iter().map(|resolver| resolver.queries).sum();
    format!(
        "{} domains: {} remembered, {} looked up with {} queries",
        thousands(stats.domains),
        thousands(stats.remembered),
        thousands(stats.looked_up),
        thousands(queries)
    )
}
