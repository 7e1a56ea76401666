//! What is known of each row by itself: its days and sums, what its notes say, and its addresses and numbers by key.

use rayon::prelude::*;

use crate::contact::{ContactClasses, ContactKeys, LineFacts};
use crate::finding::Code;
use crate::record::{
    CheckedBlock, CheckedList, ContactClass, ContactIndex, ContactKind, Day, Detail, Field, Groups, ListRole,
    MxOutcome, RowIndex, Rows, SaidDay, StandardBatch, StandardColumn, Standing, StandingFact, Verdict, tag_of,
    text_hash,
};

/// What is known of a row beside its contacts. Days that have not come yet are none.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RowFact {
    pub(crate) created: Option<Day>,
    pub(crate) updated: Option<Day>,
    pub(crate) bought: Option<Day>,
    pub(crate) born: Option<Day>,
    /// How often the customer bought, by the list; `u32::MAX` where it does not say so.
    pub(crate) purchases: u32,
    /// What the customer spent; NaN where the list does not say it.
    pub(crate) spend: f32,
    /// What its columns of consents, refusals and statuses, notes and marks beside its name say.
    pub(crate) standing: Standing,
    /// The last day that they name for a refusal.
    pub(crate) refused: SaidDay,
    /// The day of death that they name.
    pub(crate) died: SaidDay,
}

impl RowFact {
    /// The day on which the row's values were written down last, as far as the row tells.
    pub(crate) const fn captured(&self) -> Option<Day> {
        if self.updated.is_none() { self.created } else { self.updated }
    }
}

/// An address or a number of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Contact {
    /// Fixed hash of kind and key: equal contacts have equal ones.
    pub(crate) key: u64,
    pub(crate) row: RowIndex,
    /// Its place among the batch's standardized columns.
    pub(crate) column: u16,
    /// Its place in the cell.
    pub(crate) place: u8,
    pub(crate) class: ContactClass,
    flags: u8,
}

const PRIMARY: u8 = 1;
const DEAD_DOMAIN: u8 = 2;
const UNUSABLE: u8 = 4;
const NO_PERSON: u8 = 8;
const SAID_DEAD: u8 = 16;

impl Contact {
    /// An address or a number.
    pub(crate) const fn kind(&self) -> ContactKind {
        self.class.kind()
    }

    /// The row's best of its kind: the one that messages go to and that `rows.csv` shows.
    pub(crate) const fn is_primary(&self) -> bool {
        self.flags & PRIMARY != 0
    }

    /// Its domain is confirmed dead.
    pub(crate) const fn has_dead_domain(&self) -> bool {
        self.flags & DEAD_DOMAIN != 0
    }

    /// Nothing can ever have reached anybody there: it was wrong from the start and can't go stale.
    pub(crate) const fn is_unusable(&self) -> bool {
        self.flags & UNUSABLE != 0
    }

    /// The list says that it reaches nobody.
    pub(crate) const fn is_said_dead(&self) -> bool {
        self.flags & SAID_DEAD != 0
    }

    /// A mailbox of a function, a throw-away or a placeholder: it has a probability, but is no person's own.
    pub(crate) const fn is_nobodys(&self) -> bool {
        self.flags & NO_PERSON != 0
    }

    /// What events that name the contact are matched by; never 0.
    pub(crate) const fn tag(&self) -> u32 {
        tag_of(self.key)
    }
}

/// All rows of all lists, in the order of lists and records, with their contacts.
#[derive(Debug, Default)]
pub(crate) struct Facts {
    pub(crate) rows: Vec<RowFact>,
    /// Each row's contacts.
    contacts: Groups<Contact>,
    /// Hash of each row's own key; 0 where it has none.
    pub(crate) keys: Vec<u64>,
}

impl Facts {
    /// Adds the rows of the next list; blocks are read in parallel.
    pub(crate) fn read(&mut self, list: &CheckedList, reading: &Reading<'_>) {
        let said = list.role.map_or(Standing::NOTHING, ListRole::standing);
        let parts: Vec<Facts> =
            list.blocks.par_iter().map(|block| BlockReader { block, said, reading }.read()).collect();
        parts.into_iter().for_each(|part| self.append(part));
    }

    fn append(&mut self, mut part: Facts) {
        let first = self.rows.len();
        for contact in part.contacts.members_mut() {
            contact.row = RowIndex::new(contact.row.get() + first);
        }
        self.rows.extend(part.rows);
        self.keys.extend(part.keys);
        self.contacts.append(part.contacts);
    }

    /// What is known of a row beside its contacts.
    pub(crate) fn row(&self, row: RowIndex) -> &RowFact {
        &self.rows[row.get()]
    }

    /// Hash of a row's own key; 0 where it has none.
    pub(crate) fn key(&self, row: RowIndex) -> u64 {
        self.keys[row.get()]
    }

