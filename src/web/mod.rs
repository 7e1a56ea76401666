//! The server: what others send us over HTTP, the page that customers answer by, and those that stewards work on.
//!
//! [`serve`] listens, keeps requests within their limits and stops when it is told to. What is answered below one path is a
//! room of its own, which only reads, checks and hands over: writing is for the one thread that has the workspace.

mod confirm;
mod desk;
mod error;
mod listener;
mod server;
mod steward;
mod webhooks;

pub use confirm::Confirming;
pub use error::WebError;
pub use server::{Serving, serve};
#[cfg(fuzzing)]
pub use webhooks::read_body;
