//! Misspelt domains: what was probably meant. Offered to a person, never applied.

use std::collections::BTreeMap;

use super::class::{Directory, Facts, first_label, has_known_suffix};
use super::keyboard::{Keyboard, Slip};
use crate::finding::Code;
use crate::rule::{EmailRules, WordTable};

/// The domains that misspelt ones are compared with.
#[derive(Debug)]
pub(super) struct Speller {
    typos: WordTable<usize>,
    /// The targets without their signs, the more popular of equal ones.
    bare: WordTable<usize>,
    homoglyphs: BTreeMap<char, char>,
    meant: Vec<String>,
    tlds: BTreeMap<String, String>,
    keyboard: Keyboard,
    /// Domains of providers, more popular first.
    targets: Vec<Target>,
    /// Hashes of every target with one letter left out, and of the targets themselves, sorted. Two words that are one
    /// slip apart share such a form, so most domains are told apart without a comparison.
    forms: Vec<(u64, u32)>,
    /// Which low bits occur in `forms`.
    filter: Vec<u64>,
}

#[derive(Debug)]
struct Target {
    domain: String,
    first_letter_may_differ: bool,
    any_letter_may_differ: bool,
}

const FILTER_BITS: u64 = 1 << 16;

impl Speller {
    pub(super) fn new(rules: &EmailRules) -> Self {
        let spelled = rules.providers.iter().filter(|provider| provider.spelling);
        let domains = spelled.flat_map(|provider| &provider.domains);
        let targets: Vec<Target> = domains
            .filter(|domain| first_label(domain).len() >= rules.typos.least_label)
            .map(|domain| Target {
                first_letter_may_differ: first_label(domain).len() >= rules.typos.first_letter_from,
                any_letter_may_differ: first_label(domain).len() >= rules.typos.any_letter_from,
                domain: domain.clone(),
            })
            .collect();
        let mut forms = Vec::new();
        let mut filter = vec![0; (FILTER_BITS / 64) as usize];
        for (index, target) in (0_u32..).zip(&targets) {
            each_form(target.domain.as_bytes(), |hash| {
                forms.push((hash, index));
                filter[(hash % FILTER_BITS / 64) as usize] |= 1 << (hash % 64);
            });
        }
        forms.sort_unstable();
        forms.dedup();
        Speller {
            bare: bare_table(&targets),
            homoglyphs: rules.typos.homoglyphs.clone(),
            typos: WordTable::new(rules.typos.domains.keys().map(String::as_str).zip(0..)),
            meant: rules.typos.domains.values().cloned().collect(),
            tlds: rules.typos.tlds.clone(),
            keyboard: Keyboard::new(&rules.typos),
            targets,
            forms,
            filter,
        }
    }

    /// The domain that was probably meant, with the kind of slip.
    pub(super) fn correct(&self, domain: &str, facts: Facts, directory: &Directory) -> Option<(String, Code)> {
        if facts.is_known { None } else { self.correct_unknown(domain, facts.unknown_tld, directory) }
    }

    fn correct_unknown(&self, domain: &str, unknown_tld: bool, directory: &Directory) -> Option<(String, Code)> {
        if let Some(meant) = self.in_latin(domain).filter(|latin| directory.is_provider(latin)) {
            return Some((meant, Code::EmailSuggestDomainTypo));
        }
        let ended = if unknown_tld { self.correct_end(domain) } else { None };
        if let Some(meant) = &ended
            && directory.is_provider(meant)
        {
            return ended.map(|meant| (meant, Code::EmailSuggestTldTypo));
        }
        let near = self.find_typo(domain).or_else(|| self.find_typo(ended.as_deref()?));
        let near = near.or_else(|| self.without_signs(domain).map(str::to_owned));
        let near = near.or_else(|| self.provider_with_more(domain, directory));
        let near = near.or_else(|| if unknown_tld && ended.is_none() { self.named(domain) } else { None });
        let near = near.map(|meant| (meant, Code::EmailSuggestDomainTypo));
        near.or_else(|| ended.map(|meant| (meant, Code::EmailSuggestTldTypo)))
    }

