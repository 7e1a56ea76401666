//! Number ranges as one small table: a number's digits are walked once and say all that the ranges know of it.

use regex_automata::dfa::{Automaton, dense};
use regex_automata::util::{primitives::StateID, syntax};
use regex_automata::{Anchored, Input, MatchKind};

use crate::record::PhoneKind;
use crate::rule::RuleError;

/// Patterns over whole numbers, compiled into a table of states.
#[derive(Debug, Clone)]
pub(super) struct RangeTable {
    /// Where a digit leads, sixteen slots a state; state 0 is the dead end.
    next: Vec<u16>,
    /// Bit `i`: pattern `i` matches a number that ends here.
    matched: Vec<u64>,
    start: u16,
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
        let anchored: Vec<String> = patterns.iter().map(|pattern| format!("(?:{pattern})$")).collect();
        let config = dense::Config::new()
            .match_kind(MatchKind::All)
            .start_kind(regex_automata::dfa::StartKind::Anchored)
            .dfa_size_limit(Some(SIZE_LIMIT))
            .determinize_size_limit(Some(SIZE_LIMIT));
        let dfa = dense::Builder::new()
            .configure(config)
            .syntax(syntax::Config::new().unicode(false).utf8(false))
            .build_many(&anchored)
            .map_err(|error| wrong(error.to_string()))?;
        let start = dfa
            .start_state_forward(&Input::new("").anchored(Anchored::Yes))
            .map_err(|error| wrong(error.to_string()))?;
        Self::walk(&dfa, start).ok_or_else(|| wrong("too many different ranges for one table".to_owned()))
    }

    /// Copies the states that digits can reach.
    fn walk(dfa: &impl Automaton, start: StateID) -> Option<Self> {
        let mut states: Vec<StateID> = vec![start];
        let mut index: std::collections::HashMap<StateID, u16> = [(start, 1)].into();
        let mut table = RangeTable { next: vec![0; STRIDE], matched: vec![0], start: 1 };
        let mut done = 0;
        while done < states.len() {
            let state = states[done];
            done += 1;
            let row = table.next.len();
            table.next.resize(row + STRIDE, 0);
            for (slot, digit) in (b'0'..=b'9').enumerate() {
                let to = dfa.next_state(state, digit);
                if dfa.is_dead_state(to) {
                    continue;
                }
                let number = match index.get(&to) {
                    Some(&number) => number,
                    None => {
                        states.push(to);
                        let number = u16::try_from(states.len()).ok()?;
                        index.insert(to, number);
                        number
                    }
                };
                table.next[row + slot] = number;
            }
            let end = dfa.next_eoi_state(state);
            let hits = if dfa.is_match_state(end) { dfa.match_len(end) } else { 0 };
            let bits = (0..hits).fold(0, |bits, hit| bits | 1 << dfa.match_pattern(end, hit).as_usize());
            table.matched.push(bits);
        }
        Some(table)
    }

    /// Which patterns match these ASCII digits, bit by bit; anything but digits matches none.
    #[inline]
    pub(super) fn look_up(&self, digits: &[u8]) -> u64 {
        let mut state = self.start;
        for &digit in digits {
            let slot = usize::from(digit.wrapping_sub(b'0')).min(STRIDE - 1);
            state = self.next[usize::from(state) * STRIDE + slot];
            if state == 0 {
                return 0;
            }
        }
        self.matched[usize::from(state)]
    }
}

/// Bounds what patterns of a user's own rule file may cost, in bytes.
const SIZE_LIMIT: usize = 64 << 20;

/// The kind of line that a set of matching line types comes to, in the order in which libphonenumber looks
/// (`getNumberTypeHelper`); none where the number is not valid.
pub(super) fn kind_of(lines: u64) -> Option<PhoneKind> {
    let has = |line: usize| lines & (1 << line) != 0;
    if !has(GENERAL) {
        return None;
    }
    if let Some((line, kind)) = SPECIAL.iter().find(|(line, _)| has(*line)) {
        debug_assert!(*line < LINES.len());
        return Some(*kind);
    }
    match (has(FIXED), has(MOBILE)) {
        (true, true) => Some(PhoneKind::FixedOrMobile),
        (true, false) => Some(PhoneKind::Fixed),
        (false, true) => Some(PhoneKind::Mobile),
        (false, false) => None,
    }
}

/// The keys of `[lines]` in a `*_ranges.toml`; their positions are their bits.
pub(super) const LINES: [&str; 11] = [
    "general",
    "premium",
    "toll_free",
    "shared_cost",
    "voip",
    "personal",
    "pager",
    "uan",
    "voicemail",
    "fixed",
    "mobile",
];
const GENERAL: usize = 0;
const FIXED: usize = 9;
const MOBILE: usize = 10;
const SPECIAL: [(usize, PhoneKind); 8] = [
    (1, PhoneKind::Premium),
    (2, PhoneKind::TollFree),
    (3, PhoneKind::SharedCost),
    (4, PhoneKind::Voip),
    (5, PhoneKind::Personal),
    (6, PhoneKind::Pager),
    (7, PhoneKind::Uan),
    (8, PhoneKind::Voicemail),
];

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
