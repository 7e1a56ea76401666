//! The reader of e-mail cells: a fast path for the ordinary address, the whole way for all else.

use std::collections::{BTreeMap, HashSet};

use super::cell::{self, CleanCell, note_all};
use super::class::{Directory, Facts, has_known_suffix};
use super::decode::decode;
use super::guess::Guesser;
use super::layout::{HebrewLayout, Meant};
use super::plain::plain_at;
use super::repair::{self, Repaired};
use super::suggest::Speller;
use super::syntax;
use crate::finding::{Code, Confidence};
use crate::record::{CellOut, Detail, EmailDetail, VALUE_SEPARATOR};
use crate::rule::{EmailKeys, EmailRules, RepairWords, RuleError, RuleFiles, TextRules};
use crate::standardize::{CellContext, Standardizer, Step};
use crate::text::script::{self, has_hebrew, has_only_foreign_letters};

/// Reads e-mail cells.
///
/// The normal form is the address as written with its domain in lower case and in Unicode. What is no address even after
/// repairs has no normal form: `EmailDetail::broken` says why.
#[derive(Debug)]
pub struct EmailStandardizer {
    directory: Directory,
    speller: Speller,
    layout: HebrewLayout,
    words: RepairWords,
    confidence: BTreeMap<Code, Confidence>,
    silent: Vec<Code>,
    entities: BTreeMap<String, String>,
    keys: EmailKeys,
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
            entities: TextRules::load(files)?.entities,
            keys: EmailKeys::load(files)?,
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

    fn steps(&self, raw: &str, context: CellContext<'_>) -> Vec<Step> {
        self.steps_of(raw, context)
    }
}

impl EmailStandardizer {
    /// What its addresses are compared by.
    pub fn keys(&self) -> &EmailKeys {
        &self.keys
    }

    /// An ordinary address, whose only change is a domain in lower case.
    fn read_plain(&self, raw: &str, at: usize, out: &mut CellOut) {
        out.display.push_str(raw);
        out.display[at + 1..].make_ascii_lowercase();
        let (local, domain) = (&out.display[..at], &out.display[at + 1..]);
        let Some(facts) = self.directory.look_up(local, domain) else {
            out.display.clear();
            return out.mark(Code::EmailPlaceholder);
        };
        let (better_local, better_domain) = (self.better_local(local), self.better_domain(domain, facts));
        if better_local.is_some() || better_domain.is_some() {
            let (meant, code) = better_domain.unzip();
            let meant_local = better_local.as_deref().unwrap_or(local);
            out.suggestion = format!("{meant_local}@{}", meant.as_deref().unwrap_or(domain));
            if better_local.is_some() {
                out.mark(Code::EmailSuggestLocalTypo);
            }
            code.into_iter().for_each(|code| out.mark(code));
        }
        self.note(facts, out);
        out.detail = Detail::Email(EmailDetail { broken: None, class: facts.class });
    }

    /// Any other cell.
    fn read_cell(&self, raw: &str, out: &mut CellOut) {
        let mut clean = cell::clean(raw);
        if let Some(text) = cell::without_link_headers(&clean.text) {
            clean.text = text;
            note_all(&mut clean.repairs, &[Code::EmailRepairMailto]);
        }
        if clean.text.is_empty() {
            return;
        }
        if self.directory.is_placeholder_cell(&cell::fold(&clean.text)) {
            return out.mark(Code::EmailPlaceholder);
        }
        let cell = self.read_clean(clean);
        self.write(cell, out);
    }

    /// A cell's pieces; those of what it says decoded, where as it stands it holds no address, or not only addresses.
    fn read_clean(&self, clean: CleanCell) -> Cell {
        let cell = self.read_pieces(&clean);
        if !cell.broken.is_empty()
            && let Some(decoded) = decode(&clean.text, &self.entities)
        {
            let mut again = cell::clean(&decoded);
            again.repairs.splice(0..0, clean.repairs.into_iter().chain([Code::EmailRepairDecoded]));
            let other = self.read_pieces(&again);
            if other.broken.is_empty() && !other.addresses.is_empty() {
                return other;
            }
        }
        cell
    }

