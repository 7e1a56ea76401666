//! The tables decide as the complete engine does.

mod build;
mod kind;
mod shipped;

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberType};

use super::number::TABLES;
use super::read::{Stop, read_by_tables};
use super::*;

/// A small generator of our own (SplitMix64), so that failures repeat.
struct Draws(u64);

impl Draws {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    fn digit(&mut self) -> char {
        char::from(b'0' + self.below(10) as u8)
    }

    /// Digits that the engine's example of this region begins with, and others behind.
    fn national(&mut self, example: &str) -> String {
        let most = if self.below(4) == 0 { example.len() + 1 } else { 5 };
        let kept = example.len() - self.below(most).min(example.len());
        let mut national: String = example[..kept].to_owned();
        let length = if self.below(5) == 0 { 1 + self.below(18) } else { example.len() };
        while national.len() < length {
            national.push(self.digit());
        }
        national
    }
}

/// National numbers of every kind of line that a region has.
fn examples(region: RegionId) -> Vec<String> {
    let engine = rlibphonenumber::Region::from_code(region.as_str()).expect("the engine knows the region");
    let example = |kind| PHONE_NUMBER_UTIL.get_example_number_for_type_and_region(engine, kind).ok();
    let mut examples: Vec<String> =
        KINDS.iter().filter_map(|kind| example(*kind)).map(|number| number.get_national_significant_number()).collect();
    if examples.is_empty() {
        examples.push("12345678".to_owned());
    }
    examples
}

const KINDS: [PhoneNumberType; 10] = [
    PhoneNumberType::FixedLine,
    PhoneNumberType::Mobile,
    PhoneNumberType::TollFree,
    PhoneNumberType::PremiumRate,
    PhoneNumberType::SharedCost,
    PhoneNumberType::VoIP,
    PhoneNumberType::PersonalNumber,
    PhoneNumberType::Pager,
    PhoneNumberType::UAN,
    PhoneNumberType::VoiceMail,
];

/// Everything that both say of digits, as text.
fn by_tables(digits: &str, plus: bool, home: Option<RegionId>) -> Option<String> {
    match read_by_tables(digits.as_bytes(), plus, home, |_, _| None) {
        Ok(number) => Some(written(Ok(number))),
        Err(Stop::Refused(refusal)) => Some(written(Err(refusal))),
        Err(Stop::Rewritten) => None,
    }
}

fn written(read: Result<Number, Refusal>) -> String {
    match read {
        Ok(number) => {
            let region = number.region.map_or("none", RegionId::as_str);
            let Number { kind, length, writes_zero, .. } = number;
            format!("{} {region} {kind:?} {length:?} {writes_zero}", number.e164())
        }
        Err(refusal) => format!("{refusal:?}"),
    }
}

#[test]
fn the_tables_and_the_complete_engine_agree_on_every_number_of_every_region() {
    let mut draws = Draws(20_261_122);
    let (mut decided, mut left, mut valid) = (0_u32, 0_u32, 0_u32);
    let regions: Vec<RegionId> = (0..TABLES.regions.len() as u16).map(RegionId).collect();
    for region in &regions {
        let code = region.calling_code().to_string();
        let examples = examples(*region);
        for round in 0..500 {
            let example = &examples[round % examples.len()];
            let national = draws.national(example);
            let before = ["", "", "", "", "0", "0", "1", "8", "00", "011", "0011", "810", "06", "15"][draws.below(14)];
            let text = match draws.below(8) {
                0 => format!("{code}{national}"),
                1 => format!("{code}0{national}"),
                2 => format!("00{code}{national}"),
                3 => format!("{code}{code}{national}"),
                4 => format!("{before}{code}{national}"),
                _ => format!("{before}{national}"),
            };
            let plus = draws.below(3) == 0;
            let home = match draws.below(6) {
                0 => None,
                1 => Some(regions[draws.below(regions.len())]),
                _ => Some(*region),
            };
            // Nobody dials in a country of its own that is none.
            let home = home.filter(|home| home.as_str() != "001");
            let Some(ours) = by_tables(&text, plus, home) else {
                left += 1;
                continue;
            };
            decided += 1;
            let engine = complete::read(text.as_bytes(), plus, home);
            valid += u32::from(engine.is_ok_and(|number| number.is_valid()));
            let sign = if plus { "+" } else { "" };
            assert_eq!(ours, written(engine), "{sign}{text} in {}", home.map_or("ZZ", RegionId::as_str));
        }
    }
    assert!(decided > 90_000 && valid > 30_000 && left * 50 < decided, "{decided} decided, {valid} valid, {left} left");
}
