//! PostgreSQL itself: values, rights, passwords, and what goes back.

use std::path::{Path, PathBuf};

use super::server::Server;
use super::{clean, customers, run_of};
use crate::support::partner::partner;
use crate::support::program::{Place, Ran};

fn rows(place: &Place) -> Vec<csv::StringRecord> {
    let mut reader = csv::Reader::from_path(place.path("out/rows.csv")).expect("written");
    reader.records().map(|row| row.expect("a record")).collect()
}

#[test]
fn values_of_all_kinds_come_as_text_that_loses_nothing() {
    let Some(server) = Server::start() else { return };
    server.sql(
        "CREATE SCHEMA \"the club\"; CREATE TYPE kind AS ENUM ('gold', 'none');
         CREATE TABLE \"the club\".\"all \"\"of\"\" them\" (part int, number bigint, email text, mobile varchar(20), joined date,
           vip boolean, paid numeric(12,3), ratio float8, seen timestamptz, phones text[], odd text[], more jsonb, of kind, raw bytea,
           \"quote\"\"d\" text, PRIMARY KEY (part, number));
         INSERT INTO \"the club\".\"all \"\"of\"\" them\" VALUES
           (2, 1, 'b@club-example.com', NULL, '2020-02-29', true, 12.500, 0.1, '2024-01-10 10:00:00.25+02', '{050-2345601,03-5234567}',
            '{\"a;b\",c}', '{\"a\": 1}', 'gold', '\\xff00', E'two\\nlines, \"quoted\"'),
           (1, 9007199254740993, '', '050-2345602', NULL, false, 0, 1e300, NULL, '{}', NULL, NULL, 'none', NULL, E'\\\\.');
         CREATE VIEW plain AS SELECT email, mobile FROM \"the club\".\"all \"\"of\"\" them\" ORDER BY part;",
    );
    let place = Place::new();
    let table = format!("{}&table=the club.all \"of\" them", server.address("postgres"));
    clean(&place, &table, &["--no-state"]);
    let rows = rows(&place);
    let cells = |row: usize| rows[row].iter().take(15).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        cells(0),
        ["1", "9007199254740993", "", "050-2345602", "", "false", "0.000", "1e+300", "", "", "", "", "none", "", "\\."],
        "in the order of its key"
    );
    assert_eq!(cells(1)[..7], ["2", "1", "b@club-example.com", "", "2020-02-29", "true", "12.500"]);
    assert!(cells(1)[8].starts_with("2024-01-10 08:00:00.25+00"), "{}", cells(1)[8]);
    assert_eq!(
        cells(1)[9..],
        ["050-2345601; 03-5234567", "[\"a;b\",\"c\"]", "{\"a\": 1}", "gold", "\\xff00", "two\nlines, \"quoted\""]
    );
    for list in [format!("{}&table=plain", server.address("postgres")), server.address("postgres")] {
        let query = ["--query", "SELECT email, mobile FROM plain"];
        let more = if list.contains("plain") { &[][..] } else { &query[..] };
        let ran = place.tiuv(&[&["check", &list, "--fail-on", "never"], more].concat());
        assert!(matches!(ran.exit, Some(0 | 1)), "{}", ran.stderr);
    }
    // A row that is nothing at all is a row, too.
    let query = "SELECT NULLIF(email, '') AS email FROM plain";
    clean(&place, &server.address("postgres"), &["--query", query, "--no-state"]);
    assert_eq!(self::rows(&place).len(), 2);
}

