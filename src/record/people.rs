//! `PeopleTable`: the comparable values of all rows, each distinct value kept once a field.

use rayon::prelude::*;

use super::{Field, TableRow, mix, text_hash};
use crate::finding::RowNumber;

/// The fields that people are compared by, in the order of level vectors; `full_name` is a name kept whole.
pub const COMPARED: [Field; 16] = [
    Field::FullName,
    Field::FirstName,
    Field::MiddleName,
    Field::FatherName,
    Field::LastName,
    Field::BirthDate,
    Field::Email,
    Field::Phone,
    Field::NationalId,
    Field::Street,
    Field::HouseNumber,
    Field::Postcode,
    Field::City,
    Field::Occupation,
    Field::Gender,
    Field::Company,
];

/// Number of a distinct value within its field; 0 is "nothing known".
pub type ValueId = u32;

/// Values whose places in memory are fetched at one time.
const FETCHED: usize = 32;

/// Most values of one field that a row keeps (phones, e-mails).
pub const VALUES_A_ROW: usize = 3;

/// The distinct values of one field. Id 0 is the empty value.
#[derive(Debug, Clone)]
pub struct ValueDictionary {
    text: String,
    ends: Vec<u32>,
    hashes: Vec<u64>,
    /// Open addressing: half of a hash, which says where the search begins, and behind it the id; 0 is free.
    slots: Vec<u64>,
}

impl Default for ValueDictionary {
    fn default() -> Self {
        ValueDictionary { text: String::new(), ends: vec![0], hashes: vec![0], slots: vec![0; 16] }
    }
}

impl ValueDictionary {
    /// The id of a value, which is put in where it is new.
    pub fn intern(&mut self, value: &str) -> ValueId {
        self.intern_hashed(value, text_hash(value))
    }

    fn intern_hashed(&mut self, value: &str, hash: u64) -> ValueId {
        if value.is_empty() {
            return 0;
        }
        if self.ends.len() * 2 > self.slots.len() {
            self.grow();
        }
        let mask = self.slots.len() - 1;
        let tag = hash >> 32;
        let mut place = tag as usize & mask;
        loop {
            let slot = self.slots[place];
            if slot == 0 {
                break;
            }
            let id = slot as ValueId;
            if slot >> 32 == tag && self.hashes[id as usize] == hash && self.bytes(id) == value.as_bytes() {
                return id;
            }
            place = (place + 1) & mask;
        }
        let id = self.ends.len() as ValueId;
        self.slots[place] = (tag << 32) | u64::from(id);
        self.text.push_str(value);
        self.ends.push(u32::try_from(self.text.len()).expect("distinct values of a field stay below 4 GiB"));
        self.hashes.push(hash);
        id
    }

    /// Looks at where values with these hashes will be looked for: the waits for memory pass side by side.
    fn fetch(&self, hashes: &[u64]) {
        let mask = self.slots.len() - 1;
        let slots = hashes.iter().map(|hash| self.slots[(hash >> 32) as usize & mask]);
        std::hint::black_box(slots.fold(0, |all, slot| all ^ slot));
    }

    fn grow(&mut self) {
        let mut slots = vec![0; self.slots.len() * 2];
        let mask = slots.len() - 1;
        for slot in self.slots.iter().filter(|slot| **slot != 0) {
            let mut place = (slot >> 32) as usize & mask;
            while slots[place] != 0 {
                place = (place + 1) & mask;
            }
            slots[place] = *slot;
        }
        self.slots = slots;
    }

    /// The text of a value.
    #[inline]
    pub fn value(&self, id: ValueId) -> &str {
        &self.text[self.span(id)]
    }

    /// The bytes of a value.
    #[inline]
    pub fn bytes(&self, id: ValueId) -> &[u8] {
        &self.text.as_bytes()[self.span(id)]
    }

    /// All values, one behind the other.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a value stands in that text.
    #[inline]
    pub fn span(&self, id: ValueId) -> std::ops::Range<usize> {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] as usize };
        start..self.ends[id] as usize
    }

    /// A fixed hash of the value; 0 for the empty one.
    #[inline]
    pub fn hash(&self, id: ValueId) -> u64 {
        self.hashes[id as usize]
    }

    /// Number of ids, the empty value included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether only the empty value is here.
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }
}

/// One field of all rows: up to [`VALUES_A_ROW`] values a row, the first ones first.
#[derive(Debug, Clone)]
pub struct ValueColumn {
    /// What it is.
    pub field: Field,
    /// Its distinct values.
    pub values: ValueDictionary,
    /// For each place of a row the rows' ids; mostly one place.
    pub places: Vec<Vec<ValueId>>,
}

