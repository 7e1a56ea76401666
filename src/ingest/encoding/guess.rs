//! What letters in words make likely, where nothing else tells the encoding.

use std::io;
use std::ops::ControlFlow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{ISO_8859_8, WINDOWS_1255};
use memchr::memchr;

use super::Charset;
use super::blocks::each_block;
use super::dos::DosHebrew;
use super::utf8::is_utf8_line;
use crate::ingest::text::Text;
use crate::rule::IngestRules;

/// The likeliest encoding of text that is not UTF-8, from its lines with non-ASCII bytes that are not: the others say nothing.
pub(super) fn guess(text: &Text, tld: &str, rules: &IngestRules) -> io::Result<Charset> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut left = rules.detector_bytes;
    let mut previous_fed = false;
    let mut only_hebrew = true;
    let mut of_dos = DosHebrew::default();
    each_block(
        text,
        0,
        |_| 0,
        |block| {
            let mut rest = block;
            while !rest.is_empty() && left > 0 {
                let end = memchr(b'\n', rest).map_or(rest.len(), |place| place + 1);
                let (line, behind) = rest.split_at(end);
                rest = behind;
                // A line cut by the block's end goes on in the next block.
                let is_utf8 = || is_utf8_line(line, rules.utf8_line_sequences);
                if previous_fed || !line.is_ascii() && !is_utf8() {
                    let line = &line[..line.len().min(left)];
                    detector.feed(line, false);
                    of_dos.feed(line, rules);
                    only_hebrew &= line.iter().all(|byte| byte.is_ascii() || is_hebrew_in_1255(*byte));
                    left -= line.len();
                }
                previous_fed = behind.is_empty() && !line.ends_with(b"\n") && !line.is_ascii() && !is_utf8();
            }
            if left > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        },
    )?;
    if of_dos.is_it(rules) {
        return Ok(Charset::Ibm862);
    }
    detector.feed(b"", true);
    let tld = tld.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let hint = (!tld.is_empty() && tld.is_ascii()).then_some(tld.as_bytes());
    let encoding = detector.guess(hint, Utf8Detection::Deny);
    Ok(Charset::Standard(match encoding {
        // Windows-1255 has every letter of ISO-8859-8 in the same place and decodes what that leaves open: niqqud,
        // quotes, the shekel sign. The two differ for browsers, which show one of them in visual order.
        _ if encoding == ISO_8859_8 => WINDOWS_1255,
        // A few Hebrew words of even length can pass for two-byte characters, but those of Chinese, Japanese and
        // Korean that people use have bytes below the Hebrew letters.
        _ if only_hebrew && !encoding.is_single_byte() => WINDOWS_1255,
        _ => encoding,
    }))
}

/// Letters, the shekel sign, geresh and gershayim, curly quotes, dashes and the no-break space of Windows-1255.
fn is_hebrew_in_1255(byte: u8) -> bool {
    matches!(byte, 0xE0..=0xFA | 0xA4 | 0xD7 | 0xD8 | 0x91..=0x94 | 0x96 | 0x97 | 0xA0)
}
