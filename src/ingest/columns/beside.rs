//! Tables side by side: columns that an empty one without a name parts from the others, and that tell of others than they do.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::record::{ColumnHint, ColumnIndex, ColumnMapping, Field, MappingBasis, Samples};
use crate::rule::{ColumnRules, HeaderReading, are_filled};

/// Columns between empty ones, and what is known of the rows that they fill.
struct Group {
    columns: Range<usize>,
    /// Cells filled.
    cells: usize,
    /// Rows of which a cell is filled.
    rows: usize,
    /// Rows up to the last of them.
    height: usize,
    kinds: BTreeSet<Kind>,
    /// Somebody said what one of them means.
    is_given: bool,
}

/// What a table of people has once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Person,
    Company,
    /// Words under a header that nobody knows.
    Unnamed,
    Phone,
    Email,
    Place,
}

/// How somebody is reached.
const REACH: [Kind; 2] = [Kind::Phone, Kind::Email];

/// Leaves the columns of another table alone where it is sure that they are of one, and marks them where that is open: the
/// largest table is read. A customer would have the telephone of whoever stands beside him by chance.
pub(super) fn set_apart(columns: &mut [ColumnMapping], header: &[String], samples: &Samples, rules: &ColumnRules) {
    let groups = groups(columns, header, samples, rules);
    let Some(largest) = groups.iter().rev().max_by_key(|group| group.cells) else { return };
    for group in groups.iter().filter(|group| group.columns != largest.columns && !group.is_given) {
        if share_a_value(&columns[largest.columns.clone()], &columns[group.columns.clone()], samples) {
            continue;
        }
        let Some(is_sure) = is_other(largest, group, rules) else { continue };
        for column in &mut columns[group.columns.clone()] {
            // Somebody said that it means nothing, and that stands.
            let is_given = column.basis == Some(MappingBasis::Given);
            if is_sure {
                // What may be a refusal is not passed over in silence, whoever's it is.
                column.unread |= column.field.is_some_and(Field::is_standing);
                if !is_given {
                    column.leave_alone();
                }
                column.hint = Some(ColumnHint::OtherTable);
            } else if !is_given {
                column.hint = Some(ColumnHint::MaybeOtherTable);
            }
        }
    }
}

/// Of each column, whether it is of the table that is read; none where no other stands beside it.
pub(in crate::ingest) fn columns_read(columns: &[ColumnMapping]) -> Option<Vec<bool>> {
    let read: Vec<bool> = columns.iter().map(|column| column.hint != Some(ColumnHint::OtherTable)).collect();
    read.contains(&false).then_some(read)
}

fn groups(columns: &[ColumnMapping], header: &[String], samples: &Samples, rules: &ColumnRules) -> Vec<Group> {
    let is_blank = |column: &ColumnMapping| !are_filled(samples.of(column.column));
    let parts = |column: &&ColumnMapping| {
        column.field.is_none()
            && is_blank(column)
            && rules.read_header(&header[column.column.as_usize()]) == HeaderReading::Unnamed
    };
    let stretches = columns.chunk_by(|one, next| parts(&one) == parts(&next)).filter(|stretch| !parts(&&stretch[0]));
    let groups =
        stretches.filter(|stretch| stretch.len() > 1).map(|stretch| Group::of(stretch, header, samples, rules));
    let groups: Vec<Group> = groups.filter(|group| group.rows > 0).collect();
    if groups.len() > 1 { groups } else { Vec::new() }
}

