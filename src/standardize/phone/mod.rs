//! Phones: reads a cell into numbers in E.164.
//!
//! `fast` reads the ordinary cell of the list's own region from a table. All else goes the long way through `cell`:
//! `plain` (characters), `shape` (dates, addresses, spreadsheet damage), `tokens` (words and groups of digits),
//! `split` (one number or several), `number` (the complete engine and the numbering plans).

mod automaton;
mod cell;
mod fast;
mod number;
pub mod numbering;
mod plain;
mod plan;
mod shape;
mod split;
mod table;
mod tokens;

use std::collections::HashMap;

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use super::{CellContext, Standardizer};
use crate::finding::Code;
use crate::record::{CellOut, Detail, PhoneDetail, PhoneKind, PhoneValidity};
use crate::rule::{PhonePolicy, PhoneRules, RuleError, RuleFiles};
use plan::{Plan, Plans, confidence_of};
use tokens::Vocabulary;

/// Reads phone cells.
#[derive(Debug)]
pub struct PhoneStandardizer {
    region: Option<Region>,
    /// Calling code of a region whose ordinary cells the fast path can read.
    fast_code: Option<String>,
    countries: HashMap<String, Region>,
    placeholders: table::RangeTable,
    plans: Plans,
    policy: PhonePolicy,
    vocabulary: Vocabulary,
}

impl PhoneStandardizer {
    /// Loads its rules for a list whose numbers without a country are of `region` (ISO 3166); any other text means
    /// that the list has no region of its own.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, region: &str) -> Result<Self, RuleError> {
        let rules = PhoneRules::load(files, region)?;
        let fast_code = rules.ranges.as_ref().filter(|ranges| ranges.trunk == "0").map(|ranges| ranges.code.clone());
        let mut countries = HashMap::new();
        for (code, names) in &rules.countries {
            let region = region_of(code).ok_or_else(|| RuleError::Meaning {
                path: "phone/countries.toml".to_owned(),
                message: format!("`{code}` is no ISO 3166 code of a country with telephones"),
            })?;
            countries.extend(names.iter().map(|name| (plain::fold_word(name), region)));
        }
        Ok(PhoneStandardizer {
            region: region_of(region),
            fast_code,
            countries,
            placeholders: table::RangeTable::new(&rules.dummies.placeholder, "phone/dummies.toml")?,
            plans: Plans::new(&rules)?,
            vocabulary: Vocabulary::new(&rules.words),
            policy: rules.policy,
        })
    }

    /// The region of a row: its country's where that is known, else the list's.
    fn region_for(&self, country: &str) -> Option<Region> {
        if country.is_empty() {
            return self.region;
        }
        let country = country.trim();
        let named = if country.len() == 2 { region_of(country) } else { None };
        named.or_else(|| self.countries.get(&plain::fold_word(country)).copied()).or(self.region)
    }

    /// Writes a cell that the fast path could read.
    fn write_ordinary(&self, code: &str, plan: &Plan, read: fast::Ordinary, out: &mut CellOut) {
        out.display.push('+');
        out.display.push_str(code);
        out.display.push_str(read.national());
        if read.zero_lost {
            self.mark(Code::PhoneRepairZeroRestored, out);
        }
        if read.known.has_facts() {
            plan.mark(read.known, out);
        }
        let (sms, call) = self.plans.reach(read.kind, plan, read.known);
        out.detail =
            Detail::Phone(PhoneDetail { validity: PhoneValidity::Valid, kind: read.kind, sms, call, count: 1 });
    }

    /// Notes a code with the confidence that the policy gives it.
    fn mark(&self, code: Code, out: &mut CellOut) {
        out.mark_with(code, confidence_of(&self.policy, code));
    }
}

impl Standardizer for PhoneStandardizer {
    fn standardize(&self, raw: &str, context: CellContext<'_>, out: &mut CellOut) {
        let region = self.region_for(context.country);
        if let Some(code) = self.fast_code.as_deref().filter(|_| region == self.region) {
            let plan = self.plans.of(code);
            // Ranges with a suggestion, and shapes that may be placeholders, are looked at completely.
            if let Some(read) = fast::read(fast::Home { code, plan }, raw.as_bytes())
                && !(read.known.has_facts() && (read.zero_lost || plan.moved(read.known).is_some()))
            {
                return self.write_ordinary(code, plan, read, out);
            }
        }
        self.read_cell(raw, region, out);
    }
}

/// The region with this ISO code, if telephones there have a calling code.
fn region_of(code: &str) -> Option<Region> {
    let code = code.to_ascii_uppercase();
    if code.len() != 2 || !code.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    Region::from_code(&code).ok().filter(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(*region).is_some())
}

/// The detail of a cell in which nothing could be read.
fn unreadable(kind: PhoneKind, validity: PhoneValidity, reach: (crate::record::Reach, crate::record::Reach)) -> Detail {
    let (sms, call) = reach;
    Detail::Phone(PhoneDetail { validity, kind, sms, call, count: 0 })
}

#[cfg(test)]
mod tests;
