//! Notes of staff: carried as they are, and read for what they say against contacting the customer.

use std::sync::Arc;

use super::text::PlainText;
use super::{CellContext, Standardizer};
use crate::finding::{Code, Confidence};
use crate::meaning::NoteReader;
use crate::record::{CellOut, Detail, Field, SaidDay, Standing, StandingFact};
use crate::rule::{RuleError, RuleFiles};

/// Reads notes.
#[derive(Debug)]
pub struct NoteStandardizer {
    text: PlainText,
    reader: Arc<NoteReader>,
}

impl NoteStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        Ok(NoteStandardizer { text: PlainText::new(files, Field::Notes)?, reader: NoteReader::load(files)? })
    }
}

impl Standardizer for NoteStandardizer {
    fn standardize(&self, raw: &str, context: CellContext<'_>, out: &mut CellOut) {
        self.text.standardize(raw, context, out);
        let meaning = self.reader.read(&out.display);
        if meaning.standing.is_nothing() {
            return;
        }
        out.detail = Detail::Standing(meaning.standing, SaidDay::NONE);
        if meaning.is_in_doubt {
            out.mark_with(Code::NotesUnclear, IN_DOUBT);
            return;
        }
        let said = what_is_said(meaning.standing);
        let codes = [Code::NotesDeceased, Code::NotesLegal, Code::NotesDoNotContact, Code::NotesRefusedChannel];
        codes.into_iter().zip(said).filter(|(_, is_said)| *is_said).for_each(|(code, _)| out.mark(code));
    }
}

/// A death, the law, a refusal, one of a channel alone.
fn what_is_said(standing: Standing) -> [bool; 4] {
    let refuses_all = standing.refuses_all();
    let refuses_channel = !refuses_all && standing.strictest().is_some();
    [standing.says(StandingFact::Deceased), standing.says(StandingFact::Legal), refuses_all, refuses_channel]
}

/// What marks beside a name are called.
pub(super) fn codes_beside_name(standing: Standing) -> impl Iterator<Item = Code> {
    let codes = [Code::NameDeceased, Code::NameLegal, Code::NameDoNotContact, Code::NameDoNotContact];
    codes.into_iter().zip(what_is_said(standing)).filter(|(_, is_said)| *is_said).map(|(code, _)| code)
}

const IN_DOUBT: Confidence = Confidence::percent(50);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Channel, Consent};

    fn read(note: &str) -> (Standing, Vec<Code>) {
        let reader = NoteStandardizer::new(&RuleFiles::embedded()).expect("the shipped rules load");
        let mut out = CellOut::default();
        reader.standardize(note, CellContext::default(), &mut out);
        assert_eq!(out.display, note);
        (out.detail.standing(), out.marks.iter().map(|mark| mark.code).collect())
    }

    #[test]
    fn a_note_keeps_its_text_and_what_it_says_is_noted() {
        let no_call = Standing::of_channel(Channel::Call, Consent::No);
        assert_eq!(read("נפטר 3/2024"), (Standing::of_fact(StandingFact::Deceased), vec![Code::NotesDeceased]));
        assert_eq!(read("לא להתקשר!"), (no_call, vec![Code::NotesRefusedChannel]));
        assert_eq!(read("בעלה נפטר"), (Standing::NOTHING, vec![]));
        assert_eq!(read(""), (Standing::NOTHING, vec![]));
    }
}
