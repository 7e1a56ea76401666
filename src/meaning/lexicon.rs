//! The words of all classes and patterns, and what a word of a text stands for.

use std::collections::{BTreeMap, BTreeSet};

use super::fold::{FoldRules, squeezed};
use super::trie::{Symbol, Trie};

/// How much is forgiven while words are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Care {
    /// Words are what they are.
    AsWritten,
    /// Long words may hold a typing error.
    Long,
    /// So may short ones: a reply of a few words.
    Short,
}

/// Words with what they stand for.
#[derive(Debug, Clone)]
pub(super) struct Lexicon {
    pub(super) fold: FoldRules,
    words: Trie,
    /// The same with each letter once where it repeats.
    squeezed: Trie,
    /// Classes and words of patterns by their name; a class stands in braces.
    symbols: BTreeMap<String, Symbol>,
    /// Emoji and other signs that are words.
    signs: Vec<char>,
    classes: BTreeSet<Symbol>,
    /// The class of names of people.
    names: Option<Symbol>,
    /// Classes whose words are known with a typing error, too.
    forgiving: Vec<Symbol>,
    pub(super) limits: CareLimits,
}

/// How much is forgiven.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CareLimits {
    /// Words of fewer letters are never taken for another one.
    pub(super) shortest_with_error: usize,
    /// Stems of fewer letters are not known with an error.
    pub(super) shortest_stem_with_error: usize,
    /// Words of so many letters are, in a long message as well.
    pub(super) surely_with_error: usize,
    /// Messages of at most so many words are short.
    pub(super) short_message: usize,
    /// Messages of more words are read as they stand.
    pub(super) longest_with_care: usize,
}

/// A word that no class has.
pub(super) const UNKNOWN: Symbol = 0;
/// A word that begins with a digit.
pub(super) const NUMBER: Symbol = 1;
/// A word that looks like one of a class and is none.
const ORDINARY: Symbol = 2;

impl Lexicon {
    /// Knows nothing yet.
    pub(super) fn new(fold: FoldRules, limits: CareLimits) -> Self {
        let built_in = [("{unknown}", UNKNOWN), ("{digits}", NUMBER), ("{ordinary}", ORDINARY)];
        let symbols = built_in.map(|(name, symbol)| (name.to_owned(), symbol)).into();
        Lexicon {
            fold,
            words: Trie::default(),
            squeezed: Trie::default(),
            symbols,
            signs: Vec::new(),
            classes: [ORDINARY].into(),
            names: None,
            forgiving: Vec::new(),
            limits,
        }
    }

    /// How many symbols there are.
    pub(super) fn count(&self) -> usize {
        self.symbols.len()
    }

    /// Adds a word to a class: `{a,b}` stands for either, `*` at the end for any ending.
    pub(super) fn add(&mut self, class: &str, word: &str) -> Result<(), String> {
        let symbol = self.symbol(&format!("{{{class}}}"))?;
        self.classes.insert(symbol);
        expanded(word)?.iter().try_for_each(|word| self.insert(word, symbol))
    }

    /// Adds a name to a class, unless it is several words, or a word that means something.
    pub(super) fn add_name(&mut self, class: &str, name: &str) -> Result<(), String> {
        let symbol = self.symbol(&format!("{{{class}}}"))?;
        self.names = Some(symbol);
        let folded = self.fold.word(name);
        let is_known = self.in_trie(&self.words, &folded, &mut Vec::new());
        if folded.chars().nth(1).is_some() && !folded.contains(' ') && !is_known {
            self.words.insert(&folded, false, symbol);
        }
        Ok(())
    }

    /// Words of a class are known with a typing error.
    pub(super) fn forgive(&mut self, class: Symbol) {
        self.forgiving.push(class);
    }

    /// A class that is declared; otherwise the names of all.
    pub(super) fn class(&self, name: &str) -> Result<Symbol, Vec<&str>> {
        let classes = || self.symbols.keys().filter_map(|name| name.strip_prefix('{')?.strip_suffix('}'));
        self.symbols.get(&format!("{{{name}}}")).copied().ok_or_else(|| classes().collect())
    }

    /// The symbol of a word of a pattern.
    pub(super) fn literal(&mut self, word: &str) -> Result<Symbol, String> {
        if let Some(symbol) = self.symbols.get(word) {
            return Ok(*symbol);
        }
        let symbol = self.symbol(word)?;
        self.insert(word, symbol)?;
        Ok(symbol)
    }

    /// The first two letters of each word that stands for something that is wanted.
    pub(super) fn beginnings(&self, wanted: &dyn Fn(&Symbol) -> bool, heard: impl FnMut([Option<char>; 2])) {
        self.words.beginnings(wanted, heard);
    }

    /// Whether a sign is a word.
    pub(super) fn is_sign(&self, sign: char) -> bool {
        self.signs.contains(&sign)
    }

