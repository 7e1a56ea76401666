//! `rules/email/`: providers, classes, placeholders, repairs, misspellings and what they mean for a status.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{DomainList, RuleError, RuleFiles};
use crate::finding::{Code, Confidence};

/// Everything that `rules/email/` says, and the keyboard layout that wrong-layout addresses were typed on.
#[derive(Debug, Clone)]
pub struct EmailRules {
    /// `providers.toml` followed by `il_domains.tsv`, more popular first.
    pub providers: Vec<MailProvider>,
    /// `classes.toml`.
    pub classes: EmailClasses,
    /// `disposable.txt`: domains of throw-away mailboxes, and whatever is below them.
    pub disposable: DomainList,
    /// `disposable_wide.txt`: likewise, by lists that hold mistakes.
    pub disposable_wide: DomainList,
    /// `free.txt`: providers of free mailboxes that misspelt domains are not compared with.
    pub free: DomainList,
    /// `placeholders.toml`.
    pub placeholders: EmailPlaceholders,
    /// `repairs.toml`.
    pub repairs: EmailRepairs,
    /// `typos.toml`.
    pub typos: EmailTypos,
    /// `special_use.toml`: domain names that never lead to a mailbox of a customer.
    pub special_use: Vec<String>,
    /// `policy.toml`.
    pub policy: EmailPolicy,
    /// `rules/text/hebrew_layout.toml`: what a key types in Hebrew mode, by what it types in Latin mode.
    pub hebrew_layout: BTreeMap<char, char>,
}

/// A provider of mailboxes to the public.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailProvider {
    /// Who it is, for whoever reads the file.
    pub name: String,
    /// Free mail, or mailboxes that come with a line.
    pub class: ProviderClass,
    /// Its domains, more popular first.
    pub domains: Vec<String>,
    /// Misspelt domains are compared with these.
    #[serde(default = "by_default")]
    pub spelling: bool,
    /// All its domains are one name space; this one stands for them in keys.
    pub same_as: Option<String>,
    /// Dots in the local part do not tell mailboxes apart.
    #[serde(default)]
    pub ignore_dots: bool,
    /// What follows the first of these in the local part names no other mailbox.
    pub subaddress: Option<char>,
    /// What follows the last of these, instead.
    #[serde(default)]
    pub subaddress_from_last: bool,
    /// Case does not tell mailboxes apart.
    #[serde(default = "by_default")]
    pub lowercase: bool,
}

/// Kinds of provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProviderClass {
    /// Mailboxes for everybody, without a line.
    Free,
    /// Mailboxes that come with an access line, and go with it.
    Isp,
}

/// `rules/email/classes.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailClasses {
    /// Local parts of functions.
    pub role: Vec<String>,
    /// Domains of forwarding addresses.
    pub relay: Vec<String>,
    /// Labels under which schools and universities stand.
    pub education: Vec<String>,
}

/// Tells domains of schools and universities.
#[derive(Debug, Clone)]
pub struct EducationDomains {
    labels: Vec<String>,
}

impl EducationDomains {
    /// Reads `rules/email/classes.toml`.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let classes: EmailClasses = files.parse("email/classes.toml")?;
        Ok(EducationDomains { labels: classes.education })
    }

    /// Whether a domain in lower case is a school's or a university's.
    pub fn has(&self, domain: &str) -> bool {
        let is_label = |label: &str| self.labels.iter().any(|known| known == label);
        let mut labels = domain.rsplit('.');
        let (top, below) = (labels.next().unwrap_or_default(), labels.next().unwrap_or_default());
        (is_label(top) && !below.is_empty()) || (top.len() == 2 && is_label(below) && labels.next().is_some())
    }
}

/// `rules/email/placeholders.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailPlaceholders {
    /// Whole cells.
    pub cells: Vec<String>,
    /// Local parts that are a placeholder at any domain.
    pub locals: Vec<String>,
    /// Words that are a placeholder as local part and as first label of the domain.
    pub words: Vec<String>,
}

