//! Decisions, one by one or of all items of a filter: who may make them, which need a second person, and what is written.

use jiff::Timestamp;
use jiff::civil::Date;

use super::choice::{Choice, NoEffect, effects};
use crate::record::{Item, Verb, mix};
use crate::rule::{Context, StewardPolicy};
use crate::store::{
    Act, ActState, Conflict, FreeItem, ItemFilter, MadeAct, Marked, ProfilesFile, Store, StoreError, Undone, User,
};

/// Everything by which stewards decide.
#[derive(Debug)]
pub struct Steward {
    /// Policy.
    pub policy: StewardPolicy,
    /// By what typed values are read.
    pub context: Context,
    /// The customers of the newest run, to find their contacts.
    profiles: Option<ProfilesFile>,
}

/// What came of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decided {
    /// It is made.
    Done(MadeAct),
    /// It waits for a second person.
    Held(MadeAct),
    /// Something stood in the way, and nothing was done.
    Conflict(Conflict),
    /// It can't be decided so, and nothing was done.
    Refused(NoEffect),
    /// The account may not do it.
    NotAllowed,
    /// More items than may be decided at once.
    TooMany(usize),
}

/// Many items, before they are decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Many {
    /// How many there are.
    pub count: usize,
    /// Tells whether they are the same ones when it is said that they are meant.
    pub stamp: u64,
    /// Some of them.
    pub sample: Vec<Item>,
    /// Whether a second person will have to confirm it.
    pub needs_second: bool,
}

impl Steward {
    /// Of a workspace.
    ///
    /// # Errors
    /// When what the newest run left can't be read.
    pub fn new(policy: StewardPolicy, context: Context, store: &Store) -> Result<Self, StoreError> {
        Ok(Steward { policy, context, profiles: store.sound_profiles(1)?.pop() })
    }

    /// Decides one item, as the person saw it.
    ///
    /// # Errors
    /// When the workspace can't be read or written.
    pub fn decide(
        &self,
        store: &mut Store,
        user: &User,
        (id, version): (i64, i64),
        choice: &Choice,
        now: Timestamp,
        today: Date,
    ) -> Result<Decided, StoreError> {
        if !user.role.decides() {
            return Ok(Decided::NotAllowed);
        }
        let Some(item) = store.item(id)? else { return Ok(Decided::Conflict(Conflict::None)) };
        let marked = match self.marked(&item, version, choice, &user.name, now)? {
            Ok(marked) => marked,
            Err(refused) => return Ok(Decided::Refused(refused)),
        };
        let needs_second = self.needs_second(choice.verb, item.new.value, 1);
        self.write(store, user, choice, &[marked], needs_second, now, today)
    }

    /// All items of a filter that are free, before a decision about them.
    ///
    /// # Errors
    /// When the workspace can't be read.
    pub fn many(
        &self,
        store: &Store,
        user: &User,
        filter: &ItemFilter,
        verb: Verb,
        now: Timestamp,
    ) -> Result<Many, StoreError> {
        let found = store.free_items(filter, user.id, now.as_millisecond(), self.policy.many.most + 1)?;
        let mut sample = Vec::new();
        for free in found.iter().take(self.policy.many.sample) {
            sample.extend(store.item(free.id)?);
        }
        let most = found.iter().map(|free| free.value).fold(0.0, f64::max);
        let needs_second = self.needs_second(verb, most, found.len());
        Ok(Many { count: found.len(), stamp: stamp(&found), sample, needs_second })
    }

    /// Decides all items of a filter, if they are those of the stamp; all of them or none.
    ///
    /// # Errors
    /// When the workspace can't be read or written.
    pub fn decide_many(
        &self,
        store: &mut Store,
        user: &User,
        (filter, wanted): (&ItemFilter, u64),
        choice: &Choice,
        now: Timestamp,
        today: Date,
    ) -> Result<Decided, StoreError> {
        let is_of_kind = filter.kind.is_some_and(|kind| kind.verbs().contains(&choice.verb));
        if !user.role.decides() {
            return Ok(Decided::NotAllowed);
        }
        if !is_of_kind || !choice.verb.is_for_many() {
            return Ok(Decided::Refused(NoEffect::Verb));
        }
        let most = self.policy.many.most;
        let found = store.free_items(filter, user.id, now.as_millisecond(), most + 1)?;
        if found.len() > most {
            return Ok(Decided::TooMany(most));
        }
        if found.is_empty() || stamp(&found) != wanted {
            return Ok(Decided::Conflict(Conflict::Changed(0)));
        }
        let value = found.iter().map(|free| free.value).fold(0.0, f64::max);
        let mut all = Vec::with_capacity(found.len());
        for FreeItem { id, version, .. } in found {
            let Some(item) = store.item(id)? else { return Ok(Decided::Conflict(Conflict::Over(id))) };
            match self.marked(&item, version, choice, &user.name, now)? {
                Ok(marked) => all.push(marked),
                Err(refused) => return Ok(Decided::Refused(refused)),
            }
        }
        let needs_second = self.needs_second(choice.verb, value, all.len());
        self.write(store, user, choice, &all, needs_second, now, today)
    }

