//! `rules/outreach/zones.tsv`: by which clocks those live whose numbers begin with some digits.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::listed::must_have;
use crate::record::FixedMap;
use crate::rule::{RuleError, RuleFiles};

const FILE: &str = "outreach/zones.tsv";
/// Digits of the longest prefix, with its plus.
const LONGEST: usize = 8;

/// Numbers that begin with the same digits.
#[derive(Debug, Clone)]
pub struct Area {
    prefix: Box<str>,
    zones: Vec<TimeZone>,
}

/// All areas, by their first digits.
#[derive(Debug, Clone)]
pub struct Areas {
    by_prefix: FixedMap<Box<str>, Area>,
}

impl Area {
    /// A plus and the digits with which its numbers begin.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The zones in which its numbers are; at least one.
    pub fn zones(&self) -> &[TimeZone] {
        &self.zones
    }
}

impl Areas {
    pub(super) fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        must_have(files, "outreach", FILE)?;
        let wrong = |message: String| RuleError::Meaning { path: FILE.to_owned(), message };
        let mut areas = Areas { by_prefix: HashMap::default() };
        let text = files.text(FILE);
        for cells in files.table(&text) {
            let cells: Vec<&str> = cells.collect();
            let [prefix, names] = cells[..] else {
                return Err(wrong(format!("`{}` is no row of prefix and zones", cells.join(" "))));
            };
            let is_prefix = prefix.strip_prefix('+').is_some_and(|digits| {
                !digits.is_empty() && digits.len() < LONGEST && digits.bytes().all(|byte| byte.is_ascii_digit())
            });
            if !is_prefix {
                return Err(wrong(format!("`{prefix}` is no plus with one to {} digits", LONGEST - 1)));
            }
            let zone = |name: &str| {
                TimeZone::get(name).map_err(|_| wrong(format!("`{name}` is no time zone of the IANA database")))
            };
            let zones = names.split_whitespace().map(zone).collect::<Result<Vec<_>, _>>()?;
            if zones.is_empty() {
                return Err(wrong(format!("`{prefix}` has no time zone")));
            }
            areas.by_prefix.insert(prefix.into(), Area { prefix: prefix.into(), zones });
        }
        Ok(areas)
    }

    /// The area of a number in E.164: that with the longest prefix.
    pub fn of(&self, e164: &str) -> Option<&Area> {
        let longest = e164.len().min(LONGEST);
        (2..=longest).rev().find_map(|end| self.by_prefix.get(e164.get(..end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_prefix_says_which_clock_a_number_goes_by() {
        let areas = Areas::load(&RuleFiles::embedded()).expect("the shipped table is of its form");
        for (number, zones) in [
            ("+16716461234", "Pacific/Guam"),
            ("+16702341234", "Pacific/Saipan"),
            ("+16847331234", "Pacific/Pago_Pago"),
            ("+13406421234", "America/St_Thomas"),
            ("+17876041234", "America/Puerto_Rico"),
            ("+19396041234", "America/Puerto_Rico"),
            ("+18086041234", "Pacific/Honolulu"),
            ("+19076041234", "America/Adak America/Anchorage America/Juneau Pacific/Honolulu"),
            ("+12126041234", "America/New_York"),
            ("+16026041234", "America/Phoenix"),
            ("+18506041234", "America/Chicago America/New_York"),
            ("+262692123456", "Indian/Reunion"),
            ("+970599241234", "Asia/Gaza Asia/Hebron"),
            ("+37060012345", "Europe/Vilnius"),
            ("+34928123456", "Atlantic/Canary"),
        ] {
            let area = areas.of(number).expect("known");
            let names: Vec<_> = area.zones().iter().filter_map(TimeZone::iana_name).collect();
            assert_eq!(names.join(" "), zones, "{number}");
        }
        assert!(areas.of("+999").is_none() && areas.of("").is_none() && areas.of("+é").is_none());
    }

    #[test]
    fn a_row_that_is_none_is_named() {
        for row in ["1212\tAmerica/New_York", "+1212\tAmerica/Gotham", "+1212\t", "+1212"] {
            let files = RuleFiles::embedded().with(FILE, format!("prefix\tzones\n{row}\n"));
            assert!(Areas::load(&files).is_err(), "{row}");
        }
    }
}
