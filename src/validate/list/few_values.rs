//! The different values of a column that has few of them: every row is seen, and each value is kept once.

use std::collections::BTreeSet;

/// Columns with more different values than this are no answers and no statuses: names, numbers, remarks.
const MOST: usize = 200;
/// Longer values are text.
const LONGEST: usize = 80;

/// The different values of one column, as long as they are few.
#[derive(Debug, Clone, Default)]
pub(super) struct FewValues {
    values: BTreeSet<String>,
    is_over: bool,
}

impl FewValues {
    /// Sees a value that is not empty.
    pub(super) fn see(&mut self, value: &str) {
        if self.is_over || self.values.contains(value) || value.len() > LONGEST {
            return;
        }
        self.values.insert(value.to_owned());
        self.give_up_on_many();
    }

    /// Adds the values of the next rows.
    pub(super) fn append(&mut self, next: &FewValues) {
        self.is_over |= next.is_over;
        if !self.is_over {
            self.values.extend(next.values.iter().cloned());
        }
        self.give_up_on_many();
    }

    fn give_up_on_many(&mut self) {
        if self.is_over || self.values.len() > MOST {
            *self = FewValues { values: BTreeSet::new(), is_over: true };
        }
    }

    /// The values, sorted; none where there were too many.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.values.iter().map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_values_are_kept_once_and_many_are_given_up() {
        let mut few = FewValues::default();
        ["active", "deceased", "active", &"x".repeat(LONGEST + 1)].iter().for_each(|value| few.see(value));
        assert_eq!(few.iter().collect::<Vec<_>>(), ["active", "deceased"]);
        let mut many = FewValues::default();
        (0..=MOST).for_each(|number| many.see(&number.to_string()));
        assert_eq!(many.iter().count(), 0);
        few.append(&many);
        assert_eq!(few.iter().count(), 0, "what is many in a part is many in all");
    }
}
