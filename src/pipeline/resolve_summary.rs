//! What finding customers came to, in numbers and a few examples: the section `resolve` of `run.json`.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Customers, DecisionStats, Setup};
use crate::record::{Field, RowIndex, Rows, mask};
use crate::resolve::{Against, Link, Weights};

/// The customers of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ResolveSummary {
    /// Rows looked at.
    pub rows: u64,
    /// Customers that they are of.
    pub customers: u64,
    /// Rows beyond the first of each customer.
    pub duplicates: u64,
    /// Pairs that a person should look at.
    pub possible: u64,
    /// Households of several customers.
    pub households: u64,
    /// Keys that are other people's than when their list was read before.
    #[serde(default)]
    pub handed_on: u64,
    /// So many are that a list was numbered anew.
    #[serde(default)]
    pub is_numbered_anew: bool,
    /// Rows of customers whom other lists in the workspace hold, too.
    #[serde(default)]
    pub known_elsewhere: u64,
    /// What became of people's decisions.
    #[serde(default)]
    pub decisions: DecisionStats,
    /// How it went.
    #[serde(rename = "account")]
    pub stats: ResolveFigures,
    /// Bits for "one person" before anything is compared.
    #[serde(default)]
    pub start_bits: f64,
    /// What each level of each field says.
    #[serde(default)]
    pub weights: Vec<FieldLevels>,
    /// Merged pairs by the fields that spoke for them, most frequent first.
    #[serde(default)]
    pub agreed: Vec<AgreedFields>,
    /// Customers of most records.
    #[serde(default)]
    pub biggest: Vec<BigCustomer>,
    /// The surest merges of customers.
    #[serde(default)]
    pub strongest: Vec<PairSummary>,
    /// The least sure ones.
    #[serde(default)]
    pub weakest: Vec<PairSummary>,
}

/// How finding customers went.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ResolveFigures {
    /// Fields that people were compared by.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Fields that would help and are not in the lists.
    #[serde(default)]
    pub missing: Vec<Field>,
    /// How many values say nothing since too many rows hold them, by field.
    #[serde(default)]
    pub hot_values: Vec<(Field, u64)>,
    /// Records of the biggest customer.
    #[serde(default)]
    pub largest_cluster: u64,
    /// Likely pairs that proof to the contrary kept apart.
    #[serde(default)]
    pub vetoed: u64,
    /// Pairs for a person that are not told, as there are too many.
    #[serde(default)]
    pub possible_left_out: u64,
    /// Exact copies of a row that are not of one customer with it.
    #[serde(default)]
    pub copies_apart: u64,
    /// What was compared.
    #[serde(default)]
    pub blocking: Blocking,
    /// Expected share of merged pairs that are right, by the model's own probabilities.
    #[serde(default)]
    pub expected_precision: f64,
    /// Expected share of pairs of one person that were merged, of those compared.
    #[serde(default)]
    pub expected_recall: f64,
    /// Why nothing was compared, where nothing was.
    #[serde(default)]
    pub refused: Option<String>,
    /// All else that was counted.
    #[serde(flatten)]
    pub more: BTreeMap<String, serde_json::Value>,
}

/// Which pairs were compared.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Blocking {
    /// Pairs compared.
    #[serde(default)]
    pub pairs: u64,
    /// Most that may be.
    #[serde(default)]
    pub budget: u64,
    /// Keys that were not used to their end.
    #[serde(default)]
    pub truncated: Vec<Truncated>,
}

/// A key by which rows were found that was not used to its end.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Truncated {
    /// Blocks of which only neighbours were compared.
    #[serde(default)]
    pub neighbours_only: u64,
    /// Blocks for which the budget of pairs was too small.
    #[serde(default)]
    pub beyond_budget: u64,
    /// All else that was counted.
    #[serde(flatten)]
    pub more: BTreeMap<String, serde_json::Value>,
}

/// What the levels of one field say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldLevels {
    /// The field.
    pub field: Field,
    /// Its levels, the best first.
    pub levels: Vec<LevelOfField>,
}

