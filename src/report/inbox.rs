//! What customers and callers wrote and a person has to read: as text, CSV, JSON and JSON Lines.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::csv_text::{guarded, push_line};
use crate::record::{CustomerId, InboundMeaning, moment};
use crate::store::InboxText;
use crate::text::isolated;

const COLUMNS: [&str; 13] = [
    "number",
    "at",
    "source",
    "gateway_id",
    "sender",
    "customer",
    "name",
    "meaning",
    "outbox",
    "text",
    "waits",
    "done_at",
    "done_note",
];

/// Formats of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum InboxFormat {
    /// For people
    Text,
    /// Comma-separated, UTF-8
    Csv,
    /// One object with an array of messages
    Json,
    /// One object a line
    Jsonl,
}

/// A text with whose it seems to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxLine {
    /// The text.
    pub kept: InboxText,
    /// The customer who was asked, else the one who has the number or address.
    pub customer: Option<CustomerId>,
    /// Its name.
    pub name: String,
}

/// Writes the texts in the order in which they came.
///
/// # Errors
/// When they can't be written.
pub fn write_inbox(out: &mut dyn Write, format: InboxFormat, lines: &[InboxLine]) -> io::Result<()> {
    match format {
        InboxFormat::Text => lines.iter().try_for_each(|line| out.write_all(text(line).as_bytes())),
        InboxFormat::Csv => {
            let mut csv = Vec::new();
            push_line(&mut csv, COLUMNS);
            for line in lines {
                let cells = cells(line);
                let cells: Vec<_> = cells.iter().map(|cell| guarded(cell)).collect();
                push_line(&mut csv, cells.iter().map(|cell| &**cell));
            }
            out.write_all(&csv)
        }
        InboxFormat::Json => {
            let messages: Vec<Value> = lines.iter().map(object).collect();
            let json = json!({"schema_version": 1, "messages": messages});
            serde_json::to_writer_pretty(&mut *out, &json)?;
            out.write_all(b"\n")
        }
        InboxFormat::Jsonl => lines.iter().try_for_each(|line| {
            serde_json::to_writer(&mut *out, &object(line))?;
            out.write_all(b"\n")
        }),
    }
}

/// One text for a terminal: a head, and what was written below it.
fn text(line: &InboxLine) -> String {
    let kept = &line.kept;
    let sender = if kept.text.sender.is_empty() { "?" } else { &kept.text.sender };
    let whose = line.customer.map(|customer| format!("  {customer} {}", isolated(&line.name))).unwrap_or_default();
    let mut text = format!(
        "{:>5}  {}  {:<17} {}{whose}  ({})\n",
        kept.id,
        moment(kept.text.at),
        kept.text.meaning.as_str(),
        isolated(sender),
        isolated(&kept.text.source),
    );
    for written in kept.text.body.lines().chain(kept.text.body.is_empty().then_some("(nothing)")) {
        text.push_str(&format!("       {}\n", isolated(written)));
    }
    if let Some(at) = &kept.done_at {
        text.push_str(format!("       done {at}  {}", isolated(&kept.done_note)).trim_end());
        text.push('\n');
    }
    text
}

fn cells(line: &InboxLine) -> [String; 13] {
    let InboxText { id, text, done_at, done_note, waits } = &line.kept;
    [
        id.to_string(),
        moment(text.at),
        text.source.clone(),
        text.name.clone(),
        text.sender.clone(),
        line.customer.map(|customer| customer.to_string()).unwrap_or_default(),
        line.name.clone(),
        text.meaning.to_string(),
        text.outbox.map(|outbox| outbox.to_string()).unwrap_or_default(),
        text.body.clone(),
        if *waits { "yes" } else { "no" }.to_owned(),
        done_at.clone().unwrap_or_default(),
        done_note.clone(),
    ]
}

fn object(line: &InboxLine) -> Value {
    let InboxText { id, text, done_at, done_note, waits } = &line.kept;
    json!({
        "number": id, "at": moment(text.at), "source": text.source, "gateway_id": text.name, "sender": text.sender,
        "customer": line.customer.map(|customer| customer.to_string()), "name": line.name,
        "meaning": text.meaning.as_str(), "is_refusal": is_refusal(text.meaning), "outbox": text.outbox, "text": text.body,
        "waits": waits, "done_at": done_at, "done_note": done_note,
    })
}

/// Whether it was taken for a refusal.
const fn is_refusal(meaning: InboundMeaning) -> bool {
    matches!(meaning, InboundMeaning::OptOut | InboundMeaning::OptOutInDoubt)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::record::{KeptText, Repeated};

    fn line(id: i64, body: &str) -> InboxLine {
        let text = KeptText {
            source: "texts".to_owned(),
            name: "IN1".to_owned(),
            at: "2026-11-26T12:00:00Z".parse().expect("a moment"),
            sender: "+972502345678".to_owned(),
            body: body.to_owned(),
            outbox: Some(7),
            customer: None,
            meaning: InboundMeaning::OptOutInDoubt,
            repeated: Repeated { same_name: SignedDuration::ZERO, same_words: SignedDuration::ZERO },
        };
        let kept = InboxText { id, text, done_at: None, done_note: String::new(), waits: true };
        InboxLine { kept, customer: Some(CustomerId(7)), name: "דנה לוי".to_owned() }
    }

    fn written(format: InboxFormat) -> String {
        let mut out = Vec::new();
        let lines = [line(1, "=די\nנמאס, לי"), line(2, "")];
        write_inbox(&mut out, format, &lines).expect("memory");
        String::from_utf8(out).expect("is UTF-8")
    }

    #[test]
    fn every_format_says_who_wrote_what() {
        let text = written(InboxFormat::Text);
        assert!(text.contains("opt_out_in_doubt") && text.contains("(nothing)"), "{text}");
        assert!(text.contains("\u{2068}דנה לוי\u{2069}"), "{text}");
        let csv = written(InboxFormat::Csv);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let texts: Vec<String> = reader.records().map(|record| record.expect("a row")[9].to_owned()).collect();
        assert_eq!(texts, ["'=די\nנמאס, לי", ""]);
        let json: Value = serde_json::from_str(&written(InboxFormat::Json)).expect("is JSON");
        assert_eq!(
            (&json["messages"][0]["text"], &json["messages"][1]["outbox"]),
            (&json!("=די\nנמאס, לי"), &json!(7))
        );
        assert_eq!(written(InboxFormat::Jsonl).lines().count(), 2);
    }
}
