//! Hashes that are the same in every run and on every machine, so that what rests on them may be kept and compared.

use std::collections::HashMap;
use std::hash::BuildHasherDefault;

use rapidhash::v3::rapidhash_v3;

/// For much text, or text that comes in parts; its default is always the same.
pub type FixedHasher = siphasher::sip::SipHasher13;

/// A map whose hash is the same in every run. What walks through it must not let the order be seen all the same.
pub type FixedMap<K, V> = HashMap<K, V, BuildHasherDefault<FixedHasher>>;

/// The hash of a text.
#[inline]
pub fn text_hash(text: &str) -> u64 {
    bytes_hash(text.as_bytes())
}

/// The hash of bytes.
#[inline]
pub fn bytes_hash(bytes: &[u8]) -> u64 {
    rapidhash_v3(bytes)
}

/// Spreads the bits of a number over all of it (the finalizer of MurmurHash3).
pub const fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 33)).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    let value = (value ^ (value >> 33)).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    value ^ (value >> 33)
}

/// Half of the hash of a contact's key, by which it is told from others of its row; never 0.
pub const fn tag_of(key: u64) -> u32 {
    (key >> 32) as u32 | 1
}

#[cfg(test)]
mod tests {
    use std::hash::Hasher;

    use super::*;

    #[test]
    fn hashes_stay_what_they_were() {
        // Run ids, customers' names and what the workspace keeps rest on them.
        assert_eq!(text_hash(""), bytes_hash(b""));
        assert_eq!(mix(1), 0xB456_BCFC_34C2_CB2C);
        let mut hasher = FixedHasher::default();
        hasher.write(b"tiuv");
        let mut keyed = siphasher::sip::SipHasher13::new_with_keys(0, 0);
        keyed.write(b"tiuv");
        assert_eq!(hasher.finish(), keyed.finish());
        assert_eq!((tag_of(0), tag_of(u64::MAX)), (1, u32::MAX));
    }
}
