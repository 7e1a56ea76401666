//! The ways a list goes bad: one small function each, with the code that tiuv owes for it.

mod date;
mod email;
mod name;
mod other;
mod phone;

use super::person::Person;
use super::random::Random;
use super::{Language, WIDTH};

/// A way to break a row.
#[derive(Debug)]
pub struct Damage {
    /// How it is called in the truth file.
    pub name: &'static str,
    /// What tiuv says of it.
    pub code: &'static str,
    /// How often it happens, next to the others.
    pub weight: u32,
    /// The columns it may befall.
    pub columns: &'static [usize],
    /// Breaks the row, or returns false where it cannot.
    pub apply: fn(&mut Site<'_>) -> bool,
}

/// The row that is about to be broken.
#[derive(Debug)]
pub struct Site<'a> {
    pub cells: &'a mut [String; WIDTH],
    /// The column chosen.
    pub column: usize,
    pub customer: &'a Person,
    pub index: u64,
    pub seed: u64,
    /// Rows of the whole list.
    pub rows: u64,
    pub language: Language,
    pub random: &'a mut Random,
}

/// Every damage, in a fixed order.
pub fn damages() -> impl Iterator<Item = &'static Damage> {
    [phone::DAMAGES, email::DAMAGES, name::DAMAGES, date::DAMAGES, other::DAMAGES].into_iter().flatten()
}

impl Damage {
    /// A second damage must leave the first one as it is: it befalls other cells, and whole rows are broken once.
    pub fn goes_with(&self, other: &str) -> bool {
        let other = damages().find(|damage| damage.name == other).expect("a fault has the name of a damage");
        let is_whole = |damage: &Damage| damage.name.starts_with("row_");
        let topic = |damage: &Damage| damage.name.split('_').next().unwrap_or_default().to_owned();
        !is_whole(self) && !is_whole(other) && topic(self) != topic(other)
    }
}

impl Site<'_> {
    /// The cell of the chosen column.
    pub fn cell(&mut self) -> &mut String {
        &mut self.cells[self.column]
    }

    /// Writes a value over the cell.
    pub fn set(&mut self, value: impl Into<String>) -> bool {
        self.cells[self.column] = value.into();
        true
    }

    /// Writes a value over a cell that held one.
    pub fn replace(&mut self, change: impl FnOnce(&str) -> String) -> bool {
        let cell = &mut self.cells[self.column];
        !cell.is_empty() && {
            *cell = change(cell);
            true
        }
    }

    /// Writes one of these over the cell.
    pub fn set_one_of(&mut self, values: &'static [&'static str]) -> bool {
        let value = *self.random.pick(values);
        self.set(value)
    }
}
