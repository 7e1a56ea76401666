//! The choice among the values of one unit.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::member::Cell;
use super::rank::Judge;
use super::{Alternate, ChosenBy, GoldenValue};
use crate::record::Field;
use crate::rule::{Fill, Preference, Unit};

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
struct Candidate<'c, 'a> {
    cells: Cow<'c, [Cell<'a>]>,
    /// Number of all candidates with these values.
    group: usize,
    /// Its rank by the step that is being looked at.
    rank: i64,
}

impl<'a> UnitChoice<'a> {
    /// The choice among these cells, of which there is at least one; members come in their order.
    pub(super) fn of(unit: &Unit, cells: &[Cell<'a>], judge: &Judge<'_, 'a>) -> Self {
        let mut candidates = candidates_of(unit, cells);
        let mut by = ChosenBy::Only;
        if candidates.len() > 1 {
            let records = group(&mut candidates, unit.several || unit.fields.len() == 1);
            let rank = |step: Preference, own: &Candidate<'_, 'a>| judge.rank(step, &own.cells, records[own.group]);
            put_in_order(&mut candidates, &unit.prefer, &rank);
            by = chosen_by(unit, &candidates, &rank);
        }
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
            let mut usable = cells.iter().filter(|cell| judge.is_usable(cell)).map(|cell| folded(cell));
            usable.next().is_some_and(|first| usable.any(|other| other != first))
        };
        UnitChoice { values, is_conflict }
    }
}

/// Each row's cells together, or each cell by itself.
fn candidates_of<'c, 'a>(unit: &Unit, cells: &'c [Cell<'a>]) -> Vec<Candidate<'c, 'a>> {
    let candidate = |cells: Cow<'c, [Cell<'a>]>| Candidate { cells, group: 0, rank: 0 };
    if unit.several || unit.fields.len() == 1 {
        return cells.chunks(1).map(|cell| candidate(Cow::Borrowed(cell))).collect();
    }
    let of_members = cells.chunk_by(|left, right| left.member == right.member);
    of_members.map(|of_member| candidate(first_of_each(of_member))).collect()
}

/// The first cell of each field.
fn first_of_each<'c, 'a>(cells: &'c [Cell<'a>]) -> Cow<'c, [Cell<'a>]> {
    let is_first = |place: usize| !cells[..place].iter().any(|known| known.field == cells[place].field);
    if (0..cells.len()).all(is_first) {
        return Cow::Borrowed(cells);
    }
    (0..cells.len()).filter(|place| is_first(*place)).map(|place| cells[place]).collect()
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
fn group(candidates: &mut [Candidate<'_, '_>], are_single: bool) -> Vec<usize> {
    let compared = |one: usize, other: usize| {
        let key = |place: usize| {
            let cells = candidates[place].cells.iter();
            cells.map(|cell| (if are_single { None } else { Some(cell.field) }, folded(cell)))
        };
        key(one).cmp(key(other))
    };
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by(|one, other| compared(*one, *other));
    let equal: Vec<bool> = order.windows(2).map(|pair| compared(pair[0], pair[1]).is_eq()).collect();
    let (mut records, mut last) = (Vec::new(), None);
    for (index, place) in order.into_iter().enumerate() {
        if index == 0 || !equal[index - 1] {
            records.push(0);
            last = None;
        }
        let group = records.len() - 1;
        candidates[place].group = group;
        // Those of a record stand together: equal ones keep the order of rows.
        let member = candidates[place].cells[0].member;
        records[group] += usize::from(last.replace(member) != Some(member));
    }
    records
}

/// Puts the best first: a step is looked at as far as those before it tie. What ties at all keeps the order of rows.
fn put_in_order<'a>(
    candidates: &mut [Candidate<'_, 'a>],
    steps: &[Preference],
    rank: &impl Fn(Preference, &Candidate<'_, 'a>) -> i64,
) {
    let [step, others @ ..] = steps else { return };
    if candidates.len() < 2 {
        return;
    }
    for candidate in &mut *candidates {
        candidate.rank = rank(*step, candidate);
    }
    candidates.sort_by_key(|candidate| candidate.rank);
    for tied in candidates.chunk_by_mut(|left, right| left.rank == right.rank) {
        put_in_order(tied, others, rank);
    }
}

/// The first step that told the best candidate from the best one with other values.
fn chosen_by<'a>(
    unit: &Unit,
    candidates: &[Candidate<'_, 'a>],
    rank: &impl Fn(Preference, &Candidate<'_, 'a>) -> i64,
) -> ChosenBy {
    let best = &candidates[0];
    let Some(next) = candidates.iter().find(|candidate| candidate.group != best.group) else { return ChosenBy::Only };
    let told = unit.prefer.iter().find(|step| rank(**step, best) != rank(**step, next));
    told.map_or(ChosenBy::RowOrder, |step| ChosenBy::Preference(*step))
}

fn chosen<'a>(unit: &Unit, best: &Candidate<'_, 'a>, by: ChosenBy) -> Vec<GoldenValue<'a>> {
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
fn laid<'a>(unit: &Unit, candidates: &[Candidate<'_, 'a>], answers: usize, by: ChosenBy) -> Vec<GoldenValue<'a>> {
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
fn fill<'a>(unit: &Unit, others: &[Candidate<'_, 'a>], values: &mut Vec<GoldenValue<'a>>) {
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
    best: &Candidate<'_, 'a>,
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
    candidates: &[Candidate<'_, 'a>],
) -> Vec<Alternate<'a>> {
    if cells.len() == 1 {
        return Vec::new();
    }
    let own = Cow::Borrowed(value.value);
    let own = if value.field == Field::Email { Cow::Owned(own.to_lowercase()) } else { own };
    let is_other =
        |cell: &&Cell<'a>| unit.fills(cell.field) == value.field && !cell.value.is_empty() && folded(cell) != own;
    if !cells.iter().any(|cell| is_other(&cell)) {
        return Vec::new();
    }
    let mut seen: BTreeSet<Cow<'a, str>> = BTreeSet::new();
    // A row may have a second column of the field, which no candidate holds.
    let ranked = candidates.iter().flat_map(|candidate| candidate.cells.iter()).chain(cells);
    ranked
        .filter(is_other)
        .filter(|cell| seen.insert(folded(cell)))
        .map(|cell| Alternate { value: cell.value, member: cell.member })
        .collect()
}