    /// All contacts, in the order of rows.
    pub(crate) fn contacts(&self) -> &[Contact] {
        self.contacts.members()
    }

    /// A contact.
    pub(crate) fn contact(&self, place: ContactIndex) -> &Contact {
        &self.contacts()[place.get()]
    }

    /// The contacts of a row.
    pub(crate) fn contacts_of(&self, row: RowIndex) -> &[Contact] {
        self.contacts.of(row.get())
    }

    /// The places of a row's contacts.
    pub(crate) fn of_row(&self, row: RowIndex) -> impl Iterator<Item = ContactIndex> + use<> {
        self.contacts.range(row.get()).map(ContactIndex::new)
    }

    /// The place of a row's best contact of a kind.
    pub(crate) fn primary(&self, row: RowIndex, kind: ContactKind) -> Option<ContactIndex> {
        self.of_row(row).find(|place| {
            let contact = self.contact(*place);
            contact.is_primary() && contact.kind() == kind
        })
    }

    /// The text of a contact.
    pub(crate) fn value<'l>(&self, rows: &'l Rows, contact: &Contact) -> &'l str {
        let (batch, row) = rows.batch(contact.row);
        let column = &batch.standard().columns()[usize::from(contact.column)];
        column.value(row, usize::from(contact.place)).0
    }
}

/// What rows are read with.
pub(crate) struct Reading<'r> {
    /// What contacts are compared by.
    pub(crate) keys: &'r ContactKeys,
    /// What classes they are of.
    pub(crate) classes: &'r ContactClasses,
    /// The day that counts as today.
    pub(crate) today: Day,
}

struct BlockReader<'r> {
    block: &'r CheckedBlock,
    /// What being in the list says.
    said: Standing,
    reading: &'r Reading<'r>,
}

impl BlockReader<'_> {
    fn read(&self) -> Facts {
        let batch = self.block.checked.standard();
        let rows = batch.len();
        let columns = Columns::of(batch);
        let mut facts = Facts {
            rows: Vec::with_capacity(rows),
            contacts: Groups::with_capacity(rows * 2, rows),
            keys: Vec::with_capacity(rows),
        };
        let mut text = String::new();
        for row in 0..rows {
            let own = columns.id.map_or("", |column| column.first(row));
            facts.keys.push(if own.is_empty() { 0 } else { key_hash(own) });
            let fact = self.row_fact(&columns, row);
            facts.rows.push(fact);
            for (kind, columns) in [(ContactKind::Email, &columns.emails), (ContactKind::Phone, &columns.phones)] {
                let dead = if fact.standing.says_dead(kind) { SAID_DEAD } else { 0 };
                self.contacts(kind, columns, dead, row, &mut text, &mut facts.contacts);
            }
            facts.contacts.close();
        }
        facts
    }

    fn row_fact(&self, columns: &Columns<'_>, row: usize) -> RowFact {
        let day = |column: Option<&StandardColumn>| {
            column.and_then(|column| column.detail(row).date()).filter(|day| *day < self.reading.today)
        };
        let sum = |column: Option<&StandardColumn>| column.and_then(|column| amount(column.first(row)));
        let mut standing = self.said;
        let (mut refused, mut died) = (SaidDay::NONE, SaidDay::NONE);
        for column in &columns.standing {
            let Detail::Standing(said, day) = column.detail(row) else { continue };
            standing = standing.and(said);
            if said.says(StandingFact::Deceased) {
                died = died.later(day);
            } else if said.holds() {
                refused = refused.later(day);
            }
        }
        let purchases = sum(columns.purchases).map_or(u32::MAX, |number| number.round() as u32);
        RowFact {
            created: day(columns.created),
            updated: day(columns.updated),
            bought: day(columns.bought),
            born: day(columns.born),
            purchases,
            spend: sum(columns.spend).unwrap_or(f32::NAN),
            standing,
            refused,
            died,
        }
    }

    /// Adds the contacts of a kind; the best one is marked.
    fn contacts(
        &self,
        kind: ContactKind,
        columns: &[(u16, &StandardColumn)],
        said: u8,
        row: usize,
        key: &mut String,
        contacts: &mut Groups<Contact>,
    ) {
        let checked = &self.block.checked;
        let best = checked.best(row, columns.iter().map(|(_, column)| column.column));
        for (which, (index, column)) in columns.iter().enumerate() {
            let mut primary = if best == Some(which) { PRIMARY } else { 0 };
            // A cell is judged by its first value; of the others nothing is known against them.
            let mut judged = Some((checked.verdict(row, column.column), checked.mx(row, column.column)));
            for (place, (value, detail)) in column.detailed(row).enumerate().take(usize::from(u8::MAX)) {
                let flags = std::mem::take(&mut primary);
                let judged = judged.take();
                let (class, own) = match kind {
                    ContactKind::Email => self.email_facts(value, detail, judged),
                    ContactKind::Phone => {
                        let is_unusable = judged.is_some_and(|(verdict, _)| verdict == Verdict::Invalid);
                        let class = self.reading.classes.of_number(LineFacts::of(detail), value);
                        (class, if is_unusable { UNUSABLE } else { 0 })
                    }
                };
                let (hash, is_somebodys) = self.reading.keys.hash_of(kind, value, key);
                let nameless = if is_somebodys { 0 } else { UNUSABLE };
                contacts.add(Contact {
                    key: hash,
                    row: RowIndex::new(row),
                    column: *index,
                    place: place as u8,
                    class,
                    flags: flags | own | nameless | said,
                });
            }
        }
    }

    fn email_facts(
        &self,
        value: &str,
        detail: Detail,
        judged: Option<(Verdict, Option<MxOutcome>)>,
    ) -> (ContactClass, u8) {
        let detail = detail.email();
        let code = detail.and_then(|detail| detail.class);
        let mut flags = 0;
        if detail.is_none_or(|detail| detail.broken.is_some()) {
            flags |= UNUSABLE;
        }
        if is_nobodys(code) {
            flags |= NO_PERSON;
        }
        if let Some((Verdict::Invalid, mx)) = judged {
            // Only what was confirmed makes an address invalid.
            let is_dead = matches!(mx, Some(MxOutcome::Nxdomain | MxOutcome::NullMx));
            flags |= if is_dead { DEAD_DOMAIN } else { UNUSABLE };
        }
        (self.reading.classes.of_address(code, value), flags)
    }
}

