//! Where each customer stands with the club, and what it is worth.

use rayon::prelude::*;

use super::events::Events;
use super::facts::Facts;
use crate::record::{CustomerIndex, CustomerRows, CustomerStatus, Day, EventKind, RowIndex};
use crate::rule::StatusRules;

/// Status and value of a customer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct StatusAndValue {
    pub(crate) status: CustomerStatus,
    /// 1 for an average customer; none where nothing says it.
    pub(crate) value: Option<f32>,
}

/// What a customer bought.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Purchases {
    created: Option<Day>,
    first: Option<Day>,
    last: Option<Day>,
    count: Option<u32>,
    spend: Option<f64>,
}

impl Purchases {
    /// Of a customer's rows: each row's own sums added up, rows of one key once.
    pub(crate) fn of(rows: &[RowIndex], facts: &Facts, events: &Events) -> Self {
        let mut own = Purchases { created: None, first: None, last: None, count: None, spend: None };
        let earliest = |known: Option<Day>, day: Option<Day>| known.into_iter().chain(day).min();
        let (mut bought, mut paid) = (0u32, 0f64);
        for (index, row) in rows.iter().enumerate() {
            let fact = facts.row(*row);
            own.created = earliest(own.created, fact.created);
            own.last = own.last.max(fact.bought);
            let key = facts.key(*row);
            let is_copy = key != 0 && rows[..index].iter().any(|other| facts.key(*other) == key);
            if fact.purchases != u32::MAX && !is_copy {
                own.count = Some(own.count.unwrap_or(0).saturating_add(fact.purchases));
            }
            if !fact.spend.is_nan() && !is_copy {
                own.spend = Some(own.spend.unwrap_or(0.0) + f64::from(fact.spend));
            }
            for event in events.of_row(*row).iter().filter(|event| events.meaning(**event).event == EventKind::Purchase)
            {
                bought += 1;
                paid += f64::from(event.value) / 100.0;
                own.first = earliest(own.first, Some(event.day));
                own.last = own.last.max(Some(event.day));
            }
        }
        if bought > 0 {
            own.count = Some(own.count.unwrap_or(0).max(bought));
        }
        if paid > 0.0 {
            own.spend = Some(own.spend.unwrap_or(0.0).max(paid));
        }
        own
    }
}

/// Averages of all customers, by which one's value is measured.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Averages {
    spend: (f64, u64),
    count: (f64, u64),
    /// Some customer has a day of purchase: who has none never bought.
    has_purchases: bool,
}

impl Averages {
    /// Counts a customer; in the order of input, as floats are added.
    pub(crate) fn add(&mut self, purchases: &Purchases) {
        let add = |sum: &mut (f64, u64), value: f64| {
            if value > 0.0 {
                *sum = (sum.0 + value, sum.1 + 1);
            }
        };
        add(&mut self.spend, purchases.spend.unwrap_or(0.0));
        add(&mut self.count, f64::from(purchases.count.unwrap_or(0)));
        self.has_purchases |= purchases.last.is_some();
    }

    fn value(&self, purchases: &Purchases) -> Option<f64> {
        let beside = |own: f64, (sum, customers): (f64, u64)| (customers > 0).then(|| own * customers as f64 / sum);
        match (purchases.spend, purchases.count) {
            (Some(spend), _) if self.spend.1 > 0 => beside(spend, self.spend),
            (_, Some(count)) if self.count.1 > 0 => beside(f64::from(count), self.count),
            _ => None,
        }
    }

    /// Status and value of a customer.
    pub(crate) fn statuses(&self, purchases: &Purchases, rules: &StatusRules, today: Day) -> StatusAndValue {
        let value = self.value(purchases).map(|value| (value as f32).min(rules.most_value));
        StatusAndValue { status: self.status(purchases, rules, today), value }
    }

    fn status(&self, own: &Purchases, rules: &StatusRules, today: Day) -> CustomerStatus {
        if own.created.is_some_and(|created| today.days_since(created) <= rules.new_days) {
            return CustomerStatus::New;
        }
        // Where the list knows no purchases at all, nobody is churning.
        let Some(since) = own.last.or(own.created).filter(|_| self.has_purchases) else {
            return CustomerStatus::Unknown;
        };
        let silent = today.days_since(since);
        let has_bought = own.last.is_some();
        if silent > rules.churning_days || (has_bought && has_lost_rhythm(own, rules, silent)) {
            CustomerStatus::Churning
        } else if has_bought
            && silent <= rules.loyal_days
            && own.count.is_none_or(|count| count >= rules.loyal_purchases)
        {
            CustomerStatus::Loyal
        } else {
            CustomerStatus::Passive
        }
    }
}

