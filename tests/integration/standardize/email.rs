//! E-mail cells against data with known answers: `fixtures/email/` (its README names the sources).

use std::collections::BTreeMap;

use serde::Deserialize;
use tiuv::finding::Code;
use tiuv::kernel::check_cell;
use tiuv::record::{CellOut, ColumnIndex, Field, Verdict};
use tiuv::rule::{Context, EmailKeys, RuleFiles};
use tiuv::standardize::{CellContext, EmailStandardizer, Standardizer, email_key};

#[test]
fn only_broken_syntax_is_invalid() {
    let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
    for (value, verdict) in [
        ("dana@gmail.com", Verdict::Ok),
        ("dana@tiuv-shop.co.il", Verdict::Ok),
        ("dana@דואר.co.il", Verdict::Ok),
        (" dana@gmail.com", Verdict::Repaired),
        ("dana@gmail.com; noa@walla.co.il", Verdict::Ok),
        ("info@tiuv-shop.co.il", Verdict::Risky),
        ("dana@mailinator.com", Verdict::Risky),
        ("\"a b\"@walla.co.il", Verdict::Risky),
        ("dana@gmial.com", Verdict::Review),
        ("danagmail.com", Verdict::Review),
        ("dana@tiuv-shop.nosuchtld", Verdict::Review),
        ("dana@gmail.com; noa@", Verdict::Review),
        ("dana", Verdict::Invalid),
        ("dana@localhost", Verdict::Invalid),
        ("אין מייל", Verdict::Empty),
        ("test@test.com", Verdict::Empty),
        ("", Verdict::Empty),
    ] {
        let checked = check_cell(&context, Field::Email, value).expect("the shipped rules load");
        assert_eq!(checked.verdict(0, ColumnIndex(0)), verdict, "{value}");
    }
}

#[derive(Deserialize)]
struct Cell {
    input: String,
    expect: String,
    mutation: String,
    normalized: Option<String>,
    key: Option<String>,
    suggestion: Option<String>,
    parts: Option<Vec<String>>,
}

