//! The ordinary cell of the list's own region, read from a table without the complete engine.
//!
//! Takes only what it can read exactly as the complete reading would, and leaves all else to it.

use super::plan::{Known, Plan};
use crate::record::PhoneKind;

/// A valid number of the region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ordinary {
    digits: [u8; MOST],
    from: u8,
    to: u8,
    /// The kind of line.
    pub(super) kind: PhoneKind,
    /// What the plan knows of it.
    pub(super) known: Known,
    /// It was written without its trunk zero.
    pub(super) zero_lost: bool,
}

impl Ordinary {
    /// The national number's digits.
    pub(super) fn national(&self) -> &str {
        std::str::from_utf8(&self.digits[usize::from(self.from)..usize::from(self.to)]).expect("ASCII digits only")
    }
}

/// The region's calling code and plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Home<'a> {
    /// Digits of the calling code.
    pub(super) code: &'a str,
    /// The plan with the region's line types.
    pub(super) plan: &'a Plan,
}

/// Reads a cell of digits, spaces, dashes, dots and brackets, with `+` and country code, country code alone, trunk zero,
/// or nothing before the national number.
pub(super) fn read(home: Home<'_>, raw: &[u8]) -> Option<Ordinary> {
    let mut digits = [0_u8; MOST];
    let mut count = 0;
    let mut plus = false;
    let mut bare = true;
    let mut since_dot = MOST;
    for &byte in raw {
        match byte {
            b'0'..=b'9' => {
                *digits.get_mut(count)? = byte;
                count += 1;
                since_dot += 1;
                continue;
            }
            b'+' if count == 0 && !plus => plus = true,
            b'.' if count > 0 => since_dot = 0,
            b' ' | b'-' | b'(' | b')' => {}
            _ => return None,
        }
        bare = false;
    }
    // `2345678.0` is a number out of a spreadsheet, not a grouping.
    if since_dot < 3 {
        return None;
    }
    let written = &digits[..count];
    let (from, zero_lost) = start(home.code.as_bytes(), written, plus, bare)?;
    let known = home.plan.look_up(&digits[from..count]);
    let kind = known.kind()?;
    Some(Ordinary { digits, from: from as u8, to: count as u8, kind, known, zero_lost })
}

/// Where the national number starts, and whether it lacks its zero.
#[inline]
fn start(code: &[u8], written: &[u8], plus: bool, bare: bool) -> Option<(usize, bool)> {
    match *written.first()? {
        _ if plus => {
            let rest = written.strip_prefix(code)?;
            (*rest.first()? != b'0').then_some((code.len(), false))
        }
        // Carrier and international prefixes (00, 01x) have more than one reading.
        b'0' => (!matches!(written.get(1)?, b'0' | b'1')).then_some((1, false)),
        _ if written.starts_with(code) && written.len() > LONGEST_PERSONAL => {
            (written[code.len()] != b'0').then_some((code.len(), false))
        }
        b'2'..=b'9' if bare && written.len() == LONGEST_PERSONAL => Some((0, true)),
        b'2'..=b'9' if bare && written.len() == LONGEST_PERSONAL - 1 && !may_be_date(written) => Some((0, true)),
        _ => None,
    }
}

/// Eight digits with the first half of a year of this century or the last where a date has it.
fn may_be_date(digits: &[u8]) -> bool {
    let is_century = |at: usize| matches!(digits.get(at..at + 2), Some(b"19" | b"20"));
    is_century(0) || is_century(4)
}

/// Room for `+`-less international numbers; longer cells hold more than one ordinary number.
const MOST: usize = 14;
/// Digits of a mobile number without its trunk zero.
const LONGEST_PERSONAL: usize = 9;
