//! Marks beside a name: that somebody died (`ז"ל`, `the late`, `†`), or does not want to be contacted (`DNC`).
//!
//! What stands apart from the name, in brackets or behind a dash, is read as a note is. What stands among its words must be a
//! mark from its first word to its last, by `rules/meaning/marks.toml`; all else is the name.

use std::sync::Arc;

use super::note::NoteReader;
use crate::record::{Standing, StandingFact};
use crate::rule::{RuleError, RuleFiles};
use crate::text::mark::{is_quotation_mark, is_quote};

/// Tells a name from what stands beside it.
#[derive(Debug, Clone)]
pub struct NameMarks {
    notes: Arc<NoteReader>,
    marks: Arc<NoteReader>,
}

/// A name, and what stood beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BesideName {
    /// The name alone; empty where nothing else was written.
    pub name: String,
    /// What stood beside it, as written.
    pub mark: String,
    /// What that says.
    pub standing: Standing,
}

impl BesideName {
    /// Adds what was found beside what remained of the name.
    pub fn add(&mut self, found: BesideName) {
        self.name = found.name;
        add_mark(&mut self.mark, &found.mark);
        self.standing = self.standing.and(found.standing);
    }
}

/// No mark has more words, and no cell with many more of them is a name.
const LONGEST_MARK: usize = 6;
const LONGEST_NAME: usize = 16;
/// In bytes; no name is as long, and no note beside one makes it so.
const LONGEST_CELL: usize = 400;

