//! The file of a `file` gateway: records that are whole or not there.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::contract::Message;
use crate::config::FileFormat;
use crate::disk::private_file;

/// Columns of a CSV file, and names in JSON Lines; the last one only where there are mails.
const COLUMNS: [&str; 10] = ["id", "campaign", "key", "channel", "to", "first_name", "language", "body", "at", SUBJECT];
const SUBJECT: &str = "subject";

/// The mark that Excel needs to read a file as UTF-8.
const MARK: &str = crate::text::BYTE_ORDER_MARK;

/// A file that whole records are appended to.
pub(super) struct Records {
    file: File,
    format: FileFormat,
    /// Those of the file: one that was begun by an earlier tiuv goes on as it began.
    columns: Vec<String>,
}

impl Records {
    /// Opens the file, making it where it isn't there. A record that was cut off when a process or the machine died is
    /// taken away: it was never said to be sent.
    ///
    /// # Errors
    /// When it can't be written, or is a table of something else.
    pub(super) fn open(path: &Path, format: FileFormat, has_mails: bool) -> io::Result<Self> {
        let mut file = private_file(OpenOptions::new().create(true).read(true).append(true)).open(path)?;
        let own = || COLUMNS.into_iter().filter(|column| has_mails || *column != SUBJECT).map(str::to_owned).collect();
        let begun = begun_with(&file, format)?;
        let whole = whole_length(&file, format)?;
        if whole < file.metadata()?.len() {
            file.set_len(whole)?;
        }
        let columns: Vec<String> = begun.filter(|_| whole > 0).unwrap_or_else(own);
        if whole == 0 && format == FileFormat::Csv {
            file.write_all(format!("{MARK}{}\r\n", columns.join(",")).as_bytes())?;
        }
        file.sync_all()?;
        Ok(Records { file, format, columns })
    }

