//! Localities by every name that people write.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::{RuleError, RuleFiles};
use crate::record::FixedMap;
use crate::text::{PlaceKey, is_one_slip_away, is_one_swap_away};

/// A locality of the shipped list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locality {
    /// Its official code (for Israel: of the Central Bureau of Statistics).
    pub code: u32,
    /// Its official name in Hebrew.
    pub hebrew: Box<str>,
    /// Its official name in Latin letters.
    pub english: Box<str>,
    /// How many people live there.
    pub population: u32,
}

/// A name that was found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The locality meant.
    pub locality: &'a Locality,
    /// The name is of a part of it (a quarter) and says more than the locality's own.
    pub is_part: bool,
    /// Written exactly as the official name.
    pub is_official: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Entry {
    index: u32,
    is_part: bool,
}

/// Every locality of one country, by name.
#[derive(Debug)]
pub struct Localities {
    list: Vec<Locality>,
    official: FixedMap<Box<str>, u32>,
    /// By folded name; none where two localities share it.
    keys: FixedMap<Box<[u8]>, Option<Entry>>,
    /// Folded names of whole localities by their length, for slips.
    by_length: Vec<Vec<SlipKey>>,
    prefixes: BTreeMap<String, String>,
    slip_from: usize,
    swap_from: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct SlipKey {
    letters: u64,
    key: Box<[u8]>,
    index: u32,
}

/// `rules/places/il_aliases.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Aliases {
    /// A slip is looked for only in names of so many letters or more.
    slip_from: usize,
    /// Two letters that changed places are looked for in names of so many letters or more.
    swap_from: usize,
    /// First words that are shortened.
    prefixes: BTreeMap<String, String>,
    /// Other names of localities, by code.
    names: BTreeMap<String, Vec<String>>,
    /// Names of their parts, by code.
    parts: BTreeMap<String, Vec<String>>,
}

impl Localities {
    /// The localities of a region; none where no list of it is shipped.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn load(files: &RuleFiles, region: &str) -> Result<Option<Self>, RuleError> {
        if region != "IL" {
            return Ok(None);
        }
        let aliases: Aliases = files.parse(ALIASES)?;
        let mut places = Localities {
            list: read_list(files)?,
            official: FixedMap::default(),
            keys: FixedMap::default(),
            by_length: Vec::new(),
            prefixes: aliases.prefixes,
            slip_from: aliases.slip_from,
            swap_from: aliases.swap_from,
        };
        places.add_official();
        places.add_aliases(&aliases.names, false)?;
        places.add_aliases(&aliases.parts, true)?;
        places.add_short_names();
        places.sort_by_length();
        Ok(Some(places))
    }

    /// The locality of this name.
    pub fn find(&self, name: &str) -> Option<Found<'_>> {
        if let Some(&index) = self.official.get(name) {
            return Some(Found { locality: &self.list[index as usize], is_part: false, is_official: true });
        }
        let entry = self.by_key(name).or_else(|| self.by_key(&self.with_full_prefix(name)?))?;
        Some(Found { locality: &self.list[entry.index as usize], is_part: entry.is_part, is_official: false })
    }

    /// The only locality whose name is one slip away from this one.
    pub fn find_slip(&self, name: &str) -> Option<&Locality> {
        let key = PlaceKey::new(name);
        let key = key.as_bytes();
        if key.len() < self.swap_from {
            return None;
        }
        // Of shorter names only those of the same letters, two neighbours of which changed places.
        let is_short = key.len() < self.slip_from;
        let (lengths, most_other) =
            if is_short { (key.len()..=key.len(), 0) } else { (key.len() - 1..=key.len() + 1, 2) };
        let near = lengths.filter_map(|length| self.by_length.get(length)).flatten();
        let letters = letters_of(key);
        // One slip brings in one letter and takes out one at most; most names fall here.
        let near = near.filter(|other| (letters ^ other.letters).count_ones() <= most_other);
        let is_slip = if is_short { is_one_swap_away } else { is_one_slip_away };
        let mut hits = near.filter(|other| is_slip(key, &other.key)).map(|other| other.index);
        let first = hits.next()?;
        hits.all(|other| other == first).then(|| &self.list[first as usize])
    }

    fn by_key(&self, name: &str) -> Option<Entry> {
        *self.keys.get(PlaceKey::new(name).as_bytes())?
    }

    /// `ק. אתא` → `קריית אתא`.
    fn with_full_prefix(&self, name: &str) -> Option<String> {
        let (first, rest) = name.split_once([' ', '.', '\'', '׳'])?;
        let full = self.prefixes.get(first)?;
        Some(format!("{full} {}", rest.trim_start_matches([' ', '.', '\'', '׳'])))
    }

    fn add_official(&mut self) {
        for index in 0..self.list.len() {
            let place = &self.list[index];
            for name in [place.hebrew.clone(), place.english.clone()] {
                self.add_key(&name, Entry { index: index as u32, is_part: false });
                // A name of two localities is no one's.
                self.official.entry(name).and_modify(|first| *first = u32::MAX).or_insert(index as u32);
            }
        }
        self.official.retain(|_, index| *index != u32::MAX);
    }

    fn add_aliases(&mut self, names: &BTreeMap<String, Vec<String>>, is_part: bool) -> Result<(), RuleError> {
        for (code, names) in names {
            let index = self.list.iter().position(|place| place.code.to_string() == *code);
            let Some(index) = index else {
                let message = format!("no locality has the code {code}");
                return Err(RuleError::Meaning { path: ALIASES.to_owned(), message });
            };
            for name in names {
                self.add_key(name, Entry { index: index as u32, is_part });
            }
        }
        Ok(())
    }

    /// `פקיעין (בוקייעה)` is written `פקיעין` too, where no other locality is called so.
    fn add_short_names(&mut self) {
        let mut short: Vec<(String, u32)> = Vec::new();
        for (place, index) in self.list.iter().zip(0..) {
            for name in [&place.hebrew, &place.english] {
                if let Some((before, _)) = name.split_once('(') {
                    short.push((before.to_owned(), index));
                }
            }
        }
        short.retain(|(name, _)| !self.keys.contains_key(PlaceKey::new(name).as_bytes()));
        for (name, index) in short {
            self.add_key(&name, Entry { index, is_part: false });
        }
    }

    fn add_key(&mut self, name: &str, entry: Entry) {
        let key = PlaceKey::new(name);
        if key.as_bytes().is_empty() {
            return;
        }
        let known = self.keys.entry(key.as_bytes().into()).or_insert(Some(entry));
        if known.is_some_and(|known| known.index != entry.index) {
            *known = None;
        }
    }

    fn sort_by_length(&mut self) {
        for (key, entry) in &self.keys {
            let Some(entry) = entry.filter(|entry| !entry.is_part) else { continue };
            if self.by_length.len() <= key.len() {
                self.by_length.resize(key.len() + 1, Vec::new());
            }
            let letters = letters_of(key);
            self.by_length[key.len()].push(SlipKey { letters, key: key.clone(), index: entry.index });
        }
        self.by_length.iter_mut().for_each(|keys| keys.sort());
    }
}

