//! Messages that customers wrote, from a file to the suppression list and to whoever has to read them.

use crate::support::program::{Place, cleaned, tiuv};

const LIST: &str = "\
id,first name,last name,mobile,email,birth date,city
1,Dana,Levi,050-2345678,dana.levi@gmail.com,1981-05-06,Haifa
2,Noam,Levi,050-2345678,noam.levi@walla.co.il,1979-02-01,Haifa
3,Yossi,Cohen,052-7654321,yossi@walla.co.il,1975-11-02,Tel Aviv
4,Rina,Mizrahi,054-3112223,rina@walla.co.il,1990-01-30,Holon
";

fn waiting(place: &Place, more: &[&str]) -> Vec<serde_json::Value> {
    let ran = place.tiuv(&[&["outreach", "inbox", "--format", "jsonl"], more].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    ran.stdout.lines().map(|line| serde_json::from_str(line).expect("is JSON")).collect()
}

fn is_held(place: &Place, who: &str) -> bool {
    let ran = tiuv(place, &["lookup", who, "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&ran.stdout).expect("is JSON");
    !found["customers"][0]["suppressions"].as_array().expect("a list").is_empty()
}

#[test]
fn messages_of_a_file_are_taken_in_once_and_what_needs_a_person_waits() {
    let place = cleaned(LIST);
    let long = "x ".repeat(5_000);
    let file = format!(
        "Message SID,From,To,Body,Direction,Date Sent,Status,OptOutType\n\
         SM1,+972527654321,+972771234567,stop,inbound,2026-11-20 10:00,received,\n\
         SM2,+972771234567,+972527654321,Shalom,outbound-api,2026-11-20 09:00,delivered,\n\
         SM3,+972543112223,+972771234567,\"Merci, arret\",inbound,2026-11-20 10:00,received,STOP\n\
         SM4,+972502345678,+972771234567,👍👍,inbound,2026-11-20 10:00,received,\n\
         SM5,Bank,+972771234567,who are you?,inbound,2026-11-20 10:00,received,\n\
         SM6,,+972771234567,hello,inbound,2026-11-20 10:00,received,\n\
         SM7,+972509999999,+972771234567,{long},inbound,2026-11-20 10:00,received,\n\
         SM8,+972509999999,+972771234567,hello,inbound,soon,received,\n"
    );
    place.write("replies.csv", &file);
    let ran = tiuv(&place, &["outreach", "import", "replies.csv", "--set-aside", "aside.csv"]);
    assert_eq!(ran.exit, Some(3), "{ran:?}");
    assert!(ran.stdout.contains("6 taken over (1 confirms, 2 opt_out, 3 reply), 4 for a person to read"), "{ran:?}");
    assert!(ran.stdout.contains("1 of the club's own, 1 set aside"), "{ran:?}");
    assert!(ran.stderr.contains("row 8, line 9: bad_time"), "{ran:?}");
    let again = tiuv(&place, &["outreach", "import", "replies.csv"]);
    assert!(again.stdout.contains("0 taken over, 6 known already"), "{again:?}");

    // Nobody was asked at these numbers; whoever has them is held.
    assert!(is_held(&place, "yossi@walla.co.il") && is_held(&place, "rina@walla.co.il"));
    assert!(!is_held(&place, "dana.levi@gmail.com"));
    let lines = waiting(&place, &[]);
    let texts: Vec<&str> = lines.iter().map(|line| line["text"].as_str().expect("a text")).collect();
    assert_eq!(texts, ["👍👍", "who are you?", "hello", long.trim()]);
    assert_eq!((&lines[1]["sender"], &lines[2]["sender"]), (&"Bank".into(), &"".into()));

    let number = lines[1]["number"].to_string();
    let done = place.tiuv(&["outreach", "inbox", "done", &number, "--note", "a shop"]);
    assert_eq!(done.exit, Some(0), "{done:?}");
    assert_eq!(waiting(&place, &[]).len(), 3);
    let all = waiting(&place, &["--all"]);
    assert_eq!((all.len(), &all[3]["done_note"]), (6, &"a shop".into()));
    let unknown = place.tiuv(&["outreach", "inbox", "done", "99"]);
    assert!(unknown.exit == Some(2) && unknown.stderr.contains("no message has the number 99"), "{unknown:?}");
    let text = place.tiuv(&["outreach", "inbox"]);
    assert!(text.stdout.contains("+972502345678") && text.stdout.contains("👍👍"), "{text:?}");
    let status = place.tiuv(&["outreach", "status"]);
    assert!(status.stdout.contains("3 messages and notes wait for a person"), "{status:?}");
}

#[test]
fn a_refusal_of_one_channel_that_leaves_another_open_closes_that_one_alone() {
    let place = cleaned(LIST);
    let messages = "{\"from\": \"+972527654321\", \"text\": \"don't text me, you may call\", \"channel\": \"sms\"}\n\
                    {\"from\": \"+972543112223\", \"text\": \"STOP SMS\", \"channel\": \"sms\"}\n";
    place.write("replies.jsonl", messages);
    let ran = tiuv(&place, &["outreach", "import", "replies.jsonl"]);
    assert!(ran.stdout.contains("2 taken over (2 opt_out)"), "{ran:?}");
    let scopes = |who: &str| -> Vec<String> {
        let listed = tiuv(&place, &["suppress", "list", who]).stdout;
        listed.lines().filter_map(|line| line.split_whitespace().nth(2).map(str::to_owned)).collect()
    };
    let (one, all) = (scopes("yossi@walla.co.il"), scopes("rina@walla.co.il"));
    assert!(!one.is_empty() && one.iter().all(|scope| scope == "sms"), "{one:?}");
    assert!(!all.is_empty() && all.iter().all(|scope| scope == "all"), "{all:?}");
    tiuv(&place, &["clean", "club.csv", "--out", "out"]);
    let rows = std::fs::read(place.path("out/rows.csv")).expect("is written");
    let mut reader = csv::Reader::from_reader(&rows[..]);
    let header = reader.headers().expect("a header").clone();
    let column = header.iter().position(|name| name == "tiuv_contact_why").expect("is there");
    let why: Vec<String> = reader.records().map(|row| row.expect("a record")[column].to_owned()).collect();
    assert!(why[2].contains("sms.channel_refused") && !why[2].contains("opt_out"), "{why:?}");
    assert!(why[3].starts_with("opt_out"), "{why:?}");
}

#[test]
fn a_refusal_by_a_number_that_two_have_holds_both_and_a_stranger_is_closed() {
    let place = cleaned(LIST);
    let messages = "{\"from\": \"0502345678\", \"text\": \"הסר\", \"channel\": \"whatsapp\"}\n\
                    {\"from\": \"+972541234567\", \"text\": \"STOP\", \"channel\": \"whatsapp\"}\n";
    place.write("replies.jsonl", messages);
    let ran = tiuv(&place, &["outreach", "import", "replies.jsonl"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("2 taken over (2 opt_out)"), "{ran:?}");
    for who in ["dana.levi@gmail.com", "noam.levi@walla.co.il"] {
        let listed = tiuv(&place, &["suppress", "list", who]).stdout;
        assert!(listed.contains("opt_out") && listed.contains("gateway:whatsapp"), "{who}: {listed}");
    }
    let listed = tiuv(&place, &["suppress", "list", "054-1234567"]).stdout;
    assert!(listed.contains("opt_out"), "{listed}");
    assert!(waiting(&place, &[]).is_empty());
    let text = place.tiuv(&["outreach", "inbox"]);
    assert_eq!(text.stdout, "nothing waits for a person\n");
}
