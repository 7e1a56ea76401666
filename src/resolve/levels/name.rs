//! Names: equal, equivalent (nickname, another script, sound, initial, one of two words), close, near, other.

use super::{alike, one_edit};

/// A name as it is compared.
#[derive(Debug, Clone, Copy)]
pub(in crate::resolve) struct Name<'a> {
    /// In Latin letters.
    pub(in crate::resolve) latin: &'a [u8],
    /// The beginning of the father's name, where the name tells it.
    pub(in crate::resolve) father: &'a [u8],
    /// Hashes of all that it can stand for, ascending; see [`form_tag`] and [`sound_tag`].
    pub(in crate::resolve) tags: &'a [u32],
    /// What lists of given names know of it.
    pub(in crate::resolve) listed: Listed,
}

/// What lists of given names know of a name; nothing where they don't have it, or where nobody asked.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::resolve) struct Listed {
    /// A number of its script; 0 where no list has it.
    pub(in crate::resolve) script: u8,
    /// Its Latin forms are known, vowels and all.
    pub(in crate::resolve) is_spelt: bool,
}

impl Listed {
    /// Whether a list has it.
    pub(in crate::resolve) const fn is_listed(self) -> bool {
        self.script != 0
    }

    /// Two names that people are given, each known well enough to say that they are two: in one script, or in Latin forms.
    const fn are_comparable(self, other: Self) -> bool {
        self.is_listed() && other.is_listed() && (self.script == other.script || (self.is_spelt && other.is_spelt))
    }
}

/// Tag of a form that the tables know.
pub(in crate::resolve) const fn form_tag(hash: u64) -> u32 {
    hash as u32 | 1
}

/// Tag of a sound.
pub(in crate::resolve) const fn sound_tag(hash: u64) -> u32 {
    hash as u32 & !1
}

/// What two names share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Shared {
    Nothing,
    Sound,
    Form,
}

/// The level of two different names of one kind, or of a given and a family name (which may be equal). Whoever is called alike
/// and has another father is somebody else.
pub(in crate::resolve) fn name_level(a: Name<'_>, b: Name<'_>) -> u8 {
    const OTHER: u8 = 5;
    match own_level(a, b) {
        1..4 if are_other_fathers(a.father, b.father) => OTHER,
        level => level,
    }
}

/// Whether both names are known and are two: neither an initial of the other, nor its beginning, nor a slip away.
pub(in crate::resolve) fn are_other_fathers(a: &[u8], b: &[u8]) -> bool {
    const ENDING: usize = 2;
    const FEWEST: usize = 4;
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let is_beginning = long.starts_with(short)
        && (short.len() == 1 || long.len() - short.len() <= ENDING || long[short.len()] == b' ');
    let is_slip = short.len() > FEWEST && one_edit(short, long);
    !short.is_empty() && !is_beginning && !is_slip
}

/// Whether two names are known to be one: equal in Latin letters, forms of one word, or an initial.
pub(in crate::resolve) fn are_spellings(a: Name<'_>, b: Name<'_>) -> bool {
    a.latin == b.latin
        || shared(a.tags, b.tags) == Shared::Form
        || is_initial(a.latin, b.latin)
        || is_initial(b.latin, a.latin)
}

/// The level of two names without what they tell of fathers.
fn own_level(a: Name<'_>, b: Name<'_>) -> u8 {
    if a.latin == b.latin && !a.latin.is_empty() && a.latin != b"?" {
        return 1;
    }
    // Who is called Dana is not called Dan by a slip, however alike they sound.
    let are_two = a.listed.are_comparable(b.listed);
    match shared(a.tags, b.tags) {
        Shared::Form => return 2,
        Shared::Sound => return if are_two { 3 } else { 2 },
        Shared::Nothing if is_initial(a.latin, b.latin) || is_initial(b.latin, a.latin) => return 2,
        Shared::Nothing if are_two => return if one_edit(a.latin, b.latin) { 4 } else { 5 },
        Shared::Nothing => {}
    }
    let first_differs = a.latin.first() != b.latin.first();
    if first_differs && a.latin.len() > 3 && one_edit(a.latin, b.latin) {
        return 3;
    }
    match alike(a.latin, b.latin, 0.75) {
        Some(likeness) if likeness >= 0.88 => 3,
        Some(_) => 4,
        None => 5,
    }
}