/// What one level says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LevelOfField {
    /// Its name in the rules.
    pub name: String,
    /// Share of the level among pairs of one person.
    pub m: f64,
    /// Share among pairs of one household.
    pub h: f64,
    /// Share among unrelated people.
    pub u: f64,
    /// Bits for "one person" against "unrelated".
    pub bits: f64,
    /// Bits for "one household" against "unrelated".
    pub household_bits: f64,
}

/// Fields that spoke for merges together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgreedFields {
    /// The fields.
    pub fields: Vec<Field>,
    /// Pairs.
    pub pairs: u64,
}

/// A customer of many records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BigCustomer {
    /// What it is called.
    pub customer: String,
    /// Its records.
    pub records: u64,
    /// The first few of them, by list and number.
    pub rows: Vec<String>,
    /// Its name, masked unless the run was told to show values.
    pub name: String,
}

/// Why two rows are one customer. `start`, the fields and `rest` add up to `weight`; all in thousandths of a bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairSummary {
    /// What the customer is called.
    pub customer: String,
    /// The one row, by list and number.
    pub left: String,
    /// The other.
    pub right: String,
    /// Log-odds of "one person".
    pub weight: i32,
    /// Before anything is compared.
    pub start: i32,
    /// What each field says, in the order of the model.
    pub fields: Vec<PairField>,
    /// What the other explanations take away.
    pub rest: i32,
    /// Whether the household was the likelier other explanation.
    pub against_household: bool,
}

/// What one field says of a pair; values are masked unless the run was told to show them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairField {
    /// The field.
    pub field: Field,
    /// Its level.
    pub level: String,
    /// Thousandths of a bit.
    pub milli_bits: i32,
    /// The value of the one row.
    pub left: String,
    /// That of the other.
    pub right: String,
}

/// Combinations of fields, big customers and rows of one that are named.
const NAMED_COMBINATIONS: usize = 12;
const NAMED_CUSTOMERS: usize = 8;
const NAMED_ROWS: usize = 10;
/// Merges shown at either end.
const SHOWN_MERGES: usize = 3;

impl ResolveSummary {
    pub(super) fn new(customers: &Customers, rows: &Rows, setup: &Setup) -> Self {
        let stats = &customers.stats;
        let json = serde_json::to_value(stats).and_then(serde_json::from_value);
        let mut own: ResolveFigures = json.expect("an account is plain data");
        own.expected_precision = rounded(own.expected_precision);
        own.expected_recall = rounded(own.expected_recall);
        for name in ["rows", "clusters", "households", "possible"] {
            own.more.remove(name);
        }
        let mut summary = ResolveSummary {
            rows: customers.len() as u64,
            customers: customers.rows().len() as u64,
            duplicates: (customers.len() - customers.rows().len()) as u64,
            possible: customers.possible.len() as u64,
            households: customers.households_of_several(),
            handed_on: customers.handed_on,
            is_numbered_anew: customers.is_numbered_anew,
            known_elsewhere: customers.known_elsewhere,
            decisions: customers.decisions.clone(),
            stats: own,
            ..ResolveSummary::default()
        };
        if let Some(weights) = &customers.weights {
            let view = View { customers, rows, setup, weights };
            summary.start_bits = f64::from(weights.person) / 1000.0;
            summary.weights = levels(weights);
            summary.agreed = view.agreed();
            summary.biggest = view.biggest();
            (summary.strongest, summary.weakest) = view.ends();
        }
        summary
    }
}

/// Nine decimals: enough for everybody, and the same on every machine.
fn rounded(share: f64) -> f64 {
    (share * 1e9).round() / 1e9
}

fn levels(weights: &Weights) -> Vec<FieldLevels> {
    let of_field = |field: &crate::resolve::FieldWeights| FieldLevels {
        field: field.field,
        levels: field.levels[1..]
            .iter()
            .map(|level| LevelOfField {
                name: level.name.clone(),
                m: rounded(level.m),
                h: rounded(level.h),
                u: rounded(level.u),
                bits: f64::from(level.person) / 1000.0,
                household_bits: f64::from(level.household) / 1000.0,
            })
            .collect(),
    };
    weights.fields.iter().map(of_field).collect()
}

/// All that examples are taken from.
struct View<'v> {
    customers: &'v Customers,
    rows: &'v Rows,
    setup: &'v Setup,
    weights: &'v Weights,
}

