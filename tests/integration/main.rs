//! One integration binary: it links once.

mod phone;
mod rules;
