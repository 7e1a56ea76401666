//! What the hazard of a contact depends on beside its tenure, and how many contacts have which.

use crate::record::{ContactClass, ContactKind, Day};

use super::coefficients::KindCoefficients;
use crate::evidence::History;

/// Tenure is counted in months of a twelfth of a mean year (30.4375 days); what is older than 50 years counts as that old.
pub(super) const MONTHS: usize = 600;

/// Age bands, with one more for an age that is not known.
const BANDS: usize = 5;

/// Earlier changes that make a difference: 0 to 3.
const CHANGES: usize = 4;

/// Class, age band and number of earlier changes: contacts of one profile share a hazard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Profile {
    pub(super) class: ContactClass,
    /// 0 to 3, the youngest first; 4 where the age is not known.
    pub(super) band: usize,
    pub(super) changes: usize,
}

impl Profile {
    /// Number of profiles, of both kinds.
    pub(super) const COUNT: usize = ContactClass::ALL.len() * BANDS * CHANGES;

    pub(super) fn of(history: &History<'_>) -> Self {
        let band = match history.age {
            Some(0..=24) => 0,
            Some(25..=34) => 1,
            Some(35..=54) => 2,
            Some(55..) => 3,
            None => BANDS - 1,
        };
        Profile { class: history.class, band, changes: usize::from(history.changes).min(CHANGES - 1) }
    }

    /// Its place among all.
    pub(super) const fn index(self) -> usize {
        (self.class as usize * BANDS + self.band) * CHANGES + self.changes
    }

    /// The one at a place.
    pub(super) fn at(index: usize) -> Self {
        let class = ContactClass::ALL[index / CHANGES / BANDS];
        Profile { class, band: index / CHANGES % BANDS, changes: index % CHANGES }
    }

    /// All of a kind of contact.
    pub(super) fn of_kind(kind: ContactKind) -> impl Iterator<Item = Profile> {
        (0..Profile::COUNT).map(Profile::at).filter(move |profile| profile.class.kind() == kind)
    }

    /// Logarithm of the hazard's factor, the level left out.
    pub(super) fn offset(self, coefficients: &KindCoefficients) -> f64 {
        let class = coefficients.class.get(&self.class).copied().unwrap_or_default();
        let age = coefficients.age.get(self.band).copied().unwrap_or_default();
        class + age + coefficients.change * self.changes as f64
    }
}

/// The month of tenure that a day is in, 1 for the first; a day before the capture is in the first.
pub(super) fn month_of(captured: Day, day: Day) -> usize {
    // 30.4375 is 487 / 16.
    let months = i64::from(day.days_since(captured).max(0)) * 16 / 487 + 1;
    (months as usize).min(MONTHS)
}

/// How many contacts of one kind have which profile and tenure: all that the anchor needs of a list, in one small table.
#[derive(Debug, Clone)]
pub struct Tenures {
    kind: ContactKind,
    counts: Vec<u32>,
    /// Contacts whose capture nobody dated, by profile.
    undated: Vec<u32>,
}

impl Tenures {
    /// An empty table.
    pub fn new(kind: ContactKind) -> Self {
        Tenures { kind, counts: vec![0; Profile::COUNT * MONTHS], undated: vec![0; Profile::COUNT] }
    }

    /// The kind of contact.
    pub const fn kind(&self) -> ContactKind {
        self.kind
    }

    /// Counts a contact as of a day. Hand over only what gets a score: no blank, placeholder or shared value.
    pub fn add(&mut self, history: &History<'_>, as_of: Day) {
        let profile = Profile::of(history).index();
        match history.captured {
            Some(day) => self.counts[profile * MONTHS + month_of(day, as_of) - 1] += 1,
            None => self.undated[profile] += 1,
        }
    }

    /// Adds what another part of the list holds.
    pub fn merge(&mut self, other: &Tenures) {
        let add = |to: &mut [u32], from: &[u32]| to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        add(&mut self.counts, &other.counts);
        add(&mut self.undated, &other.undated);
    }

    /// Number of contacts.
    pub fn len(&self) -> u64 {
        self.counts.iter().chain(&self.undated).map(|count| u64::from(*count)).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The middle tenure in months of the contacts that have a date.
    pub(super) fn median_month(&self) -> Option<usize> {
        let mut by_month = vec![0u64; MONTHS];
        for profile in self.counts.chunks(MONTHS) {
            by_month.iter_mut().zip(profile).for_each(|(sum, count)| *sum += u64::from(*count));
        }
        let half = by_month.iter().sum::<u64>().div_ceil(2);
        let mut seen = 0;
        by_month
            .iter()
            .position(|count| {
                seen += count;
                half > 0 && seen >= half
            })
            .map(|index| index + 1)
    }

    /// Profile, month of tenure and how many; undated contacts have the typical month.
    pub(super) fn cells(&self, typical: usize) -> impl Iterator<Item = (Profile, usize, f64)> {
        let dated = self.counts.iter().enumerate().map(|(at, count)| (at / MONTHS, at % MONTHS + 1, *count));
        let undated = self.undated.iter().enumerate().map(move |(profile, count)| (profile, typical, *count));
        let all = dated.chain(undated).filter(|(_, _, count)| *count > 0);
        all.map(|(profile, month, count)| (Profile::at(profile), month, f64::from(count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_profile_has_a_place_of_its_own() {
        for index in 0..Profile::COUNT {
            assert_eq!(Profile::at(index).index(), index);
        }
    }

    #[test]
    fn a_month_that_has_begun_counts() {
        assert_eq!([0, 30, 31, 365, 366].map(|day| month_of(Day::EPOCH, Day::new(day))), [1, 1, 2, 12, 13]);
        assert_eq!(month_of(Day::new(10), Day::new(3)), 1);
        assert_eq!(month_of(Day::MIN, Day::MAX), MONTHS);
    }
}
