//! Reads texts by the rules of one kind of text.

use std::ops::Range;

use serde::de::DeserializeOwned;

use super::beginnings::Beginnings;
use super::lexicon::Care;
use super::pattern::Choices;
use super::rules::{Certainty, Compiled, Example, Guard, Turn, load};
use super::run::{any_begins_at, any_ends_at, longest};
use super::tokens::Tokens;
use super::trie::Symbol;
use crate::rule::{RuleError, RuleFiles};

/// So many words before and after a match are near it.
const NEAR: usize = 12;
/// In so many words what stands anywhere is looked for.
const ANYWHERE: usize = 200;

/// What a rule reads in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found<'r, M> {
    /// What it means.
    pub means: M,
    /// How sure that is.
    pub certainty: Certainty,
    /// The rule's name.
    pub rule: &'r str,
}

/// Reads texts of one kind: replies, notes. `M` is what they can mean.
#[derive(Debug, Clone)]
pub struct Reader<M> {
    compiled: Compiled<M>,
    beginnings: Beginnings,
}

/// What reading writes over, so that no text asks for memory.
#[derive(Debug, Default)]
pub struct Scratch {
    tokens: Tokens,
    /// By rule.
    states: Vec<State>,
    word: String,
    symbols: Vec<Symbol>,
}

/// Where a rule stands while a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Open,
    Found,
    /// Something in the text unsays it wherever it would be found.
    Unsaid,
}

impl<M: DeserializeOwned + Copy + PartialEq> Reader<M> {
    /// Reads `rules/meaning/` and one file of rules there.
    ///
    /// # Errors
    /// When a file is not of its form, or a pattern names a class that there is not.
    pub fn load(files: &RuleFiles, name: &str) -> Result<Self, RuleError> {
        let compiled: Compiled<M> = load(files, name)?;
        let mut beginnings = Beginnings::default();
        let begins = |symbol: &Symbol| compiled.begins_with(*symbol);
        compiled.lexicon.beginnings(&begins, |letters| beginnings.insert(letters));
        Ok(Reader { compiled, beginnings })
    }

