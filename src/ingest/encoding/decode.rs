//! A text in its encoding as UTF-8.

use std::io::{self, Write};

use encoding_rs::{DecoderResult, Encoding};

use super::blocks::BLOCK_BYTES;
use super::utf8::is_utf8_line;
use super::{Charset, Detected};
use crate::ingest::IngestError;
use crate::ingest::text::{Text, TextWriter};
use crate::rule::IngestRules;

/// The text as UTF-8 without a mark. UTF-8 stays where it is, and its mark is the caller's to skip; all else is
/// transcoded into a spool, where sequences that do not decode become U+FFFD and are counted ([`Text::replaced`]).
pub(crate) fn decode(text: Text, detected: &Detected, name: &str, rules: &IngestRules) -> Result<Text, IngestError> {
    let decoded = match detected.encoding {
        encoding if encoding == Charset::UTF_8 => return Ok(text),
        Charset::Standard(encoding) if detected.utf8_lines == 0 => transcode(&text, encoding, detected.bom),
        charset => transcode_lines(&text, charset, detected, rules),
    };
    decoded.map_err(|error| IngestError::from(error).in_file(name))
}

fn transcode(text: &Text, encoding: &'static Encoding, bom: u64) -> io::Result<Text> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut spool = TextWriter::new();
    let mut decoded = vec![0; DECODED_BYTES];
    let mut replaced = 0;
    let mut offset = bom;
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let filled = text.read_at(offset, &mut block)?;
        offset += filled as u64;
        let last = filled < block.len();
        let mut rest = &block[..filled];
        loop {
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut decoded, last);
            spool.write_all(&decoded[..written])?;
            rest = &rest[read..];
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    spool.write_all("\u{FFFD}".as_bytes())?;
                    replaced += 1;
                }
            }
        }
        if last {
            return Ok(spool.finish()?.with_replaced(replaced));
        }
    }
}

/// The same line by line, of an encoding in which a letter is a byte; lines in UTF-8 stay as they are where there are such.
fn transcode_lines(text: &Text, charset: Charset, detected: &Detected, rules: &IngestRules) -> io::Result<Text> {
    let mut spool = TextWriter::new();
    let mut replaced = 0;
    text.each_line(detected.bom, |line| {
        if detected.utf8_lines > 0 && is_utf8_line(line, rules.utf8_line_sequences) {
            return spool.write_all(line);
        }
        let (decoded, errors) = charset.decoded(line);
        replaced += errors;
        spool.write_all(decoded.as_bytes())
    })?;
    Ok(spool.finish()?.with_replaced(replaced))
}

const DECODED_BYTES: usize = 256 << 10;
