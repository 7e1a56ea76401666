//! Which lines are sold as kosher hints at their owners' religion: nothing that is exported tells it unless asked to.

use crate::support::program::{AS_OF, Place, Ran};

/// A voice-only mobile, a voice-only landline, and the same with ordinary numbers.
const KOSHER: [&str; 2] = ["050-4123456", "02-8012345"];
const ORDINARY: [&str; 2] = ["050-2345678", "02-5234567"];

fn list(numbers: [&str; 2]) -> String {
    let [first, second] = numbers;
    format!(
        "id,name,mobile,consent_sms,consent_call\n1,Dana Levi,{first},yes,yes\n2,Noa Cohen,{second},yes,yes\n\
         3,Avi Mizrahi,054-7654329,yes,yes\n"
    )
}

fn clean(numbers: [&str; 2], more: &[&str]) -> Place {
    let place = Place::new();
    place.write("list.csv", list(numbers));
    let args = ["clean", "list.csv", "--out", "out", "--accept-mapping", "-vv"];
    let ran = place.tiuv(&[&args[..], &AS_OF, more].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    place.write("printed", format!("{}{}", ran.stdout, ran.stderr));
    place
}

fn check(more: &[&str]) -> (Place, Ran) {
    let place = Place::new();
    place.write("list.csv", list(KOSHER));
    let args = ["check", "list.csv", "--accept-mapping", "--fail-on", "info", "--level", "phone=warning", "-vv"];
    let ran = place.tiuv(&[&args[..], &AS_OF, more].concat());
    (place, ran)
}

fn mentions(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).to_lowercase().contains("kosher")
}

fn text(place: &Place, name: &str) -> String {
    String::from_utf8(place.files()[name].clone()).expect("outputs are UTF-8")
}

/// The content of `run.json` without what names the run.
fn figures(place: &Place) -> String {
    text(place, "out/run.json").lines().filter(|line| !line.contains("\"run\":")).collect::<Vec<_>>().join("\n")
}

#[test]
fn no_file_of_a_run_tells_it_by_default() {
    let place = clean(KOSHER, &[]);
    let files = place.files();
    assert!(files.keys().any(|name| name.ends_with(".parquet")) || cfg!(not(feature = "parquet")));
    let telling: Vec<&String> = files.iter().filter(|(_, bytes)| mentions(bytes)).map(|(name, _)| name).collect();
    assert!(telling.is_empty(), "{telling:?}");
}

#[test]
fn a_run_over_kosher_lines_differs_from_one_over_ordinary_lines_in_nothing_but_the_numbers() {
    let [kosher, ordinary] = [KOSHER, ORDINARY].map(|numbers| clean(numbers, &[]));
    let mut rows = text(&kosher, "out/rows.csv");
    for (from, to) in KOSHER.iter().zip(ORDINARY) {
        let e164 = |number: &str| format!("+972{}", number[1..].replace('-', ""));
        rows = rows.replace(from, to).replace(&e164(from), &e164(to));
    }
    assert_eq!(rows, text(&ordinary, "out/rows.csv"));
    assert_eq!(figures(&kosher), figures(&ordinary));
    assert_eq!(text(&kosher, "out/changes.csv"), text(&ordinary, "out/changes.csv"));
}

#[test]
fn how_to_ask_a_flagged_customer_tells_it_of_no_number_of_a_cell() {
    let next = |cell: &str, more: &[&str]| {
        let place = clean([cell, ORDINARY[1]], &[&["--flag", "100%"], more].concat());
        let flagged = text(&place, "out/flagged.csv");
        let cells: Vec<Vec<&str>> = flagged.lines().map(|line| line.split(',').collect()).collect();
        let column = cells[0].iter().position(|header| *header == "next").expect("is there");
        let line = cells.iter().find(|line| line[1] == "1").unwrap_or_else(|| panic!("not flagged: {flagged}"));
        line[column].to_owned()
    };
    for cell in [KOSHER[0], "03-5234567 / 050-4123456", "050-4123456 / 03-5234567"] {
        assert_eq!(next(cell, &[]), "sms", "{cell}");
        assert_eq!(next(cell, &["--export-kosher"]), "call", "{cell}");
    }
    // What is told of other lines stays told.
    assert_eq!(next("03-5234567 / 1-800-123-456", &[]), "call");
}

