//! The choice among the values of one unit.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::member::Cell;
use super::rank::Judge;
use super::{Alternate, ChosenBy, GoldenValue};
use crate::record::Field;
use crate::rule::{Fill, Unit};

/// Whether nothing has to be chosen among the cells of a single row.
pub(super) fn is_settled(unit: &Unit, cells: &[Cell<'_>]) -> bool {
    let is_repeated = |(index, cell): (usize, &Cell<'_>)| cells[..index].iter().any(|known| known.field == cell.field);
    cells.len() == 1 || (!unit.several && !cells.iter().enumerate().any(is_repeated))
}

/// Settled cells as they stand.
pub(super) fn taken<'c, 'a>(unit: &'c Unit, cells: &'c [Cell<'a>]) -> impl Iterator<Item = GoldenValue<'a>> + 'c {
    let mut in_order: Vec<&Cell<'a>> = Vec::new();
    if cells.len() > 1 {
        in_order.extend(cells);
        in_order.sort_by_key(|cell| unit.fields.iter().position(|field| *field == cell.field));
    }
    let one = (cells.len() == 1).then(|| &cells[0]);
    one.into_iter().chain(in_order).filter(|cell| !cell.value.is_empty()).map(|cell| GoldenValue {
        field: unit.fills(cell.field),
        value: cell.value,
        member: cell.member,
        by: ChosenBy::Only,
        alternates: Vec::new(),
    })
}

/// What was chosen.
pub(super) struct UnitChoice<'a> {
    pub(super) values: Vec<GoldenValue<'a>>,
    pub(super) is_conflict: bool,
}

/// Values that are chosen together: those of one row, or a single one.
struct Candidate<'a> {
    cells: Vec<Cell<'a>>,
    /// Number of all candidates with these values.
    group: usize,
    ranks: Vec<i64>,
}

impl<'a> UnitChoice<'a> {
    /// The choice among these cells, of which there is at least one; members come in their order.
    pub(super) fn of(unit: &Unit, cells: &[Cell<'a>], judge: &Judge<'_, 'a>) -> Self {
        let mut candidates = candidates_of(unit, cells);
        if candidates.len() > 1 {
            let records = group(&mut candidates, unit.several || unit.fields.len() == 1);
            for candidate in &mut candidates {
                let records = records[candidate.group];
                candidate.ranks = unit.prefer.iter().map(|step| judge.rank(*step, &candidate.cells, records)).collect();
            }
            // The sort is stable: what ties keeps the order of rows.
            candidates.sort_by(|left, right| left.ranks.cmp(&right.ranks));
        }
        let by = chosen_by(unit, &candidates);
        let answers = candidates.iter().take_while(|own| judge.is_answer(own.cells[0].member)).count();
        let mut values = if unit.renews.is_empty() || answers == 0 {
            let mut values = chosen(unit, &candidates[0], by);
            fill(unit, &candidates[1..], &mut values);
            values
        } else {
            laid(unit, &candidates, answers, by)
        };
        leave_empty(unit, cells, &candidates[0], by, &mut values);
        for value in &mut values {
            value.alternates = alternates(unit, value, cells, &candidates);
            if value.alternates.is_empty() {
                value.by = if value.by == ChosenBy::Filled { ChosenBy::Filled } else { ChosenBy::Only };
            }
        }
        values.retain(|value| !value.value.is_empty() || !value.alternates.is_empty());
        values.sort_by_key(|value| unit.fields.iter().position(|field| *field == value.field));
        let is_conflict = unit.conflict && {
            let usable = cells.iter().filter(|cell| judge.is_usable(cell)).map(|cell| folded(cell));
            usable.collect::<BTreeSet<_>>().len() > 1
        };
        UnitChoice { values, is_conflict }
    }
}

/// Each row's cells together, or each cell by itself.
fn candidates_of<'a>(unit: &Unit, cells: &[Cell<'a>]) -> Vec<Candidate<'a>> {
    let candidate = |cells: Vec<Cell<'a>>| Candidate { cells, group: 0, ranks: Vec::new() };
    if unit.several || unit.fields.len() == 1 {
        return cells.iter().map(|cell| candidate(vec![*cell])).collect();
    }
    let mut candidates = Vec::new();
    for of_member in cells.chunk_by(|left, right| left.member == right.member) {
        let mut first_of_each: Vec<Cell<'a>> = Vec::new();
        for cell in of_member {
            if !first_of_each.iter().any(|known| known.field == cell.field) {
                first_of_each.push(*cell);
            }
        }
        candidates.push(candidate(first_of_each));
    }
    candidates
}

/// What values are told apart by.
fn folded<'a>(cell: &Cell<'a>) -> Cow<'a, str> {
    let is_small = |value: &str| !value.chars().any(char::is_uppercase);
    if cell.field != Field::Email || is_small(cell.value) {
        return Cow::Borrowed(cell.value);
    }
    Cow::Owned(cell.value.to_lowercase())
}

