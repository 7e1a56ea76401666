//! One integration binary: it links once.

mod architecture;
mod bad_input;
mod command;
mod determinism;
mod dns;
mod email;
mod faults;
#[path = "../../benches/generator/mod.rs"]
mod generator;
mod idempotence;
mod kosher;
mod lookup;
mod numbering;
mod phone;
mod phone_command;
mod privacy;
mod program;
mod resolve;
mod rules;
mod workspace;
