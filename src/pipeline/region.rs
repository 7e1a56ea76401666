//! Whether a list is of another region than the run's: by its column of countries, or by its numbers.

use std::collections::BTreeMap;

use crate::ingest::List;
use crate::record::{ColumnIndex, Field};
use crate::rule::{Context, Countries, RegionRules, RuleError};
use crate::standardize::numbering::{self, Number, RegionId};

/// What speaks for another region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherRegion {
    /// The region, ISO 3166.
    pub region: String,
    /// How it was found.
    pub by: RegionSign,
    /// How many of those looked at say so.
    pub count: usize,
    /// How many were looked at.
    pub of: usize,
    /// Other regions that they fit about as well.
    pub also: Vec<String>,
}

/// How another region was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegionSign {
    /// The column of this header names the country.
    Countries(String),
    /// Numbers without a country code are numbers there; so many are of the run's region.
    Numbers(usize),
}

impl OtherRegion {
    /// The option that reads the list as one of that region.
    pub fn option(&self) -> String {
        format!("--region {}", self.region)
    }

    /// The header of the column that says so; empty where numbers do.
    pub fn header(&self) -> &str {
        match &self.by {
            RegionSign::Countries(header) => header,
            RegionSign::Numbers(_) => "",
        }
    }
}

/// The region that a list is rather of than the run's, judged by rows spread through it; none where nothing speaks for one.
///
/// # Errors
/// When a rule file is not of its form.
pub fn other_region(list: &List, context: &Context) -> Result<Option<OtherRegion>, RuleError> {
    let rules = RegionRules::load(&context.files)?;
    let looked = Looked { list, context, rules, countries: Countries::load(&context.files)? };
    Ok(looked.by_countries().or_else(|| looked.by_numbers()))
}

struct Looked<'l> {
    list: &'l List,
    context: &'l Context,
    rules: RegionRules,
    countries: Countries,
}

impl Looked<'_> {
    fn samples(&self, is_wanted: impl Fn(Field) -> bool) -> impl Iterator<Item = &str> {
        let columns = self.list.mapping().columns().iter();
        let wanted: Vec<ColumnIndex> =
            columns.filter(|column| column.field.is_some_and(&is_wanted)).map(|column| column.column).collect();
        let values = wanted.into_iter().flat_map(|column| self.list.samples().of(column));
        values.map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// In how many rows each country is named.
    fn named(&self) -> (BTreeMap<&str, usize>, usize) {
        let (mut named, mut all) = (BTreeMap::new(), 0);
        for country in self.samples(|field| field == Field::Country) {
            all += 1;
            if let Some(code) = self.countries.code(country) {
                *named.entry(code).or_default() += 1;
            }
        }
        (named, all)
    }

    fn by_countries(&self) -> Option<OtherRegion> {
        let (named, of) = self.named();
        let (region, count) = named.into_iter().max_by_key(|(_, count)| *count)?;
        let column = self.list.mapping().column_of(Field::Country)?;
        let is_other = region != self.context.region && of >= self.rules.least;
        (is_other && count * 100 >= of * self.rules.country_at_least).then(|| OtherRegion {
            region: region.to_owned(),
            by: RegionSign::Countries(self.list.mapping().header(column).to_owned()),
            count,
            of,
            also: Vec::new(),
        })
    }

    fn by_numbers(&self) -> Option<OtherRegion> {
        // A column of countries says of each row whose its numbers are.
        if self.list.mapping().column_of(Field::Country).is_some() {
            return None;
        }
        let (mut signs, mut numbers) = (BTreeMap::new(), Vec::new());
        for written in self.samples(Field::is_phone) {
            match numbering::parse(written, None) {
                Ok(number) => *signs.entry(code_of(&number)).or_default() += 1,
                Err(_) if written.bytes().filter(u8::is_ascii_digit).count() >= FEWEST_DIGITS => numbers.push(written),
                Err(_) => {}
            }
        }
        self.add_endings(&mut signs);
        let numbers_of = |region: &str| {
            let region = RegionId::of(region);
            let is_number = |text: &&&str| numbering::parse(text, region).is_ok_and(|number| number.is_valid());
            numbers.iter().filter(is_number).count()
        };
        let home = numbers_of(&self.context.region);
        if numbers.len() < self.rules.least || home * 100 > numbers.len() * self.rules.home_at_most {
            return None;
        }
        let told = signs.keys().copied().filter(|region| !region.is_empty());
        let usual = self.rules.usual.iter().map(String::as_str);
        let fits = |count: usize| count * 100 >= numbers.len() * self.rules.other_at_least;
        let mut fitting: Vec<(&str, usize)> = Vec::new();
        for region in told.chain(usual).filter(|region| *region != self.context.region) {
            let count = numbers_of(region);
            if fits(count) && !fitting.iter().any(|(known, _)| *known == region) {
                fitting.push((region, count));
            }
        }
        // What the list itself names counts most; else the likelier stands first.
        fitting.sort_by_key(|(region, _)| std::cmp::Reverse(signs.get(region).copied().unwrap_or_default()));
        let (region, count) = *fitting.first()?;
        let also = fitting[1..].iter().map(|(region, _)| (*region).to_owned()).collect();
        let by = RegionSign::Numbers(home);
        Some(OtherRegion { region: region.to_owned(), by, count, of: numbers.len(), also })
    }

    /// Mail domains of a country speak for it.
    fn add_endings(&self, signs: &mut BTreeMap<&str, usize>) {
        for address in self.samples(|field| field == Field::Email) {
            let Some((_, ending)) = address.rsplit_once('.') else { continue };
            let ending = ending.to_ascii_lowercase();
            let code = if ending == "uk" { "GB".to_owned() } else { ending.to_ascii_uppercase() };
            let is_worldwide = self.rules.worldwide_endings.contains(&ending);
            if let Some(region) = RegionId::of(&code).filter(|_| !is_worldwide && code.len() == 2) {
                *signs.entry(region.as_str()).or_default() += 1;
            }
        }
    }
}

/// The region of a number that is written with its country code; empty where it is none of a country.
fn code_of(number: &Number) -> &'static str {
    number.region.map_or("", RegionId::as_str)
}

/// Fewer digits are no number that a customer has.
const FEWEST_DIGITS: usize = 6;
