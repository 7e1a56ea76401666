//! Who somebody is, for whoever has them on the telephone: from the customers of the newest run and what was answered since.

use super::advice_on_caller::{CallerAdvice, CallerAdviser};
use super::{ContactReader, RunError, Setup};
use crate::outreach::holding;
use crate::record::{ContactKind, CustomerId, CustomerProfile, Suppression};
use crate::standardize::numbering::RegionId;
use crate::store::{AskedContact, GivenValue, PastAnswer, ProfilesFile, Store};
use crate::text::digit::digit_of;
use crate::text::name_words;

/// Digits from which the end of a number names it well enough.
const LEAST_DIGITS: usize = 7;
/// What was planned and what was answered: so much of it is told.
const TOLD: usize = 5;

/// A customer with all that an agent may want to know.
#[derive(Debug, Clone, PartialEq)]
pub struct Caller {
    /// The customer.
    pub profile: CustomerProfile,
    /// Others of the household.
    pub household: Vec<CustomerProfile>,
    /// Whether it may be contacted by each channel, and what to do next.
    pub advice: CallerAdvice,
    /// By what it is held.
    pub restrictions: Vec<Suppression>,
    /// How it was asked, the newest first.
    pub planned: Vec<AskedContact>,
    /// What its contacts said last.
    pub answers: Vec<PastAnswer>,
    /// What it gave anew, not yet accepted.
    pub pending: Vec<GivenValue>,
}

/// Who was found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Callers {
    /// The customers.
    pub callers: Vec<Caller>,
    /// There are more of that name.
    pub has_more: bool,
}

/// Finds who a text names: a customer, the key of a row, an address, a number or the end of one, a name.
///
/// # Errors
/// When the workspace or the rules can't be read.
pub fn find_callers(
    store: &Store,
    profiles: &ProfilesFile,
    setup: &Setup,
    text: &str,
    most: usize,
) -> Result<Callers, RunError> {
    let mut found = named(profiles, setup, text, most)?;
    let has_more = found.len() > most;
    found.truncate(most);
    if found.is_empty() {
        return Ok(Callers::default());
    }
    let adviser = CallerAdviser::new(profiles, setup)?;
    let callers =
        found.into_iter().map(|profile| caller(store, profiles, &adviser, profile)).collect::<Result<_, _>>()?;
    Ok(Callers { callers, has_more })
}

/// At most one more than `most`.
fn named(profiles: &ProfilesFile, setup: &Setup, text: &str, most: usize) -> Result<Vec<CustomerProfile>, RunError> {
    let text = text.trim();
    if let Some(id) = CustomerId::parse(text) {
        return Ok(profiles.by_id(id)?.into_iter().collect());
    }
    if ContactKind::of_text(text) == ContactKind::Email {
        return with_contact(profiles, setup, ContactKind::Email, text);
    }
    let digits: String = text.chars().filter_map(digit_of).collect();
    let looks_like_key = !text.is_empty() && !text.contains(char::is_whitespace) && !digits.is_empty();
    let members = if looks_like_key { profiles.by_row_key(text)? } else { Vec::new() };
    if !members.is_empty() {
        return Ok(members);
    }
    if !text.chars().any(char::is_alphabetic) && digits.len() >= LEAST_DIGITS {
        let found = with_contact(profiles, setup, ContactKind::Phone, text)?;
        return if found.is_empty() { ending_in(profiles, setup, &digits, most) } else { Ok(found) };
    }
    let words = name_words(text);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Ok(profiles.by_name(&words, most + 1)?)
}

fn with_contact(
    profiles: &ProfilesFile,
    setup: &Setup,
    kind: ContactKind,
    text: &str,
) -> Result<Vec<CustomerProfile>, RunError> {
    let mut found: Vec<CustomerProfile> = Vec::new();
    for contact in ContactReader::only(setup, kind)?.read_as(kind, text, "").unwrap_or_default() {
        for profile in profiles.by_contact(contact.kind, &contact.key)? {
            if found.iter().all(|known| known.id != profile.id) {
                found.push(profile);
            }
        }
    }
    Ok(found)
}

/// Whoever has a number of the default region that ends in these digits. There is no index of endings, so every area code of
/// up to two digits is tried: some hundred look-ups.
fn ending_in(
    profiles: &ProfilesFile,
    setup: &Setup,
    digits: &str,
    most: usize,
) -> Result<Vec<CustomerProfile>, RunError> {
    let Some(region) = RegionId::of(&setup.context.region) else { return Ok(Vec::new()) };
    let code = region.calling_code();
    let one = (0..10).map(|area| area.to_string());
    let two = (0..100).map(|area| format!("{area:02}"));
    let mut found: Vec<CustomerProfile> = Vec::new();
    for area in std::iter::once(String::new()).chain(one).chain(two) {
        for profile in
            profiles.by_contact(ContactKind::Phone, &setup.keys.phones().key(&format!("+{code}{area}{digits}")))?
        {
            if found.len() <= most && found.iter().all(|known| known.id != profile.id) {
                found.push(profile);
            }
        }
    }
    Ok(found)
}

fn caller(
    store: &Store,
    profiles: &ProfilesFile,
    adviser: &CallerAdviser<'_>,
    profile: CustomerProfile,
) -> Result<Caller, RunError> {
    let mut household = profiles.by_household(profile.household)?;
    household.retain(|other| other.id != profile.id);
    let contacts = profile.contacts.iter().map(|contact| (contact.kind, contact.key.as_str()));
    let restrictions = holding(&profile, profiles, store)?;
    Ok(Caller {
        advice: adviser.advice(&profile, profiles, &restrictions)?,
        restrictions,
        planned: store.planned_contacts(profile.id, TOLD)?,
        answers: store.past_answers(contacts, TOLD)?,
        pending: store.pending_values(profile.id)?,
        household,
        profile,
    })
}
