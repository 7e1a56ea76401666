//! The probability that a contact no longer reaches its owner, by the signs of life and of decay there are.
//!
//! A [`History`](crate::evidence::History) is all that is known of one address or number of one row; [`Model::score`] turns it
//! into a probability and [`Model::explain`] says why. The model is a filter over three states (alive; gone, and mail bounces;
//! gone, and silent): see [`survival`](self) for its definition and `rules/decay.toml` for its numbers.
//!
//! ```
//! use tiuv::decay::{Coefficients, Model, Tenures};
//! use tiuv::evidence::{DatedSignal, History};
//! use tiuv::record::{ContactClass, ContactKind, Day, Signal};
//! use tiuv::rule::{DecayRules, RuleFiles};
//!
//! let rules = DecayRules::load(&RuleFiles::embedded())?;
//! let mut model = Model::new(&rules, Coefficients::prior(&rules));
//!
//! let today = Day::new(20_783);
//! let bounced = [DatedSignal { day: today - 40, signal: Signal::HardBounce }];
//! let mut history = History {
//!     kind: ContactKind::Email,
//!     class: ContactClass::FreeMail,
//!     age: Some(41),
//!     changes: 0,
//!     captured: Some(today - 5 * 365),
//!     signals: &[],
//!     dead_domain: false,
//!     deceased: false,
//! };
//! // The level of the hazard comes from the list itself: count every contact that is to be scored, then solve it.
//! let mut tenures = Tenures::new(ContactKind::Email);
//! tenures.add(&history, today);
//! let report = model.anchor(&tenures).expect("there is a contact");
//! assert!((report.set.yearly_loss - 0.20).abs() < 1e-12);
//!
//! let without = model.score(&history, today);
//! history.signals = &bounced;
//! let with = model.score(&history, today);
//! assert!(without.p > 0.5 && with.p > 0.9);
//!
//! let lines = model.explain(&history, today);
//! let sum: f64 = lines.iter().map(|line| line.log_odds).sum();
//! assert!((sum - with.log_odds).abs() < 1e-9);
//! # Ok::<(), tiuv::rule::RuleError>(())
//! ```

mod anchor;
mod coefficients;
mod expected;
mod explain;
mod fit;
mod flags;
mod measure;
mod model;
mod profile;
mod scores;
mod steps;
mod survival;
#[cfg(test)]
mod tests;

pub use anchor::{AnchorPoint, AnchorReport};
pub use coefficients::{Coefficients, KindCoefficients};
pub use expected::{AnyOf, Expectation, Expected, ExpectedCustomers, ExpectedStale};
pub use explain::Contribution;
pub use fit::{Fit, Label, Verdict};
pub use flags::FlagRule;
pub(crate) use flags::{Flag, flag};
pub use measure::{Bin, Outcome, Quality, recall_at};
pub use model::{Model, Score};
pub use profile::Tenures;
pub(crate) use scores::{Scores, tenures};
