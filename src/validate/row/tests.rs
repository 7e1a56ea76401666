//! Rows made by hand, as standardizing leaves them.

use super::*;
use crate::record::{CellOut, ColumnIndex, Day, Detail, EmailDetail, RowNumber, StandardBatchBuilder, Standing};

/// A cell's normal form, what was learnt of it, and what was noted.
type Cell = (&'static str, Detail, Option<Code>);

const fn text(display: &'static str) -> Cell {
    (display, Detail::None, None)
}

const fn day(number: i32) -> Cell {
    ("2020-01-01", Detail::Date(Day::new(number)), None)
}

fn consent(consent: Consent) -> Cell {
    ("yes", Standing::of_any(consent).into(), None)
}

/// One row, each cell in a source column of its own unless it is given one.
fn judged(cells: &[(Field, u16, Cell)]) -> Vec<(Code, Option<u16>)> {
    let number = RowNumber::from_index(0);
    let mut builder = StandardBatchBuilder::new(vec![number]);
    for &(field, column, (display, detail, code)) in cells {
        let column = ColumnIndex(column);
        let mut out = CellOut::default();
        out.push_value(detail, |text| text.push_str(display));
        let mut standard = StandardColumn::with_capacity(field, column, 1, 0);
        standard.push(&out);
        builder.push_column(standard);
        if let Some(code) = code {
            out.mark(code);
            builder.push_marks(0, column, &out);
        }
    }
    let mut findings = Vec::new();
    RowRules::new(&RuleFiles::embedded()).expect("loads").judge(&builder.finish(), &mut findings);
    findings.iter().map(|finding| (finding.code, finding.column.map(|column| column.0))).collect()
}

fn names(first: &'static str, last: &'static str) -> Vec<(Code, Option<u16>)> {
    judged(&[(Field::FirstName, 0, text(first)), (Field::LastName, 1, text(last))])
}

#[test]
fn names_are_swapped_only_by_a_clear_margin() {
    for (first, last) in [("כהן", "דנה"), ("Cohen", "Dana"), ("לוי", "יעל"), ("בן דוד", "משה")] {
        assert_eq!(names(first, last), vec![(Code::NameSwapped, Some(0))], "{first} {last}");
    }
    for (first, last) in
        [("דנה", "כהן"), ("משה", "דוד"), ("דוד", "משה"), ("שלום", "יוסף"), ("Xqzj", "Dana"), ("כהן", "לוי")]
    {
        assert_eq!(names(first, last), vec![], "{first} {last}");
    }
}

#[test]
fn a_first_name_that_holds_both_is_told_from_two_first_names() {
    for first in ["דנה כהן", "Dana Cohen", "משה בן דוד"] {
        assert_eq!(names(first, ""), vec![(Code::NameMerged, Some(0))], "{first}");
    }
    for first in ["דנה", "בת שבע", "שרה לאה", "Mary Ann"] {
        assert_eq!(names(first, ""), vec![(Code::NameMissingLast, Some(1))], "{first}");
    }
    assert_eq!(names("", ""), vec![]);
}

#[test]
fn halves_of_one_full_name_are_never_swapped_or_merged() {
    let halves = |first, last| judged(&[(Field::FirstName, 0, text(first)), (Field::LastName, 0, text(last))]);
    assert_eq!(halves("כהן", "דנה"), vec![]);
    assert_eq!(halves("דנה", ""), vec![(Code::NameMissingLast, Some(0))]);
}

#[test]
fn dates_come_in_their_order() {
    let dates = |birth, created| judged(&[(Field::BirthDate, 3, birth), (Field::CreatedAt, 4, created)]);
    assert_eq!(dates(day(20_000), day(15_000)), vec![(Code::DateOrder, Some(3))]);
    assert_eq!(dates(day(15_000), day(15_000)), vec![]);
    assert_eq!(dates(text(""), day(15_000)), vec![]);
}

#[test]
fn a_row_without_any_readable_contact_is_told() {
    let broken = Detail::Email(EmailDetail { broken: Some(Code::EmailNoAt), class: None });
    let row = |mobile, email| judged(&[(Field::Mobile, 0, mobile), (Field::Email, 5, email)]);
    assert_eq!(row(text(""), text("")), vec![(Code::RowNoContact, None)]);
    assert_eq!(row(text(""), ("dana", broken, None)), vec![(Code::RowNoContact, None)]);
    assert_eq!(row(text("+972501234567"), text("")), vec![]);
    assert_eq!(row(text(""), text("dana@shop.co.il")), vec![]);
    assert_eq!(judged(&[(Field::City, 0, text(""))]), vec![]);
}

#[test]
fn the_same_number_in_two_columns_is_told_of_the_second() {
    let row = |mobile, phone| judged(&[(Field::Mobile, 0, text(mobile)), (Field::Phone, 1, text(phone))]);
    assert_eq!(row("+972501234567", "+972501234567"), vec![(Code::PhoneSameAsOtherField, Some(1))]);
    assert_eq!(row("+972501234567", "+97231234567"), vec![]);
    assert_eq!(row("", ""), vec![(Code::RowNoContact, None)]);
}

#[test]
fn a_permission_beside_a_refusal_is_a_contradiction() {
    let row = |refusal, sms| judged(&[(Field::DoNotContact, 0, refusal), (Field::ConsentSms, 1, sms)]);
    let contradiction = vec![(Code::ConsentContradiction, None)];
    assert_eq!(row(consent(Consent::No), consent(Consent::Yes)), contradiction);
    assert_eq!(row(consent(Consent::No), consent(Consent::No)), vec![]);
    assert_eq!(row(consent(Consent::No), consent(Consent::Unknown)), vec![]);
    assert_eq!(row(text("no"), consent(Consent::Yes)), vec![]);
}

#[test]
fn values_one_column_to_the_side_are_a_shift() {
    let shifted = judged(&[
        (Field::LastName, 1, ("050-1234567", Detail::None, Some(Code::NameLooksLikePhone))),
        (Field::Mobile, 2, ("", Detail::None, Some(Code::PhoneLooksLikeEmail))),
        (Field::Email, 3, text("")),
    ]);
    assert!(shifted.contains(&(Code::RowShifted, None)), "{shifted:?}");
    // One value in the wrong column is no shift.
    let alone = judged(&[
        (Field::LastName, 1, text("כהן")),
        (Field::Mobile, 2, ("", Detail::None, Some(Code::PhoneLooksLikeEmail))),
        (Field::Email, 3, text("")),
    ]);
    assert!(!alone.contains(&(Code::RowShifted, None)), "{alone:?}");
}
