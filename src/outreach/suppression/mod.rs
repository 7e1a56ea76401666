//! The suppression list as planning, sending and whoever has a customer on the telephone meet it: matched through duplicates
//! and households.

mod of_one;
mod same_person;
mod set;

pub use of_one::{holding, persons_of};
pub use same_person::are_one_person;
pub use set::{Held, SuppressionSet};
