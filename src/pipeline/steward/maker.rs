//! What all items of a run have in common: whose they are, and what that customer is worth.

use crate::pipeline::{Cleaned, Customers, GoldenStage, RunError, Setup};
use crate::record::{CustomerId, Field, ItemKind, NewItem, RowIndex, Shown, mix, text_hash};
use crate::rule::{Languages, StewardPolicy, language_by_script};
use crate::survivorship::GoldenRecord;

/// Fields of which stewards see both sides.
pub(super) const SHOWN: [Field; 15] = [
    Field::FirstName,
    Field::MiddleName,
    Field::LastName,
    Field::FullName,
    Field::Mobile,
    Field::Phone,
    Field::Email,
    Field::BirthDate,
    Field::NationalId,
    Field::Company,
    Field::Address,
    Field::Street,
    Field::HouseNumber,
    Field::City,
    Field::Postcode,
];

/// Makes items of a run.
pub(super) struct ItemMaker<'m> {
    pub(super) cleaned: &'m Cleaned<'m>,
    pub(super) customers: Option<&'m Customers>,
    pub(super) policy: &'m StewardPolicy,
    pub(super) setup: &'m Setup,
    pub(super) golden: GoldenStage<'m>,
    languages: Languages,
}

/// Whom an item is about, as far as that is known.
pub(super) struct Whom {
    pub(super) customer: Option<CustomerId>,
    pub(super) name: String,
    pub(super) language: String,
    pub(super) segment: String,
    pub(super) value: f64,
}

impl<'m> ItemMaker<'m> {
    pub(super) fn new(cleaned: &'m Cleaned<'m>, policy: &'m StewardPolicy, setup: &'m Setup) -> Result<Self, RunError> {
        let mut fields = SHOWN.to_vec();
        fields.push(Field::Language);
        Ok(ItemMaker {
            cleaned,
            customers: cleaned.known_customers(),
            policy,
            setup,
            golden: GoldenStage::new(&cleaned.rows, setup)?.only(&fields),
            languages: Languages::load(&setup.context.files)?,
        })
    }

    /// The rows of a row's customer.
    pub(super) fn rows_of(&self, row: RowIndex) -> Vec<RowIndex> {
        let Some(customers) = self.customers else { return vec![row] };
        customers.rows().of(customers.rows().customer_of(row)).to_vec()
    }

    /// Whose a row is.
    pub(super) fn whom(&self, row: RowIndex) -> Whom {
        let golden = self.golden.golden(&self.rows_of(row));
        let text = |field: Field| golden.value(field).map_or("", |value| value.value);
        let name = name(&golden);
        let language = self.languages.code(text(Field::Language)).or_else(|| language_by_script(&name));
        let customer = self.customers.map(|customers| customers.rows().customer_of(row));
        let evidence = self.cleaned.evidence.as_ref().zip(customer);
        Whom {
            customer: self.customers.map(|customers| customers.customer(row)),
            language: language.unwrap_or_default().to_owned(),
            segment: evidence.as_ref().map_or("", |(evidence, customer)| evidence.segment(*customer)).to_owned(),
            value: evidence.and_then(|(evidence, customer)| evidence.value(customer)).map_or(1.0, f64::from),
            name,
        }
    }

    /// The list of a row, as it is called from run to run.
    pub(super) fn list(&self, row: RowIndex) -> &str {
        &self.cleaned.rows.lists()[self.cleaned.rows.place(row).list].identity
    }

    /// The list's own key of a row.
    pub(super) fn key(&self, row: RowIndex) -> &str {
        self.customers.map_or_else(|| self.cleaned.rows.key(row), |customers| customers.key(row))
    }

    /// What a row is known by in later runs.
    pub(super) fn row_id(&self, row: RowIndex) -> u64 {
        let by_number = || mix(text_hash(self.list(row)) ^ u64::from(self.cleaned.rows.number(row).number()));
        self.customers.and_then(|customers| customers.row_to_decide(row)).map_or_else(by_number, |(id, _)| id.0)
    }

    /// A row as people name it, in whatever run.
    pub(super) fn row_name(&self, row: RowIndex) -> String {
        format!("{}:#{}", self.list(row), self.cleaned.rows.number(row))
    }

    /// An item about a row's customer; `chance` is how likely it is that something has to be done.
    pub(super) fn item(
        &self,
        kind: ItemKind,
        row: RowIndex,
        whom: Whom,
        (identity, reason, chance): (String, &str, f64),
        shown: Shown,
    ) -> NewItem {
        NewItem {
            kind,
            identity,
            customer: whom.customer,
            other: None,
            shown,
            reason: reason.to_owned(),
            list: self.list(row).to_owned(),
            other_list: String::new(),
            segment: whom.segment,
            language: whom.language,
            value: whom.value,
            risk: self.policy.kind(kind).weight * chance,
        }
    }
}

/// The name of a golden record.
fn name(golden: &GoldenRecord<'_>) -> String {
    let text = |field: Field| golden.value(field).map_or("", |value| value.value);
    let parts = [Field::FirstName, Field::LastName].map(text);
    let name = parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
    if name.is_empty() { text(Field::FullName).to_owned() } else { name }
}

/// All values of a golden record in the fields that stewards see.
pub(super) fn values(golden: &GoldenRecord<'_>) -> Vec<(Field, Vec<String>)> {
    let of = |field: &Field| {
        let value = golden.value(*field)?;
        let all = std::iter::once(value.value).chain(value.alternates.iter().map(|other| other.value));
        let all: Vec<String> = all.filter(|text| !text.is_empty()).map(str::to_owned).collect();
        (!all.is_empty()).then_some((*field, all))
    };
    SHOWN.iter().filter_map(of).collect()
}
