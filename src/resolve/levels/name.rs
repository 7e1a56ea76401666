//! Names: equal, equivalent (nickname, another script, sound, initial, one of two words), close, near, other.

use super::{alike, one_edit};

/// A name as it is compared.
#[derive(Debug, Clone, Copy)]
pub(in crate::resolve) struct Name<'a> {
    /// In Latin letters.
    pub(in crate::resolve) latin: &'a [u8],
    /// Hashes of all that it can stand for, ascending.
    pub(in crate::resolve) tags: &'a [u32],
}

/// The level of two different names of one kind, or of a given and a family name (which may be equal).
pub(in crate::resolve) fn name_level(a: Name<'_>, b: Name<'_>) -> u8 {
    if a.latin == b.latin && !a.latin.is_empty() && a.latin != b"?" {
        return 1;
    }
    if share_one(a.tags, b.tags) || is_initial(a.latin, b.latin) || is_initial(b.latin, a.latin) {
        return 2;
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

fn is_initial(short: &[u8], long: &[u8]) -> bool {
    short.len() == 1 && long.first() == short.first()
}

/// Whether two ascending lists have a member in common.
fn share_one(mut a: &[u32], mut b: &[u32]) -> bool {
    while let (Some((x, rest_a)), Some((y, rest_b))) = (a.split_first(), b.split_first()) {
        match x.cmp(y) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => a = rest_a,
            std::cmp::Ordering::Greater => b = rest_b,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_fall_with_likeness() {
        let name = |latin: &'static str, tags: &'static [u32]| Name { latin: latin.as_bytes(), tags };
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
}
