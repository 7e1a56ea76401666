//! The fields of a request: of a form, of a form in parts, or of a JSON object.

use std::borrow::Cow;

use serde_json::Value;

use super::charset::{Charset, Guess};
use super::parts::Part;
use crate::text::BYTE_ORDER_MARK;

/// A request's fields.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Fields {
    /// Of a form, or of a query where there is no body.
    Form(Vec<(String, String)>),
    /// Of a JSON object.
    Json(Value),
}

impl Fields {
    /// Reads a form or a query. Where nothing else declares a charset, one of these fields may.
    pub(super) fn form(text: &[u8], charset: Charset, guess: &Guess, declaring: &[&str]) -> (Self, Charset) {
        let text = as_ascii(text, charset, guess);
        // What was brought into UTF-8 as a whole declares nothing any more.
        let charset = if matches!(text, Cow::Owned(_)) { Charset::default() } else { charset };
        let raw: Vec<(Vec<u8>, Vec<u8>)> = raw_pairs(&text).collect();
        let labels = raw.iter().map(|(name, value)| (name.as_slice(), value.as_slice()));
        let charset = declared(charset, labels, declaring);
        let pairs = raw.iter().map(|(name, value)| (charset.text(name, guess), charset.text(value, guess)));
        (Fields::Form(pairs.collect()), charset)
    }

    /// Reads a form in parts. A part may say its own charset; else it is that of the form, or what a field declares.
    pub(super) fn parts(parts: &[Part], charset: Charset, guess: &Guess, declaring: &[&str]) -> (Self, Charset) {
        let labels = parts.iter().map(|part| (part.name.as_bytes(), part.bytes.as_ref()));
        let charset = declared(charset, labels, declaring);
        // What is told of a message's text, its order of letters, is that of the first part which says something itself.
        let own = parts.iter().map(|part| part.charset).find(|own| !own.is_open());
        let of = |part: &Part| if part.charset.is_open() { charset } else { part.charset };
        let pairs = parts.iter().map(|part| (part.name.clone(), of(part).text(&part.bytes, guess)));
        (Fields::Form(pairs.collect()), own.unwrap_or(charset))
    }

    /// Reads a JSON object.
    pub(super) fn json(text: &[u8], charset: Charset, guess: &Guess) -> Option<Self> {
        // JSON is UTF-8 (RFC 8259); what is in another charset all the same is read as what it says.
        let value: Value = match serde_json::from_slice(text) {
            Ok(value) => value,
            Err(_) => serde_json::from_str(charset.text(text, guess).trim_start_matches(BYTE_ORDER_MARK)).ok()?,
        };
        value.is_object().then_some(Fields::Json(value))
    }

    /// The text of a field; a number or a truth of a JSON object as it is written. A name that begins with `/` is a JSON
    /// Pointer there.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self {
            Fields::Form(pairs) => pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()),
            Fields::Json(object) => {
                let value = if name.starts_with('/') { object.pointer(name) } else { object.get(name) };
                match value? {
                    Value::String(text) => Some(text.clone()),
                    value @ (Value::Number(_) | Value::Bool(_)) => Some(value.to_string()),
                    _ => None,
                }
            }
        }
    }

    /// The text of a field that holds one.
    pub(super) fn filled(&self, name: &str) -> Option<String> {
        self.text(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }
}

/// The charset of a form; where it is open, what a field declares.
fn declared<'t>(
    charset: Charset,
    raw: impl Iterator<Item = (&'t [u8], &'t [u8])> + Clone,
    declaring: &[&str],
) -> Charset {
    let said = declaring.iter().find_map(|name| raw.clone().find(|(known, _)| *known == name.as_bytes()));
    match said {
        Some((_, label)) if charset.is_open() => Charset::named(&String::from_utf8_lossy(label)),
        _ => charset,
    }
}

/// Names and values of a query.
pub(super) fn pairs(text: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(text).into_owned().collect()
}

/// A form as it is sent, which is ASCII; one that is in UTF-16 as a whole in UTF-8.
fn as_ascii<'t>(text: &'t [u8], charset: Charset, guess: &Guess) -> Cow<'t, [u8]> {
    if charset.is_whole_utf16(text) { Cow::Owned(charset.text(text, guess).into_bytes()) } else { Cow::Borrowed(text) }
}

/// Names and values of a form as bytes, what is written by percent signs undone.
fn raw_pairs(text: &[u8]) -> impl Iterator<Item = (Vec<u8>, Vec<u8>)> {
    text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()).map(|pair| {
        let at = pair.iter().position(|byte| *byte == b'=').unwrap_or(pair.len());
        (unescaped(&pair[..at]), unescaped(pair.get(at + 1..).unwrap_or_default()))
    })
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let hex = |byte: u8| char::from(byte).to_digit(16);
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    loop {
        rest = match *rest {
            [] => return bytes,
            [b'%', high, low, ref behind @ ..] if hex(high).zip(hex(low)).is_some() => {
                bytes.extend(hex(high).zip(hex(low)).map(|(high, low)| (high * 16 + low) as u8));
                behind
            }
            [byte, ref behind @ ..] => {
                bytes.push(if byte == b'+' { b' ' } else { byte });
                behind
            }
        };
    }
}