#[test]
fn who_may_only_read_reads_and_what_is_wrong_is_said_with_what_to_do() {
    let Some(server) = Server::start() else { return };
    server.sql(&customers(20));
    server.sql("CREATE ROLE reader LOGIN; CREATE ROLE stranger LOGIN; GRANT SELECT ON customers TO reader");
    let place = Place::new();
    let table = |role: &str, table: &str| format!("{}&table={table}", server.address(role));
    let map = |list: &str| place.tiuv(&["map", list]);
    assert_eq!(map(&table("reader", "customers")).exit, Some(0));
    let wrong = |ran: Ran, exit: i32, part: &str| {
        assert!(ran.exit == Some(exit) && ran.stderr.contains(part), "{:?} {}", ran.exit, ran.stderr);
    };
    wrong(map(&table("reader", "custmers")), 3, "did you mean `customers`?");
    wrong(map(&table("stranger", "customers")), 3, "GRANT SELECT");
    wrong(map(&table("nobody", "customers")), 4, "does not let us in");
    wrong(map(&server.address("reader")), 2, "There are: customers");
    wrong(map("postgres://reader@127.0.0.1:1/club?table=customers"), 4, "can't be reached");
    wrong(map("postgres://reader:secret@127.0.0.1/club?table=customers"), 2, "~/.pgpass");
    let query = |sql: &str| place.tiuv(&["map", &server.address("postgres"), "--query", sql]);
    wrong(query("SELECT * FROM customers; DROP TABLE customers"), 3, "syntax error");
    wrong(query("DELETE FROM customers RETURNING *"), 3, "syntax error");
    wrong(query("WITH gone AS (DELETE FROM customers RETURNING *) SELECT * FROM gone"), 3, "");
    assert_eq!(server.sql("SELECT count(*) FROM customers"), ["20"]);
    clean(&place, &table("reader", "customers"), &["--no-state"]);
    let push = place.tiuv(&["push", "--to", &table("reader", "customers"), "--update"]);
    wrong(push, 3, "a right is missing");
    // A table whose name is meant to be more than a name.
    wrong(map(&table("postgres", "customers\"; DROP TABLE customers; --")), 3, "it has no table or view");
    assert_eq!(server.sql("SELECT count(*) FROM customers"), ["20"]);
}

#[test]
fn a_password_comes_from_where_others_look_for_it_and_is_told_nowhere() {
    use std::os::unix::fs::PermissionsExt as _;
    let Some(server) = Server::start() else { return };
    server.sql(&customers(20));
    server.sql("CREATE ROLE locked LOGIN PASSWORD 'vErYsEcReT'; GRANT SELECT ON customers TO locked");
    let place = Place::new();
    let list = format!("{}&table=customers", server.address("locked"));
    let args = ["clean", &list, "--out", "out", "--mx", "off", "--accept-mapping", "-vv"];
    let run = |variable: (&str, &str)| {
        let mut command = place.command(&args);
        command.env("HOME", place.path("")).env(variable.0, variable.1);
        Ran::of(command.output().expect("tiuv starts"))
    };
    let none = run(("LANG", "C"));
    assert!(none.exit == Some(4), "{}", none.stderr);
    place.write("passwords", "*:*:club:locked:vErYsEcReT\n");
    let file = place.path("passwords");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).expect("set");
    for variable in [("PGPASSWORD", "vErYsEcReT"), ("PGPASSFILE", file.to_str().expect("UTF-8"))] {
        let ran = run(variable);
        assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
        assert!(!format!("{} {}", ran.stdout, ran.stderr).contains("vErYsEcReT"));
        for (name, bytes) in place.files().iter().filter(|(name, _)| *name != "passwords") {
            assert!(!String::from_utf8_lossy(bytes).contains("vErYsEcReT"), "{name}");
        }
    }
}