impl NameMarks {
    /// Reads the rules.
    ///
    /// # Errors
    /// When a file is not of its form, or a pattern names a class that there is not.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        Ok(NameMarks { notes: NoteReader::load(files)?, marks: NoteReader::of_marks(files)? })
    }

    /// Whether a name of letters alone can hold a mark: a quick look at the beginning of each word.
    pub fn may_be_in(&self, name: &str) -> bool {
        name.split([' ', '-']).any(|word| self.marks.may_begin_with(word))
    }

    /// The name and what stands beside it; none where nothing does that says anything.
    pub fn take(&self, cell: &str) -> Option<BesideName> {
        if cell.len() > LONGEST_CELL {
            // A note that strayed into a column of names.
            let standing = self.notes.read(cell).standing;
            let all = || BesideName { name: String::new(), mark: cell.to_owned(), standing };
            return (!standing.is_nothing()).then(all);
        }
        let mut taken = Taken::default();
        for (index, piece) in pieces(cell).into_iter().enumerate() {
            match piece {
                Piece::Sign(sign) => taken.signs = sign,
                Piece::Apart { written, inside } => {
                    let said = self.said_apart(inside);
                    if said.is_nothing() { taken.keep(written) } else { taken.take(written, said) }
                }
                Piece::Words(text) => self.take_words(text, index > 0, &mut taken),
            }
        }
        let is_name = taken.name.chars().any(char::is_alphanumeric);
        let is_said = !taken.standing.is_nothing() && (is_name || !taken.needs_name);
        is_said.then_some(BesideName { name: taken.name, mark: taken.mark, standing: taken.standing })
    }

    /// What stands in brackets or behind a dash: a note, or a mark that is no mark without its quotation mark, as `ז.ל.`.
    fn said_apart(&self, text: &str) -> Standing {
        let said = self.notes.read(text).standing;
        match abbreviation(text) {
            Some(mark) if said.is_nothing() => self.marks.read(&mark).standing,
            _ => said,
        }
    }

    /// Takes the marks from words that nothing parts; `follows` something else.
    fn take_words(&self, text: &str, follows: bool, taken: &mut Taken<'_>) {
        let words = self.words(text);
        let is_of_word = |letter: char| letter.is_alphanumeric() || is_quote(letter) || self.marks.is_sign(letter);
        let mut bare = text.split(|letter| !is_of_word(letter));
        let may_hold =
            text.contains(is_quotation_mark) || text.contains('.') || bare.any(|word| self.marks.may_begin_with(word));
        if words.len() > LONGEST_NAME || !may_hold {
            return self.keep_or_note(text, follows, taken);
        }
        let mut rest = &words[..];
        let mut any = false;
        while let Some((from, to, said, needs_name)) = self.longest_mark(rest, text) {
            rest[..from].iter().for_each(|word| taken.keep(word));
            taken.take(span(text, rest[from], rest[to - 1]), said);
            taken.needs_name |= needs_name;
            rest = &rest[to..];
            any = true;
        }
        if any {
            rest.iter().for_each(|word| taken.keep(word));
        } else {
            self.keep_or_note(text, follows, taken);
        }
    }

    fn keep_or_note(&self, text: &str, follows: bool, taken: &mut Taken<'_>) {
        let said = if follows { self.notes.read(text).standing } else { Standing::NOTHING };
        if said.is_nothing() { taken.keep(text) } else { taken.take(text, said) }
    }

    /// The longest run of words that is a mark, and whether it is one only beside a name.
    fn longest_mark(&self, words: &[&str], text: &str) -> Option<(usize, usize, Standing, bool)> {
        for length in (1..=words.len().min(LONGEST_MARK)).rev() {
            for (from, run) in words.windows(length).enumerate() {
                let run_text = span(text, run[0], run[length - 1]);
                let mut said = self.marks.read(run_text);
                // Initials are written so as well: such a mark stands behind a name.
                if let Some(mark) = abbreviation(run_text).filter(|_| !said.standing.holds() && from > 0) {
                    said = self.marks.read(&mark);
                    said.is_in_doubt = true;
                }
                // What is refused may be an hour, which stands behind it.
                let is_meant = || {
                    said.standing.says(StandingFact::Deceased)
                        || self.notes.read(&text[place(text, run[0])..]).standing.holds()
                };
                // What may be a name (Rip Torn) is a mark behind one only.
                let is_placed = !said.is_in_doubt || from + length == words.len();
                if said.standing.holds() && is_placed && is_meant() {
                    return Some((from, from + length, said.standing, said.is_in_doubt));
                }
            }
        }
        None
    }

    /// Words between spaces; a sign that is a mark stands by itself, and so does a mark that is joined to a name.
    fn words<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let mut words = Vec::new();
        for mut word in text.split_whitespace() {
            while let Some((at, sign)) = word.char_indices().find(|(_, sign)| self.marks.is_sign(*sign)) {
                words.push(&word[..at]);
                words.push(&word[at..at + sign.len_utf8()]);
                word = &word[at + sign.len_utf8()..];
            }
            match self.joined(word) {
                Some(at) => words.extend([&word[..at], word[at..].trim_start_matches(['-', '־', '–'])]),
                None => words.push(word),
            }
        }
        words.retain(|word| !word.is_empty());
        words
    }

    /// Where a mark begins that is written without a space behind a name: `כהן-ז"ל`, `כהןז"ל`.
    fn joined(&self, word: &str) -> Option<usize> {
        let is_mark = |rest: &str| {
            let said = self.marks.read(rest);
            said.standing.holds() && !said.is_in_doubt
        };
        // `עזבון-שטרן`.
        if let Some(at) = word.find(['-', '־', '–']).filter(|at| *at > 0 && is_mark(&word[..*at])) {
            return Some(at);
        }
        if let Some(at) = word.rfind(['-', '־', '–']).filter(|at| *at > 0) {
            let rest = word[at..].trim_start_matches(['-', '־', '–']);
            return (!rest.is_empty() && is_mark(rest)).then_some(at);
        }
        if !word.contains(is_quotation_mark) {
            return None;
        }
        let behind_two = word.char_indices().map(|(at, _)| at).skip(2);
        behind_two.take_while(|at| word[*at..].chars().count() > 2).find(|at| is_mark(&word[*at..]))
    }
}

