//! `rules/ingest.toml`: sizes that bound reading, and thresholds of what is guessed about a file.

use serde::Deserialize;

use super::{RuleError, RuleFiles};

/// How sources are read.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IngestRules {
    /// Text is read and parsed in blocks of about this size.
    pub block_bytes: usize,
    /// A longer record is quarantined.
    pub max_record_bytes: usize,
    /// A source with more columns is refused.
    pub max_columns: usize,
    /// How much of a quarantined record is kept.
    pub quarantine_preview_bytes: usize,
    /// How much of a file's start is looked at to tell what it is.
    pub detect_bytes: usize,
    /// Compressed input may grow to this many times its size.
    pub max_expansion_ratio: u64,
    /// Compressed input may grow to this many bytes.
    pub max_expanded_bytes: u64,
    /// The ratio is looked at only beyond this many bytes.
    pub expansion_free_bytes: u64,
    /// What the readers of workbooks may hold in memory, in bytes.
    pub max_held_bytes: u64,
    /// Names of files, and of folders with `/` behind, that are not looked at in a ZIP archive.
    pub zip_ignored: Vec<String>,
    /// Cells of the grid that spans a sheet, for readers that keep all of it.
    pub max_grid_cells: u64,
    /// Encodings of texts that were saved by Excel.
    pub excel_encodings: Vec<String>,
    /// More control characters than this (percent) and it is not text.
    pub binary_control_percent: u8,
    /// Least share of NUL bytes (percent) on one side of UTF-16 without a mark.
    pub utf16_nul_percent: u8,
    /// A file stays UTF-8 with up to this share (percent) of invalid sequences among its non-ASCII ones.
    pub utf8_invalid_percent: u8,
    /// So many valid multi-byte sequences and no invalid one in a text's first block settle that it is UTF-8.
    pub utf8_plain_sequences: usize,
    /// A line of so many sequences, and nothing invalid, is UTF-8 whatever the others are.
    pub utf8_line_sequences: usize,
    /// So much (percent) of the words of a text in code page 862 are of Hebrew letters alone, and of the letters that have a final
    /// form stand where they belong.
    pub dos_hebrew_percent: usize,
    /// And so many final letters are proof enough where no word is known.
    pub dos_hebrew_finals: usize,
    /// A text stands in visual order where so many more final letters and known words say so than the contrary.
    pub visual_signs: i64,
    /// Words that Hebrew lists hold.
    pub hebrew_words: Vec<String>,
    /// How many bytes of lines with non-ASCII text the encoding detector is fed.
    pub detector_bytes: usize,
    /// Labels offered when the given one is unknown.
    pub encodings: Vec<String>,
}

impl IngestRules {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form, or a size is 0.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let path = "ingest.toml";
        let rules: IngestRules = files.parse(path)?;
        let sizes = [
            ("block_bytes", rules.block_bytes),
            ("max_record_bytes", rules.max_record_bytes),
            ("max_columns", rules.max_columns),
            ("detect_bytes", rules.detect_bytes),
            ("detector_bytes", rules.detector_bytes),
        ];
        match sizes.iter().find(|(_, size)| *size == 0) {
            Some((key, _)) => {
                Err(RuleError::Meaning { path: path.to_owned(), message: format!("`{key}` must be more than 0") })
            }
            None => Ok(rules),
        }
    }

    /// To how many bytes a source of so many may grow when it is unpacked, or its rows are written out.
    pub fn grows_to(&self, bytes: u64) -> u64 {
        bytes.saturating_mul(self.max_expansion_ratio).max(self.expansion_free_bytes).min(self.max_expanded_bytes)
    }

    /// The rules as shipped.
    #[cfg(test)]
    pub(crate) fn shipped() -> Self {
        IngestRules::load(&RuleFiles::embedded()).expect("the shipped rules are of this form")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_rules_load_and_every_encoding_that_they_offer_exists() {
        let IngestRules { encodings, excel_encodings, .. } = IngestRules::shipped();
        for label in encodings.into_iter().chain(excel_encodings) {
            let is_known = label == "ibm862" || encoding_rs::Encoding::for_label(label.as_bytes()).is_some();
            assert!(is_known, "{label}");
        }
    }
}
