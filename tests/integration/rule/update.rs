//! `tiuv rule update`: what comes from files and from a real server on loopback, what is refused, what is written.

use std::fmt::Write as _;
use std::io::Write as _;

use crate::lookup::server::{Reply, Server};
use crate::support::program::{AS_OF, Place, Ran, TIUV};

const HOSTS: &str = "host\tkind\twho\nparkingcrew.net\tparked\tParkingCrew\nmx.sink.example\tsink\tExample\n";

fn update(place: &Place, args: &[&str]) -> Ran {
    place.tiuv(&[&["rule", "update"][..], args, &AS_OF].concat())
}

/// One that is refused says why, writes nothing and does not panic.
fn refused(place: &Place, args: &[&str], exit: i32, told: &str) {
    let before = place.files();
    let ran = update(place, args);
    assert_eq!(ran.exit, Some(exit), "{args:?}: {}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains(told), "{args:?}: {}", ran.stderr);
    assert!(ran.stderr.contains("= help: "), "{args:?}: {}", ran.stderr);
    assert!(place.files() == before, "{args:?} left something behind");
}

#[test]
fn every_list_is_named_with_what_it_is_for() {
    let place = Place::new();
    let text = update(&place, &[]).stdout;
    let json = update(&place, &["--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).expect("is JSON");
    let lists = json["lists"].as_array().expect("an array");
    assert!(lists.len() >= 9);
    for list in lists {
        for key in ["list", "file", "what", "source"] {
            assert!(text.contains(list[key].as_str().expect("a text")), "{list}");
        }
        assert!(list["entries"].as_u64() > Some(0), "{list}");
    }
}

#[test]
fn a_list_is_written_whole_with_where_it_came_from_and_is_in_force_from_then_on() {
    let place = Place::new();
    place.write("new.txt", "\u{FEFF}# theirs\r\nMailinator.com\r\n\r\nyopmail.com # old\r\nnew-trash.com\r\nדואר.com\r\ngmail.com\r\nguerrillamail.com\r\n");
    let args = ["disposable", "--from", "new.txt", "--add-only"];
    let ran = update(&place, &args);
    assert_eq!(ran.exit, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("! gmail.com  a provider of mailboxes (Google)"), "{}", ran.stdout);
    assert_eq!(place.files().len(), 1, "nothing is written without --write");

    let write = ["--rules", "my/rules", "--write"];
    let ran = update(&place, &[&args[..], &write].concat());
    assert_eq!(ran.exit, Some(0), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("+ new-trash.com") && ran.stdout.contains("+ xn--4dbfg1f.com"), "{}", ran.stdout);
    assert!(ran.stdout.ends_with("Written: my/rules/email/disposable.txt\n"), "{}", ran.stdout);
    let written = std::fs::read_to_string(place.path("my/rules/email/disposable.txt")).expect("is written");
    let head: Vec<&str> = written.lines().take(4).collect();
    let entries = written.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).count();
    assert_eq!(head[1], format!("# Source: new.txt, taken on 2026-11-21; {entries} entries."));
    assert_eq!(head[2].len(), "# SHA-256 of the source: ".len() + 64, "{}", head[2]);
    assert!(!written.contains("\ngmail.com\n") && written.contains("\nnew-trash.com\n"));
    assert_eq!(place.files().len(), 2, "no temporary file stays: {:?}", place.files().keys());

    place.write("list.csv", "email\ndana@new-trash.com\n");
    let level = ["--level", "email.class.disposable=error", "--accept-mapping"];
    let check = |rules: &[&str]| place.tiuv(&[&["check", "list.csv"][..], &level, rules].concat());
    assert_eq!(check(&[]).exit, Some(0), "{}", check(&[]).stdout);
    assert_eq!(check(&write[..2]).exit, Some(1));

    let ran = update(&place, &[&args[..], &write].concat());
    assert!(ran.stdout.ends_with("Up to date: nothing to write.\n"), "{}", ran.stdout);
    assert_eq!(std::fs::read_to_string(place.path("my/rules/email/disposable.txt")).expect("stays"), written);
}

#[test]
fn a_list_with_which_rules_fail_is_not_written() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("my/places")).expect("a directory");
    let old = "cbs_code\tname_he\tname_en\tsub_district\tpopulation\n3000\tירושלים\tJerusalem\tירושלים\t966209\n";
    // The aliases know localities that this list lacks.
    place.write("new.csv", "סמל_ישוב,שם_ישוב,שם_ישוב_לועזי\n3000,ירושלים,Jerusalem\n99001,עיר חדשה,New Town\n");
    place.write("mine.txt", "trash.example\n");
    for args in [["localities", "new.csv"], ["disposable", "mine.txt"]] {
        let before = place.files();
        let ran = update(&place, &[args[0], "--from", args[1], "--rules", "my", "--write"]);
        assert_eq!(ran.exit, Some(1), "{}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("Examples that fail with the new list (1)") || args[0] == "disposable");
        assert!(ran.stdout.contains("warning: ") && ran.stdout.contains("Nothing was written: "), "{}", ran.stdout);
        assert!(place.files() == before);
    }
    // What failed before is no reason: nothing gets worse.
    place.write("my/places/il_localities.tsv", old);
    let ran = update(&place, &["localities", "--from", "new.csv", "--rules", "my"]);
    assert!(ran.stdout.contains("was 1, is 2: +1 -0 ~0"), "the population stays: {}", ran.stdout);
}

#[test]
fn what_is_no_list_is_refused_by_name_and_nothing_is_written() {
    let place = Place::new();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    std::fs::create_dir(place.path("folder")).expect("a directory");
    place.write("html.txt", "<!DOCTYPE html>\n<html><body>Not found</body></html>");
    place.write("binary.txt", b"\x7FELF\0\0\0\x01");
    place.write("latin.txt", b"a.com\nb\xFCcher.com\n");
    place.write("empty.txt", "");
    place.write("comments.txt", "# nothing yet\n");
    place.write("bad.txt", "a.com\nnot a domain\nb.com\n\u{1b}[31mred.com\n");
    place.write("header.tsv", "name\tkind\twho\na.com\tparked\tA\n");
    place.write("twice.tsv", format!("{HOSTS}parkingcrew.net\tsink\tParkingCrew\n"));
    place.write("cut.txt", [0x1F, 0x8B, 0x08, 0, 0, 0]);
    place.write("long.txt", "a.example.com\n".repeat(30 << 20 >> 4));
    place.write("utf16.txt", [b"\xFF\xFE\0\xD8".to_vec(), utf16("a.com\n")].concat());
    for (from, exit, told) in [
        ("gone.txt", 3, "can't read gone.txt: there is no such file"),
        ("folder", 3, "folder is a directory"),
        ("html.txt", 3, "html.txt is a web page (HTML) or XML, not a list"),
        ("binary.txt", 3, "binary.txt is a binary file"),
        ("latin.txt", 3, "latin.txt is not UTF-8 text (line 2)"),
        ("empty.txt", 3, "empty.txt leaves no entry"),
        ("comments.txt", 3, "comments.txt leaves no entry"),
        ("bad.txt", 3, "bad.txt, line 2: `not a domain`: there is more than a domain on the line; and 1 more line"),
        ("cut.txt", 3, "gzip that is cut off"),
        ("long.txt", 3, "long.txt is longer than 20 MiB"),
        ("utf16.txt", 3, "broken UTF-16"),
        ("ftp://lists.example/a.txt", 2, "`ftp:` is no address"),
        ("file:///etc/passwd", 2, "`file:` is no address"),
    ] {
        refused(&place, &["disposable", "--from", from, "--rules", "my", "--write"], exit, told);
    }
    refused(&place, &["parked-hosts", "--from", "header.tsv"], 3, "header.tsv, line 1: there is no column `host`");
    refused(&place, &["parked-hosts", "--from", "twice.tsv"], 3, "twice.tsv, line 4: ");
    refused(&place, &["disposible", "--from", "bad.txt"], 2, "did you mean `disposable`?");
    refused(&place, &["disposable", "--from", "bad.txt", "--write"], 2, "--write needs a directory");
    let ran = update(&place, &["disposable", "--from", "bad.txt", "--skip-bad", "--add-only", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("is JSON");
    assert_eq!((json["bad_count"].as_u64(), json["bad"][0]["line"].as_u64()), (Some(2), Some(2)), "{json:.500}");
    assert_eq!(json["added"], serde_json::json!([{"domain": "a.com"}, {"domain": "b.com"}]));
    assert!(!ran.stdout.contains('\u{1b}'));
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_be_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let mode = |name: &str, mode: u32| {
        std::fs::set_permissions(place.path(name), std::fs::Permissions::from_mode(mode)).expect("the mode can be set");
    };
    place.write("new.tsv", HOSTS);
    mode("new.tsv", 0o000);
    let args = ["rule", "update", "parked-hosts", "--from", "new.tsv"];
    let ran = if std::fs::File::open(place.path("new.tsv")).is_err() {
        place.tiuv(&args)
    } else {
        // The superuser may read anything, so somebody else tries, with a copy of the program that they can reach.
        mode("", 0o755);
        std::fs::copy(TIUV, place.path("tiuv")).expect("the program can be copied");
        mode("tiuv", 0o755);
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "./tiuv"];
        Ran::of(place.command_of("setpriv", &[&nobody[..], &args].concat()).output().expect("setpriv is there"))
    };
    assert_eq!(ran.exit, Some(3), "{}", ran.stderr);
    assert!(ran.stderr.contains("can't read new.tsv: no permission"), "{}", ran.stderr);
}

#[test]
fn a_file_that_can_t_be_put_in_place_leaves_all_as_it_was() {
    let place = Place::new();
    place.write("new.tsv", HOSTS);
    std::fs::create_dir_all(place.path("my/dns_parked.tsv")).expect("a directory");
    let ran = update(&place, &["parked-hosts", "--from", "new.tsv", "--rules", "my", "--write"]);
    assert_eq!(ran.exit, Some(3), "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("can't write ") && ran.stderr.contains("dns_parked.tsv"), "{}", ran.stderr);
    assert_eq!(place.files().len(), 1, "no temporary file stays");
    place.write("rules-file", "");
    let ran = update(&place, &["parked-hosts", "--from", "new.tsv", "--rules", "rules-file", "--write"]);
    assert_eq!(ran.exit, Some(2), "{}{}", ran.stdout, ran.stderr);
}

#[test]
fn two_hundred_thousand_domains_are_compared_and_shown_in_part() {
    let place = Place::new();
    let mut text = String::new();
    for number in 0..200_000 {
        let _ = writeln!(text, "Trash-{number}.example");
    }
    place.write("new.txt", text);
    let ran = update(&place, &["disposable-wide", "--from", "new.txt", "--add-only", "--quiet"]);
    assert!(ran.stdout.contains(": +200000 -0 ~0"), "{:.300}", ran.stdout);
    assert!(ran.stdout.contains("… and 199980 more (--all)") && ran.stdout.lines().count() < 60, "{:.300}", ran.stdout);
}

fn serve(answer: impl Fn(&str) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |question| answer(&question.request.path))
}

fn body(bytes: impl AsRef<[u8]>) -> Reply {
    Reply { body: bytes.as_ref().to_vec(), ..Reply::json("") }.with("Content-Type", "text/plain")
}

#[test]
fn a_list_comes_from_an_address_plain_packed_and_after_a_redirect() {
    let server = serve(|path| match path {
        "/hosts.tsv?token=s3cret" => body(HOSTS),
        "/hosts.tsv.gz" => {
            let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
            packed.write_all(HOSTS.as_bytes()).expect("memory takes everything");
            body(packed.finish().expect("memory takes everything"))
        }
        "/moved" => Reply::status(302).with("Location", "/hosts.tsv?token=s3cret"),
        _ => Reply::status(404),
    });
    let place = Place::new();
    for path in ["hosts.tsv?token=s3cret", "hosts.tsv.gz", "moved"] {
        let from = format!("http://dana:pw@{}/{path}", server.address);
        let rules = format!("rules-{}", path.len());
        let ran = update(&place, &["parked-hosts", "--from", &from, "--rules", &rules, "--write"]);
        assert_eq!(ran.exit, Some(0), "{path}: {}{}", ran.stdout, ran.stderr);
        assert!(ran.stdout.contains("was 13, is 2: +1 -12 ~0"), "{}", ran.stdout);
        assert!(ran.stdout.contains("warning: 92 % of the entries in force would go"), "{}", ran.stdout);
        let written = std::fs::read_to_string(place.path(&rules).join("dns_parked.tsv")).expect("is written");
        assert!(written.ends_with(HOSTS), "{written}");
        let all = ran.stdout + &written;
        assert!(!all.contains("s3cret") && !all.contains("pw@"), "secrets of an address are kept: {all}");
    }
    let agent = server.asked()[0].request.headers.get("user-agent").cloned().unwrap_or_default();
    assert!(agent.starts_with("tiuv/"), "{agent}");
}

#[test]
fn what_an_address_may_not_send_is_refused() {
    let server = serve(|path| match path {
        "/page" => body("<html><head></head></html>").with("X-Any", "1"),
        "/long" => body(vec![b'a'; 21 << 20]),
        "/endless" => Reply { is_endless: true, ..body("a.example.com\n".repeat(1 << 12)) },
        "/round" => Reply::status(302).with("Location", "/round"),
        "/away" => Reply::status(302).with("Location", "file:///etc/passwd"),
        "/broken" => Reply::status(500),
        _ => Reply::status(404),
    });
    let place = Place::new();
    for (path, exit, told) in [
        ("page", 3, "is a web page (HTML)"),
        ("long", 3, "is longer than 20 MiB"),
        ("endless", 3, "is longer than 20 MiB"),
        ("round", 4, "it sends us from address to address"),
        ("away", 4, "answered 302"),
        ("gone", 4, "answered 404"),
        ("broken", 4, "answered 500"),
    ] {
        let from = format!("http://{}/{path}", server.address);
        refused(&place, &["parked-hosts", "--from", &from, "--rules", "my", "--write"], exit, told);
    }
    assert_eq!(server.asked().iter().filter(|asked| asked.request.path == "/round").count(), 6, "five redirects");
}

#[test]
fn without_a_network_or_an_answer_the_exit_code_says_so() {
    let place = Place::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    refused(&place, &["parked-hosts", "--from", &format!("http://{port}/a.tsv")], 4, "can't fetch");
    refused(&place, &["parked-hosts", "--from", "https://lists.invalid/a.tsv"], 4, "can't fetch");
    let server = serve(|_| body(HOSTS).after(4000));
    std::fs::create_dir(place.path("my")).expect("a directory");
    let lists = include_str!("../../../rules/lists.toml").replace("timeout_seconds = 60", "timeout_seconds = 1");
    place.write("my/lists.toml", lists);
    let from = format!("http://{}/a.tsv", server.address);
    refused(&place, &["parked-hosts", "--from", &from, "--rules", "my"], 4, "it took longer than 1 seconds");
}

#[test]
fn standard_input_serves_as_well() {
    let place = Place::new();
    place.write("new.tsv", HOSTS);
    let mut command = place.command(&["rule", "update", "parked-hosts", "--from", "-", "--format", "json"]);
    command.stdin(std::fs::File::open(place.path("new.tsv")).expect("is there"));
    let ran = Ran::of(command.output().expect("tiuv starts"));
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).expect("is JSON");
    assert_eq!((&json["from"], &json["is"]), (&"standard input".into(), &2.into()), "{json:.300}");
}
