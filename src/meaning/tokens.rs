//! A text as words and ends of clauses.

use super::fold::is_of_word;
use super::lexicon::{Care, Lexicon};
use super::place;
use super::trie::Symbol;

/// A word with what it stands for, or the end of a clause.
#[derive(Debug, Clone, Copy)]
struct Token {
    /// Where its symbols stand.
    symbols: (u32, u32),
    is_break: bool,
    is_filler: bool,
}

/// Where a word stands in the folded text; an empty one is the end of a clause.
#[derive(Debug, Clone, Copy)]
struct Word {
    start: usize,
    end: usize,
    /// Behind a space.
    is_spaced: bool,
    /// The end of a question.
    asks: bool,
}

impl Word {
    const fn is_break(&self) -> bool {
        self.start == self.end
    }
}

/// A text that was cut into words; made once and written over by each text.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    folded: String,
    words: Vec<Word>,
    tokens: Vec<Token>,
    symbols: Vec<Symbol>,
    /// A bit for each symbol of the lexicon: whether the text holds it.
    holds: Vec<u64>,
    /// Of the place before each token, and after the last.
    places: Vec<u8>,
}

impl Tokens {
    /// Cuts a text and looks its words up.
    pub(super) fn read(&mut self, text: &str, lexicon: &Lexicon, fillers: &[Symbol], forgives: bool) {
        self.folded.clear();
        self.words.clear();
        self.cut(text, lexicon);
        self.join_letters();
        let limits = lexicon.limits;
        let care = match self.words.len() {
            _ if !forgives => Care::AsWritten,
            count if count <= limits.short_message => Care::Short,
            count if count <= limits.longest_with_care => Care::Long,
            _ => Care::AsWritten,
        };
        self.tokens.clear();
        self.symbols.clear();
        for word in &self.words {
            let from = self.symbols.len();
            if !word.is_break() {
                lexicon.find(&self.folded[word.start..word.end], care, &mut self.symbols);
            }
            let is_filler = self.symbols[from..].iter().any(|symbol| fillers.contains(symbol));
            let symbols = (from as u32, self.symbols.len() as u32);
            self.tokens.push(Token { symbols, is_break: word.is_break(), is_filler });
        }
        self.holds.clear();
        self.holds.resize(lexicon.count().div_ceil(64), 0);
        for symbol in &self.symbols {
            self.holds[usize::from(*symbol) / 64] |= 1 << (symbol % 64);
        }
        self.mark_places();
    }

    /// Whether the text held one of these before words were taken from it.
    #[inline]
    pub(super) fn has_any(&self, wanted: &[Symbol]) -> bool {
        wanted.iter().any(|symbol| self.holds[usize::from(*symbol) / 64] >> (symbol % 64) & 1 != 0)
    }

    /// How many words and ends of clauses there are.
    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// What a word stands for; nothing behind the last.
    #[inline]
    pub(super) fn symbols(&self, at: usize) -> &[Symbol] {
        let (from, to) = self.tokens.get(at).map_or((0, 0), |token| token.symbols);
        &self.symbols[from as usize..to as usize]
    }

    /// Whether the end of a clause stands here, not a word.
    #[inline]
    pub(super) fn is_break(&self, at: usize) -> bool {
        self.tokens[at].is_break
    }

    /// Whether it is the end of a clause, or a word that says nothing.
    pub(super) fn is_idle(&self, at: usize) -> bool {
        self.tokens[at].is_break || self.tokens[at].is_filler
    }

    /// Flags of the place before a token.
    #[inline]
    pub(super) fn place(&self, at: usize) -> u8 {
        self.places[at]
    }

    /// Takes from words what they stand for.
    pub(super) fn blank(&mut self, from: usize, to: usize) {
        for token in &mut self.tokens[from..to] {
            token.symbols.1 = token.symbols.0;
        }
    }

    /// Whether any word stands for more than itself.
    pub(super) fn has_known_word(&self) -> bool {
        self.symbols.iter().any(|symbol| *symbol > super::lexicon::NUMBER)
    }

    fn cut(&mut self, text: &str, lexicon: &Lexicon) {
        let mut word_start = None;
        let mut letters = text.char_indices().peekable();
        let (mut before, mut is_spaced) = (' ', true);
        while let Some((at, letter)) = letters.next() {
            if is_of_word(letter) {
                word_start.get_or_insert(at);
            } else {
                if let Some(start) = word_start.take() {
                    self.word(&text[start..at], is_spaced, lexicon);
                    is_spaced = false;
                }
                is_spaced |= letter.is_whitespace();
                let next = letters.peek().map_or(' ', |(_, next)| *next);
                if lexicon.is_sign(letter) {
                    let start = self.folded.len();
                    self.folded.push(letter);
                    self.push(start, is_spaced);
                } else if ends_clause(letter, before, next) {
                    let is_question = matches!(letter, '?' | '؟');
                    match self.words.last_mut() {
                        Some(last) if last.is_break() => last.asks |= is_question,
                        _ => self.words.push(Word { start: 0, end: 0, is_spaced: false, asks: is_question }),
                    }
                }
            }
            before = letter;
        }
        if let Some(start) = word_start {
            self.word(&text[start..], is_spaced, lexicon);
        }
    }

