//! Who is asked, how and when; the asking; and what the answers mean.
//!
//! [`plan`] passes each customer through the gates ([`Hold`] names them), finds the ways to reach it ([`reach`]), chooses
//! whom to ask for the money ([`choose`]) and on which day ([`calendar`]), and says what that changes in the outbox.
//! [`dispatch`] hands what is due to gateways.

mod calendar;
mod choose;
mod consent;
pub mod dispatch;
#[cfg(test)]
mod fixture;
mod history;
mod hold;
mod hours;
mod ladder;
mod message;
mod plan;
#[cfg(test)]
mod plan_tests;
mod reach;
mod settings;
mod suppression;

pub use consent::{Consents, Ground, Permission};
pub use history::{refusals, suppression};
pub use hold::Hold;
pub use hours::{Span, is_open, next_open, open_spans};
pub use message::{Message, Writer};
pub use plan::{Plan, plan};
pub use reach::Objective;
pub use settings::Settings;
pub use suppression::{Held, SuppressionSet, holding, persons_of, recognize_in, recognize_persons};
