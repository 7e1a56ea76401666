//! vCards as a table: a card a row, a column for each kind of value.

mod cards;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;

use encoding_rs::Encoding;
use vcard::tree::cst::VcardCst;
use vcard::tree::line::VcardLine;

use self::cards::{Card, Cards};
use super::canonical::{CanonicalWriter, Converted, Room, Unread};
use super::error::{IngestError, IngestProblem};
use super::keyed::KeyedRow;
use super::text::Text;
use crate::finding::Code;
use crate::record::{LineNumber, Quarantined, RowNumber};
use crate::rule::{IngestRules, VcardRules};

/// Whether a text begins with a card.
pub(crate) fn is_vcard(first: &[u8]) -> bool {
    const MARK: &[u8] = b"BEGIN:VCARD";
    first.trim_ascii_start().get(..MARK.len()).is_some_and(|start| start.eq_ignore_ascii_case(MARK))
}

/// Reads cards into rows. Pictures are not kept; what is no card goes to quarantine.
pub(crate) fn read_vcards(
    text: &Text,
    name: &str,
    rules: &IngestRules,
    columns: &VcardRules,
) -> Result<Converted, IngestError> {
    convert(text, rules, columns).map_err(|error| error.in_file(name))
}

fn convert(text: &Text, rules: &IngestRules, columns: &VcardRules) -> Result<Converted, IngestError> {
    let mut cards = Cards::new(text, &columns.dropped, rules.max_record_bytes);
    let mut row = KeyedRow::new(rules.max_columns);
    let mut table = CanonicalWriter::new(Room::of(text.len(), rules));
    let mut unread = Unread::new(rules);
    let mut index = 0_u32;
    while let Some(card) = cards.next()? {
        let number = RowNumber::from_index(index);
        let line = LineNumber::from_index(card.line);
        index = index.saturating_add(1);
        match read_card(&card, columns, &mut row) {
            Ok(()) if row.width() > rules.max_columns => {
                let (columns, limit) = (row.width(), rules.max_columns);
                return Err(IngestProblem::TooManyColumns { columns, limit }.into());
            }
            Ok(()) => table.push(line, row.cells())?,
            Err(code) => {
                let record = Quarantined {
                    row: number,
                    line,
                    offset: card.start,
                    length: card.length,
                    code,
                    raw: String::new(),
                };
                unread.push(record, &card.text)?;
            }
        }
    }
    if row.width() == 0 {
        return Err(IngestProblem::Empty.into());
    }
    let table = table.finish_with(&row.into_columns())?;
    Ok(Converted { text: table.text, lines: table.lines, quarantined: unread.into_records() })
}

