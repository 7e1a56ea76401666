//! The ordinary cell: digits and the marks that group them, taken in one walk over its bytes.
//!
//! Takes only cells that the long way would read as one run of digits; whether they are a number is asked afterwards.

/// The digits of a cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plain {
    digits: [u8; MOST],
    count: u8,
    /// A plus stands before them.
    pub(super) plus: bool,
}

impl Plain {
    /// ASCII digits, at least one.
    #[inline]
    pub(super) fn digits(&self) -> &[u8] {
        &self.digits[..usize::from(self.count)]
    }
}

/// The digits of a cell that holds nothing but digits, spaces, dashes, dots, brackets, marks of direction, and a plus
/// before the first digit; none where it holds something else, or may be a date or a number out of a spreadsheet.
#[inline]
pub(super) fn plain(raw: &[u8]) -> Option<Plain> {
    let (plus, rest) = match raw.split_first() {
        Some((b'+', rest)) => (true, rest),
        _ => (false, raw),
    };
    if rest.len() > MOST {
        return plain_with_marks(raw);
    }
    // Where dashes stand differs from cell to cell: counting without a branch costs less than guessing wrong.
    let mut digits = [0_u8; MOST];
    let (mut count, mut dashes) = (0, 0);
    for byte in rest {
        let class = CLASSES[usize::from(*byte)];
        if class == OTHER {
            return plain_with_marks(raw);
        }
        digits[count] = *byte;
        count += usize::from(class & DIGIT);
        dashes += usize::from(class >> 1 & 1);
    }
    ended(digits, count, plus, dashes)
}

/// Likewise, for cells with marks that are seldom or can't be seen.
fn plain_with_marks(raw: &[u8]) -> Option<Plain> {
    let mut digits = [0_u8; MOST];
    let mut count = 0;
    let mut plus = false;
    let mut dashes = 0;
    let mut since_dot = MOST;
    let mut rest = raw;
    while let [byte, others @ ..] = rest {
        rest = others;
        match *byte {
            digit @ b'0'..=b'9' => {
                *digits.get_mut(count)? = digit;
                count += 1;
                since_dot += 1;
            }
            b' ' | b'(' | b')' => {}
            b'-' => dashes += 1,
            b'+' if count == 0 && !plus => plus = true,
            b'.' if count > 0 => {
                dashes += 1;
                since_dot = 0;
            }
            // Left-to-right and right-to-left marks, embeddings and their ends; hyphens and dashes.
            0xe2 => match others {
                [0x80, 0x8e | 0x8f | 0xaa..=0xae, after @ ..] => rest = after,
                [0x80, 0x90..=0x95, after @ ..] => {
                    rest = after;
                    dashes += 1;
                }
                _ => return None,
            },
            // Maqaf.
            0xd6 if others.first() == Some(&0xbe) => {
                rest = &others[1..];
                dashes += 1;
            }
            // No-break space.
            0xc2 if others.first() == Some(&0xa0) => rest = &others[1..],
            _ => return None,
        }
    }
    // `2345678.0` is a number out of a spreadsheet.
    if since_dot < 3 {
        return None;
    }
    ended(digits, count, plus, dashes)
}

#[inline]
fn ended(digits: [u8; MOST], count: usize, plus: bool, dashes: usize) -> Option<Plain> {
    // `12-03-1985` and `12031985` are dates.
    let is_short = count <= DATE_DIGITS && !plus;
    if count == 0 || (is_short && (dashes == 2 || may_be_date(&digits[..count]))) {
        return None;
    }
    Some(Plain { digits, count: count as u8, plus })
}

const DIGIT: u8 = 1;
const DASH: u8 = 2;
const OTHER: u8 = 4;

/// What each byte means in the ordinary cell.
const CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut digit = b'0';
    while digit <= b'9' {
        classes[digit as usize] = DIGIT;
        digit += 1;
    }
    classes[b'-' as usize] = DASH;
    classes[b' ' as usize] = 0;
    classes[b'(' as usize] = 0;
    classes[b')' as usize] = 0;
    classes
};

/// Eight digits with the first half of a year of this century or the last where a date has it.
fn may_be_date(digits: &[u8]) -> bool {
    let is_century = |at: usize| matches!(digits.get(at..at + 2), Some(b"19" | b"20"));
    digits.len() == DATE_DIGITS && (is_century(0) || is_century(4))
}

/// Room for a number with `00`, a doubled country code and marks between; longer cells hold more than one.
const MOST: usize = 24;
/// Digits of a date with a whole year.
const DATE_DIGITS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_digits_are_taken_and_nothing_else() {
        let cases = [
            ("050-2345678", Some("0502345678")),
            ("(+972) 50.234.5678", Some("972502345678")),
            ("\u{200f}050\u{5be}2345678\u{200e}", Some("0502345678")),
            ("050\u{2013}234\u{a0}5678", Some("0502345678")),
            ("32 12 34 56", Some("32123456")),
            ("12-03-1985", None),
            ("12031985", None),
            ("502345678.0", None),
            ("050-2345678 x", None),
            ("050/2345678", None),
            ("050+2345678", None),
            ("", None),
            ("()", None),
            ("1234567890123456789012345", None),
        ];
        for (raw, expected) in cases {
            let got = plain(raw.as_bytes());
            assert_eq!(got.as_ref().map(|plain| plain.digits()), expected.map(str::as_bytes), "{raw:?}");
        }
    }
}
