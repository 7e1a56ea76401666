//! The words of addresses, ready for look-ups.

use std::collections::{BTreeMap, HashMap};

use crate::record::FixedMap;
use crate::rule::AddressRules;
use crate::text::PlaceKey;

/// What a word means in an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    /// "Street" in front of its name.
    StreetFirst,
    /// "Street" behind its name.
    StreetLast,
    /// Short for a word of the name.
    Short,
    House,
    Flat,
    Entrance,
    Floor,
    PoBox,
    Postcode,
}

/// Every known word by its folded form.
#[derive(Debug)]
pub(super) struct Words {
    known: FixedMap<Box<[u8]>, Meaning>,
    full: BTreeMap<Box<[u8]>, String>,
    /// By first byte, one bit for each length of a known word: most words of names need no look-up.
    shapes: [u64; 256],
}

impl Words {
    /// A word of two meanings keeps the first, in the order of [`Meaning`].
    pub(super) fn new(rules: &AddressRules) -> Self {
        let short: Vec<String> = rules.short.keys().cloned().collect();
        let lists = [
            (Meaning::StreetFirst, &rules.street_first),
            (Meaning::StreetLast, &rules.street_last),
            (Meaning::Short, &short),
            (Meaning::House, &rules.house),
            (Meaning::Flat, &rules.flat),
            (Meaning::Entrance, &rules.entrance),
            (Meaning::Floor, &rules.floor),
            (Meaning::PoBox, &rules.po_box),
            (Meaning::Postcode, &rules.postcode_words),
        ];
        let mut words = Words { known: HashMap::default(), full: BTreeMap::new(), shapes: [0; 256] };
        for (meaning, list) in lists {
            for word in list {
                let key = PlaceKey::plain(word);
                if let Some(&first) = key.as_bytes().first() {
                    words.shapes[usize::from(first)] |= 1 << (key.as_bytes().len() % 64);
                }
                words.known.entry(key.as_bytes().into()).or_insert(meaning);
            }
        }
        for (word, full) in &rules.short {
            words.full.insert(PlaceKey::plain(word).as_bytes().into(), full.clone());
        }
        words
    }

    pub(super) fn meaning(&self, word: &str) -> Option<Meaning> {
        // No listed word is longer; names often are.
        if word.len() > 24 {
            return None;
        }
        let key = PlaceKey::plain(word);
        let key = key.as_bytes();
        let shapes = self.shapes[usize::from(*key.first()?)];
        if shapes & 1 << (key.len() % 64) == 0 { None } else { self.known.get(key).copied() }
    }

    pub(super) fn is(&self, word: &str, meaning: Meaning) -> bool {
        self.meaning(word) == Some(meaning)
    }

    /// What a short form stands for.
    pub(super) fn full(&self, word: &str) -> Option<&str> {
        self.full.get(PlaceKey::plain(word).as_bytes()).map(String::as_str)
    }
}
