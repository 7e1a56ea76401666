//! What two e-mail addresses are compared by, for addresses that are already in normal form.

use std::collections::BTreeMap;

use super::{EmailRules, RuleError, RuleFiles};

/// Makes keys of standardized addresses: equal keys, the same mailbox. A key is for comparison only; never send to it.
#[derive(Debug, Clone)]
pub struct EmailKeys {
    by_domain: BTreeMap<String, MailboxRule>,
}

#[derive(Debug, Clone)]
struct MailboxRule {
    domain: String,
    ignore_dots: bool,
    subaddress: Option<char>,
}

impl EmailKeys {
    /// Reads what providers say of their addresses.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut by_domain = BTreeMap::new();
        for provider in EmailRules::load(files)?.providers {
            for domain in provider.domains {
                let rule = MailboxRule {
                    domain: provider.same_as.clone().unwrap_or_else(|| domain.clone()),
                    ignore_dots: provider.ignore_dots,
                    subaddress: provider.subaddress,
                };
                if rule.ignore_dots || rule.subaddress.is_some() || rule.domain != domain {
                    by_domain.entry(domain).or_insert(rule);
                }
            }
        }
        Ok(EmailKeys { by_domain })
    }

    /// Writes the key of an address behind what `key` holds.
    pub fn push_key(&self, address: &str, key: &mut String) {
        let start = key.len();
        key.extend(address.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase));
        let Some(at) = key[start..].rfind('@').map(|at| start + at) else { return };
        let Some(rule) = self.by_domain.get(&key[at + 1..]) else { return };
        let mut local = key[start..at].to_owned();
        if let Some(base) = rule.subaddress.and_then(|mark| local.find(mark)).filter(|base| *base > 0) {
            local.truncate(base);
        }
        if rule.ignore_dots && local.bytes().any(|byte| byte != b'.') {
            local.retain(|letter| letter != '.');
        }
        key.truncate(start);
        key.push_str(&local);
        key.push('@');
        key.push_str(&rule.domain);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_forgets_only_what_the_provider_ignores() {
        let keys = EmailKeys::load(&RuleFiles::embedded()).expect("the shipped rules load");
        for (address, expected) in [
            ("Dana.Levi+club@GoogleMail.com", "danalevi@gmail.com"),
            ("shira.k+news@hotmail.com", "shira.k@hotmail.com"),
            ("avi-b@yahoo.com", "avi-b@yahoo.com"),
            ("Tal+club@012.net.il", "tal+club@012.net.il"),
            ("+x@gmail.com", "+x@gmail.com"),
            ("dana", "dana"),
        ] {
            let mut key = String::new();
            keys.push_key(address, &mut key);
            assert_eq!(key, expected, "{address}");
        }
    }
}
