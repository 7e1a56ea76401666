//! What must hold whatever failed, checked by every test of faults.

use std::collections::BTreeSet;

use rusqlite::Connection;
use serde_json::Value;

use crate::support::program::{Place, tiuv};

/// A place with a workspace, a refusal and two lists of different length.
pub(crate) struct Club {
    pub(crate) place: Place,
}

impl Club {
    /// The first list was cleaned, and somebody refused.
    pub(crate) fn new() -> Self {
        let place = Place::new();
        place.write("short.csv", list(7));
        place.write("long.csv", list(11));
        std::fs::create_dir(place.path("tmp")).expect("made");
        let club = Club { place };
        assert_eq!(club.run(&["clean", "short.csv", "--out", "out"]), Some(0));
        assert_eq!(club.run(&["suppress", "add", "050-2345601"]), Some(0));
        club
    }

    /// Runs a command; its temporary files lie in this place, too.
    pub(crate) fn run(&self, args: &[&str]) -> Option<i32> {
        self.run_with(args, &[])
    }

    /// The same with more of an environment; none where it died.
    pub(crate) fn run_with(&self, args: &[&str], environment: &[(&str, &str)]) -> Option<i32> {
        let args = [args, &["--as-of", "2026-11-21"]].concat();
        let mut command = self.place.command(&args);
        command.env("TMPDIR", self.place.path("tmp")).envs(environment.iter().copied());
        command.output().expect("tiuv starts").status.code()
    }
}

fn list(rows: usize) -> String {
    let given = ["Dana", "Noam", "Yossi", "Rina", "Omer", "Tali", "Gil", "Maya", "Ido", "Noa", "Amir"];
    let family =
        ["Levi", "Cohen", "Mizrahi", "Peretz", "Biton", "Dahan", "Avraham", "Friedman", "Katz", "Azulay", "Amar"];
    let mut text = "id,first name,last name,mobile,email,city\n".to_owned();
    for (row, (given, family)) in given.iter().zip(family).take(rows).enumerate() {
        let mail = given.to_lowercase();
        text.push_str(&format!("{row},{given},{family},050-23456{row:02},{mail}@walla.co.il,Haifa\n"));
    }
    text
}

/// Whoever reads `run.json` finds results that belong together; true where it is there.
pub(crate) fn is_whole(place: &Place, out: &str, when: &str) -> bool {
    let Ok(text) = std::fs::read(place.path(&format!("{out}/run.json"))) else { return false };
    let run: Value = serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{when}: run.json: {error}"));
    let records = |name: &str| -> u64 {
        let path = place.path(&format!("{out}/{name}"));
        let mut reader = csv::Reader::from_path(&path).unwrap_or_else(|error| panic!("{when}: {name}: {error}"));
        let records: Vec<_> =
            reader.records().collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{when}: {name}: {error}"));
        records.len() as u64
    };
    assert_eq!(run["rows_out"], records("rows.csv"), "{when}: rows of another run");
    assert_eq!(run["quarantined"], records("quarantine.csv"), "{when}");
    assert_eq!(
        run["resolve"]["stats"]["clusters"].as_u64().unwrap_or(records("customers.csv")),
        records("customers.csv"),
        "{when}"
    );
    for name in run["outputs"].as_array().expect("outputs") {
        let name = name.as_str().expect("a name");
        assert!(place.path(&format!("{out}/{name}")).is_file(), "{when}: {name} is missing");
    }
    true
}

/// No temporary file of anybody's, in the place or where temporary files lie.
pub(crate) fn nothing_left_behind(place: &Place, when: &str) {
    let left: Vec<String> = place
        .files()
        .into_keys()
        .filter(|name| {
            name.contains(".part") || name.contains(".tiuv-") || name.contains(".tmp") || name.starts_with("tmp/")
        })
        .collect();
    assert!(left.is_empty(), "{when}: left behind: {left:?}");
}

/// The workspace opens, its database is sound, the refusal is in it, and every file of a run is of a run that is recorded. Returns
/// the newest run.
pub(crate) fn usable(club: &Club, when: &str) -> String {
    let place = &club.place;
    let ran = tiuv(place, &["runs", "--json"]);
    assert_eq!(ran.exit, Some(0), "{when}: {ran:?}");
    let runs: Vec<Value> = serde_json::from_str(&ran.stdout).expect("JSON");
    let known: BTreeSet<&str> = runs.iter().map(|run| run["run"].as_str().expect("an id")).collect();
    let database = Connection::open(place.path(".tiuv/state.db")).expect("opens");
    let sound: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("is read");
    assert_eq!(sound, "ok", "{when}");
    let count = |sql: &str| -> i64 { database.query_row(sql, [], |row| row.get(0)).expect("is counted") };
    assert_eq!(count("SELECT count(*) FROM suppression WHERE lifted_at IS NULL"), 1, "{when}: a refusal was lost");
    assert_eq!(count("SELECT count(*) FROM publishing"), 0, "{when}: results wait for their names");
    for name in place.files().into_keys().filter_map(|name| name.strip_prefix(".tiuv/snapshots/").map(str::to_owned)) {
        let run = name.split('.').next().unwrap_or_default();
        assert!(known.contains(run), "{when}: {name} is of no run");
    }
    let damaged = tiuv(place, &["workspace", "repair", "--dry-run"]);
    assert_eq!(damaged.stdout, "nothing is damaged\n", "{when}");
    runs[0]["run"].as_str().expect("an id").to_owned()
}
