//! Small files that stand for large things. Each limit of `docs/limits.md` has one here or beside its reader: what it costs is
//! bounded, and it ends with a word about it.

mod old_workbooks;
mod packed;
mod parquet;
mod records;
mod settings;
mod sheets;
mod zip;

use std::io::Read;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::program::{Place, Ran};

/// What a command may hold in memory here, in MiB. An ordinary run of a build without optimization takes about 100.
const MOST_MIB: u64 = 700;
/// How long a command may take here, in tenths of a second, whatever else is at work on the machine.
const MOST_TENTHS: u32 = 900;

/// Runs a command and holds it to these limits.
fn bounded(place: &Place, args: &[&str], what: &str) -> Ran {
    let mut child =
        place.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let pid = Pid::from_child(&child);
    let said = [boxed(child.stdout.take()), boxed(child.stderr.take())].map(|pipe| {
        std::thread::spawn(move || {
            let mut text = String::new();
            pipe.take(1 << 24).read_to_string(&mut text).expect("is UTF-8");
            text
        })
    });
    let (mut peak, mut turns) = (0, 0);
    let status = loop {
        peak = peak.max(most_held(child.id()));
        if let Some(status) = child.try_wait().expect("is waited for") {
            break status;
        }
        turns += 1;
        if turns > MOST_TENTHS * 10 || peak > 4 * MOST_MIB {
            kill_process(pid, Signal::KILL).expect("is told");
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let [stdout, stderr] = said.map(|reader| reader.join().expect("was read"));
    let ran = Ran { exit: status.code(), stdout, stderr };
    assert!(ran.exit.is_some(), "{what}: was ended after {} s with {peak} MiB: {ran:?}", turns / 100);
    assert!(peak <= MOST_MIB, "{what}: {peak} MiB: {ran:?}");
    assert!(!ran.stderr.contains("panicked"), "{what}: {ran:?}");
    ran
}

fn boxed(pipe: Option<impl Read + Send + 'static>) -> Box<dyn Read + Send> {
    Box::new(pipe.expect("is piped"))
}

/// The most that a process held so far, in MiB.
fn most_held(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// A list that is refused: by its name, for a reason, with a remedy, and nothing is written.
fn refused(name: &str, bytes: &[u8], reason: &str) {
    refused_with(&Place::new(), name, bytes, &[], reason);
}

/// The same with more to say on the command line, in a place where that is.
fn refused_with(place: &Place, name: &str, bytes: &[u8], more: &[&str], reason: &str) {
    place.write(name, bytes);
    for command in [&["check", name][..], &["clean", name, "--no-state", "--out", "out"]] {
        let what = format!("{name}, {reason:?}, {}", command[0]);
        let ran = bounded(place, &[command, &["--accept-mapping", "--as-of", "2026-11-21"], more].concat(), &what);
        assert_eq!(ran.exit, Some(3), "{what}: {ran:?}");
        assert!(ran.stderr.contains(name) && ran.stderr.contains(reason), "{what}: {ran:?}");
        assert!(ran.stderr.contains("help:"), "{what}: no remedy: {ran:?}");
        assert!(!place.path("out").exists(), "{what}: something was written");
    }
}

/// A list of so many rows, of which so many are set apart; their reason stands with each.
fn set_apart(name: &str, bytes: &[u8], rows: u64, quarantined: u64, code: &str) {
    let place = Place::new();
    place.write(name, bytes);
    let args = ["clean", name, "--no-state", "--out", "out", "--accept-mapping", "--as-of", "2026-11-21"];
    let ran = bounded(&place, &args, name);
    assert_eq!(ran.exit, Some(0), "{name}: {ran:?}");
    let run = std::fs::read(place.path("out/run.json")).expect("is there");
    let run: serde_json::Value = serde_json::from_slice(&run).expect("is JSON");
    assert_eq!((run["rows_out"].as_u64(), run["quarantined"].as_u64()), (Some(rows), Some(quarantined)), "{name}");
    let apart = std::fs::read_to_string(place.path("out/quarantine.csv")).expect("is there");
    assert!(quarantined == 0 || apart.contains(code), "{name}: {}", &apart[..apart.len().min(400)]);
}

/// A place whose directory `my` has the shipped rules of reading, some of them with another number.
fn with_limits(limits: &[(&str, u64)]) -> Place {
    let place = Place::new();
    let shipped = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/rules/ingest.toml")).expect("is there");
    let line = |line: &str| {
        let key = line.split(" = ").next().unwrap_or_default();
        let limit = limits.iter().find(|(name, _)| *name == key);
        limit.map_or(line.to_owned(), |(name, number)| format!("{name} = {number}"))
    };
    std::fs::create_dir(place.path("my")).expect("made");
    place.write("my/ingest.toml", shipped.lines().map(line).collect::<Vec<_>>().join("\n"));
    place
}
