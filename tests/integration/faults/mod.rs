//! What is left when a process dies or a disk fails: nothing lost, nothing let in, nothing left behind.

mod bombs;
mod crashes;
mod disk;
mod inputs;
mod shown;
mod whole;

pub(crate) use whole::{Club, is_whole, nothing_left_behind, usable};
