//! The bytes of a new list as text, or what they are instead.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::UpdateError;

/// The text without a byte order mark. UTF-16 is decoded; of anything else but UTF-8 nobody can say for sure what it is.
///
/// # Errors
/// When it is no text, or the text of something else.
pub(super) fn read_text<'a>(bytes: &'a [u8], from: &str) -> Result<Cow<'a, str>, UpdateError> {
    let not_a_list = |what: &str, help: &str| UpdateError::NotAList {
        from: from.to_owned(),
        what: what.to_owned(),
        help: help.to_owned(),
    };
    if bytes.starts_with(b"PK\x03\x04") {
        return Err(not_a_list("a ZIP archive or a workbook", "save the list as text (CSV), UTF-8"));
    }
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((utf16_without_mark(bytes).unwrap_or(UTF_8), 0));
    let text = match std::str::from_utf8(&bytes[mark..]) {
        Ok(text) if encoding == UTF_8 => Cow::Borrowed(text),
        Err(error) if encoding == UTF_8 => {
            let line = bytes[..mark + error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            let what = format!("not UTF-8 text (line {line})");
            return Err(not_a_list(&what, "save it as text in UTF-8"));
        }
        _ => match encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]) {
            Some(text) => text,
            None => return Err(not_a_list("broken UTF-16", "save it as text in UTF-8")),
        },
    };
    if text.contains('\0') {
        return Err(not_a_list("a binary file", "give the list as text"));
    }
    match text.trim_start().as_bytes() {
        [b'<', ..] => {
            Err(not_a_list("a web page (HTML) or XML", "give the address of the raw file, without a page around it"))
        }
        [b'[' | b'{', ..] => Err(not_a_list("JSON", "give the list as text, an entry a line")),
        _ => Ok(text),
    }
}

/// Text in UTF-16 that lacks its mark has a NUL in every other byte wherever it is ASCII.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let pairs = bytes.get(..bytes.len().min(4096))?.as_chunks::<2>().0;
    let count = |at: usize| pairs.iter().filter(|pair| pair[at] == 0 && pair[1 - at] != 0).count();
    let least = (pairs.len() / 2).max(2);
    match (count(0), count(1)) {
        (0, odd) if odd >= least => Some(UTF_16LE),
        (even, 0) if even >= least => Some(UTF_16BE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Explain;

    fn utf16(text: &str, mark: bool, to: fn(u16) -> [u8; 2]) -> Vec<u8> {
        mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16()).flat_map(to).collect()
    }

    #[test]
    fn text_comes_in_utf_8_and_utf_16_with_a_mark_or_without() {
        let text = "a.com\r\nקום.com\n";
        let mut marked = b"\xEF\xBB\xBF".to_vec();
        marked.extend_from_slice(text.as_bytes());
        for bytes in [
            text.as_bytes().to_vec(),
            marked,
            utf16(text, true, u16::to_le_bytes),
            utf16(text, true, u16::to_be_bytes),
            utf16(text, false, u16::to_le_bytes),
            utf16(text, false, u16::to_be_bytes),
        ] {
            assert_eq!(read_text(&bytes, "new.txt").expect("is text"), text);
        }
    }

    #[test]
    fn what_is_no_list_is_called_what_it_is() {
        for (bytes, told) in [
            (&b"PK\x03\x04rest"[..], "workbook"),
            (b"\x89PNG\r\n\x1a\n\0\0", "not UTF-8"),
            (b"a.com\nb\0c.com\n", "binary"),
            (b"a.com\n\xE0\xE1.com\n", "(line 2)"),
            (b"\xFF\xFEa\0\0\xD8", "broken UTF-16"),
            (b"\n <!DOCTYPE html><html>", "web page"),
            (b"[\"a.com\"]", "JSON"),
        ] {
            let error = read_text(bytes, "new.txt").expect_err("is none");
            assert!(error.to_string().contains(told), "{error}");
            assert!(!error.help().is_empty());
        }
    }

    #[test]
    fn nothing_is_an_empty_text() {
        assert_eq!(read_text(b"", "new.txt").expect("is text"), "");
    }
}
