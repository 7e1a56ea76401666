//! Finds a byte wherever it stands in a record.

/// Calls `found` with each position of a byte, 64 bytes at a time: cells are short, and a search started anew for
/// each of them costs more than it finds.
pub(super) fn each_position(bytes: &[u8], wanted: u8, mut found: impl FnMut(usize)) {
    let (blocks, rest) = bytes.as_chunks::<64>();
    for (index, block) in blocks.iter().enumerate() {
        each_bit(block.as_chunks::<8>().0, wanted, |bit| found(index * 64 + bit));
    }
    let start = blocks.len() * 64;
    let (chunks, rest) = rest.as_chunks::<8>();
    each_bit(chunks, wanted, |bit| found(start + bit));
    let start = start + chunks.len() * 8;
    rest.iter().enumerate().filter(|(_, byte)| **byte == wanted).for_each(|(index, _)| found(start + index));
}

/// The same for at most eight words of eight bytes: one bit a byte, gathered first, so that the branch that depends on
/// the data comes once in 64 bytes.
fn each_bit(words: &[[u8; 8]], wanted: u8, mut found: impl FnMut(usize)) {
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    let pattern = u64::from_ne_bytes([wanted; 8]);
    let mut bits = 0u64;
    for (index, word) in words.iter().enumerate() {
        let different = u64::from_le_bytes(*word) ^ pattern;
        // The high bit of each byte that is zero, and of no other.
        let hits = !(((different & LOW) + LOW) | different | LOW);
        // The eight high bits, side by side in the top byte.
        let gathered = (hits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits |= gathered << (index * 8);
    }
    while bits != 0 {
        found(bits.trailing_zeros() as usize);
        bits &= bits - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn positions_are_all_of_a_byte_and_no_others(bytes in prop::collection::vec(prop_oneof![Just(b','), any::<u8>()], 0..40)) {
            let mut found = Vec::new();
            each_position(&bytes, b',', |position| found.push(position));
            prop_assert_eq!(found, memchr::memchr_iter(b',', &bytes).collect::<Vec<_>>());
        }
    }
}
