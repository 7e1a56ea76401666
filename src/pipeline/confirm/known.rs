//! What is known of the customer of a link, and what of it the page shows.

use crate::record::{ContactKind, CustomerProfile, Field, Outcome, mask};
use crate::standardize::numbering::forms;
use crate::store::OpenLink;

/// What an open link shows; values are masked.
#[derive(Clone, PartialEq, Eq)]
pub struct ShownLink {
    /// The name that the message greeted by; may be empty.
    pub first_name: String,
    /// ISO 639.
    pub language: String,
    /// What is asked about.
    pub contacts: Vec<(ContactKind, String)>,
    /// What was answered last.
    pub answered: Option<Outcome>,
}

/// What is known of a customer: by the newest run, and by what it gave since.
pub(super) struct Known {
    pub(super) profile: Option<CustomerProfile>,
    /// Kind, key and value.
    pub(super) newer: Vec<(ContactKind, String, String)>,
}

impl Known {
    fn newer(&self, kind: ContactKind) -> Option<(&str, &str)> {
        let newer = self.newer.iter().find(|(own, ..)| *own == kind)?;
        Some((&newer.1, &newer.2))
    }

    /// The contact of a kind that stands for the customer: its key and value.
    pub(super) fn golden(&self, kind: ContactKind) -> Option<(&str, &str)> {
        let listed = || self.profile.as_ref()?.first(kind).map(|contact| (&*contact.key, &*contact.value));
        self.newer(kind).or_else(listed)
    }

    pub(super) fn has(&self, kind: ContactKind, key: &str) -> bool {
        let listed = self.profile.iter().flat_map(|profile| &profile.contacts);
        let mut listed = listed.map(|contact| (contact.kind, &*contact.key));
        listed.any(|one| one == (kind, key)) || self.newer(kind).is_some_and(|(own, _)| own == key)
    }
}

/// The contacts that the page shows beside the one by which the link came: the golden one of each kind, by its key.
pub(super) fn others(link: &OpenLink, known: &Known) -> Vec<(ContactKind, String)> {
    let golden = KINDS.into_iter().filter_map(|kind| Some((kind, known.golden(kind)?.0.to_owned())));
    golden.filter(|(kind, key)| (*kind, key) != (link.contact(), &link.recipient_key)).collect()
}

const KINDS: [ContactKind; 2] = [ContactKind::Phone, ContactKind::Email];

pub(super) fn shown(link: &OpenLink, known: &Known, answered: Option<Outcome>) -> ShownLink {
    // The one by which the link came, unless another was given in its place since.
    let own = known.newer(link.contact()).is_none().then(|| (link.contact(), link.recipient.clone()));
    let golden = KINDS.into_iter().filter_map(|kind| Some((kind, known.golden(kind)?)));
    let others = golden.filter(|(kind, (key, _))| (*kind, *key) != (link.contact(), link.recipient_key.as_str()));
    let others = others.map(|(kind, (_, value))| (kind, value.to_owned()));
    let mut contacts: Vec<(ContactKind, String)> = own.into_iter().chain(others).collect();
    contacts.sort_by_key(|(kind, _)| *kind == ContactKind::Email);
    ShownLink {
        first_name: link.first_name.clone(),
        language: link.language.clone(),
        contacts: contacts.into_iter().map(|(kind, value)| (kind, masked(kind, &value))).collect(),
        answered,
    }
}

/// A number as people write it at home, or an address, masked.
pub(super) fn masked(kind: ContactKind, value: &str) -> String {
    match kind {
        ContactKind::Email => mask(Some(Field::Email), value),
        ContactKind::Phone => {
            let national = forms(value).map(|forms| forms.national);
            mask(Some(Field::Phone), national.as_deref().unwrap_or(value))
        }
    }
}
