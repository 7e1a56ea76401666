//! `rules/list_names.toml`: how exports of one list are known that are called after their day.

use std::collections::HashSet;

use serde::Deserialize;

use super::{DateRules, RuleError, RuleFiles};
use crate::text::folded;

/// How exports of one list are known.
#[derive(Debug, Clone)]
pub struct ListNames {
    months: HashSet<String>,
    beside: HashSet<String>,
    file: NameFile,
}

/// The name of a list without the day on which it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListFamily {
    /// Its words, folded.
    pub words: String,
    /// A day, a month or a year was in it.
    pub is_dated: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct NameFile {
    beside_dates: Vec<String>,
    least_keys_same_header: u8,
    least_keys_other_header: u8,
    numbered_anew: u8,
}

impl ListNames {
    /// Reads the file, and the names of months.
    ///
    /// # Errors
    /// When one of them is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut file: NameFile = files.parse("list_names.toml")?;
        let months = DateRules::load(files)?.months.iter().flatten().map(|word| folded(word)).collect();
        let beside = std::mem::take(&mut file.beside_dates).iter().map(|word| folded(word)).collect();
        Ok(ListNames { months, beside, file })
    }

    /// The name of a file without its ending, numbers and the words of a date. Words with a number of their own (`part1`) stay.
    pub fn family(&self, file: &str) -> ListFamily {
        let mut parts = file.split('.');
        let stem = parts.next().unwrap_or_default();
        let numbers = parts.filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        let name = numbers.fold(stem.to_owned(), |name, number| name + " " + number);
        let mut family = ListFamily { words: String::new(), is_dated: false };
        let mut is_behind_year = false;
        for word in folded(&name).split(' ').filter(|word| !word.is_empty()) {
            let letters = word.trim_matches(char::is_numeric);
            let bare = letters.strip_prefix(['ב', 'ל', 'מ']).unwrap_or(letters);
            let is_behind_year = std::mem::replace(&mut is_behind_year, is_hebrew_year(letters));
            if letters.is_empty() {
                family.is_dated |= word.chars().count() >= YEAR_DIGITS;
            } else if is_hebrew_year(letters) || self.months.contains(letters) || self.months.contains(bare) {
                family.is_dated = true;
            } else if !(is_stamp(word)
                || is_behind_year && is_unit(letters)
                || [letters, bare].iter().any(|word| self.beside.contains(*word)))
            {
                let space = if family.words.is_empty() { "" } else { " " };
                family.words.extend([space, word]);
            }
        }
        family
    }

    /// The share of a newer list's keys, in percent, that an earlier export must have for the two to be one list.
    pub fn least_keys(&self, is_same_header: bool) -> u8 {
        if is_same_header { self.file.least_keys_same_header } else { self.file.least_keys_other_header }
    }

    /// From which share of its known keys on, in percent, that are other people's now a list was numbered anew.
    pub fn numbered_anew(&self) -> u8 {
        self.file.numbered_anew
    }
}

/// A year of the Hebrew calendar in letters, as schools count: `תשפ"ה` is 5785. Marks and final forms are gone.
fn is_hebrew_year(word: &str) -> bool {
    let word = word.strip_prefix(['ה', 'ב', 'ל', 'מ', 'ש']).filter(|rest| rest.starts_with('ת')).unwrap_or(word);
    let Some(rest) = word.strip_prefix("תש") else { return false };
    let rest = rest.strip_prefix(['ק', 'ר']).unwrap_or(rest);
    let without_tens = rest.strip_prefix(['י', 'כ', 'ל', 'מ', 'נ', 'ס', 'ע', 'פ', 'צ']);
    without_tens.is_some_and(|units| units.is_empty() || is_unit(units)) || matches!(rest, "טו" | "טז")
}

/// A number below ten in Hebrew letters.
fn is_unit(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(|letter| ('א'..='ט').contains(&letter)) && letters.next().is_none()
}

/// Part of a day with its time in ISO 8601's form: `01T10`, `20250101T102233Z`.
fn is_stamp(word: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let time = word.strip_suffix('z').unwrap_or(word);
    is_number(time) || time.split_once('t').is_some_and(|(day, hour)| is_number(day) && is_number(hour))
}

/// A number of so many digits is a year, or a day without marks between.
const YEAR_DIGITS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_from_year_to_year() {
        let names = ListNames::load(&RuleFiles::embedded()).expect("loads");
        for (file, words, is_dated) in [
            ("customers_2025-01-01.csv", "customers", true),
            ("customers.csv", "customers", false),
            ("לקוחות ינואר 2026.xlsx", "לקוחות", true),
            ("לקוחות 31.12.2026.xlsx", "לקוחות", true),
            ("לקוחות נכון ליום 010126.csv", "לקוחות", true),
            ("Members (3).xlsx", "members", false),
            ("members-jan26.csv.gz", "members", true),
            ("Клиенты января.csv", "клиенты", true),
            ("part1.csv", "part1", false),
            ("2026-01-01.csv", "", true),
            ("צרכנים תשפ\"ד.csv", "צרכנימ", true),
            ("צרכנים ה'תשפ״ז.xlsx", "צרכנימ", true),
            ("צרכנים תשפ_ו.csv", "צרכנימ", true),
            ("צרכנים בשנת תשצ.csv", "צרכנימ", true),
            ("צרכנים תשלום.csv", "צרכנימ תשלומ", false),
            ("מנויים דצמבר 2024.csv", "מנויימ", true),
            ("socios_noviembre_de_2024.csv", "socios", true),
            ("Mitglieder Stand Mai 2026 (Kopie).csv", "mitglieder", true),
            ("Q2 2025 guests.csv", "guests", true),
            ("guests 4th quarter 2026.csv", "guests", true),
            ("אורחים רבעון 3 2026.csv", "אורחימ", true),
            ("гости 2 квартал 2026.csv", "гости", true),
            ("abonnés été 2026.csv", "abonnes", true),
            ("guests_v3_final.csv", "guests", false),
            ("Copy of guests.csv", "guests", false),
            ("guests 2026-02-03T04-05-06Z.csv", "guests", true),
            ("shop t2 2026.csv", "shop t2", true),
            ("export.csv", "", false),
        ] {
            let expected = ListFamily { words: words.to_owned(), is_dated };
            assert_eq!(names.family(file), expected, "{file}");
        }
    }
}
