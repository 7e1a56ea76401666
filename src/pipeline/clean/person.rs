//! What is known of a customer for advice and for its profile: where it lives, when it was born, and what it agreed to, at
//! each of its contacts.

use crate::evidence::{Evidence, Told};
use crate::pipeline::{Customers, Decay, GoldenStage, RunError, Setup};
use crate::record::{
    Channel, ContactPoint, CustomerIndex, Day, EventChannel, Field, NamedRow, Redaction, RowIndex, Rows,
};
use crate::rule::{EventRules, OutreachPolicy};
use crate::survivorship::GoldenRecord;

/// Reads what is known of customers.
pub(super) struct PersonReader<'p> {
    pub(super) rows: &'p Rows,
    /// None where each row stands for itself.
    pub(super) customers: Option<&'p Customers>,
    pub(super) evidence: &'p Evidence,
    pub(super) decay: Option<&'p Decay>,
    pub(super) golden: GoldenStage<'p>,
    events: EventRules,
    /// Weight from which two rows are surely of one person, in thousandths of a bit.
    surely: i32,
}

/// What a golden record says of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Person {
    /// ISO 3166; empty where no list says it.
    pub(super) country: String,
    /// Its date of birth.
    pub(super) born: Option<Day>,
    /// A channel that it asked for.
    pub(super) preferred: Option<Channel>,
}

impl<'p> PersonReader<'p> {
    /// Reads the customers of these rows.
    pub(super) fn new(
        rows: &'p Rows,
        customers: Option<&'p Customers>,
        evidence: &'p Evidence,
        decay: Option<&'p Decay>,
        setup: &'p Setup,
    ) -> Result<Self, RunError> {
        let surely = OutreachPolicy::load(&setup.context.files)?.permission.milli_bits;
        let golden = GoldenStage::new(rows, setup)?;
        let events = EventRules::load(&setup.context.files)?;
        Ok(PersonReader { rows, customers, evidence, decay, golden, events, surely })
    }

    /// The row that stands for the customer of these rows.
    pub(super) fn representative(&self, rows: &[RowIndex]) -> RowIndex {
        self.customers.map_or(rows[0], |customers| customers.representative(rows[0]))
    }

    /// The name of a row's list.
    pub(super) fn list(&self, row: RowIndex) -> &'p str {
        &self.rows.lists()[self.rows.place(row).list].file
    }

    /// What a golden record says of the person.
    pub(super) fn person(&self, golden: &GoldenRecord<'_>) -> Person {
        let text = |field: Field| golden.value(field).map_or("", |value| value.value);
        Person {
            country: Some(text(Field::Country)).filter(|code| code.len() == 2).unwrap_or_default().to_owned(),
            born: text(Field::BirthDate).parse().ok().map(Day::of),
            preferred: self.preferred(text(Field::PreferredChannel)),
        }
    }

    fn preferred(&self, word: &str) -> Option<Channel> {
        match self.events.channel(word)? {
            EventChannel::Email => Some(Channel::Email),
            EventChannel::Sms => Some(Channel::Sms),
            EventChannel::Call => Some(Channel::Call),
            EventChannel::Web | EventChannel::Pos | EventChannel::Reverify => None,
        }
    }

    /// The contacts of a customer, their lines as `redaction` lets them be told, each with what was given or refused in rows
    /// that hold it or are surely of the same person. The rows of contacts are told where `with_rows`.
    pub(super) fn contacts(
        &self,
        customer: CustomerIndex,
        redaction: &Redaction,
        with_rows: bool,
    ) -> Vec<ContactPoint> {
        let rows = self.evidence.rows(customer);
        let stale = |place| self.decay.and_then(|decay| decay.of_contact(place));
        let alone = (rows.len() == 1).then(|| self.evidence.consents(rows));
        let consent =
            |holders: &[RowIndex]| alone.unwrap_or_else(|| self.evidence.consents(&self.surely_with(rows, holders)));
        let representative = self.representative(rows);
        let row = |row: RowIndex| (with_rows && row != representative).then(|| self.named(row));
        self.evidence.contact_points(
            self.rows,
            customer,
            &Told { redaction, stale: &stale, consent: &consent, row: &row },
        )
    }

    fn named(&self, row: RowIndex) -> NamedRow {
        let key = self.customers.map_or("", |customers| customers.key(row));
        NamedRow { list: self.list(row).to_owned(), key: key.to_owned(), number: self.rows.number(row).number() }
    }

    /// Of a customer's rows those that are surely of the person of these.
    fn surely_with(&self, rows: &[RowIndex], holders: &[RowIndex]) -> Vec<RowIndex> {
        let links = self.customers.map_or(&[][..], |customers| customers.links_of(rows[0]));
        let is_tied = |row: RowIndex| {
            links.iter().filter(|link| link.weight >= self.surely).any(|link| {
                let (left, right) = (RowIndex::of(link.left), RowIndex::of(link.right));
                (left == row && holders.contains(&right)) || (right == row && holders.contains(&left))
            })
        };
        rows.iter().copied().filter(|row| holders.contains(row) || is_tied(*row)).collect()
    }
}
