//! Reads one number: the complete engine (`rlibphonenumber`) and, around it, what numbering plans and lists add.

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumber, PhoneNumberFormat, PhoneNumberType, Region,
    ValidationError,
};

use super::plan::{Known, Plan, Plans};
use crate::finding::Code;
use crate::record::{PhoneKind, PhoneValidity};

/// What one written number came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// How far it got.
    pub(super) validity: PhoneValidity,
    /// The kind of line.
    pub(super) kind: PhoneKind,
    /// E.164; empty where the number can't be shown for certain.
    pub(super) e164: String,
    /// The calling code's digits, for looking its plan up.
    pub(super) code: String,
    /// What the plan knows of it.
    pub(super) known: Known,
    /// Repairs made and reasons why it is not a number.
    pub(super) codes: Vec<Code>,
    /// A better value, with its code.
    pub(super) suggestion: Option<(Code, String)>,
}

impl Reading {
    fn unreadable(codes: &[Code]) -> Self {
        Reading {
            validity: PhoneValidity::Unreadable,
            kind: PhoneKind::Unknown,
            e164: String::new(),
            code: String::new(),
            known: Known::default(),
            codes: codes.to_vec(),
            suggestion: None,
        }
    }

    /// A valid number that needed no repair: it can stand beside another one in a cell.
    pub(super) fn is_plain(&self) -> bool {
        self.validity == PhoneValidity::Valid && !self.codes.iter().any(|code| code.is_repair())
    }

    /// There is something to show.
    pub(super) fn is_usable(&self) -> bool {
        !self.e164.is_empty()
    }
}

/// Reads a number written as digits, with or without a leading plus.
pub(super) fn read(plans: &Plans, written: &str, region: Option<Region>) -> Reading {
    let digits = written.strip_prefix('+').unwrap_or(written);
    if digits.len() > MOST_DIGITS {
        return Reading { validity: PhoneValidity::TooLong, ..Reading::unreadable(&[]) };
    }
    if written.len() > digits.len() {
        return international(plans, digits, &[]);
    }
    if let Some(rest) = digits.strip_prefix("00") {
        let reading = international(plans, rest, &[Code::PhoneRepairIddStripped]);
        if reading.validity == PhoneValidity::Valid {
            return reading;
        }
    }
    match region {
        Some(region) => national(plans, digits, region),
        None => {
            let mut reading = Reading::unreadable(&[Code::PhoneNoDefaultRegion]);
            reading.suggestion = with_plus(plans, digits);
            reading
        }
    }
}

/// `+` and the rest. Digits that the number does not hold (a trunk zero after the country code) were a repair.
fn international(plans: &Plans, digits: &str, done: &[Code]) -> Reading {
    let number = match PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None) {
        Ok(number) => number,
        Err(error) => return failed(&error),
    };
    let mut reading = judged(plans, &number, done);
    if reading.validity == PhoneValidity::TooLong
        && let Some(once) = digits.strip_prefix(reading.code.as_str())
        && once.starts_with(reading.code.as_str())
        && done.is_empty()
    {
        let repaired = international(plans, once, &[Code::PhoneRepairCcDoubled]);
        if repaired.validity == PhoneValidity::Valid {
            return repaired;
        }
    }
    if reading.e164.trim_start_matches('+') != digits {
        reading.codes.push(Code::PhoneRepairTrunkAfterCc);
    }
    only_if_certain(reading)
}

/// As dialled within its country, or with the country code but without the plus.
fn national(plans: &Plans, digits: &str, region: Region) -> Reading {
    let code = PHONE_NUMBER_UTIL.get_country_code_for_region(region).unwrap_or_default().to_string();
    let plan = plans.of(&code);
    if plan.rules.as_ref().is_some_and(|plan| plan.carrier_prefixes.iter().any(|prefix| digits.starts_with(prefix))) {
        return Reading::unreadable(&[Code::PhoneIddGuess]);
    }
    let shorts: Vec<Code> = plan.short_codes(digits).collect();
    if !shorts.is_empty() {
        return Reading { kind: PhoneKind::ShortCode, ..Reading::unreadable(&shorts) };
    }
    let number = match PHONE_NUMBER_UTIL.parse(digits, Some(region)) {
        Ok(number) => number,
        Err(error) => return failed(&error),
    };
    let mut reading = judged(plans, &number, &[]);
    let e164 = reading.e164.trim_start_matches('+');
    let own = e164.strip_prefix(code.as_str()).unwrap_or("");
    if digits.strip_prefix(code.as_str()).and_then(|rest| rest.strip_prefix('0')) == Some(own) && !own.is_empty() {
        reading.codes.push(Code::PhoneRepairTrunkAfterCc);
    } else if digits == own && wants_trunk_zero(&number, own) {
        reading.codes.push(Code::PhoneRepairZeroRestored);
    } else if e164 != digits && own != digits && !digits.starts_with('0') && digits.starts_with(code.as_str()) {
        // The engine dropped something that is no trunk prefix.
        reading.codes.push(Code::PhoneRepairCcDoubled);
    }
    if reading.validity == PhoneValidity::Valid {
        return only_if_certain(reading);
    }
    if digits.strip_prefix(code.as_str()).is_some_and(|rest| rest.starts_with(code.as_str())) {
        let repaired = international(plans, digits, &[]);
        if repaired.validity == PhoneValidity::Valid {
            return repaired;
        }
    }
    not_valid(plans, plan, digits, reading)
}

