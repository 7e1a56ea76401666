//! `rules/names/{order,fathers,relatives}.toml`: how names are put together, where lists of names do not say it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use unicode_script::{Script, UnicodeScript};

use super::{RuleError, RuleFiles};
use crate::text::{FoldedHeader, folded};

/// Which part of a whole name stands first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NameOrder {
    /// "Dana Cohen".
    #[default]
    GivenFirst,
    /// "Cohen Dana".
    FamilyFirst,
}

/// `order.toml`: what headers and rows say of the order of whole names.
#[derive(Debug, Clone)]
pub struct NameOrderWords {
    /// Words as headers are folded, and what they name.
    phrases: Vec<(Vec<String>, Named)>,
    least: usize,
    agree: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrderFile {
    family: Vec<String>,
    given: Vec<String>,
    family_first: Vec<String>,
    least: usize,
    agree: usize,
}

/// What a phrase of a header names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Named {
    Family,
    Given,
    FamilyFirst,
}

impl NameOrderWords {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let OrderFile { family, given, family_first, least, agree } = files.parse("names/order.toml")?;
        let kinds = [(family, Named::Family), (given, Named::Given), (family_first, Named::FamilyFirst)];
        let words = |phrase: String| FoldedHeader::new(&phrase).words().to_vec();
        let of_kind =
            |(phrases, named): (Vec<String>, Named)| phrases.into_iter().map(move |phrase| (words(phrase), named));
        Ok(NameOrderWords { phrases: kinds.into_iter().flat_map(of_kind).collect(), least, agree })
    }

    /// The order that a header names; none where it does not name both parts.
    pub fn told(&self, header: &str) -> Option<NameOrder> {
        let header = FoldedHeader::new(header);
        let words = header.words();
        let mut seen: Vec<Named> = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let found = self.phrases.iter().filter(|(phrase, _)| stands_at(phrase, &words[at..]));
            let longest = found.max_by_key(|(phrase, _)| phrase.len());
            at += longest.map_or(1, |(phrase, _)| phrase.len());
            match longest {
                Some((_, Named::FamilyFirst)) => return Some(NameOrder::FamilyFirst),
                Some((_, named)) => seen.push(*named),
                None => {}
            }
        }
        let first = *seen.first()?;
        let names_both = seen.iter().any(|named| *named != first);
        let order = if first == Named::Family { NameOrder::FamilyFirst } else { NameOrder::GivenFirst };
        names_both.then_some(order)
    }

    /// The order of rows, where so many write the family name first and so many the given name; none where they don't show it.
    pub fn shown(&self, family_first: usize, given_first: usize) -> Option<NameOrder> {
        let all = family_first + given_first;
        let is_clear = |votes: usize| votes >= self.least && votes * 100 >= all * self.agree;
        match (is_clear(family_first), is_clear(given_first)) {
            (true, _) => Some(NameOrder::FamilyFirst),
            (_, true) => Some(NameOrder::GivenFirst),
            _ => None,
        }
    }
}

/// Whether words begin with a phrase; an "and" that is written together with a word makes no difference, before an article or not.
fn stands_at(phrase: &[String], words: &[String]) -> bool {
    const AND: [char; 2] = ['ו', 'و'];
    let is_it = |(own, word): (&String, &String)| {
        own == word || word.strip_prefix(AND).is_some_and(|word| FoldedHeader::new(word).words() == [own.as_str()])
    };
    phrase.len() <= words.len() && phrase.iter().zip(words).all(is_it)
}

/// `fathers.toml`: the father's name within a name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FatherNames {
    endings: Vec<String>,
    irregular: BTreeMap<String, String>,
    behind_given: Vec<String>,
}

/// Letters of the stem of a patronymic.
const SHORTEST_STEM: usize = 2;

impl FatherNames {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut own: FatherNames = files.parse("names/fathers.toml")?;
        own.endings.sort_by_key(|ending| std::cmp::Reverse(ending.chars().count()));
        Ok(own)
    }

    /// What a folded patronymic says the father is called, without the ending of his name; none where the word is none.
    pub fn stem<'w>(&'w self, word: &'w str) -> Option<&'w str> {
        if let Some(stem) = self.irregular.get(word) {
            return Some(stem);
        }
        let stem = self.endings.iter().find_map(|ending| word.strip_suffix(ending.as_str()))?;
        (stem.chars().count() >= SHORTEST_STEM).then_some(stem)
    }

    /// Whether a word as it stands in a cell is a patronymic of the script that has them.
    pub fn is_patronymic(&self, word: &str) -> bool {
        word.chars().next().is_some_and(|letter| letter.script() == Script::Cyrillic)
            && self.stem(&folded(word)).is_some()
    }

    /// A folded given name in two: the name itself, and what stands behind it of the father; empty where nothing does.
    /// `is_prefix` knows words that are a name only with the word behind them.
    pub fn parted<'n>(&'n self, name: &'n str, is_prefix: impl Fn(&str) -> bool) -> (&'n str, &'n str) {
        let Some((before, last)) = name.rsplit_once(' ') else { return (name, "") };
        if let Some(stem) = self.stem(last) {
            return (before, stem);
        }
        if !self.is_written_behind(name) {
            return (name, "");
        }
        let first = first_word(name);
        let from = if is_prefix(first) { first.len() + 1 } else { 0 };
        match name[from..].find(' ') {
            Some(space) => (&name[..from + space], &name[from + space + 1..]),
            None => (name, ""),
        }
    }

    /// Whether names of this script have the father's name behind the given one.
    pub fn is_written_behind(&self, name: &str) -> bool {
        let script = match name.chars().next().map(|letter| letter.script()) {
            Some(Script::Hebrew) => "he",
            Some(Script::Latin) => "la",
            Some(Script::Cyrillic) => "ru",
            Some(Script::Arabic) => "ar",
            _ => return false,
        };
        self.behind_given.iter().any(|own| own == script)
    }
}

