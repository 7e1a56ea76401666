//! What waits of answers and messages, as items of the same queue.

use jiff::civil::Date;

use crate::pipeline::RunError;
use crate::record::{CustomerId, CustomerProfile, ItemKind, NewItem, Shown};
use crate::rule::StewardPolicy;
use crate::store::{Filled, ProfilesFile, Store, Waiting};

/// Takes in what waits of answers and messages since, and closes what was decided elsewhere.
///
/// # Errors
/// When the workspace can't be read or written.
pub fn take_in_waiting(store: &mut Store, policy: &StewardPolicy, today: Date) -> Result<Filled, RunError> {
    let waiting = store.waiting()?;
    // Mostly nothing waits, and nobody is looked up.
    let profiles = if waiting.is_empty() { None } else { store.sound_profiles(1)?.pop() };
    let items: Vec<(i64, NewItem)> = waiting.iter().map(|one| item(one, profiles.as_ref(), policy)).collect();
    Ok(store.take_in_waiting(&items, policy, today)?)
}

/// What waits as an item, with its number.
fn item(waiting: &Waiting, profiles: Option<&ProfilesFile>, policy: &StewardPolicy) -> (i64, NewItem) {
    let (kind, customer, identity, reason, shown) = match waiting {
        Waiting::Given(value) => {
            let shown = Shown::Change {
                id: value.id,
                field: value.field.clone(),
                old: value.old.clone(),
                new: value.new.clone(),
                source: value.source.clone(),
                at: value.at.clone(),
            };
            (ItemKind::Change, Some(value.customer), value.id, value.field.clone(), shown)
        }
        Waiting::Text(kept) => {
            let text = &kept.text;
            let shown = Shown::Message {
                id: kept.id,
                body: text.body.clone(),
                sender: text.sender.clone(),
                meaning: text.meaning.as_str().to_owned(),
                at: crate::record::moment(text.at),
            };
            (ItemKind::Message, text.customer, kept.id, text.meaning.as_str().to_owned(), shown)
        }
    };
    let profile = customer.and_then(|customer| known(profiles, customer));
    let of = |text: fn(&CustomerProfile) -> &str| profile.as_ref().map_or("", text).to_owned();
    let item = NewItem {
        kind,
        identity: identity.to_string(),
        customer,
        other: None,
        shown,
        reason,
        list: of(|profile| &profile.list),
        other_list: String::new(),
        segment: String::new(),
        language: of(|profile| &profile.language),
        value: profile.as_ref().map_or(1.0, |profile| f64::from(profile.value)),
        risk: policy.kind(kind).weight,
    };
    (identity, item)
}

/// A customer of the newest run; none where that can't be read, since its message waits all the same.
fn known(profiles: Option<&ProfilesFile>, customer: CustomerId) -> Option<CustomerProfile> {
    profiles?.by_id(customer).ok().flatten()
}
