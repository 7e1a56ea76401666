//! What was read: each list, how it was understood, and what its columns were taken for.

use crate::page::{Value, Voice};
use crate::pipeline::{InputSummary, RunSummary};
use crate::record::{ColumnMapping, MappingBasis};

/// One list.
pub(super) struct Source {
    pub(super) name: Value,
    /// Name and figure, in the order in which they are read.
    pub(super) facts: Vec<(String, Value)>,
    pub(super) columns: Vec<Column>,
}

/// One column of a list.
pub(super) struct Column {
    pub(super) header: Value,
    pub(super) field: Option<String>,
    pub(super) basis: String,
    pub(super) sure: String,
    pub(super) is_unsure: bool,
}

pub(super) fn sources(summary: &RunSummary, voice: &Voice<'_>) -> Vec<Source> {
    summary.inputs.iter().map(|input| source(input, voice)).collect()
}

fn source(input: &InputSummary, voice: &Voice<'_>) -> Source {
    Source {
        name: name(&input.name, voice),
        facts: facts(input, voice),
        columns: input.mapping.columns().iter().map(|column| one_column(column, voice)).collect(),
    }
}

/// The name of a list as the user knows it.
pub(super) fn name(name: &str, voice: &Voice<'_>) -> Value {
    Value::new(if name == "-" { voice.say("source.stdin") } else { name })
}

fn facts(input: &InputSummary, voice: &Voice<'_>) -> Vec<(String, Value)> {
    let mut facts = Vec::new();
    let mut fact = |key: &str, text: String| {
        if !text.is_empty() {
            facts.push((voice.say(key).to_owned(), Value::new(&text)));
        }
    };
    fact("source.records", voice.count(input.records));
    fact("source.format", with_note(voice.say_of("format", &input.format), voice, "compression", &input.compression));
    fact("source.encoding", with_note(input.encoding.clone(), voice, "encoding", &input.encoding_basis));
    fact("source.delimiter", delimiter(&input.delimiter, voice));
    fact("source.size", voice.size(input.bytes));
    if input.blank_lines > 0 {
        fact("source.blank", voice.count(input.blank_lines));
    }
    facts
}

/// `text (note)`, where both are there.
fn with_note(text: String, voice: &Voice<'_>, family: &str, note: &str) -> String {
    if text.is_empty() || note.is_empty() { text } else { format!("{text} ({})", voice.say_of(family, note)) }
}

fn delimiter(delimiter: &str, voice: &Voice<'_>) -> String {
    let key = match delimiter {
        "," => "delimiter.comma",
        ";" => "delimiter.semicolon",
        "\t" => "delimiter.tab",
        "|" => "delimiter.pipe",
        " " => "delimiter.space",
        other => return other.to_owned(),
    };
    voice.say(key).to_owned()
}

fn one_column(column: &ColumnMapping, voice: &Voice<'_>) -> Column {
    let basis = column.basis.map(|basis| match basis {
        MappingBasis::Given => "basis.given",
        MappingBasis::Synonym => "basis.synonym",
        MappingBasis::Values => "basis.values",
    });
    let sure = column.confidence.as_percent();
    Column {
        header: Value::new(&column.header),
        field: column.field.map(|field| voice.field(field)),
        basis: basis.map_or_else(String::new, |key| voice.say(key).to_owned()),
        sure: if column.field.is_some() { format!("{sure}%") } else { String::new() },
        is_unsure: column.field.is_some() && !column.confidence.is_automatic(),
    }
}
