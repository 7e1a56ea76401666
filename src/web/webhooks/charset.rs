//! In which charset a request's texts are: what it declares, else what its bytes tell.

use encoding_rs::{Encoding, ISO_8859_8, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1255};
use mime::Mime;

use crate::ingest::text_of_bytes;
use crate::rule::IngestRules;
use crate::text::{from_visual, order_of_final_letters};

/// What is known of a charset before its bytes are seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Charset {
    encoding: Option<&'static Encoding>,
    /// The label says nothing of the order of bytes.
    is_any_utf16: bool,
    /// Hebrew stands as it is shown.
    pub(super) is_visual: bool,
}

impl Charset {
    /// By the label that a request gives; none that is known leaves it to the bytes.
    pub(super) fn named(label: &str) -> Self {
        let label = label.trim().trim_matches('"').to_ascii_lowercase();
        let encoding = Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != REPLACEMENT);
        // RFC 1556: plain ISO-8859-8 is in visual order, -i and -e are in the order in which one reads.
        let is_visual = encoding == Some(ISO_8859_8) && label != "iso-8859-8-e";
        let is_any_utf16 = matches!(label.as_str(), "utf-16" | "utf16" | "ucs-2" | "iso-10646-ucs-2" | "unicode");
        let encoding = match encoding {
            // It has all letters of the other in the same places, and decodes what that leaves open.
            Some(encoding) if encoding.name().starts_with("ISO-8859-8") => Some(WINDOWS_1255),
            encoding => encoding,
        };
        Charset { encoding, is_any_utf16, is_visual }
    }

    /// By the parameter of a content type.
    pub(super) fn of_content_type(said: &str) -> Self {
        let said: Option<Mime> = said.parse().ok();
        said.and_then(|said| Some(Charset::named(said.get_param(mime::CHARSET)?.as_str()))).unwrap_or_default()
    }

    /// Whether nothing was declared that is known.
    pub(super) const fn is_open(self) -> bool {
        self.encoding.is_none()
    }

    /// Whether a whole body is in UTF-16, and not only what is written in it by percent signs.
    pub(super) fn is_whole_utf16(self, body: &[u8]) -> bool {
        let is_named = self.is_any_utf16 || self.encoding.is_some_and(is_utf16);
        matches!(Encoding::for_bom(body), Some((encoding, _)) if is_utf16(encoding)) || is_named && body.contains(&0)
    }

    /// The text of bytes. What is not declared is UTF-8 where it can be, else what its letters make likely.
    pub(super) fn text(self, bytes: &[u8], guess: &Guess) -> String {
        if let Some((encoding, length)) = Encoding::for_bom(bytes) {
            return encoding.decode_without_bom_handling(&bytes[length..]).0.into_owned();
        }
        match self.encoding {
            // Numbers and names are written plainly whatever the charset.
            Some(encoding) if is_utf16(encoding) && bytes.iter().all(|byte| matches!(byte, b' '..=b'~')) => {
                String::from_utf8_lossy(bytes).into_owned()
            }
            Some(encoding) if is_utf16(encoding) => {
                let encoding = if self.is_any_utf16 { order_of_bytes(bytes) } else { encoding };
                encoding.decode_without_bom_handling(bytes).0.into_owned()
            }
            // What calls itself UTF-8 and is not, and what calls itself nothing.
            Some(encoding) if encoding == UTF_8 && std::str::from_utf8(bytes).is_err() => guess.text(bytes),
            Some(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
            None => guess.text(bytes),
        }
    }
}

/// What makes a guess at bytes of which nothing is said.
#[derive(Debug)]
pub(super) struct Guess {
    /// Of the list's country.
    pub(super) tld: String,
    pub(super) rules: IngestRules,
}

impl Guess {
    fn text(&self, bytes: &[u8]) -> String {
        match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => text_of_bytes(bytes, &self.tld, &self.rules),
        }
    }
}

/// A text that was declared to be in visual order, in the order in which it is read, and the other one. Many who declare it
/// mean the order in which one reads; final letters tell.
pub(super) fn both_orders(text: String) -> (String, Option<String>) {
    let turned = from_visual(&text);
    if turned == text {
        (text, None)
    } else if order_of_final_letters(&text) > 0 {
        (text, Some(turned))
    } else {
        (turned, Some(text))
    }
}

fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

/// Letters that people write have small numbers in their high bytes.
fn order_of_bytes(bytes: &[u8]) -> &'static Encoding {
    let small = |first: usize| bytes.iter().skip(first).step_by(2).filter(|byte| **byte < 0x09).count();
    if small(1) > small(0) { UTF_16LE } else { UTF_16BE }
}
