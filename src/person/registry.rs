//! Everybody who refused, as they are recognized in a run's lists: what the workspace keeps, and what the lists say themselves.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use rapidhash::fast::RandomState;
use rayon::prelude::*;

use super::known::KnownAs;
use super::likeness::Likeness;
use super::seen::Seen;
use super::sign::{Salt, Sign};
use crate::record::{CustomerId, Suppression};

/// Refusals that hold persons, with as whom these were known.
#[derive(Debug, Default)]
pub struct Registry {
    entries: Vec<Suppression>,
    known: Vec<(u32, KnownAs)>,
    // Asked a dozen times for each of a million customers; nothing runs through these maps in their order.
    by_customer: HashMap<CustomerId, Vec<u32>, RandomState>,
    by_mark: HashMap<u64, u32, RandomState>,
    /// Of each place that a mark stands at, who has it and the place before, or [`NO_LINK`].
    links: Vec<(u32, u32)>,
    /// A bit for each mark, by its lowest bits: almost nobody has a mark in common with one who refused.
    filter: Vec<u64>,
    salts: Vec<Salt>,
}

const NO_LINK: u32 = u32::MAX;
/// Bits of the filter.
const FILTER: u64 = 1 << 24;

/// That somebody in a list is held by a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recognized {
    /// Place of the refusal in the registry.
    pub entry: u32,
    /// False where nothing but a shared number or address says so, and no name tells more.
    pub is_sure: bool,
}

impl Registry {
    /// Adds a refusal with as whom its person was known; returns its place.
    pub fn add(&mut self, entry: Suppression, known: impl IntoIterator<Item = KnownAs>) -> u32 {
        let place = self.entries.len() as u32;
        self.entries.push(entry);
        for known in known {
            let index = self.known.len() as u32;
            if let Some(customer) = known.customer {
                self.by_customer.entry(customer).or_default().push(index);
            }
            known.marks.iter().for_each(|mark| self.link(*mark, index));
            if let Some(salt) = known.salt.filter(|salt| !self.salts.contains(salt)) {
                self.salts.push(salt);
            }
            self.known.push((place, known));
        }
        place
    }

    fn link(&mut self, mark: u64, known: u32) {
        if self.filter.is_empty() {
            self.filter = vec![0; (FILTER / 64) as usize];
        }
        let bit = mark % FILTER;
        self.filter[(bit / 64) as usize] |= 1 << (bit % 64);
        let before = self.by_mark.insert(mark, self.links.len() as u32).unwrap_or(NO_LINK);
        self.links.push((known, before));
    }

    /// Who has a mark.
    fn with_mark(&self, mark: u64) -> impl Iterator<Item = u32> {
        let bit = mark % FILTER;
        let may_be = self.filter.get((bit / 64) as usize).is_some_and(|bits| bits >> (bit % 64) & 1 != 0);
        let first = if may_be { self.by_mark.get(&mark).copied().unwrap_or(NO_LINK) } else { NO_LINK };
        let link = |place: u32| self.links.get(place as usize);
        std::iter::successors(link(first), move |(_, before)| link(*before)).map(|(known, _)| *known)
    }

    /// The refusals.
    pub fn entries(&self) -> &[Suppression] {
        &self.entries
    }

    /// A refusal.
    pub fn entry(&self, place: u32) -> &Suppression {
        &self.entries[place as usize]
    }

    /// Whether nobody refused.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Whether a refusal knows somebody so already.
    pub fn knows(&self, place: u32, seen: &KnownAs) -> bool {
        let of_customer = seen.customer.and_then(|customer| self.by_customer.get(&customer));
        let mut known = of_customer.into_iter().flatten().map(|index| &self.known[*index as usize]);
        known.any(|(entry, known)| *entry == place && seen.is_within(known))
    }

    /// Whether anything is known of a customer.
    pub fn has_customer(&self, customer: CustomerId) -> bool {
        self.by_customer.contains_key(&customer)
    }

