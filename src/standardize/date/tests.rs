//! Date cells as lists hold them.

use proptest::prelude::*;

use super::*;
use jiff::civil::date;

fn standardizer(field: Field, samples: &[&str]) -> DateStandardizer {
    let context = Context::shipped("IL", date(2026, 11, 21));
    let samples: Vec<String> = samples.iter().map(|&sample| sample.to_owned()).collect();
    let order = DateOrder::infer(&context, "", &samples).expect("the shipped rules load");
    DateStandardizer::new(&context, field, order).expect("the shipped rules load")
}

fn read(standardizer: &DateStandardizer, raw: &str) -> (String, Vec<Code>) {
    let mut out = CellOut::default();
    standardizer.standardize(raw, CellContext::default(), &mut out);
    (out.display, out.marks.iter().map(|mark| mark.code).collect())
}

#[test]
fn dates_of_every_form_come_to_the_same_day() {
    let birth = standardizer(Field::BirthDate, &["25/12/1980"]);
    for raw in [
        "1985-03-12",
        "12/03/1985",
        "12.3.1985",
        "12-3-1985",
        "12 03 1985",
        " \u{200f}12/03/1985\u{200e} ",
        "1985/3/12",
        "19850312",
        "12031985",
        "1985-03-12T00:00:00Z",
        "12/03/1985 00:00",
        "12 במרץ 1985",
        "12 מרץ, 1985",
        "12 Mar 1985",
        "March 12th, 1985",
        "Tue, 12 March 1985",
        "12 марта 1985 г.",
        "12 مارس 1985",
        "١٢/٣/١٩٨٥",
    ] {
        assert_eq!(read(&birth, raw), ("1985-03-12".to_owned(), vec![]), "{raw}");
    }
}

#[test]
fn a_reading_that_took_more_than_formatting_says_so() {
    let birth = standardizer(Field::BirthDate, &["25/12/1980"]);
    let bought = standardizer(Field::LastPurchase, &["25/12/2020"]);
    let cases = [
        (&birth, "12/03/85", "1985-03-12", Code::DateRepairTwoDigitYear),
        (&birth, "12-Mar-85", "1985-03-12", Code::DateRepairTwoDigitYear),
        (&birth, "85.03.25", "1985-03-25", Code::DateRepairTwoDigitYear),
        (&birth, "01/12/26", "1926-12-01", Code::DateRepairTwoDigitYear),
        (&birth, "31118", "1985-03-12", Code::DateRepairExcelSerial),
        (&bought, "45356.4375", "2024-03-05", Code::DateRepairExcelSerial),
        (&bought, "1709634600", "2024-03-05", Code::DateRepairUnixTime),
        (&bought, "1709634600000", "2024-03-05", Code::DateRepairUnixTime),
        (&bought, "2024-03-05T23:30:00Z", "2024-03-05", Code::DateRepairTimeStripped),
        (&bought, "20240305103000", "2024-03-05", Code::DateRepairTimeStripped),
        (&birth, "03/25/1985", "1985-03-25", Code::DateOtherOrder),
        (&birth, "1900-01-01", "", Code::DatePlaceholder),
        (&birth, "0000-00-00", "", Code::DatePlaceholder),
        (&birth, "31/02/1985", "", Code::DateImpossible),
        (&birth, "1985-13-45", "", Code::DateImpossible),
        (&birth, "1985", "", Code::DateUnparsable),
        (&birth, "March 1985", "", Code::DateUnparsable),
        (&birth, "0501234567", "", Code::DateUnparsable),
        (&birth, "ט\"ו בשבט תשמ\"ה", "", Code::DateUnparsable),
    ];
    for (standardizer, raw, display, code) in cases {
        assert_eq!(read(standardizer, raw), (display.to_owned(), vec![code]), "{raw}");
    }
}