#[test]
fn what_leaves_the_machine_is_encrypted_and_the_certificate_checked() {
    let (Some(server), Some(openssl)) = (Server::start(), partner(PathBuf::from("/usr/bin/openssl"))) else { return };
    server.sql(&customers(9));
    let place = Place::new();
    let make = |args: &str| {
        let made = place.command_of(&openssl.display().to_string(), &args.split(' ').collect::<Vec<_>>()).output();
        assert!(made.expect("openssl starts").status.success(), "{args}");
    };
    make("req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.crt -subj /CN=ours");
    make("req -newkey rsa:2048 -nodes -keyout own.key -out own.csr -subj /CN=localhost");
    place.write("names", "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n");
    make("x509 -req -in own.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out own.crt");
    let address = format!("postgres://postgres@localhost:{}/club?table=customers&sslmode=require", server.port());
    let (roots, other) = (place.path("ca.crt"), place.path("own.crt"));
    let map = |roots: &Path| place.tiuv(&["map", &format!("{address}&sslrootcert={}", roots.display())]);
    let plain = map(&roots);
    assert!(plain.exit == Some(4) && plain.stderr.contains("can't be reached"), "it can't encrypt yet: {plain:?}");
    server.encrypt(&place.path("own.crt"), &place.path("own.key"));
    assert_eq!(map(&roots).exit, Some(0), "{:?}", map(&roots));
    let strange = map(&other);
    assert_eq!(strange.exit, Some(4), "of another authority: {strange:?}");
    assert_eq!(place.tiuv(&["map", &address]).exit, Some(4), "this machine does not trust it");
}

#[test]
fn a_round_trip_changes_what_it_says_and_is_taken_back() {
    let Some(server) = Server::start() else { return };
    server.sql(&customers(600));
    server.sql(
        "CREATE ROLE writer LOGIN; GRANT SELECT, UPDATE ON customers TO writer; GRANT CREATE ON SCHEMA public TO writer",
    );
    let dump = || server.sql("SELECT to_json(c) FROM customers c ORDER BY id");
    let before = dump();
    let place = Place::new();
    let table = format!("{}&table=customers", server.address("writer"));
    clean(&place, &table, &["--no-state"]);
    let tables = place.tiuv(&["push", "--to", &server.address("writer")]);
    assert!(tables.exit == Some(0) && tables.stdout.contains("600 rows  tiuv_rows"), "{tables:?}");
    let same =
        "SELECT count(*) FROM tiuv_rows r JOIN customers c ON c.id::text = r.id AND c.\"last name\" = r.\"last name\"
        AND c.\"first name\" = r.\"first name\" AND coalesce(c.mobile, '') = r.mobile AND c.extra = r.extra";
    assert_eq!(server.sql(same), ["600"], "what was read is what is there");
    server.sql("UPDATE customers SET mobile = '050-9999999' WHERE id = 1; DELETE FROM customers WHERE id = 4");
    let changed = dump();
    let pushed = place.tiuv(&["push", "--to", &table, "--update"]);
    assert!(pushed.exit == Some(0) && pushed.stdout.contains("198 cells changed"), "{pushed:?}");
    assert!(pushed.stdout.contains("value is newer") && pushed.stdout.contains("row is gone"), "{}", pushed.stdout);
    let after = dump();
    assert_eq!(changed.iter().zip(&after).filter(|(before, after)| before != after).count(), 198);
    assert_eq!(server.sql("SELECT count(*), min(table_name) FROM tiuv_pushed"), ["198|public.customers"]);
    server.sql("UPDATE customers SET mobile = 'asked' WHERE id = 7");
    let undone = place.tiuv(&["push", "--to", &server.address("writer"), "--undo", &run_of(&place)]);
    assert!(undone.stdout.contains("197 cells restored"), "{undone:?}");
    let restored = dump();
    assert_eq!(restored.iter().filter(|row| !before.contains(row)).count(), 2, "corrected, and asked");
    // What a column can't hold changes nothing at all.
    server.sql("ALTER TABLE customers ALTER mobile TYPE varchar(11)");
    server.sql("UPDATE customers SET mobile = '522000259' WHERE id = 7");
    let held = dump();
    let ran = place.tiuv(&["push", "--to", &table, "--update"]);
    assert!(ran.exit == Some(2) && ran.stderr.contains("column mobile can't be changed"), "{ran:?}");
    assert_eq!(dump(), held);
}
