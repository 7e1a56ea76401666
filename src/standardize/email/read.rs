//! The reader of e-mail cells: a fast path for the ordinary address, the whole way for all else.

use std::collections::BTreeMap;

use super::cell;
use super::class::{Directory, Facts, has_known_suffix};
use super::layout::{HebrewLayout, Meant};
use super::plain::plain_at;
use super::repair::{self, Repaired};
use super::script::has_hebrew;
use super::suggest::Speller;
use super::syntax;
use crate::finding::{Code, Confidence};
use crate::record::{CellOut, Detail, EmailDetail};
use crate::rule::{EmailRules, RepairWords, RuleError, RuleFiles};
use crate::standardize::{CellContext, Standardizer};

/// Reads e-mail cells.
///
/// The normal form is the address as written with its domain in lower case and in Unicode; several are joined with
/// `;`. What is no address even after repairs has no normal form: `EmailDetail::broken` says why.
#[derive(Debug)]
pub struct EmailStandardizer {
    directory: Directory,
    speller: Speller,
    layout: HebrewLayout,
    words: RepairWords,
    confidence: BTreeMap<Code, Confidence>,
    silent: Vec<Code>,
}

impl EmailStandardizer {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles) -> Result<Self, RuleError> {
        let rules = EmailRules::load(files)?;
        Ok(EmailStandardizer {
            directory: Directory::new(&rules),
            speller: Speller::new(&rules),
            layout: HebrewLayout::new(&rules),
            words: rules.repairs.words,
            confidence: rules.repairs.confidence,
            silent: rules.policy.silent,
        })
    }
}

impl Standardizer for EmailStandardizer {
    fn standardize(&self, raw: &str, _context: CellContext<'_>, out: &mut CellOut) {
        match plain_at(raw.as_bytes()) {
            Some(at) => self.read_plain(raw, at, out),
            None => self.read_cell(raw, out),
        }
    }
}

impl EmailStandardizer {
    /// An ordinary address, whose only change is a domain in lower case.
    fn read_plain(&self, raw: &str, at: usize, out: &mut CellOut) {
        out.display.push_str(raw);
        out.display[at + 1..].make_ascii_lowercase();
        let (local, domain) = (&out.display[..at], &out.display[at + 1..]);
        let Some(facts) = self.directory.look_up(local, domain) else {
            out.display.clear();
            return out.mark(Code::EmailPlaceholder);
        };
        if !facts.is_known
            && let Some((meant, code)) = self.speller.correct(domain, facts.unknown_tld, &self.directory)
        {
            out.suggestion = format!("{local}@{meant}");
            out.mark(code);
        }
        self.note(facts, out);
        out.detail = Detail::Email(EmailDetail { broken: None, class: facts.class, count: 1 });
    }

    /// Any other cell.
    fn read_cell(&self, raw: &str, out: &mut CellOut) {
        let clean = cell::clean(raw);
        if clean.text.is_empty() {
            return;
        }
        if self.directory.is_placeholder_cell(&cell::fold(&clean.text)) {
            return out.mark(Code::EmailPlaceholder);
        }
        let reads = |piece: &str| self.read_piece(piece).is_ok();
        let pieces = cell::pieces(&clean.text, &self.words.joiners, &reads);
        let mut cell = Cell { repairs: clean.repairs, ..Cell::default() };
        for piece in &pieces {
            match self.read_piece(piece) {
                Ok(repaired) => self.add(repaired, &mut cell),
                Err(code) => cell.broken.push(code),
            }
        }
        if let ([piece], [code]) = (&pieces[..], &cell.broken[..])
            && let Some((meant, suggestion)) = self.guess(piece, *code)
        {
            cell.suggest(&meant, suggestion);
        }
        self.write(cell, pieces.len(), out);
    }

    /// One piece of a cell, in Latin mode where its domain alone was typed in Hebrew mode.
    fn read_piece(&self, piece: &str) -> Result<Repaired, Code> {
        let read = repair::read(piece, &self.words.labels, &self.directory);
        let (text, mut repairs) = match &read {
            Ok(read) if has_hebrew(&read.address.domain) && !has_known_suffix(&read.address.domain) => {
                (read.address.text(), read.repairs.clone())
            }
            Err(_) if has_hebrew(piece) => (piece.to_owned(), Vec::new()),
            _ => return read,
        };
        match self.layout.decode(&text, &self.directory) {
            Some(Meant::Certain(address)) => {
                repairs.push(Code::EmailRepairHebrewLayout);
                Ok(Repaired { address: syntax::parse(&address)?, repairs })
            }
            _ => read,
        }
    }

