//! (stub)

pub mod columns;
