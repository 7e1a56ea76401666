//! What `tiuv check` writes for others to read, and what it takes as known.

mod known;
mod receivers;
