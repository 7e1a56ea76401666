//! Event files: one event a record, in any form that lists come in, and in those of the senders that rules/events/ knows.
//!
//! A file is read in waves as lists are; each record becomes a small fact by a function of the caller, in parallel, and what
//! can't become one is counted with its reason and its first places. Nothing is dropped silently.

mod account;
mod day;
mod form;
mod lines;
mod record;

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

pub use account::{EventsRead, SetAside};
pub(super) use day::iso_day;
pub use record::{EventReading, EventRecord};

use self::form::Form;
use self::lines::{first_lines, read_lines};
use super::envelope::Envelopes;
use super::error::IngestProblem;
use super::source::head;
use super::text::Text;
use super::{IngestError, IngestOptions, List};
use crate::error::closest;
use crate::record::{Day, RawBatch};
use crate::rule::{EventProfile, EventProfiles, EventRules, IngestRules, RuleFiles};
use crate::text::FoldedHeader;

/// An event file that was opened and whose form was found.
#[derive(Debug)]
pub struct EventFile {
    name: String,
    /// None where there is nothing in it.
    read: Option<(List, Form)>,
}

/// The word before a file's name that says that it is of no sender's form.
const PLAIN: &str = "plain";

impl EventFile {
    /// Opens what the user named, a file or `SENDER:FILE`, and finds its form; `keys` are the headers of the lists' own keys.
    ///
    /// # Errors
    /// When it can't be read, is of no known form, or not of the one that was named.
    pub fn open(
        named: &Path,
        options: &IngestOptions,
        files: &RuleFiles,
        rules: &EventRules,
        keys: &[&str],
    ) -> Result<EventFile, IngestError> {
        let profiles = EventProfiles::load(files).map_err(IngestError::other)?;
        let (sender, path) = split_named(named, &profiles)?;
        let name = path.display().to_string();
        let keys: Vec<FoldedHeader> = keys.iter().map(|header| FoldedHeader::new(header)).collect();
        if let Some((list, profile)) = open_log(path, sender, &profiles, options, files)? {
            let (form, _) = Form::sender(&list, profile, &keys);
            return Ok(EventFile { name, read: Some((list, form)) });
        }
        let options = IngestOptions { envelopes: Some(Arc::new(Envelopes::of(&profiles))), ..options.clone() };
        let list = match List::open(path, &options, files) {
            // A log of nothing is a log.
            Err(error) if matches!(error.problem(), IngestProblem::HeaderOnly) => {
                return Ok(EventFile { name, read: None });
            }
            list => list?,
        };
        let (plain, missing) = Form::plain(&list, rules, &keys);
        let form = match sender {
            Sender::Named(profile) => {
                let (form, missing) = Form::sender(&list, profile, &keys);
                if !missing.is_empty() {
                    return Err(IngestError::not_of_sender(&name, &profile.name, &missing));
                }
                form
            }
            Sender::Recognized if missing.is_empty() => plain,
            Sender::Recognized => match profiles.of_header(list.header()) {
                Some(profile) => Form::sender(&list, profile, &keys).0,
                None => return Err(IngestError::not_events(&name, &missing)),
            },
            Sender::Plain if missing.is_empty() => plain,
            Sender::Plain => return Err(IngestError::not_events(&name, &missing)),
        };
        Ok(EventFile { name, read: Some((list, form)) })
    }

    /// As the user named it, without the sender.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The sender whose form it has; none for a plain file.
    pub fn sender(&self) -> Option<&EventProfile> {
        self.read.as_ref().and_then(|(_, form)| form.profile())
    }

    /// Size of its text, for progress.
    pub fn text_bytes(&self) -> u64 {
        self.read.as_ref().map_or(0, |(list, _)| list.text_bytes())
    }

    /// The header of its column of keys.
    pub fn key_header(&self) -> &str {
        let header = self.read.as_ref().and_then(|(list, form)| Some(&list.header()[form.record()?.as_usize()]));
        header.map_or("", String::as_str)
    }

    /// Reads all records; `make` turns each into facts that it hands to `add`, `date` reads a date in another form than ISO 8601,
    /// and `take` gets the facts in the order of the file, a part at a time.
    ///
    /// # Errors
    /// When the file can't be read to its end, or `take` fails.
    pub fn read<T: Send, E: From<IngestError> + Send>(
        &self,
        reading: EventReading<'_>,
        date: &(dyn Fn(&str) -> Option<Day> + Sync),
        make: &MakeFacts<'_, T>,
        mut take: impl FnMut(Vec<T>) -> Result<(), E> + Send,
    ) -> Result<EventsRead, E> {
        let mut stats = EventsRead::default();
        let Some((list, form)) = &self.read else { return Ok(stats) };
        let read = list.read(|wave| -> Result<(), E> {
            let parts: Vec<(Vec<T>, EventsRead)> =
                wave.batches.par_iter().map(|batch| facts(form, batch, reading, date, make)).collect();
            for (facts, read) in parts {
                stats.append(read);
                take(facts)?;
            }
            wave.quarantined.iter().for_each(|record| stats.set_aside(SetAside::Unreadable, Some(record.row)));
            Ok(())
        })?;
        assert_eq!(read.records, stats.records(), "every record is used, later, or set aside");
        Ok(stats)
    }
}

/// Makes facts of a record, or says why there are none: then none may have been added.
pub type MakeFacts<'m, T> = dyn Fn(EventRecord<'_>, &mut Vec<T>) -> Result<(), SetAside> + Sync + 'm;

