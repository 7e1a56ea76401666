//! Promise: `tiuv lookup` answers within 50 ms at a million customers.
//!
//! `cargo bench --bench callers -- --customers 1000000` makes a workspace of invented customers in a temporary directory and
//! prints, for each way to ask, the median and the slowest of 200 answers, each with its file opened anew and its rules read
//! anew as the command does, and the time of the first. `--keep DIR` leaves the workspace there, for the command itself.

use std::hint::black_box;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;
use tiuv::pipeline::{Setup, find_callers};
use tiuv::record::{
    ContactKind, ContactPoint, CustomerId, CustomerProfile, CustomerStatus, Day, Field, FlagReasons, PhoneKind, Reach,
    Restrictions, Verdict,
};
use tiuv::store::{ProfilesWriter, RunFiles, RunRecord, Store};
use tiuv::text::name_words;

const FIRST: [&str; 8] = ["דנה", "נועם", "יעל", "Olga", "Ahmed", "שרה", "משה", "David"];
const LAST: [&str; 8] = ["כהן", "לוי", "מזרחי", "Ivanova", "Haddad", "פרץ", "בן-דוד", "Katz"];
const ANSWERS: usize = 200;

/// What is asked for, by the number of a customer.
type Way = Box<dyn Fn(usize) -> String>;

#[expect(clippy::disallowed_methods, reason = "measuring time is what a bench is for")]
fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let after = |name: &str| args.iter().position(|arg| arg == name).and_then(|at| args.get(at + 1));
    let customers: u64 = after("--customers").map_or(Ok(100_000), |count| count.parse())?;
    let temporary = tempfile::tempdir()?;
    let directory = after("--keep").map_or_else(|| temporary.path().to_path_buf(), PathBuf::from);
    let mut out = std::io::stdout().lock();
    let started = Instant::now();
    make(&directory, customers)?;
    writeln!(out, "{customers} customers written in {:.1} s", started.elapsed().as_secs_f64())?;
    let number = move |step: usize| (step as u64 * 7919) % customers;
    let ways: [(&str, Way); 5] = [
        ("number", Box::new(move |step| format!("05{:08}", number(step)))),
        ("last seven digits", Box::new(move |step| format!("{:07}", number(step) % 10_000_000))),
        ("address", Box::new(move |step| format!("customer{}@example.org", number(step)))),
        ("two words of a name", Box::new(|step| format!("{} {}", FIRST[step % 8], LAST[step / 8 % 8]))),
        ("customer", Box::new(move |step| CustomerId(number(step)).to_string())),
    ];
    for (way, text) in ways {
        let mut times = Vec::with_capacity(ANSWERS);
        for step in 0..ANSWERS {
            let text = text(step);
            let started = Instant::now();
            let setup = Setup::new(tiuv::rule::Context::shipped("IL", jiff::civil::date(2026, 11, 26)))?;
            let store = Store::open_existing(&directory)?.context("the workspace was made")?;
            let profiles = store.latest_profiles()?.context("the customers were written")?;
            let found = find_callers(&store, &profiles, &setup, &text, 10)?;
            times.push(started.elapsed().as_secs_f64() * 1000.0);
            anyhow::ensure!(!black_box(&found).callers.is_empty(), "{way}: step {step} finds somebody");
        }
        let first = times[0];
        times.sort_by(f64::total_cmp);
        writeln!(
            out,
            "{way:20} first {first:5.1} ms, median {:5.1} ms, slowest {:5.1} ms",
            times[ANSWERS / 2],
            times[ANSWERS - 1]
        )?;
    }
    Ok(())
}

fn make(directory: &std::path::Path, customers: u64) -> anyhow::Result<()> {
    let mut store = Store::open(directory)?;
    let mut writer = ProfilesWriter::create(directory)?;
    let mut made = Vec::new();
    for id in 0..customers {
        let (first, last) = (FIRST[(id % 8) as usize], LAST[(id / 8 % 8) as usize]);
        let contact = |kind, value: String| ContactPoint {
            kind,
            key: value.clone(),
            value,
            verdict: Verdict::Ok,
            line: if kind == ContactKind::Phone { PhoneKind::Mobile } else { PhoneKind::Unknown },
            sms: Reach::Yes,
            call: Reach::Yes,
            stale: Some((id % 100) as f32 / 100.0),
            shared_by: 1,
            dead: None,
            consent: [None; 4].into(),
            row: None,
        };
        let profile = CustomerProfile {
            id: CustomerId(id),
            household: CustomerId(id / 2),
            list: "club.csv".to_owned(),
            key: id.to_string(),
            row: id as u32 + 1,
            keys: Vec::new(),
            first_name: first.to_owned(),
            greeting: first.to_owned(),
            last_name: last.to_owned(),
            language: "he".to_owned(),
            country: "IL".to_owned(),
            place: tiuv::record::KnownPlace::default(),
            birth_date: Some(Day::new((id % 20_000) as i32)),
            preferred: None,
            consent: [None; 4].into(),
            restrictions: Restrictions::default(),
            refusal: None,
            contacts: vec![
                contact(ContactKind::Phone, format!("+9725{id:08}")),
                contact(ContactKind::Email, format!("customer{id}@example.org")),
            ],
            value: 1.0,
            status: CustomerStatus::Loyal,
            flagged: id % 5 == 0,
            flag_reasons: FlagReasons::default(),
            to_verify: vec![Field::Email],
        };
        made.push((profile, name_words(&format!("{first} {last}"))));
        if made.len() == 1 << 14 || id + 1 == customers {
            writer.push(&made)?;
            made.clear();
        }
    }
    let run = RunRecord {
        id: "bench".to_owned(),
        recorded_at: "2026-11-26T10:00:00Z".to_owned(),
        as_of: "2026-11-26".to_owned(),
        region: "IL".to_owned(),
        version: "bench".to_owned(),
        rules: "0".to_owned(),
        rows_in: customers,
        rows_out: customers,
        quarantined: 0,
        inputs: vec![("club.csv".to_owned(), customers)],
        summary: "{}".to_owned(),
    };
    let files = RunFiles { profiles: Some(writer.finish()?), ..RunFiles::default() };
    store.record_run(&run, files, None)?;
    Ok(())
}