    fn read_pieces(&self, clean: &CleanCell) -> Cell {
        let reads = |piece: &str| plain_at(piece.as_bytes()).is_some() || self.read_piece(piece).is_ok();
        let pieces = cell::pieces(&clean.text, &self.words.joiners, &reads);
        let mut cell = Cell { repairs: clean.repairs.clone(), pieces: pieces.len(), ..Cell::default() };
        for piece in &pieces {
            match self.read_piece(piece) {
                Ok(repaired) => self.add(repaired, &mut cell),
                Err(code) => note_all(&mut cell.broken, &[code]),
            }
        }
        if let ([piece], [code]) = (&pieces[..], &cell.broken[..]) {
            let EmailStandardizer { directory, speller, layout, words, .. } = self;
            if let Some((meant, code)) = (Guesser { directory, speller, layout, words }).guess(piece, *code) {
                cell.corrected.extend(meant);
                cell.suggestions.push(code);
            }
        }
        cell
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
                // From here on it is read as if it had been typed in Latin mode, so that reading it again changes nothing.
                let decoded = repair::read(&address, &self.words.labels, &self.directory)?;
                repairs.push(Code::EmailRepairHebrewLayout);
                note_all(&mut repairs, &decoded.repairs);
                Ok(Repaired { address: decoded.address, repairs })
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
        if !cell.seen.insert(text.to_lowercase()) {
            return;
        }
        note_all(&mut cell.repairs, &repairs);
        note_all(&mut cell.unusual, &address.unusual);
        let (local, domain) = (self.better_local(&address.local), self.better_domain(&address.domain, facts));
        let corrected = match self.latin_mode(&text, facts) {
            Some(meant) => {
                note_all(&mut cell.suggestions, &[Code::EmailSuggestHebrewLayout]);
                meant
            }
            None => {
                let (domain, code) = domain.unzip();
                note_all(&mut cell.suggestions, local.as_ref().map(|_| Code::EmailSuggestLocalTypo).as_slice());
                note_all(&mut cell.suggestions, code.as_slice());
                let local = local.as_deref().unwrap_or(&address.local);
                format!("{local}@{}", domain.as_deref().unwrap_or(&address.domain))
            }
        };
        cell.corrected.push(corrected);
        cell.addresses.push(text);
        cell.facts.push(facts);
    }

    /// The address in Latin mode, where its domain can't exist as it was typed.
    fn latin_mode(&self, text: &str, facts: Facts) -> Option<String> {
        if facts.is_known || !facts.unknown_tld {
            return None;
        }
        match self.layout.decode(text, &self.directory)? {
            Meant::Probable(meant) => Some(meant),
            Meant::Certain(_) => None,
        }
    }

    /// The domain that was probably meant.
    fn better_domain(&self, domain: &str, facts: Facts) -> Option<(String, Code)> {
        self.speller.correct(domain, facts, &self.directory)
    }

    /// The local part that was probably meant: without what a spreadsheet, a list or a browser puts before it, and in
    /// Latin letters where others only look like them.
    fn better_local(&self, local: &str) -> Option<String> {
        let is_ordinary = |first: u8| first.is_ascii_alphanumeric() && first != b'w';
        let has_sign = |local: &str| local.bytes().any(|byte| matches!(byte, b'=' | b'/') || !byte.is_ascii());
        if local.bytes().next().is_none_or(is_ordinary) && !has_sign(local) {
            return None;
        }
        let is_address = |local: &str| syntax::parse(&format!("{local}@a.co")).is_ok();
        if let Some(rest) = self.without_prefix(local) {
            return is_address(rest).then(|| rest.to_owned());
        }
        let latin = self.speller.in_latin(local).filter(|_| script::is_mixed(local));
        let text = latin.as_deref().unwrap_or(local);
        let stripped = self.words.local_starts.iter().find_map(|start| text.strip_prefix(start.as_str()));
        let begins_a_name =
            |rest: &&str| rest.len() > 1 && rest.starts_with(|letter: char| letter.is_ascii_alphabetic());
        stripped.filter(begins_a_name).map(str::to_owned).or(latin)
    }

