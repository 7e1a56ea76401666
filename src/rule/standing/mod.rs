//! `rules/standing.toml`: a small grammar of headers and cells that say whether somebody may be contacted.

mod cell;
mod class;
mod header;
mod words;

pub use cell::CellSays;
pub use class::Channels;
pub use header::{About, Asks, HeaderSays};

use super::{ConsentWords, RuleError, RuleFiles};
use crate::record::Field;
use words::Words;

/// Reads headers, cells and names of files by their words.
#[derive(Debug, Clone, Default)]
pub struct StandingWords {
    words: Words,
    answers: ConsentWords,
}

impl StandingWords {
    /// Reads the file, and the plain answers of `consent.toml`.
    ///
    /// # Errors
    /// When one of them is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        Ok(StandingWords { words: Words::load(files)?, answers: ConsentWords::load(files)? })
    }

    /// What a column of this field asks: what its header says of it, else what the field is for; none for other fields.
    pub fn asked(&self, field: Field, header: &str) -> Option<Asks> {
        let own = Asks::of_field(field)?;
        let said = match self.header(header) {
            HeaderSays::Asks(said) | HeaderSays::Perhaps(said) if said.about == own.about => said,
            _ => return Some(own),
        };
        // A field of one channel stays one; a field of any is narrowed by a header that names some.
        let channels = if own.channels.is_none() { said.channels } else { own.channels };
        Some(Asks { channels, ..said })
    }
}