impl Group {
    fn of(columns: &[ColumnMapping], header: &[String], samples: &Samples, rules: &ColumnRules) -> Group {
        let first = columns[0].column.as_usize();
        let of = |column: &ColumnMapping| samples.of(column.column);
        let is_filled = |row: usize| {
            columns.iter().filter(|column| of(column).get(row).is_some_and(|value| !value.trim().is_empty())).count()
        };
        let rows = columns.iter().map(|column| of(column).len()).max().unwrap_or(0);
        let filled: Vec<usize> = (0..rows).map(is_filled).collect();
        let kinds =
            columns.iter().filter_map(|column| kind_of(column, &header[column.column.as_usize()], of(column), rules));
        Group {
            columns: first..first + columns.len(),
            cells: filled.iter().sum(),
            rows: filled.iter().filter(|cells| **cells > 0).count(),
            height: filled.iter().rposition(|cells| *cells > 0).map_or(0, |last| last + 1),
            kinds: kinds.collect(),
            is_given: columns.iter().any(|column| column.basis == Some(MappingBasis::Given) && column.field.is_some()),
        }
    }

    fn has(&self, kinds: &[Kind]) -> bool {
        kinds.iter().any(|kind| self.kinds.contains(kind))
    }

    /// Whether it says who somebody is: by a name, or by words that may be one beside a way to reach somebody.
    fn names_somebody(&self) -> bool {
        self.has(&[Kind::Person, Kind::Company]) || self.has(&[Kind::Unnamed]) && self.has(&REACH)
    }
}

/// What of somebody a column holds.
fn kind_of(column: &ColumnMapping, header: &str, values: &[String], rules: &ColumnRules) -> Option<Kind> {
    let is_unknown = || rules.read_header(header) == HeaderReading::Unknown && rules.wording(header).means.is_empty();
    let field = match column.field {
        Some(field) => field,
        None if is_unknown() && rules.values_fit(Field::FullName, values) && !rules.are_answers(values) => {
            return Some(Kind::Unnamed);
        }
        None => return None,
    };
    match field {
        Field::Company => Some(Kind::Company),
        Field::Email => Some(Kind::Email),
        Field::Address | Field::Street | Field::City | Field::Postcode => Some(Kind::Place),
        field if field.is_name() => Some(Kind::Person),
        field if field.is_phone() => Some(Kind::Phone),
        _ => None,
    }
}

/// Whether a group is of another table than the largest one, and whether that is sure; none where it is of the same.
///
/// Two tables both name somebody, and both say how to reach them, or end in different rows. A firm and its contact person side by
/// side may be one customer.
fn is_other(largest: &Group, group: &Group, rules: &ColumnRules) -> Option<bool> {
    let both = |kind: Kind| largest.has(&[kind]) && group.has(&[kind]);
    // One of them is filled from the first row on without a gap, and ends well before the other.
    let (shorter, longer) = if group.height < largest.height { (group, largest) } else { (largest, group) };
    let apart = rules.ends_apart.max(longer.height * rules.ends_apart_percent / 100);
    let ends = longer.height - shorter.height >= apart && shorter.rows == shorter.height;
    let reach_both = REACH.into_iter().any(both);
    let name_both = largest.names_somebody() && group.names_somebody();
    let are_people = reach_both && both(Kind::Person);
    let is_open = reach_both && (name_both || ends);
    (is_open || name_both && ends).then_some(name_both && ends || are_people)
}

/// Whether a name, number or address stands twice in a row, as those of deliveries do: then both are of one customer.
fn share_a_value(own: &[ColumnMapping], other: &[ColumnMapping], samples: &Samples) -> bool {
    let is_telling = |field: Field| field.is_name() || field.is_phone() || field == Field::Email;
    let telling = |columns: &[ColumnMapping]| -> Vec<ColumnIndex> {
        columns.iter().filter(|column| column.field.is_some_and(is_telling)).map(|column| column.column).collect()
    };
    let own = telling(own);
    telling(other).into_iter().any(|other| {
        let values = samples.of(other).iter().map(|value| value.trim()).enumerate();
        let stands_twice = |(row, value): (usize, &str)| {
            !value.is_empty() && own.iter().any(|own| samples.of(*own).get(row).is_some_and(|own| own.trim() == value))
        };
        values.into_iter().any(stands_twice)
    })
}
