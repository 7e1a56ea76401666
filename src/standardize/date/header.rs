//! The order of day, month and year that a header spells out: `Birthday (MM/DD/YYYY)`, `תאריך לידה יום/חודש/שנה`.

use crate::rule::{HeaderOrder, PartOrder};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Day,
    Month,
    Year,
}

/// The order in which a header names the three parts, side by side; none where it doesn't.
pub(super) fn told_order(words: &HeaderOrder, header: &str) -> Option<PartOrder> {
    let header = header.to_lowercase();
    let mut named: Vec<Option<Part>> = Vec::new();
    for word in header.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        match part(words, word) {
            Some(part) => named.push(Some(part)),
            None => named.extend(glued(words, word)),
        }
    }
    named.windows(3).find_map(|window| match window {
        [Some(Part::Day), Some(Part::Month), Some(Part::Year)] => Some(PartOrder::DayMonthYear),
        [Some(Part::Month), Some(Part::Day), Some(Part::Year)] => Some(PartOrder::MonthDayYear),
        [Some(Part::Year), Some(Part::Month), Some(Part::Day)] => Some(PartOrder::YearMonthDay),
        _ => None,
    })
}

fn part(words: &HeaderOrder, word: &str) -> Option<Part> {
    let lists = [(&words.day, Part::Day), (&words.month, Part::Month), (&words.year, Part::Year)];
    lists.into_iter().find(|(list, _)| list.iter().any(|own| own == word)).map(|(_, part)| part)
}

/// `ddmmyyyy`: runs of one letter that are each a part; a word that is anything else stands between parts.
fn glued(words: &HeaderOrder, word: &str) -> Vec<Option<Part>> {
    let letters: Vec<char> = word.chars().collect();
    let runs = letters.chunk_by(|left, right| left == right).map(|run| run.iter().collect::<String>());
    let parts: Vec<Option<Part>> = runs.map(|run| part(words, &run)).collect();
    if parts.len() == 3 && parts.iter().all(Option::is_some) { parts } else { vec![None] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{DateRules, RuleFiles};

    #[test]
    fn the_order_is_read_in_several_languages_and_nothing_else_is_taken_for_it() {
        let words = DateRules::load(&RuleFiles::embedded()).expect("loads").order.header;
        let cases = [
            ("Date of birth (MM/DD/YYYY)", Some(PartOrder::MonthDayYear)),
            ("dob dd-mm-yyyy", Some(PartOrder::DayMonthYear)),
            ("dob_ddmmyy", Some(PartOrder::DayMonthYear)),
            ("Born [YYYYMMDD]", Some(PartOrder::YearMonthDay)),
            ("Date: day / month / year", Some(PartOrder::DayMonthYear)),
            ("Geburtsdatum TT.MM.JJJJ", Some(PartOrder::DayMonthYear)),
            ("Naissance (jj/mm/aaaa)", Some(PartOrder::DayMonthYear)),
            ("Data di nascita gg/mm/aaaa", Some(PartOrder::DayMonthYear)),
            ("תאריך לידה (יום/חודש/שנה)", Some(PartOrder::DayMonthYear)),
            ("תאריך שנה-חודש-יום", Some(PartOrder::YearMonthDay)),
            ("Дата рождения ДД.ММ.ГГГГ", Some(PartOrder::DayMonthYear)),
            ("تاريخ الميلاد يوم/شهر/سنة", Some(PartOrder::DayMonthYear)),
            ("Date of birth", None),
            ("year and month", None),
            ("D.M. Younger", None),
            ("", None),
        ];
        for (header, order) in cases {
            assert_eq!(told_order(&words, header), order, "{header}");
        }
    }
}