/// Numbers candidates by their values, and says in how many records each stands.
fn group(candidates: &mut [Candidate<'_>], are_single: bool) -> Vec<usize> {
    let key = |candidate: &Candidate<'_>| -> String {
        let parts = candidate.cells.iter().map(|cell| format!("{}={}", cell.field, folded(cell)));
        if are_single { folded(&candidate.cells[0]).into_owned() } else { parts.collect::<Vec<_>>().join("\u{1f}") }
    };
    let mut order: Vec<(String, usize)> =
        candidates.iter().enumerate().map(|(index, candidate)| (key(candidate), index)).collect();
    order.sort();
    let mut records = Vec::new();
    for equal in order.chunk_by(|left, right| left.0 == right.0) {
        let mut members: Vec<usize> = equal.iter().map(|(_, index)| candidates[*index].cells[0].member).collect();
        members.dedup();
        for (_, index) in equal {
            candidates[*index].group = records.len();
        }
        records.push(members.len());
    }
    records
}

/// The first step that told the best candidate from the best one with other values.
fn chosen_by(unit: &Unit, candidates: &[Candidate<'_>]) -> ChosenBy {
    let best = &candidates[0];
    let Some(next) = candidates.iter().find(|candidate| candidate.group != best.group) else { return ChosenBy::Only };
    let differs = best.ranks.iter().zip(&next.ranks).position(|(left, right)| left != right);
    differs.map_or(ChosenBy::RowOrder, |step| ChosenBy::Preference(unit.prefer[step]))
}

fn chosen<'a>(unit: &Unit, best: &Candidate<'a>, by: ChosenBy) -> Vec<GoldenValue<'a>> {
    let value = |cell: &Cell<'a>| GoldenValue {
        field: unit.fills(cell.field),
        value: cell.value,
        member: cell.member,
        by,
        alternates: Vec::new(),
    };
    best.cells.iter().map(value).collect()
}

/// What was known, and laid over it what the customer said, the last answer on top.
fn laid<'a>(unit: &Unit, candidates: &[Candidate<'a>], answers: usize, by: ChosenBy) -> Vec<GoldenValue<'a>> {
    let (answers, known) = candidates.split_at(answers);
    let mut values = Vec::new();
    if let Some((best, others)) = known.split_first() {
        values = chosen(unit, best, ChosenBy::Filled);
        fill(unit, others, &mut values);
    }
    for answer in answers.iter().rev() {
        let is_known =
            |value: &GoldenValue<'_>, cell: &Cell<'_>| value.field == cell.field && value.value == cell.value;
        let renewed = answer.cells.iter().filter(|cell| !values.iter().any(|value| is_known(value, cell)));
        let gone: Vec<Field> = renewed.filter_map(|cell| unit.renews.get(&cell.field)).flatten().copied().collect();
        let is_given = |field: Field| answer.cells.iter().any(|cell| cell.field == field);
        values.retain(|value| !gone.contains(&value.field) && !is_given(value.field));
        values.extend(chosen(unit, answer, by));
    }
    values
}

/// What the chosen row lacks, from the next best ones.
fn fill<'a>(unit: &Unit, others: &[Candidate<'a>], values: &mut Vec<GoldenValue<'a>>) {
    if unit.fill == Fill::None {
        return;
    }
    for other in others {
        let known = |cell: &Cell<'a>| values.iter().find(|value| value.field == cell.field).map(|value| value.value);
        let agrees = other.cells.iter().any(|cell| known(cell) == Some(cell.value));
        let contradicts = other.cells.iter().any(|cell| known(cell).is_some_and(|value| value != cell.value));
        if unit.fill == Fill::Agreeing && (!agrees || contradicts) {
            continue;
        }
        let gaps: Vec<&Cell<'a>> = other.cells.iter().filter(|cell| known(cell).is_none()).collect();
        values.extend(gaps.into_iter().map(|cell| GoldenValue {
            field: cell.field,
            value: cell.value,
            member: cell.member,
            by: ChosenBy::Filled,
            alternates: Vec::new(),
        }));
    }
}

/// Fields that other rows have and the golden record has not: their values are alternates to nothing.
fn leave_empty<'a>(
    unit: &Unit,
    cells: &[Cell<'a>],
    best: &Candidate<'a>,
    by: ChosenBy,
    values: &mut Vec<GoldenValue<'a>>,
) {
    let member = best.cells[0].member;
    for field in cells.iter().map(|cell| unit.fills(cell.field)) {
        if !values.iter().any(|value| value.field == field) {
            values.push(GoldenValue { field, value: "", member, by, alternates: Vec::new() });
        }
    }
}

/// The other values of a field, those of better rows first.
fn alternates<'a>(
    unit: &Unit,
    value: &GoldenValue<'a>,
    cells: &[Cell<'a>],
    candidates: &[Candidate<'a>],
) -> Vec<Alternate<'a>> {
    if cells.len() == 1 {
        return Vec::new();
    }
    let mut seen: BTreeSet<Cow<'a, str>> = BTreeSet::new();
    let own = Cow::Borrowed(value.value);
    seen.insert(if value.field == Field::Email { Cow::Owned(own.to_lowercase()) } else { own });
    let ranked = candidates.iter().flat_map(|candidate| &candidate.cells);
    // A row may have a second column of the field, which no candidate holds.
    ranked
        .chain(cells)
        .filter(|cell| unit.fills(cell.field) == value.field && !cell.value.is_empty())
        .filter(|cell| seen.insert(folded(cell)))
        .map(|cell| Alternate { value: cell.value, member: cell.member })
        .collect()
}