    /// Appends a record, durably: once this returns, it counts as sent.
    pub(super) fn append(&mut self, message: &Message) -> io::Result<()> {
        // One write, so that nobody who reads the file meanwhile sees half a record.
        self.file.write_all(&record(message, self.format, &self.columns))?;
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
            let columns = reader.byte_headers()?.len();
            let mut record = csv::ByteRecord::new();
            loop {
                if !reader.read_byte_record(&mut record)? {
                    break false;
                }
                if record.len() == columns && &record[0] == wanted.as_bytes() {
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

/// The columns of a file that was begun before; none where it is empty, or its first line never became whole, or it has no header.
///
/// # Errors
/// Where it is something else: nothing of it is touched.
fn begun_with(mut file: &File, format: FileFormat) -> io::Result<Option<Vec<String>>> {
    let mut first = Vec::new();
    file.seek(SeekFrom::Start(0))?;
    BufReader::new(file).take(LONGEST_HEADER).read_until(b'\n', &mut first)?;
    let text = String::from_utf8_lossy(&first);
    let line = text.trim_start_matches(MARK).trim_end();
    let is_whole = first.ends_with(b"\n");
    let columns: Vec<String> = line.split(',').map(str::to_owned).collect();
    let is_ours = match format {
        _ if first.is_empty() => return Ok(None),
        FileFormat::Jsonl => line.starts_with('{'),
        FileFormat::Csv if is_whole => columns.first().is_some_and(|column| column == COLUMNS[0]),
        FileFormat::Csv => format!("{MARK}{}", COLUMNS.join(",")).as_bytes().starts_with(&first),
    };
    if !is_ours {
        return Err(io::Error::other("it is a table of something else; give the gateway a file of its own"));
    }
    Ok((is_whole && format == FileFormat::Csv).then_some(columns))
}

/// More than any header of ours.
const LONGEST_HEADER: u64 = 4096;

fn record(message: &Message, format: FileFormat, columns: &[String]) -> Vec<u8> {
    let has_subject = columns.iter().any(|column| column == SUBJECT);
    let (subject, text) = if has_subject { message.subject_and_text() } else { ("", message.body.as_str()) };
    let id = message.id.to_string();
    let at = message.begun_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let cell = |column: &str| match column {
        "id" => id.as_str(),
        "campaign" => message.campaign.as_str(),
        "key" => message.key.as_str(),
        "channel" => message.channel.as_str(),
        "to" => message.to.as_str(),
        "first_name" => message.first_name.as_str(),
        "language" => message.language.as_str(),
        "body" => text,
        "at" => at.as_str(),
        SUBJECT => subject,
        // Somebody's own, beside ours.
        _ => "",
    };
    match format {
        FileFormat::Jsonl => {
            let mut record: serde_json::Map<String, serde_json::Value> =
                columns.iter().map(|column| (column.clone(), cell(column).into())).collect();
            record.insert("id".to_owned(), message.id.into());
            let mut line = serde_json::Value::from(record).to_string().into_bytes();
            line.push(b'\n');
            line
        }
        FileFormat::Csv => {
            let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
            let cells = columns.iter().map(|column| guarded(cell(column)));
            writer.write_record(cells).expect("a few cells into memory");
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
            Records::open(&path, format, false)
                .expect("opens")
                .append(&message(1, "two\nlines, \"quoted\""))
                .expect("appends");
            let before = std::fs::read(&path).expect("reads");
            Records::open(&path, format, false).expect("opens").append(&message(2, "a\n\"b\"\nc")).expect("appends");
            let after = std::fs::read(&path).expect("reads");
            for cut in before.len()..after.len() {
                std::fs::write(&path, &after[..cut]).expect("writes");
                drop(Records::open(&path, format, false).expect("opens"));
                assert_eq!(std::fs::read(&path).expect("reads"), before, "cut at {cut}");
                assert!(holds(&path, format, 1).expect("reads") && !holds(&path, format, 2).expect("reads"));
            }
        }
    }

    #[test]
    fn a_spreadsheet_reads_the_file_and_runs_nothing() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("a.csv");
        let mut records = Records::open(&path, FileFormat::Csv, false).expect("opens");
        records.append(&message(7, "=1+1")).expect("appends");
        let text = std::fs::read_to_string(&path).expect("is UTF-8");
        let line = "7,yearly,17,sms,+972500000001,'=דנה,he,'=1+1,2026-11-22T12:00:00Z\r\n";
        assert_eq!(text, format!("{MARK}{}\r\n{line}", COLUMNS[..9].join(",")));
    }

    #[test]
    fn a_mail_has_its_subject_in_a_column_and_a_file_goes_on_with_the_columns_it_has() {
        let directory = tempfile::tempdir().expect("a directory");
        let mail = Message { channel: Channel::Email, ..message(8, "Are you there?\n\nHello Dana,\n\nyes?") };
        let append = |name: &str, has_mails: bool| {
            let path = directory.path().join(name);
            Records::open(&path, FileFormat::Csv, has_mails).expect("opens").append(&mail).expect("appends");
            std::fs::read_to_string(&path).expect("is UTF-8")
        };
        let text = append("new.csv", true);
        assert!(text.ends_with(",\"Hello Dana,\n\nyes?\",2026-11-22T12:00:00Z,Are you there?\r\n"), "{text}");
        append("old.csv", false);
        let text = append("old.csv", true);
        assert!(!text.contains("subject"), "{text}");
        assert_eq!(text.matches("\"Are you there?\n\nHello Dana,").count(), 2, "{text}");
        assert!(holds(&directory.path().join("old.csv"), FileFormat::Csv, 8).expect("reads"));
    }

    #[test]
    fn nothing_is_appended_to_a_table_of_something_else() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("customers.csv");
        std::fs::write(&path, "name,phone\r\nDana,1\r\n").expect("writes");
        assert!(Records::open(&path, FileFormat::Csv, true).is_err());
        assert_eq!(std::fs::read_to_string(&path).expect("reads"), "name,phone\r\nDana,1\r\n");
    }
}
