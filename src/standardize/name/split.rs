//! Full names in two: which words are given names and which are the family name.

use crate::rule::{DOUBLING, FatherNames, Lookup, NameLists, NameOrder, NameShape, RuleError, RuleFiles};
use crate::text::character::is_shaper;

/// How full names are read.
#[derive(Debug)]
pub(super) struct SplitRules {
    prefixes: Lookup<()>,
    company: Lookup<()>,
    order_margin: i32,
    fathers: FatherNames,
    /// In which order names are written that the lists don't know.
    pub(super) order: NameOrder,
}

impl SplitRules {
    pub(super) fn load(files: &RuleFiles, shape: &NameShape) -> Result<Self, RuleError> {
        let words = |list: &[String]| Lookup::of_words(list.iter().map(String::as_str));
        Ok(SplitRules {
            prefixes: words(&shape.prefixes),
            company: words(&shape.company),
            order_margin: shape.order_margin * DOUBLING,
            fathers: FatherNames::load(files)?,
            order: NameOrder::default(),
        })
    }

    /// The order of a name of two words, where the lists of names know it for certain.
    pub(super) fn known_order(&self, name: &str, lists: &NameLists) -> Option<NameOrder> {
        let (left, right) = name.split_once(' ').filter(|(_, right)| !right.contains(' '))?;
        let lead = usage_sum(right, left, lists) - usage_sum(left, right, lists);
        match lead {
            lead if lead >= self.order_margin => Some(NameOrder::FamilyFirst),
            lead if -lead >= self.order_margin => Some(NameOrder::GivenFirst),
            _ => None,
        }
    }

    /// `כהן, דנה` as `דנה כהן`; none where there is no such comma, or where it parts two given names.
    pub(super) fn without_comma(&self, name: &str, lists: &NameLists) -> Option<String> {
        let (last, first) = name.split_once(',')?;
        let (last, first) = (last.trim(), first.trim());
        let is_short = |part: &str| !part.is_empty() && part.split(' ').count() <= 3;
        if !is_short(last) || !is_short(first) || first.contains(',') {
            return None;
        }
        if name.split([' ', ',']).any(|word| self.company.has(word)) {
            return None;
        }
        // Two people (`דנה, יוסי`) or "given, family": the comma did not turn the order round.
        (lean(last, lists) <= CLEARLY_GIVEN).then(|| format!("{first} {last}"))
    }

