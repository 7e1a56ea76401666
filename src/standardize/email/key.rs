//! Two forms of an address for machines: the key that equal mailboxes share, and the form that DNS and SMTP want.

use super::syntax;
use crate::rule::{EmailRules, MailProvider};

/// What equal mailboxes share, for comparing only: never send to it. Lower case, the domain as DNS knows it, and dots
/// and sub-addresses gone where the provider itself says that they mean nothing. Text that is no address gives an
/// empty key, and so do quoted local parts and domain literals, which are no one's contact.
pub fn email_key(rules: &EmailRules, address: &str) -> String {
    let Ok(parsed) = syntax::parse(address) else { return String::new() };
    if parsed.local.starts_with('"') || parsed.is_literal() {
        return String::new();
    }
    let local = parsed.local.to_lowercase();
    let domain = parsed.ascii_domain;
    match rules.providers.iter().find(|provider| provider.domains.contains(&domain)) {
        Some(provider) => format!("{}@{}", mailbox(provider, &local), provider.same_as.as_ref().unwrap_or(&domain)),
        None => format!("{local}@{domain}"),
    }
}

/// The address with its domain as DNS knows it; none where only a server with SMTPUTF8 (RFC 6531) could take it, or
/// where it is no address.
pub fn ascii_form(address: &str) -> Option<String> {
    let parsed = syntax::parse(address).ok()?;
    parsed.local.is_ascii().then(|| format!("{}@{}", parsed.local, parsed.ascii_domain))
}

fn mailbox(provider: &MailProvider, local: &str) -> String {
    let base = provider.subaddress.and_then(|mark| local.split_once(mark)).map_or(local, |(base, _)| base);
    let name = if provider.ignore_dots { base.replace('.', "") } else { base.to_owned() };
    // A local part of nothing but a sub-address stays as it is: an empty name is no mailbox.
    if name.is_empty() { local.to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    #[test]
    fn the_key_forgets_only_what_the_provider_ignores() {
        let rules = EmailRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        for (address, key) in [
            ("Dana.Levi+club@GoogleMail.com", "danalevi@gmail.com"),
            ("shira.k+news@hotmail.com", "shira.k@hotmail.com"),
            ("dana+a@icloud.com", "dana@icloud.com"),
            ("avi-b@yahoo.com", "avi-b@yahoo.com"),
            ("Tal+club@012.net.il", "tal+club@012.net.il"),
            ("dana@ישראל.com", "dana@xn--4dbrk0ce.com"),
            ("+x@gmail.com", "+x@gmail.com"),
            ("\"a b\"@walla.com", ""),
            ("dana@[192.0.2.1]", ""),
            ("dana", ""),
        ] {
            assert_eq!(email_key(&rules, address), key, "{address}");
        }
    }

    #[test]
    fn the_form_for_machines_exists_unless_the_local_part_needs_smtputf8() {
        assert_eq!(ascii_form("Dana@דואר.co.il").as_deref(), Some("Dana@xn--4dbfg1f.co.il"));
        assert_eq!(ascii_form("דנה@walla.co.il"), None);
        assert_eq!(ascii_form("dana"), None);
    }
}
