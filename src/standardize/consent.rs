//! Answers to "may we contact you".

use super::text::TextCleaner;
use super::{CellContext, Standardizer};
use crate::finding::Code;
use crate::record::{CellOut, Channel, Consent, Detail, Field, Standing};
use crate::rule::{ConsentWord, ConsentWords, RuleError, RuleFiles};

/// Reads consent cells. The normal form is `yes` or `no` to what the column asks, and empty where nothing is known; the
/// detail says what that means for contacting the customer.
#[derive(Debug)]
pub struct ConsentStandardizer {
    asks_for_refusal: bool,
    /// What it asks about; none for messages of any kind.
    channel: Option<Channel>,
    cleaner: TextCleaner,
    words: ConsentWords,
}

impl ConsentStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, field: Field) -> Result<Self, RuleError> {
        Ok(ConsentStandardizer {
            asks_for_refusal: field == Field::DoNotContact,
            channel: match field {
                Field::ConsentSms => Some(Channel::Sms),
                Field::ConsentEmail => Some(Channel::Email),
                Field::ConsentCall => Some(Channel::Call),
                _ => None,
            },
            cleaner: TextCleaner::new(files)?,
            words: ConsentWords::load(files)?,
        })
    }

    fn answer(&self, consent: Consent) -> Detail {
        self.channel.map_or_else(|| Standing::of_any(consent), |channel| Standing::of_channel(channel, consent)).into()
    }

    fn read(&self, text: &str) -> Option<ConsentWord> {
        // ASCII needs no other case: the words are found in any.
        self.words.read(text).or_else(|| {
            let bare = text.trim_end_matches(['.', '!', '?']);
            self.words.read(bare).or_else(|| self.words.read(&bare.to_lowercase()))
        })
    }

    fn write(&self, word: ConsentWord, out: &mut CellOut) {
        let (is_yes, is_refusal) = match word {
            ConsentWord::Yes => (true, self.asks_for_refusal),
            ConsentWord::No => (false, !self.asks_for_refusal),
            ConsentWord::Permission => (!self.asks_for_refusal, false),
            ConsentWord::Refusal => (self.asks_for_refusal, true),
            ConsentWord::Nothing => {
                out.detail = self.answer(Consent::Unknown);
                out.mark(Code::TextPlaceholder);
                return;
            }
        };
        out.display.push_str(if is_yes { "yes" } else { "no" });
        // That nobody asked not to be contacted is no permission.
        out.detail = match (is_refusal, self.asks_for_refusal) {
            (true, _) => self.answer(Consent::No),
            (false, true) => Detail::None,
            (false, false) => self.answer(Consent::Yes),
        };
    }
}

impl Standardizer for ConsentStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        let text = self.cleaner.clean(raw, out);
        if text.is_empty() {
            return;
        }
        match self.read(&text) {
            Some(word) => self.write(word, out),
            None => {
                out.detail = self.answer(Consent::Unknown);
                out.mark(Code::ConsentUnknownValue);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(field: Field, raw: &str) -> CellOut {
        let reader = ConsentStandardizer::new(&RuleFiles::embedded(), field).expect("loads");
        let mut out = CellOut::default();
        reader.standardize(raw, CellContext::default(), &mut out);
        out
    }

    #[test]
    fn answers_in_four_languages_are_read() {
        for (raw, display, consent) in [
            ("כן", "yes", Consent::Yes),
            ("V", "yes", Consent::Yes),
            ("TRUE", "yes", Consent::Yes),
            ("Да", "yes", Consent::Yes),
            ("نعم", "yes", Consent::Yes),
            ("opt-in", "yes", Consent::Yes),
            ("מאשרת.", "yes", Consent::Yes),
            ("לא", "no", Consent::No),
            ("X", "no", Consent::No),
            ("0", "no", Consent::No),
            ("הסיר", "no", Consent::No),
            ("לא לפנות!", "no", Consent::No),
            ("Unsubscribed", "no", Consent::No),
        ] {
            let out = read(Field::ConsentSms, raw);
            assert_eq!(
                (out.display.as_str(), out.detail.standing()),
                (display, Standing::of_channel(Channel::Sms, consent))
            );
        }
    }

    #[test]
    fn yes_to_do_not_contact_is_a_refusal_and_no_is_no_permission() {
        for (raw, display, detail) in [
            ("כן", "yes", Standing::of_any(Consent::No).into()),
            ("לא לפנות", "yes", Standing::of_any(Consent::No).into()),
            ("לא", "no", Detail::None),
            ("", "", Detail::None),
        ] {
            let out = read(Field::DoNotContact, raw);
            assert_eq!((out.display.as_str(), out.detail), (display, detail), "{raw}");
        }
    }

    #[test]
    fn what_no_list_knows_is_unknown_and_never_a_yes() {
        let out = read(Field::Consent, "אולי בשנה הבאה");
        assert_eq!((out.display.as_str(), out.detail.consent()), ("", Some(Consent::Unknown)));
        assert!(out.has(Code::ConsentUnknownValue));
        let out = read(Field::Consent, "לא ידוע");
        assert_eq!(out.detail.consent(), Some(Consent::Unknown));
        assert!(!out.has(Code::ConsentUnknownValue));
    }

    proptest::proptest! {
        #[test]
        fn standardizing_twice_changes_nothing(raw in "[ -~א-ת]{0,12}|yes|no|כן|לא|V") {
            for field in [Field::Consent, Field::DoNotContact] {
                let once = read(field, &raw);
                let twice = read(field, &once.display);
                proptest::prop_assert_eq!(&once.display, &twice.display);
                proptest::prop_assert!(twice.marks.iter().all(|mark| !mark.code.is_repair()));
            }
        }
    }
}
