//! What a person chose of an item, and what follows from it. Nothing is written here.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::finding::Code;
use crate::kernel::check_row;
use crate::record::{
    ColumnIndex, ContactKind, CustomerProfile, Effect, Field, GivenState, Item, Shown, Suppressed, Suppression,
    SuppressionReason, ToSuppress, Verb, Verdict, moment,
};
use crate::rule::Context;

/// What a person chose. What is formatted for a log says nothing of it but the verb.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// What is to be done.
    pub verb: Verb,
    /// Of which field a value is given, where the item does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// The value that is given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// Why somebody is not to be contacted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<SuppressionReason>,
    /// Why, for whoever asks later.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
}

impl Choice {
    /// Of a verb alone.
    pub fn of(verb: Verb) -> Self {
        Choice { verb, field: None, value: String::new(), reason: None, why: String::new() }
    }
}

impl std::fmt::Debug for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Choice({})", self.verb)
    }
}

/// Why nothing follows from a choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoEffect {
    /// It can't be chosen of such an item.
    Verb,
    /// Nobody knows whose it is.
    NoCustomer,
    /// The value that was given can't be taken, for the reason of this code; empty where it is no value at all.
    Value(String),
}

/// Letters of a value that is given.
const MOST_LETTERS: usize = 200;
/// Who says it in tables that name a source.
const SOURCE: &str = "steward";

/// What follows from a choice about an item, by a person of this name. `profile` is its customer's.
///
/// # Errors
/// When it can't be chosen.
pub fn effects(
    item: &Item,
    choice: &Choice,
    who: &str,
    at: Timestamp,
    profile: Option<&CustomerProfile>,
    context: &Context,
) -> Result<Vec<Effect>, NoEffect> {
    let new = &item.new;
    if !new.kind.verbs().contains(&choice.verb) {
        return Err(NoEffect::Verb);
    }
    let customer = new.customer.ok_or(NoEffect::NoCustomer);
    Ok(match (choice.verb, &new.shown) {
        (Verb::Same | Verb::Different | Verb::Household, Shown::Pair(pair)) => {
            let relation = choice.verb.relation().ok_or(NoEffect::Verb)?;
            let why = if choice.why.trim().is_empty() { who } else { choice.why.trim() };
            vec![Effect::Relation(Box::new(pair.decision(relation, why, &moment(at))))]
        }
        (Verb::Accept, Shown::Cell(cell)) => {
            vec![value(item, cell.field, &cell.value, &cell.suggestion, context)?]
        }
        (Verb::Accept, Shown::Change { id, .. }) => vec![Effect::Given(*id, GivenState::Accepted)],
        (Verb::Reject, Shown::Change { id, .. }) => vec![Effect::Given(*id, GivenState::Rejected)],
        (Verb::Edit, Shown::Cell(cell)) => vec![value(item, cell.field, &cell.value, &choice.value, context)?],
        (Verb::Edit, Shown::Sources { values, .. }) => {
            let field = choice.field.filter(|field| values.iter().any(|(own, _)| own == field));
            let field = field.ok_or_else(|| NoEffect::Value(String::new()))?;
            vec![value(item, field, "", &choice.value, context)?]
        }
        (Verb::Suppress, shown) => {
            let reason = choice.reason.unwrap_or(SuppressionReason::Manual);
            let suppress = |what: Suppressed, contacts: Vec<(ContactKind, String)>| {
                let mut entry = Suppression::new(what, reason, SOURCE, moment(at));
                choice.why.trim().clone_into(&mut entry.note);
                Effect::Suppress(Box::new(ToSuppress { entry, contacts }))
            };
            let contacts = || {
                let all = profile.into_iter().flat_map(|profile| &profile.contacts);
                all.map(|contact| (contact.kind, contact.key.clone())).collect()
            };
            let mut effects = match shown {
                Shown::Cell(cell) if cell.people > 0 => {
                    let (kind, key) = cell.contact.clone().ok_or(NoEffect::NoCustomer)?;
                    vec![suppress(Suppressed::Contact(kind, key), Vec::new())]
                }
                Shown::Message { sender, .. } if new.customer.is_none() => {
                    let is_contact = sender.starts_with('+') || sender.contains('@');
                    let kind = is_contact.then(|| ContactKind::of_text(sender)).ok_or(NoEffect::NoCustomer)?;
                    vec![suppress(Suppressed::Contact(kind, sender.clone()), Vec::new())]
                }
                _ => vec![suppress(Suppressed::Customer(customer?), contacts())],
            };
            match shown {
                Shown::Message { id, .. } => effects.push(Effect::MessageDone(*id)),
                Shown::Change { id, .. } => effects.push(Effect::Given(*id, GivenState::Rejected)),
                _ => {}
            }
            effects
        }
        (Verb::Call, shown) => {
            let mut effects = vec![Effect::Call(customer?)];
            if let Shown::Message { id, .. } = shown {
                effects.push(Effect::MessageDone(*id));
            }
            effects
        }
        (Verb::Done, Shown::Message { id, .. }) => vec![Effect::MessageDone(*id)],
        (Verb::Done | Verb::Reject, _) => Vec::new(),
        _ => return Err(NoEffect::Verb),
    })
}

/// A value that is given, as the kernels read it: what they can't read, or judge to be no value, is not taken.
fn value(item: &Item, field: Field, old: &str, given: &str, context: &Context) -> Result<Effect, NoEffect> {
    let customer = item.new.customer.ok_or(NoEffect::NoCustomer)?;
    let given = given.trim();
    let is_text = !given.is_empty() && given.chars().count() <= MOST_LETTERS && !given.chars().any(char::is_control);
    if !is_text {
        return Err(NoEffect::Value(String::new()));
    }
    let checked = check_row(context, &[(field, given)]).map_err(|_| NoEffect::Value(String::new()))?;
    let column = ColumnIndex(0);
    let new = checked.standard().cell(0, field).to_owned();
    let errors = checked.findings().into_iter().filter(|finding| finding.column == Some(column));
    let code = errors.map(|finding| finding.code).find(|code| !code.is_repair() && !code.is_class());
    if new.is_empty() || checked.verdict(0, column) == Verdict::Invalid {
        return Err(NoEffect::Value(code.map_or("", Code::as_str).to_owned()));
    }
    // Values that customers gave call every number a phone.
    let field = if field.is_phone() { Field::Phone } else { field };
    Ok(Effect::Value { customer, field, old: old.to_owned(), new })
}
