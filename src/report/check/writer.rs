//! What a format of a check is to those who write it.

use std::io::{self, Write};

use crate::ingest::List;
use crate::pipeline::{CheckEvent, CheckReport, RunError, Setup};
use crate::rule::Words;

/// What is known before the first finding.
#[derive(Clone, Copy)]
pub struct CheckContext<'a> {
    /// The list.
    pub list: &'a List,
    /// The rules in force, and whether values are masked.
    pub setup: &'a Setup,
    /// The words for codes.
    pub words: &'a Words,
}

/// A format at work: it hears each finding while the list is read, and the result at the end. A format that tells findings by
/// rule and column has nothing to do before that.
pub trait CheckWriter: Send {
    /// Before the first finding.
    ///
    /// # Errors
    /// When it can't be written.
    fn start(&mut self, _out: &mut (dyn Write + Send)) -> io::Result<()> {
        Ok(())
    }

    /// The next finding, in the order of [`CheckSink`](crate::pipeline::CheckSink).
    ///
    /// # Errors
    /// When it can't be written.
    fn finding(&mut self, _event: &CheckEvent<'_>, _out: &mut (dyn Write + Send)) -> io::Result<()> {
        Ok(())
    }

    /// The result, after the last finding.
    ///
    /// # Errors
    /// When it can't be written, or the list not be read again.
    fn end(&mut self, report: &CheckReport, out: &mut (dyn Write + Send)) -> Result<(), RunError>;

    /// Whether it is written byte for byte. What is not loses its colours where no terminal shows it, and control characters.
    fn is_verbatim(&self) -> bool {
        false
    }
}

/// Writes a whole text as a result.
pub(super) fn write_text(text: &str, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
    out.write_all(text.as_bytes()).map_err(|error| RunError::write("the output", &error))
}