fn facts<T>(
    form: &Form,
    batch: &RawBatch,
    reading: EventReading<'_>,
    date: &(dyn Fn(&str) -> Option<Day> + Sync),
    make: &MakeFacts<'_, T>,
) -> (Vec<T>, EventsRead) {
    let mut facts = Vec::with_capacity(batch.len());
    let mut stats = EventsRead::default();
    for row in 0..batch.len() {
        match form.record_of(batch, row, reading, date) {
            None => stats.later += 1,
            Some(record) => match record.and_then(|record| make(record, &mut facts)) {
                Ok(()) => stats.used += 1,
                Err(why) => stats.set_aside(why, Some(batch.number(row))),
            },
        }
    }
    (facts, stats)
}

/// Whose form a file has, as far as the user said.
#[derive(Clone, Copy)]
enum Sender<'p> {
    Recognized,
    Plain,
    Named(&'p EventProfile),
}

/// Takes the name of a sender off what the user named. A file that is there under the whole name is that file.
fn split_named<'n, 'p>(named: &'n Path, profiles: &'p EventProfiles) -> Result<(Sender<'p>, &'n Path), IngestError> {
    let whole = (Sender::Recognized, named);
    let Some((word, rest)) = named.to_str().and_then(|text| text.split_once(':')) else { return Ok(whole) };
    let rest_path = Path::new(rest);
    if let Some(profile) = profiles.named(word) {
        return Ok((Sender::Named(profile), rest_path));
    }
    if word == PLAIN {
        return Ok((Sender::Plain, rest_path));
    }
    let is_word = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    // What is no sender may be a directory or a drive, or where a database is.
    if !is_word || named.exists() || !(rest_path.is_file() || rest == "-") {
        return Ok(whole);
    }
    let names: Vec<&str> = profiles.all().iter().map(|profile| profile.name.as_str()).chain([PLAIN]).collect();
    let closest = closest(word, names.iter().copied()).map(str::to_owned);
    Err(IngestError::unknown_sender(rest, word, closest, &names))
}

/// Opens a log of lines, where it is one of a known sender.
fn open_log<'p>(
    path: &Path,
    sender: Sender<'p>,
    profiles: &'p EventProfiles,
    options: &IngestOptions,
    files: &RuleFiles,
) -> Result<Option<(List, &'p EventProfile)>, IngestError> {
    const LOOKED_AT: usize = 64 << 10;
    if matches!(sender, Sender::Plain) || !path.is_file() {
        return Ok(None);
    }
    let name = path.display().to_string();
    let failed = |error: std::io::Error| IngestError::unreadable(&name, &error);
    let text = Text::from_file(IngestError::open(path)?).map_err(failed)?;
    let bytes = head(&text, 0, LOOKED_AT);
    let first = String::from_utf8_lossy(&bytes);
    let profile = match sender {
        Sender::Named(profile) => Some(profile),
        _ => profiles.of_lines(first_lines(&first)),
    };
    let Some((profile, line)) = profile.and_then(|profile| Some((profile, profile.line.as_ref()?))) else {
        return Ok(None);
    };
    let rules = IngestRules::load(files).map_err(IngestError::other)?;
    let converted = read_lines(&text, line, &rules).map_err(|error| error.in_file(&name))?;
    let list = List::from_converted(&name, "log", text.len(), converted, options, files)?;
    Ok(Some((list, profile)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::EventKind;

    fn read(text: &str) -> (Vec<(String, Day, EventKind)>, EventsRead) {
        let files = RuleFiles::embedded();
        let rules = EventRules::load(&files).expect("loads");
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("events.csv");
        std::fs::write(&path, text).expect("writes");
        let file = EventFile::open(&path, &IngestOptions::default(), &files, &rules, &["מספר לקוח"]).expect("opens");
        let mut facts = Vec::new();
        let reading = EventReading { rules: &rules, today: Day::new(20_000) };
        let make = |event: EventRecord<'_>, facts: &mut Vec<_>| {
            facts.push((event.record.to_owned(), event.day, event.kind));
            Ok(())
        };
        let stats = file
            .read(reading, &|_| None, &make, |part| -> Result<(), IngestError> {
                facts.extend(part);
                Ok(())
            })
            .expect("reads");
        (facts, stats)
    }

    #[test]
    fn every_record_is_used_later_or_set_aside_with_its_place() {
        let (facts, stats) = read(
            "מספר לקוח,at,channel,event\n17,2020-01-02T10:00:00Z,email,open\n18,yesterday,email,open\n19,2020-01-02,fax,open\n\
             20,2020-01-02,sms,levitated\n21,2030-01-01,email,open\n22,2020-01-02 08:00,דוא\"ל,נפתח\n",
        );
        assert_eq!(
            facts,
            [
                ("17".to_owned(), Day::new(18_263), EventKind::Open),
                ("22".to_owned(), Day::new(18_263), EventKind::Open)
            ]
        );
        assert_eq!((stats.used, stats.later, stats.records()), (2, 1, 6));
        for (why, row) in [(SetAside::BadDate, 2), (SetAside::UnknownChannel, 3), (SetAside::UnknownEvent, 4)] {
            let (count, places) = &stats.set_aside[&why];
            assert_eq!((*count, places[0].number()), (1, row), "{why:?}");
        }
    }

    #[test]
    fn an_event_that_has_not_happened_is_not_looked_at() {
        let (_, stats) = read("record,at,channel,event\n17,2031-05-01,telepathy,levitated\n");
        assert_eq!((stats.later, stats.set_aside.len()), (1, 0));
    }

    #[test]
    fn a_log_of_nothing_is_a_log() {
        let (facts, stats) = read("record,at,channel,event\n");
        assert!(facts.is_empty() && stats.records() == 0);
    }
}
