//! One integration binary: it links once.

mod email;
#[path = "../../benches/generator/mod.rs"]
mod generator;
mod phone;
mod rules;
