//! What the user said about columns: `--map field=header`, `tiuv.toml`, a mapping saved earlier for this header.

use std::collections::BTreeSet;

use crate::error::{Exit, Explain, closest};
use crate::record::Field;
use crate::text::FoldedHeader;

/// One thing said about one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// What the column means; none to leave it alone.
    pub field: Option<Field>,
    /// Its header; `column 3` for the third column where it has none.
    pub header: String,
}

/// What was given does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MappingError {
    /// No `=` between field and header.
    #[error("`{text}` is not of the form FIELD=HEADER")]
    Form {
        /// As given.
        text: String,
    },
    /// No such field.
    #[error("unknown field `{field}`")]
    UnknownField {
        /// As given.
        field: String,
    },
    /// No such column.
    #[error("the list has no column \"{header}\"")]
    UnknownHeader {
        /// As given.
        header: String,
        /// The list's own.
        known: Vec<String>,
    },
    /// Two columns for a field that may have one.
    #[error("field `{field}` is given twice, for \"{first}\" and for \"{second}\"")]
    FieldTwice {
        /// Which.
        field: Field,
        /// The column given first.
        first: String,
        /// The one given after it.
        second: String,
    },
    /// More columns than can be counted.
    #[error("the list has {0} columns; 65,536 are the most that can be read")]
    TooManyColumns(usize),
}

impl Explain for MappingError {
    fn exit(&self) -> Exit {
        match self {
            MappingError::TooManyColumns(_) => Exit::Input,
            _ => Exit::Usage,
        }
    }

    fn help(&self) -> String {
        match self {
            MappingError::Form { .. } => {
                "write for example `mobile=טלפון נייד`, or `none=header` to leave a column alone".to_owned()
            }
            MappingError::UnknownField { field } => {
                let names = Field::ALL.iter().map(|field| field.as_str());
                offer(closest(field, names.clone()), "fields", &names.collect::<Vec<_>>().join(", "))
            }
            MappingError::UnknownHeader { header, known } => {
                offer(closest(header, known.iter().map(String::as_str)), "columns of this list", &known.join(", "))
            }
            MappingError::FieldTwice { .. } => "give one of the two columns another field, or `none`".to_owned(),
            MappingError::TooManyColumns(_) => "check the delimiter and the quotes".to_owned(),
        }
    }
}

fn offer(closest: Option<&str>, kind: &str, all: &str) -> String {
    match closest {
        Some(name) => format!("did you mean `{name}`? The {kind}: {all}"),
        None => format!("the {kind}: {all}"),
    }
}

impl Given {
    /// From a field's name (`none` to leave the column alone) and a header.
    ///
    /// # Errors
    /// When there is no such field.
    pub fn new(field: &str, header: &str) -> Result<Given, MappingError> {
        let field = match field.trim() {
            "none" | "" => None,
            name => Some(Field::parse(name).ok_or_else(|| MappingError::UnknownField { field: name.to_owned() })?),
        };
        Ok(Given { field, header: header.to_owned() })
    }

    /// From `field=header`, as written after `--map`; the header may itself hold `=`.
    ///
    /// # Errors
    /// When it is not of this form or there is no such field.
    pub fn parse(text: &str) -> Result<Given, MappingError> {
        let (field, header) = text.split_once('=').ok_or_else(|| MappingError::Form { text: text.to_owned() })?;
        Given::new(field, header)
    }
}

/// Joins layers of what was said, strongest first: a weaker layer keeps only what no stronger one speaks about, neither
/// by the column nor by a field that may not repeat.
pub fn layer_given(layers: &[&[Given]]) -> Vec<Given> {
    let mut all: Vec<Given> = Vec::new();
    for layer in layers {
        let stronger = all.len();
        for given in *layer {
            let is_overruled = all[..stronger].iter().any(|strong| {
                let same_field = given.field.is_some_and(|field| !field.may_repeat()) && strong.field == given.field;
                same_field || same_header(&strong.header, &given.header)
            });
            if !is_overruled {
                all.push(given.clone());
            }
        }
    }
    all
}

/// What was given, by column: none where nothing was, `Some(None)` where the column is to be left alone.
pub(super) fn place(header: &[String], given: &[Given]) -> Result<Vec<Option<Option<Field>>>, MappingError> {
    let mut placed: Vec<Option<Option<Field>>> = vec![None; header.len()];
    let mut single: BTreeSet<(Field, usize)> = BTreeSet::new();
    for given in given {
        let Some(index) = column_of(header, &given.header, &placed)? else { continue };
        if let Some(field) = given.field.filter(|field| !field.may_repeat()) {
            if let Some((_, first)) = single.iter().find(|(known, _)| *known == field) {
                return Err(MappingError::FieldTwice {
                    field,
                    first: shown_header(&header[*first], *first),
                    second: shown_header(&header[index], index),
                });
            }
            single.insert((field, index));
        }
        placed[index] = Some(given.field);
    }
    Ok(placed)
}

/// The column meant: an equal header before one that only folds to the same, a free one before a taken one.
/// None where every column of that name was given already, more strongly.
fn column_of(header: &[String], wanted: &str, placed: &[Option<Option<Field>>]) -> Result<Option<usize>, MappingError> {
    let shown: Vec<String> = header.iter().enumerate().map(|(index, text)| shown_header(text, index)).collect();
    let mut named: Vec<usize> = (0..shown.len()).filter(|index| shown[*index] == wanted).collect();
    if named.is_empty() {
        named = (0..shown.len()).filter(|index| same_header(&shown[*index], wanted)).collect();
    }
    if named.is_empty() {
        return Err(MappingError::UnknownHeader { header: wanted.to_owned(), known: shown });
    }
    Ok(named.into_iter().find(|index| placed[*index].is_none()))
}

/// The column that is meant by a header which no column has as written, but one has folded; none where one has it as written.
pub fn meant_column<'h>(header: &'h [String], wanted: &str) -> Option<&'h str> {
    if header.iter().any(|text| text == wanted) {
        return None;
    }
    header.iter().find(|text| same_header(text, wanted)).map(String::as_str)
}

/// The name under which a column is shown and given: its header, or one made up from its place.
pub(super) fn shown_header(text: &str, index: usize) -> String {
    if text.trim().is_empty() { format!("column {}", index + 1) } else { text.to_owned() }
}

fn same_header(left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    let (left, right) = (FoldedHeader::new(left), FoldedHeader::new(right));
    !left.all_words().is_empty() && left.all_words().concat() == right.all_words().concat()
}