#[test]
fn a_run_tells_it_when_asked_to() {
    let place = clean(KOSHER, &["--export-kosher"]);
    let rows = text(&place, "out/rows.csv");
    let cells: Vec<Vec<&str>> = rows.lines().map(|line| line.split(',').collect()).collect();
    let column = |name: &str| cells[0].iter().position(|header| *header == name).expect("is there");
    let (sms, reasons) = (column("tiuv_sms"), column("tiuv_phone_reasons"));
    assert_eq!([cells[1][sms], cells[2][sms], cells[3][sms]], ["no", "no", "yes"]);
    assert_eq!([cells[1][reasons], cells[2][reasons]], ["phone.kosher_range", "phone.kosher_landline"]);
    assert!(mentions(text(&place, "out/run.json").as_bytes()));
    assert!(text(&place, "out/report.html").contains("mobile line without text messages"));
    assert!(text(&place, "out/run.json").contains("\"sms\": 1"));
}

#[test]
fn no_format_of_a_check_tells_it_unless_asked_to() {
    for format in ["text", "json", "jsonl", "sarif", "github"] {
        let output = format!("{format}=findings");
        let more = ["--format", format, "--output", &output, "--rejects", "rejects.csv", "--diff"];
        let (place, ran) = check(&more);
        assert_eq!(ran.exit, Some(0), "{format}: nothing else is found: {}{}", ran.stdout, ran.stderr);
        assert!(!mentions(ran.stdout.as_bytes()) && !mentions(ran.stderr.as_bytes()), "{format}: {}", ran.stdout);
        let telling: Vec<String> =
            place.files().into_iter().filter(|(_, bytes)| mentions(bytes)).map(|(name, _)| name).collect();
        assert!(telling.is_empty(), "{format}: {telling:?}");

        let (place, ran) = check(&[&more[..], &["--export-kosher"]].concat());
        assert_eq!(ran.exit, Some(1), "{format}: {}", ran.stderr);
        assert!(mentions(ran.stdout.as_bytes()), "{format}: {}", ran.stdout);
        for file in ["findings", "rejects.csv"] {
            assert!(mentions(&place.files()[file]), "{format}: {file}");
        }
    }
}

#[test]
fn a_gate_on_what_is_not_told_is_refused() {
    for more in [["--max", "phone.kosher_range=0"], ["--level", "phone.kosher_range=error"]] {
        let (_, ran) = check(&more);
        assert_eq!(ran.exit, Some(2), "{}", ran.stdout);
        assert!(ran.stderr.contains("--export-kosher"), "{}", ran.stderr);
    }
    let (_, ran) = check(&["--level", "phone.kosher_range=off"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
}

#[test]
fn single_numbers_are_told_in_the_same_way() {
    let place = Place::new();
    for format in ["text", "csv", "json", "jsonl"] {
        let [quiet, told] = [&[][..], &["--export-kosher"]].map(|more| {
            place.tiuv(&[&["phone", KOSHER[0], KOSHER[1], "--format", format, "--no-state"][..], more].concat())
        });
        assert!(!mentions(quiet.stdout.as_bytes()), "{format}: {}", quiet.stdout);
        assert!(mentions(told.stdout.as_bytes()), "{format}: {}", told.stdout);
    }
    let line = |more: &[&str]| {
        let ran = place.tiuv(&[&["phone", KOSHER[0], "--format", "csv", "--no-state"][..], more].concat());
        ran.stdout.lines().nth(1).unwrap_or_default().to_owned()
    };
    assert!(line(&[]).contains(",mobile,yes,mobile_line,yes,mobile_line,"), "{}", line(&[]));
    assert!(line(&["--export-kosher"]).contains(",mobile,no,kosher_prefix,yes,mobile_line,"));
}

#[test]
fn explain_tells_its_one_reader_everything() {
    let place = Place::new();
    place.write("list.csv", list(KOSHER));
    let ran = place.tiuv(&["explain", "list.csv:1"]);
    assert!(ran.stdout.contains("SMS, no, a prefix sold for voice only, 90 % sure, list of 2026-11"), "{}", ran.stdout);
}

#[test]
fn planning_knows_within_that_no_text_message_gets_there() {
    let place = clean(KOSHER, &[]);
    let store = tiuv::store::Store::open(&place.path(".tiuv")).expect("the run's workspace");
    let profiles = store.latest_profiles().expect("read").expect("the run left its customers");
    let mobile = profiles.by_contact(tiuv::record::ContactKind::Phone, "+972504123456").expect("read");
    let sms: Vec<tiuv::record::Reach> =
        mobile.iter().flat_map(|profile| profile.contacts.iter().map(|own| own.sms)).collect();
    assert_eq!(sms, [tiuv::record::Reach::No]);
    assert!(text(&place, "out/rows.csv").lines().any(|line| line.contains("+972504123456") && line.contains(",yes,")));
}