fn is_nobodys(class: Option<Code>) -> bool {
    matches!(class, Some(Code::EmailRole | Code::EmailPlaceholder | Code::EmailDisposable))
}

/// The columns of a batch that are read.
struct Columns<'b> {
    id: Option<&'b StandardColumn>,
    created: Option<&'b StandardColumn>,
    updated: Option<&'b StandardColumn>,
    bought: Option<&'b StandardColumn>,
    born: Option<&'b StandardColumn>,
    purchases: Option<&'b StandardColumn>,
    spend: Option<&'b StandardColumn>,
    /// Columns and notes that say whether the customer may be contacted.
    standing: Vec<&'b StandardColumn>,
    emails: Vec<(u16, &'b StandardColumn)>,
    phones: Vec<(u16, &'b StandardColumn)>,
}

impl<'b> Columns<'b> {
    fn of(batch: &'b StandardBatch) -> Self {
        let contacts = |kind| batch.contacts_of(kind).map(|(index, column)| (index as u16, column)).collect();
        let one = |field: Field| batch.column_of(field);
        Columns {
            id: one(Field::Id),
            created: one(Field::CreatedAt),
            updated: one(Field::UpdatedAt),
            bought: one(Field::LastPurchase),
            born: one(Field::BirthDate),
            purchases: one(Field::Purchases),
            spend: one(Field::TotalSpend),
            standing: batch.columns().iter().filter(|column| column.field.may_tell_standing()).collect(),
            emails: contacts(ContactKind::Email),
            phones: contacts(ContactKind::Phone),
        }
    }
}

/// The hash by which a row is found by its own key.
pub(crate) fn key_hash(key: &str) -> u64 {
    text_hash(key.trim()).max(1)
}

/// A number as lists write sums: `1,234.50`, `₪ 1234`, `1.234,50`; none where there is no number, or a negative one.
pub(crate) fn amount(text: &str) -> Option<f32> {
    if text.is_empty() {
        return None;
    }
    let digits: String =
        text.chars().filter(|letter| letter.is_ascii_digit() || matches!(letter, '.' | ',' | '-')).collect();
    if !digits.contains(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    // Of points and commas the last one parts the decimals, if one or two digits follow it.
    let last = digits.rfind(['.', ',']);
    let decimals = last.map(|at| &digits[at + 1..]).filter(|rest| !rest.is_empty() && rest.len() <= 2);
    let whole: String = match (last, decimals) {
        (Some(at), Some(_)) => digits[..at].chars().filter(|letter| !matches!(letter, '.' | ',')).collect(),
        _ => digits.chars().filter(|letter| !matches!(letter, '.' | ',')).collect(),
    };
    let number: f32 = format!("{whole}.{}", decimals.unwrap_or("0")).parse().ok()?;
    (number.is_finite() && number >= 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_read_as_lists_write_them() {
        for (text, number) in [
            ("1,234.50", Some(1234.5)),
            ("₪ 1234", Some(1234.0)),
            ("1.234,50 €", Some(1234.5)),
            ("1,234", Some(1234.0)),
            ("0", Some(0.0)),
            ("12.", Some(12.0)),
            ("-5", None),
            ("לא ידוע", None),
            ("", None),
        ] {
            assert_eq!(amount(text), number, "{text}");
        }
    }
}