/// The level of a given and a family name: one sound is less there than where each stands in its own place.
pub(in crate::resolve) fn exchanged_level(a: Name<'_>, b: Name<'_>) -> u8 {
    match name_level(a, b) {
        2 if shared(a.tags, b.tags) == Shared::Sound => 3,
        level => level,
    }
}

fn is_initial(short: &[u8], long: &[u8]) -> bool {
    short.len() == 1 && long.first() == short.first()
}

/// What two ascending lists of tags have in common.
fn shared(mut a: &[u32], mut b: &[u32]) -> Shared {
    let mut found = Shared::Nothing;
    while let (Some((x, rest_a)), Some((y, rest_b))) = (a.split_first(), b.split_first()) {
        match x.cmp(y) {
            std::cmp::Ordering::Equal if x & 1 == 1 => return Shared::Form,
            std::cmp::Ordering::Equal => {
                found = Shared::Sound;
                (a, b) = (rest_a, rest_b);
            }
            std::cmp::Ordering::Less => a = rest_a,
            std::cmp::Ordering::Greater => b = rest_b,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_fall_with_likeness() {
        let name = |latin: &'static str, tags: &'static [u32]| Name {
            latin: latin.as_bytes(),
            father: b"",
            tags,
            listed: Listed::default(),
        };
        for (a, b, level) in [
            (name("dana", &[1]), name("dana", &[2]), 1),
            (name("robert", &[3, 9]), name("bob", &[5, 9]), 2),
            (name("d", &[]), name("dana", &[]), 2),
            (name("elizabeth", &[]), name("elmzabeth", &[]), 3),
            (name("hana", &[]), name("jana", &[]), 3),
            (name("martha", &[]), name("marhta", &[]), 3),
            (name("michael", &[]), name("michelle", &[]), 3),
            (name("jonathan", &[]), name("johnson", &[]), 4),
            (name("dana", &[]), name("yossi", &[]), 5),
        ] {
            assert_eq!(name_level(a, b), level, "{:?} {:?}", a.latin, b.latin);
            assert_eq!(name_level(b, a), level);
        }
    }

    #[test]
    fn one_name_with_two_fathers_is_two_people() {
        let name = |latin: &'static str, father: &'static str| Name {
            latin: latin.as_bytes(),
            father: father.as_bytes(),
            tags: &[],
            listed: Listed::default(),
        };
        for (a, b, level) in [
            (name("sergei", "ivan"), name("sergei", "petr"), 5),
            (name("sergei", "ivan"), name("sergei", "i"), 1),
            (name("sergei", "nikola"), name("sergei", "nikolai"), 1),
            (name("sergei", "ivan"), name("sergei", ""), 1),
            (name("sergei", "gennadi"), name("sergei", "genadi"), 1),
            (name("hsn", "ali"), name("hsn", "ali mhmd"), 1),
            (name("hsn", "hsin"), name("hsn", "hsn"), 5),
        ] {
            assert_eq!(name_level(a, b), level, "{:?} {:?}", a.father, b.father);
            assert_eq!(name_level(b, a), level);
        }
    }

    #[test]
    fn two_names_that_people_are_given_are_no_slip_of_each_other() {
        let name = |latin: &'static str, tags: &'static [u32], script| Name {
            latin: latin.as_bytes(),
            father: b"",
            tags,
            listed: Listed { script, is_spelt: false },
        };
        for (a, b, level) in [
            // Sounds are even, forms odd.
            (name("dana", &[4], 1), name("dan", &[4], 1), 3),
            (name("dana", &[4], 1), name("dn", &[4], 2), 2),
            (name("robert", &[3, 9], 1), name("bob", &[5, 9], 1), 2),
            (name("yair", &[], 1), name("meir", &[], 1), 5),
            (name("tamar", &[], 1), name("tomar", &[], 1), 4),
            (name("tamar", &[], 1), name("tamra", &[], 0), 3),
        ] {
            assert_eq!(name_level(a, b), level, "{:?} {:?}", a.latin, b.latin);
            assert_eq!(name_level(b, a), level);
        }
    }
}
