//! Reading e-mail cells beside PyPI's `email-validator` in the same run.
//!
//! `cargo bench --bench email [-- --python PYTHON]` prints cells a second of CPU time on one core: what tiuv does with each
//! cell is the whole of its reading (parse, repairs, classes, suggestions, reason codes, verdict) and the key. All cells
//! are invented. Ends with 1 where a promise is not kept; without `email-validator` only the first is looked at.

mod generator;

use std::fmt::Write as _;
use std::hint::black_box;
use std::io::{self, Write};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::Context;
use generator::{Random, column};
use rustix::time::{ClockId, clock_gettime};
use tiuv::finding::Mark;
use tiuv::record::{CellOut, Verdict};
use tiuv::rule::RuleFiles;
use tiuv::standardize::{CellContext, EmailStandardizer, Standardizer, push_email_key};
use tiuv::validate::{EmailValidator, StandardCell, Validator};

/// Rounds of each peer, taken in turn so that a slow minute of the machine is everybody's.
const ROUNDS: usize = 5;
/// Cells that the peer reads of each list, as it takes its time.
const PEER_CELLS: usize = 20_000;
const DAMAGED: &str = "every cell damaged";
const LEAST_RATE: f64 = 1e6;
const LEAST_RATIO: f64 = 20.0;

fn main() -> anyhow::Result<ExitCode> {
    let python = std::env::args().skip_while(|argument| argument != "--python").nth(1);
    let python = python.unwrap_or_else(|| "python3".to_owned());
    let lists = [
        ("clean, as in a customer list", clean()),
        ("clean, every domain another company's", companies()),
        ("a generated list with its damage", list()),
        (DAMAGED, damaged()),
    ];
    let tiuv = Tiuv::new()?;
    let mut out = io::stdout();
    writeln!(out, "| cells | tiuv, cells a second | email-validator | ratio |\n|---|---:|---:|---:|")?;
    let mut is_kept = true;
    for (name, cells) in &lists {
        let (mut own, mut peer) = (f64::INFINITY, None);
        for _ in 0..ROUNDS {
            own = own.min(tiuv.seconds(cells)? / cells.len() as f64);
            let peer_cells = &cells[..PEER_CELLS.min(cells.len())];
            match email_validator(&python, peer_cells) {
                Ok(seconds) => peer = Some(peer.unwrap_or(f64::INFINITY).min(seconds / peer_cells.len() as f64)),
                Err(error) => writeln!(io::stderr(), "without email-validator: {error:#}")?,
            }
        }
        let ratio = peer.map(|peer| peer / own);
        let rate = |seconds: f64| format!("{:.0}", 1.0 / seconds);
        let (other, times) =
            (peer.map_or("-".to_owned(), rate), ratio.map_or("-".to_owned(), |ratio| format!("{ratio:.0} ×")));
        writeln!(out, "| {name} | {} | {other} | {times} |", rate(own))?;
        // Where every cell is broken each takes the long way, and the peer only says no; no list is like that.
        let is_kept_here = 1.0 / own >= LEAST_RATE && ratio.is_none_or(|ratio| ratio >= LEAST_RATIO);
        is_kept &= *name == DAMAGED || is_kept_here;
    }
    Ok(if is_kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The whole of tiuv's reading.
struct Tiuv {
    reader: EmailStandardizer,
    validator: EmailValidator,
}

impl Tiuv {
    fn new() -> anyhow::Result<Self> {
        let files = RuleFiles::embedded();
        Ok(Tiuv { reader: EmailStandardizer::new(&files)?, validator: EmailValidator::new(&files)? })
    }

    fn seconds(&self, cells: &[String]) -> anyhow::Result<f64> {
        let start = cpu();
        let (mut out, mut marks, mut key): (CellOut, Vec<Mark>, String) = Default::default();
        let mut good = 0;
        for cell in cells {
            out.clear();
            marks.clear();
            key.clear();
            self.reader.standardize(cell, CellContext::default(), &mut out);
            for address in out.values() {
                push_email_key(self.reader.keys(), address, &mut key);
            }
            let read = StandardCell { display: &out.display, detail: out.detail, marks: &out.marks };
            good += usize::from(self.validator.validate(read, &mut marks) <= Verdict::Repaired);
            black_box((&out, &marks, &key));
        }
        anyhow::ensure!(good > 0, "nothing was read");
        Ok((cpu() - start).as_secs_f64())
    }
}

/// CPU seconds that the peer's own process took for its loop.
fn email_validator(python: &str, cells: &[String]) -> anyhow::Result<f64> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/email_peer.py");
    let mut child = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("can't start {python}"))?;
    let mut text = String::new();
    for cell in cells {
        writeln!(text, "{}", serde_json::Value::from(cell.as_str()))?;
    }
    child.stdin.take().context("it has an input")?.write_all(text.as_bytes()).ok();
    let ended = child.wait_with_output()?;
    anyhow::ensure!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr).lines().last().unwrap_or("?"));
    String::from_utf8_lossy(&ended.stdout).trim().parse().context("it prints seconds")
}

/// The e-mail column of a generated list without damage; empty cells left out.
fn clean() -> Vec<String> {
    column_of(generator::Options { rows: 120_000, damaged: 0, ..Default::default() })
}

/// The same with the damage that such lists have.
fn list() -> Vec<String> {
    column_of(generator::Options { rows: 120_000, ..Default::default() })
}

fn column_of(options: generator::Options) -> Vec<String> {
    generator::list(options).map(|row| row.cells[column::EMAIL].clone()).filter(|cell| !cell.is_empty()).collect()
}

/// Addresses at domains that no list knows.
fn companies() -> Vec<String> {
    let mut random = Random::at(20_261_122, 1);
    let ends = ["co.il", "com", "org.il", "net", "de", "co.uk", "biz"];
    clean()
        .into_iter()
        .map(|cell| {
            let local = cell.split('@').next().unwrap_or_default();
            format!("{local}@shop-{}.{}", random.below(1_000_000), random.pick(&ends))
        })
        .collect()
}

/// Every cell repaired, corrected or refused.
fn damaged() -> Vec<String> {
    let mut random = Random::at(20_261_122, 2);
    let damage: &[fn(&str) -> String] = &[
        |cell| format!(" {cell}\u{a0}"),
        |cell| format!("\u{200f}{cell}"),
        |cell| format!("mailto:{cell}?subject=hi"),
        |cell| format!("Dana Levi <{cell}>"),
        |cell| format!("דנה לוי {cell}"),
        |cell| format!("מייל: {cell}"),
        |cell| format!("{cell}."),
        |cell| cell.replacen('@', "@@", 1),
        |cell| cell.replacen('@', " @ ", 1),
        |cell| cell.replacen(".co", ",co", 1),
        |cell| cell.replacen(".co", "..co", 1),
        |cell| cell.replacen("gmail", "gmial", 1).replacen("walla", "wala", 1).replacen("hotmail", "hotmal", 1),
        |cell| cell.replacen(".com", ".con", 1),
        |cell| cell.replacen('@', "", 1),
        |cell| cell.split('@').next().unwrap_or_default().to_owned(),
        |cell| format!("{cell}; noa@walla.co.il"),
        |cell| format!(".{cell}"),
        |cell| cell.replacen('@', "[at]", 1),
    ];
    clean().into_iter().map(|cell| random.pick(damage)(&cell)).collect()
}

fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}
