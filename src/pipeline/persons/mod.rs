//! Who of a run's customers refused or died, by what the workspace knows of persons and by what the lists say themselves.

mod marks;

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use self::marks::Marks;
use super::{Customers, RunError, Setup};
use crate::advice::refusals;
use crate::evidence::Evidence;
use crate::ingest::header_fingerprint;
use crate::person::{KnownAs, Name, Recognized, Registry, Seen, Sign, SignMaker, list_family};
use crate::record::{
    Channel, CheckedList, Consent, CustomerId, CustomerIndex, Day, Field, GivenConsents, RowIds, RowIndex, Rows,
    Suppressed, Suppression, SuppressionReason, SuppressionScope, mix,
};
use crate::rule::{ListNames, OutreachPolicy};
use crate::store::PersonsSeen;
use crate::text::bare_key;

/// What stands against contacting customers of a run, beside what their own rows say.
#[derive(Debug, Default)]
pub(super) struct Persons {
    /// Refusals of persons whom the workspace or another row knows, by customer.
    pub(super) held: Vec<(CustomerIndex, Refusal)>,
    /// What later runs will know.
    pub(super) seen: PersonsSeen,
}

/// A refusal that holds a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) reason: SuppressionReason,
    pub(super) scope: SuppressionScope,
    /// The day on which it came.
    pub(super) day: Day,
}

/// What the source of an entry begins with that a list brought in by itself.
const LIST: &str = "list:";

/// Through how many others somebody may be held.
const MOST_ROUNDS: usize = 8;

type Refusals = Vec<(SuppressionReason, SuppressionScope)>;

/// Finds who refused; `known` is what the workspace knows, if there is one. Where customers were not looked for, each row is a
/// person.
pub(super) fn find_persons(
    rows: &Rows,
    customers: Option<&Customers>,
    evidence: &Evidence,
    known: Option<&Registry>,
    setup: &Setup,
) -> Result<Persons, RunError> {
    let policy = OutreachPolicy::load(&setup.context.files)?;
    let names = ListNames::load(&setup.context.files)?;
    let finder = Finder {
        rows,
        customers,
        evidence,
        lists: rows.lists().iter().map(|list| ListSigns::of(list, &names)).collect(),
        today: Day::of(setup.context.today),
        marks: Marks::default(),
    };
    let own = finder.own(&policy);
    setup.go_on()?;
    let nobody = Registry::default();
    let is_kept = known.is_some();
    let known = known.unwrap_or(&nobody);
    if own.is_empty() && known.is_empty() {
        return Ok(Persons::default());
    }
    let add = |customer, maker: &mut SignMaker, marks: &mut Vec<u64>| finder.push_marks(customer, maker, marks);
    let finder = Finder { marks: Marks::of_all(finder.evidence.customers.len(), add), ..finder };
    setup.go_on()?;
    let mut direct = finder.recognize(known);
    setup.go_on()?;
    let mut persons = Persons::default();
    for (customer, one) in direct.iter().filter(|(_, one)| one.is_sure) {
        let entry = known.entry(one.entry);
        if let Some(list) = finder.permission(*customer, entry) {
            persons.seen.lifted.push((entry.number, format!("{LIST}{list}")));
        }
    }
    let lifted: HashSet<i64> = persons.seen.lifted.iter().map(|(number, _)| *number).collect();
    direct.retain(|(_, one)| !lifted.contains(&known.entry(one.entry).number));
    let said = finder.registry(&own);
    let is_another = |(customer, one): &(CustomerIndex, Recognized)| own[one.entry as usize].0 != *customer;
    let by_rows = finder.recognize(&said).into_iter().filter(is_another);
    let by_rows = by_rows.map(|(customer, one)| (customer, Of::Own(one.entry)));
    let first = direct.into_iter().map(|(customer, one)| (customer, Of::Known(one.entry))).chain(by_rows).collect();
    let found = finder.through(first, known, (&own, &said), setup)?;
    for (customer, of) in &found {
        let own_refusals =
            own.binary_search_by_key(customer, |(own, _)| *own).map_or(&[][..], |place| own[place].1.as_slice());
        let refusals: Vec<Refusal> = match of {
            Of::Known(place) => vec![Refusal::of(known.entry(*place))],
            Of::Own(place) => {
                let refusal = |(reason, scope): &_| Refusal { reason: *reason, scope: *scope, day: finder.today };
                own[*place as usize].1.iter().map(refusal).collect()
            }
        };
        // What its own rows say is said already.
        let is_new = |refusal: &Refusal| !own_refusals.contains(&(refusal.reason, refusal.scope));
        persons.held.extend(refusals.into_iter().filter(is_new).map(|refusal| (*customer, refusal)));
        if let Of::Known(place) = of {
            let seen = finder.seen(*customer);
            let now = seen.known_as();
            let as_whom = seen.customers.iter().map(|id| as_customer(&now, *id));
            let new = as_whom.filter(|known_as| !known.knows(*place, known_as));
            persons.seen.recognized.extend(new.map(|known_as| (known.entry(*place).number, known_as)));
        }
    }
    if !is_kept {
        return Ok(persons);
    }
    for (place, (customer, refusals)) in own.iter().enumerate() {
        let held = found.range((*customer, Of::Known(0))..).take_while(|(other, _)| other == customer);
        let kept: Vec<_> = held
            .filter_map(|(_, of)| match of {
                Of::Known(place) => Some((known.entry(*place).reason, known.entry(*place).scope)),
                Of::Own(_) => None,
            })
            .collect();
        for refusal in refusals.iter().filter(|refusal| !kept.contains(refusal)) {
            let known_as = said.known_as(place as u32).cloned();
            let called = known_as.as_ref().and_then(|known| known.customer).unwrap_or(CustomerId(0));
            let entry = finder.entry(*customer, called, *refusal);
            persons.seen.refusals.push((entry, known_as.into_iter().collect()));
        }
    }
    Ok(persons)
}

