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