impl ValueColumn {
    /// A row's first value.
    pub fn first(&self, row: TableRow) -> ValueId {
        self.places[0][row.get()]
    }

    /// A row's values, without missing ones.
    pub fn of_row(&self, row: TableRow) -> impl Iterator<Item = ValueId> + '_ {
        self.places.iter().map(move |place| place[row.get()]).filter(|id| *id != 0)
    }

    /// In how many rows each value stands.
    pub fn counts(&self) -> Vec<u32> {
        self.counts_where(|_| true)
    }

    /// In how many rows of a kind each value stands.
    pub fn counts_where(&self, is_counted: impl Fn(TableRow) -> bool) -> Vec<u32> {
        let mut counts = vec![0u32; self.values.len()];
        for place in &self.places {
            (0..)
                .zip(place)
                .filter(|(row, _)| is_counted(TableRow(*row)))
                .for_each(|(_, id)| counts[*id as usize] += 1);
        }
        counts[0] = 0;
        counts
    }
}

/// The comparable values of all rows of a list.
#[derive(Debug, Clone, Default)]
pub struct PeopleTable {
    columns: Vec<ValueColumn>,
    numbers: Vec<RowNumber>,
    /// For each row a hash of the list's own key, which orders rows that are otherwise equal.
    keys: Vec<u64>,
}

/// The comparable values of one batch.
#[derive(Debug, Clone, Default)]
pub struct PeopleBatch {
    /// The rows.
    pub numbers: Vec<RowNumber>,
    /// A hash of each row's own key.
    pub keys: Vec<u64>,
    /// For each field present the values, by place.
    pub columns: Vec<(Field, Vec<BatchValues>)>,
}

/// One place of one field of a batch: its distinct values, and each row's number among them (0 = none).
#[derive(Debug, Clone, Default)]
pub struct BatchValues {
    values: ValueDictionary,
    ids: Vec<ValueId>,
}

impl BatchValues {
    /// Adds the next row's value, already in the form that is compared; an empty one is missing.
    pub fn push(&mut self, text: &str) {
        let id = self.values.intern(text);
        self.ids.push(id);
    }
}

impl PeopleTable {
    /// Adds a batch; batches come in any order that is the same in every run.
    pub fn append(&mut self, batch: PeopleBatch) {
        let before = self.numbers.len();
        let rows = batch.numbers.len();
        for (field, _) in &batch.columns {
            if !self.columns.iter().any(|column| column.field == *field) {
                let values = ValueDictionary::default();
                self.columns.push(ValueColumn { field: *field, values, places: vec![vec![0; before]] });
            }
        }
        self.columns.par_iter_mut().for_each(|column| {
            let batch = batch.columns.iter().find(|(field, _)| *field == column.field).map(|(_, places)| places);
            let places = batch.map_or(&[][..], Vec::as_slice);
            while column.places.len() < places.len() {
                column.places.push(vec![0; before]);
            }
            for (index, place) in column.places.iter_mut().enumerate() {
                let Some(own) = places.get(index) else {
                    place.resize(before + rows, 0);
                    continue;
                };
                let mut ids = Vec::with_capacity(own.values.len());
                for hashes in own.values.hashes.chunks(FETCHED) {
                    column.values.fetch(hashes);
                    let first = ids.len() as ValueId;
                    let next = (first..).zip(hashes);
                    ids.extend(next.map(|(id, hash)| column.values.intern_hashed(own.values.value(id), *hash)));
                }
                place.extend(own.ids.iter().map(|id| ids[*id as usize]));
            }
        });
        self.numbers.extend(batch.numbers);
        self.keys.extend(batch.keys);
    }

    /// Puts rows into an order that depends on what they hold, not on where they stood, and drops columns and places
    /// that hold nothing.
    pub fn canonical(mut self) -> Self {
        self.columns.retain(|column| !column.values.is_empty());
        let position = |field: Field| COMPARED.iter().position(|known| *known == field).unwrap_or(COMPARED.len());
        self.columns.sort_by_key(|column| position(column.field));
        for column in &mut self.columns {
            column.places.retain(|place| place.iter().any(|id| *id != 0));
        }
        let mut order: Vec<(u64, u64, TableRow)> = (0..self.numbers.len())
            .into_par_iter()
            .map(|row| (self.content_hash(TableRow::new(row)), self.keys[row], TableRow::new(row)))
            .collect();
        order.par_sort_unstable();
        self.columns.par_iter_mut().for_each(|column| {
            for place in &mut column.places {
                *place = order.iter().map(|(_, _, row)| place[row.get()]).collect();
            }
        });
        self.numbers = order.iter().map(|(_, _, row)| self.numbers[row.get()]).collect();
        self.keys = order.iter().map(|(_, key, _)| *key).collect();
        self
    }

