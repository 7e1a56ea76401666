//! `Lookup`: short words to small values, quicker than a general map and blind to the case of ASCII letters.

/// A fixed table of words, built once and asked for every cell. Words that differ only in the case of ASCII letters are
/// one word.
#[derive(Debug, Clone)]
pub struct Lookup<V> {
    text: String,
    slots: Vec<Option<Slot<V>>>,
    len: usize,
    longest: usize,
}

#[derive(Debug, Clone, Copy)]
struct Slot<V> {
    tag: u32,
    start: u32,
    end: u32,
    value: V,
}

impl<V: Copy> Default for Lookup<V> {
    fn default() -> Self {
        Lookup { text: String::new(), slots: vec![None; 16], len: 0, longest: 0 }
    }
}

impl<V: Copy> Lookup<V> {
    /// With room for `words` words.
    pub fn with_capacity(words: usize) -> Self {
        let slots = (words * 2).next_power_of_two().max(16);
        Lookup { text: String::with_capacity(words * 8), slots: vec![None; slots], len: 0, longest: 0 }
    }

    /// The value of a word.
    pub fn find(&self, word: &str) -> Option<V> {
        if word.len() > self.longest {
            return None;
        }
        self.slots[self.place(word)].map(|slot| slot.value)
    }

    /// Whether the word is here.
    pub fn has(&self, word: &str) -> bool {
        self.find(word).is_some()
    }

    /// The word's value for changing; `fresh` is put in where the word is new.
    pub fn entry(&mut self, word: &str, fresh: V) -> &mut V {
        // At most half full, so that a search ends soon.
        if (self.len + 1) * 2 > self.slots.len() {
            self.grow();
        }
        let place = self.place(word);
        if self.slots[place].is_none() {
            let start = self.text.len() as u32;
            self.text.push_str(word);
            self.len += 1;
            self.longest = self.longest.max(word.len());
            let end = self.text.len() as u32;
            self.slots[place] = Some(Slot { tag: tag(hash(word)), start, end, value: fresh });
        }
        &mut self.slots[place].as_mut().expect("filled above").value
    }

    /// Number of words.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is no word.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The slot that holds the word, or the free one where it belongs.
    fn place(&self, word: &str) -> usize {
        let hash = hash(word);
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        while let Some(slot) = &self.slots[place] {
            let held = &self.text[slot.start as usize..slot.end as usize];
            if slot.tag == tag(hash) && (held == word || held.eq_ignore_ascii_case(word)) {
                break;
            }
            place = (place + 1) & mask;
        }
        place
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![None; old.len() * 2];
        let mask = self.slots.len() - 1;
        for slot in old.into_iter().flatten() {
            let word = &self.text[slot.start as usize..slot.end as usize];
            let mut place = hash(word) as usize & mask;
            while self.slots[place].is_some() {
                place = (place + 1) & mask;
            }
            self.slots[place] = Some(slot);
        }
    }
}

impl Lookup<()> {
    /// Of words without values.
    pub fn of_words<'a>(words: impl IntoIterator<Item = &'a str>) -> Self {
        let mut lookup = Lookup::default();
        for word in words {
            lookup.entry(word, ());
        }
        lookup
    }
}

/// Bit 5 is the only one in which an ASCII letter's two cases differ; setting it in every byte makes them hash alike.
const CASE: u64 = 0x2020_2020_2020_2020;

/// A fixed multiplicative hash, eight bytes at a time; the same on every machine.
fn hash(word: &str) -> u64 {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut hash = word.len() as u64;
    let mut chunks = word.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        let eight = u64::from_le_bytes(chunk.try_into().expect("eight bytes a chunk"));
        hash = (hash.rotate_left(23) ^ (eight | CASE)).wrapping_mul(FACTOR);
    }
    let tail = chunks.remainder().iter().fold(0, |tail, &byte| tail << 8 | u64::from(byte));
    hash = (hash.rotate_left(23) ^ (tail | CASE)).wrapping_mul(FACTOR);
    hash ^ hash >> 29
}

fn tag(hash: u64) -> u32 {
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_again_in_any_case_and_no_other() {
        let words: Vec<String> = (0..5000).map(|n| format!("Name{n}-שם")).collect();
        let mut lookup = Lookup::default();
        for (n, word) in words.iter().enumerate() {
            *lookup.entry(word, 0) = n;
        }
        assert_eq!(lookup.len(), 5000);
        for (n, word) in words.iter().enumerate() {
            assert_eq!(lookup.find(word), Some(n));
            assert_eq!(lookup.find(&word.to_ascii_uppercase()), Some(n));
        }
        assert_eq!(lookup.find("Name5000-שם"), None);
        assert_eq!(lookup.find(""), None);
    }

    #[test]
    fn an_empty_table_answers_no() {
        assert!(!Lookup::<()>::default().has("דנה"));
        assert!(Lookup::<()>::default().is_empty());
    }
}
