//! What every run promises: bytes, faults, privacy, the workspace.

mod alignment;
mod columns;
mod determinism;
mod exports;
mod faults;
mod kosher;
mod lists;
mod notes;
mod page;
mod privacy;
mod story;
mod tables;
mod workspace;
