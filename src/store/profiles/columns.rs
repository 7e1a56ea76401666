//! A block of customers: their values column by column, since what stands below one another is alike, and packed.
//!
//! What is one of a few words is written as its place among the words of the block, so that a word that is added or moved
//! elsewhere breaks nothing here.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write;

use rapidhash::fast::RandomState;
use serde::{Deserialize, Serialize};
use zstd::bulk::{Compressor, Decompressor};

use super::Fault;
use crate::record::{
    Channel, Consent, ContactKind, ContactPoint, CustomerId, CustomerProfile, CustomerStatus, Day, Death, Field,
    FlagReasons, GivenConsents, KnownPlace, NamedRow, PhoneKind, Reach, RefusalSource, Restrictions, RowKey, Verdict,
};

/// Customers a block. More are packed better, and cost more where one is looked up.
pub(super) const CUSTOMERS: usize = 64;

/// zstd's level: higher ones win little on columns.
const LEVEL: i32 = 1;

/// No block has more bytes: 4 MB a customer, of whom a few hundred bytes are known.
const MOST_BYTES: usize = 256 << 20;

/// A word of a block.
type Word = u32;
/// A day, as [`Day::get`] numbers it.
type Date = Option<i32>;

/// The values of a block's customers, those of contacts and keys likewise, one customer's behind the other's.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Columns<'a> {
    words: Vec<String>,
    id: Vec<[u8; 8]>,
    /// None where it is the customer's own name.
    household: Vec<Option<[u8; 8]>>,
    list: Vec<Word>,
    #[serde(borrow)]
    key: Vec<&'a str>,
    /// Distances from the row before.
    row: Vec<i32>,
    /// None where the standing row's is the only key.
    keys: Vec<Option<u32>>,
    key_list: Vec<Word>,
    key_text: Vec<&'a str>,
    first_name: Vec<&'a str>,
    /// None where it is the first name.
    greeting: Vec<Option<&'a str>>,
    last_name: Vec<&'a str>,
    language: Vec<Word>,
    country: Vec<Word>,
    birth_date: Vec<Date>,
    preferred: Vec<Option<Word>>,
    consent: Vec<Word>,
    holds: Vec<u8>,
    refused_on: Vec<Date>,
    died_on: Vec<Date>,
    sms_refused: Vec<Date>,
    email_refused: Vec<Date>,
    call_refused: Vec<Date>,
    last_asked: Vec<Date>,
    refusal: Vec<Option<(&'a str, &'a str, Date)>>,
    value: Vec<f32>,
    status: Vec<Word>,
    flagged: Vec<bool>,
    flag_reasons: Vec<Word>,
    to_verify: Vec<Word>,
    address: Vec<&'a str>,
    street: Vec<&'a str>,
    city: Vec<&'a str>,
    postcode: Vec<&'a str>,
    contacts: Vec<u32>,
    kind: Vec<Word>,
    contact: Vec<&'a str>,
    /// None where it is the contact itself.
    contact_key: Vec<Option<&'a str>>,
    verdict: Vec<Word>,
    line: Vec<Word>,
    sms: Vec<Word>,
    call: Vec<Word>,
    stale: Vec<Option<f32>>,
    shared_by: Vec<u32>,
    dead: Vec<Option<(Word, Date)>>,
    contact_consent: Vec<Word>,
    contact_row: Vec<Option<(Word, &'a str, u32)>>,
}

/// The block of some customers.
pub(super) fn pack<'a>(customers: impl Iterator<Item = &'a CustomerProfile>) -> Result<Vec<u8>, Fault> {
    let mut filler = Filler::default();
    for customer in customers {
        filler.add(customer);
    }
    let bytes = postcard::to_stdvec(&filler.columns)?;
    if bytes.len() > MOST_BYTES {
        return Err(Fault::damaged("a few customers have hundreds of megabytes"));
    }
    thread_local! {
        static COMPRESSOR: RefCell<std::io::Result<Compressor<'static>>> = RefCell::new(compressor());
    }
    COMPRESSOR.with_borrow_mut(|compressor| match compressor {
        Ok(compressor) => Ok(compressor.compress(&bytes)?),
        Err(error) => Err(Fault::damaged(&error.to_string())),
    })
}

fn compressor() -> std::io::Result<Compressor<'static>> {
    let mut compressor = Compressor::new(LEVEL)?;
    compressor.include_checksum(true)?;
    Ok(compressor)
}

/// A block whose values can be read.
#[derive(Debug)]
pub(super) struct Unpacked {
    bytes: Vec<u8>,
    count: usize,
}

