//! Phones: reads a cell into numbers in E.164.
//!
//! `fast` takes the digits of the ordinary cell. All else goes the long way through `cell`: `plain` (characters), `shape`
//! (dates, addresses, spreadsheet damage), `tokens` (words and groups of digits), `split` (one number or several),
//! `labelled` (faxes among them). Either
//! way `number` asks the `numbering` tables of all countries, and `plan` what national plans and the user's ranges add.

mod automaton;
mod cell;
mod channel;
mod fast;
mod labelled;
mod number;
pub mod numbering;
mod plain;
mod plan;
mod shape;
mod split;
mod steps;
mod table;
mod tokens;

pub use channel::{Line, Way};

use std::collections::HashMap;

use super::{CellContext, Standardizer, Step};
use crate::finding::Code;
use crate::record::{CellOut, PhoneValidity};
use crate::rule::{Context, Countries, PhoneLabels, PhonePolicy, PhoneRules, RuleError};
use crate::text::fold_word;
use numbering::RegionId;
use plan::{Plans, confidence_of};
use tokens::Vocabulary;

/// Reads phone cells.
#[derive(Debug)]
pub struct PhoneStandardizer {
    region: Option<RegionId>,
    /// Names that stand for a country where numbers are concerned.
    own_names: HashMap<String, RegionId>,
    countries: Countries,
    placeholders: table::RangeTable,
    plans: Plans,
    policy: PhonePolicy,
    vocabulary: Vocabulary,
}

impl PhoneStandardizer {
    /// Loads its rules for a list whose numbers without a country are of the context's region; its day says which
    /// of the user's own ranges are in force.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context) -> Result<Self, RuleError> {
        let rules = PhoneRules::load(&context.files)?;
        let mut own_names = HashMap::new();
        for (code, names) in &rules.countries {
            let region = region_of(code).ok_or_else(|| RuleError::Meaning {
                path: "phone/countries.toml".to_owned(),
                message: format!("`{code}` is no ISO 3166 code of a country with telephones"),
            })?;
            own_names.extend(names.iter().map(|name| (fold_word(name), region)));
        }
        Ok(PhoneStandardizer {
            region: region_of(&context.region),
            own_names,
            countries: Countries::load(&context.files)?,
            placeholders: table::RangeTable::new(&rules.dummies.placeholder, "phone/dummies.toml")?,
            plans: Plans::new(&rules, context.today)?,
            vocabulary: Vocabulary::new(&rules.words, PhoneLabels::load(&context.files)?),
            policy: rules.policy,
        })
    }

    /// The region of a row: its country's where that is known, else the list's.
    pub fn region_for(&self, country: &str) -> Option<RegionId> {
        if country.is_empty() {
            return self.region;
        }
        self.named_region(country).or(self.region)
    }

    /// The region that a country cell names.
    fn named_region(&self, country: &str) -> Option<RegionId> {
        let country = country.trim();
        let named = if country.len() == 2 { region_of(country) } else { None };
        named
            .or_else(|| region_of(self.countries.code(country)?))
            .or_else(|| self.own_names.get(&fold_word(country)).copied())
    }

    /// Notes a code with the confidence that the policy gives it.
    fn mark(&self, code: Code, out: &mut CellOut) {
        out.mark_with(code, confidence_of(&self.policy, code));
    }
}

impl Standardizer for PhoneStandardizer {
    fn standardize(&self, raw: &str, context: CellContext<'_>, out: &mut CellOut) {
        let region = self.region_for(context.country);
        if let Some(plain) = fast::plain(raw.as_bytes()) {
            let reading = number::read(&self.plans, plain.digits(), plain.plus, region);
            if reading.validity == PhoneValidity::Valid
                && reading.suggestion.is_none()
                && let Some(number) = &reading.number
            {
                return self.write_ordinary(&reading, number, out);
            }
        }
        self.read_cell(raw, region, out);
    }

    fn steps(&self, raw: &str, context: CellContext<'_>) -> Vec<Step> {
        self.steps_of(raw, context)
    }
}

/// The region with this ISO code in any case, if telephones there have a calling code.
fn region_of(code: &str) -> Option<RegionId> {
    let [first, second] = code.as_bytes() else { return None };
    let code = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
    RegionId::of(std::str::from_utf8(&code).ok()?)
}

#[cfg(test)]
mod tests;
