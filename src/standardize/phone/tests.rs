//! What holds of the reader as a whole.

use super::*;
use proptest::prelude::*;

fn reader(region: &str) -> PhoneStandardizer {
    PhoneStandardizer::new(&Context::shipped(region, jiff::civil::date(2026, 11, 21))).expect("the shipped rules load")
}

fn read(reader: &PhoneStandardizer, raw: &str) -> CellOut {
    let mut out = CellOut::default();
    reader.standardize(raw, CellContext::default(), &mut out);
    out
}

/// A small generator of our own (SplitMix64), so that failures repeat.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }

    fn digits_below(&mut self, bound: u64) -> String {
        let count = self.below(bound);
        self.digits(count)
    }

    fn digits(&mut self, count: u64) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

/// What the long way makes of a cell.
fn read_slowly(reader: &PhoneStandardizer, raw: &str) -> CellOut {
    let mut out = CellOut::default();
    reader.read_cell(raw, reader.region, &mut out);
    out
}

#[test]
fn the_fast_path_writes_what_the_long_way_writes() {
    let mut draws = Draws(7);
    let mut taken = 0;
    for region in ["IL", "US", "DE", "FR", "DK", "RU", "AR", "IT", "PS", "ZZ"] {
        let reader = reader(region);
        let home = RegionId::of(region).map_or(972, RegionId::calling_code).to_string();
        for _ in 0..6_000 {
            let lead = ["50", "52", "59", "77", "2", "3", "9", "1", "30", "6", "415"][draws.below(11) as usize];
            let short = draws.below(8) == 0;
            let rest = if short { draws.digits_below(12) } else { draws.digits(9 - lead.len() as u64) };
            let before = ["0", "0", "+", "CC", "+CC", "CC0", "00CC", "", "(0", " 0", "00", "\u{200f}0"]
                [draws.below(12) as usize]
                .replace("CC", &home);
            let (between, after) =
                [("", ""), ("-", ""), (") ", ""), (" ", "."), (".", ".0"), ("-", " "), ("\u{5be}", "")]
                    [draws.below(7) as usize];
            let raw = format!("{before}{lead}{between}{rest}{after}");
            taken += u32::from(fast::plain(raw.as_bytes()).is_some());
            assert_eq!(read(&reader, &raw), read_slowly(&reader, &raw), "{raw:?} in {region}");
        }
    }
    assert!(taken > 30_000, "{taken}");
}

#[test]
fn a_rows_country_decides_what_a_national_number_means() {
    let reader = reader("IL");
    for country in ["FR", "fr", "צרפת", "France"] {
        let mut out = CellOut::default();
        reader.standardize("06 12 34 56 78", CellContext { country }, &mut out);
        assert_eq!(out.display, "+33612345678", "{country}");
    }
    let mut out = CellOut::default();
    reader.standardize("050-2345678", CellContext { country: "Atlantis" }, &mut out);
    assert_eq!(out.display, "+972502345678", "an unknown country changes nothing");
}

#[test]
fn a_second_number_is_never_dropped_unseen() {
    let out = read(&reader("IL"), "050-2345678 / 79");
    assert_eq!(out.display, "+972502345678");
    assert!(out.has(Code::PhoneMultiple) && !out.has(Code::PhoneRepairSplit));
    let out = read(&reader("IL"), "נייד: 050-2345678 בית: 03-5234567");
    assert_eq!(out.values().collect::<Vec<_>>(), ["+972502345678", "+97235234567"]);
    assert!(out.has(Code::PhoneRepairSplit));
}

#[test]
fn a_number_that_its_own_label_calls_a_fax_is_none_to_call() {
    let (mobile, landline) = ("+972502345678", "+97235234567");
    let cases: [(&str, &[&str]); 23] = [
        ("fax 03-5234567", &[]),
        ("Telefax: 03-5234567", &[]),
        ("03-5234567 (פקס)", &[]),
        ("פקס: 03-5234567", &[]),
        ("факс 03-5234567", &[]),
        ("فاكس 03-5234567", &[]),
        ("pager 03-5234567", &[]),
        ("050-2345678 fax 03-5234567", &[mobile]),
        ("050-2345678 / fax: 03-5234567", &[mobile]),
        ("fax 03-5234567, 050-2345678", &[mobile]),
        ("03-5234567 fax, 050-2345678", &[mobile]),
        ("03-5234567 fax 050-2345678", &[mobile]),
        ("03-5234567 (fax) 050-2345678", &[mobile]),
        ("03-5234567 факс; 04-8526413 дом", &["+97248526413"]),
        ("03-5234567 home 04-8526413 fax", &[landline]),
        ("tel (03) 5234567 fax (04) 8526413", &[landline]),
        ("טל 03-5234567 פקס 04-8526413 נייד 050-2345678", &[mobile, landline]),
        ("050-2345678 mobile / fax 03-5234567", &[mobile]),
        // A telephone and a fax in one.
        ("tel/fax 03-5234567", &[landline]),
        ("fax & phone: 03-5234567", &[landline]),
        ("03-5234567 (טל/פקס)", &[landline]),
        ("טלפקס 03-5234567", &[landline]),
        ("home 03-5234567", &[landline]),
    ];
    for (raw, numbers) in cases {
        let out = read(&reader("IL"), raw);
        assert_eq!(out.values().collect::<Vec<_>>(), numbers, "{raw}");
        let is_one_less = numbers.len() < raw.matches("234567").count() + raw.matches("8526413").count();
        assert_eq!(out.has(Code::PhoneLabelledFax), is_one_less, "{raw}");
        if numbers.is_empty() {
            assert_eq!(out.detail, crate::record::Detail::None, "{raw}");
        }
    }
}

