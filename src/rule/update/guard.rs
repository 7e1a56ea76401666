//! Entries that would do harm: a provider called a throw-away, a public suffix that stands for everyone below it.

use std::collections::HashMap;

use super::reading::parents;
use super::{Guard, UpdatableList};
use crate::rule::{EmailRules, RuleError, RuleFiles};

/// The names that must not be on a list.
#[derive(Debug, Default)]
pub(super) struct Guards {
    /// Why, by name.
    known: HashMap<String, String>,
    /// Names above those, each with one below it.
    above: HashMap<String, String>,
    refuses_suffixes: bool,
}

impl Guards {
    /// Reads what the list's guards name.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub(super) fn load(files: &RuleFiles, list: &UpdatableList) -> Result<Self, RuleError> {
        let mut guards = Guards::default();
        for name in &list.never {
            guards.add(name, "people looked at it and left it out", list.is_tree);
        }
        if list.guards.is_empty() {
            return Ok(guards);
        }
        let email = EmailRules::load(files)?;
        for guard in &list.guards {
            match guard {
                Guard::Provider => {
                    for provider in &email.providers {
                        let why = format!("a provider of mailboxes ({})", provider.name);
                        provider.domains.iter().for_each(|domain| guards.add(domain, &why, list.is_tree));
                    }
                }
                Guard::Free => {
                    email
                        .free
                        .domains()
                        .for_each(|domain| guards.add(domain, "a provider of free mailboxes", list.is_tree));
                }
                Guard::Relay => {
                    let relays = &email.classes.relay;
                    relays.iter().for_each(|domain| guards.add(domain, "a forwarding service", list.is_tree));
                }
                Guard::Disposable => {
                    email.disposable.domains().for_each(|domain| guards.add(domain, "a throw-away mailbox", false));
                }
                Guard::PublicSuffix => guards.refuses_suffixes = true,
            }
        }
        Ok(guards)
    }

    /// Why an entry must not be there.
    pub(super) fn why_not(&self, entry: &str) -> Option<String> {
        // What is said of a name itself is better than what is said of it for the sake of another.
        if let Some(why) = self.known.get(entry) {
            return Some(why.clone());
        }
        if self.refuses_suffixes && is_public_suffix(entry) {
            return Some("a public suffix: others have names below it".to_owned());
        }
        self.above.get(entry).map(|name| format!("{name} is below it, {}", self.known[name]))
    }

    fn add(&mut self, name: &str, why: &str, with_parents: bool) {
        self.known.insert(name.to_owned(), why.to_owned());
        if with_parents {
            for parent in parents(name) {
                self.above.entry(parent.to_owned()).or_insert_with(|| name.to_owned());
            }
        }
    }
}

fn is_public_suffix(domain: &str) -> bool {
    psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix.as_bytes() == domain.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::update::UpdateLists;

    #[test]
    fn what_would_do_harm_is_known_with_its_reason() {
        let files = RuleFiles::embedded();
        let lists = UpdateLists::load(&files).expect("the shipped rules load");
        let guards =
            Guards::load(&files, lists.find("disposable").expect("is a list")).expect("the shipped rules load");
        for (entry, told) in [
            ("gmail.com", "Google"),
            ("walla.co.il", "Walla"),
            ("mozmail.com", "forwarding"),
            ("co.il", "public suffix"),
            ("appleid.com", "privaterelay.appleid.com is below it"),
            ("21cn.com", "people looked"),
        ] {
            let why = guards.why_not(entry).unwrap_or_default();
            assert!(why.contains(told), "{entry}: {why}");
        }
        assert_eq!(guards.why_not("mailinator.com"), None);
        let guards = Guards::load(&files, lists.find("free").expect("is a list")).expect("the shipped rules load");
        assert!(guards.why_not("mailinator.com").is_some_and(|why| why.contains("throw-away")));
    }
}
