//! Cells that are carried rather than judged: keys, gender, language, notes.

use super::TextCleaner;
use super::seen::tidy;
use crate::finding::Code;
use crate::record::{CellOut, Field};
use crate::rule::{PlaceholderKind, Placeholders, RuleError, RuleFiles};
use crate::standardize::{CellContext, Standardizer};

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
        // A key is compared with keys of other systems: nothing but what nobody can see may change.
        if self.field == Field::Id {
            let is_plain = raw.bytes().all(|byte| byte.is_ascii_graphic());
            let seen = if is_plain { None } else { tidy(raw, out) };
            out.display.push_str(seen.as_deref().unwrap_or(raw));
            return;
        }
        let text = self.cleaner.clean(raw, out);
        out.display.push_str(&text);
        if self.field != Field::Notes && self.placeholders.has(&text) {
            out.mark(Code::TextPlaceholder);
        }
    }
}
