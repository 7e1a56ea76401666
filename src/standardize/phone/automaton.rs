//! Patterns over digits as one minimal deterministic automaton: a number is walked once and says all that the patterns
//! know of it.
//!
//! The patterns' regexes are determinized by `regex-automata`, cut down to the ten digits, labelled, and minimized by
//! partition refinement (Moore, 1956).

use std::collections::HashMap;

use regex_automata::dfa::{Automaton as _, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::{primitives::StateID, syntax};
use regex_automata::{Anchored, Input, MatchKind};

/// A minimal automaton; state 0 is the dead end, state 1 the start.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Automaton {
    pub(super) states: Vec<State>,
}

/// Where each digit leads, and what is said of a number that ends here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct State {
    pub(super) next: [u16; 10],
    pub(super) label: u64,
}

/// What is asked of the patterns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// Which of them match the whole number.
    Whole,
    /// Which of them match the whole number, whose digits come from its last to its first.
    WholeBackwards,
    /// Which of them matches at its start, and how far: the first that matches, as a regex finds it.
    #[cfg(test)]
    Prefix,
}

/// The label of a prefix automaton's state: the pattern that matches up to here (one more than its index; 0 for none),
/// where digits follow and where the number ends. Such automata are made for the shipped tables alone.
#[cfg(test)]
pub(super) const fn prefix_label(with_more: u64, at_end: u64) -> u64 {
    with_more | at_end << 8
}

impl Automaton {
    /// Compiles patterns; `label` turns the indexes of those that match the whole number into a label.
    ///
    /// # Errors
    /// What is wrong with a pattern, or that they need more than 65,535 states.
    pub(super) fn whole(patterns: &[String], label: impl Fn(&[usize]) -> u64) -> Result<Self, String> {
        Self::matching(patterns, Question::Whole, label)
    }

    /// Likewise, to be walked from the last digit to the first: patterns that say how numbers end give up on most
    /// numbers after two or three digits.
    ///
    /// # Errors
    /// Likewise.
    pub(super) fn backwards(patterns: &[String], label: impl Fn(&[usize]) -> u64) -> Result<Self, String> {
        Self::matching(patterns, Question::WholeBackwards, label)
    }

    fn matching(patterns: &[String], question: Question, label: impl Fn(&[usize]) -> u64) -> Result<Self, String> {
        let dfa = determinize(patterns, question)?;
        let walked = walk(&dfa, |state| {
            let end = dfa.next_eoi_state(state);
            let hits = if dfa.is_match_state(end) { dfa.match_len(end) } else { 0 };
            let matched: Vec<usize> = (0..hits).map(|hit| dfa.match_pattern(end, hit).as_usize()).collect();
            label(&matched)
        })?;
        Ok(walked.minimized())
    }

    /// Compiles patterns that are looked for at the start of a number; see [`prefix_label`].
    ///
    /// # Errors
    /// Likewise.
    #[cfg(test)]
    pub(super) fn prefix(patterns: &[String]) -> Result<Self, String> {
        let dfa = determinize(patterns, Question::Prefix)?;
        let first = |state: StateID| {
            if dfa.is_match_state(state) { dfa.match_pattern(state, 0).as_u64() + 1 } else { 0 }
        };
        // A match is reported one step after its end, whatever that step is.
        let walked =
            walk(&dfa, |state| prefix_label(first(dfa.next_state(state, b'x')), first(dfa.next_eoi_state(state))))?;
        Ok(walked.minimized())
    }

    /// Merges states that no number tells apart.
    fn minimized(&self) -> Self {
        let mut classes: Vec<usize> = Vec::new();
        let mut count = 0;
        loop {
            let mut ids: HashMap<(u64, [usize; 10]), usize> = HashMap::new();
            let refined: Vec<usize> = (self.states.iter())
                .map(|state| {
                    let to = |slot: usize| classes.get(usize::from(state.next[slot])).copied().unwrap_or(0);
                    let known = ids.len();
                    *ids.entry((state.label, std::array::from_fn(to))).or_insert(known)
                })
                .collect();
            let refined_count = ids.len();
            classes = refined;
            if refined_count == count {
                return self.merged(&classes);
            }
            count = refined_count;
        }
    }

    /// One state a class, in the order in which a walk from the start meets them.
    fn merged(&self, classes: &[usize]) -> Self {
        const DEAD: usize = 0;
        const START: usize = 1;
        let mut numbers: HashMap<usize, u16> = HashMap::from([(classes[DEAD], 0)]);
        let mut order = vec![DEAD];
        // The start keeps its place even where it is a dead end too.
        numbers.entry(classes[START]).or_insert(1);
        order.push(START);
        let mut merged = Automaton { states: vec![State { label: self.states[DEAD].label, ..State::default() }] };
        let mut done = 1;
        while done < order.len() {
            let state = &self.states[order[done]];
            done += 1;
            let next = state.next.map(|to| {
                let to = usize::from(to);
                *numbers.entry(classes[to]).or_insert_with(|| {
                    order.push(to);
                    (order.len() - 1) as u16
                })
            });
            merged.states.push(State { next, label: state.label });
        }
        merged
    }
}

