//! How an error is shown: what happened, where, and what to do next.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use anstyle::{AnsiColor, Style};

use crate::error::{Excerpt, Exit, Explain};
use crate::ingest::{IngestError, MappingError};
use crate::pipeline::RunError;
use crate::report::html::ReportError;
use crate::rule::RuleError;
use crate::store::StoreError;
use crate::text::on_one_line;

const BOLD: Style = Style::new().bold();

/// Anything that ends a command early.
#[derive(Debug)]
pub(super) struct Failure {
    error: Box<dyn Explain + Send + Sync>,
}

impl<E: Explain + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Failure { error: Box::new(error) }
    }
}

/// An error of the command line itself.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Plain {
    message: String,
    help: String,
    exit: Exit,
}

impl Explain for Plain {
    fn exit(&self) -> Exit {
        self.exit
    }

    fn help(&self) -> String {
        self.help.clone()
    }
}

impl Failure {
    /// Wrong usage.
    pub(super) fn usage(message: &str, help: &str) -> Self {
        Plain { message: message.to_owned(), help: help.to_owned(), exit: Exit::Usage }.into()
    }

    /// Output that can't be written.
    pub(super) fn output(error: &std::io::Error) -> Self {
        RunError::write("the output", error).into()
    }

    pub(super) fn exit(&self) -> Exit {
        self.error.exit()
    }

    /// What happened, without what to do next.
    pub(super) fn message(&self) -> String {
        self.error.to_string()
    }

    /// The reader of our output went away, as `head` does: no error.
    pub(super) fn is_closed_pipe(&self) -> bool {
        self.error.to_string() == RunError::ClosedPipe.to_string()
    }

    pub(super) fn print(&self) {
        let help = self.error.help();
        let message = on_one_line(&self.error.to_string());
        let styled = Renderer::styled();
        let rendered = match self.error.excerpt() {
            Some(Excerpt { path, text, span, label }) => {
                let span = span.start.min(text.len())..span.end.min(text.len());
                // The names that would be right stand in the help line.
                let brief = |text: &str| text.split(", expected").next().unwrap_or_default().to_owned();
                let title = brief(message.rsplit_once(": ").map_or(message.as_str(), |(_, last)| last));
                let label = brief(&label);
                let snippet = Snippet::source(text)
                    .path(path)
                    .annotation(AnnotationKind::Primary.span(span).label(label.as_str()));
                let group = Level::ERROR.primary_title(title.as_str()).element(snippet);
                let group = if help.is_empty() { group } else { group.element(Level::HELP.message(help.as_str())) };
                styled.render(&[group])
            }
            None => {
                let error = AnsiColor::Red.on_default().bold();
                let advice = if help.is_empty() { String::new() } else { format!("\n  {BOLD}= help{BOLD:#}: {help}") };
                format!("{error}error{error:#}{BOLD}: {message}{BOLD:#}{advice}")
            }
        };
        super::progress::say(&rendered);
    }
}

// The errors that commands meet; the blanket conversion above needs no more than `Explain`.
const _: fn() = || {
    fn explains<E: Explain>() {}
    explains::<IngestError>();
    explains::<MappingError>();
    explains::<RunError>();
    explains::<ReportError>();
    explains::<RuleError>();
    explains::<StoreError>();
};
