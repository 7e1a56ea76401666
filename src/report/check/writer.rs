//! What a format of a check is to those who write it.

use std::io::{self, Write};

use crate::finding::Code;
use crate::ingest::List;
use crate::pipeline::{CheckEvent, CheckPlan, CheckReport, RunError, Setup};
use crate::rule::Words;

/// What is known before the first finding.
#[derive(Clone, Copy)]
pub struct CheckContext<'a> {
    /// The rules in force, and whether values are masked.
    pub setup: &'a Setup,
    /// What is asked of it.
    pub plan: &'a CheckPlan,
    /// The words for codes.
    pub words: &'a Words,
    /// Whether several lists are checked.
    pub has_several: bool,
}

impl CheckContext<'_> {
    /// Whether findings of a code would be told.
    pub fn asks(&self, code: Code) -> bool {
        self.plan.rules
            && !self.setup.redaction.hides(code)
            && self.plan.severity(code, self.setup.catalog.severity(code)).is_some()
    }
}

/// A format at work: it hears each finding while a list is read, and the result at its end. A format that tells findings by
/// rule and column has nothing to do before that, and one that is a whole only when all lists are done writes at the close.
pub trait CheckWriter: Send {
    /// Before the first finding of a list.
    ///
    /// # Errors
    /// When it can't be written.
    fn start(&mut self, _list: &List, _out: &mut (dyn Write + Send)) -> io::Result<()> {
        Ok(())
    }

    /// The next finding, in the order of [`CheckSink`](crate::pipeline::CheckSink).
    ///
    /// # Errors
    /// When it can't be written.
    fn finding(&mut self, _list: &List, _event: &CheckEvent<'_>, _out: &mut (dyn Write + Send)) -> io::Result<()> {
        Ok(())
    }

    /// The result of a list, after its last finding.
    ///
    /// # Errors
    /// When it can't be written, or the list not be read again.
    fn end(&mut self, list: &List, report: &CheckReport, out: &mut (dyn Write + Send)) -> Result<(), RunError>;

    /// When all lists are done.
    ///
    /// # Errors
    /// When it can't be written.
    fn close(&mut self, _out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        Ok(())
    }

    /// Whether it is written byte for byte. What is not loses its colours where no terminal shows it, and control characters.
    fn is_verbatim(&self) -> bool {
        false
    }
}

/// Writes a whole text as a result.
pub(super) fn write_text(text: &str, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
    out.write_all(text.as_bytes()).map_err(|error| RunError::write("the output", &error))
}
