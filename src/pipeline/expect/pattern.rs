//! Regular expressions that whole cells must match.

use regex::Regex;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::{Anchored, Input};

/// A pattern that a whole cell must match.
#[derive(Debug)]
pub(super) enum Matcher {
    /// As a table, which any number of threads read without taking turns.
    Table(Box<dense::DFA<Vec<u32>>>),
    /// For patterns whose table would be too large, or that no table can hold.
    Engine(Regex),
}

/// Larger tables cost more to build, and to keep in the cache, than they save.
const TABLE_BYTES: usize = 1 << 20;

impl Matcher {
    pub(super) fn new(pattern: &str) -> Result<Self, regex::Error> {
        // What is whole by itself can't close the group that is put around it.
        Regex::new(pattern)?;
        let whole = format!("^(?:{pattern})$");
        let engine = Regex::new(&whole)?;
        let config = dense::Config::new()
            .start_kind(StartKind::Anchored)
            .dfa_size_limit(Some(TABLE_BYTES))
            .determinize_size_limit(Some(TABLE_BYTES * 4));
        let table = dense::Builder::new().configure(config).build(&whole);
        Ok(table.map_or(Matcher::Engine(engine), |table| Matcher::Table(Box::new(table))))
    }

    pub(super) fn is_match(&self, cell: &str) -> bool {
        match self {
            Matcher::Table(table) => {
                let input = Input::new(cell).anchored(Anchored::Yes).earliest(true);
                // A table gives up only on bytes that it was told to give up on, and it was told of none.
                table.try_search_fwd(&input).is_ok_and(|found| found.is_some())
            }
            Matcher::Engine(engine) => engine.is_match(cell),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pattern_is_about_the_whole_cell() {
        let matcher = Matcher::new("a|ab").expect("a pattern");
        assert!(matches!(matcher, Matcher::Table(_)));
        assert!(matcher.is_match("ab") && matcher.is_match("a") && !matcher.is_match("abc") && !matcher.is_match("xa"));
    }

    #[test]
    fn patterns_that_no_table_holds_work_too() {
        let matcher = Matcher::new(r"\w+\b.*").expect("a pattern");
        assert!(matches!(matcher, Matcher::Engine(_)));
        assert!(matcher.is_match("שלום לך"));
        assert!(Matcher::new("(").is_err() && Matcher::new("a)|(?:b").is_err());
    }

    proptest! {
        #[test]
        fn table_and_engine_agree(cell in "[a-c@.א0-9-]{0,12}") {
            for pattern in [r"[a-c]+@[a-c]+(\.[a-c]+)*\.[a-c]{2,}", r"0\d-?\d{3}", r"\p{Hebrew}+|\d*"] {
                let engine = Regex::new(&format!("^(?:{pattern})$")).expect("a pattern");
                prop_assert_eq!(Matcher::new(pattern).expect("a pattern").is_match(&cell), engine.is_match(&cell));
            }
        }
    }
}
