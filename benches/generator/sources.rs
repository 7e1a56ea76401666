//! The names and places that invented customers are put together from; see `fixtures/README.md` for where they come from.

use std::sync::OnceLock;

use super::random::Random;

/// A name with its Latin spelling.
#[derive(Debug)]
pub struct Entry {
    pub name: &'static str,
    /// Empty for a street that nobody wrote in Latin letters yet.
    pub latin: &'static str,
    /// Sum of the counts up to and with this entry.
    up_to: u64,
}

/// Entries, each chosen as often as its count says.
#[derive(Debug, Default)]
pub struct Weighted(Vec<Entry>);

impl Weighted {
    fn push(&mut self, name: &'static str, latin: &'static str, count: u64) {
        let up_to = self.0.last().map_or(0, |entry| entry.up_to) + count.max(1);
        self.0.push(Entry { name, latin, up_to });
    }

    /// One entry.
    pub fn pick(&self, random: &mut Random) -> &Entry {
        let total = self.0.last().expect("every source has entries").up_to;
        let at = random.below(total);
        &self.0[self.0.partition_point(|entry| entry.up_to <= at)]
    }
}

/// The names of one language.
#[derive(Debug, Default)]
pub struct Names {
    pub first_m: Weighted,
    pub first_f: Weighted,
    pub last: Weighted,
}

/// Everything.
#[derive(Debug)]
pub struct Sources {
    pub hebrew: Names,
    pub english: Names,
    pub russian: Names,
    pub arabic: Names,
    pub cities: Weighted,
    pub streets: Weighted,
    /// Those with a Latin spelling.
    pub latin_streets: Weighted,
}

/// Parsed once.
pub fn sources() -> &'static Sources {
    static SOURCES: OnceLock<Sources> = OnceLock::new();
    SOURCES.get_or_init(|| {
        let streets = include_str!("../../fixtures/sources/streets.tsv");
        Sources {
            hebrew: names(include_str!("../../fixtures/sources/names_he.tsv")),
            english: names(include_str!("../../fixtures/sources/names_en.tsv")),
            russian: names(include_str!("../../fixtures/sources/names_ru.tsv")),
            arabic: names(include_str!("../../fixtures/sources/names_ar.tsv")),
            cities: places(include_str!("../../fixtures/sources/localities.tsv"), false),
            streets: places(streets, false),
            latin_streets: places(streets, true),
        }
    })
}

fn rows(text: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect())
}

fn names(text: &'static str) -> Names {
    let mut names = Names::default();
    for row in rows(text) {
        let [part, name, latin, count] = row[..] else { panic!("a source row has four columns: {row:?}") };
        let list = match part {
            "first_m" => &mut names.first_m,
            "first_f" => &mut names.first_f,
            _ => &mut names.last,
        };
        list.push(name, latin, count.parse().expect("a count is a number"));
    }
    names
}

fn places(text: &'static str, only_latin: bool) -> Weighted {
    let mut places = Weighted::default();
    for row in rows(text) {
        let [name, latin, count] = row[..] else { panic!("a source row has three columns: {row:?}") };
        if !only_latin || !latin.is_empty() {
            places.push(name, latin, count.parse().expect("a count is a number"));
        }
    }
    places
}
