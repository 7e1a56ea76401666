//! What a run asks stewards, and what waits of answers and messages.

mod cells;
mod customers;
mod maker;
mod pairs;
mod waiting;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::{Cleaned, RunError, Setup};
use crate::record::{ItemKind, NewItem};
use crate::rule::StewardPolicy;
use crate::store::{Filled, ItemFill, Store};
use maker::ItemMaker;

pub use waiting::take_in_waiting;

/// Puts what a run has to ask into the queue, and closes what it no longer asks.
///
/// # Errors
/// When a rule file is not of its form, or the workspace can't be written.
pub fn ask_stewards(cleaned: &Cleaned<'_>, store: &mut Store, setup: &Setup) -> Result<Filled, RunError> {
    let policy = StewardPolicy::load(&setup.context.files)?;
    let maker = ItemMaker::new(cleaned, &policy, setup)?;
    let mut items = pairs::items(&maker);
    setup.go_on()?;
    items.extend(cells::items(&maker));
    items.extend(customers::items(&maker));
    let items = most_worth(items, &policy);
    let lists: Vec<String> = cleaned.rows.lists().iter().map(|list| list.identity.clone()).collect();
    let fill =
        ItemFill { run: &cleaned.summary.run, lists: &lists, items, today: setup.context.today, policy: &policy };
    let filled = store.fill_items(fill)?;
    take_in_waiting(store, &policy, setup.context.today)?;
    Ok(filled)
}

/// Of each kind no more than the policy says, those that are worth most.
fn most_worth(items: Vec<NewItem>, policy: &StewardPolicy) -> Vec<NewItem> {
    let mut kinds: BTreeMap<ItemKind, Vec<NewItem>> = BTreeMap::new();
    for item in items {
        kinds.entry(item.kind).or_default().push(item);
    }
    for (kind, items) in &mut kinds {
        items.par_sort_by(|left, right| {
            let worth = |item: &NewItem| item.value * item.risk;
            worth(right).total_cmp(&worth(left)).then_with(|| left.identity.cmp(&right.identity))
        });
        items.dedup_by(|left, right| left.identity == right.identity);
        items.truncate(policy.kind(*kind).most);
    }
    kinds.into_values().flatten().collect()
}
