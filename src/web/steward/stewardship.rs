//! What the desk has at hand for stewards: by what they decide, and the newest run's customers.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use crate::pipeline::{RunError, Setup, take_in_waiting};
use crate::rule::{Context, StewardPolicy};
use crate::steward::Steward;
use crate::store::Store;

/// How often it is looked whether answers and messages wait, and whether there is a newer run.
const LOOK_EVERY: SignedDuration = SignedDuration::from_secs(2);

/// What stewards decide by, kept up to date.
pub(in crate::web) struct Stewardship {
    pub(super) steward: Steward,
    context: Context,
    run: Option<(String, String)>,
    looked: Option<Timestamp>,
    weighed: Option<Date>,
}

impl Stewardship {
    pub(in crate::web) fn new(setup: &Setup, store: &Store) -> Result<Self, RunError> {
        let policy = StewardPolicy::load(&setup.context.files)?;
        let context = setup.context.clone();
        let steward = Steward::new(policy, context.clone(), store)?;
        Ok(Stewardship { steward, context, run: store.newest_run()?, looked: None, weighed: None })
    }

    /// Takes in what came since it was looked last.
    pub(super) fn look(&mut self, store: &mut Store, now: Timestamp, today: Date) -> Result<(), RunError> {
        if self.looked.is_some_and(|looked| now.duration_since(looked).abs() < LOOK_EVERY) {
            return Ok(());
        }
        self.looked = Some(now);
        let newest = store.newest_run()?;
        if newest != self.run {
            self.steward = Steward::new(self.steward.policy.clone(), self.context.clone(), store)?;
            self.run = newest;
        }
        if self.weighed != Some(today) {
            store.weigh_items(today, &self.steward.policy)?;
            self.weighed = Some(today);
        }
        take_in_waiting(store, &self.steward.policy, today)?;
        Ok(())
    }
}
