//! Doubtful merges: both records as they stand, what would become of them, and why it is asked.

use rayon::prelude::*;

use super::maker::{ItemMaker, values};
use crate::pipeline::Customers;
use crate::record::{ItemKind, NewItem, PairIdentity, PairShown, PairSide, PairSign, RowId, RowIndex, Shown};
use crate::resolve::{KeptApart, Link, Weights};

pub(super) fn items(maker: &ItemMaker<'_>) -> Vec<NewItem> {
    let Some((customers, weights)) = maker.customers.and_then(|own| own.weights.as_ref().map(|weights| (own, weights)))
    else {
        return Vec::new();
    };
    let pairs = Pairs { maker, customers, weights, rules: format!("{:016x}", maker.setup.context.files.fingerprint()) };
    customers.possible.par_iter().filter_map(|link| pairs.item(link)).collect()
}

struct Pairs<'p> {
    maker: &'p ItemMaker<'p>,
    customers: &'p Customers,
    weights: &'p Weights,
    rules: String,
}

impl Pairs<'_> {
    /// None without a memory: nobody could obey the answer.
    fn item(&self, link: &Link) -> Option<NewItem> {
        let Pairs { maker, customers, .. } = self;
        let rows = [link.left, link.right].map(RowIndex::of);
        let sides = [self.side(rows[0])?, self.side(rows[1])?];
        let both: Vec<RowIndex> = rows.iter().flat_map(|row| maker.rows_of(*row)).collect();
        let evidence = link.evidence(self.weights);
        let sign = |(index, level, milli): &(usize, usize, i32)| {
            let field = &self.weights.fields[*index];
            PairSign { field: field.field, level: field.levels[*level].name.clone(), milli: *milli }
        };
        let is_household = customers.household(rows[0]) == customers.household(rows[1]);
        let refused = maker.cleaned.evidence.as_ref().is_some_and(|evidence| {
            let holds = |row: &RowIndex| evidence.own_restrictions(&maker.rows_of(*row)).hold_all();
            holds(&rows[0]) != holds(&rows[1])
        });
        let whom = rows.map(|row| maker.whom(row));
        let is_second = whom[1].value > whom[0].value;
        let other = customers.customer(rows[1]);
        let [first, second] = whom;
        let value = first.value.max(second.value);
        let segment = if is_second { second.segment } else { first.segment.clone() };
        let why = link.kept_apart.map_or(
            if link.weight <= customers.stats.merged_above { "unsure" } else { "other_rows" },
            KeptApart::as_str,
        );
        let shown = PairShown {
            golden: values(&maker.golden.golden(&both)),
            chance: (link.chance() * 1000.0).round() as u32,
            weight: evidence.weight,
            start: evidence.start,
            signs: evidence.fields.iter().map(sign).collect(),
            rest: evidence.rest,
            doubt: evidence.doubt,
            is_household,
            refused,
            rules: self.rules.clone(),
            sides,
        };
        let identity = identity(&shown.sides);
        let chance = link.chance();
        let shown = Shown::Pair(Box::new(shown));
        let item = maker.item(ItemKind::Duplicate, rows[0], first, (identity, why, chance), shown);
        let lists = rows.map(|row| maker.list(row).to_owned());
        let other_list = if lists[0] == lists[1] { String::new() } else { lists[1].clone() };
        Some(NewItem { other: Some(other), other_list, value, segment, ..item })
    }

    fn side(&self, row: RowIndex) -> Option<PairSide> {
        let Pairs { maker, customers, .. } = self;
        let (id, compared) = customers.row_to_decide(row)?;
        Some(PairSide {
            row: id.0,
            name: maker.row_name(row),
            compared,
            customer: customers.customer(row).to_string(),
            key: customers.key(row).to_owned(),
            values: values(&maker.golden.golden(&maker.rows_of(row))),
        })
    }
}

/// The same for a pair whichever side stands first, and another one when a compared value changes.
fn identity(sides: &[PairSide; 2]) -> String {
    let [left, right] = sides;
    let (first, second) = if left.row <= right.row { (left, right) } else { (right, left) };
    PairIdentity::new([RowId(first.row), RowId(second.row)], [first.compared, second.compared]).to_string()
}
