//! Marks: names of findings that last from run to run, keyed so that nobody without the key can try values against them.

use std::fmt;
use std::str::FromStr;

use ring::hmac::{HMAC_SHA256, Key, sign};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::finding::Code;

/// Fewer letters are tried one after the other in no time.
const SHORTEST_SECRET: usize = 16;

/// The first 64 bits of an HMAC-SHA-256 (RFC 2104).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mark(u64);

/// What a finding is told by beside its code and column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told<'a> {
    /// Nothing: it is about a column or the list.
    OfAll,
    /// The list's own key of the row.
    ByKey(&'a str),
    /// The cell, in a list without a key.
    ByCell(&'a str),
    /// What is left of a row or a value that has gone by.
    ByHash(u64),
}

/// The secret that marks are made with.
#[derive(Clone)]
pub struct MarkKey(Key);

/// The secret is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key has fewer than {SHORTEST_SECRET} characters")]
pub struct ShortSecret;

impl MarkKey {
    /// The key of a secret.
    ///
    /// # Errors
    /// When it could be guessed.
    pub fn new(secret: &str) -> Result<Self, ShortSecret> {
        let secret = secret.trim();
        if secret.chars().count() < SHORTEST_SECRET {
            return Err(ShortSecret);
        }
        Ok(MarkKey(Key::new(HMAC_SHA256, secret.as_bytes())))
    }

    /// The mark by which it is seen that marks were made with the same key.
    pub fn proof(&self) -> Mark {
        self.mark_of(b"tiuv")
    }

    /// The mark of a value that a suppression names.
    pub fn of_value(&self, value: &str) -> Mark {
        self.mark_of(&[b"value\xff", value.trim().as_bytes()].concat())
    }

    /// The mark of what `code` says of `column`, as it is called in every run.
    pub(super) fn of(&self, code: Code, column: &str, told: Told<'_>) -> Mark {
        let mut bytes = Vec::with_capacity(96);
        for text in [code.as_str(), column] {
            bytes.extend_from_slice(text.as_bytes());
            // No text has it, so none runs into the next.
            bytes.push(0xff);
        }
        match told {
            Told::OfAll => bytes.push(0),
            Told::ByKey(key) => {
                bytes.push(1);
                bytes.extend_from_slice(key.as_bytes());
            }
            Told::ByCell(cell) => {
                bytes.push(2);
                bytes.extend_from_slice(cell.as_bytes());
            }
            Told::ByHash(hash) => {
                bytes.push(3);
                bytes.extend_from_slice(&hash.to_le_bytes());
            }
        }
        self.mark_of(&bytes)
    }

    fn mark_of(&self, bytes: &[u8]) -> Mark {
        let tag = sign(&self.0, bytes);
        let mut first = [0; 8];
        first.copy_from_slice(&tag.as_ref()[..8]);
        Mark(u64::from_be_bytes(first))
    }
}

impl fmt::Debug for MarkKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MarkKey(secret)")
    }
}

/// As 16 hexadecimal digits.
impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl FromStr for Mark {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_mark = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u64::from_str_radix(text, 16).ok().filter(|_| is_mark);
        number.map(Mark).ok_or_else(|| format!("`{text}` is no mark of 16 hexadecimal digits"))
    }
}

impl Serialize for Mark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Mark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_tells_findings_apart_and_depends_on_the_key() {
        let key = MarkKey::new("a secret of the build").expect("long enough");
        let dummy = |told| key.of(Code::PhoneDummy, "phone", told);
        let marks = [
            dummy(Told::OfAll),
            dummy(Told::ByKey("17")),
            dummy(Told::ByCell("17")),
            dummy(Told::ByHash(17)),
            key.of(Code::PhoneDummy, "phone 2", Told::ByKey("17")),
            key.of(Code::PhoneTooShort, "phone", Told::ByKey("17")),
            key.of_value("17"),
            key.proof(),
        ];
        let different: std::collections::BTreeSet<_> = marks.iter().collect();
        assert_eq!(different.len(), marks.len());
        let other = MarkKey::new("another secret of it").expect("long enough");
        assert_ne!(other.of(Code::PhoneDummy, "phone", Told::ByKey("17")), dummy(Told::ByKey("17")));
        assert_eq!(marks[0].to_string().parse(), Ok(marks[0]));
        assert!("12".parse::<Mark>().is_err() && "+23456789abcdef0".parse::<Mark>().is_err());
        assert_eq!(MarkKey::new("short").map(|_| ()), Err(ShortSecret));
    }
}
