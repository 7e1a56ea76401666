//! One integration binary: it links once.

mod answers;
mod architecture;
mod bad_input;
mod command;
mod customers;
mod decay;
mod decay_fit;
mod determinism;
mod dispatch;
mod dns;
mod email;
mod email_cells;
mod email_key;
mod email_laws;
mod faults;
#[path = "../../benches/generator/mod.rs"]
mod generator;
mod holidays;
mod idempotence;
mod kernel;
mod kosher;
mod lookup;
mod numbering;
mod outreach_plan;
mod phone;
mod phone_command;
mod privacy;
mod program;
mod remembering;
mod resolve;
mod rule_update;
mod rules;
mod values;
mod workspace;
