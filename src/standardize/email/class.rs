//! What is known of an address from lists: its class, placeholders, and whether its top level domain exists.

use crate::finding::Code;
use crate::rule::{DomainList, EmailRules, ProviderClass, WordTable};

/// The lists, ready to be looked up.
#[derive(Debug)]
pub(super) struct Directory {
    domains: WordTable<DomainKind>,
    locals: WordTable<LocalKind>,
    words: WordTable<()>,
    cells: WordTable<()>,
    disposable: DomainList,
    disposable_wide: DomainList,
    misspelt: WordTable<()>,
}

/// What the lists say of one address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Facts {
    /// Its class.
    pub(super) class: Option<Code>,
    /// The domain is one of the lists', so nothing about it is misspelt.
    pub(super) is_known: bool,
    /// The domain is reserved.
    pub(super) special_use: bool,
    /// No such top level domain was known when the list was made.
    pub(super) unknown_tld: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DomainKind {
    Provider(Code),
    /// Holds for whatever is below it, too.
    Tree(Code),
    SpecialUse,
    /// Lists that hold mistakes call it, and whatever is below it, disposable.
    Hint,
}

#[derive(Debug, Clone, Copy, Default)]
struct LocalKind {
    is_role: bool,
    is_placeholder: bool,
    is_word: bool,
}

impl Directory {
    pub(super) fn new(rules: &EmailRules) -> Self {
        let providers = rules.providers.iter().flat_map(|provider| {
            let class = match provider.class {
                ProviderClass::Free => Code::EmailFree,
                ProviderClass::Isp => Code::EmailIsp,
            };
            provider.domains.iter().map(move |domain| (domain.as_str(), DomainKind::Provider(class)))
        });
        let tree =
            |domains: &'_ [String], kind| domains.iter().map(move |domain| (domain.clone(), kind)).collect::<Vec<_>>();
        let mut trees = tree(&rules.classes.relay, DomainKind::Tree(Code::EmailRelay));
        trees.extend(tree(&rules.special_use, DomainKind::SpecialUse));
        let free = rules.free.domains().map(|domain| (domain, DomainKind::Provider(Code::EmailFree)));
        let words = &rules.placeholders.words;
        Directory {
            domains: WordTable::new(
                trees.iter().map(|(domain, kind)| (domain.as_str(), *kind)).chain(providers).chain(free),
            ),
            locals: local_kinds(rules),
            disposable: rules.disposable.clone(),
            disposable_wide: rules.disposable_wide.clone(),
            misspelt: WordTable::new(rules.typos.domains.keys().map(|domain| (domain.as_str(), ()))),
            words: WordTable::new(words.iter().map(|word| (word.as_str(), ()))),
            cells: WordTable::new(rules.placeholders.cells.iter().map(|cell| (cell.as_str(), ()))),
        }
    }

    /// Whether a whole cell (in lower case, with single spaces) says that there is no address.
    pub(super) fn is_placeholder_cell(&self, folded: &str) -> bool {
        self.cells.find(folded).is_some()
    }

    /// What is known of an address; none where it is a placeholder. `domain` is in lower case.
    pub(super) fn look_up(&self, local: &str, domain: &str) -> Option<Facts> {
        let base = local.split_once('+').map_or(local, |(base, _)| base);
        let local = self.locals.find(base).unwrap_or_default();
        if local.is_placeholder {
            return None;
        }
        let is_literal = domain.starts_with('[');
        let mut kind = self.kind_of(domain);
        let suffix = match kind {
            None if !is_literal => psl::suffix(domain.as_bytes()),
            _ => None,
        };
        if let Some(suffix) = &suffix {
            kind = self.throw_away_kind(domain, suffix.as_bytes().len());
        }
        if local.is_word && kind.is_none() && self.words.find(first_label(domain)).is_some() {
            return None;
        }
        let class = match kind {
            Some(DomainKind::Tree(class)) => Some(class),
            _ if local.is_role => Some(Code::EmailRole),
            Some(DomainKind::Provider(class)) => Some(class),
            Some(DomainKind::Hint) => Some(Code::EmailDisposableWide),
            _ => None,
        };
        Some(Facts {
            class,
            is_known: is_literal || !matches!(kind, None | Some(DomainKind::Hint)),
            special_use: kind == Some(DomainKind::SpecialUse),
            unknown_tld: kind.is_none() && !is_literal && !suffix.is_some_and(|suffix| suffix.is_known()),
        })
    }