/// `relatives.toml`: names that are made of another person's.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelativeNames {
    roles: Vec<Vec<String>>,
    /// The first words of all of them.
    #[serde(skip)]
    first_words: BTreeSet<String>,
}

impl RelativeNames {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut own: RelativeNames = files.parse("names/relatives.toml")?;
        own.roles.iter_mut().flatten().for_each(|phrase| *phrase = folded(phrase));
        own.first_words = own.roles.iter().flatten().map(|phrase| first_word(phrase).to_owned()).collect();
        Ok(own)
    }

    /// Whether a folded part of a name is the beginning of one that is made of another person's.
    pub fn may_begin(&self, part: &str) -> bool {
        self.first_words.contains(first_word(part))
    }

    /// Which relative of the person in it a folded whole name names; 0 where it names none.
    pub fn role(&self, name: &str) -> u8 {
        let begins = |phrase: &String| name.strip_prefix(phrase.as_str()).is_some_and(|rest| rest.starts_with(' '));
        self.roles.iter().position(|phrases| phrases.iter().any(begins)).map_or(0, |place| place as u8 + 1)
    }
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_names_both_parts_says_their_order() {
        let words = NameOrderWords::load(&RuleFiles::embedded()).expect("loads");
        let family = Some(NameOrder::FamilyFirst);
        let given = Some(NameOrder::GivenFirst);
        for (header, order) in [
            ("ФИО", family),
            ("Ф.И.О. клиента", family),
            ("Фамилия Имя (Отчество)", family),
            ("Фамилия, имя", family),
            ("Имя и фамилия", given),
            ("Surname First name", family),
            ("Name (last, first)", family),
            ("First and last name", given),
            ("שם משפחה ופרטי", family),
            ("משפחה ופרטי", family),
            ("שם פרטי ומשפחה", given),
            ("الكنية والاسم", family),
            ("اسم العائلة والاسم", family),
            ("الاسم والشهرة", given),
            ("שם משפחה", None),
            ("שם מלא", None),
            ("Name", None),
            ("", None),
        ] {
            assert_eq!(words.told(header), order, "{header}");
        }
    }

    #[test]
    fn rows_show_an_order_where_nearly_all_of_them_agree() {
        let words = NameOrderWords::load(&RuleFiles::embedded()).expect("loads");
        assert_eq!(words.shown(9, 1), Some(NameOrder::FamilyFirst));
        assert_eq!(words.shown(1, 9), Some(NameOrder::GivenFirst));
        assert_eq!(words.shown(2, 0), None, "too few");
        assert_eq!(words.shown(6, 4), None, "both orders are there");
    }

    #[test]
    fn the_fathers_name_is_parted_from_the_given_one() {
        let fathers = FatherNames::load(&RuleFiles::embedded()).expect("loads");
        let is_prefix = |word: &str| word == "عبد";
        for (name, parts) in [
            ("семен ильич", ("семен", "иль")),
            ("илья семенович", ("илья", "семен")),
            ("анна павловна", ("анна", "павл")),
            ("павел павлович", ("павел", "павл")),
            ("olga petrovna", ("olga", "petr")),
            ("حسن حسين", ("حسن", "حسين")),
            ("عبد الله محمود علي", ("عبد الله", "محمود علي")),
            ("анна мария", ("анна мария", "")),
            ("משה יעקב", ("משה יעקב", "")),
            ("шендерович", ("шендерович", "")),
        ] {
            assert_eq!(fathers.parted(name, is_prefix), parts, "{name}");
        }
    }

    #[test]
    fn a_role_before_a_name_is_read_and_a_name_alone_has_none() {
        let relatives = RelativeNames::load(&RuleFiles::embedded()).expect("loads");
        let role = |name: &str| relatives.role(&folded(name));
        assert_ne!(role("אמא של עידו"), role("אבא של עידו"));
        assert_ne!(role("أم خالد"), role("أبو خالد"));
        assert_eq!(role("Мама Даши"), role("мать Даши"));
        for name in ["אמא", "עידו", "папа", "Mamata Roy", "Abu"] {
            assert_eq!(role(name), 0, "{name}");
        }
    }
}
