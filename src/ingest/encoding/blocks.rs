//! Goes through a text without having all of it in memory.

use std::io;
use std::ops::ControlFlow;

use crate::ingest::text::Text;

pub(super) const BLOCK_BYTES: usize = 1 << 20;

/// Gives a text block by block; the bytes that `unfinished` counts at a block's end come with the next one.
pub(super) fn each_block(
    text: &Text,
    start: u64,
    unfinished: impl Fn(&[u8]) -> usize,
    mut look: impl FnMut(&[u8]) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut block = vec![0; BLOCK_BYTES];
    let (mut offset, mut carried) = (start, 0);
    loop {
        let filled = text.read_at(offset, &mut block[carried..])?;
        offset += filled as u64;
        let end = carried + filled;
        let last = end < block.len();
        carried = if last { 0 } else { unfinished(&block[..end]) };
        if look(&block[..end - carried]).is_break() || last {
            return Ok(());
        }
        block.copy_within(end - carried..end, 0);
    }
}