/// Whether a customer with a rhythm of his own has been silent for too many of his gaps.
fn has_lost_rhythm(own: &Purchases, rules: &StatusRules, silent: i32) -> bool {
    let (Some(first), Some(last)) = (own.first.or(own.created), own.last) else { return false };
    let Some(count) = own.count.filter(|count| *count >= rules.rhythm_purchases.max(2)) else { return false };
    if last <= first {
        return false;
    }
    let gap = f64::from(last.days_since(first)) / f64::from(count - 1);
    silent > rules.loyal_days / 2 && f64::from(silent) > gap.max(1.0) * rules.rhythm_gaps
}

/// Status and value of each customer.
pub(super) fn statuses(
    facts: &Facts,
    events: &Events,
    customers: &CustomerRows,
    rules: &StatusRules,
    today: Day,
) -> Vec<StatusAndValue> {
    let of = |customer: usize| Purchases::of(customers.of(CustomerIndex::new(customer)), facts, events);
    let purchases: Vec<Purchases> = (0..customers.len()).into_par_iter().map(of).collect();
    let mut averages = Averages::default();
    purchases.iter().for_each(|own| averages.add(own));
    purchases.iter().map(|own| averages.statuses(own, rules, today)).collect()
}

/// The word for a value in `tiuv_segment`.
pub(crate) fn segment(value: Option<f32>, rules: &StatusRules) -> &'static str {
    match value {
        None => "unknown",
        Some(value) if value >= rules.high_value => "high",
        Some(value) if value < rules.low_value => "low",
        Some(_) => "middle",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    const TODAY: Day = Day::new(20_000);

    fn ago(days: i32) -> Option<Day> {
        Some(TODAY - days)
    }

    fn bought(created: Option<Day>, last: Option<Day>, count: Option<u32>) -> Purchases {
        Purchases { created, first: None, last, count, spend: None }
    }

    #[test]
    fn recency_and_frequency_say_where_a_customer_stands() {
        let rules = StatusRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let averages = Averages { has_purchases: true, ..Averages::default() };
        let status = |own| averages.statuses(&own, &rules, TODAY).status;
        assert_eq!(status(bought(ago(10), ago(5), Some(1))), CustomerStatus::New);
        assert_eq!(status(bought(ago(900), ago(30), Some(5))), CustomerStatus::Loyal);
        assert_eq!(status(bought(ago(900), ago(30), None)), CustomerStatus::Loyal);
        assert_eq!(status(bought(ago(900), ago(30), Some(1))), CustomerStatus::Passive);
        assert_eq!(status(bought(ago(900), ago(500), None)), CustomerStatus::Passive);
        assert_eq!(status(bought(ago(2000), ago(800), None)), CustomerStatus::Churning);
        assert_eq!(status(bought(ago(800), None, None)), CustomerStatus::Churning);
        assert_eq!(status(bought(None, None, None)), CustomerStatus::Unknown);
        // Every month for two years, and nothing for nine months.
        let monthly = Purchases { first: ago(1000), ..bought(ago(1000), ago(270), Some(25)) };
        assert_eq!(status(monthly), CustomerStatus::Churning);
    }

    #[test]
    fn a_list_that_knows_no_purchases_says_nothing_of_them() {
        let rules = StatusRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let statuses = Averages::default().statuses(&bought(ago(900), None, None), &rules, TODAY);
        assert_eq!(statuses, StatusAndValue { status: CustomerStatus::Unknown, value: None });
    }

    #[test]
    fn value_is_measured_by_the_average_and_bounded() {
        let rules = StatusRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let mut averages = Averages::default();
        let spent = |spend: f64| Purchases { spend: Some(spend), ..bought(None, None, None) };
        [100.0, 300.0, 0.0].into_iter().for_each(|spend| averages.add(&spent(spend)));
        let value = |spend: f64| averages.statuses(&spent(spend), &rules, TODAY).value;
        assert_eq!((value(200.0), value(0.0), value(1e9)), (Some(1.0), Some(0.0), Some(10.0)));
        assert_eq!(segment(value(500.0), &rules), "high");
    }
}