    fn word(&mut self, word: &str, is_spaced: bool, lexicon: &Lexicon) {
        let start = self.folded.len();
        lexicon.fold.push_word(word, &mut self.folded);
        // What falls apart when it is folded is several words.
        let mut from = start;
        while let Some(space) = self.folded[from..].find(' ') {
            let rest = self.folded.split_off(from + space + 1);
            self.folded.pop();
            self.push(from, is_spaced);
            from = self.folded.len();
            self.folded.push_str(&rest);
        }
        self.push(from, is_spaced);
    }

    /// What was written last is a word, unless it is empty or the word before it once more.
    fn push(&mut self, start: usize, is_spaced: bool) {
        let end = self.folded.len();
        if start == end {
            return;
        }
        let word = &self.folded[start..end];
        let is_again = self.words.last().is_some_and(|last| &self.folded[last.start..last.end] == word);
        // Numbers repeat in earnest, and so do letters of a word that is spelt.
        let may_repeat = word.starts_with(|letter: char| letter.is_ascii_digit()) || word.chars().nth(1).is_none();
        if !is_again || may_repeat {
            self.words.push(Word { start, end, is_spaced, asks: false });
        }
    }

    /// Letters that stand alone, three or more, are one word: `s t o p`, `t-a-k-e m-e o-f-f`.
    fn join_letters(&mut self) {
        let is_letter = |word: Option<&Word>| {
            word.is_some_and(|word| {
                let mut letters = self.folded[word.start..word.end].chars();
                letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
            })
        };
        let run_from = |at: usize| (at..).take_while(|at| is_letter(self.words.get(*at))).count();
        if !(0..self.words.len()).any(|at| (at..at + 3).all(|at| is_letter(self.words.get(at)))) {
            return;
        }
        let mut joined: Vec<Word> = Vec::with_capacity(self.words.len());
        let mut at = 0;
        while at < self.words.len() {
            let run = run_from(at);
            if run < 3 {
                joined.push(self.words[at]);
                at += 1;
                continue;
            }
            // Where anything but a space joins letters, spaces part words.
            let run = &self.words[at..at + run];
            let parts_at_spaces = run[1..].iter().any(|word| !word.is_spaced);
            for (index, letter) in run.iter().enumerate() {
                match joined.last_mut() {
                    // Letters stand one behind the other, with those between them that repeat.
                    Some(word) if index > 0 && !(parts_at_spaces && letter.is_spaced) => word.end = letter.end,
                    _ => joined.push(*letter),
                }
            }
            at += run.len();
        }
        self.words = joined;
    }

    fn mark_places(&mut self) {
        let count = self.tokens.len();
        self.places.clear();
        self.places.resize(count + 1, 0);
        let (mut starts_clause, mut starts_text) = (true, true);
        for at in 0..=count {
            if starts_clause {
                self.places[at] |= place::CLAUSE_START;
            }
            if starts_text {
                self.places[at] |= place::TEXT_START;
            }
            if let Some(token) = self.tokens.get(at) {
                starts_clause = token.is_break || (starts_clause && token.is_filler);
                starts_text &= token.is_break || token.is_filler;
            }
        }
        let (mut ends_clause, mut ends_text, mut asks) = (true, true, false);
        for at in (0..=count).rev() {
            if let Some(token) = self.tokens.get(at) {
                if token.is_break {
                    asks = self.words[at].asks;
                }
                ends_clause = token.is_break || (ends_clause && token.is_filler);
                ends_text &= token.is_break || token.is_filler;
            }
            for (holds, flag) in
                [(ends_clause, place::CLAUSE_END), (ends_text, place::TEXT_END), (asks, place::QUESTION)]
            {
                if holds {
                    self.places[at] |= flag;
                }
            }
        }
    }
}

/// Whether a sign between words ends a clause, by what stands around it.
fn ends_clause(sign: char, before: char, next: char) -> bool {
    match sign {
        '\n' | '\r' | '!' | '?' | '؟' | ';' | '؛' | ':' | '(' | ')' | '[' | ']' | '…' | '|' | '¡' | '¿' | '—' | '–' => {
            true
        }
        '.' => !next.is_alphanumeric(),
        ',' | '،' => !(before.is_ascii_digit() && next.is_ascii_digit()),
        '-' => before.is_whitespace() && next.is_whitespace(),
        _ => false,
    }
}
