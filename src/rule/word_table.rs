//! A read-only table of short words, looked up without case and without allocating.

/// Words with a value each; on the hot path of every address, hence not a general map. All words lie in one text, so that
/// tens of thousands of them are read in a millisecond or two.
#[derive(Debug, Clone)]
pub(crate) struct WordTable<V> {
    text: String,
    entries: Vec<Entry<V>>,
    /// Open addressing, a power of two, at most half full; `EMPTY`, or an index into `entries` below some bits of the
    /// hash, which tell most other words apart without a look at them.
    slots: Vec<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Entry<V> {
    start: u32,
    length: u32,
    value: V,
}

const EMPTY: u32 = u32::MAX;
const INDEX_BITS: u32 = 21;
const INDEX: u32 = (1 << INDEX_BITS) - 1;

impl<V: Copy> WordTable<V> {
    /// Where a word comes twice, the first one stays.
    pub(crate) fn new<'a>(words: impl IntoIterator<Item = (&'a str, V)>) -> Self {
        let words = words.into_iter();
        let expected = words.size_hint().0;
        let slots = vec![EMPTY; (expected * 2).next_power_of_two().max(16)];
        let mut table = WordTable { text: String::new(), entries: Vec::with_capacity(expected), slots };
        for (word, value) in words {
            table.insert(word, value);
        }
        table
    }

    /// The value of a word; letters of ASCII are compared without case.
    pub(crate) fn find(&self, word: &str) -> Option<V> {
        self.find_hashed(fold_hash(word.as_bytes()), word)
    }

    fn find_hashed(&self, hash: u64, word: &str) -> Option<V> {
        let mut slot = self.home(hash);
        loop {
            let content = self.slots[slot];
            if content == EMPTY {
                return None;
            }
            if content & !INDEX == tag(hash) {
                let entry = &self.entries[(content & INDEX) as usize];
                if self.word(entry).eq_ignore_ascii_case(word) {
                    return Some(entry.value);
                }
            }
            slot = (slot + 1) & (self.slots.len() - 1);
        }
    }

    fn insert(&mut self, word: &str, value: V) {
        let hash = fold_hash(word.as_bytes());
        if self.find_hashed(hash, word).is_some() || self.entries.len() as u32 == INDEX {
            return;
        }
        let place = |length: usize| u32::try_from(length).expect("rule files hold far less than 4 GiB");
        let index = self.entries.len() as u32;
        self.entries.push(Entry { start: place(self.text.len()), length: place(word.len()), value });
        self.text.push_str(word);
        if self.entries.len() * 2 > self.slots.len() {
            self.slots = vec![EMPTY; self.slots.len() * 4];
            for entry in 0..=index {
                self.place(entry, fold_hash(self.word(&self.entries[entry as usize]).as_bytes()));
            }
        } else {
            self.place(index, hash);
        }
    }

    fn place(&mut self, index: u32, hash: u64) {
        let mut slot = self.home(hash);
        while self.slots[slot] != EMPTY {
            slot = (slot + 1) & (self.slots.len() - 1);
        }
        self.slots[slot] = index | tag(hash);
    }

    fn word(&self, entry: &Entry<V>) -> &str {
        &self.text[entry.start as usize..(entry.start + entry.length) as usize]
    }

    fn home(&self, hash: u64) -> usize {
        hash as usize & (self.slots.len() - 1)
    }
}

/// The upper bits of the hash, where no index stands.
fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32 & !INDEX
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
        let words: Vec<String> = (0..5000).map(|number| format!("word-{number}.co.il")).collect();
        let table = WordTable::new(words.iter().map(String::as_str).zip(0..));
        for (number, word) in words.iter().enumerate() {
            assert_eq!(table.find(&word.to_uppercase()), Some(number));
        }
        assert_eq!(table.find("word-5000.co.il"), None);
        assert_eq!(table.find(""), None);
    }

    #[test]
    fn of_a_word_that_comes_twice_the_first_value_stays() {
        let table = WordTable::new([("a.il", 1), ("A.il", 2)]);
        assert_eq!(table.find("a.IL"), Some(1));
    }
}
