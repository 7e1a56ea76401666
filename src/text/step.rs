//! The steps by which texts are read, in their order: what each does, and what it may lose.
//!
//! Lossless steps bring one and the same text to one form; what they name is all that they change, and values keep what
//! comes out of them. Lossy steps make texts equal that a person would still tell apart: they make keys to compare by,
//! never values. A cell goes through the lossless ones in one walk ([`tidy`](super::tidy)); each fold says which of the
//! lossy ones it takes. The laws of all of them are tested here, together.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::character::{has_purpose, is_bidi_control, is_invisible, is_shaper, is_stray_control, is_traceless};
use super::compose::compose;
use super::digit::digit_of;
use super::hebrew;
use super::mark::{in_one_form, without_vowel_points};

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// Full-width letters, presentation forms and ligatures become the letters they are; accents join their letters (NFC).
    Compose,
    /// Marks of direction go.
    Bidi,
    /// Control characters that are no spaces go.
    Control,
    /// What else nobody sees goes, but joiners and variation selectors only where they shape nothing.
    Invisible,
    /// Every run of spaces of any kind becomes one plain space.
    InnerSpace,
    /// Spaces at the edges go.
    Edges,
    /// Apostrophes, quotation marks and dashes become those of keyboards.
    Keyboard,
    /// Decimal digits of all scripts become those of ASCII.
    Digits,
    /// All that nobody sees goes, and so do joiners and variation selectors that shape something.
    Unseen,
    /// Points, accents, vowel signs and the tatweel go: aids to reading.
    Points,
    /// Letters, digits and signs lose their shape: width, place, circle (NFKD).
    Compatibility,
    /// Accents, points and all other combining marks go.
    Marks,
    /// Letters become small ones.
    Case,
    /// Final forms of Hebrew letters become ordinary ones.
    Finals,
    /// All that is neither letter nor digit becomes one space, and goes at the edges.
    Words,
}

impl Step {
    /// Those that lose nothing that a person wrote, in their order.
    pub const LOSSLESS: [Step; 8] = [
        Step::Compose,
        Step::Bidi,
        Step::Control,
        Step::Invisible,
        Step::InnerSpace,
        Step::Edges,
        Step::Keyboard,
        Step::Digits,
    ];
    /// Those of them that any text goes through, whatever it holds.
    pub const TIDY: [Step; 6] =
        [Step::Compose, Step::Bidi, Step::Control, Step::Invisible, Step::InnerSpace, Step::Edges];
    /// Those that only keys for comparison go through, in their order.
    pub const LOSSY: [Step; 7] =
        [Step::Unseen, Step::Points, Step::Compatibility, Step::Marks, Step::Case, Step::Finals, Step::Words];

    /// The text after this step.
    pub fn of(self, text: &str) -> Cow<'_, str> {
        let without = |goes: fn(char) -> bool| {
            if text.contains(goes) { Cow::Owned(text.replace(goes, "")) } else { Cow::Borrowed(text) }
        };
        match self {
            Step::Compose => compose(text).map_or(Cow::Borrowed(text), Cow::Owned),
            Step::Bidi => without(is_bidi_control),
            Step::Control => without(is_stray_control),
            Step::Invisible if text.contains(is_invisible) => Cow::Owned(without_noise(text)),
            Step::Invisible => Cow::Borrowed(text),
            Step::InnerSpace => Cow::Owned(spaced(text, char::is_whitespace)),
            Step::Edges => Cow::Borrowed(text.trim()),
            Step::Keyboard => in_one_form(text).map_or(Cow::Borrowed(text), Cow::Owned),
            Step::Digits => {
                Cow::Owned(text.chars().map(|character| digit_of(character).unwrap_or(character)).collect())
            }
            Step::Points => without_vowel_points(text).map_or(Cow::Borrowed(text), Cow::Owned),
            Step::Unseen => without(is_traceless),
            Step::Compatibility if text.is_ascii() => Cow::Borrowed(text),
            Step::Compatibility => Cow::Owned(text.nfkd().collect()),
            Step::Marks => without(is_combining_mark),
            Step::Case => Cow::Owned(text.chars().flat_map(char::to_lowercase).collect()),
            Step::Finals => Cow::Owned(text.chars().map(hebrew::without_final).collect()),
            Step::Words => Cow::Owned(spaced(text, |character| !character.is_alphanumeric()).trim().to_owned()),
        }
    }

    /// The text after these steps, one after the other.
    pub fn all(steps: &[Step], text: &str) -> String {
        steps.iter().fold(text.to_owned(), |text, step| step.of(&text).into_owned())
    }
}

