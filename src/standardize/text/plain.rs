//! Cells that are carried rather than judged: keys, gender, language, notes.

use super::TextCleaner;
use super::seen::tidy;
use crate::finding::Code;
use crate::record::{CellOut, Field};
use crate::rule::{PlaceholderKind, Placeholders, RuleError, RuleFiles};
use crate::standardize::{CellContext, Standardizer};
use crate::text::unguarded;

/// Reads cells that are carried rather than judged.
#[derive(Debug)]
pub struct PlainText {
    field: Field,
    cleaner: TextCleaner,
    placeholders: Placeholders,
}

impl PlainText {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, field: Field) -> Result<Self, RuleError> {
        let placeholders = Placeholders::load(files, PlaceholderKind::Any)?;
        Ok(PlainText { field, cleaner: TextCleaner::new(files)?, placeholders })
    }
}

impl Standardizer for PlainText {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        // A key is compared with keys of other systems: nothing may change but what nobody can see, and the mark by which a
        // spreadsheet was made to keep its digits.
        if self.field == Field::Id {
            let is_plain = raw.bytes().all(|byte| byte.is_ascii_graphic());
            let seen = if is_plain { None } else { tidy(raw, out) };
            let key = seen.as_deref().unwrap_or(raw);
            let unguarded = unguarded(key);
            if unguarded.len() < key.len() {
                out.mark(Code::TextRepairExcelMark);
            }
            out.display.push_str(unguarded);
            return;
        }
        let text = self.cleaner.clean(raw, out);
        let is_filler = self.field != Field::Notes && self.placeholders.has(&text);
        if is_filler {
            out.marks.retain(|mark| !mark.code.is_repair());
            out.mark(Code::TextPlaceholder);
        }
        // Where a column asks something, "no" and "none" are answers.
        if !is_filler || self.field.is_standing() {
            out.display.push_str(&text);
        }
    }
}