/// An abbreviation in dots, `ז.ל.`, as it is written with a quotation mark; none where it is none.
fn abbreviation(text: &str) -> Option<String> {
    let letters: Vec<&str> = text.trim().trim_end_matches('.').split('.').collect();
    let is_letter = |part: &&str| part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
    let (last, first) = letters.split_last()?;
    (!first.is_empty() && letters.iter().all(is_letter)).then(|| format!("{}\"{last}", first.concat()))
}

/// What was sorted out so far.
#[derive(Debug, Default)]
struct Taken<'c> {
    name: String,
    mark: String,
    standing: Standing,
    needs_name: bool,
    /// The sign that parts the next piece of the name from the last one.
    signs: &'c str,
}

impl Taken<'_> {
    fn keep(&mut self, part: &str) {
        let part = part.trim();
        if part.is_empty() {
            return;
        }
        if !self.name.is_empty() {
            self.name.push_str(if self.signs.is_empty() { " " } else { self.signs });
        }
        self.signs = "";
        self.name.push_str(part);
    }

    fn take(&mut self, part: &str, said: Standing) {
        add_mark(&mut self.mark, part.trim());
        self.standing = self.standing.and(said);
        self.signs = "";
    }
}

/// A part of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'c> {
    /// In brackets or between asterisks.
    Apart {
        written: &'c str,
        inside: &'c str,
    },
    /// What parts two others.
    Sign(&'c str),
    Words(&'c str),
}

fn add_mark(marks: &mut String, mark: &str) {
    if !marks.is_empty() {
        marks.push_str(", ");
    }
    marks.push_str(mark);
}

/// What stands between brackets and separators.
fn pieces(cell: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(letter) = cell[at..].chars().next() {
        let next = at + letter.len_utf8();
        let rest = &cell[at..];
        let end = match closing(letter) {
            Some(closing) => rest[letter.len_utf8()..].trim_start_matches(letter).find(closing).map(|_| {
                let opening = rest.len() - rest.trim_start_matches(letter).len();
                let inside = rest[opening..].find(closing).unwrap_or_default();
                let after = rest[opening + inside..].trim_start_matches(closing);
                (cell.len() - after.len(), &rest[opening..opening + inside])
            }),
            None => None,
        };
        if let Some((end, inside)) = end {
            pieces.push(Piece::Words(&cell[start..at]));
            pieces.push(Piece::Apart { written: &cell[at..end], inside });
            (start, at) = (end, end);
            continue;
        }
        let is_spaced = cell[..at].ends_with(' ') || cell[next..].starts_with(' ');
        if matches!(letter, ',' | ';' | '/' | '|' | '،') || matches!(letter, '-' | '–' | '—' | ':' | '*') && is_spaced
        {
            pieces.push(Piece::Words(&cell[start..at]));
            let signs = cell[at..]
                .find(|next: char| !matches!(next, ' ' | ',' | ';' | '/' | '|' | '،' | '-' | '–' | '—' | ':' | '*'));
            let end = signs.map_or(cell.len(), |signs| at + signs);
            let begin = cell[..at].trim_end().len();
            pieces.push(Piece::Sign(&cell[begin..end]));
            (start, at) = (end, end);
            continue;
        }
        at = next;
    }
    pieces.push(Piece::Words(&cell[start..]));
    pieces.retain(|piece| !matches!(piece, Piece::Words(text) if text.trim().is_empty()));
    pieces
}

const fn closing(opening: char) -> Option<char> {
    match opening {
        '(' => Some(')'),
        '[' => Some(']'),
        '{' => Some('}'),
        '<' => Some('>'),
        '*' => Some('*'),
        _ => None,
    }
}

/// The text from the beginning of one of its words to the end of another.
fn span<'t>(text: &'t str, first: &str, last: &str) -> &'t str {
    &text[place(text, first)..place(text, last) + last.len()]
}