    /// `email=dana`, `מייל-dana`, `0502345678/dana`
    fn without_prefix<'a>(&self, local: &'a str) -> Option<&'a str> {
        let (prefix, rest) = local.split_once(['=', '/', '-', '_', '־'])?;
        let is_label = || self.words.labels.contains(&prefix.to_lowercase());
        let phone = || local.rsplit_once('/').filter(|(phone, _)| is_phone(phone)).map(|(_, rest)| rest);
        let rest = if has_only_foreign_letters(prefix) || local[prefix.len()..].starts_with('=') && is_label() {
            rest
        } else {
            phone()?
        };
        (rest.is_ascii() && !rest.is_empty()).then_some(rest)
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

    /// Writes down what a cell was read into.
    fn write(&self, cell: Cell, out: &mut CellOut) {
        if cell.has_placeholder {
            out.mark(Code::EmailPlaceholder);
        }
        // What is offered is in normal form itself, or is not offered.
        let in_normal_form = |text: &str| Some(self.read_piece(text).ok()?.address.text());
        let corrected = || cell.corrected.iter().map(|text| in_normal_form(text)).collect::<Option<Vec<String>>>();
        if !cell.suggestions.is_empty()
            && let Some(corrected) = corrected()
        {
            // Two addresses may be one, once they are spelt right.
            let mut seen = HashSet::new();
            let different: Vec<&str> =
                corrected.iter().map(String::as_str).filter(|text| seen.insert(text.to_lowercase())).collect();
            out.suggestion = different.join(VALUE_SEPARATOR);
            cell.suggestions.iter().for_each(|code| out.mark(*code));
        }
        if cell.addresses.is_empty() {
            if let Some(code) = cell.broken.first() {
                out.detail = Detail::Email(EmailDetail { broken: Some(*code), class: None });
            }
            return;
        }
        for (address, facts) in cell.addresses.iter().zip(&cell.facts) {
            let detail = Detail::Email(EmailDetail { broken: None, class: facts.class });
            out.push_value(detail, |text| text.push_str(address));
        }
        for code in cell.repairs {
            let confidence = self.confidence.get(&code).copied().unwrap_or(Confidence::CERTAIN);
            out.mark_with(code, confidence);
        }
        if cell.pieces > 1 {
            out.mark(Code::EmailMulti);
        }
        cell.unusual.iter().chain(&cell.broken).for_each(|code| out.mark(*code));
        cell.facts.iter().for_each(|facts| self.note(*facts, out));
    }
}

fn is_phone(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.'))
        && text.bytes().filter(u8::is_ascii_digit).count() >= 7
}

/// What a cell was read into, piece by piece.
#[derive(Debug, Default)]
struct Cell {
    pieces: usize,
    /// The addresses in lower case: case tells no two mailboxes apart.
    seen: HashSet<String>,
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
        let detail = EmailDetail { broken: None, class: Some(Code::EmailFree) };
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
        assert_eq!(out.values().collect::<Vec<_>>(), ["dana@gmial.com", "noa@walla.co.il"]);
        assert_eq!(out.suggestion, "dana@gmail.com;noa@walla.co.il");
        assert!(out.has(Code::EmailSuggestDomainTypo) && out.has(Code::EmailMulti));
    }

    #[test]
    fn two_addresses_that_are_one_when_spelt_right_are_suggested_as_one() {
        assert_eq!(read(&reader(), "dana@gmail.cm; dana@gmail.com").suggestion, "dana@gmail.com");
    }

    #[test]
    fn the_same_address_twice_in_a_cell_is_kept_once() {
        let out = read(&reader(), "dana@walla.co.il / dana@WALLA.co.il");
        assert_eq!(out.values().collect::<Vec<_>>(), ["dana@walla.co.il"]);
    }

    #[test]
    fn an_address_whose_domain_was_typed_in_hebrew_mode_is_repaired_like_any_other() {
        let out = read(&reader(), "\"dana\"@wallaץcom");
        assert_eq!(out.display, "dana@walla.com");
        assert!(out.has(Code::EmailRepairHebrewLayout) && out.has(Code::EmailRepairUnquoted));
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
                let twice = read(reader, &once.written());
                prop_assert_eq!(once.written(), twice.written());
                for (address, detail) in once.detailed() {
                    prop_assert_eq!(read(reader, address).detail, detail, "{}", address);
                }
                prop_assert!(!twice.marks.iter().any(|mark| mark.code.is_repair()), "{:?}", twice.marks);
                Ok(())
            })?;
        }
    }
}
