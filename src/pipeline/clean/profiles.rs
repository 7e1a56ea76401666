//! The customers of a run as outreach and look-ups see them, written into the workspace.

use std::path::Path;

use rayon::prelude::*;
use tempfile::NamedTempFile;

use super::cleaned::Cleaned;
use super::person::PersonReader;
use crate::pipeline::{Customers, RunError, Setup};
use crate::record::{
    ContactKind, ContactPoint, CustomerIndex, CustomerProfile, Field, FlagReasons, KnownPlace, ListRole, Redaction,
    RowIndex, RowKey,
};
use crate::rule::{Languages, language_by_script};
use crate::store::ProfilesWriter;
use crate::survivorship::GoldenRecord;
use crate::text::name_words;

/// Customers made at a time; bounds memory.
const CUSTOMERS_AT_ONCE: usize = 1 << 14;

/// Writes the profile of every customer; none where customers could not be told apart, or nothing was gathered of
/// them. Where no model judged their contacts, nobody is flagged and nothing has a probability.
///
/// # Errors
/// When a rule file is not of its form, or the file can't be written.
pub(super) fn write_profiles(
    cleaned: &Cleaned<'_>,
    workspace: &Path,
    setup: &Setup,
) -> Result<Option<NamedTempFile>, RunError> {
    let (Some(customers), Some(evidence)) = (cleaned.known_customers(), &cleaned.evidence) else { return Ok(None) };
    let maker = ProfileMaker {
        reader: PersonReader::new(&cleaned.rows, Some(customers), evidence, cleaned.decay.as_ref(), setup)?,
        customers,
        languages: Languages::load(&setup.context.files)?,
        within: Redaction::default(),
    };
    let mut writer = ProfilesWriter::create(workspace)?;
    for list in &cleaned.standings {
        writer.push_list(list)?;
    }
    for first in (0..customers.rows().len()).step_by(CUSTOMERS_AT_ONCE) {
        setup.go_on()?;
        let batch = first..customers.rows().len().min(first + CUSTOMERS_AT_ONCE);
        let made = |customer: CustomerIndex| maker.is_customer(customer).then(|| maker.profile(customer));
        let profiles: Vec<(CustomerProfile, Vec<String>)> =
            batch.into_par_iter().filter_map(|customer| made(CustomerIndex::new(customer))).collect();
        writer.push(&profiles)?;
    }
    Ok(Some(writer.finish()?))
}

struct ProfileMaker<'m> {
    reader: PersonReader<'m>,
    customers: &'m Customers,
    languages: Languages,
    /// Planning knows all of a line: what is planned writes nothing of it.
    within: Redaction,
}

impl ProfileMaker<'_> {
    /// Whether it is somebody's customer: a list of addresses that came back makes nobody one.
    fn is_customer(&self, customer: CustomerIndex) -> bool {
        let rows = self.reader.rows;
        let role = |row: &RowIndex| rows.lists()[rows.place(*row).list].role;
        self.customers.rows().of(customer).iter().any(|row| role(row) != Some(ListRole::Bounced))
    }

    /// The profile of a customer, and the words by which its name is looked up.
    fn profile(&self, customer: CustomerIndex) -> (CustomerProfile, Vec<String>) {
        let PersonReader { evidence, decay, .. } = self.reader;
        let all = self.reader.rows;
        let rows = self.customers.rows().of(customer);
        let golden = self.reader.golden.golden(rows);
        let person = self.reader.person(&golden);
        let text = |field: Field| golden.value(field).map_or("", |value| value.value);
        let representative = self.customers.representative(rows[0]);
        let names = self.name_words(rows);
        let restrictions = evidence.own_restrictions(rows);
        let flag_reasons = decay.map_or_else(FlagReasons::default, |decay| decay.reasons(customer));
        let contacts = self.reader.contacts(customer, &self.within, true);
        let profile = CustomerProfile {
            id: self.customers.customer(representative),
            household: self.customers.household_name(representative),
            list: self.reader.list(representative).to_owned(),
            key: self.customers.key(representative).to_owned(),
            row: all.number(representative).number(),
            keys: self.keys(rows),
            first_name: text(Field::FirstName).to_owned(),
            greeting: self.greeting(rows, &golden).to_owned(),
            last_name: match text(Field::LastName) {
                // A name kept whole is better than none.
                "" if text(Field::FirstName).is_empty() => text(Field::FullName).to_owned(),
                name => name.to_owned(),
            },
            language: self.language(&golden),
            country: person.country,
            birth_date: person.born,
            preferred: person.preferred,
            consent: evidence.consents(rows),
            restrictions,
            refusal: evidence.refusal(all, rows),
            to_verify: to_verify(&golden, &flag_reasons, &contacts),
            contacts,
            value: evidence.value(customer).unwrap_or(1.0),
            status: evidence.status(customer),
            flagged: decay.is_some_and(|decay| decay.is_flagged(customer)),
            flag_reasons,
            place: KnownPlace {
                address: text(Field::Address).to_owned(),
                street: match (text(Field::Street), text(Field::HouseNumber)) {
                    ("", _) => String::new(),
                    (street, "") => street.to_owned(),
                    (street, house) => format!("{street} {house}"),
                },
                city: text(Field::City).to_owned(),
                postcode: text(Field::Postcode).to_owned(),
            },
        };
        (profile, names)
    }

    /// The own keys of a customer's rows, each once.
    fn keys(&self, rows: &[RowIndex]) -> Vec<RowKey> {
        let key = |row: &RowIndex| RowKey {
            list: self.reader.list(*row).to_owned(),
            key: self.customers.key(*row).to_owned(),
        };
        let mut keys: Vec<RowKey> = rows.iter().map(key).filter(|key| !key.key.is_empty()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    fn language(&self, golden: &GoldenRecord<'_>) -> String {
        let text = |field: Field| golden.value(field).map_or("", |value| value.value);
        let named = self.languages.code(text(Field::Language));
        let by_script = || {
            let name = [Field::FirstName, Field::LastName, Field::FullName].map(text).join(" ");
            language_by_script(&name).or_else(|| language_by_script(text(Field::Notes)))
        };
        named.or_else(by_script).unwrap_or_default().to_owned()
    }

    /// The golden first name, if nothing was found against it.
    fn greeting<'g>(&self, rows: &[RowIndex], golden: &GoldenRecord<'g>) -> &'g str {
        match golden.value(Field::FirstName) {
            Some(name) if !self.reader.golden.is_doubtful(rows, name) => name.value,
            _ => "",
        }
    }

    /// The words of all names in a customer's rows, in whatever script.
    fn name_words(&self, rows: &[RowIndex]) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        for row in rows {
            let (batch, row) = self.reader.rows.batch(*row);
            for column in batch.standard().columns().iter().filter(|column| column.field.is_name()) {
                words.extend(name_words(column.first(row)));
            }
        }
        words.sort_unstable();
        words.dedup();
        words
    }
}

/// Fields that a customer should be asked about: contacts that are likely stale or missing, and what contradicts itself.
fn to_verify(golden: &GoldenRecord<'_>, reasons: &FlagReasons, contacts: &[ContactPoint]) -> Vec<Field> {
    let mut fields = Vec::new();
    for (kind, field) in [(ContactKind::Email, Field::Email), (ContactKind::Phone, Field::Phone)] {
        let is_missing = !contacts.iter().any(|contact| contact.kind == kind);
        let is_flagged = reasons.0.iter().any(|(of, _)| *of == kind);
        if is_missing || is_flagged {
            fields.push(field);
        }
    }
    fields.extend(golden.conflicts.iter().filter(|field| !field.is_consent()));
    fields
}
