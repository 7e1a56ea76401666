//! A number of a known country, its region, and the shipped tables that both rest on.

use std::sync::LazyLock;

use super::tables::{self, CallingCode, Label, PossibleLength, Region, Tables};
use crate::record::PhoneKind;

/// The tables, made by `TIUV_RENEW=1 cargo test --lib numbering`.
pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    Tables::read(include_bytes!("../../../../rules/phone/numbering.bin")).expect("a test reads the shipped tables")
});

/// Digits of the longest national number.
const LONGEST: usize = 17;
/// A plus and a calling code before it.
const LONGEST_TEXT: usize = LONGEST + 4;

/// A region with telephones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RegionId(pub(super) u16);

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
    pub(super) text: [u8; LONGEST_TEXT],
    pub(super) national_at: u8,
    pub(super) end: u8,
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

impl RegionId {
    /// The region with this ISO 3166 code in capital letters, if telephones there have a calling code.
    pub fn of(code: &str) -> Option<Self> {
        TABLES.region(code).map(RegionId)
    }

    /// The region that stands for a calling code.
    pub(super) fn main(code: u16) -> Option<Self> {
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
    pub(super) fn plan(self) -> &'static Region {
        &TABLES.regions[usize::from(self.0)]
    }
}

impl Number {
    #[inline]
    pub(super) fn new(calling: &CallingCode, national: &[u8]) -> Option<Self> {
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

/// Walks the table of a calling code's national numbers: the dead end is 0, the start [`Walk::START`].
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Walk(&'static CallingCode);

impl Walk {
    pub(in super::super) const START: u16 = tables::STATE as u16;

    /// The table of a calling code.
    pub(in super::super) fn of(code: u16) -> Option<Self> {
        TABLES.of_code(code).map(Walk)
    }

    /// Where a digit leads.
    pub(in super::super) fn next(self, state: u16, digit: usize) -> u16 {
        TABLES.word(self.0, state, digit)
    }

    /// What is said of numbers that end here.
    pub(in super::super) fn label(self, state: u16) -> Label {
        Label(TABLES.word(self.0, state, tables::STATE - 1))
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