/// Whose refusal holds somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    /// One that the workspace knows, by its place.
    Known(u32),
    /// One of the lists themselves, by its place among them.
    Own(u32),
}

impl Persons {
    /// Lays what is known of persons over what the rows of customers say; returns a fixed hash of what that changes.
    pub(super) fn hold(&self, evidence: &mut Evidence) -> Option<u64> {
        let mut changed: HashSet<CustomerIndex> = HashSet::new();
        for (customer, refusal) in &self.held {
            if evidence.hold(*customer, refusal.reason, refusal.scope, refusal.day) {
                changed.insert(*customer);
            }
        }
        // A sum does not depend on the order.
        let hash = |customer: &CustomerIndex| mix(customer.get() as u64 ^ evidence.standing_hash(*customer));
        (!changed.is_empty()).then(|| changed.iter().map(hash).fold(0, u64::wrapping_add))
    }
}

impl Refusal {
    fn of(entry: &Suppression) -> Self {
        let day = entry.added_at.get(..10).and_then(|day| day.parse().ok()).map_or(Day::EPOCH, Day::of);
        Refusal { reason: entry.reason, scope: entry.scope, day }
    }
}

struct Finder<'f> {
    rows: &'f Rows,
    /// None where they were not looked for.
    customers: Option<&'f Customers>,
    evidence: &'f Evidence,
    lists: Vec<ListSigns>,
    today: Day,
    marks: Marks,
}

/// What tells the rows of a list apart from those of others.
struct ListSigns {
    /// What its files are called from year to year.
    families: BTreeSet<String>,
    /// The hash of its header.
    header: u64,
}

