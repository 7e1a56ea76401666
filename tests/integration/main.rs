//! One integration binary: it links once. A folder has the tests of the module of its name.

mod architecture;
mod check;
mod cli;
mod databases;
mod decay;
mod dns;
mod faults;
mod ingest;
mod kernel;
mod lookup;
mod outreach;
mod pipeline;
mod resolve;
mod rule;
mod standardize;
mod steward;
mod support;