/// `rules/email/repairs.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailRepairs {
    /// How sure each repair is.
    pub confidence: BTreeMap<Code, Confidence>,
    /// The words that repairs look for.
    pub words: RepairWords,
}

/// Words around addresses.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepairWords {
    /// Before an address.
    pub labels: Vec<String>,
    /// Between two addresses.
    pub joiners: Vec<String>,
    /// Written for `@`.
    pub at_words: Vec<String>,
    /// Written for `.` beside one of those.
    pub dot_words: Vec<String>,
    /// Before a local part, where something else put them.
    pub local_starts: Vec<String>,
}

/// `rules/email/typos.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailTypos {
    /// Shortest first label of a provider's domain that is compared by distance.
    pub least_label: usize,
    /// Shortest first label whose first letter may be the slip.
    pub first_letter_from: usize,
    /// Shortest first label in which any other letter may be the slip.
    pub any_letter_from: usize,
    /// The keys of a keyboard, row by row.
    pub keys: Vec<String>,
    /// Letters that are taken for each other.
    pub look_alikes: Vec<String>,
    /// Letters that look like Latin ones.
    pub homoglyphs: BTreeMap<char, char>,
    /// Misspelt domains and what was meant.
    pub domains: BTreeMap<String, String>,
    /// Ends of domains that do not exist and what was meant.
    pub tlds: BTreeMap<String, String>,
}

/// `rules/email/policy.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmailPolicy {
    /// A person should look.
    pub review: Vec<Code>,
    /// Works, but with something to know first.
    pub risky: Vec<Code>,
    /// Classes that are kept beside the address and said nowhere else.
    pub silent: Vec<Code>,
}

impl EmailPolicy {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        files.parse("email/policy.toml")
    }
}

impl EmailRules {
    /// Reads the folder.
    ///
    /// # Errors
    /// When a file is not of its form, or a repair is less sure than an automatic one must be.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let (providers, _) = Self::load_providers(files)?;
        Ok(EmailRules {
            providers,
            classes: files.parse("email/classes.toml")?,
            disposable: DomainList::load(files, "email/disposable.txt"),
            disposable_wide: DomainList::load(files, "email/disposable_wide.txt"),
            free: DomainList::load(files, "email/free.txt"),
            placeholders: files.parse("email/placeholders.toml")?,
            repairs: load_repairs(files)?,
            typos: files.parse("email/typos.toml")?,
            special_use: files.parse::<SpecialUseFile>("email/special_use.toml")?.domains,
            policy: EmailPolicy::load(files)?,
            hebrew_layout: files.parse::<LayoutFile>("text/hebrew_layout.toml")?.map,
        })
    }

    /// The providers, and how addresses elsewhere are compared.
    pub(super) fn load_providers(files: &RuleFiles) -> Result<(Vec<MailProvider>, Elsewhere), RuleError> {
        let ProviderFile { mut provider, elsewhere } = files.parse("email/providers.toml")?;
        provider.extend(israeli_providers(files)?);
        Ok((provider, elsewhere))
    }
}

