//! 100,000 planned messages through `tiuv outreach dispatch` to the fake gateway on loopback: messages a second with the
//! limiter off, memory as the outbox grows, and how exact the pace is with the limiter on.
//!
//! `cargo bench --bench dispatch`; ends with 1 where a bar is not kept.
#![expect(clippy::disallowed_methods, reason = "measuring time is what a bench is for")]

#[allow(dead_code, reason = "tests use the rest of it")]
#[path = "../tests/integration/outreach/dispatch/fake.rs"]
mod fake;
#[path = "../tests/integration/support/request.rs"]
mod request;

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use fake::{ACCOUNT, Deed, Fake, PASSWORD, SERVICE, USER};
use request::Request;
use tiuv::store::Store;

const MESSAGES: u64 = 100_000;
/// Messages a second with the limiter off.
const LEAST_RATE: f64 = 500.0;
/// What a tenfold outbox may add to the largest resident set.
const MOST_GROWTH_MIB: f64 = 8.0;
/// With the limiter on.
const PACE: f64 = 200.0;
const PACED: u64 = 6_000;
const MOST_DEVIATION: f64 = 0.01;
/// Of the pace, within any second: what a late timer owes, and how unevenly a busy machine lets messages arrive.
const MOST_CROWDED: f64 = 1.1;

