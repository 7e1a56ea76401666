//! What the tests share: running the program in a place of its own, and lists that are generated.

#[path = "../../../benches/generator/mod.rs"]
pub(crate) mod generator;
pub(crate) mod program;
