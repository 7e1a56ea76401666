//! One integration binary: it links once.

mod email;
mod rules;
