//! Calls shared out among several callers.

use std::collections::HashMap;

use crate::record::CustomerId;
use crate::store::Call;

/// For each call the caller who makes it, from 0: every household goes to whoever has fewest calls so far, so that one home is
/// called by one person, no call is made twice, and all have as many to make as households allow. The same calls are shared
/// out the same way.
pub fn share_out(calls: &[Call], callers: usize) -> Vec<usize> {
    let mut of_household: HashMap<CustomerId, u64> = HashMap::new();
    for call in calls {
        *of_household.entry(call.household).or_default() += 1;
    }
    let mut load = vec![0_u64; callers.max(1)];
    let mut caller_of: HashMap<CustomerId, usize> = HashMap::new();
    let share = |call: &Call| {
        *caller_of.entry(call.household).or_insert_with(|| {
            let least = (0..load.len()).min_by_key(|caller| load[*caller]).unwrap_or_default();
            load[least] += of_household[&call.household];
            least
        })
    };
    calls.iter().map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(id: i64, household: u64) -> Call {
        Call {
            id,
            campaign: "autumn".to_owned(),
            customer: CustomerId(id as u64),
            household: CustomerId(household),
            recipient: String::new(),
            recipient_key: String::new(),
            row_key: String::new(),
            first_name: String::new(),
            language: "he".to_owned(),
            country: "IL".to_owned(),
            script: String::new(),
            to_verify: Vec::new(),
            due_at: String::new(),
        }
    }

    #[test]
    fn every_call_has_one_caller_all_have_as_many_and_a_household_has_one() {
        let calls: Vec<Call> = (0..100).map(|id| call(id, id as u64 / 2)).collect();
        for callers in 1..8 {
            let shares = share_out(&calls, callers);
            assert_eq!(shares, share_out(&calls, callers), "stable");
            assert!(shares.chunks(2).all(|home| home[0] == home[1]), "{callers}");
            let counts: Vec<usize> =
                (0..callers).map(|caller| shares.iter().filter(|share| **share == caller).count()).collect();
            assert_eq!(counts.iter().sum::<usize>(), calls.len());
            let (least, most) = (counts.iter().min().expect("some"), counts.iter().max().expect("some"));
            assert!(most - least <= 2, "{counts:?}");
        }
        assert_eq!(share_out(&calls[..1], 3), [0]);
        assert!(share_out(&[], 3).is_empty());
    }
}
