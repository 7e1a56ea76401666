//! The lists of a run after all stages, and the rows of all of them as one.

use std::fmt::Write;

use super::{CheckedBatch, Field, ListRole, Mapping, Quarantined, RowIndex, RowsBeside, Span};
use crate::finding::RowNumber;

/// A block of rows after all stages, and where its raw rows stand in the source.
#[derive(Debug)]
pub struct CheckedBlock {
    /// The rows.
    pub checked: CheckedBatch,
    /// Where the block's raw text starts in the list's text.
    pub offset: u64,
    /// Each row's raw record within it.
    pub records: Vec<Span>,
    /// Rows (counted in this block, ascending) whose raw record can't be copied as it stands: they are short, or a
    /// cell would run as a formula.
    pub rewritten: Vec<u32>,
}

impl CheckedBlock {
    /// Number of rows.
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Length of the stretch of text that holds all raw records.
    pub fn text_length(&self) -> usize {
        self.records.last().map_or(0, |record| record.end as usize)
    }
}

/// One list after all stages.
#[derive(Debug)]
pub struct CheckedList {
    /// As the user named it.
    pub name: String,
    /// The name of its file, without the directories that it lies in.
    pub file: String,
    /// What it is called as a list of which there may be many exports: as somebody said, else as its file.
    pub identity: String,
    /// What its columns mean.
    pub mapping: Mapping,
    /// What its people are, where somebody said so.
    pub role: Option<ListRole>,
    /// Its rows, in input order.
    pub blocks: Vec<CheckedBlock>,
    /// Its records that could not be read, in input order.
    pub quarantined: Vec<Quarantined>,
    /// Titles above its header.
    pub titles: Vec<String>,
    /// The sheet that it is; none where it is of no workbook.
    pub sheet: Option<String>,
    /// Sheets of the workbook that were not read.
    pub other_sheets: Vec<OtherSheet>,
}

/// A sheet of a workbook that was not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherSheet {
    /// Its name.
    pub name: String,
    /// Titles above its header.
    pub titles: Vec<String>,
}

impl CheckedList {
    /// Number of rows.
    pub fn rows(&self) -> u64 {
        self.blocks.iter().map(|block| block.len() as u64).sum()
    }

    /// The block that a record stands in, and its place there; none where it was quarantined or is not there.
    pub fn find(&self, number: RowNumber) -> Option<(usize, usize)> {
        let numbers = |block: &CheckedBlock| block.checked.standard().numbers().last().copied();
        let block = self.blocks.partition_point(|block| numbers(block).is_some_and(|last| last < number));
        let found = self.blocks.get(block)?.checked.standard().numbers().binary_search(&number).ok()?;
        Some((block, found))
    }
}

/// Where a row stands among the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowPlace {
    /// The list.
    pub list: usize,
    /// The block of the list.
    pub block: usize,
    /// The row of the block.
    pub row: usize,
}

/// All rows of all lists, in the order given.
#[derive(Debug, Default)]
pub struct Rows {
    lists: Vec<CheckedList>,
    /// Each block's first row, with its list and its place there.
    blocks: Vec<(u32, u32, u32)>,
    count: usize,
    beside: RowsBeside,
}

impl Rows {
    /// The rows of these lists.
    pub fn new(lists: Vec<CheckedList>) -> Self {
        let (mut blocks, mut count) = (Vec::new(), 0);
        for (list, own) in lists.iter().enumerate() {
            for (place, block) in own.blocks.iter().enumerate() {
                blocks.push((count as u32, list as u32, place as u32));
                count += block.len();
            }
        }
        Rows { lists, blocks, count, beside: RowsBeside::default() }
    }

    /// Puts rows beside them that no list has.
    pub fn put_beside(&mut self, beside: RowsBeside) {
        self.beside = beside;
    }

    /// What their customers said since, and their rows in other lists.
    pub fn beside(&self) -> &RowsBeside {
        &self.beside
    }

    /// The lists.
    pub fn lists(&self) -> &[CheckedList] {
        &self.lists
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Where a row stands.
    pub fn place(&self, row: RowIndex) -> RowPlace {
        let row = row.get() as u32;
        // Blocks without rows begin where the next one does: the last of them has the row.
        let found = self.blocks.partition_point(|(first, _, _)| *first <= row) - 1;
        let (first, list, block) = self.blocks[found];
        RowPlace { list: list as usize, block: block as usize, row: (row - first) as usize }
    }

    /// The first row of a block.
    pub fn first_of(&self, list: usize, block: usize) -> RowIndex {
        let wanted = (list as u32, block as u32);
        let found = self.blocks.binary_search_by_key(&wanted, |(_, list, block)| (*list, *block));
        found.map_or(RowIndex::FIRST, |found| RowIndex::new(self.blocks[found].0 as usize))
    }

    /// The row of a record; none where it was quarantined or is not there.
    pub fn row_of(&self, list: usize, number: RowNumber) -> Option<RowIndex> {
        let (block, found) = self.lists.get(list)?.find(number)?;
        Some(RowIndex::new(self.first_of(list, block).get() + found))
    }

    /// The block that stands at a place.
    pub fn block(&self, place: RowPlace) -> &CheckedBlock {
        &self.lists[place.list].blocks[place.block]
    }

    /// The batch that a row stands in, and its place there.
    pub fn batch(&self, row: RowIndex) -> (&CheckedBatch, usize) {
        let place = self.place(row);
        (&self.block(place).checked, place.row)
    }

    /// The record number of a row in its list.
    pub fn number(&self, row: RowIndex) -> RowNumber {
        let (batch, row) = self.batch(row);
        batch.standard().number(row)
    }

    /// Each row's list and number, in order.
    pub fn numbers(&self) -> impl Iterator<Item = (u32, RowNumber)> {
        self.lists.iter().zip(0..).flat_map(|(list, index)| {
            let numbers = list.blocks.iter().flat_map(|block| block.checked.standard().numbers());
            numbers.map(move |number| (index, *number))
        })
    }

    /// The list's own key of a row, in normal form.
    pub fn key(&self, row: RowIndex) -> &str {
        let (batch, row) = self.batch(row);
        batch.standard().cell(row, Field::Id)
    }

    /// How a row is named in outputs: by its number, behind the name of its list where there are several.
    pub fn name(&self, row: RowIndex) -> String {
        let mut name = String::new();
        self.push_name(row, &mut name);
        name
    }

    /// Writes what [`Rows::name`] says.
    pub fn push_name(&self, row: RowIndex, text: &mut String) {
        if self.lists.len() > 1 {
            text.push_str(&self.lists[self.place(row).list].name);
            text.push(':');
        }
        // Writing into a string can't fail.
        let _ = write!(text, "{}", self.number(row));
    }
}