impl View<'_> {
    fn agreed(&self) -> Vec<AgreedFields> {
        let mut pairs: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
        for link in &self.customers.links {
            let evidence = link.evidence(self.weights);
            let spoke = evidence.fields.iter().filter(|(_, _, bits)| *bits > 0).map(|(index, _, _)| *index);
            *pairs.entry(spoke.collect()).or_default() += 1;
        }
        let mut agreed: Vec<(Vec<usize>, u64)> = pairs.into_iter().collect();
        agreed.sort_by_key(|(fields, count)| (Reverse(*count), fields.clone()));
        agreed.truncate(NAMED_COMBINATIONS);
        let fields = |indexes: Vec<usize>| indexes.into_iter().map(|index| self.weights.fields[index].field).collect();
        agreed.into_iter().map(|(indexes, pairs)| AgreedFields { fields: fields(indexes), pairs }).collect()
    }

    fn biggest(&self) -> Vec<BigCustomer> {
        let mut sizes: Vec<(Reverse<usize>, &[RowIndex])> = self
            .customers
            .rows()
            .iter()
            .filter(|rows| rows.len() > 1)
            .map(|rows| (Reverse(rows.len()), rows))
            .collect();
        sizes.sort();
        sizes.truncate(NAMED_CUSTOMERS);
        let one = |(records, rows): (Reverse<usize>, &[RowIndex])| {
            let representative = self.customers.representative(rows[0]);
            BigCustomer {
                customer: self.name(representative),
                records: records.0 as u64,
                rows: rows.iter().take(NAMED_ROWS).map(|row| self.row(*row)).collect(),
                name: self.person(representative),
            }
        };
        sizes.into_iter().map(one).collect()
    }

    /// The surest and the least sure merges: of each customer its surest pair.
    fn ends(&self) -> (Vec<PairSummary>, Vec<PairSummary>) {
        let representative = |link: &Link| self.customers.representative(RowIndex::of(link.left));
        let mut best: Vec<&Link> = self
            .customers
            .links
            .chunk_by(|left, right| representative(left) == representative(right))
            .map(|of| &of[0])
            .collect();
        best.sort_by_key(|link| (Reverse(link.weight), link.left, link.right));
        let (strong, rest) = best.split_at(SHOWN_MERGES.min(best.len()));
        let weak = rest.iter().rev().take(SHOWN_MERGES);
        (strong.iter().map(|link| self.pair(link)).collect(), weak.map(|link| self.pair(link)).collect())
    }

    fn pair(&self, link: &Link) -> PairSummary {
        let [left, right] = [link.left, link.right].map(RowIndex::of);
        let evidence = link.evidence(self.weights);
        let field = |&(index, level, milli_bits): &(usize, usize, i32)| {
            let of_field = &self.weights.fields[index];
            let [left, right] = [left, right].map(|row| self.value(row, of_field.field));
            let level = of_field.levels[level].name.clone();
            PairField { field: of_field.field, level, milli_bits, left, right }
        };
        PairSummary {
            customer: self.name(self.customers.representative(left)),
            left: self.row(left),
            right: self.row(right),
            weight: evidence.weight,
            start: evidence.start,
            fields: evidence.fields.iter().map(field).collect(),
            rest: evidence.rest,
            against_household: evidence.against == Against::Household,
        }
    }

    /// What a customer is called.
    fn name(&self, representative: RowIndex) -> String {
        self.customers.customer(representative).to_string()
    }

    fn row(&self, row: RowIndex) -> String {
        self.rows.name(row)
    }

    fn person(&self, row: RowIndex) -> String {
        let parts = [Field::FirstName, Field::LastName].map(|field| self.value(row, field));
        let name = parts.join(" ");
        if name.trim().is_empty() { self.value(row, Field::FullName) } else { name.trim().to_owned() }
    }

    fn value(&self, row: RowIndex, field: Field) -> String {
        let (batch, row) = self.rows.batch(row);
        let batch = batch.standard();
        let fields = if field == Field::Phone { [Field::Mobile, Field::Phone] } else { [field, field] };
        let cells = fields.map(|field| batch.cell(row, field));
        let cell = cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default();
        if self.setup.show_values { cell.to_owned() } else { mask(Some(field), cell) }
    }
}
