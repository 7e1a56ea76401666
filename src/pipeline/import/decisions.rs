//! A filled `possible_duplicates`: what a person decided of each pair, taken over as a whole or not at all.

use std::collections::BTreeMap;

use super::SetAside;
use super::calls::read_all;
use crate::ingest::List;
use crate::pipeline::known_rows::{KnownRows, NoRow};
use crate::pipeline::settled::Settled;
use crate::pipeline::{RunError, Setup};
use crate::record::{ColumnIndex, DecidedRow, Decision, PairAnswer, PairIdentity, RawBatch, Relation, RowId};
use crate::rule::{DecisionColumn, DecisionWords};
use crate::store::Store;
use crate::text::without_guard;

/// What an import came to.
#[derive(Debug, Default)]
pub struct ImportedDecisions {
    /// Decisions taken over, by what they say.
    pub taken: BTreeMap<Relation, u64>,
    /// Those that were known.
    pub known: u64,
    /// Pairs that stay open, since whoever looked at them can't tell.
    pub unsure: u64,
    /// Pairs without a decision.
    pub open: u64,
    /// Earlier decisions that contradict those taken over, and give way.
    pub overruled: u64,
    /// Lines that were not understood or contradict others. Where there is one, nothing was taken over.
    pub refused: Vec<SetAside>,
}

/// Whether a list is one of decided pairs.
pub fn is_decided_pairs(list: &List, words: &DecisionWords) -> bool {
    let has = |column| list.header().iter().any(|header| words.column(header) == Some(column));
    let is_named = |row, key| has(row) || has(key);
    has(DecisionColumn::Decision)
        && (has(DecisionColumn::Pair)
            || (is_named(DecisionColumn::LeftRow, DecisionColumn::LeftKey)
                && is_named(DecisionColumn::RightRow, DecisionColumn::RightKey)))
}

/// Takes over what was decided, in one transaction; `made_at` is now. What is known already is not doubled.
///
/// # Errors
/// When the list can't be read or the workspace can't be read or written.
pub fn import_decisions(
    list: &List,
    words: &DecisionWords,
    store: &mut Store,
    setup: &Setup,
    made_at: &str,
) -> Result<ImportedDecisions, RunError> {
    let rows = KnownRows::load(store)?;
    let earlier: Vec<Decision> =
        store.decisions()?.into_iter().filter(|decision| decision.undone_at.is_none()).collect();
    let rules = format!("{:016x}", setup.context.files.fingerprint());
    let (batches, unread) = read_all(list)?;
    let mut imported = ImportedDecisions { refused: unread, ..ImportedDecisions::default() };
    let mut settled = Settled::nothing();
    let mut new: Vec<Decision> = Vec::new();
    for raw in &batches {
        for row in 0..raw.len() {
            let line = Line { raw, row, header: list.header(), words };
            let refuse = |(reason, remedy): Refusal| SetAside::row(raw.place(row), reason, &remedy, raw.record(row));
            let (relation, decided) = match line.read(&rows) {
                Ok(Said::Open) => {
                    imported.open += 1;
                    continue;
                }
                Ok(Said::Unsure) => {
                    imported.unsure += 1;
                    continue;
                }
                Ok(Said::Decided(relation, decided)) => (relation, decided),
                Err(refusal) => {
                    imported.refused.push(refuse(refusal));
                    continue;
                }
            };
            if !settled.accepts(decided[0].row, decided[1].row, relation) {
                let remedy = "Other lines of the file say otherwise of these rows: decide once what they are.";
                imported.refused.push(refuse(("contradiction", remedy.to_owned())));
            } else if is_known(&earlier, &new, relation, &decided, &rules) {
                imported.known += 1;
            } else {
                let note = line.cell(DecisionColumn::Note);
                let place = || format!("{}, line {}", list.facts().file_name(), raw.place(row).line);
                let why = if note.is_empty() { place() } else { note.to_owned() };
                let (made_at, rules) = (made_at.to_owned(), rules.clone());
                new.push(Decision { number: 0, relation, rows: decided, why, made_at, rules, undone_at: None });
            }
        }
        setup.go_on()?;
    }
    imported.refused.sort_by_key(|one| one.place);
    if imported.refused.is_empty() {
        imported.overruled = overruled(&earlier, settled);
        new.iter().for_each(|decision| *imported.taken.entry(decision.relation).or_default() += 1);
        store.decide_all(&new)?;
    }
    Ok(imported)
}

