//! What a person reads of a mapping: each column with its sense, how sure that is, and what was not understood.

use std::fmt::Write;

use anstyle::Style;

use super::text::{BOLD, DIM, YELLOW, padded, shortened};
use crate::ingest::List;
use crate::record::{ColumnHint, ColumnMapping, Field, Mapping, MappingBasis, Missing, mask};
use crate::rule::Words;
use crate::text::isolated;

/// Widest header and widest sample that a line shows, in characters.
const WIDEST: usize = 32;
const SAMPLE: usize = 24;

/// What each column was taken for, with a masked sample; `doubts` are those that need a person's word.
pub fn mapping_text(list: &List, doubts: &[&ColumnMapping], words: &Words) -> String {
    let mut text = String::new();
    let facts = list.facts();
    let encoding = if facts.encoding.is_empty() { String::new() } else { format!(", {}", facts.encoding) };
    let _ = writeln!(text, "{BOLD}{}{BOLD:#}  {DIM}{}{encoding}{DIM:#}", isolated(&facts.name), facts.format);
    let headers = list.mapping().columns().iter().map(|column| column.header.chars().count());
    let widest = headers.max().unwrap_or(0).clamp(6, WIDEST);
    for column in list.mapping().columns() {
        let header = padded(&shortened(&column.header, widest), widest);
        let (field, style) = match column.field {
            Some(field) => (field.as_str(), Style::new()),
            None => ("–", DIM),
        };
        let sure =
            if column.field.is_some() { format!("{:>4}%", column.confidence.as_percent()) } else { "     ".to_owned() };
        let sample = list.samples().of(column.column).iter().find(|value| !value.trim().is_empty());
        let sample = sample.map_or_else(String::new, |value| mask(column.field, value.trim()));
        let sample = padded(&shortened(&sample, SAMPLE), SAMPLE);
        let doubt =
            if doubts.iter().any(|doubtful| doubtful.column == column.column) { "  ← please confirm" } else { "" };
        let _ = writeln!(
            text,
            "{:>4}  {header}  {style}{field:<16}{style:#}{sure}  {sample}  {DIM}{}{DIM:#}{YELLOW}{doubt}{YELLOW:#}",
            column.column.as_usize() + 1,
            basis(column, words),
        );
    }
    for missing in list.mapping().missing() {
        let _ = writeln!(text, "\n{YELLOW}{}{YELLOW:#}", missing_text(missing));
    }
    if !doubts.is_empty() || list.mapping().columns().iter().any(|column| column.hint.is_some() || column.unread) {
        let _ = writeln!(
            text,
            "\nCorrect with --map FIELD=HEADER, keep with --save; `tiuv map --fields` lists the fields."
        );
    }
    text
}

/// Why a column was taken so, or left alone.
fn basis(column: &ColumnMapping, words: &Words) -> String {
    let named = |field: Field| words.say(&format!("field.{field}")).to_owned();
    if column.unread {
        return "not understood, and may say who must not be contacted: nobody is asked until you say".to_owned();
    }
    let basis = match column.basis {
        Some(MappingBasis::Given) => "as you said",
        Some(MappingBasis::Synonym) => "by its header",
        Some(MappingBasis::Values) => "by its values",
        None => "travels through untouched",
    };
    match column.hint {
        None => basis.to_owned(),
        Some(ColumnHint::Unsure) => format!("{basis}, not sure"),
        Some(ColumnHint::LooksLike(field)) => format!("{basis}; not understood, it looks like: {}", named(field)),
        Some(ColumnHint::Second(field)) => format!("{basis}; another column is taken for: {}", named(field)),
        Some(ColumnHint::SomebodyElse) => format!("{basis}; it seems to be of somebody else"),
        Some(ColumnHint::OtherTable) => format!("{basis}; of another table, beside the one that is read"),
        Some(ColumnHint::MaybeOtherTable) => format!("{basis}; perhaps of another table, beside the others"),
        Some(ColumnHint::Own) => "of an earlier clean: made anew".to_owned(),
        Some(ColumnHint::Answers) => format!("{basis}; not understood, it holds answers: permissions, refusals?"),
    }
}

/// What a list without something important costs, in one sentence.
pub fn missing_text(missing: Missing) -> &'static str {
    match missing {
        Missing::Key => {
            "No column is the list's own key (customer number): records are known again by name and contact alone, and events have to name an address or number."
        }
        Missing::Name => {
            "No column holds a name: rows are matched by their contacts alone, and nobody is greeted by name."
        }
        Missing::Contact => "No column holds an e-mail address or a telephone number: nobody can be asked.",
        Missing::Date => {
            "No column says when a record was made, changed or last bought from: contacts are all taken to be equally old."
        }
    }
}

/// What somebody should know of a mapping before a run, in a line each: what is missing, what is unsure, what was left alone
/// though it looks as if it mattered.
pub fn mapping_notes(name: &str, mapping: &Mapping) -> Vec<String> {
    let mut notes: Vec<String> =
        mapping.missing().into_iter().map(|missing| format!("note: {name}: {}", missing_text(missing))).collect();
    let named = |wanted: &dyn Fn(&ColumnMapping) -> Option<Field>| {
        let columns = mapping.columns().iter().filter_map(|column| Some((column, wanted(column)?)));
        columns.map(|(column, field)| format!("\"{}\" ({field})", column.header)).collect::<Vec<_>>().join(", ")
    };
    let unsure = named(&|column| column.field.filter(|_| column.hint == Some(ColumnHint::Unsure)));
    let alone = named(&|column| match column.hint {
        Some(ColumnHint::LooksLike(field)) => Some(field),
        _ => None,
    });
    let hinted = |hint: ColumnHint| {
        let columns = mapping.columns().iter().filter(|column| column.hint == Some(hint));
        columns.map(|column| format!("\"{}\"", column.header)).collect::<Vec<_>>().join(", ")
    };
    for (what, columns) in [
        ("not sure what these columns are", unsure),
        ("left alone, though they look like it", alone),
        ("left alone, of another table beside the one that is read", hinted(ColumnHint::OtherTable)),
        ("read, though perhaps of another table beside the others", hinted(ColumnHint::MaybeOtherTable)),
    ] {
        if !columns.is_empty() {
            notes.push(format!("note: {name}: {what}: {columns}; see `tiuv map {name}`"));
        }
    }
    notes
}

/// All fields in words, for `tiuv map --fields`.
pub fn fields_text(words: &Words) -> String {
    let mut text = String::new();
    for field in Field::ALL {
        let many = if field.may_repeat() { "  (several columns)" } else { "" };
        let _ = writeln!(text, "{:<18}{}{DIM}{many}{DIM:#}", field.as_str(), words.say(&format!("field.{field}")));
    }
    let _ = writeln!(text, "{:<18}leave the column alone", "none");
    text
}
