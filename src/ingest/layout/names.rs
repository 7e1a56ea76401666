//! The names of a table's columns: each once, and as many as its rows have cells.

use super::top::Line;
use crate::rule::{ColumnRules, HeaderReading, LayoutRules};

/// The name of columns for which the header has none; what is in them is kept.
const EXTRA: &str = "tiuv_extra";

/// The header's names, with more where most rows are wider than it. Those stand at the end, or at the left where the
/// names fit the values only so: some programs write the numbers of rows without a name.
pub(super) fn widened(
    names: Vec<String>,
    rows: &[&Line],
    columns: &ColumnRules,
    rules: &LayoutRules,
    usual: usize,
) -> Vec<String> {
    let full: Vec<&Line> = rows.iter().copied().filter(|row| row.filled * 2 >= usual && !row.is_broken).collect();
    let wider: Vec<usize> = full.iter().map(|row| row.width()).filter(|width| *width > names.len()).collect();
    if wider.is_empty() || wider.len() * 100 < full.len() * rules.short_header_percent {
        return names;
    }
    let missing = most_common(&wider) - names.len();
    let fit = |moved: usize| -> i32 {
        let fits = |(column, name): (usize, &String)| {
            let (HeaderReading::Named(field) | HeaderReading::Contained(field)) = columns.read_header(name) else {
                return 0;
            };
            let cell = |row: &&Line| row.cells.get(column + moved).cloned().unwrap_or_default();
            let values: Vec<String> = full.iter().map(cell).collect();
            match columns.take_by_values(&values) {
                Some(taken) if taken.field == field || taken.field.is_phone() && field.is_phone() => 1,
                _ if columns.values_contradict(field, &values) => -1,
                _ => 0,
            }
        };
        names.iter().enumerate().map(fits).sum()
    };
    if fit(missing) > fit(0) {
        return std::iter::repeat_n(String::new(), missing).chain(names).collect();
    }
    names.into_iter().chain(std::iter::repeat_n(EXTRA.to_owned(), missing)).collect()
}

/// The smallest of the values that occur most often.
fn most_common(values: &[usize]) -> usize {
    let times = |wanted: usize| values.iter().filter(|value| **value == wanted).count();
    values.iter().copied().max_by_key(|value| (times(*value), std::cmp::Reverse(*value))).unwrap_or(0)
}

/// Columns up to the last one with a name; all where none has one.
pub(super) fn named_width(names: &[String]) -> usize {
    names.iter().rposition(|name| !name.is_empty()).map_or(names.len(), |last| last + 1)
}

/// Names for columns without one, and `name (2)` for a name that was there before.
pub(super) fn unique(names: Vec<String>) -> Vec<String> {
    let mut seen: std::collections::HashSet<String> = std::collections::HashSet::new();
    let mut unique = Vec::with_capacity(names.len());
    for (index, name) in names.into_iter().enumerate() {
        let base = if name.is_empty() { format!("column {}", index + 1) } else { name };
        let mut candidate = base.clone();
        let mut copy = 2;
        while !seen.insert(candidate.clone()) {
            candidate = format!("{base} ({copy})");
            copy += 1;
        }
        unique.push(candidate);
    }
    unique
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_without_a_name_get_one_and_repeated_names_are_told_apart() {
        let names = ["a", "", "a", "a (2)", ""].map(str::to_owned).to_vec();
        assert_eq!(unique(names), ["a", "column 2", "a (2)", "a (2) (2)", "column 5"]);
    }

    #[test]
    fn the_width_that_most_rows_have_counts() {
        assert_eq!(most_common(&[7, 8, 7, 9]), 7);
        assert_eq!(named_width(&["a".to_owned(), String::new()]), 1);
    }
}
