//! Reads contacts however they are written, with the standardizers that lists are read with.

use super::super::RunError;
use crate::evidence::ContactKeys;
use crate::record::{CellOut, ContactKind};
use crate::rule::Context;
use crate::standardize::numbering::RegionId;
use crate::standardize::{CellContext, EmailStandardizer, PhoneStandardizer, Standardizer};

/// Reads contacts.
pub(super) struct ContactReader {
    email: EmailStandardizer,
    phone: PhoneStandardizer,
}

impl ContactReader {
    pub(super) fn new(context: &Context) -> Result<Self, RunError> {
        Ok(ContactReader { email: EmailStandardizer::new(&context.files)?, phone: PhoneStandardizer::new(context)? })
    }

    /// What a text is, and the hash by which equal contacts are found; none where it is no address and no number.
    pub(super) fn hash_of_text(&self, text: &str, keys: &ContactKeys) -> Option<(ContactKind, u64)> {
        let kind = if text.contains('@') { ContactKind::Email } else { ContactKind::Phone };
        let mut out = CellOut::default();
        match kind {
            ContactKind::Email => self.email.standardize(text, CellContext::default(), &mut out),
            ContactKind::Phone => self.phone.standardize(text, CellContext::default(), &mut out),
        }
        let value = out.values().next()?;
        let mut key = String::new();
        keys.push_key(kind, value, &mut key);
        (!key.is_empty()).then(|| (kind, ContactKeys::hash(kind, &key)))
    }
}

/// What contacts of a run are compared by.
pub(super) fn contact_keys(context: &Context) -> Result<ContactKeys, RunError> {
    let home = RegionId::of(&context.region).map_or_else(String::new, |region| format!("+{}", region.calling_code()));
    Ok(ContactKeys::new(&context.files, home)?)
}
