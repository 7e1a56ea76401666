//! The probability that a contact no longer reaches its owner, by the signs of life and of decay there are.

mod history;

pub use history::{ContactClass, DatedSignal, History, Signal};
