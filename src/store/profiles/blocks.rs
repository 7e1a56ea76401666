//! Customers in blocks, as this version writes them: read through, many blocks at a time, or looked up, each in its own.

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use rayon::prelude::*;
use rusqlite::{Connection, OptionalExtension};

use super::Fault;
use super::columns::{Unpacked, consents, holds};
use super::found_by::{FoundBy, places};
use crate::record::{Consent, CustomerProfile, GivenConsents, Restrictions};

/// Blocks that are read at a time; bounds memory.
const AT_ONCE: usize = 128;

/// Blocks that are kept: of a household, or of those who share a number, most stand in one.
const KEPT: usize = 4;

/// The blocks that were looked into last, the newest first.
#[derive(Debug, Default)]
pub(super) struct Recent {
    blocks: RefCell<VecDeque<Block>>,
}

/// A block, and the places of its customers.
#[derive(Debug)]
struct Block {
    places: Range<u32>,
    unpacked: Unpacked,
}

impl Block {
    /// The one in which a place is.
    fn read(connection: &Connection, place: u32) -> Result<Self, Fault> {
        let mut statement = connection
            .prepare_cached("SELECT first, customers, data FROM block WHERE first <= ?1 ORDER BY first DESC LIMIT 1")?;
        let (first, customers, data): (u32, u32, Vec<u8>) =
            statement.query_row([place], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let places = first..first.saturating_add(customers);
        if !places.contains(&place) {
            return Err(missing());
        }
        Ok(Block { places, unpacked: Unpacked::of(&data, customers as usize)? })
    }
}

fn missing() -> Fault {
    Fault::damaged("a block of customers is missing")
}

/// Hands over every customer, in the order in which they were written, while `take` says to go on.
pub(super) fn all(connection: &Connection, take: &mut dyn FnMut(CustomerProfile) -> bool) -> Result<(), Fault> {
    those(connection, &|_, _| true, take)
}

/// Hands over the customers against whom something stands, while `take` says to go on.
pub(super) fn held(connection: &Connection, take: &mut dyn FnMut(CustomerProfile) -> bool) -> Result<(), Fault> {
    let is_held = |restrictions: &Restrictions, consents: &GivenConsents| {
        let Restrictions { sms_refused, email_refused, call_refused, .. } = restrictions;
        holds(restrictions) != 0
            || [sms_refused, email_refused, call_refused].iter().any(|day| day.is_some())
            || consents.all().contains(&Some(Consent::No))
    };
    those(connection, &is_held, take)
}

type IsWanted<'w> = &'w (dyn Fn(&Restrictions, &GivenConsents) -> bool + Sync);

fn those(
    connection: &Connection,
    is_wanted: IsWanted<'_>,
    take: &mut dyn FnMut(CustomerProfile) -> bool,
) -> Result<(), Fault> {
    let mut statement = connection.prepare("SELECT first, customers, data FROM block ORDER BY first")?;
    let mut rows = statement.query([])?;
    let mut place = 0;
    let mut ready: Vec<Vec<CustomerProfile>> = Vec::new();
    loop {
        let mut blocks: Vec<(u32, Vec<u8>)> = Vec::with_capacity(AT_ONCE);
        while blocks.len() < AT_ONCE
            && let Some(row) = rows.next()?
        {
            let customers: u32 = row.get(1)?;
            if row.get::<_, u32>(0)? != place {
                return Err(missing());
            }
            place = place.checked_add(customers).ok_or_else(missing)?;
            blocks.push((customers, row.get(2)?));
        }
        // The next blocks are unpacked while these customers are taken.
        let mut next = Ok(Vec::new());
        let goes_on = rayon::in_place_scope(|scope| {
            scope.spawn(|_| next = unpacked(&blocks, is_wanted));
            ready.drain(..).flatten().all(&mut *take)
        });
        if !goes_on || blocks.is_empty() {
            return Ok(());
        }
        ready = next?;
    }
}

fn unpacked(blocks: &[(u32, Vec<u8>)], is_wanted: IsWanted<'_>) -> Result<Vec<Vec<CustomerProfile>>, Fault> {
    let those = |(customers, data): &(u32, Vec<u8>)| {
        let block = Unpacked::of(data, *customers as usize)?;
        block.customers(|_, restrictions, consents| is_wanted(restrictions, consents))
    };
    blocks.par_iter().map(those).collect()
}

/// Which consents the customers of each list answer at all.
pub(super) fn answered_consents(connection: &Connection) -> Result<BTreeMap<String, [bool; 4]>, Fault> {
    let mut statement = connection.prepare("SELECT list, consents FROM answered")?;
    let mut rows = statement.query([])?;
    let mut answered = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let letters: String = row.get(1)?;
        answered.insert(row.get(0)?, consents(&letters).all().map(|consent| consent.is_some()));
    }
    Ok(answered)
}

