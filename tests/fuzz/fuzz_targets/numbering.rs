//! Numbering tables: of any digits, dialled anywhere, they say what libphonenumber's complete engine says.
#![no_main]

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};

use libfuzzer_sys::fuzz_target;
use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region,
    ValidationError,
};
use tiuv::record::PhoneKind;
use tiuv::standardize::numbering::{self, Number, PossibleLength, Refusal, RegionId};

/// All regions with telephones, in the order of their ISO codes.
static HOMES: LazyLock<Vec<(Region, RegionId)>> = LazyLock::new(|| {
    let mut regions: Vec<Region> = PHONE_NUMBER_UTIL.get_supported_regions().collect();
    regions.sort_by_key(|region| region.as_region_str().to_string());
    let known = |region: Region| RegionId::of(&region.as_region_str()).map(|id| (region, id));
    regions.into_iter().filter_map(known).collect()
});

/// Which kinds of line of which region were reached, for the fuzzer: tables hold in data what code would branch on.
#[used]
#[unsafe(link_section = "__libfuzzer_extra_counters")]
static REACHED: [AtomicU8; 4096] = [const { AtomicU8::new(0) }; 4096];

fuzz_target!(|bytes: &[u8]| {
    let [how, choice, rest @ ..] = bytes else { return };
    let home = HOMES.get(usize::from(*choice)).copied();
    let plus = how & 1 != 0;
    let code = home.map_or(String::new(), |(_, id)| id.calling_code().to_string());
    let before = match how >> 1 & 7 {
        0 => code.clone(),
        1 => format!("00{code}"),
        2 => format!("{code}{code}"),
        3 => format!("{code}0"),
        _ => String::new(),
    };
    let mut digits = before.into_bytes();
    digits.extend(rest.iter().map(|byte| if byte.is_ascii_digit() { *byte } else { b'0' + byte % 10 }));
    let text = format!("{}{}", if plus { "+" } else { "" }, std::str::from_utf8(&digits).expect("digits are text"));

    let ours = numbering::read(&digits, plus, home.map(|(_, id)| id));
    let engine = PHONE_NUMBER_UTIL.parse(&text, home.map(|(region, _)| region));
    if let Ok(number) = &ours {
        let region = number.region.and_then(|region| HOMES.iter().position(|(_, id)| *id == region));
        let place = region.map_or(0, |region| region + 1) * 16 + number.kind as usize;
        REACHED[place % REACHED.len()].store(1, Ordering::Relaxed);
    }
    if ours.is_ok_and(|number| number.national().starts_with(&[b'0'; 11])) {
        // The engine writes at most ten zeros before a number, to be safe when formatting.
        assert!(!ours.is_ok_and(|number| number.is_valid()), "{text}");
        return;
    }
    let place = home.map_or("ZZ".to_owned(), |(region, _)| region.as_region_str().to_string());
    assert_eq!(ours.map(said), engine.map(engine_said).map_err(refusal), "{text} in {place}");
    assert_eq!(numbering::parse(&text, home.map(|(_, id)| id)), ours, "{text} in {place}");
});

/// E.164, region, kind of line, length, and whether its people write a zero before it.
type Said = (String, Option<String>, PhoneKind, PossibleLength, bool);

fn said(number: Number) -> Said {
    let region = number.region.map(|region| region.as_str().to_owned());
    assert_eq!(number.is_valid(), number.kind != PhoneKind::Unknown);
    (number.e164(), region, number.kind, number.length, number.writes_zero)
}

fn engine_said(number: PhoneNumber) -> Said {
    let national = number.get_national_significant_number();
    let written = number.format_as(PhoneNumberFormat::National);
    let mut digits = written.bytes().filter(u8::is_ascii_digit);
    let kind = if number.is_valid() { kind_of(number.get_type()) } else { PhoneKind::Unknown };
    let length = match number.is_possible_with_reason() {
        Ok(NumberLengthType::IsPossible) => PossibleLength::Possible,
        Ok(NumberLengthType::IsPossibleLocalOnly) => PossibleLength::LocalOnly,
        Err(ValidationError::TooShort) => PossibleLength::TooShort,
        Err(ValidationError::TooLong) => PossibleLength::TooLong,
        Err(ValidationError::InvalidLength | ValidationError::InvalidCountryCode) => PossibleLength::Between,
    };
    (
        format!("+{}{national}", number.country_code),
        number.get_region_code().map(|region| region.as_region_str().to_string()),
        kind,
        length,
        digits.next() == Some(b'0') && digits.eq(national.bytes()),
    )
}

fn refusal(error: ParseError) -> Refusal {
    match error {
        ParseError::InvalidCountryCode => Refusal::UnknownCountry,
        ParseError::NotANumber(_) => Refusal::NotANumber,
        ParseError::TooShortAfterIdd | ParseError::TooShortNsn => Refusal::TooShort,
        ParseError::TooLongNsn => Refusal::TooLong,
    }
}

fn kind_of(kind: PhoneNumberType) -> PhoneKind {
    match kind {
        PhoneNumberType::FixedLine => PhoneKind::Fixed,
        PhoneNumberType::Mobile => PhoneKind::Mobile,
        PhoneNumberType::FixedLineOrMobile => PhoneKind::FixedOrMobile,
        PhoneNumberType::TollFree => PhoneKind::TollFree,
        PhoneNumberType::PremiumRate => PhoneKind::Premium,
        PhoneNumberType::SharedCost => PhoneKind::SharedCost,
        PhoneNumberType::VoIP => PhoneKind::Voip,
        PhoneNumberType::PersonalNumber => PhoneKind::Personal,
        PhoneNumberType::Pager => PhoneKind::Pager,
        PhoneNumberType::UAN => PhoneKind::Uan,
        PhoneNumberType::VoiceMail => PhoneKind::Voicemail,
        PhoneNumberType::Unknown => PhoneKind::Unknown,
    }
}