    /// A fixed hash of all that a row holds.
    pub fn content_hash(&self, row: TableRow) -> u64 {
        let mut hash = 0x9E37_79B9_7F4A_7C15;
        for (index, column) in self.columns.iter().enumerate() {
            for id in column.of_row(row) {
                hash = mix(hash ^ mix(column.values.hash(id) ^ index as u64));
            }
        }
        hash
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The record number of a row.
    pub fn number(&self, row: TableRow) -> RowNumber {
        self.numbers[row.get()]
    }

    /// The row of a record; none where the table has none of it.
    pub fn row_of(&self, number: RowNumber) -> Option<TableRow> {
        self.numbers.iter().position(|own| *own == number).map(TableRow::new)
    }

    /// For each row a hash of the list's own key.
    pub fn keys(&self) -> &[u64] {
        &self.keys
    }

    /// All rows, in their order.
    pub fn rows(&self) -> impl DoubleEndedIterator<Item = TableRow> + ExactSizeIterator {
        TableRow::first(self.len())
    }

    /// The fields present.
    pub fn columns(&self) -> &[ValueColumn] {
        &self.columns
    }

    /// The column of a field, where the list has it.
    pub fn column(&self, field: Field) -> Option<&ValueColumn> {
        self.columns.iter().find(|column| column.field == field)
    }

    /// Makes everything missing in rows for which `is_out` says so.
    pub fn empty(&mut self, is_out: impl Fn(TableRow) -> bool + Sync) {
        self.columns.par_iter_mut().flat_map(|column| &mut column.places).for_each(|place| {
            (0..).zip(place).filter(|(row, _)| is_out(TableRow(*row))).for_each(|(_, id)| *id = 0);
        });
    }

    /// Makes values missing in every row for which `drop` says so, and tells how many different ones.
    pub fn forget(&mut self, field: Field, drop: impl Fn(ValueId) -> bool + Sync) -> u64 {
        let Some(column) = self.columns.iter_mut().find(|column| column.field == field) else { return 0 };
        let dropped: Vec<bool> = (0..column.values.len() as ValueId).map(|id| id != 0 && drop(id)).collect();
        for place in &mut column.places {
            place.par_iter_mut().for_each(|id| *id = if dropped[*id as usize] { 0 } else { *id });
        }
        dropped.iter().filter(|dropped| **dropped).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(rows: &[(&str, &str)], first: u32) -> PeopleBatch {
        let mut columns = [BatchValues::default(), BatchValues::default()];
        for (name, mail) in rows {
            columns[0].push(name);
            columns[1].push(mail);
        }
        let [names, mails] = columns;
        PeopleBatch {
            numbers: (0..rows.len() as u32).map(|row| RowNumber::from_index(first + row)).collect(),
            keys: (0..rows.len() as u64).map(|row| u64::from(first) + row).collect(),
            columns: vec![(Field::FirstName, vec![names]), (Field::Email, vec![mails])],
        }
    }

    #[test]
    fn equal_values_of_different_batches_have_one_id() {
        let mut table = PeopleTable::default();
        table.append(batch(&[("dana", "d@x.co"), ("", "")], 0));
        table.append(batch(&[("dana", ""), ("tal", "d@x.co")], 2));
        let names = table.column(Field::FirstName).expect("present");
        assert_eq!((0..4).map(|row| names.first(TableRow(row))).collect::<Vec<_>>(), [1, 0, 1, 2]);
        assert_eq!(names.counts(), [0, 2, 1]);
        assert_eq!(table.column(Field::Email).expect("present").counts(), [0, 2]);
    }

    #[test]
    fn the_canonical_order_forgets_the_order_of_input() {
        let rows = [("dana", "d@x.co"), ("tal", ""), ("noa", "n@x.co"), ("tal", "t@x.co")];
        let mut turned = rows;
        turned.reverse();
        let contents = |rows: &[(&str, &str)]| {
            let mut table = PeopleTable::default();
            table.append(batch(rows, 0));
            let table = table.canonical();
            table.rows().map(|row| table.content_hash(row)).collect::<Vec<_>>()
        };
        assert_eq!(contents(&rows), contents(&turned));
    }
}
