//! The MX stage: asks once for every domain of the lists' e-mails, then lets each cell be judged by the answers.

use std::collections::{BTreeMap, HashMap};
use std::convert::Infallible;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{RunError, Setup};
use crate::clock;
use crate::dns::{Checker, MxCheck, MxMode, MxOptions, MxProgress, Stopped};
use crate::record::{CheckedBatch, CheckedBlock, Field, MxCertainty, MxMeaning, MxOutcome, NoMxMemory, text_hash};
use crate::rule::DnsRules;
use crate::store::Store;
use crate::validate::mail_domain;

/// How domains are to be checked in a run.
pub struct MailStage<'a> {
    /// What the user chose.
    pub options: MxOptions,
    /// Where answers are remembered; nowhere where none.
    pub memory: Option<&'a mut Store>,
    /// Hears how far it has come, several times a second.
    pub progress: &'a mut dyn FnMut(&MxProgress),
}

impl MailStage<'_> {
    /// Asks for these domains.
    ///
    /// # Errors
    /// When a rule file is not of its form, what is remembered can't be read or written, or a stop was asked for.
    pub fn ask<'d>(self, domains: impl IntoIterator<Item = &'d str>, setup: &Setup) -> Result<MxCheck, RunError> {
        let rules = DnsRules::load(&setup.context.files)?;
        let checker = Checker::new(&rules, self.options, clock::timestamp);
        let checked = match self.memory {
            Some(store) => checker.check(domains, store, setup.stop_flag(), self.progress)?,
            None => {
                let checked = checker.check(domains, &mut NoMxMemory, setup.stop_flag(), self.progress);
                checked.unwrap_or_else(|never: Infallible| match never {})
            }
        };
        setup.go_on()?;
        Ok(checked)
    }

    /// Asks for these domains, and sums up what was heard.
    ///
    /// # Errors
    /// As [`MailStage::ask`].
    pub(super) fn judge(
        self,
        addresses: &HashMap<&str, u64>,
        setup: &Setup,
    ) -> Result<(MxCheck, MailSummary), RunError> {
        let check = self.ask(addresses.keys().copied(), setup)?;
        let summary = MailSummary::new(&check, addresses, setup);
        Ok((check, summary))
    }

    /// A stage that asks nobody.
    pub fn off(progress: &mut dyn FnMut(&MxProgress)) -> MailStage<'_> {
        MailStage { options: MxOptions { mode: MxMode::Off, ..MxOptions::default() }, memory: None, progress }
    }

    /// Whether there is nothing to do at all.
    pub fn is_off(&self) -> bool {
        self.options.mode == MxMode::Off
    }
}

/// What DNS said of a run's domains. Deterministic: neither times nor who was asked.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct MailSummary {
    /// Different domains.
    pub domains: u64,
    /// Cells with an address whose domain was looked at.
    pub addresses: u64,
    /// By outcome, in the order in which tables show them.
    pub outcomes: Vec<MailOutcome>,
    /// Domains to which mail has no way, those of most addresses first.
    pub dead_ends: Vec<MailDomain>,
    /// Many domains on one mail host that is dead or parked, the largest first.
    pub groups: Vec<MailGroup>,
    /// Hours after which a no can be confirmed.
    pub confirm_hours: u32,
    /// Why the stage ended early, as the key of its words; none where it did not.
    pub stopped: Option<Stopped>,
}

/// An outcome with how often it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailOutcome {
    /// The outcome.
    pub outcome: MxOutcome,
    /// Domains.
    pub domains: u64,
    /// Of them, those whose permanent no waits for its confirmation.
    pub pending: u64,
    /// Addresses there.
    pub addresses: u64,
}

/// A domain to which mail has no way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailDomain {
    /// The domain.
    pub domain: String,
    /// The outcome.
    pub outcome: MxOutcome,
    /// Whether it was heard twice, far enough apart.
    pub confirmed: bool,
    /// Addresses there.
    pub addresses: u64,
}

/// Domains that stand on the same mail hosts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MailGroup {
    /// The mail hosts, or the names that a parking service is known by.
    pub hosts: Vec<String>,
    /// `dead`, `parked` or `sink`.
    pub kind: String,
    /// Whose it is, where known.
    pub who: Option<String>,
    /// Domains.
    pub domains: u64,
    /// Addresses there.
    pub addresses: u64,
}

