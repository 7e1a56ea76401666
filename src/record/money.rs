//! Amounts of money, exact: whole ten-thousandths of a currency's unit.

use std::fmt;

use serde::de::{Error, Unexpected, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An amount in ten-thousandths of a unit; the currency is the service's own and never named.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(u64);

/// Ten-thousandths in a unit.
const UNIT: u64 = 10_000;
const DECIMALS: usize = 4;
/// Millionths in a unit.
const MILLIONTHS: u64 = 1_000_000;

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// From ten-thousandths of a unit.
    pub const fn from_ten_thousandths(amount: u64) -> Self {
        Money(amount)
    }

    /// In ten-thousandths of a unit.
    pub const fn ten_thousandths(self) -> u64 {
        self.0
    }

    /// In millionths of a unit, as costs of planned contacts are kept; never above what a signed number holds.
    pub const fn millionths(self) -> u64 {
        const MOST: u64 = i64::MAX.cast_unsigned();
        let millionths = self.0.saturating_mul(MILLIONTHS / UNIT);
        if millionths < MOST { millionths } else { MOST }
    }

    /// The sum; none where it is beyond counting.
    pub const fn plus(self, other: Money) -> Option<Money> {
        match self.0.checked_add(other.0) {
            Some(sum) => Some(Money(sum)),
            None => None,
        }
    }

    /// The difference, never below nothing.
    pub const fn minus(self, other: Money) -> Money {
        Money(self.0.saturating_sub(other.0))
    }

    /// Reads `12`, `12.5` or `0.0045`; none for a sign, an exponent, or more than four decimals.
    pub fn parse(text: &str) -> Option<Money> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(part) || part.len() > DECIMALS {
            return None;
        }
        let part = format!("{part:0<DECIMALS$}").parse::<u64>().ok()?;
        whole.parse::<u64>().ok()?.checked_mul(UNIT)?.checked_add(part).map(Money)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:04}", self.0 / UNIT, self.0 % UNIT)
    }
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Amount)
    }
}

struct Amount;

impl Visitor<'_> for Amount {
    type Value = Money;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount in quotes with at most four decimals, like \"0.0045\" or \"20\"")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Money, E> {
        Money::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_exactly_or_not_at_all() {
        let cases = [
            ("0", Some(0)),
            ("12", Some(120_000)),
            ("12.5", Some(125_000)),
            ("0.0045", Some(45)),
            ("0.00451", None),
            (".5", None),
            ("1.", None),
            ("-1", None),
            ("+1", None),
            ("1e3", None),
            ("1,5", None),
            ("", None),
            ("99999999999999999999", None),
        ];
        for (text, amount) in cases {
            assert_eq!(Money::parse(text), amount.map(Money::from_ten_thousandths), "{text:?}");
        }
    }

    #[test]
    fn what_is_shown_is_read_back() {
        for amount in [0, 1, 45, 10_000, 123_456_789] {
            let money = Money::from_ten_thousandths(amount);
            assert_eq!(Money::parse(&money.to_string()), Some(money));
        }
    }

    #[test]
    fn millionths_are_exact_and_end_where_counting_does() {
        let millionths = |text| Money::parse(text).expect("an amount").millionths();
        assert_eq!((millionths("0"), millionths("0.0045"), millionths("1200")), (0, 4_500, 1_200_000_000));
        assert_eq!(Money::from_ten_thousandths(u64::MAX).millionths(), i64::MAX as u64);
    }
}