/// Number of customers.
pub(super) fn count(connection: &Connection) -> Result<i64, Fault> {
    let last = "SELECT first + customers FROM block ORDER BY first DESC LIMIT 1";
    Ok(connection.query_row(last, [], |row| row.get(0)).optional()?.unwrap_or(0))
}

/// Customers who may be found by this, and a few who only have its hash.
pub(super) fn find(connection: &Connection, recent: &Recent, by: FoundBy<'_>) -> Result<Vec<CustomerProfile>, Fault> {
    at(connection, recent, &places_of(connection, by)?)
}

/// The customers whose names were written with all of these folded words, at most `most` of them.
pub(super) fn by_name(
    connection: &Connection,
    recent: &Recent,
    words: &[&str],
    most: usize,
) -> Result<Vec<CustomerProfile>, Fault> {
    let Some((first, rest)) = words.split_first() else { return Ok(Vec::new()) };
    let mut places = places_of(connection, FoundBy::Name(first))?;
    for word in rest {
        let also = places_of(connection, FoundBy::Name(word))?;
        places.retain(|place| also.binary_search(place).is_ok());
    }
    places.truncate(most);
    at(connection, recent, &places)
}

/// The places of those who have a hash, in order.
fn places_of(connection: &Connection, by: FoundBy<'_>) -> Result<Vec<u32>, Fault> {
    let hash = by.hash();
    let mut statement =
        connection.prepare_cached("SELECT first, data FROM found WHERE first <= ?1 ORDER BY first DESC LIMIT 1")?;
    let block: Option<(i64, Vec<u8>)> =
        statement.query_row([hash as i64], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    block.map_or(Ok(Vec::new()), |(first, block)| places(&block, first as u64, hash))
}

/// Reads the index as a whole.
pub(super) fn check_index(connection: &Connection) -> Result<(), Fault> {
    let mut statement = connection.prepare("SELECT first, data FROM found")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        places(row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?, row.get::<_, i64>(0)? as u64, u64::MAX)?;
    }
    Ok(())
}

/// The customers at these places, which are in order.
fn at(connection: &Connection, recent: &Recent, places: &[u32]) -> Result<Vec<CustomerProfile>, Fault> {
    let mut blocks = recent.blocks.borrow_mut();
    let mut found = Vec::new();
    let mut rest = places;
    while let Some(place) = rest.first() {
        let block = match blocks.iter().position(|block| block.places.contains(place)) {
            Some(kept) => blocks.remove(kept).expect("it was just found"),
            None => Block::read(connection, *place)?,
        };
        let (here, behind) = rest.split_at(rest.partition_point(|place| *place < block.places.end));
        let first = block.places.start;
        let is_here = |index: usize| here.binary_search(&first.saturating_add(index as u32)).is_ok();
        found.extend(block.unpacked.customers(|index, _, _| is_here(index))?);
        blocks.push_front(block);
        blocks.truncate(KEPT);
        rest = behind;
    }
    Ok(found)
}
