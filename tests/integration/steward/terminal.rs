//! Accounts and the audit log, at the terminal.

use std::io::Write;
use std::process::Stdio;

use rusqlite::Connection;

use crate::support::program::{Place, Ran};

/// Adds an account whose password comes through standard input.
fn add(place: &Place, name: &str, password: &str) -> Ran {
    let mut child = place
        .command(&["user", "add", name, "--password-file", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    child.stdin.take().expect("is piped").write_all(password.as_bytes()).expect("is read");
    Ran::of(child.wait_with_output().expect("ends"))
}

#[test]
fn an_account_is_made_changed_and_disabled_and_the_log_says_so() {
    let place = Place::new();
    assert_eq!(add(&place, "Noa", "three blue chairs\n").exit, Some(0));
    for (name, password, why) in [
        ("noa", "green wooden door\n", "there is an account of this name"),
        ("dan", "short\n", "fewer than 8 letters"),
        ("dan", "iloveyou\n", "everybody tries first"),
        ("dan.levi", "dan.levi1\n", "little more than the account's name"),
        ("  ", "green wooden door\n", "no name of an account"),
    ] {
        let refused = add(&place, name, password);
        assert_eq!(refused.exit, Some(2), "{name}");
        assert!(refused.stderr.contains(why), "{name}: {}", refused.stderr);
        assert!(!refused.stderr.contains(password.trim()) || password.trim() == "short", "{}", refused.stderr);
    }
    assert_eq!(place.tiuv(&["user", "role", "noa", "approver"]).exit, Some(0));
    assert_eq!(place.tiuv(&["user", "disable", "noa"]).exit, Some(0));
    assert!(place.tiuv(&["user", "list"]).stdout.contains("approver  Noa  (disabled "));
    assert!(place.tiuv(&["user", "disable", "noaa"]).stderr.contains("did you mean `noa`?"));
    let log = place.tiuv(&["audit", "list"]).stdout;
    assert_eq!(log.lines().count(), 3, "{log}");
    assert!(!log.contains("chairs"), "{log}");
    let state = Connection::open(place.path(".tiuv/state.db")).expect("opens");
    let hash: String = state.query_row("SELECT hash FROM steward_user", [], |row| row.get(0)).expect("is there");
    assert!(hash.starts_with("$argon2id$"), "{hash}");
}

#[test]
fn a_log_that_somebody_changed_is_found() {
    let place = Place::new();
    add(&place, "noa", "three blue chairs\n");
    add(&place, "dan", "three blue chairs\n");
    let verified = place.tiuv(&["audit", "verify"]);
    assert!(verified.exit == Some(0) && verified.stdout.contains("2 lines"), "{}", verified.stdout);
    assert_eq!(place.tiuv(&["audit", "export", "audit.jsonl"]).exit, Some(0));
    let exported = std::fs::read_to_string(place.path("audit.jsonl")).expect("is written");
    let line: serde_json::Value = serde_json::from_str(exported.lines().next().expect("a line")).expect("is JSON");
    assert_eq!((&line["what"], &line["detail"]["user"]), (&"user_add".into(), &"noa".into()));
    let state = Connection::open(place.path(".tiuv/state.db")).expect("opens");
    state
        .execute_batch(
            "DROP TRIGGER audit_is_not_changed; UPDATE audit SET detail = replace(detail, 'noa', 'nao') WHERE id = 1",
        )
        .expect("whoever has the file can");
    let verified = place.tiuv(&["audit", "verify"]);
    assert!(verified.exit == Some(1) && verified.stdout.contains("line 1"), "{}", verified.stdout);
}