    /// What the lists of throw-away mailboxes say of a domain or of one that it is below.
    fn throw_away_kind(&self, domain: &str, suffix_length: usize) -> Option<DomainKind> {
        let mut rest = domain;
        while rest.len() > suffix_length {
            // Some of them live of misspelt mail; whoever writes such a domain is no user of theirs.
            if self.disposable.contains(rest) && self.misspelt.find(rest).is_none() {
                return Some(DomainKind::Tree(Code::EmailDisposable));
            }
            if self.disposable_wide.contains(rest) && self.misspelt.find(rest).is_none() {
                return Some(DomainKind::Hint);
            }
            rest = rest.split_once('.')?.1;
        }
        None
    }

    /// Whether this is the domain of a provider.
    pub(super) fn is_provider(&self, domain: &str) -> bool {
        matches!(self.domains.find(domain), Some(DomainKind::Provider(_)))
    }

    fn kind_of(&self, domain: &str) -> Option<DomainKind> {
        let own = self.domains.find(domain);
        if own.is_some() {
            return own;
        }
        let mut rest = domain;
        while let Some((_, parent)) = rest.split_once('.') {
            match self.domains.find(parent) {
                None | Some(DomainKind::Provider(_)) => rest = parent,
                inherited => return inherited,
            }
        }
        None
    }
}

/// Whether the Public Suffix List, which names every top level domain, knows how this name ends.
pub(super) fn has_known_suffix(domain: &str) -> bool {
    psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.is_known())
}

pub(super) fn first_label(domain: &str) -> &str {
    domain.split_once('.').map_or(domain, |(first, _)| first)
}

fn local_kinds(rules: &EmailRules) -> WordTable<LocalKind> {
    let (roles, placeholders) = (&rules.classes.role, &rules.placeholders);
    let all = roles.iter().chain(&placeholders.locals).chain(&placeholders.words);
    WordTable::new(all.map(|word| {
        let kind = LocalKind {
            is_role: roles.contains(word),
            is_placeholder: placeholders.locals.contains(word),
            is_word: placeholders.words.contains(word),
        };
        (word.as_str(), kind)
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn class_of(text: &str) -> Option<Option<Code>> {
        let directory = Directory::new(&EmailRules::load(&RuleFiles::embedded()).expect("the shipped rules load"));
        let (local, domain) = text.split_once('@').expect("an address");
        directory.look_up(local, domain).map(|facts| facts.class)
    }

    #[test]
    fn each_address_has_one_class() {
        for (text, class) in [
            ("dana@gmail.com", Some(Code::EmailFree)),
            ("dana@netvision.net.il", Some(Code::EmailIsp)),
            ("Info@shop.co.il", Some(Code::EmailRole)),
            ("info+x@gmail.com", Some(Code::EmailRole)),
            ("dana@x.mailinator.com", Some(Code::EmailDisposable)),
            ("info@mailinator.com", Some(Code::EmailDisposable)),
            ("dana@x.0-180.com", Some(Code::EmailDisposableWide)),
            ("dana@mail2honey.com", Some(Code::EmailFree)),
            ("abc123@privaterelay.appleid.com", Some(Code::EmailRelay)),
            ("dana@post.tau.ac.il", None),
        ] {
            assert_eq!(class_of(text), Some(class), "{text}");
        }
    }

    #[test]
    fn placeholders_are_told_and_short_real_names_are_not() {
        for text in ["test@test.co.il", "none@none.com", "aaa@aaa.com", "NoEmail@gmail.com"] {
            assert_eq!(class_of(text), None, "{text}");
        }
        for text in ["z@icloud.com", "test@shop.co.il", "x@mail.ru", "no@walla.co.il"] {
            assert!(class_of(text).is_some(), "{text}");
        }
    }

    #[test]
    fn top_level_domains_are_known_in_both_their_forms() {
        for domain in
            ["shop.co.il", "a-b.museum", "почта.рф", "xn--80a1acny.xn--p1ai", "דואר.ישראל", "a.ck", "b.google"]
        {
            assert!(has_known_suffix(domain), "{domain}");
        }
        for domain in ["gmail.con", "shop.co.ill", "host.localdomain"] {
            assert!(!has_known_suffix(domain), "{domain}");
        }
    }
}
