//! The different values of a column that has few of them: every row is seen, and each value is kept once, with how often it stands
//! there.

use crate::record::FixedMap;
use crate::rule::ListRules;

/// The different values of one column, as long as they are few.
#[derive(Debug, Clone, Default)]
pub(super) struct FewValues {
    values: FixedMap<String, u64>,
    is_over: bool,
}

impl FewValues {
    /// Sees a value, so many times; an empty one is none.
    pub(super) fn see(&mut self, value: &str, times: u64, rules: &ListRules) {
        if self.is_over || value.is_empty() || value.len() > rules.longest_few_value {
            return;
        }
        match self.values.get_mut(value) {
            Some(count) => *count += times,
            None => {
                self.values.insert(value.to_owned(), times);
                self.give_up_on_many(rules);
            }
        }
    }

    /// Adds the values of the next rows.
    pub(super) fn append(&mut self, next: FewValues, rules: &ListRules) {
        self.is_over |= next.is_over;
        for (value, count) in next.values {
            *self.values.entry(value).or_default() += count;
        }
        self.give_up_on_many(rules);
    }

    fn give_up_on_many(&mut self, rules: &ListRules) {
        if self.is_over || self.values.len() > rules.few_values {
            *self = FewValues { values: FixedMap::default(), is_over: true };
        }
    }

    /// The values with how often they stand there, the most frequent first; none where there were too many.
    pub(super) fn by_count(&self) -> Vec<(&str, u64)> {
        let mut values: Vec<(&str, u64)> = self.values.iter().map(|(value, count)| (value.as_str(), *count)).collect();
        values.sort_unstable_by(|left, right| right.1.cmp(&left.1).then(left.0.cmp(right.0)));
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    #[test]
    fn few_values_are_counted_and_many_are_given_up() {
        let rules = ListRules::load(&RuleFiles::embedded()).expect("loads");
        let long = "x".repeat(rules.longest_few_value + 1);
        let mut few = FewValues::default();
        ["active", "deceased", "active", &long].iter().for_each(|value| few.see(value, 2, &rules));
        assert_eq!(few.by_count(), [("active", 4), ("deceased", 2)]);
        let mut more = FewValues::default();
        more.see("deceased", 3, &rules);
        few.append(more, &rules);
        assert_eq!(few.by_count(), [("deceased", 5), ("active", 4)]);
        let mut many = FewValues::default();
        (0..=rules.few_values).for_each(|number| many.see(&number.to_string(), 1, &rules));
        assert!(many.by_count().is_empty());
        few.append(many, &rules);
        assert!(few.by_count().is_empty(), "what is many in a part is many in all");
    }
}
