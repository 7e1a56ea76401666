//! Lines of a source, as an editor counts them, and places in its text.

use memchr::memchr_iter;

use super::error::{IngestError, IngestProblem};
use super::source::{Opened, head};
use crate::record::LineNumber;

impl Opened {
    /// The line in which a place of the text stands.
    pub(super) fn line_at(&self, offset: u64) -> u32 {
        let mut line = 1;
        let mut at = 0;
        while at < offset {
            let bytes = head(&self.text, at, STEP.min((offset - at) as usize));
            if bytes.is_empty() {
                break;
            }
            line += memchr_iter(self.dialect.terminator, &bytes).count() as u32;
            at += bytes.len() as u64;
        }
        let found = self.lines.as_ref().and_then(|lines| lines.line(line - 1));
        found.map_or(line, LineNumber::number)
    }

    /// Where the line starts that the user named as the header.
    pub(super) fn header_given(&self, line: u32) -> Result<u64, IngestError> {
        let wrong = |reason| IngestError::new(&*self.facts.name, IngestProblem::NotAHeader(line, reason));
        let in_text = match &self.lines {
            Some(lines) => lines.number_in(LineNumber::from_index(line - 1)).map(|number| number + 1),
            None => Some(line),
        };
        let in_text = in_text.ok_or_else(|| wrong("nothing stands there"))?;
        let offset = self.start_of(in_text).ok_or_else(|| wrong("the list ends before it"))?;
        if offset < self.body {
            return Err(wrong("it only says which delimiter the list has"));
        }
        let first = head(&self.text, offset, STEP);
        let end = memchr::memchr(self.dialect.terminator, &first).unwrap_or(first.len());
        if first[..end].iter().all(|byte| byte.is_ascii_whitespace() || *byte == self.dialect.delimiter) {
            return Err(wrong("it is blank"));
        }
        Ok(offset)
    }

    fn start_of(&self, line: u32) -> Option<u64> {
        let (mut before, mut at) = (line - 1, 0);
        while before > 0 {
            let bytes = head(&self.text, at, STEP);
            if bytes.is_empty() {
                return None;
            }
            for end in memchr_iter(self.dialect.terminator, &bytes) {
                before -= 1;
                if before == 0 {
                    at += end as u64 + 1;
                    return (at < self.text.len()).then_some(at);
                }
            }
            at += bytes.len() as u64;
        }
        Some(at)
    }
}

const STEP: usize = 64 << 10;