fn without_noise(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        let goes = if is_shaper(character) {
            let next = rest.clone().find(|next| is_shaper(*next) || !is_invisible(*next));
            !has_purpose(character, kept.chars().next_back(), next)
        } else {
            is_invisible(character)
        };
        if !goes {
            kept.push(character);
        }
    }
    kept
}

fn spaced(text: &str, is_gap: fn(char) -> bool) -> String {
    let mut spaced = String::with_capacity(text.len());
    for character in text.chars() {
        match is_gap(character) {
            true if spaced.ends_with(' ') => {}
            true => spaced.push(' '),
            false => spaced.push(character),
        }
    }
    spaced
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::mark::{is_dash, is_quote};
    use super::super::{FoldedHeader, PlaceKey, fold_word, folded, name_words, tidy};
    use super::*;

    type Fold = fn(&str) -> String;

    /// Each fold of this house: a text, and what it is compared by.
    const FOLDS: [(&str, Fold); 5] = [
        ("names", folded),
        ("words of names", |text| name_words(text).join(" ")),
        ("headers", |text| FoldedHeader::new(text).all_words().join(" ")),
        ("places", |text| format!("{:?}", PlaceKey::new(text).as_bytes())),
        ("words", fold_word),
    ];

    /// What people write in lists, and what programs add to it.
    fn texts() -> impl Strategy<Value = String> {
        let letters = "[ -~א-תa-zA-ZÀ-žА-яёÈÉ]";
        let marks = "[\u{591}-\u{5c7}\u{64b}-\u{655}\u{670}\u{640}\u{300}-\u{308}\u{338}\u{20e3}]";
        let odd = "[\u{0}-\u{a0}\u{ad}\u{34f}\u{61c}\u{1160}\u{180b}-\u{180f}\u{2000}-\u{2015}\u{2028}-\u{202f}\u{205f}-\u{206f}\
                   \u{3000}\u{3164}\u{fe0f}\u{feff}\u{ffa0}\u{fff9}\u{e0067}\u{e0100}]";
        let forms =
            "[\u{fb00}-\u{fb4f}\u{fe70}-\u{fefc}\u{ff01}-\u{ff5e}\u{212a}\u{2126}\u{149}\u{1d7ce}٠-٩ء-يگی葛❤👩💻İßſ]";
        let quotes = "[\u{5f3}\u{5f4}‘-‟′″ʻ-ʿ´`\u{1ffd}‐-―−־]";
        let piece = prop_oneof![6 => letters, 2 => marks, 3 => odd, 2 => forms, 1 => quotes, 1 => "\\PC"];
        prop::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// A step done twice is done once; the lossless ones change nothing but what they name, and no fold tells texts
        /// apart that they make equal; a fold of a fold is itself.
        #[test]
        fn the_steps_and_the_folds_keep_their_laws(text in texts()) {
            for step in Step::LOSSLESS.into_iter().chain(Step::LOSSY) {
                let once = step.of(&text);
                prop_assert_eq!(&step.of(&once), &once, "{:?} twice", step);
            }
            for step in Step::LOSSLESS {
                let after = step.of(&text);
                // Compatible forms are of one text by definition.
                let rest = |text: &str| -> String { text.chars().filter(|character| !names(step, *character)).nfkd().collect() };
                prop_assert_eq!(rest(&after), rest(&text), "{:?}", step);
                for (fold, key) in FOLDS {
                    prop_assert_eq!(key(&after), key(&text), "{} and {:?}", fold, step);
                }
            }
            // Values of names have lost their points, and others may be compared with them.
            for (fold, key) in FOLDS {
                prop_assert_eq!(key(&Step::Points.of(&text)), key(&text), "{} and points", fold);
            }
            for fold in [folded, fold_word] {
                let once = fold(&text);
                prop_assert_eq!(&fold(&once), &once);
            }
        }

        #[test]
        fn one_walk_over_a_text_takes_all_lossless_steps(text in texts()) {
            let tidied = |text: &str| tidy(text, |_| {}).unwrap_or_else(|| text.to_owned());
            let once = tidied(&text);
            // An accent may find its letter once what stood between them is gone, and what was joined to the accent has no purpose
            // behind the letter.
            let again = Step::Compose.of(&Step::all(&Step::TIDY, &text)).into_owned();
            prop_assert_eq!(&once, &Step::all(&Step::TIDY, &again));
            prop_assert_eq!(&tidied(&once), &once);
        }
    }

    /// Whether a step is about this character.
    fn names(step: Step, character: char) -> bool {
        match step {
            Step::Bidi => is_bidi_control(character),
            Step::Control => is_stray_control(character),
            Step::Invisible => is_invisible(character),
            Step::InnerSpace | Step::Edges => character.is_whitespace(),
            Step::Keyboard => is_quote(character) || is_dash(character),
            Step::Digits => digit_of(character).is_some(),
            _ => false,
        }
    }
}