fn read_card(card: &Card, rules: &VcardRules, row: &mut KeyedRow) -> Result<(), Code> {
    row.begin();
    if card.is_too_long {
        return Err(Code::RowTooLong);
    }
    let card = VcardCst::parse(&card.text).map_err(|_| Code::RowBadVcard)?;
    if card.begin.is_none() {
        return Err(Code::RowBadVcard);
    }
    let labels = labels_of(&card);
    let mut lines: Vec<(&VcardLine<'_>, Vec<String>)> = Vec::with_capacity(card.props.len());
    for line in &card.props {
        lines.push((line, types_of(line, &labels)));
    }
    // The one that its owner prefers stands first.
    lines.sort_by_key(|(_, types)| !types.iter().any(|kind| kind == "pref"));
    for (line, types) in lines {
        let name = line.bare_name().to_ascii_lowercase();
        if rules.skipped.contains(&name) {
            continue;
        }
        match rules.property(&name).map(|property| property.columns(&types)) {
            None => put(row, rules, &name, &plain(line)),
            Some([column]) => put(row, rules, column, &plain(line)),
            Some(parts) => {
                for (place, column) in parts.iter().enumerate() {
                    put(row, rules, column, &decoded(line, line.value.decode_component(place)));
                }
            }
        }
    }
    Ok(())
}

/// The kinds that a property bears, in lower case: its types, the bare words of vCard 2.1, and the label that its group has.
fn types_of(line: &VcardLine<'_>, labels: &HashMap<&str, String>) -> Vec<String> {
    let mut types = Vec::new();
    for param in &line.params {
        let name = param.name.get();
        if param.values.is_empty() {
            types.push(name.to_lowercase());
        } else if name.eq_ignore_ascii_case("TYPE") {
            let words = param.values.iter().flat_map(|value| value.get().trim_matches('"').split(','));
            types.extend(words.map(|word| word.trim().to_lowercase()));
        } else if name.eq_ignore_ascii_case("PREF") && param.values.iter().any(|value| value.get() == "1") {
            types.push("pref".to_owned());
        }
    }
    types.extend(line.group().and_then(|group| labels.get(group)).cloned());
    types
}

/// The label of each group that has one, in lower case.
fn labels_of<'c>(card: &'c VcardCst<'_>) -> HashMap<&'c str, String> {
    let mut labels = HashMap::new();
    for line in card.props.iter().filter(|line| line.bare_name().eq_ignore_ascii_case("X-ABLABEL")) {
        // Apple writes its own labels as `_$!<Mobile>!$_`.
        let label = || plain(line).to_lowercase().trim_matches(|c| "_$!<>".contains(c)).to_owned();
        line.group().map(|group| labels.entry(group).or_insert_with(label));
    }
    labels
}

/// The whole value as text; the values of a list are parted by `; `.
fn plain<'l>(line: &'l VcardLine<'_>) -> Cow<'l, str> {
    if line.bare_name().eq_ignore_ascii_case("CATEGORIES") || line.bare_name().eq_ignore_ascii_case("NICKNAME") {
        return line.value.decode_list().join("; ").into();
    }
    decoded(line, line.value.decode())
}

/// A value without the encoding that vCard 2.1 has for what is no ASCII.
fn decoded<'l>(line: &VcardLine<'_>, value: Cow<'l, str>) -> Cow<'l, str> {
    let says = |name: &str, word: &str| {
        line.params.iter().any(|param| {
            let is_bare = param.values.is_empty() && param.name.get().eq_ignore_ascii_case(word);
            let is_named = param.name.get().eq_ignore_ascii_case(name);
            is_bare || is_named && param.values.iter().any(|value| value.get().eq_ignore_ascii_case(word))
        })
    };
    if !says("ENCODING", "QUOTED-PRINTABLE") {
        return value;
    }
    let label = line.params.iter().find(|param| param.name.get().eq_ignore_ascii_case("CHARSET"));
    let label = label.and_then(|param| param.values.first()).map_or("", |value| value.get().trim_matches('"'));
    let encoding = Encoding::for_label(label.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let bytes = unquoted(value.as_bytes());
    encoding.decode_without_bom_handling(&bytes).0.into_owned().into()
}

/// Undoes quoted-printable (RFC 2045 section 6.7); what is no code stays as it is.
fn unquoted(text: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(|digit| digit as u8);
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, behind @ ..] = rest {
        rest = behind;
        if let (b'=', [high, low, further @ ..]) = (first, behind)
            && let (Some(high), Some(low)) = (digit(high), digit(low))
        {
            bytes.push(high << 4 | low);
            rest = further;
        } else {
            bytes.push(*first);
        }
    }
    bytes
}

/// Puts a value into the column of its kind, or the next one of that kind that is free.
fn put(row: &mut KeyedRow, rules: &VcardRules, column: &str, value: &str) {
    let scheme = rules
        .schemes
        .iter()
        .find(|scheme| value.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
    let value = scheme.map_or(value, |scheme| &value[scheme.len()..]).trim();
    if value.is_empty() {
        return;
    }
    if !row.has(column) {
        row.cell(column).push_str(value);
        return;
    }
    let numbered = |number: usize| format!("{column} {number}");
    for number in 2..=rules.columns_a_kind {
        if !row.has(&numbered(number)) {
            row.cell(&numbered(number)).push_str(value);
            return;
        }
    }
    let last = if rules.columns_a_kind == 1 { column.to_owned() } else { numbered(rules.columns_a_kind) };
    let cell = row.again(&last);
    cell.push_str("; ");
    cell.push_str(value);
}
