//! The report of a run as one self-contained HTML file: every language in it, no script, nothing loaded from outside.

mod campaign;
mod contact;
mod customers;
mod decay;
mod error;
mod findings;
mod headline;
mod health;
mod mail;
mod page;
mod source;
mod status;
#[cfg(test)]
mod tests;
mod year;

use askama::Template;

use crate::page::Voice;
use crate::pipeline::RunSummary;
use crate::rule::{Catalog, RuleFiles, Words};
pub use error::ReportError;
pub(in crate::report) use findings::colour;
use page::Page;

/// Writes the report of `summary` in `languages`, all in one page; the first one is shown at first. `catalog` explains codes.
///
/// The result depends on nothing but the arguments: no clock, no path, no network.
///
/// # Errors
/// When a rule file does not parse, or a language has no words.
pub fn render(
    summary: &RunSummary,
    files: &RuleFiles,
    catalog: &Catalog,
    languages: &[&str],
) -> Result<String, ReportError> {
    let known = Words::languages(files);
    let mut pages = Vec::with_capacity(languages.len());
    for (index, &language) in languages.iter().enumerate() {
        if languages[..index].contains(&language) {
            continue;
        }
        if !known.iter().any(|name| name == language) {
            return Err(ReportError::Language(language.to_owned()));
        }
        let voice = Voice::new(Words::load(files, language)?, catalog);
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
