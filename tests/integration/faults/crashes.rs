//! The process dies at every place at which something gets its name, as often as it comes by: the next command finds all of a run
//! or nothing of it.

use std::collections::BTreeMap;

use serde_json::Value;
use tiuv::disk::fault::POINTS;

use super::{Club, is_whole, nothing_left_behind, usable};
use crate::support::program::Place;

/// Lets a command die at a place, each time that it comes by, until it no longer does; `then` looks at what is left.
fn die_at(club: &Club, point: &str, args: &[&str], mut then: impl FnMut(&str)) -> u32 {
    for time in 1.. {
        let at = format!("{point}:{time}");
        if club.run_with(args, &[("TIUV_CRASH_AT", &at)]).is_some() {
            then(&format!("after {at} was not met"));
            return time - 1;
        }
        then(&format!("dead at {at}"));
    }
    0
}

fn run_of(place: &Place, out: &str) -> Option<String> {
    let text = std::fs::read(place.path(&format!("{out}/run.json"))).ok()?;
    let run: Value = serde_json::from_slice(&text).ok()?;
    run["run"].as_str().map(str::to_owned)
}

#[test]
fn a_run_that_dies_anywhere_is_there_with_all_of_its_results_or_not_at_all() {
    let mut deaths = BTreeMap::new();
    let club = Club::new();
    assert_eq!(club.run(&["clean", "short.csv", "--out", "out"]), Some(0));
    let first = usable(&club, "before");
    for point in POINTS {
        // In turns, so that each run replaces the results of another.
        let died = die_at(&club, point, &["clean", "long.csv", "--out", "out"], |when| {
            is_whole(&club.place, "out", when);
            let newest = usable(&club, when);
            assert!(is_whole(&club.place, "out", when), "{when}: no results");
            assert_eq!(run_of(&club.place, "out"), Some(newest), "{when}: results of another run than the newest");
            assert_eq!(club.run(&["clean", "short.csv", "--out", "out"]), Some(0), "{when}");
            nothing_left_behind(&club.place, when);
        });
        deaths.insert(point, died);
    }
    assert_eq!(usable(&club, "in the end"), first, "the same run is the same");
    let of_other_outputs = ["pending-written", "pending-named", "replacing"];
    let missed: Vec<_> =
        deaths.iter().filter(|(point, died)| **died == 0 && !of_other_outputs.contains(*point)).collect();
    assert!(missed.is_empty(), "nobody died at {missed:?}");
    assert!(deaths["named"] >= 8 && deaths["artefact-named"] >= 4, "{deaths:?}");
}

#[test]
fn results_without_a_workspace_belong_together_too() {
    let club = Club::new();
    for point in ["staged-file", "staged", "publishing", "unnamed", "named", "published"] {
        let died = die_at(&club, point, &["clean", "long.csv", "--out", "free", "--no-state"], |when| {
            is_whole(&club.place, "free", when);
            // The next command that writes there goes on or undoes it, before it does anything itself.
            club.run_with(&["clean", "short.csv", "--out", "free", "--no-state"], &[("TIUV_CRASH_AT", "staged-file")]);
            let is_there = is_whole(&club.place, "free", when);
            assert!(is_there || !when.contains("named"), "{when}: what was begun was not ended");
            assert_eq!(club.run(&["clean", "short.csv", "--out", "free", "--no-state"]), Some(0), "{when}");
            is_whole(&club.place, "free", when);
            nothing_left_behind(&club.place, when);
        });
        assert!(died > 0, "nobody died at {point}");
    }
}

#[test]
fn a_disk_that_fails_anywhere_changes_no_name_or_all_of_them() {
    let club = Club::new();
    for point in POINTS {
        for time in 1.. {
            let (before, at) = (run_of(&club.place, "out"), format!("{point}:{time}"));
            let when = format!("failed at {at}");
            let exit = club.run_with(&["clean", "long.csv", "--out", "out"], &[("TIUV_FAIL_AT", &at)]);
            if exit == Some(0) {
                break;
            }
            assert_eq!(exit, Some(3), "{when}");
            is_whole(&club.place, "out", &when);
            let newest = usable(&club, &when);
            let after = run_of(&club.place, "out");
            assert!(after == before || after.as_ref() == Some(&newest), "{when}");
            assert!(is_whole(&club.place, "out", &when), "{when}");
            nothing_left_behind(&club.place, &when);
            assert_eq!(club.run(&["clean", "short.csv", "--out", "out"]), Some(0), "{when}");
        }
    }
}