/// Dead ends named in a summary.
const NAMED: usize = 20;
/// A domain of fewer addresses may tell who its owner is.
const NAMED_FROM: u64 = 2;

/// How many addresses of some blocks stand at each domain.
pub(super) fn domains_of<'a>(blocks: impl ParallelIterator<Item = &'a CheckedBlock>) -> HashMap<&'a str, u64> {
    let merged = |mut left: HashMap<&'a str, u64>, right: HashMap<&'a str, u64>| {
        right.into_iter().for_each(|(domain, count)| *left.entry(domain).or_default() += count);
        left
    };
    blocks.map(|block| domains_of_batch(&block.checked)).reduce(HashMap::new, merged)
}

/// How many addresses of a batch stand at each domain.
pub(super) fn domains_of_batch(checked: &CheckedBatch) -> HashMap<&str, u64> {
    let mut domains: HashMap<&str, u64> = HashMap::new();
    for column in checked.standard().columns_of(Field::Email) {
        for row in 0..checked.standard().len() {
            if let Some(domain) = mail_domain(checked, column, row) {
                *domains.entry(domain).or_default() += 1;
            }
        }
    }
    domains
}

impl MailSummary {
    /// Domains by what was concluded of mail to them.
    pub fn domains_that(&self, meaning: MxMeaning) -> u64 {
        self.outcomes.iter().filter(|found| found.outcome.meaning() == meaning).map(|found| found.domains).sum()
    }

    /// Domains whose permanent no waits for its confirmation.
    pub fn pending(&self) -> u64 {
        self.outcomes.iter().map(|found| found.pending).sum()
    }

    /// Of what was heard of domains with so many addresses each.
    pub fn new(check: &MxCheck, addresses: &HashMap<&str, u64>, setup: &Setup) -> Self {
        let of = |domain: &str| addresses.get(domain).copied().unwrap_or(0);
        let mut outcomes: BTreeMap<MxOutcome, MailOutcome> = BTreeMap::new();
        let mut dead_ends = Vec::new();
        for (domain, status) in &check.statuses {
            let outcome = status.outcome;
            let entry =
                outcomes.entry(outcome).or_insert(MailOutcome { outcome, domains: 0, pending: 0, addresses: 0 });
            entry.domains += 1;
            entry.pending += u64::from(status.certainty == MxCertainty::Pending);
            entry.addresses += of(domain);
            if outcome.meaning() == MxMeaning::Never {
                let confirmed = status.certainty == MxCertainty::Dead;
                dead_ends.push(MailDomain { domain: domain.clone(), outcome, confirmed, addresses: of(domain) });
            }
        }
        dead_ends.retain(|end| setup.show_values || end.addresses >= NAMED_FROM);
        dead_ends.sort_by(|left, right| {
            (std::cmp::Reverse(left.addresses), &left.domain).cmp(&(std::cmp::Reverse(right.addresses), &right.domain))
        });
        dead_ends.truncate(NAMED);
        MailSummary {
            domains: check.statuses.len() as u64,
            addresses: check.statuses.keys().map(|domain| of(domain)).sum(),
            outcomes: outcomes.into_values().collect(),
            dead_ends,
            groups: groups(check, &of),
            confirm_hours: check.stats.confirm_hours,
            stopped: check.stats.stopped,
        }
    }
}

fn groups(check: &MxCheck, of: &dyn Fn(&str) -> u64) -> Vec<MailGroup> {
    let groups = check.stats.groups.iter().map(|group| MailGroup {
        hosts: group.hosts.clone(),
        kind: group.kind.as_str().to_owned(),
        who: group.who.clone(),
        domains: group.domains.len() as u64,
        addresses: group.domains.iter().map(|domain| of(domain)).sum(),
    });
    groups.collect()
}

/// Fixed hash of what was heard: it is evidence, so another answer makes another run.
pub(super) fn evidence(check: &MxCheck) -> u64 {
    let mut text = String::new();
    for (domain, status) in &check.statuses {
        text.push_str(&format!("{domain} {} {:?}\n", status.outcome, status.certainty));
    }
    text_hash(&text)
}
