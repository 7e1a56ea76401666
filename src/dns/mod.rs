//! Mass checks of where mail to a domain goes; careful never to call the living dead.
//!
//! Each different domain is looked up once: MX, else its own address (RFC 5321 section 5.1), unless it says that it takes
//! no mail (RFC 7505). Answers are remembered by whoever is given as [`MxMemory`](crate::record::MxMemory).

mod ask;
mod canary;
mod checker;
mod lookup;
mod query;
mod question;
mod reply;
mod resolvers;
mod run;
mod server;
mod stats;
mod status;
mod traffic;
mod udp;

pub use canary::Trust;
pub use checker::{Checker, MxCheck, MxMode, MxOptions};
pub use resolvers::{ResolverError, parse_resolvers};
pub use stats::{GroupKind, MxGroup, MxProgress, MxStats, ResolverStats, Stopped};