/// The set of letters, one bit each (letters that share a bit only weaken the filter).
fn letters_of(key: &[u8]) -> u64 {
    key.iter().fold(0, |letters, byte| letters | 1 << (byte % 64))
}

fn read_list(files: &RuleFiles) -> Result<Vec<Locality>, RuleError> {
    let text = files.text(LIST);
    let rows = files.table(&text).map(|mut cells| {
        let code = cells.next()?.parse().ok()?;
        let (hebrew, english, _district) = (cells.next()?.into(), cells.next()?.into(), cells.next()?);
        Some(Locality { code, hebrew, english, population: cells.next()?.parse().unwrap_or(0) })
    });
    rows.collect::<Option<Vec<_>>>().ok_or_else(|| RuleError::Meaning {
        path: LIST.to_owned(),
        message: "a row is not code, Hebrew name, English name, sub-district, population".to_owned(),
    })
}

const LIST: &str = "places/il_localities.tsv";
const ALIASES: &str = "places/il_aliases.toml";

#[cfg(test)]
mod tests {
    use super::*;

    fn places() -> Localities {
        Localities::load(&RuleFiles::embedded(), "IL").expect("the shipped rules load").expect("Israel has a list")
    }

    #[test]
    fn a_locality_is_found_by_what_people_write() {
        let places = places();
        for (code, names) in [
            (5000, &["תל אביב-יפו", "תל אביב", "ת\"א", "ת״א", "תל-אביב", "Tel Aviv", "TLV", "tel-aviv yafo"][..]),
            (3000, &["ירושלים", "ירושליים", "י-ם", "Jerusalem"]),
            (7900, &["פתח תקווה", "פתח תקוה", "פ\"ת", "Petah Tikva", "Petach Tikva"]),
            (8300, &["ראשון לציון", "ראשל\"צ", "ראשלצ", "Rishon LeZion", "Rishon Lezion"]),
            (6800, &["קריית אתא", "קרית אתא", "ק. אתא", "ק' אתא", "ק אתא", "Kiryat Ata"]),
            (9000, &["באר שבע", "ב\"ש", "Beer Sheva", "Be'er Sheva", "Beersheba"]),
        ] {
            for name in names {
                assert_eq!(places.find(name).map(|found| found.locality.code), Some(code), "{name}");
            }
        }
        assert!(places.find("אטלנטיס").is_none());
        assert!(places.find("").is_none());
    }

    #[test]
    fn every_official_name_that_only_one_locality_has_is_found() {
        let places = places();
        let lost: Vec<&str> = places
            .list
            .iter()
            .filter(|place| places.find(&place.hebrew).is_none_or(|found| found.locality.code != place.code))
            .map(|place| &*place.hebrew)
            .collect();
        assert!(lost.is_empty(), "{lost:?}");
    }

    #[test]
    fn no_alias_is_claimed_by_two_localities() {
        let aliases: Aliases = RuleFiles::embedded().parse(ALIASES).expect("the shipped rules load");
        let places = places();
        for (code, names) in aliases.names.iter().chain(&aliases.parts) {
            for name in names {
                let found = places.find(name).map(|found| found.locality.code.to_string());
                assert_eq!(found.as_deref(), Some(code.as_str()), "{name}");
            }
        }
    }

    #[test]
    fn a_slip_is_offered_only_where_one_locality_is_meant() {
        let places = places();
        assert_eq!(places.find_slip("ראשון לציןן").map(|place| place.code), Some(8300));
        assert_eq!(places.find_slip("ירשולים").map(|place| place.code), Some(3000));
        assert_eq!(places.find_slip("Jerusalm").map(|place| place.code), Some(3000));
        assert_eq!(places.find_slip("לונדון"), None);
        assert_eq!(places.find_slip("לד"), None);
        assert_eq!(places.find_slip("חפיה").map(|place| place.code), Some(4000));
        assert_eq!(places.find_slip("לילה"), None, "the letters of הילה, and no two of them changed places");
    }
}