    /// Confirms a decision that another person made.
    ///
    /// # Errors
    /// When the workspace can't be read or written.
    pub fn approve(
        &self,
        store: &mut Store,
        user: &User,
        act: i64,
        now: Timestamp,
        today: Date,
    ) -> Result<Decided, StoreError> {
        if !user.role.approves() {
            return Ok(Decided::NotAllowed);
        }
        let Some(line) = store.act_line(act)?.filter(|line| line.state == ActState::Held) else {
            return Ok(Decided::Conflict(Conflict::None));
        };
        let Ok(choice) = serde_json::from_str::<Choice>(&line.said) else {
            return Ok(Decided::Refused(NoEffect::Verb));
        };
        let mut all = Vec::new();
        for (id, version) in store.marked_of(act)? {
            let Some(item) = store.item(id)? else { return Ok(Decided::Conflict(Conflict::Over(id))) };
            match self.marked(&item, version, &choice, &line.who, now)? {
                Ok(marked) => all.push(marked),
                Err(refused) => return Ok(Decided::Refused(refused)),
            }
        }
        let today = today.to_string();
        let made = Act {
            user: user.id,
            who: &user.name,
            verb: line.verb,
            said: &line.said,
            at: now,
            today: &today,
            items: &all,
        };
        Ok(store.approve(act, &made)?.map_or_else(Decided::Conflict, Decided::Done))
    }

    /// Sends a decision that waits back to the queue: whoever may confirm it, or who made it.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn refuse(
        &self,
        store: &mut Store,
        user: &User,
        act: i64,
        now: Timestamp,
    ) -> Result<Option<Undone>, StoreError> {
        if !may_touch(store, user, act)? {
            return Ok(None);
        }
        store.refuse(act, &user.name, now).map(Some)
    }

    /// Takes a decision back: one's own, or anybody's for whoever may confirm. None where the account may not.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn undo(&self, store: &mut Store, user: &User, act: i64, now: Timestamp) -> Result<Option<Undone>, StoreError> {
        if !may_touch(store, user, act)? {
            return Ok(None);
        }
        store.undo_act(act, &user.name, now).map(Some)
    }

    /// Whether a second person must confirm: what merges or changes a customer of value, and much at once.
    pub fn needs_second(&self, verb: Verb, value: f64, items: usize) -> bool {
        let line = &self.policy.second_person;
        let changes = matches!(verb, Verb::Same | Verb::Accept | Verb::Edit | Verb::Suppress);
        items > line.items || changes && value >= line.value
    }

    fn marked(
        &self,
        item: &Item,
        version: i64,
        choice: &Choice,
        who: &str,
        now: Timestamp,
    ) -> Result<Result<Marked, NoEffect>, StoreError> {
        let profile = match (&self.profiles, item.new.customer, choice.verb) {
            (Some(profiles), Some(customer), Verb::Suppress) => profiles.by_id(customer)?,
            _ => None,
        };
        let effects = effects(item, choice, who, now, profile.as_ref(), &self.context);
        Ok(effects.map(|effects| Marked { id: item.id, version, effects }))
    }

    #[expect(clippy::too_many_arguments, reason = "each is a part of one decision")]
    fn write(
        &self,
        store: &mut Store,
        user: &User,
        choice: &Choice,
        items: &[Marked],
        needs_second: bool,
        now: Timestamp,
        today: Date,
    ) -> Result<Decided, StoreError> {
        let said = serde_json::to_string(choice)
            .map_err(|error| StoreError::Snapshot(format!("a decision can't be written: {error}")))?;
        let today = today.to_string();
        let act = Act { user: user.id, who: &user.name, verb: choice.verb, said: &said, at: now, today: &today, items };
        Ok(if needs_second {
            store.hold(&act)?.map_or_else(Decided::Conflict, Decided::Held)
        } else {
            store.act(&act)?.map_or_else(Decided::Conflict, Decided::Done)
        })
    }
}

fn may_touch(store: &Store, user: &User, act: i64) -> Result<bool, StoreError> {
    let is_own = || Ok::<_, StoreError>(store.act_line(act)?.is_none_or(|line| line.user == user.id));
    Ok(user.role.approves() || user.role.decides() && is_own()?)
}

/// Tells lists of items apart.
fn stamp(items: &[FreeItem]) -> u64 {
    let one = |item: &FreeItem| mix(item.id as u64) ^ mix(item.version as u64).rotate_left(1);
    items.iter().fold(items.len() as u64, |hash, item| mix(hash ^ one(item)))
}
