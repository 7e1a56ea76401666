//! `Comparer`: turns a pair of rows into a level vector, half a byte a field.

use rayon::prelude::*;

use super::forms::{NameTexts, Texts, WholeTexts, latin_texts};
use super::levels::{
    ALIKE, ONE_MAILBOX, OTHER, SAME_MADE_NAME, SAME_RESIDUE, SAME_SHORT_NUMBER, SHARED_MAILBOX, date_level,
    date_outline, email_level, email_outline, emails_differ, exchanged_level, is_slip, local, name_level, number_level,
    number_outline, numbers_differ, postcode_level, postcode_outline, postcodes_differ, text_level, text_outline,
    texts_differ, whole_level,
};
use super::mailbox::{Explained, KnownNames, Likeness, Residue, likeness};
use super::own_rows::OwnRows;
use super::rarity::Rarity;
use crate::record::{Field, FixedMap, PeopleTable, TableRow, ValueColumn, ValueDictionary, ValueId};
use crate::rule::{NameLists, ResolveRules};

/// One level a field, half a byte each, the first field lowest.
pub type LevelVector = u64;

/// The level of a field in a vector.
pub const fn level_of(vector: LevelVector, field: usize) -> usize {
    (vector >> (4 * field)) as usize & 15
}

/// Compares rows of one table.
#[derive(Debug)]
pub(super) struct Comparer<'a> {
    fields: Vec<FieldTexts<'a>>,
    /// Rows one behind the other: one stretch of memory a row.
    rows: Vec<ValueId>,
    width: usize,
    first: Option<usize>,
    last: Option<usize>,
    email: Option<usize>,
    birth: Option<usize>,
    explained: Explained<'a>,
    /// By id of an address: whether it is one of several people, and whether few addresses of the list have its domain.
    shared: Vec<bool>,
    at_rare_domain: Vec<bool>,
}

/// One field of the model.
#[derive(Debug)]
struct FieldTexts<'a> {
    field: Field,
    values: &'a ValueDictionary,
    /// Where its values stand in a row, and how many.
    start: usize,
    places: usize,
    /// Where the outlines of its values stand in a row; none where it has no outlines.
    outlines: Option<usize>,
    kind: Kind,
    rarity: Rarity,
}

#[derive(Debug)]
enum Kind {
    Name(NameTexts),
    Whole(WholeTexts),
    Date,
    Email,
    Number,
    Postcode,
    Text(Texts),
}

/// Results for value pairs met lately; one a thread.
#[derive(Debug)]
pub(super) struct Memo {
    entries: Vec<(u64, u8)>,
    names: KnownNames,
    /// What is left of the mailboxes of rows, by row and place: a row meets several others.
    residues: Vec<Option<(TableRow, usize, Residue)>>,
}

impl Default for Memo {
    fn default() -> Self {
        Memo { entries: vec![(0, 0); 1 << 13], names: KnownNames::default(), residues: vec![None; 1 << 9] }
    }
}

impl Memo {
    fn level(&mut self, field: usize, a: ValueId, b: ValueId, compare: impl FnOnce() -> u8) -> u8 {
        let (low, high) = if a < b { (a, b) } else { (b, a) };
        let key = (u64::from(high) << 32) | u64::from(low);
        let place = (key ^ (field as u64) << 59).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 51;
        let entry = &mut self.entries[place as usize];
        let tag = key ^ ((field as u64 + 1) << 58);
        if entry.0 != tag {
            *entry = (tag, compare());
        }
        entry.1
    }

    fn residue(&mut self, row: TableRow, place: usize, work_out: impl FnOnce(&mut KnownNames) -> Residue) -> Residue {
        let slot = (row.get() ^ place << 8) % self.residues.len();
        if let Some((of, at, residue)) = self.residues[slot]
            && (of, at) == (row, place)
        {
            return residue;
        }
        self.names.make_room();
        let residue = work_out(&mut self.names);
        self.residues[slot] = Some((row, place, residue));
        residue
    }
}

