//! Matching a pattern: the set of places that it can end at, as bits relative to where it begins.

use super::pattern::{Choices, Part};
use super::tokens::Tokens;

/// No match is longer, in words and ends of clauses.
const LONGEST: usize = 63;

/// Where a pattern that begins at `start` can end, as bits: bit n is n tokens further.
fn ends(pattern: &[Part], tokens: &Tokens, start: usize) -> u64 {
    run(pattern, tokens, start, 1)
}

/// How far the longest match of a pattern from `start` goes; none without a match.
pub(super) fn longest(pattern: &[Part], tokens: &Tokens, start: usize) -> Option<usize> {
    let ends = ends(pattern, tokens, start);
    (ends != 0).then(|| start + LONGEST - ends.leading_zeros() as usize)
}

/// Whether one of the patterns begins at a place.
pub(super) fn any_begins_at(patterns: &Choices, tokens: &Tokens, start: usize) -> bool {
    patterns.beginning_with(|| tokens.symbols(start).iter()).any(|pattern| ends(pattern, tokens, start) != 0)
}

/// Whether one of the patterns ends exactly at `end`, with no end of a clause and at most `window` words before it.
pub(super) fn any_ends_at(patterns: &Choices, tokens: &Tokens, end: usize, window: usize) -> bool {
    let mut start = end;
    loop {
        let bit = 1 << (end - start);
        let symbols = tokens.symbols(start);
        if patterns.beginning_with(|| symbols.iter()).any(|pattern| ends(pattern, tokens, start) & bit != 0) {
            return true;
        }
        if start == 0 || end - start == window || tokens.is_break(start - 1) {
            return false;
        }
        start -= 1;
    }
}

fn run(pattern: &[Part], tokens: &Tokens, start: usize, from: u64) -> u64 {
    let mut set = from;
    for part in pattern {
        if set == 0 {
            return 0;
        }
        set = match part {
            Part::Word(wanted) => {
                step(tokens, start, set, |at| tokens.symbols(at).iter().any(|symbol| wanted.contains(symbol)))
            }
            Part::Words(wanted) => {
                let (mut reached, mut last) = (0, set);
                while last != 0 {
                    last = step(tokens, start, last, |at| tokens.symbols(at).iter().any(|own| wanted.contains(own)));
                    reached |= last;
                }
                reached
            }
            Part::Break => step(tokens, start, set, |at| tokens.is_break(at)),
            Part::Gap(most) => {
                let mut reached = set;
                for _ in 0..*most {
                    reached |= step(tokens, start, reached, |at| !tokens.is_break(at));
                }
                reached
            }
            Part::Not(unwanted) => keep(set, |offset| {
                let at = start + offset;
                at >= tokens.len() || !tokens.symbols(at).iter().any(|symbol| unwanted.contains(symbol))
            }),
            Part::At(flag) => keep(set, |offset| tokens.place(start + offset) & flag != 0),
            Part::OneOf(choices) => {
                let symbols = || places(set).flat_map(|offset| tokens.symbols(start + offset));
                choices.beginning_with(symbols).fold(0, |any, choice| any | run(choice, tokens, start, set))
            }
            Part::Perhaps(inner) => set | run(inner, tokens, start, set),
        };
    }
    set
}

/// One token further from each place where it is as wanted.
fn step(tokens: &Tokens, start: usize, set: u64, wanted: impl Fn(usize) -> bool) -> u64 {
    let in_text = |offset| start + offset < tokens.len() && wanted(start + offset);
    // Bit 63 falls off: no match is longer.
    keep(set, in_text) << 1
}

fn keep(set: u64, holds: impl Fn(usize) -> bool) -> u64 {
    places(set).filter(|offset| holds(*offset)).fold(0, |kept, offset| kept | 1 << offset)
}

/// The places of a set.
fn places(mut set: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let offset = (set != 0).then_some(set.trailing_zeros() as usize)?;
        set &= set - 1;
        Some(offset)
    })
}
