//! Cuts a text into vCards, without the pictures in them: a card is kept in memory, a photo never is.

use std::io::{self, BufRead};

use crate::ingest::text::Text;

/// A card as it was cut out.
#[derive(Debug, Default)]
pub(super) struct Card {
    /// Its lines, without those that are not kept.
    pub(super) text: Vec<u8>,
    /// Where it starts: byte and 0-based line.
    pub(super) start: u64,
    pub(super) line: u32,
    /// Its length in the text.
    pub(super) length: u64,
    /// It is longer than is kept.
    pub(super) is_too_long: bool,
}

/// Reads cards one by one.
pub(super) struct Cards<'a> {
    reader: Box<dyn BufRead + 'a>,
    dropped: &'a [String],
    longest: usize,
    offset: u64,
    line: u32,
    /// A line that belongs to the next card.
    ahead: Option<Line>,
}

/// One line of the text as it stands.
#[derive(Debug, Default, Clone)]
struct Line {
    /// Its first bytes, as many as may be kept.
    head: Vec<u8>,
    start: u64,
    number: u32,
    length: u64,
}

impl<'a> Cards<'a> {
    /// From the text's start; `dropped` are the properties that are not kept, in lower case.
    pub(super) fn new(text: &'a Text, dropped: &'a [String], longest: usize) -> Self {
        Cards { reader: Box::new(text.reader()), dropped, longest, offset: 0, line: 0, ahead: None }
    }

    /// The next card, whole or not: what stands outside of cards is one that can't be read.
    pub(super) fn next(&mut self) -> io::Result<Option<Card>> {
        let mut card: Option<Card> = None;
        let mut depth = 0;
        // What the last line of a property that is not kept began; its other lines go with it.
        let mut is_skipping = false;
        let mut last_was_agent = false;
        while let Some(line) = self.take_line()? {
            let is_blank = line.head.trim_ascii().is_empty();
            if is_blank && card.is_none() {
                continue;
            }
            let is_begin = is_mark(&line.head, b"BEGIN:VCARD");
            if is_begin && depth > 0 && !last_was_agent {
                // The card before has no end.
                self.ahead = Some(line);
                break;
            }
            let current = card.get_or_insert_with(|| Card { start: line.start, line: line.number, ..Card::default() });
            current.length = line.start + line.length - current.start;
            let is_end = is_mark(&line.head, b"END:VCARD");
            depth += u32::from(is_begin);
            let goes_on = line.head.starts_with(b" ") || line.head.starts_with(b"\t") || !line.head.contains(&b':');
            if !(goes_on && is_skipping) {
                let name = property_name(&line.head);
                last_was_agent = name == "agent";
                is_skipping = self.dropped.contains(&name) && !is_begin && !is_end;
            }
            // A card within a card, an agent's, is another person's.
            if !is_skipping && depth <= 1 {
                current.is_too_long |= line.length > line.head.len() as u64;
                let room = self.longest.saturating_sub(current.text.len());
                current.is_too_long |= line.head.len() > room;
                current.text.extend_from_slice(&line.head[..line.head.len().min(room)]);
            }
            if is_end || depth == 0 {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
        }
        Ok(card)
    }

    /// The next line with its end; of a longer one than may be kept only its first part.
    fn take_line(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.ahead.take() {
            return Ok(Some(line));
        }
        let mut line = Line { start: self.offset, number: self.line, ..Line::default() };
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            let end = memchr::memchr(b'\n', buffer).map(|end| end + 1);
            let taken = end.unwrap_or(buffer.len());
            let room = self.longest.saturating_sub(line.head.len());
            line.head.extend_from_slice(&buffer[..taken.min(room)]);
            line.length += taken as u64;
            self.reader.consume(taken);
            if end.is_some() {
                break;
            }
        }
        self.offset += line.length;
        self.line = self.line.saturating_add(1);
        Ok((line.length > 0).then_some(line))
    }
}

fn is_mark(line: &[u8], mark: &[u8]) -> bool {
    line.trim_ascii().eq_ignore_ascii_case(mark)
}

/// The name of the property in lower case, without its group: `tel` of `item1.TEL;TYPE=cell:…`.
fn property_name(line: &[u8]) -> String {
    let end = line.iter().position(|byte| matches!(byte, b':' | b';')).unwrap_or(line.len().min(64));
    let name = &line[..end];
    let bare = name.iter().rposition(|byte| *byte == b'.').map_or(name, |dot| &name[dot + 1..]);
    String::from_utf8_lossy(bare.trim_ascii()).to_ascii_lowercase()
}
