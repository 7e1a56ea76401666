//! In which order a column writes day, month and year.

use super::time::split_time;
use super::triple::Triple;
use crate::rule::{Context, DateRules, PartOrder, RuleError};
use crate::text::{bare, plain_digits};

/// The order of day, month and year in one column, and whether the column itself shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateOrder {
    /// The order.
    pub parts: PartOrder,
    /// Values that fit only this order are in the column; else it is the region's custom.
    pub is_evident: bool,
}

impl DateOrder {
    /// Infers the order from a column's values: values that fit only one order decide, where nearly all of them
    /// agree; else it is the rules' default for the region.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn infer(context: &Context, samples: &[String]) -> Result<Self, RuleError> {
        let rules = DateRules::load(&context.files)?;
        Ok(infer(&rules, &context.region, samples))
    }
}

fn infer(rules: &DateRules, region: &str, samples: &[String]) -> DateOrder {
    let orders = [PartOrder::DayMonthYear, PartOrder::MonthDayYear, PartOrder::YearMonthDay];
    let mut votes = [0_usize; 3];
    for sample in samples {
        if let Some(only) = vote(sample) {
            votes[orders.iter().position(|order| *order == only).unwrap_or(0)] += 1;
        }
    }
    let all: usize = votes.iter().sum();
    for (order, count) in orders.into_iter().zip(votes) {
        if count > 0 && count * 100 >= all * usize::from(rules.order.decided_at) {
            return DateOrder { parts: order, is_evident: true };
        }
    }
    let custom = rules.order.region.get(region).copied().unwrap_or(rules.order.default);
    DateOrder { parts: custom, is_evident: false }
}

/// The only order that this value can be read in, if there is exactly one. A four-digit year in front says nothing
/// of how the column writes its other dates.
fn vote(sample: &str) -> Option<PartOrder> {
    let text = bare(sample);
    let text = plain_digits(&text);
    let date = split_time(&text).map_or(&*text, |split| split.date);
    Triple::parse(date)?.only_order()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn order_of(region: &str, samples: &[&str]) -> DateOrder {
        let rules = DateRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let samples: Vec<String> = samples.iter().map(|&sample| sample.to_owned()).collect();
        infer(&rules, region, &samples)
    }

    #[test]
    fn values_that_fit_one_order_decide() {
        let cases = [
            (vec!["25/03/1985", "03/04/1990"], PartOrder::DayMonthYear),
            (vec!["03/25/1985", "03/04/1990", "2024-03-05"], PartOrder::MonthDayYear),
            (vec!["85.03.25", "90.04.03"], PartOrder::YearMonthDay),
            (vec!["25/03/1985 10:30", "לא ידוע"], PartOrder::DayMonthYear),
        ];
        for (samples, parts) in cases {
            assert_eq!(order_of("IL", &samples), DateOrder { parts, is_evident: true }, "{samples:?}");
        }
    }

    #[test]
    fn a_slip_does_not_outvote_the_rest_but_a_half_does() {
        let mut samples = vec!["25/03/1985"; 19];
        samples.push("03/25/1985");
        assert_eq!(order_of("US", &samples), DateOrder { parts: PartOrder::DayMonthYear, is_evident: true });
        let mixed = ["25/03/1985", "03/25/1985"];
        assert_eq!(order_of("US", &mixed), DateOrder { parts: PartOrder::MonthDayYear, is_evident: false });
    }

    #[test]
    fn without_evidence_the_region_decides() {
        for (region, parts) in
            [("IL", PartOrder::DayMonthYear), ("US", PartOrder::MonthDayYear), ("JP", PartOrder::YearMonthDay)]
        {
            assert_eq!(order_of(region, &["03/04/1990", ""]), DateOrder { parts, is_evident: false });
        }
    }
}
