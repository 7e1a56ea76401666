//! The forms of an address for machines: the key that equal mailboxes share, and the form that DNS and SMTP want.

use super::plain::plain_at;
use super::syntax;
use crate::rule::EmailKeys;

/// What equal mailboxes share, for comparing only: never send to it. Lower case, the domain as DNS knows it, and dots
/// and sub-addresses gone where the provider itself says that they mean nothing. Text that is no address gives an
/// empty key, and so do quoted local parts and domain literals, which are no one's contact.
pub fn email_key(keys: &EmailKeys, address: &str) -> String {
    let mut key = String::with_capacity(address.len());
    push_email_key(keys, address, &mut key);
    key
}

/// Appends the key of an address; see [`email_key`].
pub fn push_email_key(keys: &EmailKeys, address: &str, out: &mut String) {
    if let Some(at) = plain_at(address.as_bytes()) {
        let (local, domain) = (&address[..at], &address[at + 1..]);
        if domain.bytes().any(|byte| byte.is_ascii_uppercase()) {
            keys.push(local, &domain.to_ascii_lowercase(), out);
        } else {
            keys.push(local, domain, out);
        }
    } else if let Ok(parsed) = syntax::parse(address)
        && !parsed.local.starts_with('"')
        && !parsed.is_literal()
    {
        keys.push(&parsed.local, &parsed.ascii_domain, out);
    }
}

/// The address with its domain as DNS knows it; none where only a server with SMTPUTF8 (RFC 6531) could take it, or
/// where it is no address.
pub fn ascii_form(address: &str) -> Option<String> {
    let parsed = syntax::parse(address).ok()?;
    parsed.local.is_ascii().then(|| format!("{}@{}", parsed.local, parsed.ascii_domain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    #[test]
    fn the_key_is_made_of_the_normal_form_and_only_of_contacts() {
        let keys = EmailKeys::load(&RuleFiles::embedded()).expect("the shipped rules load");
        for (address, key) in [
            ("Dana.Levi+club@GoogleMail.com", "danalevi@gmail.com"),
            ("dana@ישראל.com", "dana@xn--4dbrk0ce.com"),
            ("dana@XN--4DBRK0CE.com", "dana@xn--4dbrk0ce.com"),
            ("jose\u{301}@walla.com", "jos\u{e9}@walla.com"),
            ("\"a b\"@walla.com", ""),
            ("dana@[192.0.2.1]", ""),
            ("dana", ""),
        ] {
            assert_eq!(email_key(&keys, address), key, "{address}");
        }
    }

    #[test]
    fn the_form_for_machines_exists_unless_the_local_part_needs_smtputf8() {
        assert_eq!(ascii_form("Dana@דואר.co.il").as_deref(), Some("Dana@xn--4dbfg1f.co.il"));
        assert_eq!(ascii_form("דנה@walla.co.il"), None);
        assert_eq!(ascii_form("dana"), None);
    }
}
