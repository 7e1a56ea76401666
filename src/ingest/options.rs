//! What is said of a source, and by what it is read.

use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};

use super::columns::Given;
use super::envelope::Envelopes;
use crate::rule::{ColumnRules, IngestRules, LayoutRules, RuleError, RuleFiles, VcardRules};

/// What the user said about a source.
#[derive(Debug, Clone, Default)]
pub struct IngestOptions {
    /// Encoding label (WHATWG); found out where absent.
    pub encoding: Option<String>,
    /// Delimiter; found out where absent.
    pub delimiter: Option<u8>,
    /// Name of a workbook's sheet, or of an area of one; the one most like a list of customers where absent.
    pub sheet: Option<String>,
    /// What columns mean, as far as the user said so.
    pub columns: Vec<Given>,
    /// The first record is data, not a header; columns are then named `column 1`, `column 2`, …
    pub no_header: bool,
    /// The line in which the header begins, as an editor counts; looked for where absent.
    pub header_row: Option<NonZeroU32>,
    /// Country-code top-level domain of the list's country, a hint for guessing encodings.
    pub tld: String,
    /// What a database is asked, where its address names no table.
    pub query: Option<String>,
    /// What JSON may come in beside the records themselves, of event files.
    pub envelopes: Option<Arc<Envelopes>>,
}

/// Everything by which sources are read.
pub(super) struct SourceRules {
    pub(super) ingest: IngestRules,
    pub(super) columns: Arc<ColumnRules>,
    pub(super) layout: LayoutRules,
    pub(super) vcards: VcardRules,
}

impl SourceRules {
    pub(super) fn load(files: &RuleFiles) -> Result<Arc<Self>, RuleError> {
        static SHIPPED: OnceLock<Arc<SourceRules>> = OnceLock::new();
        files.shared(&SHIPPED, || {
            Ok(SourceRules {
                ingest: IngestRules::load(files)?,
                columns: ColumnRules::load(files)?,
                layout: LayoutRules::load(files)?,
                vcards: VcardRules::load(files)?,
            })
        })
    }
}