    /// The given and the family name of a full name; one of them empty where there is one word only, none for companies
    /// and for what is no name.
    pub(super) fn halves<'a>(&self, name: &'a str, lists: &NameLists) -> Option<(&'a str, &'a str)> {
        let name = without_pictures(name);
        let is_foreign = |byte| matches!(byte, b'@' | b',' | b'/' | b'+' | b'&' | b'0'..=b'9');
        if name.is_empty() || name.bytes().any(is_foreign) {
            return None;
        }
        let mut spaces = name.match_indices(' ').map(|(at, _)| at);
        let Some(space) = spaces.next() else { return Some(one_word(name, lists)) };
        if name.split(' ').any(|word| self.company.has(word)) {
            return None;
        }
        if self.is_prefixed(name, lists) {
            return Some(("", name));
        }
        if spaces.next().is_none() {
            let (left, right) = (&name[..space], &name[space + 1..]);
            return Some(match self.known_order(name, lists).unwrap_or(self.order) {
                NameOrder::FamilyFirst => (right, left),
                NameOrder::GivenFirst => (left, right),
            });
        }
        Some(self.best_split(name, lists))
    }

    /// Whether nothing stands before the last word but prefixes, and the whole is listed as a family name or the first of them is no
    /// given name itself: `בן דוד`, `Abu Zaid`, `von der Berg`.
    fn is_prefixed(&self, name: &str, lists: &NameLists) -> bool {
        let Some((prefixes, _)) = name.rsplit_once(' ') else { return false };
        let first = lists.usage(prefixes.split(' ').next().unwrap_or_default());
        prefixes.split(' ').all(|word| self.prefixes.has(word))
            && (lists.usage(name).last > 0 || first.lean_to_first() <= 0 || !first.is_common(GIVEN_PREFIX))
    }

    /// Three words and more: every place to part them, in both orders; the column's order wins ties, and in it one word that
    /// stands first.
    fn best_split<'a>(&self, name: &'a str, lists: &NameLists) -> (&'a str, &'a str) {
        let mut best: Option<(i32, (&str, &str))> = None;
        for (at, _) in name.match_indices(' ').take(MOST_WORDS) {
            let (left, right) = (&name[..at], &name[at + 1..]);
            let torn = left.rsplit(' ').next().is_some_and(|word| self.prefixes.has(word));
            let penalty = if torn { TORN_PREFIX } else { 0 };
            let plain = self.given_score(left, lists) + self.family_score(right, lists) - penalty;
            let turned = self.given_score(right, lists) + self.family_score(left, lists) - penalty;
            let tries = match self.order {
                NameOrder::GivenFirst => [(plain, (left, right)), (turned - self.order_margin, (right, left))],
                NameOrder::FamilyFirst => [(turned, (right, left)), (plain - self.order_margin, (left, right))],
            };
            for (score, halves) in tries {
                if best.is_none_or(|(most, _)| score > most) {
                    best = Some((score, halves));
                }
            }
        }
        best.map_or((name, ""), |(_, halves)| halves)
    }

    fn given_score(&self, part: &str, lists: &NameLists) -> i32 {
        let whole = i32::from(lists.usage(part).first);
        // "בת שבע" is listed; any other prefix with its word is a family name.
        if whole == 0 && part.split_once(' ').is_some_and(|(word, _)| self.prefixes.has(word)) {
            return -TORN_PREFIX;
        }
        let score = |part: &str| self.part_score(part, |word| i32::from(lists.usage(word).first));
        // "Семён Ильич": the father's name stands behind a given one.
        let with_father = part.rsplit_once(' ').filter(|(_, last)| self.fathers.is_patronymic(last));
        let with_father =
            with_father.map(|(given, _)| i32::from(lists.usage(given).first).max(score(given)) + PATRONYMIC);
        whole.max(with_father.unwrap_or_else(|| score(part)))
    }

    fn family_score(&self, part: &str, lists: &NameLists) -> i32 {
        let whole = i32::from(lists.usage(part).last);
        whole.max(self.part_score(part, |word| i32::from(lists.usage(word).last)))
    }

    /// Several words are as likely as the least of them; a prefix belongs to the word behind it and can't stand last.
    fn part_score(&self, part: &str, score: impl Fn(&str) -> i32) -> i32 {
        let words = part.split(' ');
        let mut least = i32::MAX;
        let mut count = 0;
        let mut after_prefix = false;
        for word in words {
            let is_prefix = self.prefixes.has(word);
            count += i32::from(!after_prefix);
            if after_prefix {
                least = least.min(score(word).max(PREFIXED));
            } else if !is_prefix {
                least = least.min(score(word));
            }
            after_prefix = is_prefix;
        }
        if after_prefix && count > 1 {
            return i32::MIN / 4;
        }
        if least == i32::MAX {
            least = score(part);
        }
        least - (count - 1) * SECOND_WORD
    }
}

/// The name without signs and pictures around it: "🌸 רינת 🌸".
pub(super) fn without_pictures(name: &str) -> &str {
    // Letters of most scripts are written in fewer bytes.
    const FIRST_BYTE: u8 = 0xE2;
    const FIRST_SIGN: char = '\u{2190}';
    if name.bytes().all(|byte| byte < FIRST_BYTE) {
        return name;
    }
    let is_picture = |letter: char| is_shaper(letter) || (letter >= FIRST_SIGN && !letter.is_alphanumeric());
    let is_around = |letter: char| letter == ' ' || is_picture(letter);
    if name.chars().any(is_picture) { name.trim_matches(is_around) } else { name }
}

fn one_word<'a>(name: &'a str, lists: &NameLists) -> (&'a str, &'a str) {
    if lists.usage(name).lean_to_first() < 0 { ("", name) } else { (name, "") }
}

/// How likely these two are as given and family name.
fn usage_sum(first: &str, last: &str, lists: &NameLists) -> i32 {
    i32::from(lists.usage(first).first) + i32::from(lists.usage(last).last)
}

fn lean(part: &str, lists: &NameLists) -> i32 {
    let whole = lists.usage(part);
    if whole.is_known() {
        whole.lean_to_first()
    } else {
        part.split(' ').map(|word| lists.usage(word).lean_to_first()).sum()
    }
}

/// A word behind a prefix is a name, listed or not.
const PREFIXED: i32 = 6 * DOUBLING;

/// A patronymic shows where the given name stands, more surely than the other order is unlikely.
const PATRONYMIC: i32 = 6 * DOUBLING;

/// A second given or family name is rarer than one.
const SECOND_WORD: i32 = 2 * DOUBLING;

/// A prefix rather belongs to the word behind it than ends a name.
const TORN_PREFIX: i32 = 3 * DOUBLING;

/// A word this much commoner as a given name is one.
const CLEARLY_GIVEN: i32 = 2 * DOUBLING;

/// So many of a million bear a prefix that is a given name, too: Ben, Bar.
const GIVEN_PREFIX: u32 = 100;