#[test]
fn unix_times_are_read_where_the_column_is_one_of_them() {
    let seconds = standardizer(Field::BirthDate, &["377913600", "-201312000", "23673600"]);
    let millis = standardizer(Field::CreatedAt, &["1546300800000", "1577836800000"]);
    let cases = [
        (&seconds, "377913600", "1981-12-23"),
        (&seconds, "-201312000", "1963-08-16"),
        (&seconds, "\u{2212}375148800", "1958-02-11"),
        (&seconds, "23673600", "1970-10-02"),
        (&seconds, "1027036800.0", "2002-07-19"),
        (&seconds, "-1", "1969-12-31"),
        (&millis, "1609459200000", "2021-01-01"),
        (&millis, "1709251199999", "2024-02-29"),
    ];
    for (standardizer, raw, display) in cases {
        assert_eq!(read(standardizer, raw), (display.to_owned(), vec![Code::DateRepairUnixTime]), "{raw}");
    }
    // Dates that are written out stay what they are, and days to come are none.
    assert_eq!(read(&seconds, "13/03/1985"), ("1985-03-13".to_owned(), vec![]));
    assert_eq!(read(&seconds, "4102444800"), (String::new(), vec![Code::DateUnparsable]));
    // Alone, nine digits are as well a telephone number without its zero.
    let alone = standardizer(Field::BirthDate, &["377913600"]);
    assert_eq!(read(&alone, "377913600"), (String::new(), vec![Code::DateUnparsable]));
    assert_eq!(read(&alone, "-201312000").0, "1963-08-16");
}

#[test]
fn the_odd_cell_of_a_column_of_unix_times_is_read_by_itself() {
    for odd in ["n/a", "", "0", "1991-03-05", "19910305", "33302", "000"] {
        let birth = standardizer(Field::BirthDate, &["473385600", "-86400000", odd, "662688000"]);
        for (raw, display) in [("473385600", "1985-01-01"), ("-86400000", "1967-04-07")] {
            let expected = (display.to_owned(), vec![Code::DateRepairUnixTime]);
            assert_eq!(read(&birth, raw), expected, "{raw} beside {odd}");
        }
    }
    let birth = standardizer(Field::BirthDate, &["473385600000", "662688000000", "n/a"]);
    let day = |raw: &str| read(&birth, raw);
    assert_eq!(day("1991-03-05"), ("1991-03-05".to_owned(), vec![]));
    assert_eq!(day("19910305"), ("1991-03-05".to_owned(), vec![]));
    assert_eq!(day("33302"), ("1991-03-05".to_owned(), vec![Code::DateRepairExcelSerial]));
    assert_eq!(day("0"), (String::new(), vec![Code::DatePlaceholder]));
    assert_eq!(day("n/a"), (String::new(), vec![Code::DateUnparsable]));
}

#[test]
fn nothing_done_to_an_ambiguous_date_is_surer_than_the_date() {
    let silent = standardizer(Field::BirthDate, &["03/04/1985", "03/04/85", "03/04/1985 10:30"]);
    for raw in ["03/04/1985", "03/04/85", "03/04/1985 10:30"] {
        let mut out = CellOut::default();
        silent.standardize(raw, CellContext::default(), &mut out);
        assert!(out.has(Code::DateAmbiguous), "{raw}");
        assert!(out.marks.iter().all(|mark| mark.confidence.as_percent() == 75), "{raw}: {:?}", out.marks);
    }
}

#[test]
fn a_date_that_two_orders_can_read_is_marked_only_where_the_column_says_nothing() {
    let silent = standardizer(Field::BirthDate, &["03/04/1985"]);
    let speaking = standardizer(Field::BirthDate, &["03/04/1985", "03/25/1985"]);
    assert_eq!(read(&silent, "03/04/1985"), ("1985-04-03".to_owned(), vec![Code::DateAmbiguous]));
    assert_eq!(read(&silent, "04/04/1985"), ("1985-04-04".to_owned(), vec![]));
    assert_eq!(read(&speaking, "03/04/1985"), ("1985-03-04".to_owned(), vec![]));
}

#[test]
fn only_a_doubtful_placeholder_is_still_a_date() {
    let mut out = CellOut::default();
    standardizer(Field::BirthDate, &[]).standardize("1970-01-01", CellContext::default(), &mut out);
    assert_eq!(out.detail, Detail::Date(Day::EPOCH));
    out.clear();
    standardizer(Field::CreatedAt, &[]).standardize("1970-01-01", CellContext::default(), &mut out);
    assert_eq!(out.detail, Detail::None);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn reading_never_fails_and_a_second_reading_changes_nothing(
        raw in "\\PC{0,24}|[0-9]{1,14}(\\.[0-9]{1,3})?|[0-9]{1,4}[./ -][0-9]{1,4}[./ -][0-9]{1,4}( [0-9]{1,2}:[0-9]{2})?",
    ) {
        for field in [Field::BirthDate, Field::CreatedAt] {
            let standardizer = standardizer(field, &[&raw]);
            let (first, _) = read(&standardizer, &raw);
            let (second, marks) = read(&standardizer, &first);
            prop_assert_eq!(&first, &second);
            prop_assert!(!marks.iter().any(|code| code.is_repair()), "{:?}", marks);
        }
    }
}
