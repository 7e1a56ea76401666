//! Who is asked, how and when; the asking; and what the answers mean.
//!
//! [`plan`] passes each customer through the gates ([`Hold`] names them), finds the ways to reach it ([`reach`]), chooses
//! whom to ask for the money ([`choose`]) and on which day ([`calendar`]), and says what that changes in the outbox.
//! [`dispatch`] hands what is due to gateways.

mod calendar;
mod callers;
mod choose;
pub mod dispatch;
#[cfg(test)]
mod fixture;
mod greeting;
mod history;
mod hold;
mod hours;
mod ladder;
mod message;
mod plan;
#[cfg(test)]
mod plan_tests;
mod reach;
mod second_look;
mod settings;
mod suppression;

pub use callers::share_out;
pub use greeting::is_greetable;
pub use history::suppression_of;
pub use hold::Hold;
pub use hours::{Span, is_open, local_time, next_open, open_spans, with_offset};
pub use message::{Message, Writer};
pub use plan::{Plan, plan};
pub use reach::{FirstAsk, Objective, first_ask};
pub use second_look::{Planned, SecondLook, taken_back};
pub use settings::Settings;
pub use suppression::{Held, SuppressionSet, holding, persons_of, recognize_in, recognize_persons};
