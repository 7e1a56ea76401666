//! Golden records of a run's customers, and the examples of the rules they are made by.

use std::collections::{HashMap, HashSet};

use super::{RunError, Setup};
use crate::kernel::check_row;
use crate::record::{CheckedBatch, Field, MxCertainty, MxStatus, Redaction, RowBeside, RowIndex, Rows};
use crate::rule::{Catalog, Context, ExampleRow, RuleError, SurvivorshipExample, SurvivorshipRules};
use crate::survivorship::{GoldenRecord, GoldenValue, Member, Survivorship};
use crate::validate::MxValidator;

/// Makes golden records one at a time: those of a large list never stand in memory together.
pub struct GoldenStage<'a> {
    rows: &'a Rows,
    survivorship: Survivorship<'a>,
    /// Rows of other lists are members, too.
    with_other_lists: bool,
}

impl<'a> GoldenStage<'a> {
    /// For customers of these rows.
    ///
    /// # Errors
    /// When the rules are not of their form.
    pub fn new(rows: &'a Rows, setup: &'a Setup) -> Result<Self, RunError> {
        let survivorship = Survivorship::new(&setup.context, &setup.catalog, &setup.redaction)?;
        Ok(GoldenStage { rows, survivorship, with_other_lists: true })
    }

    /// Makes no more of them than these fields, and what is chosen together with them.
    #[must_use]
    pub fn only(self, fields: &[Field]) -> Self {
        GoldenStage { survivorship: self.survivorship.only(fields), ..self }
    }

    /// Makes them of the rows of this run's lists and what customers said, without their rows in other lists.
    #[must_use]
    pub fn of_its_lists(self) -> Self {
        GoldenStage { with_other_lists: false, ..self }
    }

    /// The fields that some list has, in the order of golden records, each with whether a customer has several values.
    pub fn fields(&self) -> Vec<(Field, bool)> {
        let mut filled: HashSet<Field> = HashSet::new();
        // A block has a column of notes beside its names where some row of it has one.
        let blocks = self.rows.lists().iter().flat_map(|list| &list.blocks);
        let columns = blocks.flat_map(|block| block.checked.standard().columns());
        filled.extend(columns.map(|column| self.survivorship.filled_by(column.field)));
        // Rows beside the lists have columns of all that such rows may hold.
        for (_, row) in self.rows.beside().all() {
            let columns = row.batch.standard().columns().iter();
            let told = columns.filter(|column| column.field != Field::UpdatedAt && !column.is_empty_at(row.row));
            filled.extend(told.map(|column| self.survivorship.filled_by(column.field)));
        }
        self.survivorship.fields().filter(|(field, _)| filled.contains(field)).collect()
    }

    /// The golden record of a customer with these rows: its members are the rows, and behind them those beside the
    /// lists.
    pub fn golden(&self, rows: &[RowIndex]) -> GoldenRecord<'a> {
        self.survivorship.golden(&self.members(rows).collect::<Vec<_>>())
    }

    fn members(&self, rows: &[RowIndex]) -> impl Iterator<Item = Member<'a>> {
        let here: Vec<Member<'a>> = rows.iter().map(|row| self.member(*row)).collect();
        let beside = self.rows.beside().of(rows).iter().filter(|row| self.with_other_lists || row.said_on().is_some());
        here.into_iter().chain(beside.map(|row| self.member_beside(row)))
    }

    /// Whether anything was found against a golden value in the row that it is from, one of these.
    pub fn is_doubtful(&self, rows: &[RowIndex], value: &GoldenValue<'_>) -> bool {
        self.members(rows).nth(value.member).is_some_and(|member| self.survivorship.is_doubtful(&member, value))
    }

    /// Behind all lists of the run those of other runs, and behind these what was said.
    fn member_beside(&self, row: &'a RowBeside) -> Member<'a> {
        let is_answer = row.said_on().is_some();
        let list = if is_answer { u32::MAX } else { self.rows.lists().len() as u32 };
        Member { batch: &row.batch, row: row.row, list, is_answer }
    }

    fn member(&self, row: RowIndex) -> Member<'a> {
        let place = self.rows.place(row);
        Member { batch: &self.rows.block(place).checked, row: place.row, list: place.list as u32, is_answer: false }
    }
}

/// Runs the examples of `rules/survivorship.toml`; says which don't hold, and why.
///
/// # Errors
/// When a rule file is not of its form.
pub fn run_survivorship_examples(context: &Context) -> Result<Vec<String>, RuleError> {
    let rules = SurvivorshipRules::load(&context.files)?;
    let (catalog, redaction) = (Catalog::load(&context.files)?, Redaction::default());
    let mut failures = Vec::new();
    for example in &rules.examples {
        let context = context.elsewhere(example.region.as_deref().unwrap_or("IL"));
        let survivorship = Survivorship::new(&context, &catalog, &redaction)?;
        let batches = example.rows.iter().map(|row| batch_of(&context, row)).collect::<Result<Vec<_>, RuleError>>()?;
        let list = |row: &ExampleRow| row.list.unwrap_or(1);
        let mut members: Vec<Member<'_>> = batches
            .iter()
            .zip(&example.rows)
            .map(|(batch, row)| Member { batch, row: 0, list: list(row), is_answer: row.answered })
            .collect();
        members.sort_by_key(|member| member.list);
        let golden = survivorship.golden(&members);
        failures.extend(faults(example, &golden).into_iter().map(|fault| format!("{}: {fault}", example.about)));
    }
    Ok(failures)
}

fn faults(example: &SurvivorshipExample, golden: &GoldenRecord<'_>) -> Vec<String> {
    let mut faults = Vec::new();
    let mut compare = |what: &str, field: Field, expected: String, found: String| {
        if expected != found {
            faults.push(format!("{what} of {field}: expected {expected}, got {found}"));
        }
    };
    for (field, expected) in &example.golden {
        let found = golden.value(*field).map_or("", |value| value.value);
        compare("value", *field, expected.clone(), found.to_owned());
    }
    for (field, expected) in &example.by {
        let found = golden.value(*field).map_or("nothing", |value| value.by.as_str());
        compare("step", *field, expected.clone(), found.to_owned());
    }
    for (field, expected) in &example.alternates {
        let found: Vec<&str> = golden
            .value(*field)
            .map_or_else(Vec::new, |value| value.alternates.iter().map(|other| other.value).collect());
        compare("alternates", *field, format!("{expected:?}"), format!("{found:?}"));
    }
    if golden.conflicts != example.conflicts {
        faults.push(format!("conflicts: expected {:?}, got {:?}", example.conflicts, golden.conflicts));
    }
    faults
}

/// A list of one row.
fn batch_of(context: &Context, row: &ExampleRow) -> Result<CheckedBatch, RuleError> {
    let cells: Vec<(Field, &str)> = row.cells.iter().map(|(field, cell)| (*field, cell.as_str())).collect();
    let mut checked = check_row(context, &cells)?;
    if let Some(outcome) = row.mx {
        let status = MxStatus::new(outcome, MxCertainty::Unknown, None);
        let domains = super::mail::domains_of_batch(&checked);
        let statuses: HashMap<_, _> = domains.into_keys().map(|domain| (domain.to_owned(), status.clone())).collect();
        MxValidator::new(&context.files, &statuses.into_iter().collect())?.judge(&mut checked);
    }
    Ok(checked)
}
