//! The way of an answer: from the page behind the link to the golden record, to look-ups and to the change file for the CRM.

use std::io::{BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Stdio};

use rusqlite::{Connection, params};
use tiuv::store::Store;

use crate::support::program::{Place, cleaned, listening};

const LIST: &str = "\
id,first name,last name,mobile,email,birth date,city,street
K1,Dana,Levi,050-2345678,dana.levi@gmail.com,1981-05-06,Haifa,Herzl
K2,Yossi,Cohen,052-7654321,yossi@walla.co.il,1975-11-02,Tel Aviv,Dizengoff
";

/// Sends a customer a link, and returns its token.
fn send_link(place: &Place, who: &str, phone: &str) -> String {
    let found = place.tiuv(&["lookup", who, "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&found.stdout).expect("is JSON");
    let name = found["customers"][0]["customer"].as_str().expect("is found").to_owned();
    let id = tiuv::record::CustomerId::parse(&name).expect("is a name");
    let secret = Store::open(&place.path(".tiuv")).and_then(|store| store.secret()).expect("is made");
    let state = Connection::open(place.path(".tiuv/state.db")).expect("the workspace opens");
    state
        .execute(
            "INSERT INTO outbox (campaign, run, customer, household, window, rung, channel, recipient, recipient_key, list,
                 row_key, row_number, first_name, language, country, body, parts, cost, expected_gain, is_audit, why, to_verify,
                 due_at, planned_at, changed_at, state)
             VALUES ('autumn', 'r', ?1, ?1, '2026-11-01', 1, 'sms', ?2, ?2, 'club.csv', 'K1', 1, 'Dana', 'en', 'IL',
                 'x {link}', 1, 60000, 1, 0, '', 'phone', '2026-11-21T08:00:00Z', '', '', 'sent')",
            params![id.0 as i64, phone],
        )
        .expect("planned");
    let outbox = state.last_insert_rowid();
    let token = secret.link_token(outbox);
    let hash = secret.token_hash(&token);
    state
        .execute(
            "INSERT INTO confirm_token (hash, outbox, customer, expires_at) VALUES (?1, ?2, ?3, '2999-01-01T00:00:00Z')",
            params![&hash[..], outbox, id.0 as i64],
        )
        .expect("written");
    token
}

/// A server that runs, with where it listens.
struct Served {
    server: Child,
    log: BufReader<ChildStderr>,
    address: String,
}

impl Served {
    fn start(place: &Place) -> Self {
        place.write("tiuv.toml", "[outreach]\nsender = \"Kalanit\"\nlink_base = \"klnt.example/\"\n");
        let mut server = place
            .command(&["serve", "--confirm", "--listen", "127.0.0.1:0", "-vv"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let (log, address) = listening(&mut server);
        Served { server, log, address }
    }

    fn say(&self, token: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("connects");
        let kind = "application/x-www-form-urlencoded";
        write!(
            stream,
            "POST /{token} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        )
        .expect("sends");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("reads");
        answer
    }

    /// Ends it, and returns what it logged.
    #[cfg(unix)]
    fn end(mut self) -> String {
        let pid = rustix::process::Pid::from_child(&self.server);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("is there");
        assert_eq!(self.server.wait().expect("ends").code(), Some(0));
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).expect("reads");
        rest
    }
}

fn customers(place: &Place) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(place.path("out/customers.csv")).expect("is there");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

#[cfg(unix)]
#[test]
fn what_a_customer_gave_is_in_the_next_golden_record_and_in_one_change_file() {
    let place = cleaned(LIST);
    let token = send_link(&place, "dana.levi@gmail.com", "+972502345678");
    let served = Served::start(&place);
    let answer = served.say(&token, "do=update&mobile=053-3456789&city=Ramat+Gan&preferred_channel=email");
    assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("your changes are kept"), "{answer}");
    let log = served.end();
    assert!(!log.contains("3456789") && !log.contains(&token), "{log}");

    let listed = place.tiuv(&["outreach", "answers", "--format", "jsonl"]);
    assert_eq!(listed.stdout.lines().count(), 2, "the preferred channel needs nobody: {listed:?}");
    let accepted = place.tiuv(&["outreach", "answers", "accept", "--all"]);
    assert!(accepted.stdout.starts_with("2 accepted"), "{accepted:?}");
    let unknown = place.tiuv(&["outreach", "answers", "reject", "99"]);
    assert_eq!(unknown.exit, Some(2), "{unknown:?}");

    let ran = place.tiuv(&["clean", "club.csv", "--out", "out"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let all = customers(&place);
    let dana = all.iter().find(|one| one["email"] == "dana.levi@gmail.com").expect("is there");
    assert_eq!((dana["phone"].as_str(), dana["city"].as_str()), ("+972533456789", "Ramat Gan"), "{dana:?}");
    assert!(dana["phones"].contains("+972502345678") && dana["alternates"].contains("city=Haifa@"), "{dana:?}");
    assert!(dana["sources"].contains("phone=confirm@") && dana["sources"].contains(":answered"), "{dana:?}");
    assert_eq!(dana["rows"], "1", "{dana:?}");
    assert_eq!(dana["preferred_channel"], "email", "{dana:?}");
    let run = std::fs::read_to_string(place.path("out/run.json")).expect("is there");
    let campaign = serde_json::from_str::<serde_json::Value>(&run).expect("is JSON")["campaign"].clone();
    for (figure, count) in [("planned", 1), ("answered", 1), ("updated", 1), ("confirmed", 0), ("repaired", 1)] {
        assert_eq!(campaign["all"][figure], count, "{figure}: {campaign}");
    }
    assert_eq!(campaign["cost_a_repaired_millionths"], 60_000, "{campaign}");
    let report = std::fs::read_to_string(place.path("out/report.html")).expect("is there");
    assert!(report.contains("id=\"he-campaign\"") && report.contains("id=\"en-campaign\""));
    let yossi = all.iter().find(|one| one["email"] == "yossi@walla.co.il").expect("is there");
    assert_eq!((yossi["phone"].as_str(), yossi["city"].as_str()), ("+972527654321", "Tel Aviv - Yafo"));
    let found = place.tiuv(&["lookup", "053-3456789", "--format", "json"]);
    assert!(found.stdout.contains("dana.levi@gmail.com"), "{found:?}");

    let exported = place.tiuv(&["outreach", "answers", "export", "--out", "crm", "--format", "csv,excel,jsonl"]);
    assert!(exported.stdout.starts_with("3 changes handed over"), "{exported:?}");
    let files: Vec<String> = place.files().into_keys().filter(|name| name.starts_with("crm/changes-")).collect();
    assert_eq!(files.len(), 3, "{files:?}");
    let lines = files.iter().find(|name| name.ends_with("jsonl")).expect("is there");
    let lines = std::fs::read_to_string(place.path(lines)).expect("reads");
    let phone: serde_json::Value = lines
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("is JSON"))
        .find(|line| line["field"] == "phone")
        .expect("is handed over");
    assert_eq!((&phone["key"], &phone["new"]), (&"K1".into(), &"+972533456789".into()));
    assert_eq!((&phone["old"], &phone["verified"]), (&"+972502345678".into(), &"no".into()));
    let again = place.tiuv(&["outreach", "answers", "export", "--out", "crm"]);
    assert!(again.stdout.contains("nothing was accepted that the CRM does not have yet"), "{again:?}");
}

#[cfg(unix)]
#[test]
fn thanks_are_given_for_what_is_on_disk_even_if_the_server_is_killed() {
    let place = cleaned(LIST);
    let token = send_link(&place, "yossi@walla.co.il", "+972527654321");
    let mut served = Served::start(&place);
    let answer = served.say(&token, "do=remove");
    assert!(answer.contains("You are removed."), "{answer}");
    served.server.kill().expect("is killed");
    served.server.wait().expect("ends");
    let listed = place.tiuv(&["suppress", "list", "052-7654321"]);
    assert!(listed.stdout.contains("opt_out") && listed.stdout.contains("confirm"), "{listed:?}");
}

#[cfg(unix)]
#[test]
fn an_address_is_laid_over_what_was_known_and_a_change_file_says_what_the_crm_has() {
    let place = cleaned(
        "id,first name,last name,mobile,email,street,city\n\
         K1,Dana,Levi,050-2345678,dana.levi@gmail.com,ויצמן 11,נצרת\n\
         K2,Yossi,Cohen,052-7654321,yossi@walla.co.il,דיזנגוף 4,תל אביב\n",
    );
    let (dana, yossi) = (
        send_link(&place, "dana.levi@gmail.com", "+972502345678"),
        send_link(&place, "yossi@walla.co.il", "+972527654321"),
    );
    let round = |forms: &[(&str, &str)], out: &str| {
        let served = Served::start(&place);
        for (token, form) in forms {
            let answer = served.say(token, form);
            assert!(answer.starts_with("HTTP/1.1 200"), "{form}: {answer}");
        }
        served.end();
        let accepted = place.tiuv(&["outreach", "answers", "accept", "--all"]);
        assert_eq!(accepted.exit, Some(0), "{accepted:?}");
        assert_eq!(place.tiuv(&["clean", "club.csv", "--out", "out"]).exit, Some(0));
        let exported = place.tiuv(&["outreach", "answers", "export", "--out", out, "--format", "jsonl"]);
        assert_eq!(exported.exit, Some(0), "{exported:?}");
        let files = place.files().into_iter().filter(|(name, _)| name.starts_with(&format!("{out}/changes")));
        let text: String = files.map(|(_, content)| String::from_utf8_lossy(&content).into_owned()).collect();
        let line = |line: &str| -> (String, String, String) {
            let change: serde_json::Value = serde_json::from_str(line).expect("is JSON");
            let cell = |name: &str| change[name].as_str().expect("a text").to_owned();
            (cell("field"), cell("old"), cell("new"))
        };
        text.lines().map(line).collect::<Vec<_>>()
    };
    let text = |field: &str, old: &str, new: &str| (field.to_owned(), old.to_owned(), new.to_owned());
    // A postcode alone; the same street as before is no change, whatever is given beside it.
    let first =
        round(&[(&dana, "do=update&postcode=1603105"), (&yossi, "do=update&street=דיזנגוף 4&city=Haifa")], "crm1");
    assert_eq!(first, [text("postcode", "", "1603105"), text("city", "תל אביב-יפו", "Haifa")]);
    let all = customers(&place);
    let of = |email: &str| all.iter().find(|one| one["email"] == email).expect("is there").clone();
    let [one, other] = [of("dana.levi@gmail.com"), of("yossi@walla.co.il")];
    let parts = |one: &std::collections::BTreeMap<String, String>| {
        ["street", "house_number", "city", "postcode"].map(|part| one[part].clone())
    };
    assert_eq!(parts(&one), ["ויצמן", "11", "נצרת", "1603105"], "{one:?}");
    assert_eq!(parts(&other), ["דיזנגוף", "4", "Haifa", ""], "{other:?}");
    // Another street, given twice: the later one is the change, and what it replaces is what the list had.
    let second = round(&[(&dana, "do=update&street=הרצל 2"), (&dana, "do=update&street=אלנבי 77/4")], "crm2");
    assert_eq!(second, [text("street", "ויצמן 11", "אלנבי 77/4")]);
    let all = customers(&place);
    let one = all.iter().find(|one| one["email"] == "dana.levi@gmail.com").expect("is there");
    assert_eq!(parts(one), ["אלנבי", "77/4", "נצרת", ""], "{one:?}");
    // And a third one replaces what the CRM was told.
    let third = round(&[(&dana, "do=update&street=בן יהודה 9")], "crm3");
    assert_eq!(third, [text("street", "אלנבי 77/4", "בן יהודה 9")]);
}