impl Finder<'_> {
    /// Adds the signs of a customer as numbers, but for its contacts.
    fn push_marks(&self, customer: CustomerIndex, maker: &mut SignMaker, marks: &mut Vec<u64>) {
        let rows = self.evidence.rows(customer);
        let born = rows.iter().find_map(|row| self.evidence.born(*row));
        for row in rows {
            let (first, last) = self.name(*row);
            if let Some(born) = born.filter(|_| !(first.is_empty() && last.is_empty())) {
                marks.push(maker.of_named_birth(first, last, born).mark());
            }
            maker.of_key(self.families(*row), self.key(*row), |sign| marks.push(sign.mark()));
        }
    }

    fn all(&self) -> impl IndexedParallelIterator<Item = CustomerIndex> {
        (0..self.evidence.customers.len()).into_par_iter().map(CustomerIndex::new)
    }

    /// The customers against whom their own rows say something.
    fn own(&self, policy: &OutreachPolicy) -> Vec<(CustomerIndex, Refusals)> {
        let refusals = self.all().map(|customer| {
            let rows = self.evidence.rows(customer);
            let own = self.evidence.own_restrictions(rows);
            let said = refusals(&own, &self.evidence.consents(rows), &policy.refusal);
            (customer, said.iter().map(|refusal| (refusal.reason, refusal.scope)).collect::<Refusals>())
        });
        refusals.filter(|(_, refusals)| !refusals.is_empty()).collect()
    }

    /// What the rows say, by which other rows of the same persons are held.
    fn registry(&self, own: &[(CustomerIndex, Refusals)]) -> Registry {
        let known: Vec<KnownAs> = own.par_iter().map(|(customer, _)| self.seen(*customer).known_as()).collect();
        let mut registry = Registry::default();
        for ((customer, refusals), known) in own.iter().zip(known) {
            let called = known.customer.unwrap_or(CustomerId(0));
            registry.add(self.entry(*customer, called, refusals[0]), [known]);
        }
        registry
    }

    fn recognize(&self, registry: &Registry) -> Vec<(CustomerIndex, Recognized)> {
        if registry.is_empty() {
            return Vec::new();
        }
        let found = self.all().filter(|customer| self.is_perhaps_in(registry, *customer)).flat_map_iter(|customer| {
            registry.recognize(&self.seen(customer)).into_iter().map(move |one| (customer, one))
        });
        let mut found: Vec<_> = found.collect();
        registry.settle(&mut found, |customer| self.seen(customer));
        found
    }

    /// False where no sign of a customer is known: almost everybody, of whom no more has to be read then.
    fn is_perhaps_in(&self, registry: &Registry, customer: CustomerIndex) -> bool {
        let rows = self.evidence.rows(customer);
        let is_known = |row: &RowIndex| {
            let mut is_known = false;
            self.evidence.each_key(*row, |hash, _| is_known |= registry.has_mark(Sign::Contact(hash).mark()));
            is_known
        };
        self.ids(rows[0]).any(|id| registry.has_customer(id))
            || self.marks.of(customer).iter().any(|mark| registry.has_mark(*mark))
            || rows.iter().any(is_known)
    }

    /// Whoever is held, through one another: somebody who is recognized has other numbers, by which others are.
    fn through(
        &self,
        first: Vec<(CustomerIndex, Of)>,
        known: &Registry,
        (own, said): (&[(CustomerIndex, Refusals)], &Registry),
        setup: &Setup,
    ) -> Result<BTreeSet<(CustomerIndex, Of)>, RunError> {
        let mut found = BTreeSet::new();
        let mut new = first;
        for _ in 0..MOST_ROUNDS {
            let (mut registry, mut origins) = (Registry::default(), Vec::new());
            for (customer, of) in new {
                if !found.insert((customer, of)) {
                    continue;
                }
                let entry = match of {
                    Of::Known(place) => known.entry(place).clone(),
                    // Others are recognized by it already.
                    Of::Own(place) if own[place as usize].0 == customer => continue,
                    Of::Own(place) => said.entry(place).clone(),
                };
                let known_as = self.seen(customer).known_as();
                if matches!(of, Of::Known(place) if known.knows(place, &known_as)) {
                    continue;
                }
                registry.add(entry, [known_as]);
                origins.push(of);
            }
            setup.go_on()?;
            new = self.recognize(&registry).into_iter().map(|(who, one)| (who, origins[one.entry as usize])).collect();
            if new.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    /// The list that has a later permission of the customer than a refusal: one that names a later day; or, where a list said no to
    /// a channel, one that says yes to it now.
    fn permission(&self, customer: CustomerIndex, entry: &Suppression) -> Option<&str> {
        if entry.reason != SuppressionReason::OptOut {
            return None;
        }
        let refused = Refusal::of(entry).day;
        let place = match entry.scope {
            SuppressionScope::All => 0,
            SuppressionScope::Sms => GivenConsents::place(Channel::Sms),
            SuppressionScope::Email => GivenConsents::place(Channel::Email),
            SuppressionScope::Call => GivenConsents::place(Channel::Call),
        };
        let needs_day = entry.scope == SuppressionScope::All || !entry.source.starts_with(LIST);
        let rows = self.evidence.rows(customer);
        if self.evidence.consents(rows).all()[place] == Some(Consent::No) {
            return None;
        }
        let is_later = |said: Option<Day>| match said {
            Some(day) => day > refused,
            None => !needs_day && self.today > refused,
        };
        rows.iter().find_map(|row| {
            let at = self.rows.place(*row);
            let batch = self.rows.block(at).checked.standard();
            let mut columns = batch.columns().iter().filter(|column| column.field.is_standing());
            let permits = columns.any(|column| {
                let said = column.detail(at.row);
                said.standing().consents().all()[place] == Some(Consent::Yes) && is_later(said.said_on())
            });
            permits.then(|| self.rows.lists()[at.list].file.as_str())
        })
    }

    /// What a row's customer is called; where nobody could be told apart, what it would be called if the row were its only one.
    fn id(&self, row: RowIndex) -> Option<CustomerId> {
        let customers = self.customers?;
        if customers.is_refused() {
            return customers.row_ids().get(row.get()).map(|id| CustomerId(id.0));
        }
        Some(customers.customer(row))
    }

    /// What a row's customer is called, and before it what those were called that became one with it or were split from it.
    fn ids(&self, row: RowIndex) -> impl Iterator<Item = CustomerId> {
        let id = self.id(row);
        let former = self.customers.zip(id).into_iter().flat_map(|(customers, id)| customers.former(id));
        former.chain(id)
    }

    /// What somebody would be called of whom nothing is kept but this row: after its key, else after all by which it is known.
    fn own_id(&self, row: RowIndex, seen: &Seen) -> CustomerId {
        let at = self.rows.place(row);
        match self.key(row) {
            "" => CustomerId(seen.known_as().marks.into_iter().fold(0, |hash, mark| mix(hash ^ mark))),
            key => CustomerId(RowIds::of_key(self.lists[at.list].header, bare_key(key)).0),
        }
    }

    /// The list's own key of a row.
    fn key(&self, row: RowIndex) -> &str {
        match self.customers {
            Some(customers) => customers.key(row),
            None => self.rows.key(row),
        }
    }

    /// A refusal of a customer that is `called` so where nobody could be told apart.
    fn entry(
        &self,
        customer: CustomerIndex,
        called: CustomerId,
        (reason, scope): (SuppressionReason, SuppressionScope),
    ) -> Suppression {
        let row = self.evidence.rows(customer)[0];
        let list = &self.rows.lists()[self.rows.place(row).list].file;
        let what = Suppressed::Customer(self.id(row).unwrap_or(called));
        let entry = Suppression::new(what, reason, &format!("{LIST}{list}"), format!("{}T00:00:00Z", self.today));
        Suppression { scope, ..entry }
    }

    fn seen(&self, customer: CustomerIndex) -> Seen {
        let rows = self.evidence.rows(customer);
        let mut seen = Seen { customers: self.ids(rows[0]).collect(), ..Seen::default() };
        for row in rows {
            self.add_row(*row, &mut seen);
        }
        seen.finish();
        if seen.customers.is_empty() {
            let own = self.own_id(rows[0], &seen);
            seen.customers.push(own);
        }
        seen
    }

    fn add_row(&self, row: RowIndex, seen: &mut Seen) {
        let (first, last) = self.name(row);
        seen.names.push(Name::new(first, last));
        seen.born = seen.born.or(self.evidence.born(row));
        self.evidence.each_key(row, |hash, shared_by| seen.add_contact(hash, shared_by));
        seen.add_key_of(self.families(row), self.key(row));
    }

    /// Given and family name of a row, or the whole for the family name.
    fn name(&self, row: RowIndex) -> (&str, &str) {
        let place = self.rows.place(row);
        let batch = self.rows.block(place).checked.standard();
        let text =
            |field: Field| batch.columns_of(field).map(|column| column.first(place.row)).find(|text| !text.is_empty());
        let last = text(Field::LastName).or_else(|| text(Field::FullName));
        (text(Field::FirstName).unwrap_or_default(), last.unwrap_or_default())
    }

    /// What the list of a row is called from year to year.
    fn families(&self, row: RowIndex) -> impl Iterator<Item = &str> {
        self.lists[self.rows.place(row).list].families.iter().map(String::as_str)
    }
}

impl ListSigns {
    /// Its families are the words of its name without a date, and without numbers alone.
    fn of(list: &CheckedList, names: &ListNames) -> Self {
        let families = [names.family(&list.identity).words, list_family(&list.identity), list_family(&list.file)];
        let header: Vec<String> = list.mapping.columns().iter().map(|column| column.header.clone()).collect();
        ListSigns { families: BTreeSet::from(families), header: header_fingerprint(&header) }
    }
}

/// The same as another customer: who became one with this one, or was split from it.
fn as_customer(known: &KnownAs, id: CustomerId) -> KnownAs {
    if known.customer == Some(id) {
        return known.clone();
    }
    KnownAs { customer: Some(id), names: Vec::new(), born: None, salt: None, marks: Vec::new() }
}
