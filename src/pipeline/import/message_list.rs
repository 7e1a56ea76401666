//! Messages that customers wrote, as a file: each row one message, as a gateway would hand it over.

use super::calls::read_all;
use super::messages::{IncomingMessage, MessageReader};
use super::{AnswerReader, ImportStats, SetAside};
use crate::ingest::List;
use crate::pipeline::{RunError, Setup};
use crate::record::{ColumnIndex, InboundMeaning};
use crate::rule::MessageColumn;
use crate::store::Store;
use crate::text::{folded, without_guard};

/// Who brought what a file brings that says nothing of it.
const SOURCE: &str = "file";

/// Takes messages in. A row whose sender is no number or address is kept for a person to read, as it is over HTTP.
///
/// # Errors
/// When the list can't be read or the workspace can't be written.
pub fn import_messages(
    list: &List,
    gateway: Option<&str>,
    reader: &AnswerReader<'_>,
    messages: &MessageReader<'_>,
    store: &mut Store,
    setup: &Setup,
) -> Result<ImportStats, RunError> {
    let mut stats = ImportStats::default();
    let (batches, unread) = read_all(list)?;
    stats.set_aside.extend(unread);
    for raw in &batches {
        for row in 0..raw.len() {
            let at_header = |is_it: &dyn Fn(&str) -> bool| {
                let headers = (0..).zip(list.header()).filter(|(_, header)| is_it(header));
                let mut cells = headers.map(|(index, _)| raw.cell(row, ColumnIndex(index)).trim());
                cells.find(|cell| !cell.is_empty()).unwrap_or_default()
            };
            let cell = |column: MessageColumn| at_header(&|header| reader.words.message_column(header) == Some(column));
            let mut aside = |reason: &str, remedy: &str| {
                stats.set_aside.push(SetAside::row(raw.place(row), reason, remedy, raw.record(row)));
            };
            if reader.words.is_outgoing(cell(MessageColumn::Direction)) {
                stats.own += 1;
                continue;
            }
            // The mark that guards a formula is not the sender's.
            let (from, text) = (without_guard(cell(MessageColumn::From)), without_guard(cell(MessageColumn::Text)));
            if from.is_empty() && text.is_empty() {
                aside("incomplete", "Neither who wrote nor what was written is there: ask for a whole file.");
                continue;
            }
            let Some(at) = reader.when.read(cell(MessageColumn::At)) else {
                aside("bad_time", "When it came can't be read: write it as YYYY-MM-DD HH:MM, or leave it empty.");
                continue;
            };
            let message = IncomingMessage {
                gateway_id: cell(MessageColumn::Id).to_owned(),
                from: from.to_owned(),
                text: text.to_owned(),
                other_order: None,
                own_word: messages.inbound_words().own_word(|name| {
                    let name = folded(name);
                    let said = at_header(&|header| folded(header) == name);
                    (!said.is_empty()).then(|| said.to_owned())
                }),
            };
            let source = gateway.or_else(|| Some(cell(MessageColumn::Channel)).filter(|channel| !channel.is_empty()));
            let read = messages.take_in(source.unwrap_or(SOURCE), message, at, store)?;
            if !read.is_new {
                stats.known += 1;
                continue;
            }
            stats.to_read += u64::from(read.taken.is_none() || read.meaning != InboundMeaning::OptOut);
            *stats.new.entry(read.meaning.to_string()).or_default() += 1;
        }
        setup.go_on()?;
    }
    stats.set_aside.sort_by_key(|one| one.place);
    Ok(stats)
}
