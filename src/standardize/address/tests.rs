//! Address cells as lists hold them.

use proptest::prelude::*;

use super::*;
use crate::finding::Code;
use crate::record::Detail;

fn standardizer(part: AddressPart) -> AddressStandardizer {
    let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
    AddressStandardizer::new(&context, part).expect("the shipped rules load")
}

fn read(part: AddressPart, raw: &str, country: &str) -> CellOut {
    let mut out = CellOut::default();
    standardizer(part).standardize(raw, CellContext { country }, &mut out);
    out
}

fn codes(out: &CellOut) -> Vec<Code> {
    out.marks.iter().map(|mark| mark.code).collect()
}

fn part_of(out: &CellOut, field: Field) -> &str {
    out.parts.iter().find(|(name, _)| *name == field).map_or("", |(_, text)| text)
}

#[test]
fn a_street_and_its_house_number_are_told_apart() {
    let cases: &[(&str, &str, &str, &[Code])] = &[
        ("הרצל 12", "הרצל", "12", &[]),
        ("הרצל", "הרצל", "", &[]),
        ("בן גוריון 12א", "בן גוריון", "12א", &[]),
        ("הרצל 12 א'", "הרצל", "12א", &[]),
        ("הרצל 12/3", "הרצל", "12/3", &[]),
        ("הרצל 12 דירה 3", "הרצל", "12/3", &[]),
        ("הרצל 12, דירה 3", "הרצל", "12/3", &[]),
        ("הרצל 12 כניסה ב דירה 3", "הרצל", "12 כניסה ב דירה 3", &[]),
        ("הרצל מס' 12", "הרצל", "12", &[]),
        ("רח' הרצל 12", "הרצל", "12", &[Code::AddressRepairAbbreviation]),
        ("רחוב הרצל", "הרצל", "", &[Code::AddressRepairAbbreviation]),
        ("שד' רוטשילד 7", "שדרות רוטשילד", "7", &[Code::AddressRepairAbbreviation]),
        ("שדרות רוטשילד 7", "שדרות רוטשילד", "7", &[]),
        ("Herzl St. 12", "Herzl", "12", &[Code::AddressRepairAbbreviation]),
        ("12 Herzl Street", "Herzl", "12", &[Code::AddressRepairAbbreviation]),
        ("Herzl 12 Apt. 3", "Herzl", "12/3", &[]),
        ("שדרות 14 במאי 5", "שדרות 14 במאי", "5", &[]),
        ("כ\"ט בנובמבר 3", "כ\"ט בנובמבר", "3", &[]),
        ("ת.ד. 123", "ת.ד. 123", "", &[Code::AddressPoBox]),
        ("P.O. Box 123", "P.O. Box 123", "", &[Code::AddressPoBox]),
        ("ליד הסופר 24/7 בכיכר", "ליד הסופר 24/7 בכיכר", "", &[]),
        ("רחוב", "", "", &[Code::TextPlaceholder]),
        ("12", "12", "", &[]),
    ];
    for (raw, street, house, expected) in cases {
        let out = read(AddressPart::Street, raw, "");
        assert_eq!((&*out.display, part_of(&out, Field::HouseNumber)), (*street, *house), "{raw}");
        assert_eq!(codes(&out), *expected, "{raw}");
    }
}

#[test]
fn a_locality_gets_its_official_name_in_the_script_that_was_written() {
    let cases: &[(&str, &str, Option<u32>, &[Code])] = &[
        ("תל אביב-יפו", "תל אביב-יפו", Some(5000), &[]),
        ("תל אביב - יפו", "תל אביב-יפו", Some(5000), &[]),
        ("ת\"א", "תל אביב-יפו", Some(5000), &[Code::AddressRepairCityAlias]),
        ("HAIFA", "Haifa", Some(4000), &[]),
        ("Kiryat Gat", "Qiryat Gat", Some(2630), &[Code::AddressRepairCityAlias]),
        ("קרית  גת", "קריית גת", Some(2630), &[Code::TextRepairInnerSpace, Code::AddressRepairCityAlias]),
        ("יפו", "יפו", Some(5000), &[]),
        ("קרית חיים", "קרית חיים", Some(4000), &[]),
        ("אטלנטיס", "אטלנטיס", None, &[Code::AddressUnknownCity]),
    ];
    for (raw, display, code, expected) in cases {
        let out = read(AddressPart::City, raw, "");
        assert_eq!(&*out.display, *display, "{raw}");
        assert_eq!(out.detail, code.map_or(Detail::None, Detail::Place), "{raw}");
        assert_eq!(codes(&out), *expected, "{raw}");
    }
    let typo = read(AddressPart::City, "ירשולים", "");
    assert_eq!((&*typo.display, &*typo.suggestion), ("ירשולים", "ירושלים"));
    assert_eq!(codes(&typo), [Code::AddressSuggestCityTypo]);
}

