//! What is known of a customer for advice and for its profile: where it lives, when it was born, and what it agreed to, at
//! each of its contacts.

use crate::evidence::{Evidence, Told};
use crate::law::NOWHERE;
use crate::pipeline::{Customers, Decay, GoldenStage, RunError, Setup};
use crate::record::{
    Channel, CheckedList, ContactPoint, CustomerIndex, Day, EventChannel, Field, NamedRow, Redaction, RowIndex, Rows,
};
use crate::rule::{Countries, EventRules, OutreachPolicy, PlaceholderKind, Placeholders};
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
    countries: Countries,
    placeholders: Placeholders,
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

impl Person {
    /// What tells it.
    pub(super) const TOLD_BY: [Field; 3] = [Field::Country, Field::BirthDate, Field::PreferredChannel];
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
        let files = &setup.context.files;
        let events = EventRules::load(files)?;
        let countries = Countries::load(files)?;
        let placeholders = Placeholders::load(files, PlaceholderKind::Any)?;
        Ok(PersonReader { rows, customers, evidence, decay, golden, events, countries, placeholders, surely })
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
            country: self.country(text(Field::Country)).to_owned(),
            born: text(Field::BirthDate).parse().ok().map(Day::of),
            preferred: self.preferred(text(Field::PreferredChannel)),
        }
    }

    /// ISO 3166 where the list names a country; a place that is none ("abroad") is not the list's own.
    fn country<'t>(&'t self, text: &'t str) -> &'t str {
        if text.is_empty() || self.placeholders.has(text) { "" } else { self.countries.code(text).unwrap_or(NOWHERE) }
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
        let given_stale = |kind| self.decay.and_then(|decay| decay.of_customer(customer, kind));
        let alone = (rows.len() == 1).then(|| self.evidence.consents(rows));
        let consent =
            |holders: &[RowIndex]| alone.unwrap_or_else(|| self.evidence.consents(&self.surely_with(rows, holders)));
        let representative = self.representative(rows);
        let row = |row: RowIndex| (with_rows && row != representative).then(|| self.named(row));
        self.evidence.contact_points(
            self.rows,
            customer,
            &Told { redaction, stale: &stale, given_stale: &given_stale, consent: &consent, row: &row },
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

/// Which questions about consent a list has a column for, at the places of [`GivenConsents::all`](crate::record::GivenConsents::all).
pub(super) fn stated_by_columns(list: &CheckedList) -> [bool; 4] {
    let fields = [Field::Consent, Field::ConsentSms, Field::ConsentEmail, Field::ConsentCall];
    fields.map(|field| list.mapping.column_of(field).is_some())
}
