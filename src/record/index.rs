//! Places of rows, customers and contacts in a run; each sort has a type of its own, so that none is taken for another.

use std::num::NonZeroU32;

/// A place counted from 0, in four bytes, of which an `Option` needs no more.
macro_rules! index {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(NonZeroU32);

        impl $name {
            /// The first one.
            pub const FIRST: $name = $name(NonZeroU32::MIN);

            /// The one at a place counted from 0.
            pub const fn new(place: usize) -> Self {
                $name(NonZeroU32::MIN.saturating_add(place as u32))
            }

            /// Its place, counted from 0.
            #[inline]
            pub const fn get(self) -> usize {
                self.0.get() as usize - 1
            }

            /// So many first ones.
            pub fn first(count: usize) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
                (0..count).map(Self::new)
            }
        }
    };
}

index! {
    /// A row of a run: its place among the rows of all lists, in the order in which the lists were given.
    RowIndex
}

index! {
    /// A customer of a run: its place among the customers, in the order of the rows that stand for them.
    CustomerIndex
}

index! {
    /// A cluster of rows of one table of people: its place among the clusters, in the order of their first rows.
    ClusterIndex
}

index! {
    /// An address or a number of a run: its place among the contacts of all rows.
    ContactIndex
}

/// A row of a table of people: its place in the table's order, which is another one than that of the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TableRow(pub u32);

impl TableRow {
    /// The one at a place counted from 0.
    pub const fn new(place: usize) -> Self {
        TableRow(place as u32)
    }

    /// Its place, counted from 0.
    #[inline]
    pub const fn get(self) -> usize {
        self.0 as usize
    }

    /// So many first ones.
    pub fn first(count: usize) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
        (0..count).map(Self::new)
    }
}

impl RowIndex {
    /// The row that a table of all rows calls by this number.
    pub const fn of(number: crate::finding::RowNumber) -> Self {
        RowIndex::new(number.number() as usize - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_costs_four_bytes_even_where_there_may_be_none() {
        assert_eq!(size_of::<Option<ContactIndex>>(), 4);
        assert_eq!(RowIndex::first(3).map(RowIndex::get).collect::<Vec<_>>(), [0, 1, 2]);
        assert!(RowIndex::FIRST < RowIndex::new(1));
        assert_eq!(RowIndex::of(crate::finding::RowNumber::from_index(7)), RowIndex::new(7));
    }
}
