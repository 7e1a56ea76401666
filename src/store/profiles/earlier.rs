//! Files of customers as earlier versions wrote them, with a row a customer: read, and never written again.

mod row;

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use self::row::{contact, profile};
use super::found_by::FoundBy;
use crate::record::{ContactPoint, CustomerProfile, text_hash};

/// Hands over every customer, in the order in which they were written, while `take` says to go on.
pub(super) fn all(connection: &Connection, take: &mut dyn FnMut(CustomerProfile) -> bool) -> rusqlite::Result<()> {
    those(connection, "", take)
}

/// Hands over the customers against whom something stands, while `take` says to go on.
pub(super) fn held(connection: &Connection, take: &mut dyn FnMut(CustomerProfile) -> bool) -> rusqlite::Result<()> {
    const HELD: &str = "WHERE holds <> 0 OR sms_refused IS NOT NULL OR email_refused IS NOT NULL
        OR call_refused IS NOT NULL OR consents LIKE '%n%'";
    those(connection, HELD, take)
}

fn those(
    connection: &Connection,
    condition: &str,
    take: &mut dyn FnMut(CustomerProfile) -> bool,
) -> rusqlite::Result<()> {
    let which = format!("SELECT * FROM customer {condition} ORDER BY place");
    let mut customers = connection.prepare(&which)?;
    let mut contacts = connection.prepare("SELECT * FROM contact ORDER BY customer, position")?;
    let mut rows = customers.query([])?;
    // Both run through their tables once, side by side.
    let mut points = contacts.query([])?;
    let mut point = points.next()?;
    while let Some(row) = rows.next()? {
        let (place, mut profile) = profile(row)?;
        while let Some(found) = point {
            let of: i64 = found.get(0)?;
            if of > place {
                break;
            }
            if of == place {
                profile.contacts.push(contact(found)?);
            }
            point = points.next()?;
        }
        if !take(profile) {
            break;
        }
    }
    Ok(())
}

/// Which consents the customers of each list answer at all.
pub(super) fn answered_consents(connection: &Connection) -> rusqlite::Result<BTreeMap<String, [bool; 4]>> {
    let mut statement = connection.prepare(
        "SELECT list, max(substr(consents, 1, 1) <> '-'), max(substr(consents, 2, 1) <> '-'),
                max(substr(consents, 3, 1) <> '-'), max(substr(consents, 4, 1) <> '-')
         FROM customer GROUP BY list",
    )?;
    let rows =
        statement.query_map([], |row| Ok((row.get(0)?, [row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])))?;
    rows.collect()
}

/// Number of customers.
pub(super) fn count(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("SELECT count(*) FROM customer", [], |row| row.get(0))
}

/// Customers who may be found by this, and a few who only have its hash.
pub(super) fn find(connection: &Connection, by: FoundBy<'_>) -> rusqlite::Result<Vec<CustomerProfile>> {
    let mut places = connection.prepare_cached("SELECT customer FROM found_by WHERE hash = ?1 ORDER BY customer")?;
    let places = places.query_map([hash(by)], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    places.into_iter().map(|place| at(connection, place)).collect()
}

/// The customers whose names were written with all of these folded words, at most `most` of them.
pub(super) fn by_name(connection: &Connection, words: &[&str], most: usize) -> rusqlite::Result<Vec<CustomerProfile>> {
    let hashes: Vec<i64> = words.iter().map(|word| hash(FoundBy::Name(word))).collect();
    let Some((first, rest)) = hashes.split_first() else { return Ok(Vec::new()) };
    let mut with = connection.prepare_cached("SELECT customer FROM found_by WHERE hash = ?1 ORDER BY customer")?;
    let mut also = connection.prepare_cached("SELECT 1 FROM found_by WHERE hash = ?1 AND customer = ?2")?;
    let mut found = Vec::new();
    let mut rows = with.query([first])?;
    while let Some(row) = rows.next()? {
        let place: i64 = row.get(0)?;
        let mut has_all = true;
        for hash in rest {
            has_all &= also.query_row([*hash, place], |_| Ok(())).optional()?.is_some();
        }
        if has_all {
            found.push(place);
            if found.len() == most {
                break;
            }
        }
    }
    found.into_iter().map(|place| at(connection, place)).collect()
}

/// The customers whose standing row has just this key: the oldest files have no index of keys, and a million take a moment.
pub(super) fn by_standing_key(connection: &Connection, key: &str) -> rusqlite::Result<Vec<CustomerProfile>> {
    let mut places = connection.prepare_cached("SELECT place FROM customer WHERE key = ?1 ORDER BY place")?;
    let places = places.query_map([key], |row| row.get(0))?.collect::<rusqlite::Result<Vec<i64>>>()?;
    places.into_iter().map(|place| at(connection, place)).collect()
}

fn at(connection: &Connection, place: i64) -> rusqlite::Result<CustomerProfile> {
    let mut customer = connection.prepare_cached("SELECT * FROM customer WHERE place = ?1")?;
    let (place, mut profile) = customer.query_row([place], profile)?;
    let mut contacts = connection.prepare_cached("SELECT * FROM contact WHERE customer = ?1 ORDER BY position")?;
    profile.contacts = contacts.query_map([place], contact)?.collect::<rusqlite::Result<Vec<ContactPoint>>>()?;
    Ok(profile)
}

/// The hash that these files hold of it.
fn hash(by: FoundBy<'_>) -> i64 {
    let text = match by {
        FoundBy::Id(id) => format!("id {}", id.0),
        FoundBy::Household(id) => format!("household {}", id.0),
        FoundBy::Contact(kind, key) => format!("{} {key}", kind.as_str()),
        FoundBy::Name(token) => format!("name {token}"),
        FoundBy::Key(key) => format!("key {key}"),
    };
    text_hash(&text) as i64
}

#[cfg(test)]
mod tests;