impl Unpacked {
    /// Reads a block of so many customers.
    pub(super) fn of(packed: &[u8], count: usize) -> Result<Self, Fault> {
        thread_local! {
            static DECOMPRESSOR: RefCell<Decompressor<'static>> = RefCell::new(Decompressor::default());
        }
        // The length that it names is not believed beyond what one may have.
        let bytes = DECOMPRESSOR.with_borrow_mut(|decompressor| decompressor.decompress(packed, MOST_BYTES))?;
        Ok(Unpacked { bytes, count })
    }

    /// Those of its customers who are wanted, by their places from 0 and by what stands against them.
    pub(super) fn customers(
        &self,
        is_wanted: impl Fn(usize, &Restrictions, &GivenConsents) -> bool,
    ) -> Result<Vec<CustomerProfile>, Fault> {
        let columns: Columns<'_> = postcard::from_bytes(&self.bytes)?;
        if columns.id.len() != self.count {
            return Err(Fault::damaged("a block has not as many customers as were written"));
        }
        let short = || Fault::damaged("values of a customer are missing");
        let mut found = Vec::new();
        let mut reader = Reader { columns: &columns, row: 0, key: 0, contact: 0 };
        for place in 0..self.count {
            found.extend(reader.next(place, &is_wanted).ok_or_else(short)?);
        }
        Ok(found)
    }
}

/// Fills the columns of a block.
#[derive(Default)]
struct Filler<'a> {
    columns: Columns<'a>,
    places: HashMap<Box<str>, Word, RandomState>,
    text: String,
    row: u32,
}

impl<'a> Filler<'a> {
    fn word(&mut self, word: &str) -> Word {
        if let Some(place) = self.places.get(word) {
            return *place;
        }
        let place = self.columns.words.len() as Word;
        self.columns.words.push(word.to_owned());
        self.places.insert(word.into(), place);
        place
    }

    /// One letter a consent, all of them a word.
    fn consents(&mut self, given: &GivenConsents) -> Word {
        let letters = given.all().map(consent_letter);
        self.word(std::str::from_utf8(&letters).expect("letters of ASCII"))
    }

    fn add(&mut self, profile: &'a CustomerProfile) {
        let list = self.word(&profile.list);
        let (language, country) = (self.word(&profile.language), self.word(&profile.country));
        let preferred = profile.preferred.map(|channel| self.word(channel.as_str()));
        let (consent, status) = (self.consents(&profile.consent), self.word(profile.status.as_str()));
        let mut text = std::mem::take(&mut self.text);
        text.clear();
        write!(text, "{}", profile.flag_reasons).expect("a text takes all");
        let flag_reasons = self.word(&text);
        self.text = text;
        let to_verify =
            if profile.to_verify.is_empty() { self.word("") } else { self.word(&Field::joined(&profile.to_verify)) };

        let columns = &mut self.columns;
        columns.id.push(profile.id.0.to_le_bytes());
        columns.household.push((profile.household != profile.id).then(|| profile.household.0.to_le_bytes()));
        columns.list.push(list);
        columns.key.push(&profile.key);
        columns.row.push(profile.row.wrapping_sub(self.row) as i32);
        self.row = profile.row;
        columns.first_name.push(&profile.first_name);
        columns.greeting.push((profile.greeting != profile.first_name).then_some(&*profile.greeting));
        columns.last_name.push(&profile.last_name);
        columns.language.push(language);
        columns.country.push(country);
        columns.birth_date.push(profile.birth_date.map(Day::get));
        columns.preferred.push(preferred);
        columns.consent.push(consent);
        let restrictions = &profile.restrictions;
        columns.holds.push(holds(restrictions));
        columns.refused_on.push(restrictions.refused_on.map(Day::get));
        columns.died_on.push(restrictions.died_on.map(Day::get));
        columns.sms_refused.push(restrictions.sms_refused.map(Day::get));
        columns.email_refused.push(restrictions.email_refused.map(Day::get));
        columns.call_refused.push(restrictions.call_refused.map(Day::get));
        columns.last_asked.push(restrictions.last_asked.map(Day::get));
        let refusal = profile.refusal.as_ref();
        columns.refusal.push(refusal.map(|cell| (&*cell.header, &*cell.text, cell.day.map(Day::get))));
        columns.value.push(profile.value);
        columns.status.push(status);
        columns.flagged.push(profile.flagged);
        columns.flag_reasons.push(flag_reasons);
        columns.to_verify.push(to_verify);
        columns.address.push(&profile.place.address);
        columns.street.push(&profile.place.street);
        columns.city.push(&profile.place.city);
        columns.postcode.push(&profile.place.postcode);
        columns.contacts.push(profile.contacts.len() as u32);
        let is_own_alone = match &*profile.keys {
            [] => profile.key.is_empty(),
            [key] => key.key == profile.key && key.list == profile.list,
            _ => false,
        };
        columns.keys.push((!is_own_alone).then_some(profile.keys.len() as u32));
        if !is_own_alone {
            for key in &profile.keys {
                let list = self.word(&key.list);
                self.columns.key_list.push(list);
                self.columns.key_text.push(&key.key);
            }
        }
        for contact in &profile.contacts {
            self.add_contact(contact);
        }
    }

