//! Cuts a cell into groups of digits and the words between them.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::rule::{PhoneLabel, PhoneLabels, PhoneWords};
use crate::text::{fold_word, is_word_mark};

/// What a known word means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Label,
    Extension,
    Joiner,
    /// A letter that makes a dialler wait before it sends an extension; elsewhere a label.
    Pause,
}

/// The lists of words, folded.
#[derive(Debug)]
pub(super) struct Vocabulary {
    words: HashMap<String, Meaning>,
    placeholders: HashSet<String>,
    /// Bytes of the longest of them.
    longest_placeholder: usize,
    zero_letters: Vec<String>,
    labels: PhoneLabels,
}

/// A run of groups that may be one number or several.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Segment {
    /// Groups of digits as written; a group keeps its leading plus.
    pub(super) groups: Vec<String>,
    /// What stands before group `i`.
    pub(super) cuts: Vec<Cut>,
    /// From its first digit to its last one.
    pub(super) at: Range<usize>,
}

/// How likely the mark between two groups of digits divides two numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut {
    /// Dots and brackets group the digits of one number.
    Never,
    /// Spaces and dashes do both.
    Perhaps,
    /// A slash or a comma.
    Likely,
}

/// A word that stands beside the numbers of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// Where it stands.
    pub(super) at: Range<usize>,
    /// What it says.
    pub(super) says: Says,
}

/// What a word says of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Says {
    /// Of which kind it is, or where.
    Label,
    /// That it is a fax, a pager or the like.
    NotToCall,
    /// That another one follows.
    Joiner,
}

/// What a cell holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    pub(super) segments: Vec<Segment>,
    /// A word says what kind of number it is.
    pub(super) label: bool,
    /// Words that say something else.
    pub(super) note: bool,
    /// Digits after a number that are dialled when the switchboard answers.
    pub(super) extension: bool,
    /// A letter stands between digits; the cell with zeros instead, where the letter is one typed for a zero.
    pub(super) letter: Option<Option<String>>,
    /// Labels of numbers and words between them, as they stand in the cell.
    pub(super) words: Vec<Word>,
}

impl Vocabulary {
    pub(super) fn new(words: &PhoneWords, labels: PhoneLabels) -> Self {
        let lists = [
            (&words.labels, Meaning::Label),
            (&words.extensions, Meaning::Extension),
            (&words.joiners, Meaning::Joiner),
            (&words.pauses, Meaning::Pause),
        ];
        let meanings =
            lists.iter().flat_map(|(list, meaning)| list.iter().map(|word| (fold_word(word), *meaning))).collect();
        let folded = |list: &[String]| list.iter().map(|word| fold_word(word)).collect();
        Vocabulary {
            words: meanings,
            placeholders: words.placeholders.iter().cloned().collect(),
            longest_placeholder: words.placeholders.iter().map(String::len).max().unwrap_or(0),
            zero_letters: folded(&words.zero_letters),
            labels,
        }
    }

    /// Whether a cell says that there is no number.
    pub(super) fn is_placeholder(&self, text: &str) -> bool {
        text.len() <= self.longest_placeholder && self.placeholders.contains(&text.to_lowercase())
    }

    /// What a word means; none for an unknown one.
    pub(super) fn meaning(&self, word: &str) -> Option<Meaning> {
        self.words.get(&fold_word(word)).copied()
    }

    /// Whether a word says that nobody can be called at a number.
    pub(super) fn is_not_to_call(&self, word: &str) -> bool {
        self.labels.read(word) == Some(PhoneLabel::NotToCall)
    }

