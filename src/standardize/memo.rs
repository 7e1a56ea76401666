//! Cells that recur in a column, read once: names, places, answers, and the same note again and again.

use std::collections::HashMap;

use rapidhash::fast::RandomState;

use super::CellContext;
use crate::record::CellOut;

/// So many different cells of a column are kept.
const MOST: usize = 4096;
/// Longer cells are not: they seldom recur.
const LONGEST: usize = 256;
/// After so many cells it is looked whether they recur at all.
const TRIED: u32 = 1024;

/// What cells of one column were read as. That a cell reads as it did before is what
/// [`Standardizer`](super::Standardizer) promises, so nobody can tell which was read anew.
#[derive(Debug, Default)]
pub(super) struct Memo {
    places: HashMap<Box<str>, u32, RandomState>,
    read: Vec<CellOut>,
    /// The cell that is looked for, with its context.
    key: String,
    asked: u32,
    found: u32,
    /// Cells of this column do not recur: numbers, addresses, keys.
    is_off: bool,
    /// What is not kept.
    own: CellOut,
}

impl Memo {
    /// What `read` makes of a cell, or made of it before.
    pub(super) fn read(&mut self, cell: &str, context: CellContext<'_>, read: impl FnOnce(&mut CellOut)) -> &CellOut {
        let is_short = cell.len() + context.country.len() <= LONGEST;
        if is_short {
            self.look_back();
        }
        if self.is_off || !is_short {
            return self.anew(read);
        }
        if !context.country.is_empty() {
            self.key.clear();
            self.key.extend([cell, "\0", context.country]);
        }
        let key = if context.country.is_empty() { cell } else { self.key.as_str() };
        if let Some(place) = self.places.get(key) {
            self.found += 1;
            return &self.read[*place as usize];
        }
        if self.read.len() < MOST {
            self.places.insert(key.into(), self.read.len() as u32);
            let mut out = CellOut::default();
            read(&mut out);
            self.read.push(out);
            return &self.read[self.read.len() - 1];
        }
        self.anew(read)
    }

    fn anew(&mut self, read: impl FnOnce(&mut CellOut)) -> &CellOut {
        self.own.clear();
        read(&mut self.own);
        &self.own
    }

    /// Gives up where few of the last cells had been read before.
    fn look_back(&mut self) {
        if self.is_off {
            return;
        }
        if self.asked < TRIED {
            self.asked += 1;
            return;
        }
        self.is_off = self.found < TRIED / 4;
        if self.is_off {
            (self.places, self.read) = Default::default();
        }
        (self.asked, self.found) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(cells: impl Iterator<Item = String>, country: &str) -> (usize, Memo) {
        let (mut memo, mut times) = (Memo::default(), 0);
        for cell in cells {
            let out = memo.read(&cell, CellContext { country }, |out| {
                times += 1;
                out.display.push_str(&cell);
            });
            assert_eq!(out.display, cell);
        }
        (times, memo)
    }

    #[test]
    fn cells_that_recur_are_read_once_in_each_context() {
        assert_eq!(asked((0..9000).map(|place| (place % 7).to_string()), "").0, 7);
        let (times, mut memo) = asked(["a", "b", "a"].into_iter().map(str::to_owned), "");
        let abroad = memo.read("a", CellContext { country: "FR" }, |out| out.display.push_str("other"));
        assert_eq!((times, abroad.display.as_str()), (2, "other"));
    }

    #[test]
    fn a_column_of_keys_is_not_kept_and_no_column_is_kept_whole() {
        let (times, memo) = asked((0..9000).map(|place| place.to_string()), "");
        assert!(times == 9000 && memo.is_off && memo.read.is_empty());
        // Cells that recur while there is room, and no more when there is none.
        let (times, memo) = asked((0..90_000).map(|place| (place / 3).to_string()), "");
        assert!(memo.is_off && memo.read.is_empty() && (80_000..90_000).contains(&times), "read {times} times");
        let (_, memo) = asked((0..90_000).map(|place| if place % 2 == 0 { 0 } else { place }.to_string()), "");
        assert!(!memo.is_off && memo.read.len() == MOST);
        let long = "x".repeat(LONGEST + 1);
        assert_eq!(asked([long.clone(), long].into_iter(), "").0, 2);
    }
}
