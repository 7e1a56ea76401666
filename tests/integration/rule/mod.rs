//! The rule files' examples, and newer lists.

mod rules;
mod update;