    fn add_contact(&mut self, contact: &'a ContactPoint) {
        let kind = self.word(contact.kind.as_str());
        let (verdict, line) = (self.word(contact.verdict.as_str()), self.word(contact.line.as_str()));
        let (sms, call) = (self.word(contact.sms.as_str()), self.word(contact.call.as_str()));
        let dead = contact.dead.map(|dead| (self.word(dead.word()), dead.since.map(Day::get)));
        let consent = self.consents(&contact.consent);
        let row = contact.row.as_ref().map(|row| (self.word(&row.list), &*row.key, row.number));
        let columns = &mut self.columns;
        columns.kind.push(kind);
        columns.contact.push(&contact.value);
        columns.contact_key.push((contact.key != contact.value).then_some(&*contact.key));
        columns.verdict.push(verdict);
        columns.line.push(line);
        columns.sms.push(sms);
        columns.call.push(call);
        columns.stale.push(contact.stale);
        columns.shared_by.push(contact.shared_by);
        columns.dead.push(dead);
        columns.contact_consent.push(consent);
        columns.contact_row.push(row);
    }
}

/// Runs through the customers of a block.
struct Reader<'c> {
    columns: &'c Columns<'c>,
    row: u32,
    /// The next customer's first key and contact.
    key: usize,
    contact: usize,
}