fn main() -> Result<ExitCode> {
    let mut out = io::stdout();
    writeln!(out, "| messages | limiter | in flight | messages/s | largest resident set, MiB | CPU ms a message |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    let mut runs = Vec::new();
    for (messages, in_flight) in [(MESSAGES / 10, 32), (MESSAGES, 32), (MESSAGES / 10, 1)] {
        let run = dispatch(messages, 0.0, in_flight)?;
        run.print(&mut out)?;
        runs.push(run);
    }
    let paced = dispatch(PACED, PACE, 32)?;
    paced.print(&mut out)?;
    // The first message has no turn to wait for.
    let expected = Duration::from_secs_f64((PACED - 1) as f64 / PACE);
    let deviation = (paced.span.as_secs_f64() / expected.as_secs_f64() - 1.0).abs();
    writeln!(
        out,
        "\n{PACED} messages at {PACE} a second: {:.3} s between the first and the last, {:.2} % off",
        paced.span.as_secs_f64(),
        deviation * 100.0
    )?;
    let most = paced.most_in_a_second;
    writeln!(out, "at most {most} within any second")?;
    let is_kept = runs[1].rate() >= LEAST_RATE
        && runs[1].resident_mib - runs[0].resident_mib <= MOST_GROWTH_MIB
        && deviation <= MOST_DEVIATION
        && most as f64 <= PACE * MOST_CROWDED + 1.0;
    Ok(if is_kept { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Run {
    messages: u64,
    pace: f64,
    in_flight: u32,
    wall: Duration,
    /// Between the first message that arrived and the last.
    span: Duration,
    most_in_a_second: usize,
    resident_mib: f64,
    cpu: Duration,
}

impl Run {
    fn rate(&self) -> f64 {
        self.messages as f64 / self.wall.as_secs_f64()
    }

    fn print(&self, out: &mut dyn Write) -> Result<()> {
        let limiter = if self.pace > 0.0 { format!("{} a second", self.pace) } else { "off".to_owned() };
        writeln!(
            out,
            "| {} | {limiter} | {} | {:.0} | {:.1} | {:.3} |",
            self.messages,
            self.in_flight,
            self.rate(),
            self.resident_mib,
            self.cpu.as_secs_f64() * 1000.0 / self.messages as f64
        )?;
        Ok(())
    }
}

fn dispatch(messages: u64, pace: f64, in_flight: u32) -> Result<Run> {
    let arrivals = std::sync::Arc::new(std::sync::Mutex::new(Vec::with_capacity(messages as usize)));
    let noted = std::sync::Arc::clone(&arrivals);
    let fake = Fake::start(move |_| {
        noted.lock().expect("no thread panics").push(Instant::now());
        Deed::Accept
    });
    let directory = tempfile::tempdir()?;
    let at = directory.path();
    plan(&at.join(".tiuv"), messages)?;
    settings(at, &fake, pace, in_flight)?;
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tiuv"))
        .current_dir(at)
        .args(["outreach", "dispatch", "--send", "--rules", "rules"])
        .env("FAKE_USER", USER)
        .env("FAKE_PASSWORD", PASSWORD)
        .stdout(Stdio::null())
        .spawn()?;
    let (mut resident_kib, mut ticks) = (0, 0);
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        resident_kib = resident_kib.max(resident(child.id()).unwrap_or(0));
        ticks = ticks.max(cpu_ticks(child.id()).unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    };
    let wall = started.elapsed();
    ensure!(status.success(), "dispatch ended with {status}");
    ensure!(fake.times().len() as u64 == messages && fake.taken().len() as u64 == messages, "each message once");
    let arrivals = std::mem::take(&mut *arrivals.lock().expect("no thread panics"));
    let span = *arrivals.last().context("some arrived")? - arrivals[0];
    let (mut from, mut most_in_a_second) = (0, 0);
    for to in 0..arrivals.len() {
        while arrivals[to] - arrivals[from] >= Duration::from_secs(1) {
            from += 1;
        }
        most_in_a_second = most_in_a_second.max(to - from + 1);
    }
    let cpu = Duration::from_millis(ticks * 10);
    let resident_mib = resident_kib as f64 / 1024.0;
    Ok(Run { messages, pace, in_flight, wall, span, most_in_a_second, resident_mib, cpu })
}

fn resident(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().trim_end_matches(" kB").parse().ok()
}

/// User and system time, in hundredths of a second.
fn cpu_ticks(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

fn plan(workspace: &Path, messages: u64) -> Result<()> {
    drop(Store::open(workspace)?);
    let mut connection = rusqlite::Connection::open(workspace.join("state.db"))?;
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare(
            "INSERT INTO outbox (campaign, run, customer, household, window, rung, channel, recipient, recipient_key, list,
                 row_key, row_number, first_name, language, country, body, parts, cost, expected_gain, is_audit, why,
                 to_verify, due_at, planned_at, changed_at)
             VALUES ('yearly', 'r', ?1, ?1, '2026-11-22', 1, 'sms', ?2, ?2, 'club', 'K' || ?1, 1, 'דנה', 'he', 'IL',
                 'שלום דנה, האם הפרטים שלך עדיין נכונים? {link}', 1, 60000, 1, 0, '', 'phone', '2026-01-01T00:00:00Z',
                 '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')",
        )?;
        for customer in 1..=messages {
            insert.execute(rusqlite::params![customer as i64, format!("+97250{:07}", 1_000_000 + customer)])?;
        }
    }
    transaction.commit()?;
    Ok(())
}

/// Settings of the gateway, and rules in which no hour is quiet.
fn settings(at: &Path, fake: &Fake, pace: f64, in_flight: u32) -> Result<()> {
    let toml = format!(
        "[outreach]\nlink_base = \"https://kalanit.example/c/\"\n[outreach.gateway.fake]\nper_second = {pace:?}\n\
         max_in_flight = {in_flight}\n[outreach.gateway.fake.twilio]\naccount = \"{ACCOUNT}\"\nuser_env = \"FAKE_USER\"\n\
         password_env = \"FAKE_PASSWORD\"\nmessaging_service = \"{SERVICE}\"\nbase_url = \"http://{}\"\n",
        fake.address
    );
    std::fs::write(at.join("tiuv.toml"), toml)?;
    let rules = at.join("rules/outreach");
    std::fs::create_dir_all(&rules)?;
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/outreach/il.toml");
    let shipped = std::fs::read_to_string(shipped)?;
    let hours = shipped.find("[hours.sms]").context("il.toml has hours")?;
    let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"].map(|day| format!("{day} = \"00:00-23:59:59.999\""));
    let always = ["sms", "email", "call"].map(|channel| format!("[hours.{channel}]\n{}\n", days.join("\n")));
    std::fs::write(rules.join("il.toml"), format!("{}{}", &shipped[..hours], always.join("\n")))?;
    std::fs::write(rules.join("il_holidays.tsv"), "from\tto\tname\n")?;
    Ok(())
}
