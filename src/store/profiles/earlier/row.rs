//! Rows of the file as customers and their contacts.

use rusqlite::Row;

use crate::record::{
    Channel, ContactKind, ContactPoint, CustomerId, CustomerProfile, CustomerStatus, Day, Death, Field, FlagReasons,
    GivenConsents, KnownPlace, NamedRow, PhoneKind, Reach, RefusalSource, Restrictions, RowKey, Verdict,
};
use crate::store::profiles::columns::consents;

/// A contact.
pub(super) fn contact(row: &Row<'_>) -> rusqlite::Result<ContactPoint> {
    let word = |column: usize| row.get_ref(column)?.as_str().map_err(rusqlite::Error::from);
    // A run of an older tiuv says nothing of permission at a contact: it counts as none until the list is cleaned again.
    let is_old = row.as_ref().column_count() <= 11;
    let dead = |is_old: bool| -> rusqlite::Result<Option<Death>> {
        let Some(by) = (if is_old { None } else { row.get::<_, Option<String>>(12)? }) else { return Ok(None) };
        Ok(Death::parse(&by, row.get::<_, Option<i32>>(11)?.map(Day::new)))
    };
    let named = |is_old: bool| -> rusqlite::Result<Option<NamedRow>> {
        let Some(list) = (if is_old { None } else { row.get(14)? }) else { return Ok(None) };
        Ok(Some(NamedRow { list, key: row.get(15)?, number: row.get(16)? }))
    };
    Ok(ContactPoint {
        kind: if word(2)? == "email" { ContactKind::Email } else { ContactKind::Phone },
        value: row.get(3)?,
        key: row.get(4)?,
        verdict: Verdict::parse(word(5)?).unwrap_or(Verdict::Unknown),
        line: PhoneKind::named(word(6)?).unwrap_or(PhoneKind::Unknown),
        sms: Reach::parse(word(7)?).unwrap_or(Reach::Unknown),
        call: Reach::parse(word(8)?).unwrap_or(Reach::Unknown),
        stale: row.get::<_, Option<f64>>(9)?.map(|stale| stale as f32),
        shared_by: row.get(10)?,
        dead: dead(is_old)?,
        consent: if is_old { GivenConsents::default() } else { consents(word(13)?) },
        row: named(is_old)?,
    })
}

/// A customer without its contacts, and its place in the file.
pub(super) fn profile(row: &Row<'_>) -> rusqlite::Result<(i64, CustomerProfile)> {
    let restrictions: i64 = row.get(13)?;
    // Files of earlier versions have fewer columns.
    let columns = row.as_ref().column_count();
    let day = |column: usize| match column < columns {
        true => row.get::<_, Option<i32>>(column).map(|day| day.map(Day::new)),
        false => Ok(None),
    };
    let profile = CustomerProfile {
        id: CustomerId(row.get::<_, i64>(1)? as u64),
        household: CustomerId(row.get::<_, i64>(2)? as u64),
        list: row.get(3)?,
        key: row.get(4)?,
        row: row.get(5)?,
        keys: keys(row)?,
        first_name: row.get(6)?,
        last_name: row.get(7)?,
        language: row.get(8)?,
        country: row.get(9)?,
        birth_date: day(10)?,
        preferred: row.get::<_, Option<String>>(11)?.and_then(|word| Channel::parse(&word)),
        consent: consents(row.get_ref(12)?.as_str()?),
        restrictions: Restrictions {
            do_not_contact: restrictions & 1 != 0,
            deceased: restrictions & 2 != 0,
            legal: restrictions & 4 != 0,
            blocked: restrictions & 8 != 0,
            minor: restrictions & 16 != 0,
            refused_on: day(23)?,
            died_on: day(24)?,
            sms_refused: day(14)?,
            email_refused: day(15)?,
            call_refused: day(16)?,
            sms_closed: restrictions & 32 != 0,
            email_closed: restrictions & 64 != 0,
            call_closed: restrictions & 128 != 0,
            last_asked: day(17)?,
        },
        refusal: match if columns > 25 { row.get::<_, Option<String>>(25)? } else { None } {
            Some(header) => Some(RefusalSource { header, text: row.get(26)?, day: day(27)? }),
            None => None,
        },
        contacts: Vec::new(),
        value: row.get::<_, f64>(18)? as f32,
        status: CustomerStatus::parse(row.get_ref(19)?.as_str()?).unwrap_or_default(),
        flagged: row.get(20)?,
        flag_reasons: FlagReasons::parse(row.get_ref(21)?.as_str()?),
        to_verify: Field::listed(row.get_ref(22)?.as_str()?),
        greeting: if columns > 29 { row.get(29)? } else { String::new() },
        place: if columns > 30 { place(row.get_ref(30)?.as_str()?) } else { KnownPlace::default() },
    };
    Ok((row.get(0)?, profile))
}

/// The parts of an address, with tabs between them; nothing where none is known.
fn place(text: &str) -> KnownPlace {
    let mut parts = text.split('\t').map(str::to_owned);
    let mut next = || parts.next().unwrap_or_default();
    KnownPlace { address: next(), street: next(), city: next(), postcode: next() }
}

/// The keys of all rows: each list and key a line. Where it is the standing row's alone, nothing is written of it; files of earlier
/// versions have no other.
fn keys(row: &Row<'_>) -> rusqlite::Result<Vec<RowKey>> {
    let text = if row.as_ref().column_count() > KEYS { row.get_ref(KEYS)?.as_str()? } else { "" };
    if text.is_empty() {
        let (list, key): (String, String) = (row.get(3)?, row.get(4)?);
        return Ok(if key.is_empty() { Vec::new() } else { vec![RowKey { list, key }] });
    }
    let key = |line: &str| {
        let (list, key) = line.split_once('\t')?;
        Some(RowKey { list: list.to_owned(), key: key.to_owned() })
    };
    Ok(text.lines().filter_map(key).collect())
}

/// The column of keys.
const KEYS: usize = 28;
