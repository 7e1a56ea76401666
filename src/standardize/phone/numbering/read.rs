//! Reads digits by the tables, and leaves what they don't decide to the complete engine.

use super::complete;
use super::number::{Number, Refusal, RegionId, TABLES};
use super::tables::{Label, PossibleLength, Region, TRANSFORMED, Tables};
use crate::standardize::phone::fast;

/// Digits of the shortest number.
const FEWEST: usize = 2;

/// How a reading of the tables ends early.
pub(super) enum Stop {
    Refused(Refusal),
    /// A rule rewrites the number.
    Rewritten,
}

/// Reads ASCII digits, written after a plus or as dialled in `home`.
///
/// # Errors
/// Why they are no number.
pub fn read(digits: &[u8], plus: bool, home: Option<RegionId>) -> Result<Number, Refusal> {
    read_with(digits, plus, home, |_, _| None)
}

/// Likewise; `labels` may know what is said of the national numbers of a calling code.
#[inline(always)]
pub(in super::super) fn read_with(
    digits: &[u8],
    plus: bool,
    home: Option<RegionId>,
    labels: impl FnOnce(u16, &[u8]) -> Option<Label>,
) -> Result<Number, Refusal> {
    match read_by_tables(digits, plus, home, labels) {
        Ok(number) => Ok(number),
        Err(Stop::Refused(refusal)) => Err(refusal),
        Err(Stop::Rewritten) => complete::read(digits, plus, home),
    }
}

/// Reads text as libphonenumber's `parse` does: letters stand for digits, what follows a number is cut off, and a list's
/// own ways of writing are unknown to it. `PhoneStandardizer` reads cells of lists.
///
/// # Errors
/// Why it is no number.
pub fn parse(text: &str, home: Option<RegionId>) -> Result<Number, Refusal> {
    match fast::plain(text.as_bytes()).filter(|_| text.is_ascii()) {
        Some(plain) => read(plain.digits(), plain.plus, home),
        None => complete::parse(text, home),
    }
}

/// As [`read_with`], but says where the tables leave it to the complete engine.
#[inline(always)]
pub(super) fn read_by_tables(
    digits: &[u8],
    plus: bool,
    home: Option<RegionId>,
    labels: impl FnOnce(u16, &[u8]) -> Option<Label>,
) -> Result<Number, Stop> {
    let tables = &*TABLES;
    let refused = |refusal| Err(Stop::Refused(refusal));
    if digits.len() < FEWEST + usize::from(plus) {
        return refused(Refusal::NotANumber);
    }
    if !plus && home.is_none() {
        return refused(Refusal::UnknownCountry);
    }
    let (code, from) = if plus {
        match after_prefix(tables, digits, 0) {
            // As if the plus were not there, provided that a calling code comes out.
            Err(Stop::Refused(Refusal::UnknownCountry)) => match dialled(tables, digits, home)? {
                (Some(code), from) => (Some(code), from),
                (None, _) => return refused(Refusal::UnknownCountry),
            },
            other => other?,
        }
    } else {
        dialled(tables, digits, home)?
    };
    let (code, plan) = match (code, home) {
        (Some(code), home) => {
            let main = tables.codes[usize::from(code)].main;
            let own = home.filter(|home| home.0 == main).map_or(RegionId(main), |home| home);
            (code, own.plan())
        }
        (None, Some(home)) => (home.plan().code, home.plan()),
        (None, None) => return refused(Refusal::UnknownCountry),
    };
    if digits.len() - from < FEWEST {
        return refused(Refusal::TooShort);
    }
    let without_trunk = strip_trunk(tables, plan, digits, from)?;
    let from = match plan.length(digits.len() - without_trunk) {
        PossibleLength::TooShort | PossibleLength::LocalOnly | PossibleLength::Between => from,
        PossibleLength::Possible | PossibleLength::TooLong => without_trunk,
    };
    let national = &digits[from..];
    if national.len() < FEWEST {
        return refused(Refusal::TooShort);
    }
    let calling = &tables.codes[usize::from(code)];
    let Some(number) = Number::new(calling, national) else { return refused(Refusal::TooLong) };
    let label = labels(calling.code, national).unwrap_or_else(|| tables.label(calling, national));
    let main = &tables.regions[usize::from(calling.main)];
    Ok(Number {
        region: label.region().map(RegionId),
        kind: label.kind(),
        length: main.length(national.len()),
        writes_zero: label.writes_zero(),
        ..number
    })
}

/// The calling code behind a plus or a prefix for numbers abroad.
#[inline(always)]
fn after_prefix(tables: &Tables, digits: &[u8], from: usize) -> Result<(Option<u16>, usize), Stop> {
    let rest = &digits[from..];
    if rest.len() <= FEWEST {
        return Err(Stop::Refused(Refusal::TooShort));
    }
    match tables.calling_code(rest) {
        Some((code, length)) => Ok((Some(code), from + length)),
        None => Err(Stop::Refused(Refusal::UnknownCountry)),
    }
}

/// The calling code of digits as dialled in a region: behind its prefix for numbers abroad, or its own one where the
/// digits are a number only without it (`maybeExtractCountryCode`). None where the digits are a national number.
#[inline(always)]
fn dialled(tables: &Tables, digits: &[u8], home: Option<RegionId>) -> Result<(Option<u16>, usize), Stop> {
    let Some(home) = home else { return Ok((None, 0)) };
    let plan = home.plan();
    // Calling codes don't begin with 0.
    if let Some(end) = tables.abroad(plan, digits).filter(|end| digits.get(*end) != Some(&b'0')) {
        return after_prefix(tables, digits, end);
    }
    if let Some((code, length)) = tables.calling_code(digits).filter(|(code, _)| *code == plan.code) {
        let rest = strip_trunk(tables, plan, digits, length)?;
        let better = !tables.is_general(plan, digits) && tables.is_general(plan, &digits[rest..]);
        if better || plan.length(digits.len()) == PossibleLength::TooLong {
            return Ok((Some(code), rest));
        }
    }
    Ok((None, 0))
}

/// Where the number starts behind its national prefix; not behind it where that makes a number none.
#[inline(always)]
fn strip_trunk(tables: &Tables, plan: &Region, digits: &[u8], from: usize) -> Result<usize, Stop> {
    if plan.has_plain_zero() {
        return Ok(from + usize::from(digits.get(from) == Some(&b'0')));
    }
    match tables.trunk(plan, &digits[from..]) {
        None | Some((0, 1)) => Ok(from),
        Some((_, TRANSFORMED)) => Err(Stop::Rewritten),
        Some((end, _)) => {
            let spoilt = tables.is_general(plan, &digits[from..]) && !tables.is_general(plan, &digits[from + end..]);
            Ok(if spoilt { from } else { from + end })
        }
    }
}
