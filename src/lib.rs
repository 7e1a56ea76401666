//! tiuv brings a rotting customer list back to health.
//!
//! Five blocks, in the order in which a record meets them; `ARCHITECTURE.md` has the layers and a walkthrough.
//!
//! * The **kernel**, always built: nouns and rules, and the stages that read, judge and resolve what is already in memory.
//!   It opens no store and no socket. `record`, `text`, `rule`, `contact`, `meaning`, `standardize`, `validate`, `resolve`,
//!   `survivorship`, `evidence`, `decay`, `law`, `advice`, and `kernel`, which puts the stages that judge cells together.
//! * What the workspace knows of **persons** who refused: `person`.
//! * The **doors**, where values come in and are kept: `disk`, `database`, `ingest`, `config`, `store`, `http`, `dns`, `fetch`, `lookup`.
//! * The **order** in which things are done: `outreach`, `steward`, `pipeline`.
//! * The **faces**, which people and machines see: `page` (what their pages share), `report`, `web`, `cli`.
//!
//! All but the kernel need the feature `app`, and `web` the feature of its name.

#[cfg_attr(not(feature = "app"), allow(dead_code, unused_imports))]
pub mod advice;
pub mod clock;
pub mod contact;
// What is gathered and judged of contacts is asked for by the order of a run alone.
#[cfg_attr(not(feature = "app"), allow(dead_code, unused_imports))]
pub mod decay;
pub mod error;
#[cfg_attr(not(feature = "app"), allow(dead_code, unused_imports))]
pub mod evidence;
pub mod finding;
pub mod kernel;
pub mod law;
pub mod meaning;
pub mod record;
pub mod resolve;
pub mod rule;
pub mod standardize;
pub mod survivorship;
pub mod text;
pub mod validate;

#[cfg(feature = "app")]
pub mod config;
#[cfg(feature = "app")]
pub mod database;
#[cfg(feature = "app")]
pub mod disk;
#[cfg(feature = "app")]
pub mod dns;
#[cfg(feature = "app")]
pub mod fetch;
#[cfg(feature = "app")]
pub mod http;
#[cfg(feature = "app")]
pub mod ingest;
#[cfg(feature = "app")]
pub mod lookup;
#[cfg(feature = "app")]
pub mod person;
#[cfg(feature = "app")]
pub mod store;

#[cfg(feature = "app")]
pub mod outreach;
#[cfg(feature = "app")]
pub mod pipeline;
#[cfg(feature = "app")]
pub mod steward;

#[cfg(feature = "app")]
pub mod cli;
#[cfg(feature = "app")]
mod page;
#[cfg(feature = "app")]
pub mod report;
#[cfg(feature = "web")]
pub mod web;
