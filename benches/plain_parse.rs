//! Parses a file with the `csv` crate and prints how many records it holds: `cargo bench --bench plain_parse -- list.csv`.
//!
//! `promises.py` runs it as a process of its own, to see what the same file costs when nothing is done with it.

mod baseline;

use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    // `cargo bench` adds `--bench`.
    let given = std::env::args().skip(1).find(|argument| argument != "--bench");
    let path = given.context("which file? cargo bench --bench plain_parse -- list.csv")?;
    let records = baseline::plain_csv_parse(Path::new(&path)).with_context(|| format!("failed to parse {path}"))?;
    writeln!(io::stdout(), "{records}")?;
    Ok(())
}