    /// Cuts a cell in plain characters.
    pub(super) fn tokens(&self, text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        let mut current = Segment::default();
        let mut extension_follows = false;
        let mut rest = text;
        let last_digit = text.rfind(|letter: char| letter.is_ascii_digit());
        // The separator since the last group.
        let mut cut = Cut::Never;
        // A plus waits for the digits that it belongs to.
        let mut plus = false;
        while let Some(letter) = rest.chars().next() {
            let start = text.len() - rest.len();
            if letter.is_ascii_digit() {
                let end = rest.find(|other: char| !other.is_ascii_digit()).unwrap_or(rest.len());
                let sign = if std::mem::take(&mut plus) { "+" } else { "" };
                let group = format!("{sign}{}", &rest[..end]);
                rest = &rest[end..];
                let is_whole_number = group.len() > LONGEST_EXTENSION;
                if extension_follows && sign.is_empty() && !is_whole_number {
                    tokens.extension = true;
                    close(&mut current, &mut tokens);
                } else {
                    if current.groups.is_empty() {
                        current.at.start = start;
                    }
                    current.at.end = start + end;
                    current.cuts.push(cut);
                    current.groups.push(group);
                }
                extension_follows = false;
                cut = Cut::Never;
            } else if letter.is_alphabetic() {
                let end =
                    rest.find(|other: char| !(other.is_alphabetic() || is_word_mark(other))).unwrap_or(rest.len());
                let (written, at) = (&rest[..end], start..start + end);
                let word = fold_word(written);
                let after_digit = text[..start].ends_with(is_digit);
                rest = &rest[end..];
                let stands_for_zero = self.zero_letters.contains(&word);
                // Latin letters may stand for the digits on whose keys they are.
                let latin = word.is_ascii();
                let glued = (after_digit && starts_with_digit(rest))
                    || (latin && (after_digit || starts_with_digit(rest)) && !self.words.contains_key(&word))
                    || (stands_for_zero && (starts_with_digit(rest) || (after_digit && rest.starts_with('-'))));
                // One letter of another script between digits is a slip, whatever it may be short for.
                let is_slip = !latin && after_digit && starts_with_digit(rest) && word.chars().nth(1).is_none();
                let is_last = last_digit.is_none_or(|last| last < start);
                match self.words.get(&word).filter(|_| !is_slip) {
                    Some(Meaning::Extension) if is_last && word.chars().nth(1).is_none() => {
                        tokens.note = true;
                        close(&mut current, &mut tokens);
                    }
                    Some(Meaning::Extension) if digits_in(&current) >= FEWEST_DIGITS => extension_follows = true,
                    Some(Meaning::Extension) if is_before_number(rest, &current, &tokens) => extension_follows = true,
                    Some(Meaning::Pause)
                        if after_digit && digits_in(&current) >= LEAST_DIGITS && is_extension(rest) =>
                    {
                        extension_follows = true;
                    }
                    _ if glued => {
                        // Only once: in a long cell of nothing else this would take hours.
                        tokens.letter.get_or_insert_with(|| stands_for_zero.then(|| self.with_zeros(text)));
                    }
                    Some(Meaning::Joiner) => {
                        tokens.words.push(Word { at, says: Says::Joiner });
                        close(&mut current, &mut tokens);
                    }
                    meaning => {
                        match meaning {
                            _ if self.is_not_to_call(written) => {
                                tokens.label = true;
                                tokens.words.push(Word { at, says: Says::NotToCall });
                            }
                            Some(_) => {
                                tokens.label = true;
                                tokens.words.push(Word { at, says: Says::Label });
                            }
                            None => tokens.note = true,
                        }
                        close(&mut current, &mut tokens);
                    }
                }
                cut = Cut::Likely;
            } else {
                match letter {
                    // RFC 3966 writes extensions so.
                    ';' if rest[1..].starts_with("ext=") => {}
                    // A pause before digits that a switchboard takes.
                    ',' if rest.starts_with(",,") && digits_in(&current) >= LEAST_DIGITS => {
                        rest = &rest[1..];
                        extension_follows = true;
                    }
                    ',' | ';' if digits_in(&current) >= LEAST_DIGITS && ends_with_hash(&rest[1..]) => {
                        extension_follows = true;
                    }
                    '#' if tokens.extension && rest.len() == 1 => {}
                    '#' if digits_in(&current) >= LEAST_DIGITS && is_extension(&rest[1..]) => extension_follows = true,
                    '*' if text[..start].ends_with(is_digit)
                        && digits_in(&current) >= LEAST_DIGITS
                        && is_extension(&rest[1..]) =>
                    {
                        extension_follows = true;
                    }
                    // No country code begins with a zero or stands apart from its plus: between two numbers it joins them.
                    '+' if digits_in(&current) >= LEAST_DIGITS && rest[1..].starts_with([' ', '0']) => {
                        close(&mut current, &mut tokens);
                    }
                    '+' => plus = true,
                    ' ' | '-' | '~' | '_' => cut = cut.max(Cut::Perhaps),
                    '/' | ',' => cut = Cut::Likely,
                    '.' | '(' | ')' | '[' | ']' | ':' | '=' | '"' | '\'' | '*' => {}
                    ';' | '|' | '&' | '\\' if !plus => close(&mut current, &mut tokens),
                    // No mark that groups digits (`?` even stands for an unknown one): what follows is something else.
                    _ => {
                        plus = false;
                        tokens.note = true;
                        close(&mut current, &mut tokens);
                    }
                }
                rest = &rest[letter.len_utf8()..];
            }
        }
        close(&mut current, &mut tokens);
        tokens
    }

    fn with_zeros(&self, text: &str) -> String {
        let is_zero = |letter: char| self.zero_letters.contains(&fold_word(letter.encode_utf8(&mut [0; 4])));
        text.chars().map(|letter| if is_zero(letter) { '0' } else { letter }).collect()
    }
}

fn close(current: &mut Segment, tokens: &mut Tokens) {
    if !current.groups.is_empty() {
        tokens.segments.push(std::mem::take(current));
    }
}

/// How many digits a segment has; enough of them are counted to compare with the least that are asked for.
fn digits_in(segment: &Segment) -> usize {
    segment.groups.iter().take(LEAST_DIGITS).map(String::len).sum()
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(is_digit)
}

fn is_digit(letter: char) -> bool {
    letter.is_ascii_digit()
}

/// A few digits, as a switchboard has them.
fn is_extension(text: &str) -> bool {
    (1..=LONGEST_EXTENSION).contains(&leading_digits(text))
}

/// `5964#`: what a dialler sends when the switchboard answers, with the key that ends it.
fn ends_with_hash(text: &str) -> bool {
    is_extension(text) && text[leading_digits(text)..].starts_with('#')
}

/// `שלוחה 12 03-5234567`: an extension that stands before its number, as text from right to left is often typed. The
/// number begins as one that is dialled: `x 415 555 0132` has none before it.
fn is_before_number(rest: &str, current: &Segment, tokens: &Tokens) -> bool {
    let digits = rest.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let behind = &digits[leading_digits(digits)..];
    let number = behind.trim_start_matches([' ', ',', ';', ':', '/']);
    current.groups.is_empty()
        && tokens.segments.is_empty()
        && (1..=LONGEST_BEFORE).contains(&leading_digits(digits))
        && !digits.starts_with('0')
        && number.len() < behind.len()
        && number.starts_with(['0', '+', '('])
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

/// Extensions without a word before them are shorter than the shortest numbers.
const LONGEST_EXTENSION: usize = 6;
/// One that stands before its number is shorter than the area codes that stand there otherwise.
const LONGEST_BEFORE: usize = 5;
/// A number that a word for an extension follows has at least these.
const FEWEST_DIGITS: usize = 4;
/// And one that only a mark follows.
const LEAST_DIGITS: usize = 7;
