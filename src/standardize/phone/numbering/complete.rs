//! The complete engine (`rlibphonenumber`): what the tables leave open, and a number's forms for people.

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region,
    ValidationError,
};

use super::number::{Number, Refusal, RegionId, TABLES};
use super::tables::PossibleLength;
use crate::record::PhoneKind;

/// A number as people write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forms {
    /// Within its country.
    pub national: String,
    /// From abroad.
    pub international: String,
}

/// How people write a number in E.164; none where it is no number.
pub fn forms(e164: &str) -> Option<Forms> {
    let number = PHONE_NUMBER_UTIL.parse(e164, None).ok()?;
    Some(Forms {
        national: number.format_as(PhoneNumberFormat::National).into_owned(),
        international: number.format_as(PhoneNumberFormat::International).into_owned(),
    })
}

/// Reads digits as `super::read` does.
pub(super) fn read(digits: &[u8], plus: bool, home: Option<RegionId>) -> Result<Number, Refusal> {
    let mut text = String::with_capacity(digits.len() + 1);
    if plus {
        text.push('+');
    }
    text.push_str(std::str::from_utf8(digits).unwrap_or(""));
    parse(&text, home)
}

/// Reads text as `super::parse` does.
pub(super) fn parse(text: &str, home: Option<RegionId>) -> Result<Number, Refusal> {
    let home = home.and_then(|home| Region::from_code(home.as_str()).ok());
    match PHONE_NUMBER_UTIL.parse(text, home) {
        // libphonenumber takes no extension behind two digits, which are no number but for being alone.
        Ok(number) if number.extension.as_ref().is_some_and(|extension| digits_in(text) == extension.len() + 2) => {
            Err(Refusal::NotANumber)
        }
        Ok(number) => told(&number),
        Err(error) => Err(match error {
            ParseError::InvalidCountryCode => Refusal::UnknownCountry,
            ParseError::NotANumber(_) => Refusal::NotANumber,
            ParseError::TooShortAfterIdd | ParseError::TooShortNsn => Refusal::TooShort,
            ParseError::TooLongNsn => Refusal::TooLong,
        }),
    }
}

fn digits_in(text: &str) -> usize {
    text.chars().filter(|letter| letter.is_numeric()).count()
}

/// What the engine says of a number that it has read.
fn told(number: &PhoneNumber) -> Result<Number, Refusal> {
    let code = u16::try_from(number.country_code).map_err(|_| Refusal::UnknownCountry)?;
    let national = number.get_national_significant_number();
    let calling = TABLES.of_code(code).ok_or(Refusal::UnknownCountry)?;
    let told = Number::new(calling, national.as_bytes()).ok_or(Refusal::TooLong)?;
    let written = number.format_as(PhoneNumberFormat::National);
    let mut digits = written.bytes().filter(u8::is_ascii_digit);
    let kind = if number.is_valid() { kind_of(number.get_type()) } else { PhoneKind::Unknown };
    Ok(Number {
        region: number.get_region_code().and_then(|region| match region {
            Region::World => RegionId::main(code),
            _ => RegionId::of(&region.as_region_str()),
        }),
        kind,
        length: match number.is_possible_with_reason() {
            Ok(NumberLengthType::IsPossible) => PossibleLength::Possible,
            Ok(NumberLengthType::IsPossibleLocalOnly) => PossibleLength::LocalOnly,
            Err(ValidationError::TooShort) => PossibleLength::TooShort,
            Err(ValidationError::TooLong) => PossibleLength::TooLong,
            Err(ValidationError::InvalidLength | ValidationError::InvalidCountryCode) => PossibleLength::Between,
        },
        writes_zero: digits.next() == Some(b'0') && digits.eq(national.bytes()),
        ..told
    })
}

const fn kind_of(kind: PhoneNumberType) -> PhoneKind {
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
