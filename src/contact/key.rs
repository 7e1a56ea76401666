//! What equal contacts share, and the hash of it.

use crate::record::{ContactKind, mix, text_hash};
use crate::rule::{EmailKeys, PhoneKeys, RuleError, RuleFiles};

/// Makes the keys of contacts: equal keys, the same mailbox or line. A key is for comparison only and never written to.
#[derive(Debug, Clone)]
pub struct ContactKeys {
    emails: EmailKeys,
    phones: PhoneKeys,
}

impl ContactKeys {
    /// Loads the rules of mail providers and numbering plans.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        Ok(ContactKeys { emails: EmailKeys::load(files)?, phones: PhoneKeys::load(files)? })
    }

    /// What addresses alone are compared by.
    pub fn emails(&self) -> &EmailKeys {
        &self.emails
    }

    /// What numbers alone are compared by.
    pub fn phones(&self) -> &PhoneKeys {
        &self.phones
    }

    /// What equal contacts share, as lists, the workspace and whoever names a contact are compared. What names nobody's
    /// mailbox has its text for a key: two of them are not one, and a refusal holds for it all the same.
    pub fn key(&self, kind: ContactKind, value: &str) -> String {
        let mut key = String::new();
        self.push(kind, value, &mut key);
        if key.is_empty() { value.to_owned() } else { key }
    }

    /// Appends what equal contacts share; nothing where there is nothing to compare, as where nobody's mailbox is named.
    fn push(&self, kind: ContactKind, value: &str, key: &mut String) {
        match kind {
            ContactKind::Email => self.emails.push_address(value, key),
            ContactKind::Phone => key.push_str(&self.phones.key(value)),
        }
    }

    /// The hash by which equal contacts are found, and whether somebody's mailbox or line is named: what has no key is
    /// known by its text, so that equal ones are equal still. `key` is room to work in.
    pub fn hash_of(&self, kind: ContactKind, value: &str, key: &mut String) -> (u64, bool) {
        key.clear();
        self.push(kind, value, key);
        if key.is_empty() { (Self::hash(kind, value), false) } else { (Self::hash(kind, key), true) }
    }

    /// The hash by which contacts of a key are found.
    pub fn hash(kind: ContactKind, key: &str) -> u64 {
        let seed = match kind {
            ContactKind::Email => 0x6d61_696c,
            ContactKind::Phone => 0x7068_6f6e,
        };
        mix(text_hash(key) ^ seed)
    }
}

/// The key as it is made now, of one that a workspace keeps: once, whoever named an address was kept by the domain as DNS knows
/// it, and lists by its letters, so that neither found the other.
pub fn key_of_kept(key: String) -> String {
    match key.rsplit_once('@') {
        Some((local, domain)) if domain.contains("xn--") => match idna::domain_to_unicode(domain) {
            (letters, Ok(())) => format!("{local}@{letters}"),
            _ => key,
        },
        _ => key,
    }
}

/// What [`key_of_kept`] makes this key of: its domain as DNS knows it. None where that is the key itself.
pub fn kept_key_of(key: &str) -> Option<String> {
    let (local, domain) = key.rsplit_once('@').filter(|(_, domain)| !domain.is_ascii())?;
    Some(format!("{local}@{}", idna::domain_to_ascii(domain).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_nobodys_mailbox_is_known_by_its_text() {
        let keys = ContactKeys::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let mut key = String::from("left over");
        let gmail = keys.hash_of(ContactKind::Email, "Dana.Levi+x@gmail.com", &mut key);
        assert_eq!((gmail, key.as_str()), ((ContactKeys::hash(ContactKind::Email, &key), true), "danalevi@gmail.com"));
        let quoted = keys.hash_of(ContactKind::Email, "\"a;b\"@shop.co.il", &mut key);
        assert_eq!(quoted, (ContactKeys::hash(ContactKind::Email, "\"a;b\"@shop.co.il"), false));
        let number = keys.hash_of(ContactKind::Phone, "+970592123456", &mut key);
        assert_eq!((number, key.as_str()), ((ContactKeys::hash(ContactKind::Phone, &key), true), "+972592123456"));
        assert_ne!(ContactKeys::hash(ContactKind::Phone, "1"), ContactKeys::hash(ContactKind::Email, "1"));
    }
    #[test]
    fn a_domain_has_one_key_and_the_kept_one_is_found() {
        let keys = ContactKeys::load(&RuleFiles::embedded()).expect("the shipped rules load");
        for (value, kept) in [
            ("Dana@דואר.example", Some("dana@xn--4dbfg1f.example")),
            ("dana@example.org", None),
            ("\"a b\"@דואר.example", Some("\"a b\"@xn--4dbfg1f.example")),
            ("+972502345678", None),
        ] {
            let key = keys.key(ContactKind::of_text(value), value);
            assert_eq!(kept_key_of(&key).as_deref(), kept, "{value}");
            assert_eq!(key_of_kept(kept.map_or_else(|| key.clone(), str::to_owned)), key);
        }
        assert_eq!(key_of_kept("dana@xn--.example".to_owned()), "dana@xn--.example");
    }
}
