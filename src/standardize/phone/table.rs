//! Number ranges of rule files as one small table: a number's digits are walked once and say all that the ranges know.

use super::automaton::Automaton;
use crate::rule::RuleError;

/// Patterns over whole numbers, compiled into a table of states.
#[derive(Debug, Clone)]
pub(super) struct RangeTable {
    /// Where a digit leads, sixteen slots a state; state 0 is the dead end.
    next: Vec<u16>,
    /// Bit `i`: pattern `i` matches a number that ends here.
    matched: Vec<u64>,
}

/// Slots a state; the first ten are used, and a shift is cheaper than a multiplication.
const STRIDE: usize = 16;

impl RangeTable {
    /// Compiles patterns (at most 64); `path` is the rule file to name in an error.
    pub(super) fn new(patterns: &[String], path: &str) -> Result<Self, RuleError> {
        let wrong = |message: String| RuleError::Meaning { path: path.to_owned(), message };
        if patterns.len() > 64 {
            return Err(wrong(format!("{} patterns; at most 64 fit", patterns.len())));
        }
        let bits = |hits: &[usize]| hits.iter().fold(0, |bits, hit| bits | 1 << hit);
        let automaton = Automaton::whole(patterns, bits).map_err(wrong)?;
        let mut table = RangeTable { next: Vec::new(), matched: Vec::new() };
        for state in &automaton.states {
            table.next.extend(state.next);
            table.next.resize(table.next.len() + STRIDE - state.next.len(), 0);
            table.matched.push(state.label);
        }
        Ok(table)
    }

    /// Which patterns match these ASCII digits, bit by bit; anything but digits matches none.
    #[inline]
    pub(super) fn look_up(&self, digits: &[u8]) -> u64 {
        let mut state = 1;
        for &digit in digits {
            let slot = usize::from(digit.wrapping_sub(b'0')).min(STRIDE - 1);
            state = usize::from(self.next[state * STRIDE + slot]);
            if state == 0 {
                return 0;
            }
        }
        self.matched[state]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_that_matches_the_whole_number_is_named() {
        let patterns = [r"5\d{2}", r"52\d", r"5{1,5}", r"\d*7"].map(str::to_owned);
        let table = RangeTable::new(&patterns, "test").expect("compiles");
        let cases =
            [("523", 0b0011), ("555", 0b0101), ("55", 0b0100), ("", 0), ("5", 0b0100), ("527", 0b1011), ("x", 0)];
        for (digits, bits) in cases {
            assert_eq!(table.look_up(digits.as_bytes()), bits, "{digits}");
        }
    }

    #[test]
    fn a_pattern_that_does_not_compile_is_an_error_that_names_the_file() {
        let error = RangeTable::new(&["(".to_owned()], "phone/mine.toml").expect_err("unbalanced");
        assert!(error.to_string().contains("phone/mine.toml"));
    }
}
