//! Reading phone cells beside other libraries in the same run, and what each of them makes of the reference's cells.
//!
//! `cargo bench --bench phone` prints two tables: numbers a second of CPU time on one core, and agreement. Google's C++
//! library takes part where a C++ compiler and Debian's `libphonenumber-dev` are there. All cells are invented. A part of
//! a name chooses among the readers: `cargo bench --bench phone -- engine`.

mod generator;
#[path = "phone/lists.rs"]
mod lists;
#[path = "phone/peers.rs"]
mod peers;

use std::io::{self, Write};
use std::time::Instant;

use anyhow::Context;
use lists::Cells;
use peers::{Peer, Tiuv};
use rayon::prelude::*;

/// Rounds of each peer, taken in turn so that a slow minute of the machine is everybody's.
const ROUNDS: usize = 7;

fn main() -> anyhow::Result<()> {
    let lists = [("Israeli list", lists::israeli()), ("all countries", lists::all_countries())];
    let mut out = io::stdout();
    let mut peers = peers::peers()?;
    if let Some(part) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) {
        peers.retain(|peer| peer.name().contains(&part));
        anyhow::ensure!(!peers.is_empty(), "no reader's name contains `{part}`");
    }
    for (name, cells) in &lists {
        writeln!(out, "\n{name}: {} cells, one core, CPU time, best of {ROUNDS}\n", cells.len())?;
        let mut best = vec![f64::INFINITY; peers.len()];
        for _ in 0..ROUNDS {
            for (peer, best) in peers.iter_mut().zip(&mut best) {
                *best = best.min(peer.seconds(cells).with_context(|| peer.name())?);
            }
        }
        let first = best[0];
        writeln!(out, "| reader | cells a second | time of the first |\n|---|---:|---:|")?;
        for (peer, best) in peers.iter().zip(&best) {
            let rate = cells.len() as f64 / best;
            writeln!(out, "| {} | {} | {:.1} × |", peer.name(), thousands(rate), best / first)?;
        }
    }
    agreement(&mut out, &peers)?;
    threads(&mut out, &lists[0].1)
}

/// What each peer says of the reference's cells.
fn agreement(out: &mut impl Write, peers: &[Box<dyn Peer>]) -> anyhow::Result<()> {
    let (cells, answers) = lists::reference();
    writeln!(out, "\nThe reference: {} cells as `phonenumbers` 9.0.43 reads them\n", cells.len())?;
    writeln!(out, "| library | same answer | valid ones refused | invalid ones taken | another number |")?;
    writeln!(out, "|---|---:|---:|---:|---:|")?;
    for peer in peers {
        let (mut same, mut refused, mut taken, mut other, mut valid) = (0, 0, 0, 0, 0);
        for (cell, answer) in cells.iter().zip(&answers) {
            let Some(ours) = peer.answer(cell) else { continue };
            valid += u32::from(answer.is_some());
            match (&ours, answer) {
                (None, Some(_)) => refused += 1,
                (Some(_), None) => taken += 1,
                (Some(ours), Some(answer)) if ours.as_str() != *answer => other += 1,
                _ => same += 1,
            }
        }
        if valid > 0 {
            let share = |count: u32, of: u32| format!("{:.2} %", f64::from(count) / f64::from(of) * 100.0);
            let same = share(same, cells.len() as u32);
            writeln!(out, "| {} | {same} | {} | {taken} | {other} |", peer.name(), share(refused, valid))?;
        }
    }
    Ok(())
}

/// One thread and two, by the clock on the wall: only a quiet machine shows what two are worth.
#[expect(clippy::disallowed_methods, reason = "only the clock on the wall shows what a second thread is worth")]
fn threads(out: &mut impl Write, cells: &Cells) -> anyhow::Result<()> {
    const TIMES: usize = 100;
    let tiuv = Tiuv::new()?;
    let mut best = [f64::INFINITY; 2];
    for _ in 0..ROUNDS {
        for (best, threads) in best.iter_mut().zip([1, 2]) {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
            let start = Instant::now();
            let read: usize = pool.install(|| (0..TIMES).into_par_iter().map(|_| tiuv.read_all(cells.iter())).sum());
            *best = best.min(start.elapsed().as_secs_f64());
            anyhow::ensure!(read > 0, "nothing was read");
        }
    }
    writeln!(out, "\ntwo threads: {:.2} × one, on {} cells\n", best[0] / best[1], cells.len() * TIMES)?;
    Ok(())
}

/// `1234567` as `1,234,567`.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
