//! Why there is no report.

use crate::error::{Excerpt, Exit, Explain};
use crate::page::ChartError;
use crate::pipeline::RunError;
use crate::rule::RuleError;

/// What can go wrong while a report is written.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The words or the catalogue of rules can't be read.
    #[error(transparent)]
    Rules(#[from] RuleError),
    /// An output that the report stands beside can't be written.
    #[error(transparent)]
    Run(#[from] RunError),
    /// No language was asked for, or one without a folder of words.
    #[error("no words for a report in `{0}`")]
    Language(String),
    /// The template failed, which only a writer that fails can cause.
    #[error("write the report")]
    Template(#[from] askama::Error),
    /// The charting library failed.
    #[error("draw a chart of the report: {0}")]
    Chart(#[from] ChartError),
}

impl Explain for ReportError {
    fn exit(&self) -> Exit {
        match self {
            ReportError::Rules(error) => error.exit(),
            ReportError::Run(error) => error.exit(),
            ReportError::Language(_) => Exit::Usage,
            ReportError::Template(_) | ReportError::Chart(_) => Exit::Bug,
        }
    }

    fn help(&self) -> String {
        match self {
            ReportError::Rules(error) => error.help(),
            ReportError::Run(error) => error.help(),
            ReportError::Language(_) => {
                "add a folder of words for it below words/ in the directory of --rules".to_owned()
            }
            ReportError::Template(_) | ReportError::Chart(_) => String::new(),
        }
    }

    fn excerpt(&self) -> Option<Excerpt<'_>> {
        match self {
            ReportError::Run(error) => error.excerpt(),
            _ => None,
        }
    }
}