#[test]
fn cells_of_a_customer_list_come_out_as_expected() {
    let files = RuleFiles::embedded();
    let keys = EmailKeys::load(&files).expect("the shipped rules load");
    let reader = EmailStandardizer::new(&files).expect("the shipped rules load");
    let mut wrong: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for cell in rows::<Cell>("crm_cells.jsonl") {
        let out = read(&reader, &cell.input);
        let outcome = outcome(&cell.input, &out);
        let display = cell.parts.as_ref().map(|parts| parts.join(";")).or(cell.normalized.clone());
        let same = outcome == cell.expect
            && display.is_none_or(|display| display == out.written())
            && cell.suggestion.as_ref().is_none_or(|suggestion| *suggestion == out.suggestion)
            && cell.key.as_ref().is_none_or(|key| *key == email_key(&keys, &out.display));
        if !same {
            let said = format!("{:?}: {outcome} {:?} {:?}", cell.input, out.written(), out.suggestion);
            wrong.entry(format!("{} {}", cell.expect, cell.mutation)).or_default().push(said);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

fn outcome(input: &str, out: &CellOut) -> &'static str {
    // A full-width domain is mapped by IDNA itself (UTS #46), so the cells count it as normalizing.
    let is_repaired = out.marks.iter().any(|mark| mark.code.is_repair() && mark.code != Code::EmailRepairFullwidth);
    let is_broken = out.detail.email().is_some_and(|detail| detail.broken.is_some());
    let unusual = [Code::EmailQuotedLocal, Code::EmailDomainLiteral];
    match () {
        () if out.has(Code::EmailPlaceholder) => "placeholder",
        () if !out.suggestion.is_empty() => "suggest",
        () if out.has(Code::EmailMulti) => "multi",
        () if is_broken => "reject",
        () if is_repaired => "repair",
        () if unusual.iter().any(|code| out.has(*code)) => "unusual",
        () if out.display != input => "normalized",
        () => "valid",
    }
}

#[derive(Deserialize)]
struct Verdicts {
    address: String,
    expected: String,
    source: String,
}

/// Where tiuv differs from suites that agree among themselves, and why.
const DIFFERENCES: &[(&str, &[&str])] = &[
    (
        "a customer's address needs a full domain name; RFC 5321 section 2.3.5",
        &[
            "a@b",
            "a@bar",
            "admin@mailserver1",
            "email@localhost",
            "first.last@com",
            "test@example",
            "test@io",
            "test@org",
            "λambdaツ@test",
        ],
    ),
    (
        "an IP address stands in brackets; RFC 5321 section 4.1.3",
        &["email@255.255.255.255", "foobar@192.168.0.1", "test@123.123.123.123", "test@255.255.255.255"],
    ),
    (
        "an IPv6 literal bears its tag; RFC 5321 section 4.1.3",
        &["email@[2001:dB8:0:0:0:0:0:1]", "email@[2001:dB8::1]", "email@[::fffF:127.0.0.1]"],
    ),
    ("no top level domain is all digits; RFC 3696 section 2", &["first.last@example.123", "test@iana.123"]),
    ("a host name has no underscore; RFC 1123 section 2.1", &["foobar@my_sarisari_store.typepad.com"]),
    ("`xn--` without valid Punycode behind it; RFC 5891 section 5.4", &["test@xn--example.com"]),
    ("lengths: the source was tested with them switched off", &[LONG_LOCAL]),
    ("lengths are counted in the form that is sent, composed", &[LONG_COMPOSED]),
    ("a character that is no letter of any alphabet", &["test@\u{103ff}"]),
    ("full-width signs are read as the ASCII ones, so this has two `@`", &["＠@fullwidth.at"]),
    (
        "legal, and marked `email.unusual`: RFC 5321 section 4.1.2 and 4.1.3",
        &["\"\"@example.com", "\"\\\\\\011\"@here.com", "\"\\\\\\012\"@here.com", "me@[127.0.0.1]", "me@[IPv6:::1]"],
    ),
    ("an unknown top level domain is no break of syntax, and marked", &["me@bad.tld-2", "me@yy--0.tld", "z@co.c"]),
    (
        "RFC 6531 allows it, and it is marked `email.unusual`",
        &["tüst@invalid.com", "えあい💩えあい@えあいdomain.com", "💩@domain.com", "😀@gmail.com"],
    ),
];

/// A local part of 68 octets, of which four are too many: as validator.js tests it, with and without its limits.
const LONG_LOCAL: &str = "Deleted-user-id-19430-Team-5051deleted-user-id-19430-team-5051XXXXXX@";
const LONG_COMPOSED: &str = "my.s\u{323}\u{307}.address@1111111111";

fn is_known_difference(address: &str) -> bool {
    let starts = [LONG_LOCAL, LONG_COMPOSED, "test@\u{103ff}"];
    let mut known = DIFFERENCES.iter().flat_map(|(_, addresses)| addresses.iter());
    known.any(|known| *known == address || (starts.contains(known) && address.starts_with(known)))
}

#[test]
fn public_test_suites_agree_wherever_they_agree_among_themselves() {
    let reader = EmailStandardizer::new(&RuleFiles::embedded()).expect("the shipped rules load");
    let mut by_address: BTreeMap<String, Vec<Verdicts>> = BTreeMap::new();
    for row in rows::<Verdicts>("syntax_corpus.jsonl") {
        by_address.entry(row.address.clone()).or_default().push(row);
    }
    let mut wrong = Vec::new();
    let mut agreeing = Vec::new();
    for (address, verdicts) in &by_address {
        let accepts = |row: &Verdicts| match row.expected.as_str() {
            "valid" | "valid_unusual" | "valid_eai" => Some(true),
            "invalid" => Some(false),
            _ => None,
        };
        let Some(accept) = accepts(&verdicts[0]) else { continue };
        if verdicts.iter().any(|row| accepts(row) != Some(accept)) {
            continue;
        }
        let out = read(&reader, address);
        // The suites know no repairs: what they refuse may be read only after one.
        let is_refused = out.display.is_empty() || out.marks.iter().any(|mark| mark.code.is_repair());
        let agrees = out.has(Code::EmailPlaceholder) || if accept { !out.display.is_empty() } else { is_refused };
        if is_known_difference(address) {
            agreeing.extend(agrees.then_some(address));
        } else if !agrees {
            wrong.push(format!("{address:?} ({}): accepted there: {accept}", verdicts[0].source));
        }
    }
    assert!(wrong.is_empty(), "{}: {wrong:#?}", wrong.len());
    assert!(agreeing.is_empty(), "listed as differences, and none any more: {agreeing:#?}");
}

#[test]
fn what_was_standardized_is_not_changed_again() {
    let reader = EmailStandardizer::new(&RuleFiles::embedded()).expect("the shipped rules load");
    let corpus = rows::<Verdicts>("syntax_corpus.jsonl").into_iter().map(|row| row.address);
    let cells = rows::<Cell>("crm_cells.jsonl").into_iter().map(|cell| cell.input);
    for raw in corpus.chain(cells) {
        let once = read(&reader, &raw);
        let twice = read(&reader, &once.written());
        assert_eq!(once.written(), twice.written(), "{raw:?}");
        assert!(!twice.marks.iter().any(|mark| mark.code.is_repair()), "{raw:?}: {:?}", twice.marks);
    }
}

fn read(reader: &EmailStandardizer, raw: &str) -> CellOut {
    let mut out = CellOut::default();
    reader.standardize(raw, CellContext::default(), &mut out);
    out
}

fn rows<T: for<'de> Deserialize<'de>>(name: &str) -> Vec<T> {
    let path = format!("{}/fixtures/email/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the fixture is there");
    text.lines().map(|line| serde_json::from_str(line).expect("a row of the fixture")).collect()
}
