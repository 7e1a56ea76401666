//! `tiuv mx`, and `--mx` of the commands that read lists, against real name servers.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::servers::{DnsServer, are_installed, knot, unbound};
use super::zone::{Zone, zone};
use crate::support::program::{Place, Ran};

/// The shipped rules with canaries that the zone has, and less patience.
fn rules(place: &Place) {
    let text = include_str!("../../../rules/dns.toml")
        .replace(r#"["gmail.com", "outlook.com", "icloud.com", "walla.co.il"]"#, r#"["canary.bench"]"#)
        .replace(r#"["com", "net"]"#, r#"["bench"]"#)
        .replace("[1000, 1500, 2000, 2500, 3000, 3000]", "[150, 200, 250, 300, 500, 400]")
        .replace("backoff_ms = [200, 600]", "backoff_ms = [20, 50]");
    std::fs::create_dir(place.path("rules")).expect("made");
    place.write("rules/dns.toml", text);
}

/// Three customers at each domain.
fn customers(zone: &Zone) -> String {
    let mut list = "id,name,email\n".to_owned();
    for (index, owed) in zone.truth.iter().enumerate() {
        for copy in 0..3 {
            let _ = writeln!(list, "{},Dana Levi,dana{copy}.{index}@{}", index * 3 + copy + 1, owed.domain);
        }
    }
    list
}

struct Servers {
    _knot: DnsServer,
    unbound: DnsServer,
}

fn servers(zone: &Zone) -> Servers {
    let knot = knot(zone);
    let unbound = unbound(&knot);
    Servers { _knot: knot, unbound }
}

/// The columns of a CSV without quotes, by header.
fn table(text: &str) -> Vec<BTreeMap<&str, &str>> {
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    lines.map(|line| header.iter().copied().zip(line.split(',')).collect()).collect()
}

fn assert_done(ran: &Ran) {
    assert_eq!(ran.exit, Some(0), "{ran:?}");
}

#[test]
fn the_table_says_of_each_domain_of_a_list_what_must_be_said_and_a_second_run_asks_nobody() {
    if !are_installed() {
        return;
    }
    let zone = zone(60);
    let servers = servers(&zone);
    let place = Place::new();
    rules(&place);
    place.write("club.csv", customers(&zone));
    let resolver = servers.unbound.address.to_string();
    let arguments = ["mx", "club.csv", "--rules", "rules", "--resolver", &resolver, "--format", "csv"];
    let first = place.tiuv(&arguments);
    assert_done(&first);
    let said = table(&first.stdout);
    assert_eq!(said.len(), zone.truth.len());
    for owed in &zone.truth {
        let row = said.iter().find(|row| row["domain"] == owed.domain).expect("every domain has its row");
        assert_eq!((row["outcome"], row["addresses"]), (owed.outcome, "3"), "{}", owed.case);
        assert_eq!(row["reason"], format!("email.dns.{}", owed.outcome));
    }
    assert!(first.stderr.contains("60 domains: 0 remembered, 60 looked up"), "{}", first.stderr);

    drop(servers);
    let second = place.tiuv(&arguments);
    assert_eq!(second.stdout, first.stdout);
    assert!(second.stderr.contains("60 remembered, 0 looked up with 0 queries"), "{}", second.stderr);
}

#[test]
fn a_status_rests_on_what_dns_said_and_only_a_confirmed_no_is_invalid() {
    if !are_installed() {
        return;
    }
    let zone = zone(20);
    let servers = servers(&zone);
    let place = Place::new();
    rules(&place);
    place.write("club.csv", customers(&zone));
    let resolver = servers.unbound.address.to_string();
    for (hours, dead) in [("24", "review"), ("0", "invalid")] {
        let out = format!("out{hours}");
        let ran = place.tiuv(&[
            "clean",
            "club.csv",
            "--out",
            &out,
            "--rules",
            "rules",
            "--mx",
            "auto",
            "--resolver",
            &resolver,
            "--mx-confirm",
            hours,
        ]);
        assert_done(&ran);
        let rows = std::fs::read_to_string(place.path(&format!("{out}/rows.csv"))).expect("written");
        for row in table(&rows) {
            let domain = row["tiuv_email"].rsplit('@').next().unwrap_or_default();
            let owed = zone.truth.iter().find(|owed| owed.domain == domain).expect("a domain of the zone");
            let status = match owed.outcome {
                // That `bench` is no known ending is settled by its taking mail.
                "mx_ok" | "implicit_mx" => "ok",
                "mx_null_mixed" => "risky",
                "mx_private" => "review",
                _ => dead,
            };
            assert_eq!((row["tiuv_mx"], row["tiuv_email_status"]), (owed.outcome, status), "{}", owed.case);
            let reason = format!("email.dns.{}", owed.outcome);
            assert_eq!(row["tiuv_email_reasons"].contains(&reason), owed.outcome != "mx_ok", "{row:?}");
        }
        let summary = std::fs::read_to_string(place.path(&format!("{out}/run.json"))).expect("written");
        let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
        assert_eq!(summary["mail"]["domains"], 20);
        let report = std::fs::read_to_string(place.path(&format!("{out}/report.html"))).expect("written");
        assert!(report.contains("Mail domains") && report.contains("email.dns.nxdomain"));
    }
}

#[test]
fn a_domain_that_takes_mail_is_no_slip_of_the_pen() {
    if !are_installed() {
        return;
    }
    let mut zone = zone(20);
    zone.bench.push_str("gmial MX 10 mx0.prov\n");
    let servers = servers(&zone);
    let place = Place::new();
    rules(&place);
    // One letter from a provider's name, which the list of providers is made to hold.
    let providers =
        "[elsewhere]\nlowercase = true\n[[provider]]\nname = 'A provider'\nclass = 'free'\ndomains = ['gmail.bench']\n";
    std::fs::create_dir(place.path("rules/email")).expect("made");
    place.write("rules/email/providers.toml", providers);
    place.write("club.csv", "id,name,email\n1,Dana Levi,dana@gmial.bench\n2,Noa Levi,noa@gmaill.bench\n");
    let resolver = servers.unbound.address.to_string();
    let clean = |mx: &str, out: &str| {
        let ran = place.tiuv(&[
            "clean",
            "club.csv",
            "--no-state",
            "--rules",
            "rules",
            "--out",
            out,
            "--mx",
            mx,
            "--resolver",
            &resolver,
        ]);
        assert_done(&ran);
        std::fs::read_to_string(place.path(&format!("{out}/rows.csv"))).expect("written")
    };
    let before = clean("off", "before");
    let suggested =
        |rows: &str| -> Vec<String> { table(rows).iter().map(|row| row["tiuv_email_suggestion"].to_owned()).collect() };
    assert_eq!(suggested(&before), ["dana@gmail.bench", "noa@gmail.bench"]);
    let after = clean("auto", "after");
    assert_eq!(suggested(&after), ["", "noa@gmail.bench"]);
    let status: Vec<String> = table(&after).iter().map(|row| row["tiuv_email_status"].to_owned()).collect();
    assert_eq!(status, ["ok", "review"]);
    let summary = std::fs::read_to_string(place.path("after/run.json")).expect("written");
    let summary: serde_json::Value = serde_json::from_str(&summary).expect("JSON");
    assert_eq!(summary["suggestions"][0]["count"], 1);
}

#[test]
fn a_check_finds_dead_domains_when_asked_to_and_in_row_order() {
    if !are_installed() {
        return;
    }
    let zone = zone(20);
    let servers = servers(&zone);
    let place = Place::new();
    rules(&place);
    place.write("club.csv", customers(&zone));
    let resolver = servers.unbound.address.to_string();
    let arguments = ["check", "club.csv", "--rules", "rules", "--format", "jsonl"];
    let without = place.tiuv(&arguments);
    assert!(!without.stdout.contains("email.dns."));
    let with = place.tiuv(&[&arguments[..], &["--mx", "--resolver", &resolver]].concat());
    let rows: Vec<u64> = with
        .stdout
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .filter(|finding| finding["code"].as_str().is_some_and(|code| code == "email.dns.nxdomain"))
        .map(|finding| finding["row"].as_u64().expect("a row"))
        .collect();
    let dead = zone.truth.iter().filter(|owed| owed.outcome == "nxdomain").count();
    assert_eq!(rows.len(), dead * 3);
    assert!(rows.is_sorted(), "{rows:?}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "it is promised to be quick")]
fn without_a_network_a_run_ends_soon_with_one_warning_and_nothing_is_held_against_anyone() {
    let place = Place::new();
    place.write("club.csv", customers(&zone(40)));
    // Nobody listens at the port for "discard".
    let began = Instant::now();
    let ran = place.tiuv(&["clean", "club.csv", "--out", "out", "--mx", "auto", "--resolver", "127.0.0.1:9"]);
    assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
    assert_done(&ran);
    assert_eq!(ran.stderr.matches("warning").count(), 1, "{}", ran.stderr);
    let rows = std::fs::read_to_string(place.path("out/rows.csv")).expect("written");
    for row in table(&rows) {
        assert_eq!((row["tiuv_mx"], row["tiuv_email_status"]), ("not_checked", "review"));
        assert!(!row["tiuv_email_reasons"].contains("email.dns."));
    }
    let alone = place.tiuv(&["mx", "d1.bench", "--resolver", "127.0.0.1:9", "--format", "json"]);
    assert_done(&alone);
    let said: serde_json::Value = serde_json::from_str(&alone.stdout).expect("JSON");
    assert_eq!(said[0]["outcome"], "not_checked");
    assert_eq!(alone.stderr.matches("warning").count(), 1, "{}", alone.stderr);
}

#[test]
fn plain_lines_and_addresses_are_read_and_nothing_is_lost() {
    if !are_installed() {
        return;
    }
    let zone = zone(20);
    let servers = servers(&zone);
    let place = Place::new();
    rules(&place);
    let lines = "\u{feff}d0000000.bench\r\n# a note\n\nDana <dana@D0000000.bench>\nno domain at all\nd0000001.bench\n";
    place.write("domains.txt", lines);
    let resolver = servers.unbound.address.to_string();
    let ran = place.tiuv(&["mx", "domains.txt", "--rules", "rules", "--resolver", &resolver]);
    assert_done(&ran);
    let said: Vec<(String, String, String)> = table(&ran.stdout)
        .iter()
        .map(|row| (row["domain"].to_owned(), row["outcome"].to_owned(), row["addresses"].to_owned()))
        .collect();
    let owed = [
        ("d0000000.bench", zone.truth[0].outcome, "2"),
        ("no domain at all", "not_checked", "1"),
        ("d0000001.bench", zone.truth[1].outcome, "1"),
    ];
    assert_eq!(said, owed.map(|(domain, outcome, count)| (domain.to_owned(), outcome.to_owned(), count.to_owned())));
    assert!(ran.stderr.contains("line 5"), "{}", ran.stderr);
}

#[test]
fn wrong_arguments_are_named() {
    let place = Place::new();
    place.write("phones.csv", "id,phone\n1,050-2345678\n");
    for (arguments, said) in [
        (&["mx", "dana levi"][..], "is no file, no domain and no e-mail address"),
        (&["mx", "missing.csv"], "missing.csv"),
        (&["mx", "phones.csv"], "no column of e-mails"),
        (&["mx", "a.example", "--resolver", "nowhere"], "--resolver"),
        (&["mx"], "FILE|DOMAIN"),
    ] {
        let ran = place.tiuv(arguments);
        assert!(matches!(ran.exit, Some(2 | 3)) && ran.stderr.contains(said), "{arguments:?}: {ran:?}");
    }
}

#[test]
fn explain_tells_what_is_remembered_of_a_rows_domain() {
    if !are_installed() {
        return;
    }
    let zone = zone(20);
    let servers = servers(&zone);
    let place = Place::new();
    rules(&place);
    place.write("club.csv", customers(&zone));
    let resolver = servers.unbound.address.to_string();
    let options = ["--rules", "rules", "--resolver", &resolver];
    let dead = zone.truth.iter().position(|owed| owed.outcome == "nxdomain").expect("the zone has one");
    let row = format!("club.csv:{}", dead * 3 + 1);
    let before = place.tiuv(&[&["explain", &row][..], &options].concat());
    assert!(!before.stdout.contains("email.dns."), "{}", before.stdout);
    assert_done(&place.tiuv(&[&["mx", "club.csv"][..], &options].concat()));
    let after = place.tiuv(&[&["explain", &row][..], &options].concat());
    assert!(after.stdout.contains("no such domain") && after.stdout.contains("[email.dns.nxdomain]"), "{after:?}");
}
