//! What a header says by itself: every known phrase, and how a header is read with them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;

use crate::record::Field;
use crate::text::FoldedHeader;

/// Headers that one program writes; each holds for the whole header only.
#[derive(Debug, Clone, Deserialize)]
pub struct ProgramHeaders {
    /// The program, or programs that are alike.
    pub name: String,
    /// Where its headers are from.
    pub source: String,
    /// Headers of columns that are none of the fields.
    #[serde(default)]
    pub none: Vec<String>,
    /// Headers by field.
    #[serde(flatten)]
    pub fields: BTreeMap<Field, Vec<String>>,
}

/// What a header says by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderReading {
    /// Nothing at all: empty, a letter, `Column1`.
    Unnamed,
    /// Words that are not known, or that name several fields which mean nothing together.
    Unknown,
    /// Something that is none of the fields.
    Nothing,
    /// It holds a word for something that is none of the fields, beside others.
    PartlyNothing,
    /// The whole header is a synonym.
    Named(Field),
    /// It holds a synonym, and its other words add nothing.
    Contained(Field),
    /// It holds a synonym beside words that are not known.
    Partly(Field),
}

/// Words and phrases of headers that are not themselves names of a field.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeaderWords {
    /// They change nothing of what the rest of the header means.
    pub filler: Vec<String>,
    /// A header with one of them in it (and no longer synonym around it) means no field, whatever its values are.
    pub nothing: Vec<String>,
    /// They part the two things that one column may hold; so does a slash.
    pub or: Vec<String>,
    /// Headers that a program made up where there was none.
    pub unnamed: Vec<String>,
}

/// A header that names several fields at once.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compound {
    /// The fields named, in any order.
    pub named: Vec<Field>,
    /// What they mean together.
    pub means: Field,
}

/// What the rule file says of headers.
pub(super) struct Phrases<'a> {
    pub(super) synonyms: &'a BTreeMap<Field, Vec<String>>,
    pub(super) alone: &'a BTreeMap<Field, Vec<String>>,
    pub(super) words: &'a HeaderWords,
    pub(super) compounds: &'a [Compound],
    pub(super) programs: &'a [ProgramHeaders],
}

/// Every known phrase, folded and in one piece ("first name" is `firstname`).
#[derive(Debug, Clone, Default)]
pub(super) struct Lexicon {
    phrases: HashMap<String, Meaning>,
    alone: HashMap<String, Meaning>,
    compounds: Vec<(BTreeSet<Field>, Field)>,
}

/// One phrase that the rule file gives two meanings.
#[derive(Debug, thiserror::Error)]
#[error("`{phrase}` stands under {first} and under {second}")]
pub(super) struct Conflict {
    phrase: String,
    first: Meaning,
    second: Meaning,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Field(Field),
    Nothing,
    Filler,
    Unnamed,
}

/// Headers longer than this many words are sentences; only their beginning is read.
const MOST_WORDS: usize = 16;

impl Lexicon {
    pub(super) fn new(rules: &Phrases<'_>) -> Result<Self, Conflict> {
        let mut lexicon = Lexicon::default();
        for (field, phrases) in rules.synonyms {
            learn(&mut lexicon.phrases, phrases, Meaning::Field(*field))?;
        }
        learn(&mut lexicon.phrases, &rules.words.nothing, Meaning::Nothing)?;
        learn(&mut lexicon.phrases, &rules.words.filler, Meaning::Filler)?;
        for (field, phrases) in rules.alone {
            learn(&mut lexicon.alone, phrases, Meaning::Field(*field))?;
        }
        learn(&mut lexicon.alone, &rules.words.unnamed, Meaning::Unnamed)?;
        for program in rules.programs {
            for (field, headers) in &program.fields {
                learn(&mut lexicon.alone, headers, Meaning::Field(*field))?;
            }
            learn(&mut lexicon.alone, &program.none, Meaning::Nothing)?;
        }
        lexicon.compounds =
            rules.compounds.iter().map(|compound| (compound.named.iter().copied().collect(), compound.means)).collect();
        Ok(lexicon)
    }

    pub(super) fn read(&self, header: &FoldedHeader) -> HeaderReading {
        let words = &header.words()[..header.words().len().min(MOST_WORDS)];
        if words.is_empty() || words.len() == 1 && is_letter(&words[0]) {
            return HeaderReading::Unnamed;
        }
        let whole = [header.words().concat(), header.in_one_piece()];
        let known = |phrases: &HashMap<String, Meaning>| whole.iter().find_map(|whole| phrases.get(whole).copied());
        match known(&self.alone).or_else(|| known(&self.phrases)) {
            Some(Meaning::Field(field)) => HeaderReading::Named(field),
            Some(Meaning::Nothing) => HeaderReading::Nothing,
            Some(Meaning::Unnamed) => HeaderReading::Unnamed,
            Some(Meaning::Filler) => HeaderReading::Unknown,
            None => self.read_parts(words),
        }
    }

    fn read_parts(&self, words: &[String]) -> HeaderReading {
        let (meanings, all_known) = self.cover(words);
        if meanings.contains(&Meaning::Nothing) {
            return HeaderReading::PartlyNothing;
        }
        let named: BTreeSet<Field> = meanings
            .iter()
            .filter_map(|meaning| match meaning {
                Meaning::Field(field) => Some(*field),
                _ => None,
            })
            .collect();
        match self.together(&named) {
            Some(field) if all_known => HeaderReading::Contained(field),
            Some(field) => HeaderReading::Partly(field),
            None => HeaderReading::Unknown,
        }
    }

    /// The phrases found in the words, longest first and none over another, and whether no word was left over.
    fn cover(&self, words: &[String]) -> (Vec<Meaning>, bool) {
        let mut found: Vec<(usize, std::ops::Range<usize>, Meaning)> = Vec::new();
        for start in 0..words.len() {
            let mut piece = String::new();
            for (end, word) in words.iter().enumerate().skip(start) {
                piece.push_str(word);
                if let Some(meaning) = self.phrases.get(&piece) {
                    found.push((piece.chars().count(), start..end + 1, *meaning));
                }
            }
        }
        found.sort_by_key(|(length, range, _)| (std::cmp::Reverse(*length), range.start));
        let mut covered = vec![false; words.len()];
        let mut meanings = Vec::new();
        for (_, range, meaning) in found {
            if covered[range.clone()].iter().all(|covered| !covered) {
                covered[range].fill(true);
                meanings.push(meaning);
            }
        }
        let all_known = covered.iter().zip(words).all(|(covered, word)| *covered || is_letter(word));
        (meanings, all_known)
    }

    fn together(&self, named: &BTreeSet<Field>) -> Option<Field> {
        if named.len() == 1 {
            return named.first().copied();
        }
        self.compounds.iter().find(|(fields, _)| fields == named).map(|(_, means)| *means)
    }
}

fn learn(known: &mut HashMap<String, Meaning>, phrases: &[String], meaning: Meaning) -> Result<(), Conflict> {
    for phrase in phrases {
        let folded = FoldedHeader::new(phrase);
        for key in [folded.words().concat(), folded.in_one_piece()] {
            match known.insert(key, meaning) {
                Some(first) if first != meaning => {
                    return Err(Conflict { phrase: phrase.clone(), first, second: meaning });
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn is_letter(word: &str) -> bool {
    word.chars().count() == 1
}

impl std::fmt::Display for Meaning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Meaning::Field(field) => write!(f, "synonyms.{field}"),
            Meaning::Nothing => f.write_str("words.nothing"),
            Meaning::Filler => f.write_str("words.filler"),
            Meaning::Unnamed => f.write_str("words.unnamed"),
        }
    }
}
