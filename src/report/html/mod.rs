//! The report of a run as one self-contained HTML file: every language in it, no script, nothing loaded from outside.

mod chart;
mod customers;
mod decay;
mod findings;
mod headline;
mod health;
mod mail;
mod page;
mod source;
#[cfg(test)]
mod tests;
mod value;
mod voice;

use askama::Template;

use crate::error::{Excerpt, Exit, Explain};
use crate::pipeline::{RunError, RunSummary};
use crate::rule::{Catalog, RuleError, RuleFiles, Words};
use page::Page;
use voice::Voice;

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
    Chart(String),
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

/// Writes the report of `summary` in `languages`, all in one page; the first one is shown at first.
///
/// The result depends on nothing but the arguments: no clock, no path, no network.
///
/// # Errors
/// When a rule file does not parse, or a language has no words.
pub fn render(summary: &RunSummary, files: &RuleFiles, languages: &[&str]) -> Result<String, ReportError> {
    let catalog = Catalog::load(files)?;
    let known = Words::languages(files);
    let mut pages = Vec::with_capacity(languages.len());
    for (index, &language) in languages.iter().enumerate() {
        if languages[..index].contains(&language) {
            continue;
        }
        if !known.iter().any(|name| name == language) {
            return Err(ReportError::Language(language.to_owned()));
        }
        let voice = Voice::new(Words::load(files, language)?, &catalog);
        pages.push(Page::new(summary, voice)?);
    }
    let first = pages.first().ok_or_else(|| ReportError::Language(String::new()))?;
    Ok(Report { first, pages: &pages }.render()?)
}

/// The whole file.
#[derive(Template)]
#[template(config = "src/report/html/askama.toml", path = "report.html")]
struct Report<'a> {
    first: &'a Page<'a>,
    pages: &'a [Page<'a>],
}
