//! Numbers and addresses that a person, a file or an event names, by the keys that lists are compared by.

use super::{Home, PhoneReader, PhoneText, Setup};
use crate::contact::ContactClasses;
use crate::finding::Code;
use crate::record::{CellOut, ContactKind, Verdict};
use crate::rule::{Context, RuleError};
use crate::standardize::numbering::RegionId;
use crate::standardize::{CellContext, EmailStandardizer, Standardizer};

/// Reads texts as cells of a list and makes the keys of what they hold.
pub struct ContactReader<'a> {
    setup: &'a Setup,
    phones: Option<PhoneReader<'a>>,
    emails: Option<EmailStandardizer>,
}

/// A number or an address as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedContact {
    /// What it is.
    pub kind: ContactKind,
    /// What messages go to: an address, or E.164.
    pub value: String,
    /// What equal contacts share.
    pub key: String,
    /// What is to be said of it as it was written.
    pub verdict: Verdict,
}

impl<'a> ContactReader<'a> {
    /// Loads the rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(setup: &'a Setup) -> Result<Self, RuleError> {
        let emails = EmailStandardizer::new(&setup.context.files)?;
        Ok(ContactReader { setup, phones: Some(PhoneReader::new(setup)?), emails: Some(emails) })
    }

    /// Loads the rules of one kind, for whoever asks about a single contact; the other kind names nothing then.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn only(setup: &'a Setup, kind: ContactKind) -> Result<Self, RuleError> {
        let mut reader = ContactReader { setup, phones: None, emails: None };
        match kind {
            ContactKind::Phone => reader.phones = Some(PhoneReader::new(setup)?),
            ContactKind::Email => reader.emails = Some(EmailStandardizer::new(&setup.context.files)?),
        }
        Ok(reader)
    }

    /// What a text names, told apart by its `@`.
    ///
    /// # Errors
    /// The reasons why it names nothing.
    pub fn read(&self, text: &str) -> Result<Vec<NamedContact>, Vec<Code>> {
        self.read_as(ContactKind::of_text(text), text, "")
    }

    /// All numbers or addresses of a text; `country` is what its row says, or empty.
    ///
    /// # Errors
    /// The reasons why it names none; none at all where nothing is written.
    pub fn read_as(&self, kind: ContactKind, text: &str, country: &str) -> Result<Vec<NamedContact>, Vec<Code>> {
        match kind {
            ContactKind::Email => self.emails(text),
            ContactKind::Phone => self.phones(text, country),
        }
    }

    /// The hash of the first number or address of a text, by which it is found among those of lists; none where it names
    /// nobody's.
    pub fn hash_of(&self, text: &str) -> Option<u64> {
        let mut first = None;
        self.each_hash(text, |_, _, hash| first = first.or(hash.or(Some(0))));
        first.filter(|hash| *hash != 0)
    }

    /// Hands over each number or address of a text with the hash by which it is found among those of lists; none where it is
    /// nobody's.
    pub fn each_hash(&self, text: &str, mut take: impl FnMut(ContactKind, &str, Option<u64>)) {
        let kind = ContactKind::of_text(text);
        let mut out = CellOut::default();
        match (kind, &self.emails, &self.phones) {
            (ContactKind::Email, Some(emails), _) => emails.standardize(text, CellContext::default(), &mut out),
            (ContactKind::Phone, _, Some(phones)) => {
                phones.standardizer().standardize(text, CellContext::default(), &mut out);
            }
            _ => return,
        }
        let mut key = String::new();
        for value in out.values() {
            let (hash, is_somebodys) = self.setup.keys.hash_of(kind, value, &mut key);
            take(kind, value, is_somebodys.then_some(hash));
        }
    }

    /// What equal contacts share.
    pub fn key(&self, kind: ContactKind, value: &str) -> String {
        self.setup.keys.key(kind, value)
    }

    fn phones(&self, text: &str, country: &str) -> Result<Vec<NamedContact>, Vec<Code>> {
        let home = if country.is_empty() { Home::Default } else { Home::Country(country.to_owned()) };
        let Some(phones) = &self.phones else { return Err(Vec::new()) };
        let rows = phones.read(&PhoneText { raw: text.to_owned(), home });
        let read = rows.iter().filter(|row| !row.e164.is_empty());
        let named: Vec<_> = read.map(|row| self.named(ContactKind::Phone, &row.e164, row.status)).collect();
        if named.is_empty() {
            return Err(rows.iter().flat_map(|row| row.reasons.iter().map(|mark| mark.code)).collect());
        }
        Ok(named)
    }

    fn emails(&self, text: &str) -> Result<Vec<NamedContact>, Vec<Code>> {
        let Some(emails) = &self.emails else { return Err(Vec::new()) };
        let mut out = CellOut::default();
        emails.standardize(text, CellContext::default(), &mut out);
        let broken = out.detail.email().and_then(|detail| detail.broken);
        let named: Vec<_> = match broken {
            None => out.values().map(|address| self.named(ContactKind::Email, address, Verdict::Ok)).collect(),
            Some(_) => Vec::new(),
        };
        if named.is_empty() {
            return Err(out.marks.iter().map(|mark| mark.code).chain(broken).collect());
        }
        Ok(named)
    }

    fn named(&self, kind: ContactKind, value: &str, verdict: Verdict) -> NamedContact {
        NamedContact { kind, value: value.to_owned(), key: self.setup.keys.key(kind, value), verdict }
    }
}

/// What tells the classes of contacts of a run's lists.
pub(super) fn contact_classes(context: &Context) -> Result<ContactClasses, RuleError> {
    let home = RegionId::of(&context.region).map_or_else(String::new, |region| format!("+{}", region.calling_code()));
    ContactClasses::load(&context.files, home)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        let context = Context::shipped("IL", jiff::civil::date(2026, 11, 26));
        let setup = Setup::new(context).expect("the shipped rules load");
        let reader = ContactReader::new(&setup).expect("the shipped rules load");
        reader.read(text).unwrap_or_default().into_iter().map(|contact| contact.key).collect()
    }

    #[test]
    fn however_it_is_written_a_contact_has_the_key_that_lists_have() {
        for text in ["050-2345678", "+972 50 234 5678", "נייד: 0502345678", "502345678", "00972-50-2345678"] {
            assert_eq!(keys(text), ["+972502345678"], "{text}");
        }
        for text in ["Dana.Levi+x@Gmail.com", "mailto:danalevi@googlemail.com"] {
            assert_eq!(keys(text), ["danalevi@gmail.com"], "{text}");
        }
        // A domain has one key, whether it is written in its own letters or as DNS knows it.
        for text in ["dana@דואר.example", "Dana@xn--4dbfg1f.example"] {
            assert_eq!(keys(text), ["dana@דואר.example"], "{text}");
        }
        assert_eq!(keys("\"a b\"@shop.co.il"), ["\"a b\"@shop.co.il"]);
        assert_eq!(keys("050-2345678 / 03-5234567"), ["+972502345678", "+97235234567"]);
        assert!(keys("05").is_empty());
        assert!(keys("dana@").is_empty());
        assert!(keys("").is_empty());
    }
}