impl<'a> Comparer<'a> {
    /// For the fields that the model knows, in their order.
    pub(super) fn new(
        table: &'a PeopleTable,
        fields: &[Field],
        rules: &'a ResolveRules,
        lists: &NameLists,
        own: &OwnRows,
    ) -> Self {
        let columns: Vec<_> = fields.iter().filter_map(|field| table.column(*field)).collect();
        let mut start = 0;
        let mut texts = Vec::new();
        for column in &columns {
            let field = column.field;
            let kind = match field {
                Field::FirstName | Field::MiddleName | Field::FatherName => {
                    Kind::Name(NameTexts::new(column, rules, Some(lists)))
                }
                Field::LastName => Kind::Name(NameTexts::new(column, rules, None)),
                Field::FullName => Kind::Whole(WholeTexts::new(column, own, rules)),
                Field::BirthDate => Kind::Date,
                Field::Email => Kind::Email,
                Field::Phone | Field::NationalId | Field::HouseNumber => Kind::Number,
                Field::Postcode => Kind::Postcode,
                _ => Kind::Text(latin_texts(&column.values, rules)),
            };
            let rarity = Rarity::new(column, own, &rules.model, lists);
            let places = column.places.len();
            texts.push(FieldTexts { field, values: &column.values, start, places, outlines: None, kind, rarity });
            start += places;
        }
        let has_outlines = |kind: &Kind| !matches!(kind, Kind::Name(_) | Kind::Whole(_));
        for own in texts.iter_mut().filter(|own| has_outlines(&own.kind)) {
            own.outlines = Some(start);
            start += own.places;
        }
        let width = start;
        let rows = rows_of(table.len(), width, &columns, &texts);
        let at = |field: Field| texts.iter().position(|own| own.field == field);
        let (first, last, email, birth) =
            (at(Field::FirstName), at(Field::LastName), at(Field::Email), at(Field::BirthDate));
        let explained = Explained::new(rules);
        let shared = table.column(Field::Email).map_or(Vec::new(), |column| {
            (0..column.values.len() as ValueId).map(|id| explained.is_shared(local(column.values.value(id)))).collect()
        });
        let at_rare_domain = table.column(Field::Email).map_or(Vec::new(), |column| at_rare_domain(column, own, rules));
        Comparer { first, last, email, birth, fields: texts, rows, width, explained, shared, at_rare_domain }
    }

    /// The fields, in the order of the vectors.
    pub(super) fn fields(&self) -> Vec<Field> {
        self.fields.iter().map(|texts| texts.field).collect()
    }

    pub(super) fn rarities(&self) -> impl Iterator<Item = &Rarity> {
        self.fields.iter().map(|texts| &texts.rarity)
    }

    /// How sounds of names are known, for blocking.
    pub(super) fn names(&self, field: Field) -> Option<&NameTexts> {
        self.fields.iter().find(|texts| texts.field == field).and_then(|texts| match &texts.kind {
            Kind::Name(names) => Some(names),
            _ => None,
        })
    }

    fn row(&self, row: TableRow) -> &[ValueId] {
        let start = row.get() * self.width;
        &self.rows[start..start + self.width]
    }

    /// Looks at rows that will soon be compared: the waits for memory pass side by side, not one after the other.
    pub(super) fn fetch(&self, rows: impl Iterator<Item = TableRow>) {
        let ends = rows.map(|row| {
            let row = self.row(row);
            row.first().copied().unwrap_or_default() ^ row.last().copied().unwrap_or_default()
        });
        std::hint::black_box(ends.fold(0, |all, end| all ^ end));
    }

