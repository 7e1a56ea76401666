//! What the tests share: running the program in a place of its own, lists that are generated, and requests as servers read them.

#[path = "../../../benches/generator/mod.rs"]
pub(crate) mod generator;
pub(crate) mod partner;
pub(crate) mod program;
pub(crate) mod request;
