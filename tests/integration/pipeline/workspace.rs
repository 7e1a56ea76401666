//! The workspace stays whole: a run happened or it did not, whatever stops it and whoever else is at work.

use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::support::generator::{Language, Options, csv, headers, list};
use crate::support::program::{AS_OF, Place, Ran, fixture};

const OUTPUTS: [&str; 8] = [
    "rows.csv",
    "changes.csv",
    "quarantine.csv",
    "customers.csv",
    "duplicates.csv",
    "possible_duplicates.csv",
    "report.html",
    "run.json",
];

#[test]
fn the_same_input_twice_is_one_run() {
    let place = Place::new();
    let path = fixture("newsletter_en.csv");
    let clean = |out: &str, more: &[&str]| {
        let ran = place.tiuv(&[&["clean", &path, "--out", out], &AS_OF[..], more].concat());
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    };
    clean("first", &[]);
    clean("second", &["--threads", "1"]);
    let runs = runs(&place);
    assert_eq!(runs.len(), 1, "{runs:?}");
    assert_eq!(runs[0]["rows_out"], 800);
    let files = place.files();
    for name in OUTPUTS {
        assert!(files[&format!("first/{name}")] == files[&format!("second/{name}")], "{name} differs");
    }
    let other = fixture("shop_ru.csv");
    let ran = place.tiuv(&[&["clean", &other, "--accept-mapping"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(self::runs(&place).len(), 2, "another list is another run");
}

#[test]
fn without_state_nothing_is_remembered() {
    let place = Place::new();
    let path = fixture("newsletter_en.csv");
    let ran = place.tiuv(&[&["clean", &path, "--no-state"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(!place.path(".tiuv").exists());
    assert_eq!(place.tiuv(&["runs"]).exit, Some(2));
}

#[test]
fn a_run_that_was_killed_left_nothing_or_everything() {
    let place = Place::new();
    big_list(&place);
    for milliseconds in [0, 30, 100, 250, 450, 700, 1100, 1600] {
        let mut child = start(&place);
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().expect("a child can be killed");
        let ran = Ran::of(child.wait_with_output().expect("it ended"));
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        assert_all_or_nothing(&place, &format!("killed after {milliseconds} ms"));
    }
    assert_works_again(&place);
}

#[cfg(unix)]
#[test]
fn a_run_that_was_interrupted_says_so_and_left_nothing() {
    let place = Place::new();
    big_list(&place);
    let mut interrupted = 0;
    for milliseconds in [150, 300, 600, 900] {
        let child = start(&place);
        std::thread::sleep(Duration::from_millis(milliseconds));
        let pid = child.id().to_string();
        // By now it may have ended by itself.
        let _ = place.command_of("kill", &["-INT", &pid]).stderr(Stdio::null()).status();
        let ran = Ran::of(child.wait_with_output().expect("it ended"));
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        assert!(matches!(ran.exit, Some(0 | 130)), "after {milliseconds} ms: {:?} {}", ran.exit, ran.stderr);
        if ran.exit == Some(130) {
            interrupted += 1;
            assert!(ran.stderr.contains("stopped"), "{}", ran.stderr);
        }
        assert_all_or_nothing(&place, &format!("interrupted after {milliseconds} ms"));
        let is_empty = !OUTPUTS.iter().any(|name| place.path("out").join(name).exists());
        assert_eq!(is_empty, ran.exit == Some(130), "after {milliseconds} ms: {:?}", ran.exit);
        let parts = place.files().keys().filter(|name| name.ends_with(".part") || name.contains(".tmp")).count();
        assert_eq!(parts, 0, "temporary files were left");
        if ran.exit == Some(0) {
            std::fs::remove_dir_all(place.path("out")).expect("outputs can be removed");
        }
    }
    assert!(interrupted > 0, "no run was slow enough to be interrupted");
    assert_works_again(&place);
}

#[test]
fn runs_at_the_same_time_do_not_harm_each_other() {
    let place = Place::new();
    for (number, rows) in [(1u64, 400u64), (2, 500), (3, 600)] {
        write_list(&place, &format!("list{number}.csv"), rows, number);
    }
    let children: Vec<Child> = [1, 2, 3, 1, 2, 3]
        .iter()
        .enumerate()
        .map(|(index, number)| {
            let (list, out) = (format!("list{number}.csv"), format!("out{index}"));
            let mut command = place.command(&[&["clean", &list, "--out", &out], &AS_OF[..]].concat());
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("tiuv starts")
        })
        .collect();
    for child in children {
        let ran = Ran::of(child.wait_with_output().expect("it ended"));
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    }
    assert_eq!(runs(&place).len(), 3);
    let files = place.files();
    for index in 0..3 {
        for name in OUTPUTS {
            assert!(files[&format!("out{index}/{name}")] == files[&format!("out{}/{name}", index + 3)], "{name}");
        }
    }
}

#[test]
fn a_saved_mapping_is_used_from_then_on() {
    let place = Place::new();
    place.write("list.csv", "id,kuku,muku\n1,Dana,050-2345678\n2,Noa,052-3456789\n3,Omer,054-4567890\n");
    let ran = place.tiuv(&["map", "list.csv", "--map", "first_name=kuku", "--map", "mobile=muku", "--save"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let clean = |more: &[&str]| {
        let ran = place.tiuv(&[&["clean", "list.csv", "--accept-mapping", "--out", "out"], &AS_OF[..], more].concat());
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
        let run: Value = serde_json::from_slice(&place.files()["out/run.json"]).expect("run.json is JSON");
        let columns = run["inputs"][0]["mapping"].as_array().or(run["inputs"][0]["mapping"]["columns"].as_array());
        let columns = columns.expect("the mapping is told").clone();
        columns.iter().map(|column| column["field"].as_str().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(clean(&[])[1..], ["first_name", "mobile"]);
    assert_eq!(clean(&["--map", "none=kuku"])[1..], ["", "mobile"], "what is said now comes first");
    assert_ne!(clean(&["--workspace", "elsewhere"])[1..], ["first_name", "mobile"], "another workspace knows nothing");
}

fn big_list(place: &Place) {
    write_list(place, "list.csv", 40_000, 9);
}

fn write_list(place: &Place, name: &str, rows: u64, seed: u64) {
    let options = Options { rows, seed, language: Language::English, ..Options::default() };
    let mut text = String::new();
    csv::push_record(&mut text, &headers(options.language), ',', "\n");
    for row in list(options) {
        csv::push_record(&mut text, &row.cells, ',', "\n");
    }
    place.write(name, text);
}

fn start(place: &Place) -> Child {
    let mut command = place.command(&[&["clean", "list.csv", "--out", "out", "--threads", "1"], &AS_OF[..]].concat());
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("tiuv starts")
}

fn assert_all_or_nothing(place: &Place, what: &str) {
    let there = OUTPUTS.iter().filter(|name| place.path("out").join(name).exists()).count();
    assert!(there == 0 || there == OUTPUTS.len(), "{what}: {there} outputs");
    let ran = place.tiuv(&["runs", "--json"]);
    assert!(matches!(ran.exit, Some(0 | 2)), "{what}: {}", ran.stderr);
    if there == 0 && ran.exit == Some(0) {
        assert_eq!(runs(place).len(), 0, "{what}: a run is remembered whose outputs are not there");
    }
}

fn assert_works_again(place: &Place) {
    let ran = Ran::of(start(place).wait_with_output().expect("it ended"));
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert_eq!(runs(place).len(), 1);
    assert!(OUTPUTS.iter().all(|name| place.path("out").join(name).exists()));
}

fn runs(place: &Place) -> Vec<Value> {
    let ran = place.tiuv(&["runs", "--json"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    serde_json::from_str(&ran.stdout).expect("runs are JSON")
}
