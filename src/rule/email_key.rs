//! What two e-mail addresses are compared by.

use super::word_table::WordTable;
use super::{Elsewhere, EmailRules, MailProvider, RuleError, RuleFiles};

/// Makes keys of addresses: equal keys, the same mailbox. A key is for comparison only, never to be sent to.
///
/// One function over the rules of the providers: case, dots and sub-addresses go where the provider itself says that they
/// mean nothing, and domains that are one name space are one.
#[derive(Debug, Clone)]
pub struct EmailKeys {
    providers: Vec<MailProvider>,
    domains: WordTable<u16>,
    elsewhere: Elsewhere,
}

impl EmailKeys {
    /// Raised whenever equal addresses get other keys; stored keys of another version are made anew.
    pub const VERSION: u32 = 1;

    /// By these rules.
    pub fn new(providers: Vec<MailProvider>, elsewhere: Elsewhere) -> Self {
        let indexed = (0_u16..).zip(&providers);
        let domains = indexed.flat_map(|(index, one)| one.domains.iter().map(move |domain| (domain.as_str(), index)));
        EmailKeys { domains: WordTable::new(domains), providers, elsewhere }
    }

    /// By the providers of `rules/email/`.
    ///
    /// # Errors
    /// When a file is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let (providers, elsewhere) = EmailRules::load_providers(files)?;
        Ok(EmailKeys::new(providers, elsewhere))
    }

    /// Appends the key of a local part at a domain in lower case; nothing where no mailbox is named, as when the local
    /// part is nothing but a sub-address.
    pub fn push(&self, local: &str, domain: &str, out: &mut String) {
        let start = out.len();
        let provider = self.domains.find(domain).map(|index| &self.providers[usize::from(index)]);
        let lowercase = provider.map_or(self.elsewhere.lowercase, |one| one.lowercase);
        let base = provider.map_or(local, |one| one.without_subaddress(local));
        if provider.is_some_and(|one| one.ignore_dots) {
            push_without_dots(base, out);
        } else {
            out.push_str(base);
        }
        if out.len() == start {
            return;
        }
        if lowercase && out[start..].is_ascii() {
            out[start..].make_ascii_lowercase();
        } else if lowercase {
            let lower = out[start..].to_lowercase();
            out.replace_range(start.., &lower);
        }
        out.push('@');
        out.push_str(provider.and_then(|one| one.same_as.as_deref()).unwrap_or(domain));
    }

    /// Appends the key of an address in normal form. Quoted local parts and domain literals name no one's mailbox.
    pub fn push_address(&self, address: &str, out: &mut String) {
        let Some((local, domain)) = address.rsplit_once('@') else { return };
        if local.starts_with('"') || domain.starts_with('[') {
            return;
        }
        if domain.chars().any(char::is_uppercase) {
            self.push(local, &domain.to_lowercase(), out);
        } else {
            self.push(local, domain, out);
        }
    }

    /// The key of a local part at a domain; see [`EmailKeys::push`].
    pub fn key(&self, local: &str, domain: &str) -> String {
        let mut key = String::new();
        self.push(local, domain, &mut key);
        key
    }
}

impl MailProvider {
    fn without_subaddress<'a>(&self, local: &'a str) -> &'a str {
        let Some(mark) = self.subaddress else { return local };
        let cut = if self.subaddress_from_last { local.rsplit_once(mark) } else { local.split_once(mark) };
        cut.map_or(local, |(base, _)| base)
    }
}

/// Single dots mean nothing there; a run of them is in no mailbox's name, so it is none of our business.
fn push_without_dots(local: &str, out: &mut String) {
    let bytes = local.as_bytes();
    let is_dot = |index: Option<usize>| index.and_then(|index| bytes.get(index)) == Some(&b'.');
    for (index, letter) in local.char_indices() {
        if letter != '.' || is_dot(index.checked_sub(1)) || is_dot(Some(index + 1)) {
            out.push(letter);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_forgets_only_what_the_provider_ignores() {
        let keys = EmailKeys::load(&RuleFiles::embedded()).expect("the shipped rules load");
        for (local, domain, key) in [
            ("Dana.Levi+club", "googlemail.com", "danalevi@gmail.com"),
            ("shira.k+news", "hotmail.com", "shira.k@hotmail.com"),
            ("dana+a", "me.com", "dana@icloud.com"),
            ("avi-b", "yahoo.com", "avi-b@yahoo.com"),
            ("Olga", "ya.ru", "olga@yandex.ru"),
            ("Tal+club", "012.net.il", "tal+club@012.net.il"),
            ("ДАНА", "walla.com", "дана@walla.com"),
            ("a..b.c", "gmail.com", "a..bc@gmail.com"),
            ("+x", "gmail.com", ""),
        ] {
            assert_eq!(keys.key(local, domain), key, "{local}@{domain}");
        }
    }
}