    /// The vector of two rows.
    pub(super) fn vector(&self, a: TableRow, b: TableRow, memo: &mut Memo) -> LevelVector {
        let (left, right) = (self.row(a), self.row(b));
        let mut vector = 0;
        for (index, texts) in self.fields.iter().enumerate() {
            vector |= u64::from(texts.level(index, left, right, memo)) << (4 * index);
        }
        if let (Some(first), Some(last)) = (self.first, self.last) {
            vector = self.with_names_exchanged(vector, first, last, left, right);
        }
        if let Some(email) = self.email {
            vector = self.with_mailboxes_explained(vector, email, (a, left), (b, right), memo);
        }
        vector
    }

    /// Given and family name exchanged count as "equivalent" at best; a row with one name only is tried against both.
    fn with_names_exchanged(
        &self,
        vector: LevelVector,
        first: usize,
        last: usize,
        left: &[ValueId],
        right: &[ValueId],
    ) -> LevelVector {
        let base = |index: usize| self.fields[index].rarity.base_level(level_of(vector, index) as u8);
        let (of_first, of_last) = (base(first), base(last));
        let both_missing_or_far = of_first == 0 || of_last == 0 || (of_first >= 4 && of_last >= 4);
        if !both_missing_or_far {
            return vector;
        }
        let id = |index: usize, row: &[ValueId]| row[self.fields[index].start];
        let (first_a, last_a, first_b, last_b) = (id(first, left), id(last, left), id(first, right), id(last, right));
        let level = |given: ValueId, family: ValueId| self.level_across(first, last, given, family);
        if first_a != 0 && last_a != 0 && first_b != 0 && last_b != 0 {
            let x = level(first_a, last_b);
            let y = if x <= 3 { level(first_b, last_a) } else { x };
            if x.max(y) <= 3 && x.min(y) <= 2 {
                return with_level(with_level(vector, first, x.max(2)), last, y.max(2));
            }
        }
        for (given, family, other_family) in [(first_a, last_a, last_b), (first_b, last_b, last_a)] {
            let is_alone = family == 0 && given != 0 && of_first >= 4;
            if is_alone && other_family != 0 {
                let found = level(given, other_family);
                if found <= 3 {
                    return with_level(with_level(vector, last, found), first, 0);
                }
            }
        }
        vector
    }

    fn level_across(&self, first: usize, last: usize, given: ValueId, family: ValueId) -> u8 {
        match (&self.fields[first].kind, &self.fields[last].kind) {
            (Kind::Name(firsts), Kind::Name(lasts)) => exchanged_level(firsts.of(given), lasts.of(family)),
            _ => 5,
        }
    }

    /// Addresses are compared by what the names and birth dates of their rows do not explain.
    fn with_mailboxes_explained(
        &self,
        vector: LevelVector,
        email: usize,
        (a, left): (TableRow, &[ValueId]),
        (b, right): (TableRow, &[ValueId]),
        memo: &mut Memo,
    ) -> LevelVector {
        let texts = &self.fields[email];
        let places = texts.start..texts.start + texts.places;
        match level_of(vector, email) as u8 {
            ONE_MAILBOX => {
                let is_own =
                    |id: &ValueId| *id != 0 && !self.shared[*id as usize] && right[places.clone()].contains(id);
                if left[places.clone()].iter().any(is_own) { vector } else { with_level(vector, email, SHARED_MAILBOX) }
            }
            ALIKE if self.have_slip_at_rare_domain(texts, &left[places.clone()], &right[places.clone()]) => {
                with_level(vector, email, SAME_RESIDUE)
            }
            ALIKE => {
                let mut residues = |of: TableRow, row: &[ValueId]| -> Vec<(&str, Residue)> {
                    let filled = row[places.clone()].iter().enumerate().filter(|(_, id)| **id != 0);
                    let residue = |(place, id): (usize, &ValueId)| {
                        let (local, is_shared) = (local(texts.values.value(*id)), self.shared[*id as usize]);
                        let work_out = |names: &mut KnownNames| {
                            self.explained.residue((local, is_shared), self.names_of(row), self.birth_of(row), names)
                        };
                        (local, memo.residue(of, place, work_out))
                    };
                    filled.map(residue).collect()
                };
                let (own, others) = (residues(a, left), residues(b, right));
                let pairs = own.iter().flat_map(|(x, a)| others.iter().map(move |(y, b)| likeness((*x, a), (*y, b))));
                let level = match pairs.min() {
                    Some(Likeness::SameResidue) => SAME_RESIDUE,
                    Some(Likeness::SameShortNumber) => SAME_SHORT_NUMBER,
                    Some(Likeness::SameMadeName) => SAME_MADE_NAME,
                    Some(Likeness::Alike) => ALIKE,
                    Some(Likeness::Explained) | None => 0,
                    Some(Likeness::Other) => OTHER,
                };
                with_level(vector, email, level)
            }
            _ => vector,
        }
    }