    /// Adds an address to what its cell holds.
    fn add(&self, repaired: Repaired, cell: &mut Cell) {
        let Repaired { address, repairs } = repaired;
        let Some(facts) = self.directory.look_up(&address.local, &address.ascii_domain) else {
            cell.has_placeholder = true;
            return;
        };
        let text = address.text();
        if cell.addresses.contains(&text) {
            return;
        }
        cell.repairs.extend(repairs);
        cell.unusual.extend(&address.unusual);
        let corrected = match self.correct(&text, &address.domain, facts) {
            Some((meant, code)) => {
                cell.suggestions.push(code);
                meant
            }
            None => text.clone(),
        };
        cell.corrected.push(corrected);
        cell.addresses.push(text);
        cell.facts.push(facts);
    }

    /// The address that was probably meant.
    fn correct(&self, text: &str, domain: &str, facts: Facts) -> Option<(String, Code)> {
        if facts.is_known {
            return None;
        }
        if facts.unknown_tld
            && let Some(Meant::Probable(meant)) = self.layout.decode(text, &self.directory)
        {
            return Some((meant, Code::EmailSuggestHebrewLayout));
        }
        let (meant, code) = self.speller.correct(domain, facts.unknown_tld, &self.directory)?;
        let local = &text[..text.len() - domain.len()];
        Some((format!("{local}{meant}"), code))
    }

    /// What a piece that is no address was probably meant to be.
    fn guess(&self, piece: &str, broken: Code) -> Option<(String, Code)> {
        if has_hebrew(piece)
            && let Some(Meant::Probable(meant)) = self.layout.decode(piece, &self.directory)
        {
            return Some((meant, Code::EmailSuggestHebrewLayout));
        }
        if broken != Code::EmailNoAt {
            return None;
        }
        let meant = self.with_at_word(piece).or_else(|| self.with_at_before_provider(piece))?;
        Some((meant, Code::EmailSuggestMissingAt))
    }

    /// `dana[at]gmail.com`
    fn with_at_word(&self, piece: &str) -> Option<String> {
        let folded = piece.to_lowercase();
        let word = self.words.at_words.iter().find(|word| folded.matches(word.as_str()).count() == 1)?;
        let (local, domain) = folded.split_once(word.as_str())?;
        let meant = syntax::parse(&format!("{}@{}", local.trim(), domain.trim())).ok()?;
        has_known_suffix(&meant.domain).then(|| meant.text())
    }

    /// `danagmail.com`
    fn with_at_before_provider(&self, piece: &str) -> Option<String> {
        let folded = piece.to_lowercase();
        if self.directory.is_provider(&folded) {
            return None;
        }
        let (local, provider) = self.speller.provider_at_end(&folded)?;
        if local.ends_with(['.', '-', '_']) || local.contains(':') {
            return None;
        }
        // The local part as it was written; lower-casing keeps lengths only within ASCII.
        let local = if piece.is_ascii() { &piece[..local.len()] } else { local };
        let meant = syntax::parse(&format!("{local}@{provider}")).ok()?;
        Some(meant.text())
    }

    /// Marks of what the lists say of an address.
    fn note(&self, facts: Facts, out: &mut CellOut) {
        if facts.special_use {
            out.mark(Code::EmailSpecialUse);
        }
        if facts.unknown_tld {
            out.mark(Code::EmailUnknownTld);
        }
        if let Some(class) = facts.class
            && !self.silent.contains(&class)
        {
            out.mark(class);
        }
    }

