//! Patterns: sequences of words and classes, as a rule writes them.
//!
//! | written | matches |
//! |---|---|
//! | `word`, `stem*` | that word, whatever begins so |
//! | `{class}`, `{one\|other}` | a word of the class, of one of them; a phrase of that name |
//! | `(a b\|c)`, `[a b]` | one of several, perhaps nothing |
//! | `{class}+` | one such word or more |
//! | `..3` | up to three words of the same clause |
//! | `!{class}`, `!word` | nothing, where no such word comes next |
//! | `^` `$`, `^^` `$$` | start and end of the clause, of the text; fillers don't count |
//! | `,` | the end of a clause |
//! | `?` | nothing, within a question |

use std::collections::BTreeMap;

use super::lexicon::Lexicon;
use super::place;
use super::trie::Symbol;

/// A part of a pattern.
#[derive(Debug, Clone)]
pub(super) enum Part {
    /// A word that stands for one of these.
    Word(Vec<Symbol>),
    /// Words, each of which stands for one of these.
    Words(Vec<Symbol>),
    /// No such word comes next.
    Not(Vec<Symbol>),
    /// So many words at most.
    Gap(u32),
    /// One of several sequences.
    OneOf(Choices),
    /// Perhaps.
    Perhaps(Sequence),
    /// The end of a clause.
    Break,
    /// A place that has this flag.
    At(u8),
}

/// Parts one after another.
pub(super) type Sequence = Vec<Part>;

/// Sequences of which any may match. A class of phrases has hundreds, and a place of a text begins few of them, so they are
/// found by the symbols that they can begin with.
#[derive(Debug, Clone, Default)]
pub(super) struct Choices {
    groups: Vec<Group>,
}

/// At most 64 sequences, each a bit.
#[derive(Debug, Clone)]
struct Group {
    sequences: Vec<Sequence>,
    /// Which can begin with a symbol, sorted by it.
    by_first: Vec<(Symbol, u64)>,
    /// Which can be empty, or begin with anything.
    anywhere: u64,
}

