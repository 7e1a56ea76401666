//! The server: what others send us over HTTP.

pub mod webhooks;