    /// Writes down what a cell of `pieces` pieces was read into.
    fn write(&self, cell: Cell, pieces: usize, out: &mut CellOut) {
        if cell.has_placeholder {
            out.mark(Code::EmailPlaceholder);
        }
        if !cell.suggestions.is_empty() {
            out.suggestion = cell.corrected.join(";");
            cell.suggestions.iter().for_each(|code| out.mark(*code));
        }
        let Some(first) = cell.facts.first() else {
            if let Some(code) = cell.broken.first() {
                out.detail = Detail::Email(EmailDetail { broken: Some(*code), class: None, count: 0 });
            }
            return;
        };
        out.display.push_str(&cell.addresses.join(";"));
        let count = u8::try_from(cell.addresses.len()).unwrap_or(u8::MAX);
        out.detail = Detail::Email(EmailDetail { broken: None, class: first.class, count });
        for code in cell.repairs {
            let confidence = self.confidence.get(&code).copied().unwrap_or(Confidence::CERTAIN);
            out.mark_with(code, confidence);
        }
        if pieces > 1 {
            out.mark(Code::EmailMulti);
        }
        cell.unusual.iter().chain(&cell.broken).for_each(|code| out.mark(*code));
        cell.facts.iter().for_each(|facts| self.note(*facts, out));
    }
}

/// What a cell was read into, piece by piece.
#[derive(Debug, Default)]
struct Cell {
    addresses: Vec<String>,
    /// The addresses, with what was probably meant in place of what was written.
    corrected: Vec<String>,
    facts: Vec<Facts>,
    repairs: Vec<Code>,
    unusual: Vec<Code>,
    suggestions: Vec<Code>,
    /// Of the pieces that are no addresses.
    broken: Vec<Code>,
    has_placeholder: bool,
}

impl Cell {
    fn suggest(&mut self, meant: &str, code: Code) {
        self.corrected.push(meant.to_owned());
        self.suggestions.push(code);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn reader() -> EmailStandardizer {
        EmailStandardizer::new(&RuleFiles::embedded()).expect("the shipped rules load")
    }

    fn read(reader: &EmailStandardizer, raw: &str) -> CellOut {
        let mut out = CellOut::default();
        reader.standardize(raw, CellContext::default(), &mut out);
        out
    }

    #[test]
    fn a_clean_address_is_left_as_it_is_and_its_domain_in_lower_case() {
        let out = read(&reader(), "Dana.Levi@Gmail.COM");
        assert_eq!(out.display, "Dana.Levi@gmail.com");
        assert!(out.marks.is_empty());
        let detail = EmailDetail { broken: None, class: Some(Code::EmailFree), count: 1 };
        assert_eq!(out.detail, Detail::Email(detail));
    }

    #[test]
    fn a_cell_that_is_no_address_has_no_normal_form_but_a_reason() {
        let out = read(&reader(), "ask at the desk");
        assert_eq!(out.display, "");
        assert_eq!(out.detail.email().and_then(|detail| detail.broken), Some(Code::EmailNoAt));
    }

    #[test]
    fn a_suggestion_names_the_whole_cell_with_the_better_address_in_place() {
        let out = read(&reader(), "dana@gmial.com, noa@walla.co.il");
        assert_eq!(out.display, "dana@gmial.com;noa@walla.co.il");
        assert_eq!(out.suggestion, "dana@gmail.com;noa@walla.co.il");
        assert!(out.has(Code::EmailSuggestDomainTypo) && out.has(Code::EmailMulti));
    }

    #[test]
    fn the_same_address_twice_in_a_cell_is_kept_once() {
        let out = read(&reader(), "dana@walla.co.il / dana@WALLA.co.il");
        assert_eq!(out.display, "dana@walla.co.il");
        assert_eq!(out.detail.email().map(|detail| detail.count), Some(1));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn no_cell_makes_it_fail_and_reading_twice_changes_nothing(
            raw in prop_oneof![
                "\\PC{0,40}",
                "[ \"<>()@.,;:/|a-zA-Zא-ת0-9\u{200f}\u{200b}＠．_+\\\\\\[\\]\n-]{0,30}",
                "[a-zש\"]{1,5}[ @]{1,3}(gmail|walla|עצשןך|xn--a|ａ)[.,ץ ]{1,2}(com|co\\.il|il|בםצ|c)[ .;>)]{0,3}",
            ]
        ) {
            thread_local! {
                static READER: EmailStandardizer = reader();
            }
            READER.with(|reader| {
                let once = read(reader, &raw);
                let twice = read(reader, &once.display);
                prop_assert_eq!(&once.display, &twice.display);
                prop_assert!(!twice.marks.iter().any(|mark| mark.code.is_repair()), "{:?}", twice.marks);
                Ok(())
            })?;
        }
    }
}
