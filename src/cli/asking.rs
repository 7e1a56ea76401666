//! Asking a look-up service about rows of numbers, and the account of it.

use std::ops::ControlFlow;

use indicatif::ProgressBar;

use super::failure::Failure;
use crate::config::Config;
use crate::lookup::{Door, LookupStats, Outcome};
use crate::pipeline::{PhoneRow, Setup};
use crate::record::PhoneValidity;
use crate::rule::{Context, LookupPolicy};
use crate::store::Store;

/// An open door with the account of all that was asked through it.
pub(super) struct Asking {
    name: String,
    door: Door,
    stats: LookupStats,
    is_closed: bool,
}

impl Asking {
    /// Opens the door to `[lookup.NAME]`.
    pub(super) fn open(name: &str, config: &Config, context: &Context) -> Result<Self, Failure> {
        let policy = LookupPolicy::load(&context.files)?;
        let door = Door::open(name, config, &policy, &|variable| std::env::var(variable).ok())?;
        Ok(Asking { name: name.to_owned(), door, stats: LookupStats::default(), is_closed: false })
    }

    /// What the service says of each row's number; none where a row has no valid one.
    pub(super) fn ask(
        &mut self,
        rows: &[PhoneRow],
        setup: &Setup,
        store: Option<&mut Store>,
        bar: &ProgressBar,
    ) -> Result<Vec<Option<Outcome>>, Failure> {
        let is_valid = |row: &PhoneRow| row.line.as_ref().is_some_and(|line| line.validity == PhoneValidity::Valid);
        let valid: Vec<usize> =
            (0..rows.len()).filter(|at| !rows[*at].e164.is_empty() && is_valid(&rows[*at])).collect();
        let numbers: Vec<&str> = valid.iter().map(|at| rows[*at].e164.as_str()).collect();
        let before = self.stats;
        let asked = self.door.ask(&numbers, setup.context.today, store, &mut |stats| {
            bar.set_message(format!("asked {}", before.settled() + stats.settled()));
            if setup.go_on().is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        self.stats.add(&asked.stats);
        self.is_closed |= asked.outcomes.iter().any(Outcome::is_closed_door);
        let mut outcomes = vec![None; rows.len()];
        for (at, outcome) in valid.into_iter().zip(asked.outcomes) {
            outcomes[at] = Some(outcome);
        }
        Ok(outcomes)
    }

    /// The service refused, was left alone, or answered nothing at all.
    pub(super) fn has_failed(&self) -> bool {
        self.is_closed || (self.stats.temporary > 0 && self.stats.answered + self.stats.unknown == 0)
    }

    /// What asking came to, in a line.
    pub(super) fn stats_text(&self) -> String {
        let LookupStats { answered, unknown, temporary, refused, budget_spent, not_asked, .. } = self.stats;
        let LookupStats { cached, requests, cost, .. } = self.stats;
        let mut text = format!(
            "look-up {}: {answered} answered, {unknown} not known to it, {} failed; {requests} asked, {cached} from earlier \
             answers; cost {cost}",
            self.name,
            temporary + refused
        );
        for (count, why) in [(budget_spent, "left out for want of budget"), (not_asked, "not asked")] {
            if count > 0 {
                text.push_str(&format!("; {count} {why}"));
            }
        }
        text
    }
}
