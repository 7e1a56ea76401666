//! What `tiuv check` writes for others to read, and what it takes as known.

mod cache;
mod expect;
mod import;
mod known;
mod receivers;
mod since;
