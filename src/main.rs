//! The `tiuv` command.

fn main() {}