    /// Writes what a folded word stands for behind `symbols`.
    pub(super) fn find(&self, word: &str, care: Care, symbols: &mut Vec<Symbol>) {
        let before = symbols.len();
        self.as_written(word, symbols);
        if !self.has_class(&symbols[before..])
            && let Some(once) = squeezed(word)
        {
            self.in_trie(&self.squeezed, &once, symbols);
        }
        if symbols.len() == before && care != Care::AsWritten {
            self.with_care(word, care, symbols);
        }
        if word.starts_with(|letter: char| letter.is_ascii_digit()) {
            symbols.push(NUMBER);
        }
        if symbols.len() == before {
            symbols.push(UNKNOWN);
        }
    }

    /// Whether one of these is a class; others are words that only patterns name, and names of people.
    fn has_class(&self, symbols: &[Symbol]) -> bool {
        symbols.iter().any(|symbol| self.classes.contains(symbol))
    }

    fn in_trie(&self, trie: &Trie, word: &str, symbols: &mut Vec<Symbol>) -> bool {
        let before = symbols.len();
        trie.find(word, ORDINARY, symbols);
        symbols.len() > before
    }

    fn as_written(&self, word: &str, symbols: &mut Vec<Symbol>) -> bool {
        let before = symbols.len();
        let is_found = self.in_trie(&self.words, word, symbols);
        // A word that only patterns name is still what it is behind its prefix.
        if word.is_ascii() || self.has_class(&symbols[before..]) {
            return is_found;
        }
        if !is_found && word.contains('"') {
            return self.as_written(&word.replace('"', ""), symbols);
        }
        for rest in self.fold.behind_prefixes(word) {
            let from = symbols.len();
            // A name of people is found behind no prefix: too many words are one.
            if self.in_trie(&self.words, rest, symbols) && symbols[from..].iter().any(|own| Some(*own) != self.names) {
                return true;
            }
            symbols.truncate(from);
        }
        is_found
    }

    fn with_care(&self, word: &str, care: Care, symbols: &mut Vec<Symbol>) -> bool {
        for changed in self.fold.disguised(word) {
            if self.as_written(&changed, symbols)
                || self.in_trie(&self.squeezed, squeezed(&changed).as_deref().unwrap_or(&changed), symbols)
            {
                return true;
            }
        }
        let letters: Vec<char> = word.chars().collect();
        let shortest = match care {
            Care::Short => self.limits.shortest_with_error,
            _ => self.limits.surely_with_error,
        };
        if letters.len() < shortest || letters.iter().any(char::is_ascii_digit) {
            return false;
        }
        let before = symbols.len();
        self.words.one_slip_away(&letters, self.limits.shortest_stem_with_error, |found| {
            for symbol in found.iter().filter(|symbol| self.forgiving.contains(symbol)) {
                if !symbols[before..].contains(symbol) {
                    symbols.push(*symbol);
                }
            }
        });
        symbols.len() > before
    }

    fn symbol(&mut self, name: &str) -> Result<Symbol, String> {
        if let Some(symbol) = self.symbols.get(name) {
            return Ok(*symbol);
        }
        let symbol =
            Symbol::try_from(self.symbols.len()).map_err(|_| "there are too many classes and words".to_owned())?;
        self.symbols.insert(name.to_owned(), symbol);
        Ok(symbol)
    }

    fn insert(&mut self, word: &str, symbol: Symbol) -> Result<(), String> {
        let mut letters = word.chars();
        if let (Some(sign), None) = (letters.next(), letters.next())
            && !sign.is_alphanumeric()
        {
            if !self.signs.contains(&sign) {
                self.signs.push(sign);
            }
            self.words.insert(word, false, symbol);
            return Ok(());
        }
        let (written, is_stem) = word.strip_suffix('*').map_or((word, false), |stem| (stem, true));
        let folded = self.fold.word(written);
        if is_stem && folded.chars().nth(1).is_none() {
            return Err(format!("`{word}` begins too many words"));
        }
        if folded.is_empty() || folded.contains(' ') {
            return Err(format!("`{word}` is not one word"));
        }
        self.words.insert(&folded, is_stem, symbol);
        let once = squeezed(&folded);
        self.squeezed.insert(once.as_deref().unwrap_or(&folded), is_stem, symbol);
        Ok(())
    }
}

/// All words that one with `{a,b}` stands for.
fn expanded(word: &str) -> Result<Vec<String>, String> {
    let Some(open) = word.find('{') else { return Ok(vec![word.to_owned()]) };
    let close = word[open..].find('}').map(|close| open + close).ok_or_else(|| format!("`{word}` is not closed"))?;
    let rests = expanded(&word[close + 1..])?;
    let mut words = Vec::new();
    for choice in word[open + 1..close].split(',') {
        words.extend(rests.iter().map(|rest| format!("{}{choice}{rest}", &word[..open])));
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_inflection_is_written_out() {
        assert_eq!(
            expanded("{ת,ה}סיר{,י,ו}").expect("is closed"),
            ["תסיר", "תסירי", "תסירו", "הסיר", "הסירי", "הסירו"]
        );
        assert_eq!(expanded("stop*").expect("is closed"), ["stop*"]);
        assert!(expanded("a{b").is_err());
    }
}
