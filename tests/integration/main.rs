//! One integration binary: it links once.

#[path = "../../benches/generator/mod.rs"]
mod generator;
mod email;
mod phone;
mod rules;