impl Reader<'_> {
    fn word(&self, place: Word) -> Option<&str> {
        Some(self.columns.words.get(place as usize)?)
    }

    /// The next customer if it is wanted, at its place; `None` where values of it are missing.
    fn next(
        &mut self,
        at: usize,
        is_wanted: impl Fn(usize, &Restrictions, &GivenConsents) -> bool,
    ) -> Option<Option<CustomerProfile>> {
        let columns = self.columns;
        self.row = self.row.wrapping_add(*columns.row.get(at)? as u32);
        let keys = *columns.keys.get(at)?;
        let (first_key, first_contact) = (self.key, self.contact);
        self.key = first_key.checked_add(keys.unwrap_or(0) as usize)?;
        self.contact = first_contact.checked_add(*columns.contacts.get(at)? as usize)?;
        let restrictions = restrictions(columns, at)?;
        let consent = consents(self.word(*columns.consent.get(at)?)?);
        if !is_wanted(at, &restrictions, &consent) {
            return Some(None);
        }

        let word = |column: &[Word]| self.word(*column.get(at)?);
        let text = |column: &[&str]| Some((*column.get(at)?).to_owned());
        let (list, key) = (word(&columns.list)?.to_owned(), text(&columns.key)?);
        let first_name = text(&columns.first_name)?;
        let id = CustomerId(u64::from_le_bytes(*columns.id.get(at)?));
        Some(Some(CustomerProfile {
            id,
            household: columns.household.get(at)?.map_or(id, |name| CustomerId(u64::from_le_bytes(name))),
            keys: match keys {
                None if key.is_empty() => Vec::new(),
                None => vec![RowKey { list: list.clone(), key: key.clone() }],
                Some(_) => (first_key..self.key).map(|at| self.row_key(at)).collect::<Option<_>>()?,
            },
            list,
            key,
            row: self.row,
            greeting: columns.greeting.get(at)?.map_or_else(|| first_name.clone(), str::to_owned),
            first_name,
            last_name: text(&columns.last_name)?,
            language: word(&columns.language)?.to_owned(),
            country: word(&columns.country)?.to_owned(),
            birth_date: columns.birth_date.get(at)?.map(Day::new),
            preferred: match *columns.preferred.get(at)? {
                Some(channel) => Channel::parse(self.word(channel)?),
                None => None,
            },
            consent,
            restrictions,
            refusal: columns.refusal.get(at)?.map(|(header, text, day)| RefusalSource {
                header: header.to_owned(),
                text: text.to_owned(),
                day: day.map(Day::new),
            }),
            contacts: (first_contact..self.contact).map(|at| self.contact(at)).collect::<Option<_>>()?,
            value: *columns.value.get(at)?,
            status: CustomerStatus::parse(word(&columns.status)?).unwrap_or_default(),
            flagged: *columns.flagged.get(at)?,
            flag_reasons: FlagReasons::parse(word(&columns.flag_reasons)?),
            to_verify: Field::listed(word(&columns.to_verify)?),
            place: KnownPlace {
                address: text(&columns.address)?,
                street: text(&columns.street)?,
                city: text(&columns.city)?,
                postcode: text(&columns.postcode)?,
            },
        }))
    }

    fn row_key(&self, at: usize) -> Option<RowKey> {
        let list = self.word(*self.columns.key_list.get(at)?)?.to_owned();
        Some(RowKey { list, key: (*self.columns.key_text.get(at)?).to_owned() })
    }

    fn contact(&self, at: usize) -> Option<ContactPoint> {
        let columns = self.columns;
        let word = |column: &[Word]| self.word(*column.get(at)?);
        let value = *columns.contact.get(at)?;
        Some(ContactPoint {
            kind: ContactKind::parse(word(&columns.kind)?)?,
            value: value.to_owned(),
            key: columns.contact_key.get(at)?.unwrap_or(value).to_owned(),
            verdict: Verdict::parse(word(&columns.verdict)?).unwrap_or(Verdict::Unknown),
            line: PhoneKind::named(word(&columns.line)?).unwrap_or(PhoneKind::Unknown),
            sms: Reach::parse(word(&columns.sms)?).unwrap_or(Reach::Unknown),
            call: Reach::parse(word(&columns.call)?).unwrap_or(Reach::Unknown),
            stale: *columns.stale.get(at)?,
            shared_by: *columns.shared_by.get(at)?,
            dead: match *columns.dead.get(at)? {
                Some((by, since)) => Death::parse(self.word(by)?, since.map(Day::new)),
                None => None,
            },
            consent: consents(word(&columns.contact_consent)?),
            row: match *columns.contact_row.get(at)? {
                Some((list, key, number)) => {
                    Some(NamedRow { list: self.word(list)?.to_owned(), key: key.to_owned(), number })
                }
                None => None,
            },
        })
    }
}

fn restrictions(columns: &Columns<'_>, at: usize) -> Option<Restrictions> {
    let holds = *columns.holds.get(at)?;
    let day = |column: &[Date]| Some(column.get(at)?.map(Day::new));
    Some(Restrictions {
        do_not_contact: holds & 1 != 0,
        deceased: holds & 2 != 0,
        legal: holds & 4 != 0,
        blocked: holds & 8 != 0,
        minor: holds & 16 != 0,
        sms_closed: holds & 32 != 0,
        email_closed: holds & 64 != 0,
        call_closed: holds & 128 != 0,
        refused_on: day(&columns.refused_on)?,
        died_on: day(&columns.died_on)?,
        sms_refused: day(&columns.sms_refused)?,
        email_refused: day(&columns.email_refused)?,
        call_refused: day(&columns.call_refused)?,
        last_asked: day(&columns.last_asked)?,
    })
}

/// A bit a restriction.
pub(super) fn holds(restrictions: &Restrictions) -> u8 {
    let Restrictions { do_not_contact, deceased, legal, blocked, minor, .. } = *restrictions;
    let Restrictions { sms_closed, email_closed, call_closed, .. } = *restrictions;
    let bits = [do_not_contact, deceased, legal, blocked, minor, sms_closed, email_closed, call_closed];
    bits.iter().enumerate().map(|(place, holds)| u8::from(*holds) << place).sum()
}

const fn consent_letter(consent: Option<Consent>) -> u8 {
    match consent {
        None => b'-',
        Some(Consent::No) => b'n',
        Some(Consent::Unknown) => b'?',
        Some(Consent::Yes) => b'y',
    }
}

/// Consents as letters.
pub(super) fn consents(letters: &str) -> GivenConsents {
    let mut consent = [None; 4];
    for (place, letter) in letters.bytes().take(4).enumerate() {
        consent[place] = match letter {
            b'n' => Some(Consent::No),
            b'?' => Some(Consent::Unknown),
            b'y' => Some(Consent::Yes),
            _ => None,
        };
    }
    consent.into()
}
