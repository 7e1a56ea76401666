//! Signs of all customers as numbers.

use rayon::prelude::*;

use super::Finder;
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
    /// Reads them, once.
    pub(super) fn of_all(finder: &Finder) -> Self {
        const CHUNK: usize = 4096;
        let customers = finder.evidence.customers.len();
        let of_chunk = |chunk: usize| {
            let (mut marks, mut maker) = (Marks::default(), SignMaker::default());
            for customer in chunk * CHUNK..customers.min((chunk + 1) * CHUNK) {
                marks.add(finder, CustomerIndex::new(customer), &mut maker);
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

    /// Adds those of the next customer.
    fn add(&mut self, finder: &Finder, customer: CustomerIndex, maker: &mut SignMaker) {
        let rows = finder.evidence.rows(customer);
        let born = rows.iter().find_map(|row| finder.evidence.born(*row));
        for row in rows {
            let (first, last) = finder.name(*row);
            if let Some(born) = born.filter(|_| !(first.is_empty() && last.is_empty())) {
                self.all.push(maker.of_named_birth(first, last, born).mark());
            }
            maker.of_key(finder.families(*row), finder.key(*row), |sign| self.all.push(sign.mark()));
        }
        self.ends.push(self.all.len() as u32);
    }
}
