//! The tables of quiet days, held against calendars that share nothing with the program that made them.

use calendrical_calculations::gregorian::easter;
use calendrical_calculations::hebrew::{AV, BookHebrew, IYYAR, NISAN, SIVAN, TISHRI};
use jiff::civil::{Date, DateTime, Weekday, date};
use jiff::{Span, ToSpan};
use tiuv::rule::{OutreachRules, RuleFiles};

/// 1970-01-01, counted from 0001-01-01.
const EPOCH: i64 = 719_163;

fn from_fixed(fixed: i64) -> Date {
    date(1970, 1, 1).saturating_add((fixed - EPOCH).days())
}

fn hebrew(year: i32, month: u8, day: u8) -> Date {
    from_fixed(BookHebrew::fixed_from_book_hebrew(BookHebrew { year, month, day }).to_i64_date())
}

fn table(country: &str) -> Vec<(DateTime, DateTime, String)> {
    let rules = OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form");
    let (etiquette, _) = rules.country(country).expect("shipped");
    etiquette.quiet.iter().map(|quiet| (quiet.from, quiet.to, quiet.name.clone())).collect()
}

/// Of these years, sorted.
fn in_years(mut days: Vec<(DateTime, DateTime, String)>) -> Vec<(DateTime, DateTime, String)> {
    days.retain(|(from, ..)| (2026..=2036).contains(&from.year()));
    days.sort();
    days
}

#[test]
fn israels_quiet_days_are_those_of_the_hebrew_calendar_for_eleven_years() {
    let mut expected = Vec::new();
    for year in 5785..=5798 {
        let mut add = |first: Date, days: i64, eve: i8, name: &str| {
            let from = first.saturating_sub(1.day()).at(eve, 0, 0, 0);
            expected.push((from, first.saturating_add(days.days()).at(0, 0, 0, 0), name.to_owned()));
        };
        add(hebrew(year, TISHRI, 1), 2, 12, "Rosh Hashana");
        add(hebrew(year, TISHRI, 10), 1, 12, "Yom Kippur");
        add(hebrew(year, TISHRI, 15), 1, 12, "Sukkot");
        add(hebrew(year, TISHRI, 22), 1, 12, "Shemini Atzeret");
        add(hebrew(year, NISAN, 15), 1, 12, "Pesach");
        add(hebrew(year, NISAN, 21), 1, 12, "Seventh day of Pesach");
        add(hebrew(year, SIVAN, 6), 1, 12, "Shavuot");
        let moved = |day: Date, moves: &[(Weekday, i64)]| {
            let by = moves.iter().find(|(weekday, _)| *weekday == day.weekday()).map_or(0, |(_, by)| *by);
            day.saturating_add(Span::new().days(by))
        };
        let shoah = moved(hebrew(year, NISAN, 27), &[(Weekday::Friday, -1), (Weekday::Sunday, 1)]);
        add(shoah, 1, 18, "Holocaust Remembrance Day");
        let independence =
            moved(hebrew(year, IYYAR, 5), &[(Weekday::Friday, -1), (Weekday::Saturday, -2), (Weekday::Monday, 1)]);
        add(independence.saturating_sub(1.day()), 2, 18, "Day of Remembrance and Independence Day");
        add(moved(hebrew(year, AV, 9), &[(Weekday::Saturday, 1)]), 1, 18, "Tisha B'Av");
    }
    assert_eq!(in_years(table("IL")), in_years(expected));
}

#[test]
fn days_that_everybody_knows_stand_in_the_table() {
    let has = |country: &str, day: Date| {
        let noon = day.at(14, 0, 0, 0);
        table(country).iter().any(|(from, to, _)| *from <= noon && noon < *to)
    };
    // Published: Rosh Hashana 5787, Yom Kippur 5787, the Seder of 5787, Independence Day 2026 and 2030.
    for day in [date(2026, 9, 12), date(2026, 9, 21), date(2027, 4, 22), date(2026, 4, 22), date(2030, 5, 8)] {
        assert!(has("IL", day), "{day}");
    }
    assert!(!has("IL", date(2026, 11, 26)) && !has("IL", date(2026, 12, 7)), "Hanukkah is a working day");
    assert!(has("US", date(2026, 11, 26)) && has("US", date(2031, 7, 4)));
}

#[test]
fn easter_is_where_the_computus_puts_it() {
    let quiet = table("DE");
    for year in 2026..=2036 {
        let sunday = from_fixed(easter(year).to_i64_date());
        let has = |day: Date| quiet.iter().any(|(from, ..)| from.date() == day);
        assert!(has(sunday.saturating_sub(2.days())) && has(sunday.saturating_add(1.day())), "{year}");
    }
}
