//! What tells one finding from another, from run to run and wherever its row has moved.

use std::fmt;
use std::hash::Hasher;

use super::hash::FixedHasher;
use crate::finding::Code;

/// The name of a finding that is the same in every run: of its code, its column and its row.
///
/// Neither the row's number nor that of its column go into it, so that other rows and columns may come, go and move. Two rows that
/// are alike in everything have the same findings with the same fingerprints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint(u64);

/// What a row is told by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowIdentity<'a> {
    /// No row: the finding is about a column or the list.
    None,
    /// The list's own key of it.
    Key(&'a str),
    /// The record as it was written, in a list that has no key or a row without one.
    Content(&'a str),
}

impl Fingerprint {
    /// The fingerprint of what `code` says of `column` (empty for a whole row) in `row`.
    ///
    /// A column is named by its field where it has one: a header may be renamed. The first of several of a field is named by
    /// the field alone, the next with ` 2` and so on.
    pub fn of(code: Code, column: &str, row: RowIdentity<'_>) -> Fingerprint {
        // Unkeyed: the same everywhere and forever.
        let mut hasher = FixedHasher::default();
        let (kind, row) = match row {
            RowIdentity::None => (0, ""),
            RowIdentity::Key(key) => (1, key),
            RowIdentity::Content(record) => (2, record),
        };
        for text in [code.as_str(), column] {
            hasher.write(text.as_bytes());
            // No text has it, so none runs into the next.
            hasher.write_u8(0xff);
        }
        hasher.write_u8(kind);
        hasher.write(row.as_bytes());
        Fingerprint(hasher.finish())
    }
}

/// As 16 hexadecimal digits.
impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

impl serde::Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_column_and_row_tell_findings_apart() {
        let dummy = |column, row| Fingerprint::of(Code::PhoneDummy, column, row);
        let all = [
            dummy("phone", RowIdentity::Key("17")),
            dummy("phone", RowIdentity::Key("18")),
            dummy("phone", RowIdentity::Content("17")),
            dummy("phone", RowIdentity::None),
            dummy("phone 2", RowIdentity::Key("17")),
            dummy("", RowIdentity::Key("phone17")),
            Fingerprint::of(Code::PhoneTooShort, "phone", RowIdentity::Key("17")),
        ];
        let different: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
        assert_eq!(all[0], dummy("phone", RowIdentity::Key("17")));
    }

    #[test]
    fn a_fingerprint_stays_what_it_was() {
        // Those who keep it compare it with that of a later version.
        let fingerprint = Fingerprint::of(Code::PhoneDummy, "phone", RowIdentity::Key("17"));
        assert_eq!(fingerprint.to_string(), "a2d28644fa1b7d59");
    }
}