/// Whether the newest decision about these rows says the same of the same values.
fn is_known(
    earlier: &[Decision],
    new: &[Decision],
    relation: Relation,
    decided: &[DecidedRow; 2],
    rules: &str,
) -> bool {
    let values = |rows: &[DecidedRow; 2]| {
        let mut values = [(rows[0].row, rows[0].compared), (rows[1].row, rows[1].compared)];
        values.sort_unstable();
        values
    };
    let own = values(decided);
    let is_of_these = |decision: &&Decision| values(&decision.rows).map(|(row, _)| row) == own.map(|(row, _)| row);
    let newest = new.iter().rev().chain(earlier.iter().rev()).find(is_of_these);
    newest.is_some_and(|newest| newest.relation == relation && newest.rules == rules && values(&newest.rows) == own)
}

/// How many earlier decisions no longer hold beside those of a file, of those that held before.
fn overruled(earlier: &[Decision], mut settled: Settled<RowId>) -> u64 {
    let mut before = Settled::nothing();
    let gives_way = |decision: &&Decision| {
        let [left, right] = &decision.rows;
        let held = before.accepts(left.row, right.row, decision.relation);
        held && !settled.accepts(left.row, right.row, decision.relation)
    };
    earlier.iter().rev().filter(gives_way).count() as u64
}

/// What a line says.
enum Said {
    Open,
    Unsure,
    Decided(Relation, [DecidedRow; 2]),
}

/// Why a line is not understood, and what to do.
type Refusal = (&'static str, String);

struct Line<'l> {
    raw: &'l RawBatch,
    row: usize,
    header: &'l [String],
    words: &'l DecisionWords,
}

impl Line<'_> {
    /// The first filled cell of a column of this kind, without the mark that guards a formula.
    fn cell(&self, column: DecisionColumn) -> &str {
        let columns = (0..).zip(self.header).filter(|(_, header)| self.words.column(header) == Some(column));
        let cells = columns.map(|(index, _)| self.raw.cell(self.row, ColumnIndex(index)).trim());
        let cell = cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default();
        without_guard(cell)
    }

    fn read(&self, rows: &KnownRows) -> Result<Said, Refusal> {
        let decision = self.cell(DecisionColumn::Decision);
        if decision.is_empty() {
            return Ok(Said::Open);
        }
        let Some(answer) = self.words.read(decision) else {
            let known: Vec<&str> = PairAnswer::ALL.iter().map(|answer| answer.as_str()).collect();
            let remedy = format!("The decision is none that is known: write {}, or leave it empty.", known.join(", "));
            return Err(("unknown_decision", remedy));
        };
        let Some(relation) = answer.relation() else { return Ok(Said::Unsure) };
        let decided = self.rows(rows)?;
        if decided[0].row == decided[1].row {
            return Err(("one_row", "Both names are of one row: name two.".to_owned()));
        }
        Ok(Said::Decided(relation, decided))
    }

    /// The two rows: by the identity that the run wrote, else by their names.
    fn rows(&self, rows: &KnownRows) -> Result<[DecidedRow; 2], Refusal> {
        let identity = self.cell(DecisionColumn::Pair);
        if identity.is_empty() {
            let left = self.named(rows, DecisionColumn::LeftKey, DecisionColumn::LeftRow)?;
            let right = self.named(rows, DecisionColumn::RightKey, DecisionColumn::RightRow)?;
            return Ok([left, right]);
        }
        let unknown = || {
            let remedy = "The workspace knows no such pair: is the file of another workspace, or was its list replaced? \
                          Clean the list again and decide in the new file.";
            ("unknown_pair", remedy.to_owned())
        };
        match PairIdentity::parse(identity).and_then(|pair| rows.of_pair(pair)) {
            Some((decided, true)) => Ok(decided),
            Some((_, false)) => {
                let remedy = "A compared value of these rows changed since the file was written: look at them again in a \
                              new one.";
                Err(("changed", remedy.to_owned()))
            }
            None => Err(unknown()),
        }
    }

    fn named(&self, rows: &KnownRows, key: DecisionColumn, row: DecisionColumn) -> Result<DecidedRow, Refusal> {
        let (key, row) = (self.cell(key), self.cell(row));
        // A row is named by its number where it has no key: `17`, or `LIST:17` where there were several lists.
        let numbered = match row.rsplit_once(':') {
            Some((list, number)) => format!("{list}:#{number}"),
            None => format!("#{row}"),
        };
        let by_key = if key.is_empty() { None } else { rows.named(key).ok() };
        let name = if row.is_empty() { key } else { numbered.as_str() };
        by_key.map_or_else(|| rows.named(name), Ok).map_err(|why| match why {
            NoRow::Unknown(_) => {
                ("unknown_row", format!("No list of the workspace has the row `{name}`: clean it first."))
            }
            NoRow::Several(names) => ("several_rows", format!("Several lists have it: write {}.", names.join(" or "))),
        })
    }
}
