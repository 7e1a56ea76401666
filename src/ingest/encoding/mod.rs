//! Which encoding a source is in, and its text as UTF-8.

mod blocks;
mod charset;
mod decode;
mod dos;
mod guess;
mod twice;
mod utf8;

use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};

use super::error::{IngestError, IngestProblem};
use super::text::Text;
use crate::error::closest;
use crate::rule::IngestRules;
pub(crate) use charset::Charset;
pub(crate) use decode::decode;
use guess::guess;
pub(crate) use twice::{decoded_once_more, is_encoded_twice};
use utf8::{LineCount, count_lines, count_utf8, is_plainly_utf8};

/// The encoding of a source and how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Detected {
    /// The encoding.
    pub(crate) encoding: Charset,
    /// `bom`, `utf-16 pattern`, `valid utf-8` (all of it, or a first block that leaves no doubt), `detected` or `given`.
    pub(crate) basis: &'static str,
    /// Length of the byte order mark.
    pub(crate) bom: u64,
    /// Invalid sequences, where UTF-8 was chosen in spite of some.
    pub(crate) invalid: u64,
    /// Lines that are in UTF-8, where the others are not.
    pub(crate) utf8_lines: u64,
}

impl Detected {
    fn new(encoding: Charset, basis: &'static str) -> Detected {
        Detected { encoding, basis, bom: 0, invalid: 0, utf8_lines: 0 }
    }

    /// What is said of lines in two encodings.
    pub(crate) fn remark(&self) -> Option<String> {
        let are = if self.utf8_lines == 1 { "line is" } else { "lines are" };
        let (lines, others) = (self.utf8_lines, self.encoding.name());
        (lines > 0).then(|| format!("{lines} {are} in UTF-8 and the others in {others}; each is read as it is written"))
    }
}

/// Finds the encoding: the given label, a byte order mark, the NUL pattern of UTF-16, UTF-8 that is valid to the last
/// byte, else what letters in words make likely, with the top-level domain of the list's country as a hint.
pub(crate) fn detect(
    text: &Text,
    given: Option<&str>,
    tld: &str,
    name: &str,
    rules: &IngestRules,
) -> Result<Detected, IngestError> {
    find(text, given, tld, rules).map_err(|error| error.in_file(name))
}

/// Bytes of which nothing is said, as text: by the marks and letters in them.
#[cfg(feature = "web")]
pub(crate) fn text_of_bytes(bytes: &[u8], tld: &str, rules: &IngestRules) -> String {
    match find(&Text::from_bytes(bytes.to_vec()), None, tld, rules).map(|found| found.encoding) {
        Ok(Charset::Standard(encoding)) => encoding.decode(bytes).0.into_owned(),
        Ok(charset) => charset.decoded(bytes).0.into_owned(),
        Err(_) => encoding_rs::UTF_8.decode(bytes).0.into_owned(),
    }
}

fn find(text: &Text, given: Option<&str>, tld: &str, rules: &IngestRules) -> Result<Detected, IngestError> {
    let mut first = vec![0; rules.detect_bytes];
    let filled = text.read_at(0, &mut first)?;
    first.truncate(filled);
    let mark = Encoding::for_bom(&first).map(|(encoding, length)| (Charset::Standard(encoding), length as u64));

    if let Some(label) = given {
        let named = for_label(label, rules)?;
        // "utf-16" says nothing of the order of bytes; a mark does.
        let (encoding, bom) = match mark {
            Some((marked, length)) if marked == named || is_utf16(marked) && is_utf16(named) => (marked, length),
            _ => (named, 0),
        };
        let invalid = if encoding == Charset::UTF_8 { count_utf8(text, bom)?.invalid } else { 0 };
        return Ok(Detected { bom, invalid, ..Detected::new(encoding, "given") });
    }
    if first.starts_with(b"\xFF\xFE\0\0") || first.starts_with(b"\0\0\xFE\xFF") {
        let remedy = "save it as UTF-8";
        return Err(IngestProblem::Unsupported { what: "text in UTF-32", remedy }.into());
    }
    if let Some((encoding, bom)) = mark {
        let invalid = if encoding == Charset::UTF_8 { count_utf8(text, bom)?.invalid } else { 0 };
        return Ok(Detected { bom, invalid, ..Detected::new(encoding, "bom") });
    }
    if let Some(encoding) = utf16_without_mark(&first, rules) {
        return Ok(Detected::new(Charset::Standard(encoding), "utf-16 pattern"));
    }
    if is_plainly_utf8(text, rules)? {
        return Ok(Detected::new(Charset::UTF_8, "valid utf-8"));
    }
    let utf8 = count_utf8(text, 0)?;
    if utf8.invalid == 0 {
        return Ok(Detected::new(Charset::UTF_8, "valid utf-8"));
    }
    let as_utf8 = Detected { invalid: utf8.invalid, ..Detected::new(Charset::UTF_8, "detected") };
    if utf8.invalid * 100 <= u64::from(rules.utf8_invalid_percent) * (utf8.invalid + utf8.valid) {
        return Ok(as_utf8);
    }
    let encoding = guess(text, tld, rules)?;
    // Lines that are UTF-8 beside lines that are not were put together from two lists. Fewer sequences than such a line has
    // need no look at all lines.
    let may_have_such = utf8.valid >= rules.utf8_line_sequences as u64 && encoding.is_single_byte();
    let lines = if may_have_such { count_lines(text, rules)? } else { LineCount::default() };
    Ok(match lines.utf8 {
        0 => Detected::new(encoding, "detected"),
        utf8 if utf8 >= lines.others => as_utf8,
        utf8_lines => Detected { utf8_lines, ..Detected::new(encoding, "detected") },
    })
}

/// UTF-16 that lacks its mark: ASCII characters in it (delimiters, digits, line ends) have NUL on one side.
pub(crate) fn utf16_without_mark(first: &[u8], rules: &IngestRules) -> Option<&'static Encoding> {
    let pairs = first.as_chunks::<2>().0;
    let even = pairs.iter().filter(|pair| pair[0] == 0).count();
    let odd = pairs.iter().filter(|pair| pair[1] == 0).count();
    let least = (pairs.len() * usize::from(rules.utf16_nul_percent)).div_ceil(100).max(1);
    if odd >= least && even * 10 <= odd {
        Some(UTF_16LE)
    } else if even >= least && odd * 10 <= even {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn is_utf16(encoding: Charset) -> bool {
    [UTF_16LE, UTF_16BE].into_iter().any(|own| encoding == Charset::Standard(own))
}

fn for_label(label: &str, rules: &IngestRules) -> Result<Charset, IngestError> {
    Charset::for_label(label).ok_or_else(|| {
        let closest = closest(label.trim(), rules.encodings.iter().map(String::as_str)).map(str::to_owned);
        IngestProblem::UnknownEncoding { label: label.to_owned(), closest, known: rules.encodings.clone() }.into()
    })
}

#[cfg(test)]
mod tests;
