//! Reads one number: what the numbering tables say, and around it what national plans and a user's own ranges add.

use super::numbering::{self, Number, PossibleLength, Refusal, RegionId};
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
    /// The number; none where it can't be shown for certain.
    pub(super) number: Option<Number>,
    /// The calling code, for looking its plan up; 0 where there is none.
    pub(super) code: u16,
    /// What the plan knows of it.
    pub(super) known: Known,
    /// Repairs made and reasons why it is not a number.
    pub(super) codes: Codes,
    /// A better value.
    pub(super) suggestion: Option<Box<Suggestion>>,
}

/// A better value, to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Suggestion {
    /// A number, with the code that offers it.
    Number(Code, Number),
    /// Two numbers that the digits can mean.
    Either(Number, Number),
}

/// The few codes of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Codes([Option<Code>; 4]);

impl Codes {
    fn of(codes: &[Code]) -> Self {
        Codes::of_iter(codes.iter().copied())
    }

    fn of_iter(codes: impl Iterator<Item = Code>) -> Self {
        let mut few = Codes::default();
        codes.for_each(|code| few.push(code));
        few
    }

    pub(super) fn push(&mut self, code: Code) {
        if let Some(slot) = self.0.iter_mut().find(|slot| slot.is_none()) {
            *slot = Some(code);
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Code> {
        self.0.iter().flatten().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0[0].is_none()
    }

    fn has_repair(&self) -> bool {
        self.iter().any(Code::is_repair)
    }
}

impl Reading {
    fn unreadable(validity: PhoneValidity, codes: &[Code]) -> Self {
        Reading {
            validity,
            kind: PhoneKind::Unknown,
            number: None,
            code: 0,
            known: Known::default(),
            codes: Codes::of(codes),
            suggestion: None,
        }
    }

    /// A valid number that needed no repair: it can stand beside another one in a cell.
    pub(super) fn is_plain(&self) -> bool {
        self.validity == PhoneValidity::Valid && self.number.is_some() && !self.codes.has_repair()
    }

    /// There is something to show.
    pub(super) fn is_usable(&self) -> bool {
        self.number.is_some()
    }

    /// The number where it is valid without any repair.
    fn plain(&self) -> Option<Number> {
        self.number.filter(|_| self.is_plain())
    }
}

/// Reads a number written as digits, behind a plus or without one.
#[inline]
pub(super) fn read(plans: &Plans, digits: &[u8], plus: bool, region: Option<RegionId>) -> Reading {
    if digits.len() > MOST_DIGITS {
        return Reading::unreadable(PhoneValidity::TooLong, &[]);
    }
    if plus {
        // `+00` is a plus and the prefix that it stands for.
        return match digits.strip_prefix(b"00") {
            Some(rest) => international(plans, rest, &[Code::PhoneRepairIddStripped]),
            None => international(plans, digits, &[]),
        };
    }
    if let Some(rest) = digits.strip_prefix(b"00") {
        let reading = international(plans, rest, &[Code::PhoneRepairIddStripped]);
        if reading.validity == PhoneValidity::Valid {
            return reading;
        }
    }
    match region {
        Some(region) => national(plans, digits, region),
        None => {
            let unreadable = Reading::unreadable(PhoneValidity::Unreadable, &[Code::PhoneNoDefaultRegion]);
            Reading { suggestion: plus_restored(plans, digits), ..unreadable }
        }
    }
}

/// A plus and the rest. Digits that the number does not hold (a trunk zero after the country code) were a repair.
#[inline]
fn international(plans: &Plans, digits: &[u8], done: &[Code]) -> Reading {
    let (number, known) = match numbered(plans, digits, true, None) {
        Ok(found) => found,
        Err(refusal) => return refused(refusal),
    };
    let mut reading = judged(plans, &number, known, done);
    if reading.validity != PhoneValidity::Valid
        && !done.contains(&Code::PhoneRepairCcDoubled)
        && let Some(repaired) = with_code_once(plans, digits, &number, done)
    {
        return repaired;
    }
    if number.without_code(digits) != Some(number.national()) {
        reading.codes.push(Code::PhoneRepairTrunkAfterCc);
    }
    if reading.validity == PhoneValidity::Valid { reading } else { only_if_certain(reading) }
}

/// As dialled within its country, or with the country code but without the plus.
#[inline]
fn national(plans: &Plans, digits: &[u8], region: RegionId) -> Reading {
    let plan = plans.of(region.calling_code());
    if plan.is_through_a_carrier(digits)
        && let Some(reading) = through_a_carrier(plans, digits, region)
    {
        return reading;
    }
    let shorts = plan.short_codes(digits);
    if !shorts.is_empty() {
        let shorts = Codes::of_iter(shorts.iter().copied());
        let unreadable = Reading::unreadable(PhoneValidity::Unreadable, &[]);
        return Reading { kind: PhoneKind::ShortCode, codes: shorts, ..unreadable };
    }
    let (number, known) = match numbered(plans, digits, false, Some(region)) {
        Ok(found) => found,
        Err(refusal) => return refused(refusal),
    };
    let mut reading = judged(plans, &number, known, &[]);
    let is_home = number.code == region.calling_code();
    let own = if is_home { number.national() } else { &[] };
    let begins_with_zero = digits.first() == Some(&b'0');
    let behind_code = if is_home && !begins_with_zero { number.without_code(digits) } else { None };
    if !own.is_empty() && behind_code.and_then(|rest| rest.strip_prefix(b"0")) == Some(own) {
        reading.codes.push(Code::PhoneRepairTrunkAfterCc);
    } else if digits == own {
        if number.writes_zero {
            reading.codes.push(Code::PhoneRepairZeroRestored);
            if let Some(abroad) = with_plus(plans, digits).filter(|_| reading.validity == PhoneValidity::Valid) {
                return either(number, abroad);
            }
        }
    } else if behind_code.is_some_and(|rest| rest != own) {
        // Something was dropped that is no trunk prefix.
        reading.codes.push(Code::PhoneRepairCcDoubled);
    }
    if reading.validity == PhoneValidity::Valid {
        return reading;
    }
    if is_home && let Some(repaired) = with_code(plans, digits, &number) {
        return repaired;
    }
    not_valid(plans, plan, digits, reading)
}

/// Digits of the region that hold its country code twice (`97200972…`), or behind a trunk zero (`0972…`); none where that
/// gives no valid number.
#[cold]
fn with_code(plans: &Plans, digits: &[u8], number: &Number) -> Option<Reading> {
    let behind_zeros = without_zeros(digits);
    if behind_zeros.len() == digits.len() {
        return with_code_once(plans, digits, number, &[]);
    }
    number.without_code(behind_zeros)?;
    let repaired = international(plans, behind_zeros, &[Code::PhoneRepairIddStripped]);
    (repaired.validity == PhoneValidity::Valid).then_some(repaired)
}

/// The number of digits that hold its country code several times in a row, perhaps with zeros between: `00` again, or a
/// trunk zero. None where they hold it once, or where that gives no valid number.
#[cold]
fn with_code_once(plans: &Plans, digits: &[u8], number: &Number, done: &[Code]) -> Option<Reading> {
    let done = [done, &[Code::PhoneRepairCcDoubled]].concat();
    let mut rest = number.without_code(digits)?;
    loop {
        let again = without_zeros(rest);
        rest = number.without_code(again)?;
        let repaired = international(plans, again, &done);
        if repaired.validity == PhoneValidity::Valid {
            return Some(repaired);
        }
    }
}

fn without_zeros(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    &digits[zeros..]
}

/// Digits that can be a number abroad dialled through a carrier. Only where that leads home again, and nothing else is
/// valid, it is taken for certain; a guess would turn service numbers into Luxembourg's. None where it can't be.
fn through_a_carrier(plans: &Plans, digits: &[u8], region: RegionId) -> Option<Reading> {
    let rest = digits.get(CARRIER_PREFIX..)?;
    let abroad = numbering::read(rest, true, None).ok().filter(|number| number.length == PossibleLength::Possible)?;
    let valid_abroad = international(plans, rest, &[]).plain();
    let valid_home = digits.get(1..).and_then(|rest| {
        let number = numbering::read(rest, false, Some(region)).ok()?;
        (number.is_valid() && number.national() == rest).then_some(number)
    });
    match (valid_abroad, valid_home) {
        (Some(_), None) if abroad.code == region.calling_code() => {
            Some(international(plans, rest, &[Code::PhoneRepairIddStripped]))
        }
        (abroad, home) => {
            let mut reading = Reading::unreadable(PhoneValidity::Unreadable, &[Code::PhoneIddGuess]);
            reading.suggestion = match (abroad, home) {
                (Some(abroad), Some(home)) => {
                    reading.codes.push(Code::PhoneSuggestTwoReadings);
                    Some(Box::new(Suggestion::Either(home, abroad)))
                }
                (Some(abroad), None) => offer(Code::PhoneSuggestPlusRestored, abroad),
                _ => None,
            };
            Some(reading)
        }
    }
}

/// Two valid readings: neither is taken.
fn either(first: Number, second: Number) -> Reading {
    let unreadable = Reading::unreadable(PhoneValidity::Unreadable, &[Code::PhoneSuggestTwoReadings]);
    Reading { suggestion: Some(Box::new(Suggestion::Either(first, second))), ..unreadable }
}

/// A national number that is not valid as it stands: what else it may be.
#[cold]
fn not_valid(plans: &Plans, plan: &Plan, digits: &[u8], reading: Reading) -> Reading {
    if let Some(rules) = &plan.rules {
        if rules.id_digits == Some(digits.len()) && has_luhn_check_digit(digits) {
            return Reading::unreadable(PhoneValidity::Unreadable, &[Code::PhoneLooksLikeIlId]);
        }
        if rules.local_digits == digits.len() && digits.first() != Some(&b'0') {
            return Reading::unreadable(PhoneValidity::Unreadable, &[Code::PhoneLocalOnly]);
        }
    }
    let mut reading = only_if_certain(reading);
    if reading.suggestion.is_none() {
        reading.suggestion = plus_restored(plans, digits);
    }
    reading
}

/// The number, and what its plan knows of it.
#[inline(always)]
fn numbered(plans: &Plans, digits: &[u8], plus: bool, region: Option<RegionId>) -> Result<(Number, Known), Refusal> {
    let mut known = None;
    let number = numbering::read_with(digits, plus, region, |code, national| {
        let (label, ranges) = plans.of(code).look_up_both(national)?;
        known = Some(ranges);
        Some(label)
    })?;
    Ok((number, known.unwrap_or_else(|| plans.of(number.code).look_up(number.national()))))
}

/// What the tables and the plan say of a number.
#[inline(always)]
fn judged(plans: &Plans, number: &Number, known: Known, done: &[Code]) -> Reading {
    let plan = plans.of(number.code);
    let national = number.national();
    let mut codes = Codes::of(done);
    let own_range = plan.own_range(known);
    let validity = if let Some(kind) = own_range {
        if kind == PhoneKind::Unknown { PhoneValidity::UnknownRange } else { PhoneValidity::Valid }
    } else if number.is_valid() {
        PhoneValidity::Valid
    } else if let Some(validity) = length_in_plan(plan, national) {
        validity
    } else {
        match number.length {
            // libphonenumber's lengths go up to 17 digits behind the country code.
            PossibleLength::Possible if is_longer_than_e164(number) => PhoneValidity::TooLong,
            PossibleLength::Possible => PhoneValidity::UnknownRange,
            PossibleLength::LocalOnly => {
                codes.push(Code::PhoneLocalOnly);
                PhoneValidity::Unreadable
            }
            PossibleLength::TooShort => PhoneValidity::TooShort,
            PossibleLength::TooLong => PhoneValidity::TooLong,
            PossibleLength::Between => PhoneValidity::BadLength,
        }
    };
    let kind = own_range.unwrap_or(number.kind);
    let suggestion = if known.has_facts() { moved(plan, known, number) } else { None };
    Reading { validity, kind, number: Some(*number), code: number.code, known, codes, suggestion }
}

fn is_longer_than_e164(number: &Number) -> bool {
    let code_digits = 1 + usize::from(number.code >= 10) + usize::from(number.code >= 100);
    code_digits + number.national().len() > E164_DIGITS
}

/// The number that a retired one became.
fn moved(plan: &Plan, known: Known, number: &Number) -> Option<Box<Suggestion>> {
    let moved = plan.moved(known)?;
    let mut digits = number.code.to_string();
    digits.push_str(&moved.with);
    digits.push_str(std::str::from_utf8(number.national().strip_prefix(moved.leading.as_bytes())?).ok()?);
    let better = numbering::read(digits.as_bytes(), true, None).ok().filter(Number::is_valid)?;
    offer(moved.code, better)
}

fn offer(code: Code, number: Number) -> Option<Box<Suggestion>> {
    Some(Box::new(Suggestion::Number(code, number)))
}

/// A number is shown where it is valid, or of a possible length and written without need of a repair.
#[cold]
fn only_if_certain(mut reading: Reading) -> Reading {
    let shown = match reading.validity {
        PhoneValidity::Valid => true,
        PhoneValidity::UnknownRange => !reading.codes.has_repair() && reading.number.is_some_and(|it| reads_back(&it)),
        _ => false,
    };
    if !shown {
        reading.number = None;
        reading.codes = Codes::of_iter(reading.codes.iter().filter(|code| !code.is_repair()));
    }
    reading
}

/// Outside known ranges a number in E.164 can read differently (leading zeros).
fn reads_back(number: &Number) -> bool {
    numbering::read(&number.e164().as_bytes()[1..], true, None).is_ok_and(|again| again == *number)
}

/// Where the plan gives numbers with these leading digits one length, a different one is an error of length, even if
/// some service has numbers as long.
#[inline]
fn length_in_plan(plan: &Plan, national: &[u8]) -> Option<PhoneValidity> {
    let lengths = &plan.rules.as_ref()?.lengths;
    // The trunk zero stays before a number that is too short to be one without it.
    let national = national.strip_prefix(b"0").unwrap_or(national);
    let length = lengths.iter().find(|length| national.starts_with(length.leading.as_bytes()))?;
    match national.len().cmp(&length.digits) {
        std::cmp::Ordering::Less => Some(PhoneValidity::TooShort),
        std::cmp::Ordering::Greater => Some(PhoneValidity::TooLong),
        std::cmp::Ordering::Equal => None,
    }
}

/// The digits as a whole international number that lost its plus.
fn with_plus(plans: &Plans, digits: &[u8]) -> Option<Number> {
    if digits.first() == Some(&b'0') || digits.len() < LEAST_INTERNATIONAL {
        return None;
    }
    international(plans, digits, &[]).plain()
}

fn plus_restored(plans: &Plans, digits: &[u8]) -> Option<Box<Suggestion>> {
    with_plus(plans, digits).and_then(|number| offer(Code::PhoneSuggestPlusRestored, number))
}

fn refused(refusal: Refusal) -> Reading {
    match refusal {
        Refusal::UnknownCountry => Reading::unreadable(PhoneValidity::Unreadable, &[Code::PhoneUnknownCountry]),
        Refusal::NotANumber | Refusal::TooShort => Reading::unreadable(PhoneValidity::TooShort, &[]),
        Refusal::TooLong => Reading::unreadable(PhoneValidity::TooLong, &[]),
    }
}

/// Luhn's check digit (ISO/IEC 7812-1, annex B), which Israeli identity numbers carry.
fn has_luhn_check_digit(digits: &[u8]) -> bool {
    let weighted = digits.iter().rev().enumerate().map(|(place, byte)| {
        let digit = u32::from(byte - b'0') * if place % 2 == 1 { 2 } else { 1 };
        digit / 10 + digit % 10
    });
    weighted.sum::<u32>() % 10 == 0
}

/// Digits that E.164 allows, country code included.
const E164_DIGITS: usize = 15;
/// A trunk prefix, `00` and a doubled country code come on top.
const MOST_DIGITS: usize = 22;
/// Digits of a prefix that names a carrier.
const CARRIER_PREFIX: usize = 3;
/// Shorter ones are rather national numbers with a digit missing.
const LEAST_INTERNATIONAL: usize = 10;
