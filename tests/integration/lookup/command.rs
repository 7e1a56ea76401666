//! `tiuv phone --lookup`: a service is asked about the valid numbers, once each, and the account of it is given.

use super::server::{Reply, Server};
use super::{MOBILE, READS, SECRET};
use crate::support::program::{Place, Ran};

fn place(server: &Server, more: &str) -> Place {
    let place = Place::new();
    let address = server.address;
    place.write(
        "tiuv.toml",
        format!("[lookup.hlr]\nurl = \"http://{address}/{{digits}}\"\n{READS}\nretry_wait_ms = 5\nper_second = 10000\n{more}\n"),
    );
    place
}

fn phone(place: &Place, args: &[&str]) -> Ran {
    place.tiuv(&[&["phone", "--lookup", "hlr", "--format", "csv"][..], args].concat())
}

/// The last four cells of each row.
fn said(ran: &Ran) -> Vec<Vec<String>> {
    let cells = |line: &str| line.rsplit(',').take(4).map(str::to_owned).collect::<Vec<_>>();
    ran.stdout.lines().skip(1).map(|line| cells(line).into_iter().rev().collect()).collect()
}

#[test]
fn valid_numbers_are_asked_once_and_their_answers_kept() {
    let server = Server::start(|_| Reply::json(MOBILE));
    let place = place(&server, "cost = \"0.0045\"\nbudget = \"1\"");
    let numbers = ["050-2345678", "+972502345678", "12", "052-7654329 / 054-7654329"];
    let ran = phone(&place, &numbers);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(ran.stdout.lines().next().is_some_and(|header| header.ends_with(",line_type,reachable,asked_at,outcome")));
    let rows = said(&ran);
    assert_eq!(rows.len(), 5);
    for (row, is_asked) in rows.iter().zip([true, true, false, true, true]) {
        let [line_type, reachable, asked_at, outcome] = &row[..] else { panic!("four cells") };
        let expected = if is_asked { ["mobile", "yes", "answered"] } else { ["", "", ""] };
        assert_eq!([line_type, reachable, outcome], expected);
        assert_eq!(asked_at.len(), if is_asked { "2026-11-21T08:00:00Z".len() } else { 0 });
    }
    assert_eq!(server.count(), 3);
    let stats = "look-up hlr: 3 answered, 0 not known to it, 0 failed; 3 asked, 0 from earlier answers; cost 0.0135";
    assert_eq!(ran.stderr.trim(), stats);

    let again = phone(&place, &numbers);
    assert_eq!((server.count(), &again.stdout), (3, &ran.stdout));
    assert!(again.stderr.contains("0 asked, 3 from earlier answers; cost 0.0000"), "{}", again.stderr);
    let forgetful = phone(&place, &["--no-state", "-q", "050-2345678"]);
    assert_eq!((server.count(), forgetful.stderr.as_str()), (4, ""));
}

#[test]
fn nothing_is_asked_unless_a_service_is_named() {
    let server = Server::start(|_| Reply::json(MOBILE));
    let place = place(&server, "");
    let ran = place.tiuv(&["phone", "050-2345678"]);
    assert_eq!((ran.exit, server.count()), (Some(0), 0));
    assert!(!ran.stdout.contains("outcome") && !place.path(".tiuv").exists());
    let ran = place.tiuv(&["phone", "--lookup", "hlr1", "050-2345678"]);
    assert_eq!((ran.exit, ran.stdout.as_str()), (Some(2), ""));
    assert!(ran.stderr.contains("did you mean `hlr`?"), "{}", ran.stderr);
}

#[test]
fn a_service_that_refuses_ends_in_its_own_exit_code_and_all_rows_are_written() {
    let server = Server::start(|_| Reply::status(401));
    let place = place(&server, "header_env = { Authorization = \"HLR_TOKEN\" }\nmax_in_flight = 1");
    let mut command = place.command(&["phone", "--lookup", "hlr", "--format", "csv", "050-2345678", "052-7654329"]);
    let ran = Ran::of(command.env("HLR_TOKEN", SECRET).output().expect("tiuv starts"));
    assert_eq!((ran.exit, server.count()), (Some(4), 1), "{}", ran.stderr);
    let outcomes: Vec<String> = said(&ran).into_iter().map(|row| row[3].clone()).collect();
    assert_eq!(outcomes, ["refused", "not_asked"]);
    for printed in [&ran.stdout, &ran.stderr] {
        assert!(!printed.contains(SECRET));
    }
    assert!(!ran.stderr.contains("2345678"), "{}", ran.stderr);
}

#[test]
fn a_spent_budget_is_told_and_is_no_failure() {
    let server = Server::start(|_| Reply::json(MOBILE));
    let place = place(&server, "cost = \"1\"\nbudget = \"1\"\nmax_in_flight = 1");
    let ran = phone(&place, &["050-2345678", "052-7654329"]);
    assert_eq!((ran.exit, server.count()), (Some(0), 1));
    assert!(ran.stderr.contains("cost 1.0000; 1 left out for want of budget"), "{}", ran.stderr);
}
