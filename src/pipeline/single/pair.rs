//! Why two rows of a list are one customer, or are not.

use super::{FoundRow, find_row};
use crate::ingest::List;
use crate::pipeline::dedupe::{People, read_people};
use crate::pipeline::{RunError, Setup};
use crate::record::{ColumnIndex, Field, RowNumber};
use crate::resolve::{AskedPair, Constraints, Evidence, Resolver, Weights};
use crate::rule::Context;
use crate::standardize::Standardizers;

/// Two rows, and what comparing them said.
#[derive(Debug)]
pub struct PairEvidence {
    /// Their numbers.
    pub rows: [RowNumber; 2],
    /// What was said, with weights learnt from the whole list.
    pub evidence: Evidence,
    /// What each level of each field says.
    pub weights: Weights,
    /// Something proves that they are two people, whatever agrees.
    pub is_vetoed: bool,
    /// They ended up as one customer, be it over other rows.
    pub is_same: bool,
    /// They ended up in one household.
    pub is_one_household: bool,
    /// Weight from which a pair is shown to a person, in thousandths of a bit.
    pub review: i32,
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

/// Compares two rows of a list, each named by its own key or by `#` and its number.
///
/// # Errors
/// When the list can't be read to its end, a rule file is not of its form, or a stop was asked for.
pub fn explain_pair(
    list: &List,
    key: Option<ColumnIndex>,
    names: [&str; 2],
    setup: &Setup,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Result<PairEvidence, NoPair>, RunError> {
    let resolver = Resolver::new(&setup.context)?;
    let people = read_people(list, key, &resolver, setup, progress)?;
    let [left, right] = names.map(|name| find(&people, name));
    let (left, right) = match (left, right) {
        (Ok(left), Ok(right)) if left == right => return Ok(Err(NoPair::OneRow)),
        (Ok(left), Ok(right)) => (left, right),
        (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
    };
    let constraints = Constraints { asked: vec![(left, right)], ..Constraints::default() };
    let resolution = resolver.resolve(people.table, &constraints)?;
    let (Some(&AskedPair { link, is_vetoed }), Some(weights)) = (resolution.asked.first(), resolution.weights) else {
        return Ok(Err(NoPair::TooFewFields));
    };
    let cluster_of = |row: RowNumber| resolution.clusters.iter().position(|rows| rows.contains(&row));
    let clusters = [left, right].map(cluster_of);
    let household = |cluster: Option<usize>| cluster.map(|cluster| resolution.households[cluster]);
    Ok(Ok(PairEvidence {
        rows: [left, right],
        evidence: link.evidence(&weights),
        weights,
        is_vetoed,
        is_same: clusters[0] == clusters[1],
        is_one_household: household(clusters[0]) == household(clusters[1]),
        review: resolver.rules().policy.review,
    }))
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

fn find(people: &People, name: &str) -> Result<RowNumber, NoPair> {
    let with_key: Vec<usize> =
        (0..people.keys.len()).filter(|row| people.keys.cell(*row) == name && !name.is_empty()).take(2).collect();
    match with_key[..] {
        [row] => return Ok(people.numbers[row]),
        [_, _] => return Err(NoPair::Several(name.to_owned())),
        _ => {}
    }
    let number: Option<u32> = name.strip_prefix('#').and_then(|number| number.parse().ok());
    let row = people.numbers.iter().find(|row| Some(row.number()) == number);
    row.copied().ok_or_else(|| NoPair::Unknown(name.to_owned()))
}
