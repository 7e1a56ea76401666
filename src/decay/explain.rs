//! Why a score is what it is: contributions to the log-odds, in time order, that sum to the score.

use serde::{Deserialize, Serialize};

use crate::record::{Cause, Day};

use super::model::Model;
use super::profile::month_of;
use super::steps::Mark;
use crate::evidence::History;

/// One line of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// What it was.
    pub cause: Cause,
    /// How often it counted; months of tenure for the hazard.
    pub count: u32,
    /// The day of the last time; of the capture for the hazard, none where that is assumed.
    pub last: Option<Day>,
    /// What it adds.
    pub log_odds: f64,
}

impl Model {
    /// What moved a score: the hazard first, then each kind of signal by the first time it counted. A line is the change of
    /// the log-odds when its signals join the earlier ones, all as of the same day, so the lines sum to the score.
    pub fn explain(&self, history: &History<'_>, as_of: Day) -> Vec<Contribution> {
        let (captured, steps) = self.steps(history, as_of);
        let upto = |count: usize| self.run(history, captured, as_of, steps[..count].iter().copied());
        let mut before = upto(0);
        let months = month_of(captured, as_of) as u32;
        let hazard = Contribution { cause: Cause::Hazard, count: months, last: history.captured, log_odds: before };
        let mut lines = vec![hazard];
        for (index, step) in steps.iter().enumerate() {
            let after = upto(index + 1);
            let cause = match step.mark {
                Mark::Signal(signal) => Cause::Signal(signal),
                Mark::Unopened(_) => Cause::Unopened,
            };
            add(&mut lines, cause, Some(step.day), after - before);
            before = after;
        }
        let [with_domain, with_death] = self.finish(history, before);
        if history.dead_domain {
            add(&mut lines, Cause::DeadDomain, None, with_domain - before);
        }
        if history.deceased {
            add(&mut lines, Cause::Deceased, None, with_death - with_domain);
        }
        lines
    }
}

fn add(lines: &mut Vec<Contribution>, cause: Cause, last: Option<Day>, log_odds: f64) {
    match lines.iter_mut().find(|line| line.cause == cause) {
        Some(line) => {
            line.count += 1;
            line.last = last;
            line.log_odds += log_odds;
        }
        None => lines.push(Contribution { cause, count: 1, last, log_odds }),
    }
}
