//! Mass checks of where mail to a domain goes; careful never to call the living dead.
//!
//! Each different domain is looked up once: MX, else its own address (RFC 5321 section 5.1), unless it says that it takes
//! no mail (RFC 7505). Answers are remembered by whoever is given as [`MxMemory`](crate::record::MxMemory).

mod account;
mod ask;
mod canary;
mod checker;
mod lookup;
mod put;
mod question;
mod reply;
mod resolvers;
mod run;
mod server;
mod standing;
mod traffic;
mod udp;

pub use account::{GroupKind, MxAccount, MxGroup, MxProgress, ResolverAccount, Stopped};
pub use canary::Trust;
pub use checker::{Checker, MxCheck, MxMode, MxOptions};
pub use resolvers::{ResolverError, parse_resolvers};
