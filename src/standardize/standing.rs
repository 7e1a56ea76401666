//! Answers to "may we contact you", refusals, statuses, deaths: cells by which somebody may be contacted or not.

use std::sync::Arc;

use super::date::{DateOrder, DateStandardizer};
use super::text::{PlainText, TextCleaner};
use super::{CellContext, Standardizer};
use crate::finding::Code;
use crate::meaning::NoteReader;
use crate::record::{CellOut, Day, Detail, Field, SaidDay, Standing, StandingFact};
use crate::rule::{About, Asks, Context, ReadOn, RuleError, StandingWords};

/// Reads cells that say whether somebody may be contacted; the detail is what they say of it.
///
/// The normal form is `yes` or `no` to what the column asks where the cell is a plain one of them, else the words as they stand,
/// a day as a date. It is empty where nothing is known.
#[derive(Debug)]
pub struct StandingStandardizer {
    asks: Asks,
    cleaner: TextCleaner,
    /// What reads cells whose words stay as they are.
    plain: Option<PlainText>,
    words: Arc<StandingWords>,
    /// What reads statuses in which the words alone say nothing: people write there what they write into notes.
    notes: Option<Arc<NoteReader>>,
    dates: DateStandardizer,
    today: Day,
}

impl StandingStandardizer {
    /// Loads its rules. The header says more of what is asked than the field alone; none for a field of another kind.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context, field: Field, header: &str, samples: &[String]) -> Result<Option<Self>, RuleError> {
        let files = &context.files;
        let words = StandingWords::load(files)?;
        let Some(asks) = words.asked(field, header) else { return Ok(None) };
        let is_plain = matches!(asks.about, About::Status | About::Tags | About::Reach | About::Minor);
        Ok(Some(StandingStandardizer {
            asks,
            cleaner: TextCleaner::new(files)?,
            plain: if is_plain { Some(PlainText::new(files, field)?) } else { None },
            notes: if asks.about == About::Status { Some(NoteReader::load(files)?) } else { None },
            dates: DateStandardizer::new(context, field, DateOrder::infer(context, header, samples)?)?,
            words,
            today: Day::of(context.today),
        }))
    }

    /// The day that a cell is, whether it stands for no day, and its normal form.
    fn day(&self, text: &str) -> (Option<Day>, bool, String) {
        if !text.chars().any(char::is_numeric) || text.chars().count() < 4 {
            return (None, false, String::new());
        }
        let mut read = CellOut::default();
        self.dates.standardize(text, CellContext::default(), &mut read);
        let day = read.detail.date();
        (day, day.is_none() && read.has(Code::DatePlaceholder), read.display)
    }

    fn status(&self, plain: &PlainText, raw: &str, context: CellContext<'_>, out: &mut CellOut) {
        plain.standardize(raw, context, out);
        if out.display.is_empty() {
            return;
        }
        let on = ReadOn { today: self.today, day: None };
        let mut standing = self.words.cell(&self.asks, &out.display, on).standing;
        if self.asks.about == About::Minor
            && let (Some(born), ..) = self.day(&out.display)
        {
            let of_age = born.date().saturating_add(jiff::Span::new().years(18));
            let is_minor = of_age > self.today.date() && born <= self.today;
            standing = if is_minor { Standing::of_fact(StandingFact::Minor) } else { Standing::NOTHING };
        }
        if standing.is_nothing()
            && let Some(notes) = &self.notes
        {
            standing = notes.read(&out.display).standing;
        }
        if !standing.is_nothing() {
            out.detail = standing.into();
        }
    }
}

impl Standardizer for StandingStandardizer {
    fn standardize(&self, raw: &str, context: CellContext<'_>, out: &mut CellOut) {
        if let Some(plain) = &self.plain {
            return self.status(plain, raw, context, out);
        }
        let text = self.cleaner.clean(raw, out);
        if text.is_empty() {
            return;
        }
        let (day, is_no_day, date) = self.day(&text);
        if is_no_day {
            out.mark(Code::TextPlaceholder);
            return;
        }
        let says = self.words.cell(&self.asks, &text, ReadOn { today: self.today, day });
        if !says.standing.is_nothing() {
            out.detail = Detail::Standing(says.standing, SaidDay::from(day));
        }
        if says.is_placeholder {
            out.mark(Code::TextPlaceholder);
        } else if says.is_unclear {
            out.mark(Code::ConsentUnknownValue);
        }
        match says.answer {
            Some(answer) if self.words.is_plain(&text) => out.display.push_str(if answer { "yes" } else { "no" }),
            _ if says.is_placeholder || says.is_unclear && says.answer.is_none() => {}
            _ if day.is_some() => out.display.push_str(&date),
            _ => out.display.push_str(&text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Channel, Consent};
    use crate::rule::RuleFiles;

    fn read(field: Field, raw: &str) -> CellOut {
        let context = Context::new(RuleFiles::embedded(), "IL", jiff::civil::date(2026, 11, 1));
        let reader = StandingStandardizer::new(&context, field, "", &[]).expect("loads").expect("of this kind");
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
    fn consent_to_whatsapp_is_read_and_permits_and_forbids_nothing_else() {
        for (raw, display) in [("כן", "yes"), ("no", "no"), ("SMS", ""), ("opted in", "yes")] {
            let out = read(Field::ConsentWhatsapp, raw);
            assert_eq!((out.display.as_str(), out.detail.standing()), (display, Standing::NOTHING), "{raw}");
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