    /// Whether two addresses at one domain that few have differ by a slip: the domain is what namesakes do not share.
    fn have_slip_at_rare_domain(&self, texts: &FieldTexts<'_>, own: &[ValueId], others: &[ValueId]) -> bool {
        let rare = |id: &&ValueId| **id != 0 && self.at_rare_domain[**id as usize] && !self.shared[**id as usize];
        own.iter()
            .filter(rare)
            .any(|x| others.iter().filter(rare).any(|y| is_slip(texts.values.value(*x), texts.values.value(*y))))
    }

    /// The names of a row as they were folded.
    fn names_of<'r>(&'r self, row: &'r [ValueId]) -> impl Iterator<Item = &'r str> {
        let is_name = |texts: &&FieldTexts<'_>| matches!(texts.kind, Kind::Name(_));
        self.fields
            .iter()
            .filter(is_name)
            .map(|texts| texts.values.value(row[texts.start]))
            .filter(|name| !name.is_empty())
    }

    fn birth_of(&self, row: &[ValueId]) -> &str {
        self.birth.map_or("", |birth| self.fields[birth].values.value(row[self.fields[birth].start]))
    }
}

impl FieldTexts<'_> {
    /// The outline of each value; none where the field has no outlines.
    fn outlines_of(&self, column: &ValueColumn) -> Vec<u32> {
        let outline_of = match self.kind {
            Kind::Date => date_outline,
            Kind::Email => email_outline,
            Kind::Postcode => postcode_outline,
            Kind::Number => number_outline,
            Kind::Text(ref texts) => {
                return (0..column.values.len() as ValueId).map(|id| text_outline(texts.of(id))).collect();
            }
            Kind::Name(_) | Kind::Whole(_) => return Vec::new(),
        };
        (0..column.values.len() as ValueId).map(|id| outline_of(column.values.value(id))).collect()
    }

    /// The best level among the values of two rows.
    fn level(&self, index: usize, left: &[ValueId], right: &[ValueId], memo: &mut Memo) -> u8 {
        if self.places == 1 {
            return self.level_at(index, (left, 0), (right, 0), memo);
        }
        let mut best = 0;
        for x in 0..self.places {
            for y in 0..self.places {
                let level = self.level_at(index, (left, x), (right, y), memo);
                best = if best == 0 || level == 0 { best.max(level) } else { best.min(level) };
            }
        }
        best
    }

    /// The level of one value of each of two rows.
    fn level_at(&self, index: usize, left: (&[ValueId], usize), right: (&[ValueId], usize), memo: &mut Memo) -> u8 {
        let (a, b) = (left.0[self.start + left.1], right.0[self.start + right.1]);
        if a == 0 || b == 0 {
            return 0;
        }
        // Most values have nothing in common, and their outlines show it without a look at the values themselves.
        if let Some(outlines) = self.outlines.filter(|_| a != b) {
            let (x, y) = (left.0[outlines + left.1], right.0[outlines + right.1]);
            match self.kind {
                Kind::Date => return date_level(x, y),
                Kind::Text(_) if texts_differ(x, y) => return 3,
                Kind::Email if emails_differ(x, y) => return OTHER,
                Kind::Number if numbers_differ(x, y) => return 3,
                Kind::Postcode if postcodes_differ(x, y) => return 4,
                _ => {}
            }
        }
        self.value_level(index, a, b, memo)
    }

    fn value_level(&self, index: usize, a: ValueId, b: ValueId, memo: &mut Memo) -> u8 {
        if a == b {
            return self.rarity.exact_level(a);
        }
        match &self.kind {
            // Written in two scripts: equivalent, not exact.
            Kind::Name(names) => memo.level(index, a, b, || name_level(names.of(a), names.of(b))).max(2),
            Kind::Whole(wholes) => match memo.level(index, a, b, || whole_level(wholes.of(a), wholes.of(b))) {
                // Spaces alone differ.
                1 => self.rarity.exact_level(a).max(self.rarity.exact_level(b)),
                level => level,
            },
            // Decided by their outlines.
            Kind::Date => date_level(date_outline(self.values.value(a)), date_outline(self.values.value(b))),
            Kind::Email => email_level(self.values.value(a), self.values.value(b)),
            Kind::Number => number_level(self.bytes(a), self.bytes(b)),
            Kind::Postcode => postcode_level(self.bytes(a), self.bytes(b)),
            Kind::Text(texts) => memo.level(index, a, b, || text_level(texts.of(a), texts.of(b))),
        }
    }

    fn bytes(&self, id: ValueId) -> &[u8] {
        self.values.bytes(id)
    }
}