#[test]
fn a_locality_of_another_country_is_not_judged() {
    let out = read(AddressPart::City, "Lisbon", "Portugal");
    assert_eq!((&*out.display, codes(&out)), ("Lisbon", vec![]));
    assert_eq!(codes(&read(AddressPart::Postcode, "1000-001", "פורטוגל")), []);
}

#[test]
fn a_street_of_another_country_stays_as_it_is_written() {
    for (raw, country) in [
        ("12 Main Street", "United States"),
        ("18 place Bellecour", "FR"),
        ("Calle 8 #12-34", "Colombia"),
        ("Hauptstr. 12", "גרמניה"),
        ("Unit 4, 221B Baker St", "GB"),
    ] {
        let out = read(AddressPart::Street, raw, country);
        assert_eq!((&*out.display, codes(&out), out.parts.len()), (raw, vec![], 0), "{raw}");
    }
    assert_eq!(read(AddressPart::Street, "12 Herzl Street", "Israel").display, "Herzl");
}

#[test]
fn what_stands_for_nothing_leaves_no_normal_form() {
    for (part, raw) in [
        (AddressPart::Street, "אין"),
        (AddressPart::Street, "-"),
        (AddressPart::Street, "רח' -"),
        (AddressPart::Street, "רחוב לא ידוע"),
        (AddressPart::House, "n/a"),
        (AddressPart::City, "xxx"),
        (AddressPart::City, "(null)"),
        (AddressPart::Whole, "לא ידוע"),
        (AddressPart::Country, "NULL"),
    ] {
        let out = read(part, raw, "");
        assert_eq!((&*out.display, codes(&out)), ("", vec![Code::TextPlaceholder]), "{raw}");
    }
    assert_eq!(read(AddressPart::Country, "NA", "").display, "NA", "Namibia");
}

#[test]
fn a_house_number_that_a_spreadsheet_made_a_date_is_offered_as_it_was_typed() {
    let cases = [
        ("04-Feb", "4/2"),
        ("Feb-04", "4/2"),
        ("4 פבר", "4/2"),
        ("Apr-45", "4/45"),
        ("Nov-1961", "11/61"),
        ("03/11/2025", "3/11"),
        ("2025-11-03T00:00:00", "3/11"),
        ("3.11.2025", "3/11"),
        ("1988-05-01", "5/88"),
        ("45964", "3/11"),
        ("45964.0", "3/11"),
    ];
    for (raw, typed) in cases {
        let out = read(AddressPart::House, raw, "");
        assert_eq!((&*out.display, &*out.suggestion), (raw, typed), "{raw}");
        assert_eq!(codes(&out), [Code::AddressSuggestSpoiltDate], "{raw}");
    }
    for raw in ["12/3", "2-4", "12א", "1234", "12-14/3", "12 כניסה ב", "May"] {
        assert_eq!(read(AddressPart::House, raw, "").suggestion, "", "{raw}");
    }
    assert_eq!(read(AddressPart::House, "45964", "US").suggestion, "");
}