/// A national number that is not valid as it stands: what else it may be.
fn not_valid(plans: &Plans, plan: &Plan, digits: &str, reading: Reading) -> Reading {
    if let Some(rules) = &plan.rules {
        if rules.id_digits == Some(digits.len()) && has_luhn_check_digit(digits) {
            return Reading::unreadable(&[Code::PhoneLooksLikeIlId]);
        }
        if rules.local_digits == digits.len() && !digits.starts_with('0') {
            return Reading::unreadable(&[Code::PhoneLocalOnly]);
        }
    }
    let mut reading = only_if_certain(reading);
    if reading.suggestion.is_none() {
        reading.suggestion = with_plus(plans, digits);
    }
    reading
}

/// What the engine and the plan say of a parsed number.
fn judged(plans: &Plans, number: &PhoneNumber, done: &[Code]) -> Reading {
    let e164 = number.format_as(PhoneNumberFormat::E164).into_owned();
    let code = number.country_code.to_string();
    let national = e164.trim_start_matches('+').strip_prefix(code.as_str()).unwrap_or("");
    let plan = plans.of(&code);
    let known = plan.look_up(national.as_bytes());
    let mut codes = done.to_vec();
    let validity = if number.is_valid() {
        PhoneValidity::Valid
    } else if let Some(validity) = length_in_plan(plan, national) {
        validity
    } else {
        match number.is_possible_with_reason() {
            Ok(NumberLengthType::IsPossible) => PhoneValidity::UnknownRange,
            Ok(NumberLengthType::IsPossibleLocalOnly) => {
                codes.push(Code::PhoneLocalOnly);
                PhoneValidity::Unreadable
            }
            Err(ValidationError::TooShort) => PhoneValidity::TooShort,
            Err(ValidationError::TooLong) => PhoneValidity::TooLong,
            Err(ValidationError::InvalidLength) => PhoneValidity::BadLength,
            Err(ValidationError::InvalidCountryCode) => {
                codes.push(Code::PhoneUnknownCountry);
                PhoneValidity::Unreadable
            }
        }
    };
    let kind = if validity == PhoneValidity::Valid { kind_of(number.get_type()) } else { PhoneKind::Unknown };
    let suggestion = plan.moved(known).and_then(|moved| {
        let national = format!("{}{}", moved.with, national.strip_prefix(moved.leading.as_str())?);
        let better = PHONE_NUMBER_UTIL.parse(format!("+{code}{national}"), None).ok().filter(PhoneNumber::is_valid)?;
        Some((moved.code, better.format_as(PhoneNumberFormat::E164).into_owned()))
    });
    Reading { validity, kind, e164, code, known, codes, suggestion }
}

/// A number is shown where it is valid, or of a possible length and written without need of a repair.
fn only_if_certain(mut reading: Reading) -> Reading {
    let repaired = reading.codes.iter().any(|code| code.is_repair());
    let shown = match reading.validity {
        PhoneValidity::Valid => true,
        PhoneValidity::UnknownRange => !repaired && reads_back(&reading.e164),
        _ => false,
    };
    if !shown {
        reading.e164.clear();
        reading.codes.retain(|code| !code.is_repair());
    }
    reading
}

/// Outside known ranges the engine can write a number that it would read differently (leading zeros).
fn reads_back(e164: &str) -> bool {
    PHONE_NUMBER_UTIL.parse(e164, None).is_ok_and(|number| number.format_as(PhoneNumberFormat::E164) == e164)
}

/// Where the plan gives numbers with these leading digits one length, a different one is an error of length, even if
/// some service has numbers as long.
fn length_in_plan(plan: &Plan, national: &str) -> Option<PhoneValidity> {
    let lengths = &plan.rules.as_ref()?.lengths;
    let length = lengths.iter().find(|length| national.starts_with(length.leading.as_str()))?;
    match national.len().cmp(&length.digits) {
        std::cmp::Ordering::Less => Some(PhoneValidity::TooShort),
        std::cmp::Ordering::Greater => Some(PhoneValidity::TooLong),
        std::cmp::Ordering::Equal => None,
    }
}

/// Whether people of the country write a zero before this number, which these digits lack.
fn wants_trunk_zero(number: &PhoneNumber, national: &str) -> bool {
    let written = number.format_as(PhoneNumberFormat::National);
    let mut digits = written.bytes().filter(u8::is_ascii_digit);
    digits.next() == Some(b'0') && digits.eq(national.bytes())
}

/// The digits may be a whole international number that lost its plus.
fn with_plus(plans: &Plans, digits: &str) -> Option<(Code, String)> {
    if digits.starts_with('0') || digits.len() < LEAST_INTERNATIONAL {
        return None;
    }
    let reading = international(plans, digits, &[]);
    reading.is_plain().then_some((Code::PhoneSuggestPlusRestored, reading.e164))
}

fn failed(error: &ParseError) -> Reading {
    let (validity, codes): (_, &[Code]) = match error {
        ParseError::InvalidCountryCode => (PhoneValidity::Unreadable, &[Code::PhoneUnknownCountry]),
        ParseError::NotANumber(_) | ParseError::TooShortAfterIdd | ParseError::TooShortNsn => {
            (PhoneValidity::TooShort, &[])
        }
        ParseError::TooLongNsn => (PhoneValidity::TooLong, &[]),
    };
    Reading { validity, ..Reading::unreadable(codes) }
}

/// Luhn's check digit (ISO/IEC 7812-1, annex B), which Israeli identity numbers carry.
fn has_luhn_check_digit(digits: &str) -> bool {
    let weighted = digits.bytes().rev().enumerate().map(|(place, byte)| {
        let digit = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
        digit / 10 + digit % 10
    });
    weighted.sum::<u32>() % 10 == 0
}

pub(super) fn kind_of(kind: PhoneNumberType) -> PhoneKind {
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

/// E.164 allows 15 digits; a trunk prefix, `00` and a doubled country code come on top.
const MOST_DIGITS: usize = 22;
/// Shorter ones are rather national numbers with a digit missing.
const LEAST_INTERNATIONAL: usize = 10;