/// How addresses at any other domain are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Elsewhere {
    /// Case does not tell mailboxes apart.
    pub lowercase: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ProviderFile {
    provider: Vec<MailProvider>,
    elsewhere: Elsewhere,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpecialUseFile {
    domains: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutFile {
    map: BTreeMap<char, char>,
}

const fn by_default() -> bool {
    true
}

fn load_repairs(files: &RuleFiles) -> Result<EmailRepairs, RuleError> {
    const PATH: &str = "email/repairs.toml";
    let repairs: EmailRepairs = files.parse(PATH)?;
    match repairs.confidence.iter().find(|(code, confidence)| !code.is_repair() || !confidence.is_automatic()) {
        Some((code, _)) => {
            let message = format!("`{code}` must be a repair that is at least 95 percent sure");
            Err(RuleError::Meaning { path: PATH.to_owned(), message })
        }
        None => Ok(repairs),
    }
}

/// One provider a line of `il_domains.tsv`: the lines are facts about domains, none of them shares name spaces.
fn israeli_providers(files: &RuleFiles) -> Result<Vec<MailProvider>, RuleError> {
    const PATH: &str = "email/il_domains.tsv";
    let mut providers = Vec::new();
    for mut cells in files.table(&files.text(PATH)) {
        let (Some(domain), Some(name), Some(kind)) = (cells.next(), cells.next(), cells.next()) else { continue };
        let class = match kind {
            "freemail" => ProviderClass::Free,
            "isp" => ProviderClass::Isp,
            _ => {
                let message = format!("the kind of {domain} is `{kind}`; allowed here: freemail, isp");
                return Err(RuleError::Meaning { path: PATH.to_owned(), message });
            }
        };
        let (name, domains) = (name.to_owned(), vec![domain.to_owned()]);
        providers.push(MailProvider {
            name,
            class,
            domains,
            spelling: true,
            same_as: None,
            ignore_dots: false,
            subaddress: None,
            subaddress_from_last: false,
            lowercase: true,
        });
    }
    Ok(providers)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_shipped_files_load_and_every_kind_of_provider_is_there() {
        let rules = EmailRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let of = |domain: &str| rules.providers.iter().find(|one| one.domains.iter().any(|name| name == domain));
        assert_eq!(of("gmail.com").map(|one| one.class), Some(ProviderClass::Free));
        assert_eq!(of("netvision.net.il").map(|one| one.class), Some(ProviderClass::Isp));
        assert_eq!(rules.hebrew_layout.get(&'a'), Some(&'ש'));
    }

    #[test]
    fn every_entry_is_written_as_it_is_looked_up() {
        let rules = EmailRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let domains = rules.providers.iter().flat_map(|one| &one.domains);
        let lists = domains.chain(&rules.classes.relay).chain(&rules.classes.role);
        for entry in lists.chain(&rules.placeholders.locals).chain(&rules.placeholders.cells) {
            assert_eq!(*entry, entry.to_lowercase(), "lower case");
        }
        for (wrong, right) in &rules.typos.domains {
            assert!(rules.providers.iter().any(|one| one.domains.contains(right)), "{wrong} leads to no provider");
            assert!(!rules.providers.iter().any(|one| one.domains.contains(wrong)), "{wrong} is a provider");
        }
    }

    #[test]
    fn no_list_of_throw_away_mailboxes_holds_a_provider_or_a_public_suffix() {
        let rules = EmailRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let mut known: HashSet<&str> = rules.free.domains().collect();
        known.extend(rules.providers.iter().flat_map(|one| &one.domains).map(String::as_str));
        known.extend(rules.classes.relay.iter().map(String::as_str));
        known.extend(["duck.com", "responsive.co.il"]);
        let careful: HashSet<&str> = rules.disposable.domains().collect();
        assert!(careful.len() > 10_000 && careful.contains("mailinator.com"));
        assert!(rules.disposable_wide.domains().count() > 30_000);
        for domain in rules.disposable.domains().chain(rules.disposable_wide.domains()) {
            // A known domain below an entry would be called a throw-away, too.
            assert!(!known.contains(domain), "{domain} is known");
            assert!(!domain.ends_with(".il"), "{domain}");
            assert_eq!(domain, domain.to_ascii_lowercase());
            assert!(domain.contains('.'), "{domain}");
        }
        assert!(!rules.disposable_wide.domains().any(|domain| careful.contains(domain)));
        let entries: HashSet<&str> = rules.disposable.domains().chain(rules.disposable_wide.domains()).collect();
        for domain in known {
            let mut rest = domain;
            while let Some((_, parent)) = rest.split_once('.') {
                assert!(!entries.contains(parent), "{domain} is below {parent}");
                rest = parent;
            }
        }
    }
}
