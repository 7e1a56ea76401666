//! What `tiuv check` writes for others to read, and what it takes as known.

mod expect;
mod import;
mod known;
mod receivers;
