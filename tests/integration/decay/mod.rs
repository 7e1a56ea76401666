//! What has gone stale, and the fit beside one from the definition.

mod clean;
mod events;
mod fit;
