//! Capitals: `DANA COHEN` and `dana cohen` become `Dana Cohen`; `O'Neil`, `McDonald` and `van der Berg` keep their own.

use crate::rule::{Lookup, NameLists, NameShape};

/// Words with capitals of their own.
#[derive(Debug)]
pub(super) struct CaseRules {
    lower: Lookup<()>,
    capitals: Lookup<()>,
    company: Lookup<()>,
}

impl CaseRules {
    pub(super) fn new(shape: &NameShape) -> Self {
        let words = |list: &[String]| Lookup::of_words(list.iter().map(String::as_str));
        CaseRules { lower: words(&shape.lower), capitals: words(&shape.capitals), company: words(&shape.company) }
    }

    /// The name with a capital at the start of each word; none where nothing changes. Words that have both cases already
    /// are left as their bearers write them, and so is a name in which a company's word stands. Three capitals that stand alone are a
    /// name only where a list has it.
    pub(super) fn repair(&self, name: &str, lists: &NameLists) -> Option<String> {
        if !name.chars().any(has_case) {
            return None;
        }
        let words = || name.split(' ');
        if words().any(|word| self.company.has(word)) {
            return None;
        }
        let cells = Letters::of(name);
        let is_several = words().nth(1).is_some();
        let mut repaired = String::with_capacity(name.len());
        for (index, word) in words().enumerate() {
            if index > 0 {
                repaired.push(' ');
            }
            let letters = Letters::of(word);
            let is_particle = is_several && self.lower.has(word);
            let change = match (letters.upper, letters.lower) {
                // A particle in lower case is in its place anywhere, one in capitals only at the start.
                (0, 1..) => !is_particle,
                (2.., 0) if self.capitals.has(word) => false,
                (2.., 0) if cells.lower == 0 && cells.upper > letters.upper => true,
                // One word of few capitals may be initials or an institution.
                (2.., 0) => letters.upper > 3 || letters.upper == 3 && lists.has(word),
                _ => false,
            };
            match (change, is_particle && index > 0) {
                (true, true) => repaired.extend(word.chars().map(lower)),
                (true, false) => push_title(&mut repaired, word),
                (false, _) => repaired.push_str(word),
            }
        }
        (repaired != name).then_some(repaired)
    }
}

/// How many letters of each case.
struct Letters {
    upper: usize,
    lower: usize,
}

impl Letters {
    fn of(text: &str) -> Self {
        let upper = text.chars().filter(|&letter| lower(letter) != letter).count();
        let lower = text.chars().filter(|&letter| upper_of(letter) != letter).count();
        Letters { upper, lower }
    }
}

/// Letters of scripts without case are most of what is looked at.
fn has_case(letter: char) -> bool {
    !matches!(letter, '\u{590}'..='\u{8ff}') && (letter.is_lowercase() || letter.is_uppercase())
}

fn push_title(repaired: &mut String, word: &str) {
    let mut starts = true;
    let mut since_start = 0;
    let mut own: String = String::new();
    for letter in word.chars() {
        if starts && letter.is_alphabetic() {
            repaired.push(upper_of(letter));
            own.clear();
            own.push(upper_of(letter));
            starts = false;
            since_start = 1;
        } else {
            let is_after_mc = own == "Mc" && letter.is_alphabetic();
            let written = if is_after_mc { upper_of(letter) } else { lower(letter) };
            repaired.push(written);
            own.push(written);
            // O'Neil and D'Angelo, but Ya'akov.
            starts = matches!(letter, '-' | '.') || letter == '\'' && since_start == 1;
            since_start += 1;
        }
    }
}

/// Only letters whose other case is one letter too; ẞ and İ would change a name's length.
fn upper_of(letter: char) -> char {
    let mut cased = letter.to_uppercase();
    match (cased.next(), cased.next()) {
        (Some(one), None) if lower_one(one) == Some(letter) => one,
        _ => letter,
    }
}

fn lower(letter: char) -> char {
    match lower_one(letter) {
        Some(one) if upper_one(one) == Some(letter) => one,
        _ => letter,
    }
}

fn lower_one(letter: char) -> Option<char> {
    let mut cased = letter.to_lowercase();
    cased.next().filter(|_| cased.next().is_none())
}

fn upper_one(letter: char) -> Option<char> {
    let mut cased = letter.to_uppercase();
    cased.next().filter(|_| cased.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    #[test]
    fn capitals_come_to_where_they_belong() {
        let files = RuleFiles::embedded();
        let rules = CaseRules::new(&NameShape::load(&files).expect("loads"));
        let lists = NameLists::load(&files).expect("loads");
        for (name, repaired) in [
            ("dana cohen", Some("Dana Cohen")),
            ("DANA COHEN", Some("Dana Cohen")),
            ("Dana cohen", Some("Dana Cohen")),
            ("Dana COHEN", Some("Dana Cohen")),
            ("o'neil", Some("O'Neil")),
            ("MCDONALD", Some("McDonald")),
            ("ya'akov", Some("Ya'akov")),
            ("cohen-levi", Some("Cohen-Levi")),
            ("JAN VAN DEN BERG", Some("Jan van den Berg")),
            ("david ben gurion", Some("David Ben Gurion")),
            ("иван", Some("Иван")),
            ("ИВАНОВ", Some("Иванов")),
            ("LI WEI", Some("Li Wei")),
            ("van den Berg", None),
            ("Dana", None),
            ("McDonald", None),
            ("DeShawn", None),
            ("J.R. Smith", None),
            ("JP", None),
            ("SBI", None),
            ("GAL", Some("Gal")),
            ("Nora SBI", None),
            ("Henry III", None),
            ("IBM LTD", None),
            ("דנה", None),
        ] {
            assert_eq!(rules.repair(name, &lists).as_deref(), repaired, "{name}");
        }
    }
}
