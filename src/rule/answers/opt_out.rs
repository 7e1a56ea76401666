//! `rules/outreach/opt_out.toml`: words by which somebody says that no more messages are wanted.

use std::collections::HashSet;

use serde::Deserialize;

use crate::rule::{RuleError, RuleFiles};
use crate::text::message_words;

/// What a message wishes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// No more messages.
    Stop,
    /// Perhaps no more messages: such a word stands among others.
    StopInDoubt,
    /// Something else.
    Else,
}

/// The words, folded.
#[derive(Debug, Clone)]
pub struct OptOutWords {
    words: HashSet<String>,
    polite: HashSet<String>,
    /// Parts of the longest of them.
    longest: usize,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    words: Vec<String>,
    polite: Vec<String>,
}

impl OptOutWords {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let name = "outreach/opt_out.toml";
        let file: File = files.parse(name)?;
        if let Some(word) = file.words.iter().chain(&file.polite).find(|word| message_words(word).is_empty()) {
            let message = format!("`{word}` has no letters");
            return Err(RuleError::Meaning { path: name.to_owned(), message });
        }
        let words: HashSet<String> = file.words.iter().map(|word| message_words(word).join(" ")).collect();
        let longest = words.iter().map(|word| word.split(' ').count()).max().unwrap_or_default();
        let polite = file.polite.iter().flat_map(|word| message_words(word)).collect();
        Ok(OptOutWords { words, polite, longest })
    }

    /// What a message wishes.
    pub fn wish(&self, message: &str) -> Wish {
        let parts = message_words(message);
        let meant: Vec<&str> = parts.iter().map(String::as_str).filter(|part| !self.polite.contains(*part)).collect();
        let all: Vec<&str> = parts.iter().map(String::as_str).collect();
        // Said twice is said once.
        let mut once = meant.clone();
        once.dedup();
        let is_word = |parts: &[&str]| self.words.contains(&parts.join(" "));
        if [&all, &meant, &once].into_iter().any(|parts| !parts.is_empty() && is_word(parts)) {
            return Wish::Stop;
        }
        let holds = |parts: &[&str]| (1..=self.longest).any(|length| parts.windows(length).any(is_word));
        if holds(&all) || holds(&meant) { Wish::StopInDoubt } else { Wish::Else }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn words() -> OptOutWords {
        OptOutWords::load(&RuleFiles::embedded()).expect("the shipped rules are of their form")
    }

    #[test]
    fn a_refusal_is_understood_however_it_is_written() {
        let words = words();
        for message in [
            "הסר",
            "הָסֵר",
            "  הסר.  ",
            "\"הסר\"",
            "״הסר״",
            "'הסר'",
            "הסררררר!!!",
            "ה ס ר",
            "הסר\u{200f}",
            "נא להסיר, תודה",
            "להסרה",
            "הסירו",
            "די",
            "די!!!",
            "STOP",
            "stop.",
            "Stop please",
            "S-T-O-P",
            "ＳＴＯＰ",
            "stop stop",
            "STOOOP",
            "UNSUBSCRIBE",
            "cancel",
            "End",
            "QUIT",
            "Opt-out",
            "opt out",
            "СТОП",
            "отписаться",
            "إلغاء",
            "إيقاف",
            "الغاء",
            "توقف",
        ] {
            assert_eq!(words.wish(message), Wish::Stop, "{message}");
        }
    }

    #[test]
    fn a_refusal_among_other_words_is_one_in_doubt() {
        let words = words();
        for message in [
            "why do you not stop writing to me",
            "אני מבקש להסיר אותי מהרשימה",
            "I will be there at the end of the week",
            "די, נמאס לי",
            "пожалуйста хватит мне писать",
            "can I cancel my order?",
        ] {
            assert_eq!(words.wish(message), Wish::StopInDoubt, "{message}");
        }
    }

    #[test]
    fn other_answers_are_none() {
        let words = words();
        for message in [
            "",
            "👍",
            "כן",
            "הכל נכון",
            "מי זה?",
            "yes, all correct",
            "тут всё верно",
            "نعم",
            "endless",
            "stopwatch",
            "דינה",
        ] {
            assert_eq!(words.wish(message), Wish::Else, "{message}");
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_around_the_word_it_is_never_missed(
            before in "\\PC{0,12}", after in "\\PC{0,12}", word in prop::sample::select(vec!["STOP", "הסר", "стоп", "إيقاف", "unsubscribe"]),
        ) {
            prop_assert_ne!(words().wish(&format!("{before} . {word} . {after}")), Wish::Else);
        }

        #[test]
        fn case_punctuation_and_repeated_letters_change_nothing(
            word in prop::sample::select(vec!["stop", "הסר", "стоп", "quit", "הסירו"]),
            marks in prop::collection::vec(prop::sample::select(vec!["", ".", "!", "\"", "״", "\u{200f}", "\u{5b8}"]), 12),
            repeats in prop::collection::vec(1usize..4, 12), upper: bool,
        ) {
            let mut written = String::new();
            for ((letter, mark), times) in word.chars().zip(&marks).zip(&repeats) {
                written.extend(std::iter::repeat_n(letter, *times));
                // Marks within a word part it; quotes and niqqud do not.
                if !matches!(*mark, "." | "!") {
                    written.push_str(mark);
                }
            }
            written.push_str(marks[0]);
            let written = if upper { written.to_uppercase() } else { written };
            prop_assert_eq!(words().wish(&written), Wish::Stop, "{}", written);
        }

        #[test]
        fn no_message_makes_it_fail(message in "\\PC{0,80}") {
            let _ = words().wish(&message);
        }
    }
}