    /// Whether anybody is known by a sign, given as its [mark](Sign::mark).
    pub fn has_mark(&self, mark: u64) -> bool {
        let has = |mark: u64| self.with_mark(mark).next().is_some();
        has(mark) || self.salts.iter().any(|salt| has(salt.salted(mark)))
    }

    /// As whom somebody was known first when a refusal came.
    pub fn known_as(&self, place: u32) -> Option<&KnownAs> {
        let first = self.known.partition_point(|(entry, _)| *entry < place);
        self.known.get(first).filter(|(entry, _)| *entry == place).map(|(_, known)| known)
    }

    /// By which refusals somebody in a list is held, each once, in their order.
    pub fn recognize(&self, seen: &Seen) -> Vec<Recognized> {
        let mut found: Vec<Recognized> = Vec::new();
        for customer in &seen.customers {
            let known = self.by_customer.get(customer).into_iter().flatten().map(|index| &self.known[*index as usize]);
            let same = known.filter(|(_, known)| !known.is_plainly_another(seen));
            found.extend(same.map(|(entry, _)| Recognized { entry: *entry, is_sure: true }));
        }
        for sign in &seen.signs {
            let mark = sign.mark();
            self.by_sign(*sign, mark, None, seen, &mut found);
            for salt in &self.salts {
                self.by_sign(*sign, salt.salted(mark), Some(*salt), seen, &mut found);
            }
        }
        // Of what is said of one refusal the surest stays.
        found.sort_unstable_by_key(|one| (one.entry, !one.is_sure));
        found.dedup_by_key(|one| one.entry);
        found
    }

    fn by_sign(&self, sign: Sign, mark: u64, salt: Option<Salt>, seen: &Seen, found: &mut Vec<Recognized>) {
        for index in self.with_mark(mark) {
            let (entry, known) = &self.known[index as usize];
            // Whoever is known by name was found so.
            let is_found = known.customer.is_some_and(|customer| seen.customers.contains(&customer));
            if known.salt != salt || is_found {
                continue;
            }
            let likeness = known.likeness(seen);
            if known.is_same(sign, likeness) {
                let is_sure = !matches!(sign, Sign::Contact(_)) || likeness.first == Some(true);
                found.push(Recognized { entry: *entry, is_sure });
            }
        }
    }

    /// Takes back what is not sure where clearly different people are recognized by one refusal: only the contact is held
    /// then. `found` has who was recognized as what, `seen` who they are.
    pub fn settle<S>(&self, found: &mut Vec<(S, Recognized)>, seen: impl Fn(S) -> Seen + Sync)
    where
        S: Copy + Eq + Hash + Send + Sync,
    {
        let mut of_entry: HashMap<u32, Vec<(S, bool)>> = HashMap::new();
        for (who, one) in found.iter() {
            of_entry.entry(one.entry).or_default().push((*who, one.is_sure));
        }
        let is_settled = |members: &Vec<(S, bool)>| members.len() < 2 || members.iter().all(|(_, is_sure)| *is_sure);
        let open: Vec<(u32, Vec<(S, bool)>)> =
            of_entry.into_iter().filter(|(_, members)| !is_settled(members)).collect();
        let dropped = open.into_par_iter().flat_map_iter(|(entry, members)| {
            let seen: Vec<Seen> = members.iter().map(|(who, _)| seen(*who)).collect();
            let is_dropped = |place: usize| {
                let own = &seen[place];
                let is_told_apart = |(other, seen): (usize, &Seen)| {
                    other != place && Likeness::of((&own.names, &seen.names), (own.born, seen.born)).tells_apart()
                };
                !members[place].1 && seen.iter().enumerate().any(is_told_apart)
            };
            let dropped = (0..members.len()).filter(|place| is_dropped(*place)).map(|place| (members[place].0, entry));
            dropped.collect::<Vec<_>>()
        });
        let dropped: HashSet<(S, u32)> = dropped.collect();
        found.retain(|(who, one)| !dropped.contains(&(*who, one.entry)));
    }
}
