//! tiuv brings a rotting customer list back to health.
//!
//! The modules in the order in which a record meets them; `ARCHITECTURE.md` has the layers and a walkthrough.

pub mod clock;
pub mod error;
pub mod finding;
pub mod record;

pub mod config;
pub mod dns;
pub mod fetch;
pub mod http;
pub mod lookup;
pub mod rule;
pub mod store;

pub mod ingest;
pub mod standardize;
pub mod validate;

pub mod resolve;

pub mod survivorship;

pub mod decay;
pub mod evidence;

pub mod outreach;

pub mod pipeline;

mod page;
pub mod report;

#[cfg(feature = "web")]
pub mod web;

pub mod cli;
