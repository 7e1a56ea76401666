//! When a customer may be asked: local hours, holidays, and the zones of a country that has several.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

use crate::law::Law;
use crate::record::{Channel, ContactKind};
use crate::rule::{Etiquette, OutreachRules};

/// A span of time; its end is no longer part of it.
pub type Span = (Timestamp, Timestamp);

/// A moment by the clock of whoever is asked at a contact, as far as country and number tell it; in UTC where no rules tell of
/// the country.
pub fn local_time(at: Timestamp, rules: &OutreachRules, country: &str, kind: ContactKind, value: &str) -> Zoned {
    let zone = Law::of_row(rules, country, kind, value).and_then(|law| law.shown_zone());
    at.to_zoned(zone.cloned().unwrap_or(TimeZone::UTC))
}

/// A moment with its offset: `2026-01-02T09:00:00+02:00`.
pub fn with_offset(at: &Zoned) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// The spans of a day of the country in which a channel may be used in every zone of a law; none on a quiet day.
pub fn open_spans(law: &Law<'_>, channel: Channel, day: Date) -> Vec<Span> {
    let mut zones = law.zones();
    let Some(first) = zones.next() else { return Vec::new() };
    let mut open = spans_in(law.etiquette, first, channel, day);
    for zone in zones {
        // Beyond the date line it is another day.
        let days = [day.saturating_sub(1.day()), day, day.saturating_add(1.day())];
        let other: Vec<Span> = days.iter().flat_map(|day| spans_in(law.etiquette, zone, channel, *day)).collect();
        open = open.iter().flat_map(|one| other.iter().filter_map(|other| overlap(*one, *other))).collect();
    }
    open
}

/// Whether a channel may be used at this moment.
pub fn is_open(law: &Law<'_>, channel: Channel, at: Timestamp) -> bool {
    let mut zones = law.zones().peekable();
    zones.peek().is_some()
        && zones.all(|zone| {
            let day = zone.to_datetime(at).date();
            spans_in(law.etiquette, zone, channel, day).iter().any(|(from, to)| (*from..*to).contains(&at))
        })
}

/// The first moment from `at` on at which a channel may be used; none within `days` days.
pub fn next_open(law: &Law<'_>, channel: Channel, at: Timestamp, days: u16) -> Option<Timestamp> {
    // A day begins somewhere else a day earlier.
    let first = TimeZone::UTC.to_datetime(at).date().saturating_sub(1.day());
    first.series(1.day()).take(usize::from(days) + 2).find_map(|day| {
        let spans = open_spans(law, channel, day);
        spans.into_iter().find(|(_, to)| *to > at).map(|(from, _)| from.max(at))
    })
}

/// The hours of a local day, holidays cut out of them.
fn spans_in(etiquette: &Etiquette, zone: &TimeZone, channel: Channel, day: Date) -> Vec<Span> {
    let Some((from, to)) = etiquette.hours(channel, day) else { return Vec::new() };
    let mut open = vec![(day.to_datetime(from), day.to_datetime(to))];
    // Sorted by their beginning, and none lasts a week.
    let begin = etiquette.quiet.partition_point(|quiet| quiet.from < day.saturating_sub(7.days()).to_datetime(from));
    for quiet in etiquette.quiet[begin..].iter().take_while(|quiet| quiet.from.date() <= day) {
        open = open.into_iter().flat_map(|span| without(span, (quiet.from, quiet.to))).collect();
    }
    let at = |local: DateTime| zone.to_ambiguous_timestamp(local).compatible().ok();
    open.into_iter().filter_map(|(from, to)| Some((at(from)?, at(to)?))).filter(|(from, to)| from < to).collect()
}

fn without(span: (DateTime, DateTime), cut: (DateTime, DateTime)) -> impl Iterator<Item = (DateTime, DateTime)> {
    let before = (span.0, span.1.min(cut.0));
    let after = (span.0.max(cut.1), span.1);
    [before, after].into_iter().filter(|(from, to)| from < to)
}

