//! Lines of text below the last row that are as full as rows, because a delimiter stands in their sentence: `Confidential, for
//! internal use only, do not copy`.

use super::kind::Kind;
use super::top::{Columns, Line, read_lines};
use crate::ingest::csv::Dialect;
use crate::rule::{LayoutRules, phrase_words};

/// Where such lines start among the last `bytes` of a text, counted from where these begin, ascending. They are told by their
/// shape: words where their column holds values of a kind, none that are such a value, and blanks behind the delimiters, as no row
/// has them, or the beginning of a line that reports print.
pub(in crate::ingest) fn footers(bytes: &[u8], dialect: Dialect, rules: &LayoutRules) -> Vec<usize> {
    let lines = read_lines(bytes, dialect, usize::MAX, false);
    let columns = Columns::of(&lines, rules.kind_percent);
    let is_full = |line: &&Line| line.filled * 2 >= columns.usual;
    let is_spaced = |line: &Line| has_blanks(&bytes[line.start..line.next], dialect.delimiter);
    let (spaced, others): (Vec<&Line>, Vec<&Line>) = lines.iter().filter(is_full).partition(|line| is_spaced(line));
    let are_rows_spaced = spaced.len() >= others.len();
    let mut footers = Vec::new();
    for line in lines.iter().rev().filter(|line| !line.is_blank()) {
        if is_footer(line, &columns, rules, is_spaced(line) && !are_rows_spaced) {
            footers.push(line.start);
        } else if is_full(&line) || footers.len() > MOST {
            break;
        }
    }
    footers.reverse();
    footers
}

fn is_footer(line: &Line, columns: &Columns, rules: &LayoutRules, stands_out: bool) -> bool {
    let are_words = line.kinds.iter().all(|kind| matches!(kind, Kind::Blank | Kind::Text));
    let Some(first) = line.cells.first().filter(|first| !first.is_empty() && are_words) else { return false };
    let words = line.cells.iter().flat_map(|cell| cell.split_whitespace()).count();
    if line.filled < 2 || words < rules.sentence_words {
        return false;
    }
    let opens = rules.lines.at_start(&phrase_words(first)).is_some();
    let in_place_of_values = columns.words_for_values(line) > 0;
    [in_place_of_values, opens, stands_out].into_iter().filter(|sign| *sign).count() > 1
}

/// Whether a blank stands behind every delimiter of a record.
fn has_blanks(record: &[u8], delimiter: u8) -> bool {
    let mut places = memchr::memchr_iter(delimiter, record).peekable();
    places.peek().is_some() && places.all(|at| record.get(at + 1) == Some(&b' '))
}

/// More of them are rows of another kind.
const MOST: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn below(text: &str, delimiter: u8) -> Vec<&str> {
        let rules = LayoutRules::load(&RuleFiles::embedded()).expect("the shipped rules are of this form");
        let dialect = Dialect { delimiter, terminator: b'\n' };
        let places = footers(text.as_bytes(), dialect, &rules);
        places.into_iter().map(|at| text[at..].lines().next().unwrap_or_default()).collect()
    }

    #[test]
    fn sentences_below_the_last_row_are_no_rows_however_many_cells_they_fill() {
        let rows = "key,first,last,mail\nK1,Noa,Gal,noa@example.com\nK2,Tal,Or,tal@example.com\n";
        for footer in [
            "Confidential, for internal use only, do not forward",
            "All rights reserved by the club, please keep this page safe, thank you",
            "המסמך נועד לצוות המועדון בלבד, אין להעבירו הלאה, תודה לכולם",
            "Данные клуба, только для внутреннего пользования, не передавать третьим лицам",
        ] {
            assert_eq!(below(&format!("{rows}\n{footer}\n"), b','), [footer]);
        }
        let two = format!(
            "{rows}Made by the till, see the manual, page by page\n,,,\nNot for sale, not for copying, keep it here\n"
        );
        assert_eq!(below(&two, b',').len(), 2);
        let names = "first;last;town\nNoa;Gal;Lod\nTal;Or;Acre\nConfidential; internal use only; do not forward\n";
        assert_eq!(below(names, b';'), ["Confidential; internal use only; do not forward"]);
    }

    #[test]
    fn rows_stay_rows() {
        for last in [
            "K3,Gil,Paz,gil@example.com",
            "K3,the late mr,paz of lod and acre,",
            "new,Gil,Paz,has no mail as yet",
            ",Gil, Paz van der Berg,lives with us by the sea",
            "Gil Paz,not a member, he only pays for his son, and calls",
        ] {
            let rows = "key,first,last,mail\nK1,Noa,Gal,noa@example.com\nK2,Tal,Or,tal@example.com\n";
            assert!(below(&format!("{rows}{last}\n"), b',').is_empty(), "{last}");
        }
        // Where all rows have blanks there, they tell nothing.
        let spaced =
            "key, first, last, mail\nK1, Noa, Gal, noa@example.com\nnone, Gil of, the Paz family, has no mail yet\n";
        assert!(below(spaced, b',').is_empty());
    }
}
