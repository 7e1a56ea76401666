//! What a person is recognized by, as hashes: of contacts, of the list's key, of name and birth date.

use ring::digest::{Context, SHA256};

use crate::record::{mix, text_hash};
use crate::text::{folded, plain_key};

/// Something by which a person is recognized. Each holds a fixed hash, so that it may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    /// An address or a number, by the hash of its key.
    Contact(u64),
    /// The list's own key, in lists whose files are called alike.
    ListKey(u64),
    /// The list's own key, in whatever list.
    Key(u64),
    /// A name with a birth date.
    NamedBirth(u64),
    /// A word of a given name: it recognizes nobody, and tells of those who are recognized whether they are called alike.
    First(u64),
    /// Likewise of a family name.
    Last(u64),
}

/// What hashes that leave the workspace are salted with; it goes along with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Salt(pub [u8; 16]);

impl Sign {
    /// The list's own key of a row: as a key of this list and its like, and as a key of any list. None where it has none.
    pub fn of_key(file: &str, key: &str) -> Option<[Sign; 2]> {
        Sign::of_key_in(&list_family(file), key)
    }

    /// The same of a list of a [family](list_family).
    pub fn of_key_in(family: &str, key: &str) -> Option<[Sign; 2]> {
        let key = plain_key(key);
        if key.is_empty() {
            return None;
        }
        Some([Sign::ListKey(text_hash(&format!("{family}\n{key}"))), Sign::Key(text_hash(&key))])
    }

    /// The sign as a number; signs of two kinds never have one.
    pub const fn mark(self) -> u64 {
        let (seed, hash) = match self {
            Sign::Contact(hash) => (0x636f_6e74, hash),
            Sign::ListKey(hash) => (0x6c69_7374, hash),
            Sign::Key(hash) => (0x6b65_7973, hash),
            Sign::NamedBirth(hash) => (0x626f_726e, hash),
            Sign::First(hash) => (0x6669_7273, hash),
            Sign::Last(hash) => (0x6c61_7374, hash),
        };
        mix(hash ^ mix(seed))
    }
}

impl Salt {
    /// A mark salted.
    pub fn salted(&self, mark: u64) -> u64 {
        let mut context = Context::new(&SHA256);
        context.update(&self.0);
        context.update(&mark.to_le_bytes());
        let mut first = [0; 8];
        first.copy_from_slice(&context.finish().as_ref()[..8]);
        u64::from_le_bytes(first)
    }
}

/// What the names of files of one list have in common from year to year: their words, without endings, days and numbers.
pub fn list_family(file: &str) -> String {
    let stem = file.split('.').next().unwrap_or_default();
    let folded = folded(stem);
    let words = folded.split(' ').filter(|word| !word.is_empty() && !word.chars().any(|letter| letter.is_numeric()));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_another_year_is_of_the_same_family_and_a_key_is_one_however_programs_write_it() {
        for (one, other) in [
            ("members_2026-11.csv", "members_2028-02.csv"),
            ("members_2026-11.csv", "Members (3).xlsx"),
            ("ייצוא חברים 03.2027.xlsx", "ייצוא חברים.csv"),
        ] {
            assert_eq!(list_family(one), list_family(other), "{one} {other}");
        }
        assert_ne!(list_family("members_2026-11.csv"), list_family("leads_2026-11.csv"));
        assert_eq!(Sign::of_key("members_2026.csv", "00031024"), Sign::of_key("members_2027.csv", "31024.0"));
        assert_eq!(Sign::of_key("members.csv", " "), None);
    }

    #[test]
    fn marks_differ_by_kind_and_by_salt() {
        let marks =
            [Sign::Contact(7), Sign::ListKey(7), Sign::Key(7), Sign::NamedBirth(7), Sign::First(7), Sign::Last(7)];
        let mut all: Vec<u64> = marks.iter().map(|sign| sign.mark()).collect();
        all.extend([Salt([1; 16]), Salt([2; 16])].map(|salt| salt.salted(all[0])));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 8);
    }
}