/// Places to part a name at; a cell with more words is no name.
const MOST_WORDS: usize = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn rules() -> (SplitRules, NameLists) {
        let files = RuleFiles::embedded();
        let shape = NameShape::load(&files).expect("loads");
        (SplitRules::load(&files, &shape).expect("loads"), NameLists::load(&files).expect("loads"))
    }

    #[test]
    fn the_order_of_the_column_holds_for_names_that_the_lists_do_not_know() {
        let (mut rules, lists) = rules();
        rules.order = NameOrder::FamilyFirst;
        for (name, first, last) in [
            ("Xqzj Vwpt", "Vwpt", "Xqzj"),
            ("טטרואשוילי שיינדי", "שיינדי", "טטרואשוילי"),
            ("Абрикосович Толик", "Толик", "Абрикосович"),
            ("Абрикосович Гурген Тигранович", "Гурген Тигранович", "Абрикосович"),
            ("Xqzj Vwpt Abcde", "Vwpt Abcde", "Xqzj"),
            ("דנה כהן", "דנה", "כהן"),
            ("John Smith", "John", "Smith"),
        ] {
            assert_eq!(rules.halves(name, &lists), Some((first, last)), "{name}");
        }
    }

    #[test]
    fn full_names_part_into_given_and_family_names() {
        let (rules, lists) = rules();
        for (name, first, last) in [
            ("דנה כהן", "דנה", "כהן"),
            ("כהן דנה", "דנה", "כהן"),
            ("أبو خالد", "", "أبو خالد"),
            ("أمينة أبو ريا", "أمينة", "أبو ريا"),
            ("Abu Al Hija", "", "Abu Al Hija"),
            ("Ben Gal", "Ben", "Gal"),
            ("משה בן דוד", "משה", "בן דוד"),
            ("בן דוד משה", "משה", "בן דוד"),
            ("בת שבע לוי", "בת שבע", "לוי"),
            ("מוחמד אבו חוסיין", "מוחמד", "אבו חוסיין"),
            ("יעל כהן לוי", "יעל", "כהן לוי"),
            ("Juan de la Cruz", "Juan", "de la Cruz"),
            ("David Ben Gurion", "David", "Ben Gurion"),
            ("John Smith", "John", "Smith"),
            ("Smith John", "John", "Smith"),
            ("דנה", "דנה", ""),
            ("כהן", "", "כהן"),
            ("בן דוד", "", "בן דוד"),
            // Family names of two words, in either script.
            ("Ben David", "", "Ben David"),
            ("BEN DAVID", "", "BEN DAVID"),
            ("Bar Lev", "", "Bar Lev"),
            ("Ben Gurion", "", "Ben Gurion"),
            ("בן גוריון", "", "בן גוריון"),
            ("Ben David Dana", "Dana", "Ben David"),
            ("Ben Cohen", "Ben", "Cohen"),
            ("Ben Smith", "Ben", "Smith"),
            ("Xqzj Vwpt", "Xqzj", "Vwpt"),
            // A patronymic shows where the given name stands.
            ("Грачиков Семён Ильич", "Семён Ильич", "Грачиков"),
            ("Семён Ильич Грачиков", "Семён Ильич", "Грачиков"),
            ("Мелконян Гурген Тигранович", "Гурген Тигранович", "Мелконян"),
            ("Семён Ильич Рабинович", "Семён Ильич", "Рабинович"),
            ("Рабинович Семён Ильич", "Семён Ильич", "Рабинович"),
            ("Марк Рабинович", "Марк", "Рабинович"),
            // Pictures around a name are no part of it.
            ("🌷 דורית 🌷", "דורית", ""),
            ("🌷🌷 דורית לוי", "דורית", "לוי"),
            ("Dana❤️ Cohen ⭐️", "Dana❤️", "Cohen"),
        ] {
            assert_eq!(rules.halves(name, &lists), Some((first, last)), "{name}");
        }
        for other in ["", "דנה בע\"מ שיווק", "dana@x.co", "050 1234567"] {
            assert_eq!(rules.halves(other, &lists), None, "{other}");
        }
    }

    #[test]
    fn a_comma_turns_the_order_only_where_a_family_name_stands_first() {
        let (rules, lists) = rules();
        for (name, turned) in [
            ("כהן, דנה", Some("דנה כהן")),
            ("Cohen, Dana", Some("Dana Cohen")),
            ("Xqzj, Vwpt", Some("Vwpt Xqzj")),
            ("דנה, יוסי", None),
            ("כהן,", None),
            ("דנה כהן", None),
        ] {
            assert_eq!(rules.without_comma(name, &lists).as_deref(), turned, "{name}");
        }
    }
}
