//! A text in its encoding as UTF-8.

use std::io::{self, Write};

use encoding_rs::{DecoderResult, UTF_8};

use super::Detected;
use super::blocks::BLOCK_BYTES;
use crate::ingest::IngestError;
use crate::ingest::text::{Text, TextWriter};

/// The text as UTF-8 without a mark. UTF-8 stays where it is, and its mark is the caller's to skip; all else is
/// transcoded into a spool, where sequences that do not decode become U+FFFD and are counted ([`Text::replaced`]).
pub(crate) fn decode(text: Text, detected: &Detected, name: &str) -> Result<Text, IngestError> {
    if detected.encoding == UTF_8 {
        return Ok(text);
    }
    transcode(&text, detected).map_err(|error| IngestError::from(error).in_file(name))
}

fn transcode(text: &Text, detected: &Detected) -> io::Result<Text> {
    let mut decoder = detected.encoding.new_decoder_without_bom_handling();
    let mut spool = TextWriter::new();
    let mut decoded = vec![0; DECODED_BYTES];
    let mut replaced = 0;
    let mut offset = detected.bom;
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

const DECODED_BYTES: usize = 256 << 10;
