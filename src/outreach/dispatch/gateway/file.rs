//! A gateway that appends messages to a file, for a mailing program or a dialler: what is in the file is sent.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::contract::{Answer, Asking, Found, Gateway, Message, Terms};
use super::records::{Records, holds};
use crate::config::{FileConfig, FileFormat};
use crate::outreach::dispatch::crash::crash_point;

/// A file that messages are appended to.
pub(super) struct FileGateway {
    name: String,
    terms: Terms,
    path: PathBuf,
    format: FileFormat,
    /// Whether mails are among its messages, which have a subject.
    takes_mail: bool,
    /// Opened with the first message.
    records: Mutex<Option<Records>>,
}

impl FileGateway {
    pub(super) fn new(name: &str, config: &FileConfig, terms: Terms, takes_mail: bool) -> Self {
        let is_jsonl = config.path.extension().is_some_and(|end| end == "jsonl" || end == "ndjson");
        let by_name = if is_jsonl { FileFormat::Jsonl } else { FileFormat::Csv };
        FileGateway {
            name: name.to_owned(),
            terms,
            path: config.path.clone(),
            format: config.format.unwrap_or(by_name),
            takes_mail,
            records: Mutex::new(None),
        }
    }

    fn append(&self, message: &Message) -> Answer {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = match self.opened(records.take()) {
            Ok(open) => open,
            Err(error) => {
                self.tell(&error);
                return Answer::Closed("no_file".to_owned());
            }
        };
        match open.append(message) {
            Ok(()) => {
                crash_point("file-appended");
                *records = Some(open);
                Answer::Accepted(message.id.to_string())
            }
            // The file is opened anew for the next message, which takes half a record away.
            Err(error) => {
                self.tell(&error);
                Answer::Unclear("file".to_owned())
            }
        }
    }

    fn look(&self, message: &Message) -> Found {
        // Whoever takes the file away takes what it says with it.
        if !self.path.is_file() {
            return Found::Unclear;
        }
        // Opening it takes half a record away, which would otherwise pass for a whole one.
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(open) = self.opened(records.take()) else { return Found::Unclear };
        *records = Some(open);
        match holds(&self.path, self.format, message.id) {
            Ok(true) => Found::Sent(message.id.to_string()),
            Ok(false) => Found::Absent,
            Err(_) => Found::Unclear,
        }
    }

    fn opened(&self, open: Option<Records>) -> std::io::Result<Records> {
        open.map_or_else(|| Records::open(&self.path, self.format, self.takes_mail), Ok)
    }

    fn tell(&self, error: &std::io::Error) {
        tracing::warn!("gateway {}: can't write {}: {error}", self.name, self.path.display());
    }
}

impl Gateway for FileGateway {
    fn name(&self) -> &str {
        &self.name
    }

    fn terms(&self) -> &Terms {
        &self.terms
    }

    fn prepare(&self) -> Result<(), String> {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        let open = self.opened(records.take());
        *records = Some(open.map_err(|error| format!("can't write {}: {error}", self.path.display()))?);
        Ok(())
    }

    fn send<'a>(&'a self, message: &'a Message) -> Asking<'a, Answer> {
        Box::pin(async { self.append(message) })
    }

    fn find<'a>(&'a self, message: &'a Message) -> Asking<'a, Found> {
        Box::pin(async { self.look(message) })
    }
}
