//! `list`: the rows of an invented list, each with what was broken in it.

use super::damage::{Damage, Site, damages};
use super::person::{Person, Script};
use super::random::Random;
use super::{Language, WIDTH, column, writing};

/// What a list shall be like.
#[derive(Debug, Clone)]
pub struct Options {
    /// Number of rows.
    pub rows: u64,
    /// Another seed, another list.
    pub seed: u64,
    /// Of headers, consent words and dates.
    pub language: Language,
    /// How many of a thousand rows have something broken in them.
    pub damaged: u32,
    /// How many of a thousand rows are a customer written down before.
    pub repeated: u32,
    /// Scripts of the customers' names, with their weights.
    pub scripts: Vec<(u32, Script)>,
    /// What the file can hold.
    pub charset: Charset,
    /// Break things only in these ways (names of [`damages`]); empty for all of them.
    pub only: Vec<&'static str>,
}

/// The characters that a file can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charset {
    Unicode,
    Windows1255,
}

/// A cell that was broken on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The column, counted from 0; for a whole row the one where it starts.
    pub column: usize,
    /// The name of the damage.
    pub kind: &'static str,
    /// What tiuv says of it; see `src/finding/code.rs`.
    pub code: &'static str,
}

/// A row and the truth about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub cells: [String; WIDTH],
    /// Rows with the same number are the same customer.
    pub person: u64,
    pub faults: Vec<Fault>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            rows: 1000,
            seed: 1,
            language: Language::Hebrew,
            damaged: 120,
            repeated: 100,
            scripts: vec![(65, Script::Hebrew), (18, Script::Latin), (10, Script::Cyrillic), (7, Script::Arabic)],
            charset: Charset::Unicode,
            only: Vec::new(),
        }
    }
}

/// The rows of a list, in order, made as they are asked for.
#[derive(Debug)]
pub struct List {
    options: Options,
    damages: Vec<(u32, &'static Damage)>,
    next: u64,
}

/// The list with these options; the same one every time.
pub fn list(options: Options) -> List {
    let wanted = |damage: &Damage| options.only.is_empty() || options.only.contains(&damage.name);
    let damages = damages().filter(|damage| wanted(damage)).map(|damage| (damage.weight, damage)).collect();
    List { options, damages, next: 0 }
}

impl Iterator for List {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        (self.next < self.options.rows).then(|| {
            self.next += 1;
            self.row(self.next - 1)
        })
    }
}

impl List {
    /// One row by its index, counted from 0.
    pub fn row(&self, index: u64) -> Row {
        let mut random = Random::at(self.options.seed, index);
        let repeats = self.is_repeat(index, &mut random);
        let person = if repeats { self.earlier(index, &mut random) } else { index };
        let customer = Person::new(self.options.seed, person, &self.options.scripts);
        let mut cells = writing::write_person(&customer, repeats, self.options.language, &mut random);
        cells[column::ID] = key(index);
        let mut row = Row { cells, person, faults: Vec::new() };
        if !self.damages.is_empty() && random.permille(self.options.damaged) {
            self.break_something(&mut row, &customer, index, &mut random);
            if random.permille(150) {
                self.break_something(&mut row, &customer, index, &mut random);
            }
        }
        row
    }

    /// The first draw of a row's stream decides, so that it can be asked of any row.
    fn is_repeat(&self, index: u64, random: &mut Random) -> bool {
        random.permille(self.options.repeated) && index > 0
    }

    /// The index of an earlier row that was somebody new.
    fn earlier(&self, index: u64, random: &mut Random) -> u64 {
        let mut candidate = random.below(index);
        while candidate > 0 && self.is_repeat(candidate, &mut Random::at(self.options.seed, candidate)) {
            candidate -= 1;
        }
        candidate
    }

    fn break_something(&self, row: &mut Row, customer: &Person, index: u64, random: &mut Random) {
        const TRIES: usize = 5;
        for _ in 0..TRIES {
            let damage = *random.weighted(&self.damages);
            if row.faults.iter().any(|fault| !damage.goes_with(fault.kind)) {
                continue;
            }
            let before = row.cells.clone();
            let mut site = Site {
                cells: &mut row.cells,
                column: *random.pick(damage.columns),
                customer,
                index,
                seed: self.options.seed,
                rows: self.options.rows,
                language: self.options.language,
                random,
            };
            let column = site.column;
            let is_done = (damage.apply)(&mut site) && row.cells != before && self.holds(&row.cells);
            if is_done {
                row.faults.push(Fault { column, kind: damage.name, code: damage.code });
                return;
            }
            row.cells = before;
        }
    }

    fn holds(&self, cells: &[String; WIDTH]) -> bool {
        match self.options.charset {
            Charset::Unicode => true,
            Charset::Windows1255 => cells.iter().all(|cell| !encoding_rs::WINDOWS_1255.encode(cell).2),
        }
    }
}

/// The key of the row with this index.
pub fn key(index: u64) -> String {
    (100_001 + index).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_the_same_whatever_the_length_of_the_list() {
        let short: Vec<Row> = list(Options { rows: 50, ..Options::default() }).collect();
        let long: Vec<Row> = list(Options { rows: 500, ..Options::default() }).take(50).collect();
        let is_shop = |row: &Row| row.faults.iter().any(|fault| fault.kind == "phone_shop");
        for (short, long) in short.iter().zip(&long).filter(|(short, long)| !is_shop(short) && !is_shop(long)) {
            assert_eq!(short, long);
        }
    }

    #[test]
    fn shares_of_scripts_repeats_and_damage_are_as_asked() {
        let rows: Vec<Row> = list(Options { rows: 20_000, ..Options::default() }).collect();
        let share = |is_wanted: &dyn Fn(usize, &Row) -> bool| {
            rows.iter().enumerate().filter(|(index, row)| is_wanted(*index, row)).count() as f64 / rows.len() as f64
        };
        let repeated = share(&|index, row| row.person != index as u64);
        let damaged = share(&|_, row| !row.faults.is_empty());
        let hebrew = share(&|_, row| Person::new(1, row.person, &Options::default().scripts).script == Script::Hebrew);
        assert!((0.09..0.11).contains(&repeated), "{repeated}");
        assert!((0.11..0.13).contains(&damaged), "{damaged}");
        assert!((0.63..0.67).contains(&hebrew), "{hebrew}");
    }

    #[test]
    fn every_damage_happens_and_owes_a_code_that_exists() {
        let mut left: Vec<&str> = damages().map(|damage| damage.name).collect();
        for fault in list(Options { rows: 20_000, damaged: 1000, ..Options::default() }).flat_map(|row| row.faults) {
            left.retain(|name| *name != fault.kind);
        }
        assert!(left.is_empty(), "never happened: {left:?}");
        for damage in damages() {
            assert!(tiuv::finding::Code::parse(damage.code).is_some(), "{} owes {}", damage.name, damage.code);
        }
    }

    #[test]
    fn a_list_without_damage_has_no_faults() {
        assert!(list(Options { rows: 2000, damaged: 0, ..Options::default() }).all(|row| row.faults.is_empty()));
    }
}
