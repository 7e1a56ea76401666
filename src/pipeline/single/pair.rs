//! Why two rows of a list are one customer, or are not.

use super::{FoundRow, find_row};
use crate::ingest::List;
use crate::pipeline::customers::{AllRows, row_names};
use crate::pipeline::dedupe::{People, read_people};
use crate::pipeline::earlier::{Decided, DecisionStats, joined_households};
use crate::pipeline::{Memory, RunError, Setup};
use crate::record::{ColumnIndex, Field, Relation, RowNumber};
use crate::resolve::{AskedPair, Evidence, KeptApart, Resolver, Weights};
use crate::rule::Context;
use crate::standardize::Standardizers;

/// Two rows, and what comparing them said.
#[derive(Debug)]
pub struct PairEvidence {
    /// Their numbers.
    pub rows: [RowNumber; 2],
    /// What was said, with weights learnt from the whole list and those that the workspace knows.
    pub evidence: Evidence,
    /// What each level of each field says.
    pub weights: Weights,
    /// Something proves that they are two people, whatever agrees.
    pub is_vetoed: bool,
    /// What keeps them two customers unless somebody says otherwise.
    pub kept_apart: Option<KeptApart>,
    /// Milli-bits above which groups of rows are one customer in this list.
    pub merged_above: i32,
    /// Where they are two customers, a person should look.
    pub is_offered: bool,
    /// They ended up as one customer, be it over other rows.
    pub is_same: bool,
    /// They ended up in one household.
    pub is_one_household: bool,
    /// What a person decided of these very rows, and is obeyed.
    pub decided: Option<Relation>,
    /// Rows of other lists that the workspace knows and that were looked at, too; none without a workspace.
    pub known_rows: Option<usize>,
    /// What became of people's decisions.
    pub decisions: DecisionStats,
}

/// Why no evidence can be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPair {
    /// No row is named so.
    Unknown(String),
    /// Several rows have this key.
    Several(String),
    /// Both names are of one row.
    OneRow,
    /// The list has too few fields that tell people apart.
    TooFewFields,
}

/// Compares two rows of a list, each named by its own key or by `#` and its number, as `clean` would with this memory: beside
/// the rows that the workspace knows, by what people decided.
///
/// # Errors
/// When the list can't be read to its end, a rule file is not of its form, or a stop was asked for.
pub fn explain_pair(
    list: &List,
    key: Option<ColumnIndex>,
    names: [&str; 2],
    memory: Option<&Memory>,
    setup: &Setup,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Result<PairEvidence, NoPair>, RunError> {
    let resolver = Resolver::new(&setup.context)?;
    let header = memory.and_then(|memory| memory.lists().first()).map(|list| list.header);
    let people = read_people(list, key, header, &resolver, setup, progress)?;
    let [left, right] = names.map(|name| find(&people, name));
    let (left, right) = match (left, right) {
        (Ok(left), Ok(right)) if left == right => return Ok(Err(NoPair::OneRow)),
        (Ok(left), Ok(right)) => (left, right),
        (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
    };
    let People { table, ids, numbers, .. } = people;
    let own = table.len();
    let names = row_names(ids, &table, &vec![0; own], memory)?;
    let AllRows { table, decided, .. } = AllRows::new(table, &names, memory)?;
    let known_rows = memory.map(|_| table.len() - own);
    let [a, b] = [left, right].map(number_in_table);
    let Decided { mut constraints, households, stats: decisions } = decided;
    constraints.asked.push((a, b));
    let is_pair = |(left, right): &(RowNumber, RowNumber)| (*left, *right) == (a, b) || (*left, *right) == (b, a);
    let decided = [
        (&households, Relation::Household),
        (&constraints.same, Relation::Same),
        (&constraints.different, Relation::Different),
    ];
    let decided = decided.into_iter().find(|(pairs, _)| pairs.iter().any(is_pair)).map(|(_, relation)| relation);
    let resolution = resolver.resolve_beside(table, own, &constraints)?;
    let (Some(&AskedPair { link, is_vetoed, is_offered }), Some(weights)) =
        (resolution.asked.first(), &resolution.weights)
    else {
        return Ok(Err(NoPair::TooFewFields));
    };
    let cluster_of = |row: RowNumber| resolution.clusters.iter().position(|rows| rows.contains(&row));
    let clusters = [a, b].map(cluster_of);
    let homes = joined_households(&resolution, &households);
    let household = |cluster: Option<usize>| cluster.map(|cluster| homes[cluster]);
    Ok(Ok(PairEvidence {
        rows: [left, right].map(|place| numbers[place]),
        evidence: link.evidence(weights),
        weights: weights.clone(),
        is_vetoed,
        kept_apart: link.kept_apart,
        merged_above: resolution.stats.merged_above,
        is_offered,
        is_same: clusters[0] == clusters[1],
        is_one_household: household(clusters[0]) == household(clusters[1]),
        decided,
        known_rows,
        decisions,
    }))
}

/// What a row of the list is called where rows of other lists stand behind: by its place.
fn number_in_table(place: usize) -> RowNumber {
    RowNumber::from_index(place as u32)
}

/// What the rows of a pair hold of a field, as they were read; all numbers of a row stand under `phone`.
///
/// # Errors
/// When the list can't be read that far, or a rule file is not of its form.
pub fn values_of_pair(
    list: &List,
    pair: &PairEvidence,
    context: &Context,
) -> Result<impl Fn(usize, Field) -> String + use<>, RunError> {
    let standardizers = Standardizers::new(context, list.mapping(), list.samples(), |_| true)?;
    let mut rows = Vec::new();
    for row in pair.rows {
        if let FoundRow::Row(raw, index) = find_row(list, row)? {
            rows.push((standardizers.standardize(&raw), index));
        }
    }
    Ok(move |row: usize, field: Field| {
        let Some((batch, index)) = rows.get(row) else { return String::new() };
        let fields = if field == Field::Phone { &[Field::Mobile, Field::Phone][..] } else { &[field] };
        let values = fields.iter().map(|field| batch.cell(*index, *field)).filter(|value| !value.is_empty());
        values.collect::<Vec<_>>().join(";")
    })
}

/// The place of a row.
fn find(people: &People, name: &str) -> Result<usize, NoPair> {
    let with_key: Vec<usize> =
        (0..people.keys.len()).filter(|row| people.keys.cell(*row) == name && !name.is_empty()).take(2).collect();
    match with_key[..] {
        [row] => return Ok(row),
        [_, _] => return Err(NoPair::Several(name.to_owned())),
        _ => {}
    }
    let number: Option<u32> = name.strip_prefix('#').and_then(|number| number.parse().ok());
    let row = people.numbers.iter().position(|row| Some(row.number()) == number);
    row.ok_or_else(|| NoPair::Unknown(name.to_owned()))
}
