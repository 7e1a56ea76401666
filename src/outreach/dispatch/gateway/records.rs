//! The file of a `file` gateway: records that are whole or not there.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;

use super::contract::Message;
use crate::config::FileFormat;
use crate::disk::private_file;

/// Columns of a CSV file, and names in JSON Lines.
const COLUMNS: [&str; 9] = ["id", "campaign", "key", "channel", "to", "first_name", "language", "body", "at"];

/// The mark that Excel needs to read a file as UTF-8.
const MARK: &str = crate::text::BYTE_ORDER_MARK;

/// A file that whole records are appended to.
pub(super) struct Records {
    file: File,
    format: FileFormat,
}

impl Records {
    /// Opens the file, making it where it isn't there. A record that was cut off when a process or the machine died is
    /// taken away: it was never said to be sent.
    pub(super) fn open(path: &Path, format: FileFormat) -> io::Result<Self> {
        let mut file = private_file(OpenOptions::new().create(true).read(true).append(true)).open(path)?;
        let whole = whole_length(&file, format)?;
        if whole < file.metadata()?.len() {
            file.set_len(whole)?;
        }
        if whole == 0 && format == FileFormat::Csv {
            file.write_all(format!("{MARK}{}\r\n", COLUMNS.join(",")).as_bytes())?;
        }
        file.sync_all()?;
        Ok(Records { file, format })
    }

    /// Appends a record, durably: once this returns, it counts as sent.
    pub(super) fn append(&mut self, message: &Message) -> io::Result<()> {
        // One write, so that nobody who reads the file meanwhile sees half a record.
        self.file.write_all(&record(message, self.format))?;
        self.file.sync_data()
    }
}

/// Whether a file holds the record of a message.
pub(super) fn holds(path: &Path, format: FileFormat, id: i64) -> io::Result<bool> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let wanted = id.to_string();
    let found = match format {
        FileFormat::Csv => {
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::new(file));
            let mut record = csv::ByteRecord::new();
            loop {
                if !reader.read_byte_record(&mut record)? {
                    break false;
                }
                if record.len() == COLUMNS.len() && &record[0] == wanted.as_bytes() {
                    break true;
                }
            }
        }
        FileFormat::Jsonl => {
            let mut lines = BufReader::new(file).lines();
            loop {
                let Some(line) = lines.next().transpose()? else { break false };
                let record = serde_json::from_str::<serde_json::Value>(&line).ok();
                if record.is_some_and(|record| record["id"].as_i64() == Some(id)) {
                    break true;
                }
            }
        }
    };
    Ok(found)
}

/// The length up to the end of the last whole record: a line break that stands in no quotes.
fn whole_length(file: &File, format: FileFormat) -> io::Result<u64> {
    let mut reader = BufReader::with_capacity(1 << 16, file);
    reader.seek(SeekFrom::Start(0))?;
    let (mut at, mut whole, mut is_quoted) = (0_u64, 0_u64, false);
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok(whole);
        }
        for byte in bytes {
            at += 1;
            match byte {
                // A doubled quote turns it off and on again.
                b'"' if format == FileFormat::Csv => is_quoted = !is_quoted,
                b'\n' if !is_quoted => whole = at,
                _ => {}
            }
        }
        let read = bytes.len();
        reader.consume(read);
    }
}

fn record(message: &Message, format: FileFormat) -> Vec<u8> {
    let Message { id, channel, to, body, first_name, language, campaign, key, begun_at, .. } = message;
    let at = begun_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    match format {
        FileFormat::Jsonl => {
            let record = serde_json::json!({
                "id": id, "campaign": campaign, "key": key, "channel": channel.as_str(), "to": to, "first_name": first_name,
                "language": language, "body": body, "at": at,
            });
            let mut line = record.to_string().into_bytes();
            line.push(b'\n');
            line
        }
        FileFormat::Csv => {
            let id = id.to_string();
            let cells = [&id, campaign, key, channel.as_str(), to, first_name, language, body, &at];
            let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            writer.write_record(cells.map(guarded)).expect("nine cells into memory");
            writer.into_inner().expect("memory takes all")
        }
    }
}

/// With an apostrophe before it where a spreadsheet would run it as a formula; telephone numbers are none.
fn guarded(cell: &str) -> String {
    let is_number = cell.strip_prefix('+').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    if !is_number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Channel;

    fn message(id: i64, body: &str) -> Message {
        Message {
            id,
            channel: Channel::Sms,
            to: "+972500000001".to_owned(),
            body: body.to_owned(),
            token: String::new(),
            first_name: "=דנה".to_owned(),
            language: "he".to_owned(),
            campaign: "yearly".to_owned(),
            key: "17".to_owned(),
            begun_at: "2026-11-22T12:00:00Z".parse().expect("a moment"),
        }
    }

    #[test]
    fn a_record_that_was_cut_off_is_taken_away_wherever_it_was_cut() {
        for (format, name) in [(FileFormat::Csv, "a.csv"), (FileFormat::Jsonl, "a.jsonl")] {
            let directory = tempfile::tempdir().expect("a directory");
            let path = directory.path().join(name);
            Records::open(&path, format)
                .expect("opens")
                .append(&message(1, "two\nlines, \"quoted\""))
                .expect("appends");
            let before = std::fs::read(&path).expect("reads");
            Records::open(&path, format).expect("opens").append(&message(2, "a\n\"b\"\nc")).expect("appends");
            let after = std::fs::read(&path).expect("reads");
            for cut in before.len()..after.len() {
                std::fs::write(&path, &after[..cut]).expect("writes");
                drop(Records::open(&path, format).expect("opens"));
                assert_eq!(std::fs::read(&path).expect("reads"), before, "cut at {cut}");
                assert!(holds(&path, format, 1).expect("reads") && !holds(&path, format, 2).expect("reads"));
            }
        }
    }

    #[test]
    fn a_spreadsheet_reads_the_file_and_runs_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a.csv");
        let mut records = Records::open(&path, FileFormat::Csv).expect("opens");
        records.append(&message(7, "=1+1")).expect("appends");
        let text = std::fs::read_to_string(&path).expect("is UTF-8");
        let line = "7,yearly,17,sms,+972500000001,'=דנה,he,'=1+1,2026-11-22T12:00:00Z\r\n";
        assert_eq!(text, format!("{MARK}{}\r\n{line}", COLUMNS.join(",")));
    }
}
