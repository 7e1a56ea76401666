//! What a piece that is no address was probably meant to be. Offered to a person, never applied.

use super::class::{Directory, has_known_suffix};
use super::layout::{HebrewLayout, Meant};
use super::suggest::Speller;
use super::syntax;
use crate::finding::Code;
use crate::rule::RepairWords;
use crate::text::script::has_hebrew;

/// What guesses are made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Guesser<'a> {
    pub(super) directory: &'a Directory,
    pub(super) speller: &'a Speller,
    pub(super) layout: &'a HebrewLayout,
    pub(super) words: &'a RepairWords,
}

impl Guesser<'_> {
    /// The address that was probably meant by a piece that breaks this rule, or the several that run together in it.
    pub(super) fn guess(&self, piece: &str, broken: Code) -> Option<(Vec<String>, Code)> {
        if has_hebrew(piece)
            && let Some(Meant::Probable(meant)) = self.layout.decode(piece, self.directory)
        {
            return Some((vec![self.well_spelt(meant)], Code::EmailSuggestHebrewLayout));
        }
        if broken == Code::EmailNoAt {
            let meant = self.with_at_word(piece).or_else(|| self.with_at_before_provider(piece))?;
            return Some((vec![meant], Code::EmailSuggestMissingAt));
        }
        if let Some(meant) = self.with_mended_domain(piece) {
            return Some((vec![meant], Code::EmailSuggestDomainTypo));
        }
        if let Some(meant) = self.with_mended_local(piece) {
            return Some((vec![meant], Code::EmailSuggestLocalTypo));
        }
        if !matches!(broken, Code::EmailBadChar | Code::EmailMultipleAt | Code::EmailUnbalancedQuote) {
            return None;
        }
        let said_twice = self.said_twice(piece).map(|meant| vec![meant]);
        let meant = said_twice.or_else(|| self.unglued(piece)).or_else(|| self.among_words(piece))?;
        Some((meant, Code::EmailSuggestInside))
    }

    /// The address with the domain that was probably meant.
    fn well_spelt(&self, address: String) -> String {
        let Some((local, domain)) = address.rsplit_once('@') else { return address };
        let corrected =
            self.directory.look_up(local, domain).and_then(|facts| self.speller.correct(domain, facts, self.directory));
        corrected.map_or(address.clone(), |(meant, _)| format!("{local}@{meant}"))
    }

    /// `dana[at]gmail.com`, `dana at gmail dot com`
    fn with_at_word(&self, piece: &str) -> Option<String> {
        let folded = piece.to_lowercase();
        let word = self.words.at_words.iter().find(|word| folded.matches(word.as_str()).count() == 1)?;
        let (local, domain) = folded.split_once(word.as_str())?;
        let dotted = |part: &str| {
            let words = self.words.dot_words.iter();
            let dotted = words.fold(part.to_owned(), |part, word| part.replace(word.as_str(), "."));
            dotted.split('.').map(str::trim).collect::<Vec<_>>().join(".")
        };
        let meant = syntax::parse(&format!("{}@{}", dotted(local), dotted(domain))).ok()?;
        has_known_suffix(&meant.domain).then(|| self.well_spelt(meant.text()))
    }

    /// `danagmail.com`, and with another sign in place of the `@`
    fn with_at_before_provider(&self, piece: &str) -> Option<String> {
        let folded = piece.to_lowercase();
        if self.directory.is_provider(&folded) {
            return None;
        }
        let (local, provider) = self.speller.provider_at_end(&folded)?;
        // A web address, or a name and a web address.
        if local.ends_with(['.', '-', '_']) || local.contains(':') {
            return None;
        }
        let signs: &[char] = &[' ', '#', '&', '$', '*', '!', '"', '\'', '\u{5F4}'];
        let local = local.trim_end_matches(signs);
        // The local part as it was written; lower-casing keeps lengths only within ASCII.
        let local = if piece.is_ascii() { &piece[..local.len()] } else { local };
        let meant = syntax::parse(&format!("{local}@{provider}")).ok()?;
        Some(meant.text())
    }

    /// `dana@gmailcom`, `dana@gmail com`, `dana@gmail@com`, `dana@gmail`
    fn with_mended_domain(&self, piece: &str) -> Option<String> {
        let (local, domain) = piece.split_once('@')?;
        let domain = domain.trim_start_matches('@').to_lowercase();
        let meant = self.speller.without_signs(&domain).or_else(|| self.speller.listed(&domain))?;
        Some(syntax::parse(&format!("{local}@{meant}")).ok()?.text())
    }

    /// `dana,levi@gmail.com`, `@dana@gmail.com`
    fn with_mended_local(&self, piece: &str) -> Option<String> {
        let (local, domain) = piece.rsplit_once('@')?;
        let mended = match local.strip_prefix('@') {
            Some(rest) => rest.to_owned(),
            None if local.matches(',').count() == 1 => local.replace(',', "."),
            None => return None,
        };
        let address = syntax::parse(&format!("{mended}@{domain}")).ok()?;
        has_known_suffix(&address.domain).then(|| address.text())
    }

    /// `dana@gmail.com@gmail.com`, `dana@dana@gmail.com`
    fn said_twice(&self, piece: &str) -> Option<String> {
        let parts: Vec<&str> = piece.splitn(4, '@').collect();
        let [first, second, third] = parts[..] else { return None };
        if !first.eq_ignore_ascii_case(second) && !second.eq_ignore_ascii_case(third) {
            return None;
        }
        let address = syntax::parse(&format!("{first}@{third}")).ok()?;
        has_known_suffix(&address.domain).then(|| address.text())
    }

    /// `dana@gmail.comnoa@walla.co.il`
    fn unglued(&self, piece: &str) -> Option<Vec<String>> {
        let parts: Vec<&str> = piece.splitn(4, '@').collect();
        let [local, glued, last] = parts[..] else { return None };
        let (domain, next) = self.speller.provider_at_start(glued)?;
        let addresses = [format!("{local}@{domain}"), format!("{next}@{last}")];
        let addresses = addresses.map(|address| syntax::parse(&address).ok());
        let [Some(first), Some(second)] = addresses else { return None };
        has_known_suffix(&second.domain).then(|| vec![first.text(), second.text()])
    }

    /// `Call Dana 050-2345678 dana@gmail.com`. One word in small letters before it may be the start of the local part.
    fn among_words(&self, piece: &str) -> Option<Vec<String>> {
        let is_end = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '|' | '<' | '>' | '"');
        let ends: &[char] = &['.', ':', '!', '?', ')', ']', '\'', '/', '-'];
        let words =
            piece.split(is_end).map(|word| word.trim_end_matches(ends).trim_start_matches(['(', '[', '\'', ':']));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        if let [before, address] = words[..]
            && address.contains('@')
            && !before.contains(|letter: char| letter.is_uppercase())
            && before.contains(char::is_alphabetic)
        {
            return None;
        }
        // `d a n a@gmail.com`
        let is_letter = |word: &str| word.chars().count() == 1 && word.contains(char::is_alphabetic);
        if words.len() > 2 && words.iter().all(|word| word.contains('@') || is_letter(word)) {
            return None;
        }
        let mut addresses: Vec<String> = Vec::new();
        for word in words.into_iter().filter(|word| word.contains('@')) {
            let parse = |word| syntax::parse(word).ok().filter(|address| has_known_suffix(&address.domain));
            // A label or a scheme may stick to it: `mail:dana@…`, `http://dana@…`.
            let behind = || word.rsplit([':', '/', '=', '(']).next().filter(|_| word.matches('@').count() == 1);
            let address = parse(word).or_else(|| parse(behind()?))?;
            let text = address.text();
            if !addresses.contains(&text) {
                addresses.push(text);
            }
            // Nobody looks through more; and the work stays small.
            if addresses.len() > 20 {
                return None;
            }
        }
        (!addresses.is_empty()).then_some(addresses)
    }
}
