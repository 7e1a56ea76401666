//! By what customers of a run are found: a hash in place of each name, number and address, sorted, and kept in blocks.
//!
//! A block holds all places of its hashes: one look-up reads one block, however many customers are called כהן.

use rayon::prelude::*;

use super::Fault;
use crate::record::{ContactKind, CustomerId, CustomerProfile, bytes_hash, mix};
use crate::text::plain_key;

/// By what a customer can be found.
#[derive(Debug, Clone, Copy)]
pub(super) enum FoundBy<'a> {
    Id(CustomerId),
    Household(CustomerId),
    Contact(ContactKind, &'a str),
    Name(&'a str),
    /// A row's own key, as programs agree to write it.
    Key(&'a str),
}

/// A hash and the place of a customer who is found by it.
pub(super) type Entry = (u64, u32);

/// Entries a block, and then those of its last hash.
const ENTRIES: usize = 256;

/// Bits that are left out of a hash. Those that stay tell the names, numbers and keys of millions apart, and half of the file is
/// hashes.
const UNUSED: u32 = 16;

impl FoundBy<'_> {
    /// Its hash in the file. Most households are one customer, who is found by one hash as both.
    pub(super) fn hash(self) -> u64 {
        let (kind, value) = match self {
            FoundBy::Id(id) | FoundBy::Household(id) => (1, id.0),
            FoundBy::Contact(ContactKind::Email, key) => (2, bytes_hash(key.as_bytes())),
            FoundBy::Contact(ContactKind::Phone, key) => (3, bytes_hash(key.as_bytes())),
            FoundBy::Name(word) => (4, bytes_hash(word.as_bytes())),
            FoundBy::Key(key) => (5, bytes_hash(key.as_bytes())),
        };
        mix(value ^ mix(kind)) >> UNUSED
    }
}

/// Adds all by which a customer is found; `names` are the folded words of its names.
pub(super) fn found_by(profile: &CustomerProfile, names: &[String], place: u32, entries: &mut Vec<Entry>) {
    let mut add = |by: FoundBy<'_>| entries.push((by.hash(), place));
    add(FoundBy::Id(profile.id));
    if profile.household != profile.id {
        add(FoundBy::Household(profile.household));
    }
    for contact in &profile.contacts {
        add(FoundBy::Contact(contact.kind, &contact.key));
    }
    for key in &profile.keys {
        add(FoundBy::Key(&plain_key(&key.key)));
    }
    for word in names {
        add(FoundBy::Name(word));
    }
}

/// The index of sorted entries: the first hash of each block and what it holds, in order.
pub(super) fn blocks(entries: &[Entry]) -> Result<Vec<(u64, Vec<u8>)>, postcard::Error> {
    let mut cuts: Vec<&[Entry]> = Vec::with_capacity(entries.len() / ENTRIES + 1);
    let mut rest = entries;
    while let Some(last) = rest.get(ENTRIES - 1).or(rest.last()) {
        let end = rest.partition_point(|(hash, _)| *hash <= last.0);
        let (block, behind) = rest.split_at(end);
        cuts.push(block);
        rest = behind;
    }
    cuts.into_par_iter().map(|block| Ok((block[0].0, encode(block)?))).collect()
}

/// A block: each hash as its distance from the one before it, each place of the same hash likewise.
fn encode(entries: &[Entry]) -> Result<Vec<u8>, postcard::Error> {
    let mut last = entries[0];
    last.1 = 0;
    let step = |entry: &Entry| {
        let hash = entry.0 - last.0;
        let place = if hash == 0 { entry.1 - last.1 } else { entry.1 };
        last = *entry;
        (hash, place)
    };
    let steps: Vec<Entry> = entries.iter().map(step).collect();
    postcard::to_stdvec(&steps)
}

/// The places of a hash in the block that begins with the hash `first`, in order.
pub(super) fn places(block: &[u8], first: u64, hash: u64) -> Result<Vec<u32>, Fault> {
    let steps: Vec<Entry> = postcard::from_bytes(block)?;
    let mut last = (first, 0_u32);
    let mut places = Vec::new();
    for (distance, place) in steps {
        let too_far = || Fault::damaged("its index goes too far");
        let before = if distance == 0 { last.1 } else { 0 };
        last = (last.0.checked_add(distance).ok_or_else(too_far)?, before.checked_add(place).ok_or_else(too_far)?);
        if last.0 > hash {
            break;
        }
        if last.0 == hash {
            places.push(last.1);
        }
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sorted(mut entries: Vec<Entry>) -> Vec<Entry> {
        entries.sort_unstable();
        entries.dedup();
        entries
    }

    fn looked_up(blocks: &[(u64, Vec<u8>)], hash: u64) -> Vec<u32> {
        let Some((first, block)) = blocks.iter().rfind(|(first, _)| *first <= hash) else { return Vec::new() };
        places(block, *first, hash).expect("is whole")
    }

    proptest! {
        #[test]
        fn every_entry_is_found_again_and_nothing_else(
            entries in prop::collection::vec((prop_oneof![0..50_u64, 0..=u64::MAX >> UNUSED], any::<u32>()), 0..3000),
            other: u64,
        ) {
            let entries = sorted(entries);
            let blocks = blocks(&entries).expect("written");
            prop_assert!(blocks.is_sorted_by(|one, next| one.0 < next.0));
            for hash in entries.iter().map(|entry| entry.0).chain([other >> UNUSED]) {
                let of: Vec<u32> = entries.iter().filter(|entry| entry.0 == hash).map(|entry| entry.1).collect();
                prop_assert_eq!(looked_up(&blocks, hash), of);
            }
        }

        #[test]
        fn damaged_blocks_end_in_an_error_or_in_other_places(bytes: Vec<u8>, first: u64, hash: u64) {
            if let Ok(places) = places(&bytes, first, hash) {
                prop_assert!(places.len() <= bytes.len());
            }
        }
    }

    #[test]
    fn a_hash_of_many_customers_stands_in_one_block() {
        let many = (0..3000).map(|place| (500, place * 7));
        let entries = sorted((0..1000).map(|hash| (hash, 1)).chain(many).collect());
        let blocks = blocks(&entries).expect("written");
        assert_eq!(looked_up(&blocks, 500).len(), 3001);
        assert!(blocks.len() > 2, "{}", blocks.len());
        assert_eq!(looked_up(&blocks, 501), [1]);
        assert!(looked_up(&blocks, 5000).is_empty());
    }

    #[test]
    fn what_a_customer_is_found_by_is_told_apart() {
        let id = CustomerId(7);
        let hashes = [
            FoundBy::Id(id),
            FoundBy::Contact(ContactKind::Email, "7"),
            FoundBy::Contact(ContactKind::Phone, "7"),
            FoundBy::Name("7"),
            FoundBy::Key("7"),
        ]
        .map(FoundBy::hash);
        assert_eq!(hashes.iter().collect::<std::collections::HashSet<_>>().len(), hashes.len());
        assert_eq!(FoundBy::Id(id).hash(), FoundBy::Household(id).hash());
        assert!(hashes.iter().all(|hash| i64::try_from(*hash).is_ok()), "SQLite orders them as they are");
    }
}
