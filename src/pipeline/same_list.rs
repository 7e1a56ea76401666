//! Exports of one list, made in different years: which lists of a run go on a list that the workspace knows.
#![cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "without Parquet no list is remembered"))]

use std::collections::HashSet;

use super::RunError;
use crate::ingest::{List, header_fingerprint};
use crate::record::{Field, RowId, RowIds};
use crate::rule::ListNames;
use crate::store::KnownList;
use crate::text::bare_key;

/// What a list of a run is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListIdentity {
    /// Its name: as somebody said, else its file's.
    pub name: String,
    /// The fingerprint of the header by which its rows are known: where it goes on a list that had another header, of that.
    pub header: u64,
    /// The earlier exports that it takes the place of: name and fingerprint, the one read last first.
    pub earlier: Vec<(String, u64)>,
    /// Why it is taken for the same list as the last of them, where that was found out and not said.
    pub found: Option<FoundBy>,
}

/// By what a list was found to be a newer export of an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundBy {
    /// Its header is the same.
    pub is_same_header: bool,
    /// How many of a hundred of its keys the earlier one has; none where the lists have no keys.
    pub keys: Option<u8>,
}

/// What is known by when the workspace knows nothing.
fn alone(list: &List) -> ListIdentity {
    let (name, header) = (list.own_name().into_owned(), header_fingerprint(list.header()));
    ListIdentity { name, header, earlier: Vec::new(), found: None }
}

/// What the lists of a run are known by; `rows_of` tells the ids of the rows of a known list.
///
/// A list is a newer export of a known one when their names are one without the date, and many of its keys are the other's;
/// without keys, when the header is the same and a name has a date. Where somebody says what a list is called, that decides.
pub(super) fn identities(
    lists: &[List],
    known: &[KnownList],
    names: &ListNames,
    mut rows_of: impl FnMut(&KnownList) -> Result<HashSet<RowId>, RunError>,
) -> Result<Vec<ListIdentity>, RunError> {
    let mut identities: Vec<ListIdentity> = lists.iter().map(alone).collect();
    let is_read_again = |known: &KnownList| {
        lists.iter().map(alone).any(|list| list.name == known.name && list.header == known.fingerprint)
    };
    for known in known.iter().filter(|known| !is_read_again(known)) {
        for (list, identity) in lists.iter().zip(&mut identities) {
            let Some(found) = goes_on(list, known, names, &mut rows_of)? else { continue };
            if identity.earlier.is_empty() {
                identity.found = found.filter(|_| identity.name != known.name);
                identity.header = known.fingerprint;
            }
            identity.earlier.push((known.name.clone(), known.fingerprint));
            break;
        }
    }
    Ok(identities)
}

/// Whether a list goes on a known one, and how that was found; nothing inside where somebody said so.
fn goes_on(
    list: &List,
    known: &KnownList,
    names: &ListNames,
    rows_of: &mut impl FnMut(&KnownList) -> Result<HashSet<RowId>, RunError>,
) -> Result<Option<Option<FoundBy>>, RunError> {
    let name = list.own_name();
    let (own, other) = (names.family(&name), names.family(&known.name));
    let is_one_name = own.words == other.words;
    if list.is_named() {
        return Ok((*name == known.name || is_one_name).then_some(None));
    }
    if !is_one_name {
        return Ok(None);
    }
    let is_same_header = header_fingerprint(list.header()) == known.fingerprint;
    let keys = match list.mapping().column_of(Field::Id) {
        Some(column) => shared(list.samples().of(column), known.fingerprint, &rows_of(known)?),
        None => None,
    };
    let is_it = match keys {
        Some(keys) => keys >= names.least_keys(is_same_header),
        // Two lists without keys may as well be two halves.
        None => is_same_header && (own.is_dated || other.is_dated),
    };
    Ok(is_it.then_some(Some(FoundBy { is_same_header, keys })))
}

/// How many of a hundred keys a known list has; none where there are none.
fn shared(keys: &[String], header: u64, rows: &HashSet<RowId>) -> Option<u8> {
    let keys: HashSet<&str> = keys.iter().map(|key| key.trim()).filter(|key| !key.is_empty()).collect();
    let has = |key: &&&str| [**key, bare_key(key)].iter().any(|key| rows.contains(&RowIds::of_key(header, key)));
    let found = keys.iter().filter(has).count();
    (found * 100).checked_div(keys.len()).map(|share| share as u8)
}
