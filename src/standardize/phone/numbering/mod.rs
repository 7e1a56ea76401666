//! What numbering plans say of a number: possible, valid, region, kind of line, E.164.
//!
//! Follows libphonenumber's rules (`phonenumberutil.cc`) on tables made from its metadata, without allocation. Where a
//! rule rewrites a number (Argentine mobiles dialled with 15, Brazilian carriers), the complete engine
//! (`rlibphonenumber`) reads it; a test holds both equal on everything that the tables decide.

mod build;
mod complete;
mod kind;
mod tables;

use std::sync::LazyLock;

pub use build::build;
pub use complete::{Forms, forms};
pub(super) use tables::Label;
pub use tables::PossibleLength;

use crate::record::PhoneKind;
use tables::{CallingCode, Region, TRANSFORMED, Tables};

/// The tables, made by `TIUV_RENEW=1 cargo test --test integration numbering`.
static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    Tables::read(include_bytes!("../../../../rules/phone/numbering.bin")).expect("a test reads the shipped tables")
});

/// A region with telephones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RegionId(u16);

/// A number of a known country, valid or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// Country calling code.
    pub code: u16,
    /// Where it belongs, if its plan tells.
    pub region: Option<RegionId>,
    /// The kind of line; unknown where the number is not valid.
    pub kind: PhoneKind,
    /// Whether numbers of its length exist in its country.
    pub length: PossibleLength,
    /// People of its country write a zero before it.
    pub writes_zero: bool,
    /// E.164 in ASCII: a plus, the calling code, the national number.
    text: [u8; LONGEST_TEXT],
    national_at: u8,
    end: u8,
}

/// Why digits are no number at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Too few digits to look at.
    NotANumber,
    /// No calling code, or one that does not exist.
    UnknownCountry,
    /// Nothing behind the calling code.
    TooShort,
    /// More digits than any number has.
    TooLong,
}

/// How a reading of the tables ends early.
enum Stop {
    Refused(Refusal),
    /// A rule rewrites the number.
    Rewritten,
}

impl RegionId {
    /// The region with this ISO 3166 code in capital letters, if telephones there have a calling code.
    pub fn of(code: &str) -> Option<Self> {
        TABLES.region(code).map(RegionId)
    }

    /// The region that stands for a calling code.
    fn main(code: u16) -> Option<Self> {
        TABLES.of_code(code).map(|calling| RegionId(calling.main))
    }

    /// Its ISO 3166 code; `001` for numbers that belong to no country.
    pub fn as_str(self) -> &'static str {
        let id = &TABLES.regions[usize::from(self.0)].id;
        std::str::from_utf8(if id[2] == 0 { &id[..2] } else { id }).unwrap_or("")
    }

    /// Its country calling code.
    #[inline]
    pub fn calling_code(self) -> u16 {
        TABLES.codes[usize::from(self.plan().code)].code
    }

    #[inline]
    fn plan(self) -> &'static Region {
        &TABLES.regions[usize::from(self.0)]
    }
}

impl Number {
    #[inline]
    fn new(calling: &CallingCode, national: &[u8]) -> Option<Self> {
        let national_at = usize::from(calling.prefix_length);
        let end = national_at + national.len();
        if national.len() > LONGEST {
            return None;
        }
        let mut text = [0; LONGEST_TEXT];
        text[..calling.prefix.len()].copy_from_slice(&calling.prefix);
        // Two fixed copies that may overlap cost less than one of a length that is not known beforehand.
        match (national.first_chunk::<8>(), national.last_chunk::<8>()) {
            (Some(first), Some(last)) if national.len() <= 16 => {
                text[national_at..national_at + 8].copy_from_slice(first);
                text[end - 8..end].copy_from_slice(last);
            }
            _ => text[national_at..end].copy_from_slice(national),
        }
        Some(Number {
            code: calling.code,
            region: None,
            kind: PhoneKind::Unknown,
            length: PossibleLength::Possible,
            writes_zero: false,
            text,
            national_at: national_at as u8,
            end: end as u8,
        })
    }

    /// It is in its country's plan.
    #[inline]
    pub fn is_valid(&self) -> bool {
        self.kind != PhoneKind::Unknown
    }

    /// The national number's digits, without trunk prefix.
    #[inline]
    pub fn national(&self) -> &[u8] {
        &self.text[usize::from(self.national_at)..usize::from(self.end)]
    }

    /// Digits without this number's calling code, where they begin with it.
    #[inline]
    pub fn without_code<'a>(&self, digits: &'a [u8]) -> Option<&'a [u8]> {
        digits.strip_prefix(&self.text[1..usize::from(self.national_at)])
    }

    /// Appends the number in E.164.
    #[inline]
    pub fn write_e164(&self, text: &mut String) {
        text.push_str(std::str::from_utf8(&self.text[..usize::from(self.end)]).unwrap_or(""));
    }

    /// The number in E.164.
    pub fn e164(&self) -> String {
        let mut text = String::with_capacity(LONGEST_TEXT);
        self.write_e164(&mut text);
        text
    }
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
pub(super) fn read_with(
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

/// Walks the table of a calling code's national numbers: the dead end is 0, the start [`Walk::START`].
#[derive(Debug, Clone, Copy)]
pub(super) struct Walk(&'static CallingCode);

impl Walk {
    pub(super) const START: u16 = tables::STATE as u16;

    /// The table of a calling code.
    pub(super) fn of(code: u16) -> Option<Self> {
        TABLES.of_code(code).map(Walk)
    }

    /// Where a digit leads.
    pub(super) fn next(self, state: u16, digit: usize) -> u16 {
        TABLES.word(self.0, state, digit)
    }

    /// What is said of numbers that end here.
    pub(super) fn label(self, state: u16) -> Label {
        Label(TABLES.word(self.0, state, tables::STATE - 1))
    }
}

/// Reads text as libphonenumber's `parse` does: letters stand for digits, what follows a number is cut off, and a list's
/// own ways of writing are unknown to it. `PhoneStandardizer` reads cells of lists.
///
/// # Errors
/// Why it is no number.
pub fn parse(text: &str, home: Option<RegionId>) -> Result<Number, Refusal> {
    match super::fast::plain(text.as_bytes()).filter(|_| text.is_ascii()) {
        Some(plain) => read(plain.digits(), plain.plus, home),
        None => complete::parse(text, home),
    }
}

/// The release of libphonenumber whose metadata the tables hold.
pub fn metadata_version() -> &'static str {
    &TABLES.version
}

/// How much the tables hold: regions, calling codes, bytes.
pub fn size() -> (usize, usize, usize) {
    (TABLES.regions.len(), TABLES.codes.len(), TABLES.size())
}

/// Likewise, and says where the tables leave it to the complete engine.
#[inline(always)]
fn read_by_tables(
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

/// Digits of the shortest number.
const FEWEST: usize = 2;
/// Digits of the longest national number.
const LONGEST: usize = 17;
/// A plus and a calling code before it.
const LONGEST_TEXT: usize = LONGEST + 4;

#[cfg(test)]
mod tests;