/// By id of an address, whether its domain is one that few addresses of the list have.
fn at_rare_domain(column: &ValueColumn, own: &OwnRows, rules: &ResolveRules) -> Vec<bool> {
    let addresses = &column.values;
    let counts_of_run = own.counts(column);
    let domain = |id: ValueId| addresses.value(id).split_once('@').map_or("", |(_, domain)| domain);
    let ids = || 0..addresses.len() as ValueId;
    let mut counts: FixedMap<&str, u32> = FixedMap::default();
    let is_here = |id: &ValueId| counts_of_run[*id as usize] > 0;
    ids().filter(is_here).for_each(|id| *counts.entry(domain(id)).or_default() += 1);
    let all = ids().filter(is_here).count() as u32 + 1;
    let most = rules.policy.rare_domain.min(all / 50).max(1);
    ids().map(|id| !domain(id).is_empty() && counts.get(domain(id)).is_none_or(|count| *count <= most)).collect()
}

/// Columns made into rows: ids first, outlines of ids behind them. A stretch of rows is filled while it is at hand.
fn rows_of(rows: usize, width: usize, columns: &[&ValueColumn], fields: &[FieldTexts<'_>]) -> Vec<ValueId> {
    const STRETCH: usize = 1 << 10;
    let outlines: Vec<Vec<u32>> =
        columns.par_iter().zip(fields).map(|(column, texts)| texts.outlines_of(column)).collect();
    let mut all = vec![0; width * rows];
    all.par_chunks_mut((width * STRETCH).max(1)).enumerate().for_each(|(stretch, slots)| {
        let own = stretch * STRETCH..rows.min((stretch + 1) * STRETCH);
        for ((column, texts), outlines) in columns.iter().zip(fields).zip(&outlines) {
            for (index, place) in column.places.iter().enumerate() {
                let ids = &place[own.clone()];
                let put = slots.iter_mut().skip(texts.start + index).step_by(width);
                put.zip(ids).for_each(|(slot, id)| *slot = *id);
                let Some(start) = texts.outlines else { continue };
                let put = slots.iter_mut().skip(start + index).step_by(width);
                put.zip(ids).for_each(|(slot, id)| *slot = outlines[*id as usize]);
            }
        }
    });
    all
}

const fn with_level(vector: LevelVector, field: usize, level: u8) -> LevelVector {
    (vector & !(15 << (4 * field))) | ((level as u64) << (4 * field))
}
