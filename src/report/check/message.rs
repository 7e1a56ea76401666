//! What a group of findings is in a sentence, for formats that show one.

use std::path::Path;

use crate::pipeline::{CheckReport, FindingGroup};
use crate::report::text::thousands;
use crate::rule::Words;

/// One group in a sentence, without any value.
pub(super) fn message(group: &FindingGroup, words: &Words) -> String {
    let title = words.say(group.code.as_str());
    let of_column = if group.header.is_empty() { String::new() } else { format!(" in column \"{}\"", group.header) };
    let places = if group.rows.is_empty() { String::new() } else { format!(" ({})", places(group)) };
    format!("{} × {title}{of_column}{places}", group.count)
}

/// A list's name as code hosts want it: from the directory in which the check runs, where it lies below that.
pub(super) fn from_here(list: &str) -> &str {
    let here = std::env::current_dir().ok();
    let below = here.as_deref().and_then(|here| Path::new(list).strip_prefix(here).ok());
    below.and_then(Path::to_str).unwrap_or(list)
}

/// How much was read and found, and how much of it is known or lived with.
pub(super) fn totals(report: &CheckReport) -> String {
    let found = report.groups.iter().map(|group| group.count).sum();
    let (records, unreadable) = (thousands(report.records), thousands(report.quarantined));
    let mut text = format!("{records} records, {unreadable} of them unreadable; ");
    match report.baseline {
        None => text += &format!("{} findings", thousands(found)),
        Some(used) => text += &format!("{} new findings, {} known ones", thousands(found), thousands(used.known)),
    }
    if report.suppressed > 0 {
        text += &format!(", {} suppressed", thousands(report.suppressed));
    }
    text
}

/// Where the first findings of a group are: the numbers of their records, as `explain` and the outputs count them, and where
/// to look in the source: `rows 3, 9, lines 4, 17, column 5`, in a workbook `row 3, Sheet1!E4`.
pub(super) fn places(group: &FindingGroup) -> String {
    let more = if group.count > group.rows.len() as u64 { ", …" } else { "" };
    let plural = if group.rows.len() == 1 { "" } else { "s" };
    let named = |numbers: &[u32]| numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let rows = format!("row{plural} {}{more}", named(&group.rows));
    if !group.cells.is_empty() {
        return format!("{rows}, {}{more}", group.cells.join(", "));
    }
    let column = group.column_number.map_or_else(String::new, |number| format!(", column {number}"));
    format!("{rows}, line{plural} {}{more}{column}", named(&group.lines))
}
