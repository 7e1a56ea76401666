//! On which day and at what time: open hours, and how many messages a day can carry.

use std::collections::HashMap;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use super::hours::{Span, open_spans};
use crate::law::{Clocks, Law};
use crate::record::Channel;
use crate::rule::Capacity;

/// A day on which somebody may be asked, and when.
type OpenDay = (Date, Vec<Span>);

/// The days of a plan, filling up.
#[derive(Debug, Clone)]
pub(super) struct Calendar<'a> {
    days: Vec<Date>,
    capacity: Capacity,
    used: HashMap<(Channel, Date), u32>,
    /// By the clocks of a law.
    open: HashMap<(Clocks<'a>, Channel), Vec<OpenDay>>,
}

impl<'a> Calendar<'a> {
    /// So many days from the first one on.
    pub(super) fn new(first: Date, days: u16, capacity: Capacity) -> Self {
        let days = first.series(1.day()).take(usize::from(days)).collect();
        Calendar { days, capacity, used: HashMap::new(), open: HashMap::new() }
    }

    /// Counts a message that is due already.
    pub(super) fn count(&mut self, channel: Channel, due: Timestamp) {
        let day = jiff::tz::TimeZone::UTC.to_datetime(due).date();
        *self.used.entry((channel, day)).or_default() += 1;
    }

    /// Takes a place on the first open day from `earliest` on; none where all are full.
    pub(super) fn take(&mut self, channel: Channel, law: &Law<'a>, earliest: Date) -> Option<Date> {
        let capacity = *self.capacity.of(channel);
        let used = &mut self.used;
        let open = self.open.entry((law.clocks(), channel)).or_insert_with(|| {
            let spans = |day: &Date| (*day, open_spans(law, channel, *day));
            self.days.iter().map(spans).filter(|(_, spans)| !spans.is_empty()).collect()
        });
        let mut later = open.iter().map(|(day, _)| *day).filter(|day| *day >= earliest);
        let day = later.find(|day| used.get(&(channel, *day)).copied().unwrap_or(0) < capacity)?;
        *used.entry((channel, day)).or_default() += 1;
        Some(day)
    }

    /// The moments of so many messages, spread over the open hours of a day.
    pub(super) fn moments(&self, channel: Channel, law: &Law<'a>, day: Date, count: usize) -> Vec<Timestamp> {
        let days = self.open.get(&(law.clocks(), channel)).map_or(&[][..], Vec::as_slice);
        let spans = days.iter().find(|(open, _)| *open == day).map_or(&[][..], |(_, spans)| spans);
        let length = |(from, to): &Span| to.as_second() - from.as_second();
        let total: i64 = spans.iter().map(length).sum();
        let moment = |index: usize| {
            // Whole minutes: nobody needs to know more, and equal plans stay equal.
            let mut offset = total * index as i64 / count.max(1) as i64 / 60 * 60;
            for span in spans {
                if offset < length(span) {
                    return Some(span.0 + SignedDuration::from_secs(offset));
                }
                offset -= length(span);
            }
            None
        };
        (0..count).filter_map(moment).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::super::hours::is_open;
    use super::*;
    use jiff::civil::date;

    #[test]
    fn days_fill_up_one_after_the_other_and_quiet_days_take_none() {
        let rules = fixture::rules();
        let law = Law::of_country(&rules, "IL").expect("shipped");
        let capacity = Capacity { sms: 2, email: 1, call: 0 };
        // From a Thursday; the Sabbath is quiet.
        let mut calendar = Calendar::new(date(2026, 11, 26), 4, capacity);
        let mut days = Vec::new();
        while let Some(day) = calendar.take(Channel::Sms, &law, date(2026, 11, 26)) {
            days.push(day.day());
        }
        assert_eq!(days, [26, 26, 27, 27, 29, 29]);
        assert_eq!(calendar.take(Channel::Email, &law, date(2026, 11, 27)), Some(date(2026, 11, 27)));
        assert_eq!(calendar.take(Channel::Call, &law, date(2026, 11, 26)), None);
    }

    #[test]
    fn messages_of_a_day_are_spread_over_its_open_hours() {
        let rules = fixture::rules();
        let law = Law::of_country(&rules, "IL").expect("shipped");
        let mut calendar = Calendar::new(date(2026, 11, 27), 1, Capacity { sms: 9, email: 9, call: 9 });
        assert!(calendar.take(Channel::Sms, &law, date(2026, 11, 27)).is_some());
        let moments = calendar.moments(Channel::Sms, &law, date(2026, 11, 27), 3);
        let texts: Vec<String> = moments.iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["2026-11-27T07:00:00Z", "2026-11-27T08:00:00Z", "2026-11-27T09:00:00Z"]);
        assert!(moments.iter().all(|at| is_open(&law, Channel::Sms, *at)));
    }
}
