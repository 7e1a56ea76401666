//! In which order a column writes day, month and year.

use super::header::told_order;
use super::time::split_time;
use super::triple::Triple;
use super::unix::UnixUnit;
use crate::finding::Confidence;
use crate::rule::{Context, DateRules, PartOrder, RuleError};
use crate::text::{bare, plain_digits};

/// How one column writes its dates: the order of day, month and year, what its bare numbers count, and whether the column
/// itself shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateOrder {
    /// The order.
    pub parts: PartOrder,
    /// The header, or values that fit only this order, say so; else it is the region's custom.
    pub is_evident: bool,
    /// How sure a date is that could be read in two orders.
    pub confidence: Confidence,
    /// What bare numbers count since 1970, where the column's numbers are such times.
    pub unix: Option<UnixUnit>,
}

impl DateOrder {
    /// Infers the order from a column's header and values: values that fit only one order decide, where nearly all of them
    /// agree; else the header, where it spells the order out; else it is the rules' default for the region.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn infer(context: &Context, header: &str, samples: &[String]) -> Result<Self, RuleError> {
        let rules = DateRules::load(&context.files)?;
        Ok(infer(&rules, &context.region, header, samples))
    }
}

fn infer(rules: &DateRules, region: &str, header: &str, samples: &[String]) -> DateOrder {
    let orders = [PartOrder::DayMonthYear, PartOrder::MonthDayYear, PartOrder::YearMonthDay];
    let mut votes = [0_usize; 3];
    for sample in samples {
        if let Some(only) = vote(sample) {
            votes[orders.iter().position(|order| *order == only).unwrap_or(0)] += 1;
        }
    }
    let all: usize = votes.iter().sum();
    let unix = UnixUnit::infer(rules, samples);
    let evident = |parts| DateOrder { parts, is_evident: true, confidence: Confidence::CERTAIN, unix };
    for (order, count) in orders.into_iter().zip(votes) {
        if count > 0 && count * 100 >= all * usize::from(rules.order.decided_at) {
            return evident(order);
        }
    }
    let custom = rules.order.region.get(region).copied().unwrap_or(rules.order.default);
    if all == 0 {
        let confidence = rules.order.custom_confidence;
        let told = told_order(&rules.order.header, header).map(evident);
        return told.unwrap_or(DateOrder { parts: custom, is_evident: false, confidence, unix });
    }
    // Both orders are there: the commoner one, as sure as it is common.
    let most = votes.into_iter().max().unwrap_or_default();
    let is_common = |order: &PartOrder| orders.iter().zip(votes).any(|(own, count)| own == order && count == most);
    let parts = Some(custom).filter(is_common).or_else(|| orders.into_iter().find(is_common)).unwrap_or(custom);
    let confidence = Confidence::percent((most * 100 / all) as u8);
    DateOrder { parts, is_evident: false, confidence, unix }
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

    fn order_of(region: &str, header: &str, samples: &[&str]) -> (PartOrder, bool, u8) {
        let rules = DateRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let samples: Vec<String> = samples.iter().map(|&sample| sample.to_owned()).collect();
        let order = infer(&rules, region, header, &samples);
        (order.parts, order.is_evident, order.confidence.as_percent())
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
            assert_eq!(order_of("IL", "", &samples), (parts, true, 100), "{samples:?}");
        }
    }

    #[test]
    fn a_slip_does_not_outvote_the_rest_and_of_two_orders_the_commoner_is_as_sure_as_it_is_common() {
        let mut samples = vec!["25/03/1985"; 19];
        samples.push("03/25/1985");
        assert_eq!(order_of("US", "", &samples), (PartOrder::DayMonthYear, true, 100));
        let mixed = ["25/03/1985", "03/25/1985"];
        assert_eq!(order_of("US", "", &mixed), (PartOrder::MonthDayYear, false, 50));
        let mostly = ["03/25/1985", "03/26/1985", "03/27/1985", "27/03/1985"];
        assert_eq!(order_of("IL", "", &mostly), (PartOrder::MonthDayYear, false, 75));
    }

    #[test]
    fn a_header_that_spells_the_order_out_decides_where_no_value_does() {
        let silent = ["03/04/1990"];
        assert_eq!(order_of("IL", "Geboren (MM/TT/JJJJ)", &silent), (PartOrder::MonthDayYear, true, 100));
        let speaking = ["25/04/1990"];
        assert_eq!(order_of("IL", "Geboren (MM/TT/JJJJ)", &speaking), (PartOrder::DayMonthYear, true, 100));
    }

    #[test]
    fn without_evidence_the_region_decides() {
        for (region, parts) in
            [("IL", PartOrder::DayMonthYear), ("US", PartOrder::MonthDayYear), ("JP", PartOrder::YearMonthDay)]
        {
            assert_eq!(order_of(region, "birthday", &["03/04/1990", ""]), (parts, false, 75));
        }
    }
}
