//! Answers, from a cleaned list to the suppression list: call lists, their way back, look-ups, do-not-call files, the server.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

use rusqlite::{Connection, params};

use crate::support::program::{Place, cleaned, listening, tiuv};

/// Two households, one of them with a customer whom matching can't tell to be one: Dana under two names of hers.
const LIST: &str = "\
id,first name,last name,mobile,email,birth date,city
1,Dana,Levi,050-2345678,dana.levi@gmail.com,1981-05-06,Haifa
2,Noam,Levi,050-2345678,noam.levi@walla.co.il,1979-02-01,Haifa
3,Yossi,Cohen,052-7654321,yossi@walla.co.il,1975-11-02,Tel Aviv
4,רינה,מזרחי,054-1112223,rina@example.org,1990-01-30,חולון
";

fn state(place: &Place) -> Connection {
    Connection::open(place.path(".tiuv/state.db")).expect("the workspace opens")
}

/// The customer with this key, as `tiuv lookup` calls it.
fn customer(place: &Place, who: &str) -> serde_json::Value {
    let ran = tiuv(place, &["lookup", who, "--format", "json"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    serde_json::from_str(&ran.stdout).expect("is JSON")
}

/// Plans a call to a customer.
fn plan_call(place: &Place, who: &str, phone: &str, to_verify: &str) -> i64 {
    let found = customer(place, who);
    let name = found["customers"][0]["customer"].as_str().expect("is found").to_owned();
    let id = tiuv::record::CustomerId::parse(&name).expect("is a name");
    let state = state(place);
    state
        .execute(
            "INSERT INTO outbox (campaign, run, customer, household, window, rung, channel, recipient, recipient_key, list,
                 row_key, row_number, first_name, language, country, body, parts, cost, expected_gain, is_audit, why, to_verify,
                 due_at, planned_at, changed_at)
             VALUES ('autumn', 'r', ?1, ?1, '2026-11-01', 3, 'call', ?2, ?2, 'club.csv', '1', 1, 'Dana', 'he', 'IL',
                 'Shalom, is all of this still right? {link}', 1, 3000000, 1, 0, '', ?3, '2026-11-21T08:00:00Z', '', '')",
            params![id.0 as i64, phone, to_verify],
        )
        .expect("planned");
    state.last_insert_rowid()
}

/// The call list with the outcomes of calls, by their numbers, and other cells by the names of their columns.
fn filled(place: &Place, name: &str, answers: &[(i64, &[(&str, &str)])]) -> String {
    let text = std::fs::read_to_string(place.path(name)).expect("the list is there");
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().expect("a header").clone();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("memory");
    for record in reader.records() {
        let record = record.expect("is of the header's length");
        let id: i64 = record[0].parse().expect("a number");
        let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
        for (_, values) in answers.iter().filter(|(call, _)| *call == id) {
            for (column, value) in *values {
                let at = header.iter().position(|known| known == *column).expect("a column of the list");
                cells[at] = (*value).to_owned();
            }
        }
        writer.write_record(&cells).expect("memory");
    }
    String::from_utf8(writer.into_inner().expect("memory")).expect("is UTF-8")
}

#[test]
fn a_call_list_goes_out_once_and_what_comes_back_changes_the_workspace_once() {
    let place = cleaned(LIST);
    let dana = plan_call(&place, "dana.levi@gmail.com", "+972502345678", "email");
    let yossi = plan_call(&place, "yossi@walla.co.il", "+972527654321", "email;phone");
    let rina = plan_call(&place, "rina@example.org", "+972541112223", "phone");
    let ran = tiuv(&place, &["outreach", "calls", "--out", "lists", "--format", "csv,excel,vcard"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.stdout.starts_with("3 calls handed out"), "{ran:?}");
    let again = tiuv(&place, &["outreach", "calls", "--out", "lists"]);
    assert_eq!(again.stdout, "no calls are due\n");
    assert!(place.path("lists/calls-2026-11-21.xlsx").is_file() && place.path("lists/calls-2026-11-21.vcf").is_file());

    let text = filled(
        &place,
        "lists/calls-2026-11-21.csv",
        &[
            (dana, &[("outcome", "סירבה")]),
            (yossi, &[("outcome", "Updated"), ("new_email", "Yossi.New@Gmail.com"), ("note", "moved")]),
            (rina, &[("outcome", "perhaps")]),
        ],
    );
    place.write("filled.csv", text);
    let ran = tiuv(&place, &["outreach", "import", "filled.csv", "--set-aside", "aside.csv"]);
    assert_eq!(ran.exit, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("2 taken over (1 refused, 1 updated), 1 set aside"), "{ran:?}");
    assert!(ran.stderr.contains("row 3, line 4: unknown_outcome"), "{ran:?}");
    assert!(!ran.stderr.contains("rina") && !ran.stderr.contains("0541112223"), "no values: {ran:?}");
    let aside = std::fs::read_to_string(place.path("aside.csv")).expect("written");
    assert!(aside.contains("unknown_outcome") && aside.contains("perhaps"), "{aside}");

    // Dana refused: she is held on all channels, and so is the number that she shares; Noam is held by nothing else.
    let found = customer(&place, "dana.levi@gmail.com");
    assert_eq!(found["customers"][0]["asked"][0]["state"], "opted_out");
    assert!(!found["customers"][0]["suppressions"].as_array().expect("a list").is_empty());
    // Yossi's new address waits, and the old one is evidence.
    let found = customer(&place, "yossi@walla.co.il");
    assert_eq!(found["customers"][0]["pending_changes"][0]["new"], "Yossi.New@gmail.com");
    assert_eq!(found["customers"][0]["asked"][0]["state"], "answered");

    // Corrected and imported again: only the corrected row is new.
    let text = std::fs::read_to_string(place.path("filled.csv")).expect("is there").replace("perhaps", "אין מענה");
    place.write("filled.csv", text);
    let ran = tiuv(&place, &["outreach", "import", "filled.csv"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("1 taken over (1 no_answer), 2 known already"), "{ran:?}");
    let events: i64 =
        state(&place).query_row("SELECT count(*) FROM contact_event", [], |row| row.get(0)).expect("reads");
    assert_eq!(events, 4, "refused, updated with the old address, no answer");
}

#[test]
fn a_refusal_or_a_death_in_a_callers_note_holds_whatever_outcome_was_chosen_and_waits_for_a_person() {
    let place = cleaned(LIST);
    let dana = plan_call(&place, "dana.levi@gmail.com", "+972502345678", "email");
    let yossi = plan_call(&place, "yossi@walla.co.il", "+972527654321", "email");
    let rina = plan_call(&place, "rina@example.org", "+972541112223", "phone");
    assert_eq!(tiuv(&place, &["outreach", "calls", "--out", "lists", "--format", "csv"]).exit, Some(0));
    let text = filled(
        &place,
        "lists/calls-2026-11-21.csv",
        &[
            (dana, &[("outcome", "confirmed"), ("note", "all is right, but asked us never to call her again")]),
            (yossi, &[("outcome", "no_answer"), ("note", "הבן ענה: אבא נפטר בקיץ")]),
            (rina, &[("outcome", "callback"), ("note", "מבקשת שיחזרו אליה מחר, לא בצהריים")]),
        ],
    );
    place.write("filled.csv", text);
    let ran = tiuv(&place, &["outreach", "import", "filled.csv"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let reasons = |who: &str| -> Vec<String> {
        let found = customer(&place, who);
        let all = found["customers"][0]["suppressions"].as_array().expect("a list");
        all.iter().map(|one| one["reason"].as_str().expect("a word").to_owned()).collect()
    };
    assert!(reasons("dana.levi@gmail.com").iter().any(|reason| reason == "opt_out"));
    assert!(reasons("yossi@walla.co.il").iter().any(|reason| reason == "deceased"));
    assert_eq!(reasons("rina@example.org"), Vec::<String>::new());
    let inbox = tiuv(&place, &["outreach", "inbox"]);
    assert!(inbox.stdout.contains("never to call") && inbox.stdout.contains("נפטר"), "{inbox:?}");
}

#[test]
fn a_filled_workbook_is_read_as_it_was_written() {
    let place = cleaned(LIST);
    let call = plan_call(&place, "yossi@walla.co.il", "+972527654321", "email");
    for language in ["he", "en"] {
        let ran = tiuv(&place, &["outreach", "calls", "--out", "lists", "--language", language]);
        assert_eq!(ran.exit, Some(0), "{ran:?}");
        state(&place).execute("UPDATE outbox SET state = 'pending'", []).expect("planned anew");
    }
    state(&place).execute("UPDATE outbox SET state = 'sent'", []).expect("handed out");
    for name in ["lists/calls-2026-11-21.xlsx", "lists/calls-2026-11-21-2.xlsx"] {
        // Nothing is filled in: nothing is taken over, and nothing is wrong.
        let ran = tiuv(&place, &["outreach", "import", name]);
        assert_eq!(ran.exit, Some(0), "{ran:?}");
        assert!(ran.stdout.contains("0 taken over, 1 without an outcome yet"), "{ran:?}");
    }
    assert!(call > 0);
}

#[test]
fn rows_that_do_not_fit_are_set_aside_with_what_to_do() {
    let place = cleaned(LIST);
    let call = plan_call(&place, "yossi@walla.co.il", "+972527654321", "email");
    tiuv(&place, &["outreach", "calls", "--out", "lists", "--format", "csv"]);
    let rows = [
        (format!("{call},,,"), "0 taken over, 1 without an outcome yet", ""),
        (format!("{call},,x,"), "", "no_outcome"),
        ("999,confirmed,,".to_owned(), "", "unknown_call"),
        ("x,confirmed,,".to_owned(), "", "unknown_call"),
        (format!("{call},confirmed,,soon"), "", "bad_time"),
        (format!("{call},updated,,"), "", "no_new_value"),
    ];
    for (row, said, reason) in rows {
        place.write("filled.csv", format!("call,outcome,note,called_at\n{row}\n"));
        let ran = tiuv(&place, &["outreach", "import", "filled.csv"]);
        assert!(ran.stdout.contains(said) && ran.stderr.contains(reason), "{row}: {ran:?}");
        assert_eq!(ran.exit, Some(if reason.is_empty() { 0 } else { 3 }), "{row}: {ran:?}");
    }
    place.write("filled.csv", format!("call,outcome,new email\n{call},updated,nobody@\n"));
    assert!(tiuv(&place, &["outreach", "import", "filled.csv"]).stderr.contains("bad_new_value"));
    place.write("filled.csv", format!("call,outcome,customer\n{call},confirmed,C0000000000000\n"));
    assert!(tiuv(&place, &["outreach", "import", "filled.csv"]).stderr.contains("other_customer"));
    place.write("other.csv", "a,b\n1,2\n");
    let ran = tiuv(&place, &["outreach", "import", "other.csv"]);
    assert_eq!(ran.exit, Some(2), "{ran:?}");
}

#[test]
fn whoever_was_suppressed_meanwhile_is_taken_off_the_call_list() {
    let place = cleaned(LIST);
    plan_call(&place, "yossi@walla.co.il", "+972527654321", "email");
    plan_call(&place, "rina@example.org", "+972541112223", "email");
    place.write("register.csv", "phone\n054-1112223\n05\n");
    let ran = tiuv(&place, &["suppress", "import", "register.csv", "--checked", "2026-11-20"]);
    assert_eq!(ran.exit, Some(3), "{ran:?}");
    assert!(ran.stdout.starts_with("1 added"), "{ran:?}");
    let ran = tiuv(&place, &["outreach", "calls", "--out", "lists", "--format", "csv"]);
    assert!(ran.stdout.starts_with("1 calls handed out") && ran.stdout.contains("1 taken off"), "{ran:?}");
    let list = std::fs::read_to_string(place.path("lists/calls-2026-11-21.csv")).expect("written");
    assert!(list.contains("+972527654321") && !list.contains("+972541112223"));
}

#[test]
fn a_caller_is_found_by_number_address_name_and_key() {
    let place = cleaned(LIST);
    for who in ["050-2345678", "+972 50 2345678", "2345678"] {
        assert_eq!(customer(&place, who)["customers"].as_array().map(Vec::len), Some(2), "{who}");
    }
    for who in ["YOSSI@walla.co.il", "cohen yossi", "Yossi", "3"] {
        let found = customer(&place, who);
        assert_eq!(found["customers"].as_array().map(Vec::len), Some(1), "{who}");
        assert_eq!(found["customers"][0]["key"], "3", "{who}");
    }
    assert_eq!(customer(&place, "מזרחי")["customers"][0]["key"], "4");
    let ran = tiuv(&place, &["lookup", "0509999999"]);
    assert_eq!((ran.exit, ran.stdout.as_str()), (Some(0), "אין לקוח כזה\n"));
    let ran = tiuv(&place, &["lookup", "מזרחי", "--language", "en"]);
    assert!(ran.stdout.contains("To verify") && ran.stdout.contains("rina@example.org"), "{ran:?}");
    let nowhere = Place::new();
    assert_eq!(nowhere.tiuv(&["lookup", "0501234567"]).exit, Some(2));
}

#[test]
fn the_suppression_list_survives_export_and_shows_whom_it_holds() {
    let place = cleaned(LIST);
    let ran = tiuv(&place, &["suppress", "add", "050-2345678", "--note", "=cmd()"]);
    assert!(ran.stdout.contains("different people have it"), "{ran:?}");
    let ran = tiuv(&place, &["suppress", "add", "1"]);
    assert_eq!(ran.exit, Some(0), "a row's key names the customer: {ran:?}");
    let held = customer(&place, "dana.levi@gmail.com");
    assert!(held["customers"][0]["suppressions"].as_array().expect("a list").len() >= 2);
    let ran = tiuv(&place, &["suppress", "export", "list.csv"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let text = std::fs::read_to_string(place.path("list.csv")).expect("written");
    assert!(text.contains(",'=cmd(),"), "{text}");
    assert_eq!(tiuv(&place, &["suppress", "remove", "1"]).exit, Some(0));
    assert_eq!(tiuv(&place, &["suppress", "remove", "1"]).exit, Some(2), "it does not hold any more");
    let listed = tiuv(&place, &["suppress", "list"]).stdout;
    assert_eq!(listed.lines().count(), 1, "{listed}");
    assert!(tiuv(&place, &["suppress", "list", "--lifted"]).stdout.lines().count() > 1);
}

#[cfg(unix)]
#[test]
fn the_server_takes_a_message_logs_no_value_and_ends_when_it_is_asked_to() {
    let place = cleaned(LIST);
    place.write(
        "tiuv.toml",
        "[webhooks.gateway.kannel.http]\nsecret_env = \"HOOK\"\nsecret_query = \"key\"\nget = true\n\
         inbound = { id = \"id\", from = \"from\", text = \"text\" }\n",
    );
    let mut server = place
        .command(&["serve", "--webhooks", "--listen", "127.0.0.1:0", "-vv"])
        .env("HOOK", "s3cret")
        .stderr(Stdio::piped())
        .spawn()
        .expect("starts");
    let (mut log, address) = listening(&mut server);
    let mut stream = TcpStream::connect(&address).expect("connects");
    let target = "/webhooks/kannel/inbound?key=s3cret&id=1&from=972502345678&text=STOP";
    write!(stream, "GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").expect("sends");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("reads");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    let pid = rustix::process::Pid::from_child(&server);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("is there");
    assert_eq!(server.wait().expect("ends").code(), Some(0));
    let mut rest = String::new();
    log.read_to_string(&mut rest).expect("reads");
    assert!(!rest.contains("502345678") && !rest.contains("s3cret") && rest.contains("a message"), "{rest}");
    let listed = tiuv(&place, &["suppress", "list", "0502345678"]).stdout;
    assert!(listed.contains("opt_out") && listed.contains("gateway:kannel"), "{listed}");
}

/// A call on which the customer said something that no outcome is: whether the customer may be asked any more.
fn may_be_asked_after(outcome: &str) -> bool {
    let place = cleaned(LIST);
    let dana = plan_call(&place, "dana.levi@gmail.com", "+972502345678", "email");
    let ran = tiuv(&place, &["outreach", "calls", "--out", "lists", "--format", "csv"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    place.write("filled.csv", filled(&place, "lists/calls-2026-11-21.csv", &[(dana, &[("outcome", outcome)])]));
    tiuv(&place, &["outreach", "import", "filled.csv"]);
    let held: i64 = state(&place).query_row("SELECT count(*) FROM suppression", [], |row| row.get(0)).expect("read");
    held == 0
}

#[test]
fn a_refusal_in_the_column_of_outcomes_holds_whatever_its_words_and_what_is_not_understood_holds_nobody() {
    for refusal in ["אמרה שלא רוצה שיתקשרו אליה יותר", "she told me never to phone her again"]
    {
        assert!(!may_be_asked_after(refusal), "{refusal}");
    }
    for unknown in ["טרם טופל", "perhaps"] {
        assert!(may_be_asked_after(unknown), "{unknown}");
    }
}

#[test]
fn calls_are_shared_out_and_a_lost_list_is_written_once_more_without_what_came_back() {
    let place = cleaned(LIST);
    let dana = plan_call(&place, "dana.levi@gmail.com", "+972502345678", "email");
    plan_call(&place, "yossi@walla.co.il", "+972527654321", "email;phone");
    plan_call(&place, "rina@example.org", "+972541112223", "phone");
    let ran = tiuv(&place, &["outreach", "calls", "--out", "lists", "--format", "csv", "--split", "2"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let lists: Vec<String> = (1..=2).map(|caller| format!("calls-2026-11-21-{caller}of2")).collect();
    let text = |list: &str| std::fs::read_to_string(place.path(&format!("{list}.csv"))).expect("the list is there");
    let calls = |list: &str| -> Vec<String> {
        text(list).lines().skip(1).filter_map(|line| Some(line.split(',').next()?.to_owned())).collect()
    };
    let both: Vec<Vec<String>> = lists.iter().map(|list| calls(&format!("lists/{list}"))).collect();
    assert_eq!((both[0].len(), both[1].len()), (2, 1), "{both:?}");
    assert!(!both[0].contains(&both[1][0]), "no call stands on two lists");

    let ran = tiuv(&place, &["outreach", "calls", "--again", &lists[0], "--out", "again", "--format", "csv"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert_eq!(text(&format!("again/{}", lists[0])), text(&format!("lists/{}", lists[0])), "the very list");
    let ran = tiuv(&place, &["outreach", "calls", "--again", &lists[0], "--out", "again", "--format", "csv"]);
    assert_eq!(ran.exit, Some(2), "it may be half filled in by now: {ran:?}");

    let of_dana = usize::from(!both[0].contains(&dana.to_string()));
    let name = format!("lists/{}.csv", lists[of_dana]);
    place.write("filled.csv", filled(&place, &name, &[(dana, &[("outcome", "Confirmed")])]));
    assert_eq!(tiuv(&place, &["outreach", "import", "filled.csv"]).exit, Some(0));
    let ran = tiuv(&place, &["outreach", "calls", "--again", &lists[of_dana], "--out", "later", "--format", "csv"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(
        !calls(&format!("later/{}", lists[of_dana])).contains(&dana.to_string()),
        "what came back is not made again"
    );
    let ran = tiuv(&place, &["outreach", "calls", "--issued"]);
    assert!(ran.stdout.contains(&format!("{}  ", lists[0])) && ran.stdout.contains("1 open"), "{ran:?}");
    let ran = tiuv(&place, &["outreach", "calls", "--again", "calls-2026-11-21-1of3", "--out", "none"]);
    assert!(ran.exit == Some(2) && ran.stderr.contains("did you mean"), "{ran:?}");
}