fn determinize(patterns: &[String], question: Question) -> Result<dense::DFA<Vec<u32>>, String> {
    let kind = match question {
        Question::Whole | Question::WholeBackwards => MatchKind::All,
        #[cfg(test)]
        Question::Prefix => MatchKind::LeftmostFirst,
    };
    // The end of the walk, whichever way it goes, is the end of the match.
    let (before, after) = match question {
        Question::Whole => ("", "$"),
        Question::WholeBackwards => ("^", ""),
        #[cfg(test)]
        Question::Prefix => ("", ""),
    };
    let patterns: Vec<String> = patterns.iter().map(|pattern| format!("{before}(?:{pattern}){after}")).collect();
    let config = dense::Config::new()
        .match_kind(kind)
        .start_kind(StartKind::Anchored)
        .dfa_size_limit(Some(SIZE_LIMIT))
        .determinize_size_limit(Some(SIZE_LIMIT));
    dense::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .thompson(thompson::Config::new().reverse(question == Question::WholeBackwards))
        .build_many(&patterns)
        .map_err(|error| {
            let mut message = error.to_string();
            let mut cause = std::error::Error::source(&error);
            while let Some(error) = cause {
                message = format!("{message}: {error}");
                cause = error.source();
            }
            message
        })
}

/// Copies the states that digits can reach.
fn walk(dfa: &dense::DFA<Vec<u32>>, label: impl Fn(StateID) -> u64) -> Result<Automaton, String> {
    let start = dfa
        .start_state_forward(&Input::new("").anchored(Anchored::Yes))
        .map_err(|error| format!("no start: {error}"))?;
    let mut reached = vec![start];
    let mut numbers: HashMap<StateID, u16> = HashMap::from([(start, 1)]);
    let mut automaton = Automaton { states: vec![State::default()] };
    let mut done = 0;
    while done < reached.len() {
        let state = reached[done];
        done += 1;
        let mut next = [0; 10];
        for (slot, digit) in (b'0'..=b'9').enumerate() {
            let to = dfa.next_state(state, digit);
            if dfa.is_dead_state(to) {
                continue;
            }
            next[slot] = match numbers.get(&to) {
                Some(number) => *number,
                None => {
                    reached.push(to);
                    let number = u16::try_from(reached.len()).map_err(|_| "too many different ranges for one table")?;
                    numbers.insert(to, number);
                    number
                }
            };
        }
        automaton.states.push(State { next, label: label(state) });
    }
    Ok(automaton)
}

/// Bounds what patterns of a user's own rule file may cost, in bytes.
const SIZE_LIMIT: usize = 64 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    fn strings(patterns: &[&str]) -> Vec<String> {
        patterns.iter().map(|pattern| (*pattern).to_owned()).collect()
    }

    fn end_of(automaton: &Automaton, digits: &str) -> u64 {
        let step = |state: u16, digit: u8| automaton.states[usize::from(state)].next[usize::from(digit - b'0')];
        automaton.states[usize::from(digits.bytes().fold(1, step))].label
    }

    #[test]
    fn states_that_no_number_tells_apart_are_one() {
        // 1x and 2x end alike: dead, start, after the first digit, end.
        let automaton = Automaton::whole(&strings(&[r"1\d|2\d"]), |hits| hits.len() as u64).expect("compiles");
        assert_eq!(automaton.states.len(), 4);
        assert_eq!((end_of(&automaton, "19"), end_of(&automaton, "1"), end_of(&automaton, "39")), (1, 0, 0));
    }

    #[test]
    fn a_number_can_be_walked_from_its_end() {
        let automaton = Automaton::backwards(&strings(&[r"[2-9]\d?(?:123|7{2})"]), |hits| hits.len() as u64);
        let automaton = automaton.expect("compiles");
        let ends = |digits: &str| end_of(&automaton, &digits.chars().rev().collect::<String>());
        assert_eq!(["5123", "50123", "577", "1123", "512", "500123"].map(ends), [1, 1, 1, 0, 0, 0]);
    }

    #[test]
    fn a_prefix_is_found_as_a_regex_finds_it() {
        // The first alternative that matches wins, and `$` means the end of the number.
        let automaton = Automaton::prefix(&strings(&[r"([47]\d)$", "1|12?"])).expect("compiles");
        assert_eq!(end_of(&automaton, "47"), prefix_label(0, 1));
        assert_eq!(end_of(&automaton, "1"), prefix_label(2, 2));
        assert_eq!(end_of(&automaton, "12"), 0, "`1` was taken, the longer one is never looked for");
    }

    #[test]
    fn nothing_matches_an_automaton_without_patterns() {
        let automaton = Automaton::whole(&[], |hits| hits.len() as u64).expect("compiles");
        assert_eq!(end_of(&automaton, "5"), 0);
    }

    #[test]
    fn a_pattern_that_does_not_compile_says_why() {
        assert!(Automaton::whole(&strings(&["("]), |_| 0).expect_err("unbalanced").contains("unclosed"));
    }
}
