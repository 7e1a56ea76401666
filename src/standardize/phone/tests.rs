//! What holds of the reader as a whole.

use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, Region};

use super::*;

fn reader(region: &str) -> PhoneStandardizer {
    PhoneStandardizer::new(&RuleFiles::embedded(), region).expect("the shipped rules load")
}

fn read(reader: &PhoneStandardizer, raw: &str) -> CellOut {
    let mut out = CellOut::default();
    reader.standardize(raw, CellContext::default(), &mut out);
    out
}

/// Rows of a fixture, without comments and header.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect())
}

#[test]
fn nothing_that_the_reference_calls_invalid_is_called_valid_and_no_number_comes_out_different() {
    check_against_reference(include_str!("../../../fixtures/phone/conformance.tsv"), 0.96);
}

/// The whole reference file, by hand: `TIUV_CONFORMANCE=FILE cargo test -- --ignored whole_reference`.
#[test]
#[ignore = "needs a reference file named in TIUV_CONFORMANCE"]
fn the_whole_reference_file_agrees() {
    let path = std::env::var("TIUV_CONFORMANCE").expect("names the file");
    check_against_reference(&std::fs::read_to_string(path).expect("readable"), 0.95);
}

/// `least` is the share of the reference's valid numbers that must be read; the rest is left to a person on purpose.
fn check_against_reference(text: &str, least: f64) {
    let mut readers: HashMap<String, PhoneStandardizer> = HashMap::new();
    let (mut valid, mut read_too) = (0_u32, 0_u32);
    let mut wrong: Vec<String> = Vec::new();
    let mut missed: Vec<String> = Vec::new();
    for row in rows(text) {
        let [_, class, region, raw, _, _, _, _, is_valid, _, _, _, e164, ..] = row[..] else { panic!("15 columns") };
        let reader = readers.entry(region.to_owned()).or_insert_with(|| reader(region));
        let out = read(reader, raw);
        let Some(detail) = out.detail.phone() else { continue };
        let ours = detail.validity == PhoneValidity::Valid;
        // A cell of several numbers is more than the reference reads.
        let repaired = out.has(Code::PhoneMultiple)
            || out.display.contains(';')
            || out.marks.iter().any(|mark| mark.code.is_repair());
        // Letters stand for digits in advertising, never in a list of customers.
        if class == "vanity" {
            continue;
        }
        if is_valid == "1" {
            valid += 1;
            read_too += u32::from(ours);
            if !ours {
                missed.push(format!("{class} {region} {raw}: {:?}", out.marks));
            }
            // Repairs (a lost zero, two numbers) may read more into a cell than the reference does.
            if ours && !repaired && out.display != e164 {
                wrong.push(format!("{class} {region} {raw:?} is {e164}, not {}", out.display));
            }
        } else {
            // The reference knows neither maqaf nor a doubled plus; it must agree on the plain text.
            let text = plain::plain(raw).replace("+ +", "+");
            let plain = || PHONE_NUMBER_UTIL.parse(&text, region_of(region)).is_ok_and(|number| number.is_valid());
            if ours && !repaired && !plain() {
                wrong.push(format!("{class} {region} {raw:?} is not valid, yet {}", out.display));
            }
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    let share = f64::from(read_too) / f64::from(valid);
    assert!(
        share >= least,
        "{read_too} of {valid} valid numbers were read; for example\n{}",
        missed[..missed.len().min(40)].join("\n")
    );
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

    fn digits(&mut self, count: u64) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

#[test]
fn the_table_and_the_complete_engine_agree_on_every_israeli_number() {
    let reader = reader("IL");
    let plan = reader.plans.of("972");
    let mut draws = Draws(20_261_121);
    let mut valid = 0;
    for round in 0..200_000_u64 {
        let lead =
            ["5", "5", "7", "2", "3", "4", "8", "9", "1", "15", "18", "17", "12", "19"][draws.below(14) as usize];
        let length = if round % 4 == 0 { 6 + draws.below(7) } else { if "57".contains(lead) { 8 } else { 7 } };
        let national = format!("{lead}{}", draws.digits(length));
        let number = PHONE_NUMBER_UTIL.parse(format!("+972{national}"), None);
        let number = number.ok().filter(|number| number.is_valid());
        let e164 = number.as_ref().map(|number| number.format_as(PhoneNumberFormat::E164).into_owned());
        // The engine takes a trunk zero off; the table is only asked about numbers without one.
        let expected = number.filter(|_| e164.as_deref() == Some(&format!("+972{national}"))).map(|n| n.get_type());
        let got = plan.look_up(national.as_bytes()).kind();
        valid += u32::from(got.is_some());
        assert_eq!(got, expected.map(super::number::kind_of), "{national}");
    }
    assert!(valid > 60_000, "{valid}");
}

#[test]
fn the_fast_path_writes_what_the_long_way_writes() {
    let reader = reader("IL");
    let plan = reader.plans.of("972");
    let mut draws = Draws(7);
    let mut taken = 0;
    for _ in 0..30_000 {
        let lead =
            ["50", "52", "54", "55", "57", "58", "59", "77", "2", "3", "4", "8", "9", "1"][draws.below(14) as usize];
        let count =
            if draws.below(8) == 0 { draws.below(12) } else { 9 - lead.len() as u64 - u64::from(lead.len() == 1) };
        let rest = draws.digits(count);
        let before = ["0", "0", "+972", "972", "+9720", "00972", "", "(0", " 0"][draws.below(9) as usize];
        let (between, after) =
            [("", ""), ("-", ""), (") ", ""), (" ", "."), (".", ".0"), ("-", " ")][draws.below(6) as usize];
        let raw = format!("{before}{lead}{between}{rest}{after}");
        let fast = read(&reader, &raw);
        taken += u32::from(fast::read(fast::Home { code: "972", plan }, raw.as_bytes()).is_some());
        let mut slow = CellOut::default();
        reader.read_cell(&raw, Region::from_code("IL").ok(), &mut slow);
        assert_eq!(fast, slow, "{raw:?}");
    }
    assert!(taken > 7_000, "{taken}");
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
    assert_eq!(out.display, "+972502345678;+97235234567");
    assert!(out.has(Code::PhoneRepairSplit));
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

fn is_settled(reader: &PhoneStandardizer, raw: &str) -> Result<(), TestCaseError> {
    let once = read(reader, raw);
    let twice = read(reader, &once.display);
    prop_assert_eq!(&once.display, &twice.display, "{:?}", raw);
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