/// Where one of its words stands in a text.
fn place(text: &str, word: &str) -> usize {
    word.as_ptr() as usize - text.as_ptr() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_falls_apart_at_brackets_and_separators() {
        use Piece::{Apart, Sign, Words};
        assert_eq!(
            pieces("Marsh **do not call**"),
            [Words("Marsh "), Apart { written: "**do not call**", inside: "do not call" }]
        );
        assert_eq!(pieces("כהן, דנה"), [Words("כהן"), Sign(", "), Words("דנה")]);
        assert_eq!(pieces("Okafor - RIP"), [Words("Okafor "), Sign(" - "), Words("RIP")]);
        assert_eq!(pieces("Anne-Marie (x"), [Words("Anne-Marie (x")]);
    }

    fn taken(cell: &str) -> Option<(String, String)> {
        thread_local! {
            static MARKS: NameMarks = NameMarks::load(&RuleFiles::embedded()).expect("the shipped rules load");
        }
        MARKS.with(|marks| marks.take(cell)).map(|found| (found.name, found.mark))
    }

    #[test]
    fn marks_are_told_from_names_however_they_are_written() {
        for (cell, name, mark) in [
            ("כהן ז״ל", "כהן", "ז״ל"),
            ("כהן ז”ל", "כהן", "ז”ל"),
            ("כהן ז''ל", "כהן", "ז''ל"),
            ("כהן \u{200f}ז\u{200f}״\u{200e}ל", "כהן", "\u{200f}ז\u{200f}״\u{200e}ל"),
            ("כהן-ז\"ל", "כהן", "ז\"ל"),
            ("כהןז\"ל", "כהן", "ז\"ל"),
            ("יוסי ז\"ל כהן", "יוסי כהן", "ז\"ל"),
            ("עזבון המנוח רחמים טובול", "רחמים טובול", "עזבון המנוח"),
            ("זגורי†", "זגורי", "†"),
            ("סולטן - נפטרה 2020", "סולטן", "נפטרה 2020"),
            ("The late Gerald", "Gerald", "The late"),
            ("Estate of the late John Doe", "John Doe", "Estate of the late"),
            ("Nowak d.2018", "Nowak", "d.2018"),
            ("Smith, John (deceased 2019)", "Smith, John", "(deceased 2019)"),
            ("Marsh **do not call**", "Marsh", "**do not call**"),
            ("Bianchi DNC", "Bianchi", "DNC"),
            ("Вайсман НЕ ЗВОНИТЬ", "Вайсман", "НЕ ЗВОНИТЬ"),
            ("المرحومة سعاد", "سعاد", "المرحومة"),
            ("DNC", "", "DNC"),
            ("Zoë 😀 (RIP)", "Zoë 😀", "(RIP)"),
        ] {
            assert_eq!(taken(cell), Some((name.to_owned(), mark.to_owned())), "{cell}");
        }
        for name in [
            "",
            " ",
            "😀",
            "()",
            "((",
            "***",
            "-",
            "מנוחה",
            "מתי",
            "זלצר",
            "מנחם-זל",
            "Rip",
            "Rip Torn",
            "Mort",
            "Latham",
            "Coffin",
            "Stopford",
            "Мёртвый",
            "Покойников",
            "رحمة",
            "شهيد",
            "Cohen (decea",
            "Dana Levi (no calls before 10)",
            "כהן (אמא של דני)",
            "Anna-Maria van der Berg",
            "Smith, John",
        ] {
            assert_eq!(taken(name), None, "{name}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_cell_holds_what_is_taken_off_says_something(
            cell in "\\PC{0,24}|([(\\[*†] ?)?(ז\"ל|DNC|late|נפטר|כהן|Dana|no calls|- |, |\\)|\\*| |😀|\u{200f}){0,9}"
        ) {
            if let Some((name, mark)) = taken(&cell) {
                proptest::prop_assert!(!mark.trim().is_empty(), "{}: {}", cell, name);
                proptest::prop_assert!(mark.split(", ").all(|part| cell.contains(part)));
            }
        }
    }
}