    /// The longest provider's domain that `text` ends with, after at least one letter of something else.
    pub(super) fn provider_at_end<'a>(&self, text: &'a str) -> Option<(&'a str, &str)> {
        let ends = |target: &&Target| text.len() > target.domain.len() && text.ends_with(&target.domain);
        let target = self.targets.iter().filter(ends).max_by_key(|target| target.domain.len())?;
        Some((&text[..text.len() - target.domain.len()], &target.domain))
    }

    /// What was meant by a domain that the list of misspelt ones has.
    pub(super) fn listed(&self, domain: &str) -> Option<&str> {
        self.typos.find(domain).map(|index| self.meant[index].as_str())
    }

    /// The domain of a provider that `text` is but for its dots and other signs: `gmailcom`, `walla_co.il`.
    pub(super) fn without_signs(&self, text: &str) -> Option<&str> {
        let (mut letters, mut length) = ([0; LONGEST], 0);
        for byte in text.bytes().filter(u8::is_ascii_alphanumeric) {
            *letters.get_mut(length)? = byte;
            length += 1;
        }
        let bare = std::str::from_utf8(&letters[..length]).ok()?;
        self.bare.find(bare).map(|index| self.targets[index].domain.as_str())
    }

    /// The longest provider's domain that `text` begins with, and what follows it.
    pub(super) fn provider_at_start<'a>(&self, text: &'a str) -> Option<(&str, &'a str)> {
        let start = |target: &&Target| text.get(..target.domain.len()).is_some_and(|start| start == target.domain);
        let target = self.targets.iter().filter(start).max_by_key(|target| target.domain.len())?;
        Some((&target.domain, &text[target.domain.len()..]))
    }

    /// The same word in Latin letters, where others only look like them.
    pub(super) fn in_latin(&self, text: &str) -> Option<String> {
        let latin: String =
            text.chars().map(|letter| self.homoglyphs.get(&letter).copied().unwrap_or(letter)).collect();
        (latin.is_ascii() && !text.is_ascii()).then_some(latin)
    }

    /// `www.gmail.com`, `gmail.com.haifa`
    fn provider_with_more(&self, domain: &str, directory: &Directory) -> Option<String> {
        if let Some(rest) = domain.strip_prefix("www.").filter(|rest| directory.is_provider(rest)) {
            return Some(rest.to_owned());
        }
        // `yahoo.com.xx` may be the provider's own name in another country.
        let suffix = psl::suffix(domain.as_bytes()).filter(|suffix| suffix.is_known());
        if suffix.is_some_and(|suffix| suffix.as_bytes().contains(&b'.')) {
            return None;
        }
        let mut starts =
            domain.rmatch_indices('.').map(|(dot, _)| &domain[..dot]).take_while(|start| start.contains('.'));
        starts.find(|start| directory.is_provider(start)).map(str::to_owned)
    }

    /// The most popular domain of the provider that has this name: `gmail.c`.
    fn named(&self, domain: &str) -> Option<String> {
        let name = first_label(domain);
        self.targets.iter().find(|target| first_label(&target.domain) == name).map(|target| target.domain.clone())
    }

    fn find_typo(&self, domain: &str) -> Option<String> {
        if let Some(meant) = self.listed(domain) {
            return Some(meant.to_owned());
        }
        // The likelier slip first, then the more popular provider.
        let mut best: Option<(Slip, u32)> = None;
        each_form(domain.as_bytes(), |hash| {
            if self.filter[(hash % FILTER_BITS / 64) as usize] & 1 << (hash % 64) == 0 {
                return;
            }
            let start = self.forms.partition_point(|(form, _)| *form < hash);
            let same = self.forms[start..].iter().take_while(|(form, _)| *form == hash);
            for &(_, index) in same {
                if let Some(slip) = self.targets[index as usize].slip_to(domain, &self.keyboard)
                    && best.is_none_or(|best| (slip, index) < best)
                {
                    best = Some((slip, index));
                }
            }
        });
        best.map(|(_, index)| self.targets[index as usize].domain.clone())
    }

    fn correct_end(&self, domain: &str) -> Option<String> {
        self.tlds.iter().find_map(|(wrong, right)| {
            let start = domain.strip_suffix(wrong.as_str())?;
            start.ends_with('.').then(|| format!("{start}{right}"))
        })
    }
}

impl Target {
    /// How `domain` came of this one; none where it is another name.
    fn slip_to(&self, domain: &str, keyboard: &Keyboard) -> Option<Slip> {
        let (meant, written) = (self.domain.as_bytes(), domain.as_bytes());
        let slip = keyboard.slip(meant, written)?;
        let is_same_name = first_label(&self.domain) == first_label(domain);
        if slip == Slip::AnyLetter && !self.any_letter_may_differ && !is_same_name {
            return None;
        }
        if meant[0] != written[0] && (!self.first_letter_may_differ || slip == Slip::AnyLetter) {
            return None;
        }
        // The same name under another country's suffix is as likely another real domain as a slip.
        (!is_same_name || !has_known_suffix(domain)).then_some(slip)
    }
}

fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

fn bare_table(targets: &[Target]) -> WordTable<usize> {
    let bare: Vec<String> = targets.iter().map(|target| bare(&target.domain)).collect();
    WordTable::new(bare.iter().map(String::as_str).zip(0..))
}

/// Hashes of a word and of the word with each one of its letters left out; nothing for a word that is longer than any
/// provider's domain.
///
/// The hash is a polynomial, so leaving a letter out is one product: the letters before it lose a power.
fn each_form(word: &[u8], mut visit: impl FnMut(u64)) {
    if word.len() > LONGEST {
        return;
    }
    let mix = |hash: u64| (hash ^ hash >> 29).wrapping_mul(BASE);
    let whole = word.iter().fold(0, |hash, byte| step(hash, *byte));
    let mut before = 0;
    for (byte, power) in word.iter().zip(POWERS[..word.len()].iter().rev()) {
        let with = step(before, *byte);
        visit(mix(whole.wrapping_add(before.wrapping_sub(with).wrapping_mul(*power))));
        before = with;
    }
    visit(mix(whole));
}

const fn step(hash: u64, byte: u8) -> u64 {
    hash.wrapping_mul(BASE).wrapping_add(byte as u64)
}

const BASE: u64 = 0x9E37_79B9_7F4A_7C15;
const LONGEST: usize = 40;
const POWERS: [u64; LONGEST] = {
    let mut powers = [1_u64; LONGEST];
    let mut index = 1;
    while index < LONGEST {
        powers[index] = powers[index - 1].wrapping_mul(BASE);
        index += 1;
    }
    powers
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn correct(domain: &str) -> Option<(String, Code)> {
        let rules = EmailRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        Speller::new(&rules).correct_unknown(domain, !has_known_suffix(domain), &Directory::new(&rules))
    }

    #[test]
    fn a_word_without_a_letter_has_the_hash_of_the_shorter_word() {
        let forms = |word: &str| {
            let mut forms = Vec::new();
            each_form(word.as_bytes(), |hash| forms.push(hash));
            forms
        };
        let whole = |word: &str| forms(word).last().copied();
        let shorter: Vec<Option<u64>> = ["bcd", "acd", "abd", "abc", "abcd"].map(whole).to_vec();
        assert_eq!(forms("abcd").into_iter().map(Some).collect::<Vec<_>>(), shorter);
    }

    #[test]
    fn one_slip_from_a_provider_is_corrected() {
        for (wrong, right) in [
            ("gmial.com", "gmail.com"),
            ("gmai.com", "gmail.com"),
            ("gmaill.com", "gmail.com"),
            ("gmail.co.il", "gmail.com"),
            ("hotmial.com", "hotmail.com"),
            ("otmail.com", "hotmail.com"),
            ("wala.co.il", "walla.co.il"),
            ("outlok.co.il", "outlook.co.il"),
            ("bezekint.net", "bezeqint.net"),
            ("netvison.net.il", "netvision.net.il"),
            ("gmial.con", "gmail.com"),
            ("gmail.com1", "gmail.com"),
            ("www.gmail.com", "gmail.com"),
            ("gmail.com.com", "gmail.com"),
            ("wallaco.il", "walla.co.il"),
            ("gmail.c", "gmail.com"),
            ("gmail.com2020", "gmail.com"),
            ("waala.co.il", "walla.co.il"),
            ("gm\u{430}il.com", "gmail.com"),
        ] {
            assert_eq!(correct(wrong), Some((right.to_owned(), Code::EmailSuggestDomainTypo)), "{wrong}");
        }
    }

    #[test]
    fn an_end_that_does_not_exist_is_corrected() {
        for (wrong, right) in
            [("gmail.con", "gmail.com"), ("shop.co.ill", "shop.co.il"), ("tiuv-shop.cmo", "tiuv-shop.com")]
        {
            let (meant, _) = correct(wrong).unwrap_or_else(|| panic!("{wrong} is corrected"));
            assert_eq!(meant, right);
        }
    }

    #[test]
    fn real_domains_beside_a_provider_are_left_alone() {
        for domain in [
            "technion.ac.il",
            "post.tau.ac.il",
            "ail.com",
            "tmail.com",
            "yahoo.co.ls",
            "hotmail.cl",
            "roger.com",
            "gtail.com",
            "yahoo.com.kh",
            "a.b",
            "",
        ] {
            assert_eq!(correct(domain), None, "{domain}");
        }
    }
}
