//! The suppression list as planning, sending and whoever has a customer on the telephone meet it: matched through duplicates
//! and households.

mod holders;
mod of_one;
mod recognize;
mod set;

pub use of_one::{holding, persons_of};
pub use recognize::{recognize_in, recognize_persons};
pub use set::{Held, SuppressionSet};