#[test]
fn a_file_that_is_written_alone_is_whole_or_not_there() {
    let club = Club::new();
    let dedupe = ["dedupe", "long.csv", "--out", "clusters.csv"];
    let reject = ["check", "long.csv", "--rejects", "rejects.csv", "--output", "json=check.json"];
    let export = ["suppress", "export", "suppressed.csv"];
    for args in [&dedupe[..], &reject, &export] {
        for point in ["pending-written", "pending-named"] {
            let died = die_at(&club, point, args, |when| {
                for (name, least) in
                    [("clusters.csv", 12), ("rejects.csv", 1), ("check.json", 1), ("suppressed.csv", 2)]
                {
                    if let Ok(text) = std::fs::read_to_string(club.place.path(name)) {
                        assert!(text.lines().count() >= least, "{when}: half of {name}");
                    }
                }
                club.run(args);
                nothing_left_behind(&club.place, when);
            });
            assert!(died > 0, "{args:?}: nobody died at {point}");
        }
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "how long it takes is what is asked here")]
fn ctrl_c_ends_a_run_soon_and_leaves_nothing() {
    use rustix::process::{Pid, Signal, kill_process};
    let club = Club::new();
    let rows: String = (0..30_000)
        .map(|row| format!("{row},Dana{},Levi{},050-2{row:06},d{row}@walla.co.il,Haifa\n", row % 97, row % 89))
        .collect();
    club.place.write("large.csv", format!("id,first name,last name,mobile,email,city\n{rows}"));
    let mut ended = 0;
    for wait in [200, 1_000, 2_500, 4_000, 6_000, 9_000] {
        let when = format!("interrupted after {wait} ms");
        let mut command = club.place.command(&[
            "clean",
            "large.csv",
            "--accept-mapping",
            "--out",
            "out",
            "--as-of",
            "2026-11-21",
            "--quiet",
        ]);
        let mut child = command.env("TMPDIR", club.place.path("tmp")).spawn().expect("starts");
        std::thread::sleep(std::time::Duration::from_millis(wait));
        kill_process(Pid::from_child(&child), Signal::INT).expect("is told");
        let asked = std::time::Instant::now();
        let status = child.wait().expect("ends");
        // A second where nothing else is at work on the machine.
        assert!(asked.elapsed().as_secs() < 10, "{when}: {:?}", asked.elapsed());
        assert!(matches!(status.code(), Some(0 | 130) | None), "{when}: {status:?}");
        ended += u32::from(status.code() == Some(130));
        if status.code().is_some() {
            nothing_left_behind(&club.place, &when);
        }
        assert!(is_whole(&club.place, "out", &when), "{when}");
        usable(&club, &when);
        assert_eq!(club.run(&["clean", "short.csv", "--out", "out"]), Some(0), "{when}");
        nothing_left_behind(&club.place, &when);
    }
    assert!(ended > 0, "nothing was interrupted");
}

/// The values that were accepted are in one change file, or wait for one.
#[test]
fn a_change_file_that_was_decided_is_there_whoever_comes_next_and_holds_each_value_once() {
    let club = Club::new();
    let give = |number: u32| {
        let database = rusqlite::Connection::open(club.place.path(".tiuv/state.db")).expect("opens");
        let new = format!("+9725234567{number:02}");
        database
            .execute(
                "INSERT INTO pending_change (customer, field, old, new, source, at, state, decided_by)
                 VALUES (?1, 'phone', '', ?2, 'confirm', '2026-11-20T10:00:00Z', 'accepted', 'person')",
                rusqlite::params![number, new],
            )
            .expect("given");
        new
    };
    let files = || {
        let files = club.place.files().into_iter().filter(|(name, _)| name.starts_with("crm/changes"));
        files.map(|(_, content)| String::from_utf8_lossy(&content).into_owned()).collect::<String>()
    };
    let export = ["outreach", "answers", "export", "--out", "crm"];
    let mut number = 0;
    let nexts: [&[&str]; 4] = [
        &export,
        &["outreach", "calls", "--out", "crm"],
        &["check", "short.csv", "--rejects", "crm/rejects.csv"],
        &["clean", "short.csv", "--out", "crm", "--no-state"],
    ];
    for point in ["staged", "committing", "committed", "publishing", "unnamed", "named", "published", "settled"] {
        for next in nexts {
            number += 1;
            let new = give(number);
            let crash = format!("{point}:1");
            assert_eq!(club.run_with(&export, &[("TIUV_CRASH_AT", &crash)]), None, "{point}: nobody died");
            club.run(next);
            assert_eq!(club.run(&export), Some(0), "{point}, then {next:?}");
            assert_eq!(files().matches(&new).count(), 1, "{point}, then {next:?}");
            nothing_left_behind(&club.place, point);
        }
    }
}
