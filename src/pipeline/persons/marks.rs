//! Signs of all customers as numbers.

use rayon::prelude::*;

use crate::person::SignMaker;
use crate::record::CustomerIndex;

/// Signs of all customers as numbers, but for their contacts, which evidence holds already. Almost nobody has a sign in common
/// with one who refused, and of whom has none, no more is read.
#[derive(Debug, Default)]
pub(super) struct Marks {
    all: Vec<u64>,
    /// Where those of each customer end.
    ends: Vec<u32>,
}

impl Marks {
    /// Makes them, once: `add` those of one of so many customers.
    pub(super) fn of_all(customers: usize, add: impl Fn(CustomerIndex, &mut SignMaker, &mut Vec<u64>) + Sync) -> Self {
        const CHUNK: usize = 4096;
        let of_chunk = |chunk: usize| {
            let (mut marks, mut maker) = (Marks::default(), SignMaker::default());
            for customer in chunk * CHUNK..customers.min((chunk + 1) * CHUNK) {
                add(CustomerIndex::new(customer), &mut maker, &mut marks.all);
                marks.ends.push(marks.all.len() as u32);
            }
            marks
        };
        let chunks: Vec<Marks> = (0..customers.div_ceil(CHUNK)).into_par_iter().map(of_chunk).collect();
        let mut marks = Marks::default();
        for chunk in chunks {
            let before = marks.all.len() as u32;
            marks.ends.extend(chunk.ends.iter().map(|end| before + end));
            marks.all.extend(chunk.all);
        }
        marks
    }

    /// Those of a customer.
    pub(super) fn of(&self, customer: CustomerIndex) -> &[u64] {
        let start = customer.get().checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.all[start..self.ends[customer.get()] as usize]
    }
}