fn overlap(one: Span, other: Span) -> Option<Span> {
    let both = (one.0.max(other.0), one.1.min(other.1));
    (both.0 < both.1).then_some(both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::ContactKind;
    use crate::rule::{OutreachRules, RuleFiles};
    use jiff::civil::date;
    use proptest::prelude::*;

    fn rules() -> OutreachRules {
        OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form")
    }

    fn local(spans: Vec<Span>, zone: &str) -> Vec<String> {
        let zone = TimeZone::get(zone).expect("bundled");
        let text = |at: Timestamp| zone.to_datetime(at).strftime("%H:%M").to_string();
        spans.into_iter().map(|(from, to)| format!("{}-{}", text(from), text(to))).collect()
    }

    fn israel(day: Date) -> Vec<String> {
        let rules = rules();
        let law = Law::of_country(&rules, "IL").expect("shipped");
        local(open_spans(&law, Channel::Sms, day), "Asia/Jerusalem")
    }

    #[test]
    fn israel_is_quiet_from_friday_noon_and_on_holidays_and_the_hours_before() {
        assert_eq!(israel(date(2026, 11, 26)), ["09:00-20:00"], "a Thursday");
        assert_eq!(israel(date(2026, 11, 27)), ["09:00-12:00"], "Friday");
        assert!(israel(date(2026, 11, 28)).is_empty(), "the Sabbath");
        assert_eq!(israel(date(2026, 9, 20)), ["09:00-12:00"], "a Sunday, the eve of Yom Kippur");
        assert!(israel(date(2026, 9, 21)).is_empty(), "Yom Kippur");
        assert_eq!(israel(date(2026, 9, 22)), ["09:00-20:00"]);
        assert_eq!(israel(date(2027, 5, 3)), ["09:00-18:00"], "the eve of Holocaust Remembrance Day");
    }

    #[test]
    fn a_country_of_many_zones_is_open_when_all_of_them_are() {
        let rules = rules();
        let law = Law::of_country(&rules, "US").expect("shipped");
        let winter = open_spans(&law, Channel::Sms, date(2026, 12, 1));
        assert_eq!(local(winter.clone(), "America/New_York"), ["13:00-20:00"]);
        assert_eq!(local(winter, "Pacific/Honolulu"), ["08:00-15:00"]);
        assert!(open_spans(&law, Channel::Sms, date(2026, 11, 26)).is_empty(), "Thanksgiving");
    }

    #[test]
    fn the_next_open_moment_is_now_or_after_the_holiday() {
        let rules = rules();
        let law = Law::of_country(&rules, "IL").expect("shipped");
        let next = |text: &str| {
            let at: Timestamp = text.parse().expect("a moment");
            next_open(&law, Channel::Sms, at, 14).map(|at| at.to_string())
        };
        assert_eq!(next("2026-11-26T10:00:00Z").as_deref(), Some("2026-11-26T10:00:00Z"));
        // Friday afternoon: Sunday, 9 o'clock in Jerusalem.
        assert_eq!(next("2026-11-27T10:00:00Z").as_deref(), Some("2026-11-29T07:00:00Z"));
        // The eve of Rosh Hashana, with a Sabbath in it.
        assert_eq!(next("2026-09-11T10:00:00Z").as_deref(), Some("2026-09-14T06:00:00Z"));
    }

    proptest! {
        /// What is open is open in every zone by its own clock, and what is next is open.
        #[test]
        fn nobody_is_asked_in_quiet_hours(offset in 0_i64..3_900, minute in 0_i64..1_440, which in 0_usize..3) {
            let rules = rules();
            let places = rules.etiquettes.iter().flat_map(Etiquette::names).map(|name| (name, "")).chain([
                ("US", "+16716481234"),
                ("US", "+16847331234"),
                ("FR", "+262692125123"),
                ("IL", "+12126041234"),
            ]);
            let at: Timestamp = "2026-01-04T00:00:00Z".parse().expect("a moment");
            let at = at + (offset * 24).hours() + minute.minutes();
            let channel = [Channel::Sms, Channel::Email, Channel::Call][which];
            for (country, number) in places {
                let kind = if number.is_empty() { ContactKind::Email } else { ContactKind::Phone };
                let law = Law::of_row(&rules, country, kind, number).expect("shipped");
                let etiquette = law.etiquette;
                let next = next_open(&law, channel, at, 21).expect("no holiday lasts three weeks");
                prop_assert!(next >= at && is_open(&law, channel, next), "{country} {next}");
                if is_open(&law, channel, at) {
                    prop_assert_eq!(next, at);
                }
                for zone in law.zones() {
                    let local = zone.to_datetime(next);
                    let (from, to) = etiquette.hours(channel, local.date()).expect("a day with hours");
                    prop_assert!(from <= local.time() && local.time() < to, "{country} {local}");
                    prop_assert!(!etiquette.quiet.iter().any(|quiet| quiet.from <= local && local < quiet.to));
                    prop_assert!(local.time() >= jiff::civil::time(8, 0, 0, 0) && local.time() < jiff::civil::time(21, 0, 0, 0));
                }
            }
        }
    }
}
