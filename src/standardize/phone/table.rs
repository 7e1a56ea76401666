//! Number ranges of rule files as one small table: a number's digits are walked once and say all that the ranges know.

use std::collections::HashMap;

use super::automaton::Automaton;
use super::numbering::{Label, Walk};
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
        Self::compiled(patterns, path, |bits| Automaton::whole(patterns, bits))
    }

    /// Likewise, for [`RangeTable::look_up_backwards`] alone.
    pub(super) fn backwards(patterns: &[String], path: &str) -> Result<Self, RuleError> {
        Self::compiled(patterns, path, |bits| Automaton::backwards(patterns, bits))
    }

    fn compiled(
        patterns: &[String],
        path: &str,
        compile: impl FnOnce(fn(&[usize]) -> u64) -> Result<Automaton, String>,
    ) -> Result<Self, RuleError> {
        let wrong = |message: String| RuleError::Meaning { path: path.to_owned(), message };
        if patterns.len() > 64 {
            return Err(wrong(format!("{} patterns; at most 64 fit", patterns.len())));
        }
        let automaton = compile(|hits| hits.iter().fold(0, |bits, hit| bits | 1 << hit)).map_err(wrong)?;
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
        self.walk(digits.iter())
    }

    /// Likewise, from the last digit to the first.
    #[inline]
    pub(super) fn look_up_backwards(&self, digits: &[u8]) -> u64 {
        self.walk(digits.iter().rev())
    }

    #[inline]
    fn walk<'a>(&self, digits: impl Iterator<Item = &'a u8>) -> u64 {
        let mut state = 1;
        for digit in digits {
            let slot = usize::from(digit.wrapping_sub(b'0')).min(STRIDE - 1);
            state = usize::from(self.next[state * STRIDE + slot]);
            if state == 0 {
                return 0;
            }
        }
        self.matched[state]
    }
}

/// A range table and the numbering table of a calling code in one, so that both cost one walk.
#[derive(Debug, Clone)]
pub(super) struct JointTable {
    /// Ten places to go to, as places in this list, and a place in `said`.
    states: Vec<u16>,
    said: Vec<(Label, u64)>,
}

/// Slots a state of a joint table.
const JOINT_STRIDE: usize = 11;

impl JointTable {
    /// Joins them; none where that needs too many states.
    pub(super) fn new(ranges: &RangeTable, numbers: Walk) -> Option<Self> {
        const START: (u16, u16) = (1, Walk::START);
        let mut pairs = vec![(0, 0), START];
        let mut places: HashMap<(u16, u16), u16> = [((0, 0), 0), (START, JOINT_STRIDE as u16)].into();
        let mut said_places: HashMap<(Label, u64), u16> = HashMap::new();
        let mut joint = JointTable { states: Vec::new(), said: Vec::new() };
        let mut done = 0;
        while let Some(&(range, number)) = pairs.get(done) {
            done += 1;
            for digit in 0..10 {
                let range = if range == 0 { 0 } else { ranges.next[usize::from(range) * STRIDE + digit] };
                let number = if number == 0 { 0 } else { numbers.next(number, digit) };
                let place = match places.get(&(range, number)) {
                    Some(place) => *place,
                    None => {
                        let place = u16::try_from(pairs.len() * JOINT_STRIDE).ok()?;
                        pairs.push((range, number));
                        places.insert((range, number), place);
                        place
                    }
                };
                joint.states.push(place);
            }
            let label = if number == 0 { Label::default() } else { numbers.label(number) };
            let said = (label, ranges.matched[usize::from(range)]);
            let known = *said_places.entry(said).or_insert_with(|| {
                joint.said.push(said);
                (joint.said.len() - 1) as u16
            });
            joint.states.push(known);
        }
        Some(joint)
    }

    /// What both say of these ASCII digits.
    #[inline(always)]
    pub(super) fn look_up(&self, digits: &[u8]) -> (Label, u64) {
        let mut state = JOINT_STRIDE;
        for digit in digits {
            state = usize::from(self.states[state + usize::from(digit - b'0')]);
        }
        self.said[usize::from(self.states[state + JOINT_STRIDE - 1])]
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
