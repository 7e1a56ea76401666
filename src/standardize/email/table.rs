//! A read-only table of short words, looked up without case and without allocating.

/// Words with a value each; on the hot path of every address, hence not a general map.
#[derive(Debug, Clone)]
pub(super) struct Table<V> {
    entries: Vec<(Box<str>, V)>,
    /// Open addressing, a power of two, at most half full; `EMPTY` or an index into `entries`.
    slots: Vec<u32>,
}

const EMPTY: u32 = u32::MAX;

impl<V: Copy> Table<V> {
    /// Where a word comes twice, the first one stays.
    pub(super) fn new<'a>(words: impl IntoIterator<Item = (&'a str, V)>) -> Self {
        let mut table = Table { entries: Vec::new(), slots: vec![EMPTY; 16] };
        for (word, value) in words {
            if table.find(word).is_none() {
                table.insert(word, value);
            }
        }
        table
    }

    /// The value of a word; letters of ASCII are compared without case.
    pub(super) fn find(&self, word: &str) -> Option<V> {
        let mut slot = self.home(word);
        loop {
            let entry = self.slots[slot];
            if entry == EMPTY {
                return None;
            }
            let (known, value) = &self.entries[entry as usize];
            if known.eq_ignore_ascii_case(word) {
                return Some(*value);
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    fn insert(&mut self, word: &str, value: V) {
        let index = u32::try_from(self.entries.len()).expect("rule files hold far fewer than 2^32 words");
        self.entries.push((word.into(), value));
        if self.entries.len() * 2 > self.slots.len() {
            self.slots = vec![EMPTY; self.slots.len() * 2];
            (0..=index).for_each(|entry| self.place(entry));
        } else {
            self.place(index);
        }
    }

    fn place(&mut self, entry: u32) {
        let mut slot = self.home(&self.entries[entry as usize].0);
        while self.slots[slot] != EMPTY {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot] = entry;
    }

    fn home(&self, word: &str) -> usize {
        fold_hash(word.as_bytes()) as usize & (self.slots.len() - 1)
    }
}

/// The same for upper and lower case of ASCII: eight bytes a step with the case bit set, then multiply and rotate.
fn fold_hash(word: &[u8]) -> u64 {
    const CASE: u64 = 0x2020_2020_2020_2020;
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = word.len() as u64;
    let mut chunks = word.chunks_exact(8);
    for chunk in &mut chunks {
        let bytes: [u8; 8] = chunk.try_into().expect("chunks of eight");
        hash = (hash.rotate_left(23) ^ (u64::from_le_bytes(bytes) | CASE)).wrapping_mul(ODD);
    }
    let mut tail = 0;
    for &byte in chunks.remainder() {
        tail = tail << 8 | u64::from(byte | 0x20);
    }
    hash = (hash.rotate_left(23) ^ tail).wrapping_mul(ODD);
    hash ^ hash >> 32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_in_any_case_and_no_other_is() {
        let words: Vec<String> = (0..500).map(|number| format!("word-{number}.co.il")).collect();
        let table = Table::new(words.iter().map(String::as_str).zip(0..));
        for (number, word) in words.iter().enumerate() {
            assert_eq!(table.find(&word.to_uppercase()), Some(number));
        }
        assert_eq!(table.find("word-500.co.il"), None);
        assert_eq!(table.find(""), None);
    }
}