    /// Everything that a text says, each rule once and in the order of the rules. Where it `forgives`, words may hold typing
    /// errors, as far as the text is short.
    pub fn read<'s>(
        &'s self,
        text: &str,
        forgives: bool,
        scratch: &'s mut Scratch,
    ) -> impl Iterator<Item = Found<'s, M>> + 's {
        let Compiled { lexicon, fillers, rules, .. } = &self.compiled;
        scratch.tokens.read(text, lexicon, fillers, forgives);
        scratch.states.clear();
        scratch.states.resize(rules.len(), State::Open);
        if scratch.tokens.has_known_word() {
            for turn in [Turn::BeforeIdioms, Turn::Idiom, Turn::After] {
                self.take_turn(turn, scratch);
            }
        }
        let found = rules.iter().zip(&scratch.states).filter(|(_, state)| **state == State::Found);
        found.filter_map(|(rule, _)| Some(Found { means: rule.means?, certainty: rule.certainty, rule: &rule.name }))
    }

    /// Everything that a text says, where it says nothing else: each of its words belongs to what some rule reads, or says
    /// nothing by itself. None where a word is left over. What stands within something longer is part of that.
    pub(super) fn read_whole(&self, text: &str, scratch: &mut Scratch) -> Option<Vec<M>> {
        let Compiled { lexicon, fillers, rules, patterns, by_symbol, .. } = &self.compiled;
        let tokens = &mut scratch.tokens;
        tokens.read(text, lexicon, fillers, false);
        let mut matches: Vec<(Range<usize>, Option<M>)> = Vec::new();
        for at in 0..tokens.len() {
            for symbol in tokens.symbols(at) {
                for index in by_symbol.iter().flat_map(|turn| &turn[usize::from(*symbol)]) {
                    let pattern = &patterns[*index as usize];
                    let rule = &rules[pattern.rule];
                    let Some(end) = longest(&pattern.sequence, tokens, at) else { continue };
                    let is_unsaid = |guard| unsays(guard, tokens, at, end) || unsays_everywhere(guard, tokens);
                    if !rule.unless.iter().any(is_unsaid) {
                        matches.push((at..end, rule.means));
                    }
                }
            }
        }
        let is_within = |(one, _): &(Range<usize>, Option<M>)| {
            let holds = |other: &Range<usize>| other.start <= one.start && one.end <= other.end && other != one;
            matches.iter().any(|(other, _)| holds(other))
        };
        let is_read = |at: &usize| tokens.is_idle(*at) || matches.iter().any(|(span, _)| span.contains(at));
        if !(0..tokens.len()).all(|at| is_read(&at)) {
            return None;
        }
        let mut said: Vec<M> = Vec::new();
        for means in matches.iter().filter(|one| !is_within(one)).filter_map(|(_, means)| *means) {
            if !said.contains(&means) {
                said.push(means);
            }
        }
        Some(said)
    }

    /// Whether some rule can begin with a word: a quick look for texts that seldom say anything. Letters joined before a word,
    /// as Hebrew and Arabic write "and" and "the", are not looked behind.
    pub(super) fn may_begin_with(&self, word: &str, scratch: &mut Scratch) -> bool {
        let lexicon = &self.compiled.lexicon;
        if word.contains(|sign| lexicon.is_sign(sign)) {
            return true;
        }
        if !self.beginnings.may_have(word) {
            return false;
        }
        scratch.word.clear();
        scratch.symbols.clear();
        lexicon.fold.push_word(word, &mut scratch.word);
        lexicon.find(&scratch.word, Care::AsWritten, &mut scratch.symbols);
        scratch.symbols.iter().any(|symbol| self.compiled.begins_with(*symbol))
    }

    /// Whether a sign is a word.
    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.compiled.lexicon.is_sign(sign)
    }

    /// Whether the text that was read last holds a word of some class.
    pub fn knows_a_word(&self, scratch: &Scratch) -> bool {
        scratch.tokens.has_known_word()
    }

    /// The examples that stand beside the rules.
    pub fn examples(&self) -> &[Example<M>] {
        &self.compiled.examples
    }

    fn take_turn(&self, turn: Turn, scratch: &mut Scratch) {
        let Compiled { rules, patterns, by_symbol, .. } = &self.compiled;
        let Scratch { tokens, states, .. } = scratch;
        for at in 0..tokens.len() {
            let mut covered = at;
            for symbol in tokens.symbols(at) {
                for index in &by_symbol[turn as usize][usize::from(*symbol)] {
                    let pattern = &patterns[*index as usize];
                    let is_open = states[pattern.rule] == State::Open || turn == Turn::Idiom;
                    if !is_open || !pattern.needs.iter().all(|wanted| tokens.has_any(wanted)) {
                        continue;
                    }
                    let rule = &rules[pattern.rule];
                    let Some(end) = longest(&pattern.sequence, tokens, at) else { continue };
                    if rule.unless.iter().any(|guard| unsays(guard, tokens, at, end)) {
                        continue;
                    }
                    let is_unsaid = rule.unless.iter().any(|guard| unsays_everywhere(guard, tokens));
                    states[pattern.rule] = if is_unsaid { State::Unsaid } else { State::Found };
                    if !is_unsaid {
                        covered = covered.max(end);
                    }
                }
            }
            if turn == Turn::Idiom {
                tokens.blank(at, covered);
            }
        }
    }
}

/// Whether something around a match, which stands from `start` to `end`, says that it means something else.
fn unsays(guard: &Guard, tokens: &Tokens, start: usize, end: usize) -> bool {
    let any_from = |patterns: &Choices, mut places: Range<usize>| {
        !patterns.is_empty() && places.any(|at| any_begins_at(patterns, tokens, at))
    };
    let is_word = |at: &usize| !tokens.is_break(*at);
    let near = || {
        let first = (start.saturating_sub(NEAR)..start).rev().take_while(is_word).last().unwrap_or(start);
        first..(end..tokens.len().min(end + NEAR)).take_while(is_word).last().map_or(end, |last| last + 1)
    };
    any_begins_at(&guard.after, tokens, end)
        || any_ends_at(&guard.before, tokens, start, NEAR)
        || any_from(&guard.inside, start..end)
        || any_from(&guard.near, near())
}

/// Whether something in the text says that a rule's patterns mean something else in all of it.
fn unsays_everywhere(guard: &Guard, tokens: &Tokens) -> bool {
    !guard.anywhere.is_empty() && (0..tokens.len().min(ANYWHERE)).any(|at| any_begins_at(&guard.anywhere, tokens, at))
}
