//! Names of customers, one each.

use std::collections::{HashMap, HashSet};

use crate::record::{CustomerId, RowId, RowIndex, mix};
use crate::resolve::Resolution;

/// Two clusters never have one name: a row that was split off a customer and founded it can't, nor can equal rows.
pub(super) fn make_unique(named: &mut [(u32, CustomerId)], resolution: &Resolution, rows: &[RowId]) {
    let mut taken: HashSet<CustomerId> = HashSet::with_capacity(named.len());
    // Where the search for the next free name stopped, by the name that many want.
    let mut searched: HashMap<CustomerId, CustomerId> = HashMap::new();
    let mut order: Vec<usize> = (0..named.len()).collect();
    order.sort_by_key(|cluster| (named[*cluster], rows[RowIndex::of(resolution.clusters.of(*cluster)[0]).get()]));
    for cluster in order {
        // The one that was first keeps it.
        let wanted = named[cluster].1;
        if taken.insert(wanted) {
            continue;
        }
        let mut name = searched.get(&wanted).copied().unwrap_or(wanted);
        while !taken.insert(name) {
            name = CustomerId(mix(name.0 ^ 0x9E37_79B9_7F4A_7C15));
        }
        searched.insert(wanted, name);
        named[cluster].1 = name;
    }
}
