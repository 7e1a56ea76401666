//! Golden records: of all records of a customer the values that stand for it, each with its source and the step that
//! chose it; the others stay beside them.
//!
//! [`Survivorship::golden`] is pure: members in, a record out. Policy stands in `rules/survivorship.toml`.

mod golden;
mod member;
mod rank;
#[cfg(test)]
mod tests;
mod unit;

pub use golden::{Alternate, ChosenBy, GoldenRecord, GoldenValue};
pub use member::Member;

use std::cell::OnceCell;

use crate::record::{Field, Redaction};
use crate::rule::{Catalog, Context, RuleError, Script, SurvivorshipRules};
use member::Cell;
use rank::Judge;
use unit::UnitChoice;

/// Chooses values.
#[derive(Debug)]
pub struct Survivorship<'c> {
    rules: SurvivorshipRules,
    catalog: &'c Catalog,
    redaction: &'c Redaction,
    script: Option<Script>,
    /// For each field its unit.
    unit_of: Vec<usize>,
    /// For each unit whether it is chosen at all.
    is_asked: Vec<bool>,
}

impl<'c> Survivorship<'c> {
    /// Loads the rules; the context's region decides which script is preferred, the catalogue which findings speak against a
    /// value. What `redaction` hides of a line is not told
    /// by the choice of a number, either.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context, catalog: &'c Catalog, redaction: &'c Redaction) -> Result<Self, RuleError> {
        let rules = SurvivorshipRules::load(&context.files)?;
        let script = rules.prefer_script.get(&context.region).copied();
        let unit = |field: &Field| rules.units.iter().position(|unit| unit.fields.contains(field));
        let unit_of = Field::ALL.iter().map(|field| unit(field).expect("every field stands in a unit")).collect();
        let is_asked = vec![true; rules.units.len()];
        Ok(Survivorship { rules, catalog, redaction, script, unit_of, is_asked })
    }

    /// Chooses no more than the units of these fields; what a unit holds depends on no other.
    #[must_use]
    pub fn only(mut self, fields: &[Field]) -> Self {
        self.is_asked = self.rules.units.iter().map(|unit| unit.filled().iter().any(|f| fields.contains(f))).collect();
        self
    }

    /// The fields of golden records in the order of units, each with whether a customer has several values of it.
    pub fn fields(&self) -> impl Iterator<Item = (Field, bool)> + '_ {
        self.rules.units.iter().flat_map(|unit| unit.filled().into_iter().map(|field| (field, unit.several)))
    }

    /// The field of golden records that holds the values of a field.
    pub fn filled_by(&self, field: Field) -> Field {
        self.rules.units[self.unit_of[field as usize]].fills(field)
    }

    /// Whether anything was found against a value where it stands in the member that it is from.
    pub fn is_doubtful(&self, member: &Member<'_>, value: &GoldenValue<'_>) -> bool {
        let mut columns = member.batch.standard().columns_of(value.field);
        let found = member.found();
        columns
            .any(|column| column.first(member.row) == value.value && member.quality(&found, column, self.catalog) > 0)
    }

    /// The golden record of these members, in the order of lists and rows.
    pub fn golden<'a>(&self, members: &[Member<'a>]) -> GoldenRecord<'a> {
        let mut cells: Vec<Cell<'a>> = Vec::with_capacity(members.len() * 16);
        for (member, own) in members.iter().enumerate() {
            for column in own.batch.standard().columns() {
                let (field, unit) = (column.field, self.unit_of[column.field as usize]);
                if !self.is_asked[unit] {
                    continue;
                }
                let values = own.values(column);
                cells.extend(values.map(|(place, value)| Cell { field, value, member, unit, column, place }));
            }
        }
        cells.sort_by_key(|cell| cell.unit);
        let judge = OnceCell::new();
        let judge_of_them = || Judge::of(members, &self.rules, self.script, (self.catalog, self.redaction));
        let mut golden = GoldenRecord { values: Vec::with_capacity(cells.len()), conflicts: Vec::new() };
        for cells in cells.chunk_by(|left, right| left.unit == right.unit) {
            let unit = &self.rules.units[cells[0].unit];
            if members.len() == 1 && unit::is_settled(unit, cells) {
                golden.values.extend(unit::taken(unit, cells));
                continue;
            }
            let choice = UnitChoice::of(unit, cells, judge.get_or_init(judge_of_them));
            golden.values.extend(choice.values);
            if choice.is_conflict {
                golden.conflicts.extend(unit.filled());
            }
        }
        golden
    }
}