#[test]
fn of_several_numbers_a_mobile_is_the_one_that_messages_go_to() {
    for raw in ["03-5234567 / 050-2345678", "בית 03-5234567 נייד 050-2345678", "+97235234567;+972502345678"] {
        let out = read(&reader("IL"), raw);
        assert_eq!(out.values().collect::<Vec<_>>(), ["+972502345678", "+97235234567"], "{raw}");
        assert_eq!(out.detail.phone().map(|phone| phone.kind), Some(crate::record::PhoneKind::Mobile), "{raw}");
    }
    let out = read(&reader("IL"), "052-2345678, 050-2345678");
    assert_eq!(out.display, "+972522345678", "of two mobiles the first");
}

#[test]
fn a_line_that_takes_no_text_messages_is_known_as_one() {
    use crate::record::Reach;
    let cases = [
        ("050-2345678", Reach::Yes, Reach::Yes),
        ("050-4123456", Reach::No, Reach::Yes),
        ("03-5234567", Reach::No, Reach::Yes),
        ("1-800-123-456", Reach::No, Reach::No),
        ("050-1234567", Reach::Unknown, Reach::Unknown),
    ];
    for (raw, sms, call) in cases {
        let detail = read(&reader("IL"), raw).detail.phone().expect("a number");
        assert_eq!((detail.sms, detail.call), (sms, call), "{raw}");
    }
}

#[test]
fn more_digits_than_e164_allows_are_too_many_even_where_the_engine_calls_them_possible() {
    let out = read(&reader("US"), "+62 8060 3971 1128 0600");
    assert_eq!(
        (out.display.as_str(), out.detail.phone().map(|phone| phone.validity)),
        ("", Some(PhoneValidity::TooLong))
    );
    assert_eq!(read(&reader("US"), "+62 8060 3971 1128 0").display, "+628060397111280");
}

/// Cells have no greatest length; time that grows with its square would be hours for some of these.
#[test]
fn a_very_long_cell_does_not_hold_up_the_list() {
    let reader = reader("IL");
    let listed =
        |before: &str| (0..20_000).map(|number| format!("{before}50{}", 2_000_000 + number)).collect::<Vec<_>>();
    assert_eq!(read(&reader, &listed("0").join(";")).values().count(), 20_000);
    assert_eq!(read(&reader, &listed("+972").join(";")).written(), listed("+972").join(";"));
    assert!(read(&reader, &"1O".repeat(50_000)).has(Code::PhoneLetterInNumber));
    for part in
        ["1 x ", "1 ", "x", "+", ",,1", "#1", ";ext=1", "0502345678 ,", "1/", "é1", "fax ", "fax 035234567 (tel/"]
    {
        read(&reader, &part.repeat(50_000));
    }
    read(&reader, &("1 ".repeat(50_000) + &"x ".repeat(50_000)));
}

fn is_settled(reader: &PhoneStandardizer, raw: &str) -> Result<(), TestCaseError> {
    let once = read(reader, raw);
    let twice = read(reader, &once.written());
    prop_assert_eq!(once.written(), twice.written(), "{:?}", raw);
    for (number, detail) in once.detailed().filter(|(number, _)| !number.is_empty()) {
        prop_assert_eq!(read(reader, number).detail, detail, "{} of {:?}", number, raw);
    }
    prop_assert!(!twice.marks.iter().any(|mark| mark.code.is_repair()), "{:?}: {:?}", raw, twice.marks);
    Ok(())
}

proptest! {
    #[test]
    fn any_text_is_read_without_panic_and_reading_twice_changes_nothing(raw in any::<String>(), home in any::<bool>()) {
        is_settled(&reader(if home { "IL" } else { "ZZ" }), &raw)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn number_like_text_is_read_twice_the_same(raw in r"(\+|00|0|972|\*)?[0-9]{1,9}([-. /,;()]{0,3}[+0-9]{1,8}){0,3}( ?(ext|שלוחה|נייד|x|o|E\+|\.0|או))?[0-9]{0,4}") {
        thread_local!(static READER: PhoneStandardizer = reader("IL"));
        READER.with(|reader| is_settled(reader, &raw))?;
    }
}
