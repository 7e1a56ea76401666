//! The domains of a list's e-mails, or of plain lines, for asking DNS about them alone.

use std::collections::HashMap;

use rayon::prelude::*;

use super::mail::domains_of_batch;
use super::{RunError, Setup};
use crate::ingest::List;
use crate::kernel::Kernels;
use crate::record::{CellOut, Field};
use crate::rule::{RuleError, RuleFiles};
use crate::standardize::{CellContext, EmailStandardizer, Standardizer};

/// Different domains with how many addresses stand at each, in the order in which they came.
#[derive(Debug, Default)]
pub struct Domains {
    places: HashMap<String, usize>,
    counts: Vec<(String, u64)>,
}

impl Domains {
    /// Adds addresses at a domain.
    pub fn add(&mut self, domain: &str, addresses: u64) {
        if let Some(place) = self.places.get(domain) {
            self.counts[*place].1 += addresses;
            return;
        }
        self.places.insert(domain.to_owned(), self.counts.len());
        self.counts.push((domain.to_owned(), addresses));
    }

    /// The domains with their addresses.
    pub(super) fn counts(&self) -> HashMap<&str, u64> {
        self.counts.iter().map(|(domain, addresses)| (domain.as_str(), *addresses)).collect()
    }

    /// The domains, those of most addresses first, else in the order in which they came.
    pub fn ranked(mut self) -> Vec<(String, u64)> {
        self.counts.sort_by_key(|(_, addresses)| std::cmp::Reverse(*addresses));
        self.counts
    }

    /// Adds the domains of a list's e-mail columns; `progress` hears how many bytes of text were done.
    ///
    /// # Errors
    /// When the list can't be read to its end, a rule file is not of its form, or a stop was asked for.
    pub fn add_list(&mut self, list: &List, setup: &Setup, progress: &(dyn Fn(u64) + Sync)) -> Result<(), RunError> {
        let is_email = |field: Field| field == Field::Email;
        let kernels = Kernels::of_fields(&setup.context, list.mapping(), list.samples(), is_email)?;
        let mut done = 0;
        list.read(|wave| -> Result<(), RunError> {
            setup.go_on()?;
            let checked: Vec<_> = wave
                .batches
                .par_iter()
                .map(|raw| {
                    let checked = kernels.check(raw);
                    let mut domains: Vec<(String, u64)> =
                        domains_of_batch(&checked).into_iter().map(|(name, count)| (name.to_owned(), count)).collect();
                    domains.sort_unstable();
                    domains
                })
                .collect();
            checked.iter().flatten().for_each(|(domain, count)| self.add(domain, *count));
            progress(wave.read_to - done);
            done = wave.read_to;
            Ok(())
        })?;
        Ok(())
    }
}

/// Reads lines that are a domain or an address each.
#[derive(Debug)]
pub struct DomainReader {
    reader: EmailStandardizer,
}

impl DomainReader {
    /// Loads the rules of e-mails.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        Ok(DomainReader { reader: EmailStandardizer::new(files)? })
    }

    /// The domain of a line; none where it is neither a domain nor an address.
    pub fn read(&self, line: &str) -> Option<String> {
        let text = line.trim();
        if !text.contains('@') {
            let is_domain = text.contains('.') && !text.chars().any(char::is_whitespace);
            return is_domain.then(|| text.trim_end_matches('.').to_lowercase());
        }
        let mut out = CellOut::default();
        self.reader.standardize(text, CellContext::default(), &mut out);
        if out.detail.email().is_none_or(|detail| detail.broken.is_some()) {
            return None;
        }
        let first = out.values().next()?;
        Some(first.rsplit_once('@')?.1.to_owned()).filter(|domain| !domain.starts_with('['))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_domain_or_an_address() {
        let reader = DomainReader::new(&RuleFiles::embedded()).expect("the shipped rules load");
        for (line, domain) in [
            (" Walla.CO.il. ", Some("walla.co.il")),
            ("dana@gmail.com", Some("gmail.com")),
            ("דנה <dana@Example.org>", Some("example.org")),
            ("דואר.קום", Some("דואר.קום")),
            ("dana", None),
            ("dana levi", None),
            ("dana@", None),
            ("dana@[192.0.2.1]", None),
            ("", None),
        ] {
            assert_eq!(reader.read(line).as_deref(), domain, "{line:?}");
        }
    }

    #[test]
    fn domains_of_most_addresses_come_first() {
        let mut domains = Domains::default();
        for (domain, count) in [("a.example", 1), ("b.example", 1), ("c.example", 2), ("b.example", 0)] {
            domains.add(domain, count);
        }
        let ranked: Vec<_> = domains.ranked().into_iter().map(|(domain, _)| domain).collect();
        assert_eq!(ranked, ["c.example", "a.example", "b.example"]);
    }
}