impl Choices {
    /// Finds sequences by how they begin.
    pub(super) fn of(sequences: Vec<Sequence>) -> Self {
        let mut rest = sequences.into_iter();
        let groups = std::iter::from_fn(|| {
            let group: Vec<Sequence> = rest.by_ref().take(64).collect();
            (!group.is_empty()).then(|| Group::of(group))
        });
        Choices { groups: groups.collect() }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The symbols of which one begins each match; none where a match can be empty, or begin with anything.
    pub(super) fn firsts(&self) -> Option<Vec<Symbol>> {
        let is_told = self.groups.iter().all(|group| group.anywhere == 0);
        is_told.then(|| self.groups.iter().flat_map(|group| &group.by_first).map(|(symbol, _)| *symbol).collect())
    }

    /// All sequences.
    fn sequences(&self) -> impl Iterator<Item = &Sequence> {
        self.groups.iter().flat_map(|group| &group.sequences)
    }

    /// Those that can begin where one of these symbols stands.
    #[inline]
    pub(super) fn beginning_with<'c, 's, S>(&'c self, symbols: impl Fn() -> S) -> impl Iterator<Item = &'c Sequence>
    where
        S: Iterator<Item = &'s Symbol>,
    {
        self.groups.iter().flat_map(move |group| {
            let mut bits = symbols().fold(group.anywhere, |bits, symbol| bits | group.beginning_with(*symbol));
            std::iter::from_fn(move || {
                let next = group.sequences.get(bits.trailing_zeros() as usize)?;
                bits &= bits - 1;
                Some(next)
            })
        })
    }
}

impl Group {
    fn of(sequences: Vec<Sequence>) -> Self {
        let (mut by_first, mut anywhere): (BTreeMap<Symbol, u64>, u64) = (BTreeMap::new(), 0);
        for (place, sequence) in sequences.iter().enumerate() {
            let mut symbols = Vec::new();
            if firsts(sequence, &mut symbols) != Beginning::Told {
                anywhere |= 1 << place;
            }
            symbols.into_iter().for_each(|symbol| *by_first.entry(symbol).or_default() |= 1 << place);
        }
        Group { sequences, by_first: by_first.into_iter().collect(), anywhere }
    }

    fn beginning_with(&self, symbol: Symbol) -> u64 {
        self.by_first.binary_search_by_key(&symbol, |(own, _)| *own).map_or(0, |place| self.by_first[place].1)
    }
}

/// Reads patterns; words that they name become words of the lexicon.
#[derive(Debug)]
pub(super) struct Grammar {
    pub(super) lexicon: Lexicon,
    phrases: BTreeMap<String, Phrase>,
}

/// Patterns under a name.
#[derive(Debug, Clone)]
enum Phrase {
    Written(Vec<String>),
    BeingRead,
    Read(Vec<Sequence>),
}

impl Grammar {
    /// Knows no phrase yet.
    pub(super) fn new(lexicon: Lexicon) -> Self {
        Grammar { lexicon, phrases: BTreeMap::new() }
    }

    /// Declares a phrase, or adds to it.
    pub(super) fn add_phrase(&mut self, name: &str, patterns: Vec<String>) -> Result<(), String> {
        if self.lexicon.class(name).is_ok() {
            return Err(format!("`{name}` is a class and a phrase"));
        }
        match self.phrases.entry(name.to_owned()).or_insert_with(|| Phrase::Written(Vec::new())) {
            Phrase::Written(all) => all.extend(patterns),
            _ => return Err(format!("the phrase `{name}` is declared after it was used")),
        }
        Ok(())
    }

    /// Reads a pattern.
    pub(super) fn parse(&mut self, text: &str) -> Result<Sequence, String> {
        let mut pieces = pieces_of(text);
        pieces.reverse();
        let sequence = self.sequence(&mut pieces)?;
        match pieces.pop() {
            None => Ok(sequence),
            Some(piece) => Err(format!("`{piece}` closes nothing")),
        }
    }

    /// Reads up to what closes a group, or to the end; `pieces` stand in reverse.
    fn sequence(&mut self, pieces: &mut Vec<String>) -> Result<Sequence, String> {
        let mut parts = Vec::new();
        while let Some(piece) = pieces.pop() {
            let part = match piece.as_str() {
                ")" | "]" | "|" => {
                    pieces.push(piece);
                    break;
                }
                "(" | "[" => {
                    let choices = self.choices(pieces, if piece == "(" { ")" } else { "]" })?;
                    if piece == "(" { choices } else { Part::Perhaps(vec![choices]) }
                }
                "^" => Part::At(place::CLAUSE_START),
                "$" => Part::At(place::CLAUSE_END),
                "^^" => Part::At(place::TEXT_START),
                "$$" => Part::At(place::TEXT_END),
                "?" => Part::At(place::QUESTION),
                "," => Part::Break,
                _ => self.one(&piece)?,
            };
            parts.push(part);
        }
        Ok(parts)
    }

    fn choices(&mut self, pieces: &mut Vec<String>, closing: &str) -> Result<Part, String> {
        let mut choices = vec![self.sequence(pieces)?];
        loop {
            match pieces.pop().as_deref() {
                Some("|") => choices.push(self.sequence(pieces)?),
                Some(piece) if piece == closing => return Ok(Part::OneOf(Choices::of(choices))),
                _ => return Err(format!("a group that `{closing}` closes is not closed")),
            }
        }
    }

    fn one(&mut self, piece: &str) -> Result<Part, String> {
        if let Some(most) = piece.strip_prefix("..") {
            let most = most.parse().ok().filter(|most| (1..=12).contains(most));
            return most.map(Part::Gap).ok_or_else(|| format!("`{piece}` is no gap of 1 to 12 words"));
        }
        if let Some(not) = piece.strip_prefix('!') {
            return match self.one(not)? {
                Part::Word(symbols) => Ok(Part::Not(symbols)),
                _ => Err(format!("`{piece}`: only a class or a word can be asked to be absent")),
            };
        }
        if let Some(class) = piece.strip_suffix('+') {
            return match self.one(class)? {
                Part::Word(symbols) => Ok(Part::Words(symbols)),
                _ => Err(format!("`{piece}`: only a class or a word can be repeated")),
            };
        }
        let Some(names) = piece.strip_prefix('{').and_then(|piece| piece.strip_suffix('}')) else {
            return Ok(Part::Word(vec![self.lexicon.literal(piece)?]));
        };
        let (mut symbols, mut phrases) = (Vec::new(), Vec::new());
        for name in names.split('|') {
            match self.phrase(name)? {
                Some(sequences) => phrases.extend(sequences),
                None => symbols.push(self.class(name)?),
            }
        }
        if phrases.is_empty() {
            return Ok(Part::Word(symbols));
        }
        if !symbols.is_empty() {
            phrases.push(vec![Part::Word(symbols)]);
        }
        Ok(Part::OneOf(Choices::of(phrases)))
    }

    fn phrase(&mut self, name: &str) -> Result<Option<Vec<Sequence>>, String> {
        let Some(phrase) = self.phrases.get_mut(name) else { return Ok(None) };
        let written = match std::mem::replace(phrase, Phrase::BeingRead) {
            Phrase::Written(written) => written,
            Phrase::BeingRead => return Err(format!("the phrase `{name}` holds itself")),
            Phrase::Read(sequences) => {
                *phrase = Phrase::Read(sequences.clone());
                return Ok(Some(sequences));
            }
        };
        let read = |text: &String| self.parse(text).map_err(|message| format!("`{text}` in `{name}`: {message}"));
        let sequences = written.iter().map(read).collect::<Result<Vec<_>, _>>()?;
        self.phrases.insert(name.to_owned(), Phrase::Read(sequences.clone()));
        Ok(Some(sequences))
    }

    /// A class that is declared.
    pub(super) fn class(&self, name: &str) -> Result<Symbol, String> {
        self.lexicon.class(name).map_err(|known| {
            let names = known.into_iter().chain(self.phrases.keys().map(String::as_str));
            match crate::error::closest(name, names) {
                Some(closest) => format!("there is no class or phrase `{name}`; did you mean `{closest}`?"),
                None => format!("there is no class or phrase `{name}`"),
            }
        })
    }
}

/// How a match begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Beginning {
    /// With one of the symbols that are told.
    Told,
    /// So, unless it is empty.
    OrEmpty,
    /// With anything.
    Anything,
}

/// How a match of parts begins, and with which symbols.
pub(super) fn firsts(sequence: &[Part], into: &mut Vec<Symbol>) -> Beginning {
    for part in sequence {
        let beginning = match part {
            Part::Word(symbols) | Part::Words(symbols) => {
                into.extend(symbols);
                Beginning::Told
            }
            Part::OneOf(choices) => {
                choices.sequences().map(|choice| firsts(choice, into)).max().unwrap_or(Beginning::Told)
            }
            Part::Perhaps(inner) => firsts(inner, into).max(Beginning::OrEmpty),
            Part::At(_) | Part::Not(_) => Beginning::OrEmpty,
            Part::Gap(_) | Part::Break => Beginning::Anything,
        };
        if beginning != Beginning::OrEmpty {
            return beginning;
        }
    }
    Beginning::OrEmpty
}

fn pieces_of(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut piece = String::new();
    let mut is_in_braces = false;
    for letter in text.chars() {
        match letter {
            '{' | '}' => {
                is_in_braces = letter == '{';
                piece.push(letter);
            }
            '(' | ')' | '[' | ']' | '|' if !is_in_braces => {
                pieces.extend(Some(std::mem::take(&mut piece)).filter(|piece| !piece.is_empty()));
                pieces.push(letter.to_string());
            }
            _ if letter.is_whitespace() => {
                pieces.extend(Some(std::mem::take(&mut piece)).filter(|piece| !piece.is_empty()));
            }
            _ => piece.push(letter),
        }
    }
    pieces.extend(Some(piece).filter(|piece| !piece.is_empty()));
    pieces
}
