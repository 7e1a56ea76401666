//! Whose rules hold for a customer, and whose clock: by the country the list writes, else by the area of the number.

use std::collections::HashMap;
use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::time;
use jiff::tz::TimeZone;

use crate::support::program::{AS_OF, Place};

/// Nobody is left out for what asking costs.
const CONFIG: &str =
    "[outreach]\nworth = \"10000\"\nsender = \"Kalanit\"\nlink_base = \"https://kalanit.example/c/\"\n";

/// Of the same form as `fixtures/refusals/countries.tsv`: names in other languages and writings, other areas.
const MORE: &str = "\
ארצות הברית	+1480604####	sms	US	America/Phoenix	asked
États-Unis	email	email	US	America/New_York	asked
	+1939604####	sms	PR	America/Puerto_Rico	asked
	+1340642####	sms	VI	America/St_Thomas	asked
United States	+1684733####	sms	US	Pacific/Pago_Pago	asked
	+1684258####	call	AS	Pacific/Pago_Pago	asked
Israel	+1212604####	sms	IL	Asia/Jerusalem,America/New_York	asked
	+97256823####	sms	PS	Asia/Hebron	held
	+1441370####	sms	BM	Atlantic/Bermuda	held
Россия	email	email	RU	Europe/Moscow	held
ראוניון	+262693223###	sms	RE	Indian/Reunion	held
Curacao	email	email	CW	America/Curacao	held
Åland Islands	+35845734####	sms	AX	Europe/Mariehamn	held
Svalbard and Jan Mayen	email	email	SJ	Arctic/Longyearbyen	held
خارج البلاد	+9725023#####	sms	ZZ		held
חו\"ל	email	email	ZZ		held
за границей	email	email	ZZ		held
Österreich	email	email	AT	Europe/Vienna	asked
الأردن	email	email	JO	Asia/Amman	held
unknown	+9725024#####	sms	IL	Asia/Jerusalem	asked
לא ידוע	email	email	IL	Asia/Jerusalem	asked
";

struct Case<'a> {
    country: &'a str,
    contact: String,
    whose: &'a str,
    zones: Vec<&'a str>,
    expect: &'a str,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut next = 0_usize;
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let [country, contact, _channel, whose, zones, expect, ..] = cells[..] else { panic!("{line}") };
            next += 1;
            // Any of 2 to 9, and no number twice.
            let digit = |at: usize| char::from(b'2' + ((next * 5 + at * (next / 8 + 3)) % 8) as u8);
            let contact =
                contact.chars().enumerate().map(|(at, letter)| if letter == '#' { digit(at) } else { letter });
            let zones = zones.split(',').filter(|zone| !zone.is_empty()).collect();
            Case { country, contact: contact.collect(), whose, zones, expect }
        })
        .collect()
}

/// What a plan says of each case: the moment at which it is asked, or why it is not.
fn planned(cases: &[Case<'_>]) -> Vec<Result<Timestamp, String>> {
    let place = Place::new();
    let mut list = "id,first name,last name,country,mobile,email,join date\n".to_owned();
    for (at, case) in cases.iter().enumerate() {
        let name: String = [at / 26, at % 26].iter().map(|letter| char::from(b'a' + *letter as u8)).collect();
        let (mobile, email) = match &*case.contact {
            "email" => (String::new(), format!("{name}mor{name}@gmail.com")),
            number => (number.to_owned(), String::new()),
        };
        let country = case.country.replace('"', "\"\"");
        let _ = writeln!(list, "{at},Dana{name},Levi{name},\"{country}\",{mobile},{email},2026-11-10");
    }
    place.write("club.csv", list);
    place.write("tiuv.toml", CONFIG);
    let ran = place.tiuv(&[&["clean", "club.csv", "--out", "out"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let limits = ["--max-sms", "1000", "--max-calls", "1000", "--max-email", "1000"];
    let basis = ["outreach", "plan", "--out", "plan", "--consent-basis", "a contract", "--objective", "records"];
    let ran = place.tiuv(&[&basis[..], &limits, &AS_OF].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let mut said = HashMap::new();
    for name in ["plan/outbox.csv", "plan/held_back.csv"] {
        let mut reader = csv::Reader::from_path(place.path(name)).expect("written");
        let headers = reader.headers().expect("there").clone();
        let column = |name: &str| headers.iter().position(|header| header == name);
        let (id, at, reason) = (column("id").expect("the list's key"), column("at"), column("reason"));
        for record in reader.records().map(|record| record.expect("a row")) {
            let key: usize = record[id].parse().expect("the list's key");
            let moment = at.map(|at| record[at].parse().expect("a moment"));
            said.insert(key, moment.ok_or_else(|| record[reason.expect("of held_back.csv")].to_owned()));
        }
    }
    (0..cases.len()).map(|at| said.remove(&at).expect("asked or held")).collect()
}

#[test]
fn a_customer_is_asked_by_the_rules_and_the_clock_of_where_it_is_or_not_at_all() {
    let table = std::fs::read_to_string("fixtures/refusals/countries.tsv").expect("there");
    let table = table.split_once('\n').expect("a header").1;
    for cases in [cases(table), cases(MORE)] {
        let mut wrong = Vec::new();
        for (case, said) in cases.iter().zip(planned(&cases)) {
            let what = format!("{:?} {} ({}): {said:?}", case.country, case.contact, case.whose);
            match said {
                Ok(_) if case.expect == "held" => wrong.push(format!("asked: {what}")),
                Ok(at) => {
                    for zone in &case.zones {
                        let local = at.to_zoned(TimeZone::get(zone).expect("a zone")).time();
                        if local < time(8, 0, 0, 0) || local >= time(21, 0, 0, 0) {
                            wrong.push(format!("at {local} in {zone}: {what}"));
                        }
                    }
                }
                Err(_) if case.expect == "asked" => wrong.push(format!("held: {what}")),
                Err(reason) if reason.is_empty() => wrong.push(format!("no reason: {what}")),
                Err(_) => {}
            }
        }
        assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    }
}
