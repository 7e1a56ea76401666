//! Whether somebody may be greeted by a name. A name comes from a list, whoever typed it: what holds a link, a number or a domain
//! would be sent on under the sender's name.

use crate::rule::GreetingRules;
use crate::text::mark::{is_apostrophe, is_dash};

/// Whether a name is one to greet by: one line of few words of letters. Doubt counts as no; there is a greeting without a name.
pub fn is_greetable(name: &str, rules: &GreetingRules) -> bool {
    let mut letters = 0;
    let is_plain = name.chars().all(|letter| {
        letters += usize::from(is_letter(letter));
        is_letter(letter) || is_joint(letter)
    });
    let words = || name.split(|letter| letter == ' ' || is_dash(letter)).filter(|word| !word.is_empty());
    is_plain
        && (LEAST_LETTERS..=rules.most_letters).contains(&letters)
        && words().count() <= rules.most_words
        && !words().any(|word| rules.never.contains(&word.to_lowercase()))
}

/// The Roman numerals of Unicode are letters and numbers at once; they name nobody.
fn is_letter(letter: char) -> bool {
    letter.is_alphabetic() && !letter.is_numeric()
}

/// A letter alone is an initial.
const LEAST_LETTERS: usize = 2;

/// What stands within names beside letters.
const fn is_joint(letter: char) -> bool {
    letter == ' ' || is_apostrophe(letter) || is_dash(letter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rule::{OutreachRules, RuleFiles};

    fn greets(name: &str) -> bool {
        let rules = OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form");
        is_greetable(name, &rules.policy.greeting)
    }

    #[test]
    fn people_are_greeted_by_names_alone() {
        for name in ["דנה", "Dana", "Jean-Pierre", "O'Neil", "Anna Maria", "ג׳ורג׳", "בת־שבע", "Игорь", "محمد", "Zoë"]
        {
            assert!(greets(name), "{name}");
        }
        for name in [
            "",
            "D",
            "Www.Evil.Example",
            "evil.example/x",
            "http://evil.example",
            "Https",
            "www evil com",
            "dana@example.org",
            "Dana\nEvil",
            "0501234567",
            "Dana 2",
            "Dana (old)",
            "Dana Ⅷ",
            "ⅷⅸ",
            "evil。example",
            "ＥＶＩＬ．ＣＯＭ",
            "Dana\u{202e}",
            "{link}",
            "Congratulations You Have Won A Prize",
            "Anexceedinglyandunreasonablylongname",
            "-",
        ] {
            assert!(!greets(name), "{name}");
        }
    }

    proptest! {
        /// Whatever a list holds: a greeting has no address, no number, no line and no end of a sentence in it.
        #[test]
        fn no_greeting_holds_more_than_letters(name in "\\PC{0,40}|[a-zA-Z0-9./:@_\\n א-ת-]{0,30}") {
            if greets(&name) {
                let forbidden = |letter: char| {
                    letter.is_numeric() || letter.is_control() || ".,:;/\\@_!?%&=+#<>{}[]()|*".contains(letter)
                };
                prop_assert!(!name.contains(forbidden), "{name:?}");
                prop_assert!(name.chars().count() <= 60);
            }
        }
    }
}