#[test]
fn postal_codes_have_seven_digits() {
    let cases: &[(&str, &str, &[Code])] = &[
        ("6100000", "6100000", &[]),
        ("61000-00", "6100000", &[]),
        ("6100000.0", "6100000", &[Code::AddressRepairExcelDotZero]),
        ("61000", "61000", &[Code::AddressOldPostcode]),
        ("6100", "6100", &[Code::AddressBadPostcode]),
        ("0000000", "0000000", &[Code::AddressBadPostcode]),
        ("אין", "", &[Code::TextPlaceholder]),
    ];
    for (raw, display, expected) in cases {
        let out = read(AddressPart::Postcode, raw, "");
        assert_eq!((&*out.display, codes(&out)), (*display, expected.to_vec()), "{raw}");
    }
}

#[test]
fn a_whole_address_is_split_where_its_locality_is_known() {
    let cases: &[(&str, [&str; 4], &str)] = &[
        ("הרצל 12, תל אביב 6100000", ["הרצל", "12", "תל אביב-יפו", "6100000"], "הרצל 12, תל אביב-יפו 6100000"),
        ("רח' הרצל 12 דירה 3 חיפה", ["הרצל", "12/3", "חיפה", ""], "הרצל 12/3, חיפה"),
        ("ירושלים 7, חיפה, ישראל", ["ירושלים", "7", "חיפה", ""], "ירושלים 7, חיפה"),
        ("12 Herzl St, Haifa, Israel", ["Herzl", "12", "Haifa", ""], "Herzl 12, Haifa"),
        ("הרצל 12 באר שבע מיקוד 8400000", ["הרצל", "12", "באר שבע", "8400000"], "הרצל 12, באר שבע 8400000"),
        ("חיפה", ["", "", "חיפה", ""], "חיפה"),
        ("דרך ירושלים", ["", "", "", ""], "דרך ירושלים"),
        ("ירושלים 7", ["", "", "", ""], "ירושלים 7"),
    ];
    for (raw, parts, display) in cases {
        let out = read(AddressPart::Whole, raw, "");
        let fields = [Field::Street, Field::HouseNumber, Field::City, Field::Postcode];
        assert_eq!(fields.map(|field| part_of(&out, field)), *parts, "{raw}");
        assert_eq!(&*out.display, *display, "{raw}");
    }
}

#[test]
fn house_numbers_and_countries_have_one_form() {
    for (raw, display) in [("12", "12"), ("12.0", "12"), ("12 א", "12א"), ("מס' 12", "12"), ("12 דירה 3", "12/3")]
    {
        assert_eq!(read(AddressPart::House, raw, "").display, display, "{raw}");
    }
    for (raw, display) in [("ישראל", "IL"), ("IL", "IL"), ("usa", "US"), ("Narnia", "Narnia")] {
        assert_eq!(read(AddressPart::Country, raw, "").display, display, "{raw}");
    }
}

const PARTS: [AddressPart; 6] = [
    AddressPart::Whole,
    AddressPart::Street,
    AddressPart::House,
    AddressPart::City,
    AddressPart::Postcode,
    AddressPart::Country,
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn reading_never_fails_and_a_second_reading_changes_nothing(
        raw in "\\PC{0,24}",
        words in prop::collection::vec(
            prop::sample::select(vec![
                "הרצל", "רחוב", "רח'", "שד'", "12", "12/3", "א", "ד", "דירה", "3", ",", "חיפה", "תל", "אביב", "ק.",
                "ת.ד.", "6100000", "מיקוד", "כניסה", "ב'", "#4", "Haifa", "St.", "Blvd", "Herzl", "ישראל", "קומה", "no.",
                "P.O.", "Box", "12.0", "יפו", "-", "1-2", "גת", ".",
            ]),
            0..8,
        ),
        which in 0_usize..6,
    ) {
        thread_local! {
            static READERS: Vec<AddressStandardizer> = PARTS.map(standardizer).into();
        }
        for raw in [raw, words.join(" ")] {
            let (mut first, mut second) = (CellOut::default(), CellOut::default());
            READERS.with(|readers| {
                readers[which].standardize(&raw, CellContext::default(), &mut first);
                readers[which].standardize(&first.display, CellContext::default(), &mut second);
            });
            prop_assert_eq!(&first.display, &second.display, "{:?}", raw);
            prop_assert!(!second.marks.iter().any(|mark| mark.code.is_repair()), "{:?} {:?}", raw, second);
        }
    }
}
