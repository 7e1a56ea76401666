//! 40,000 domains looked up at Knot on loopback, over a good path and one that loses packets: what it costs, and whether
//! a single outcome is wrong.
//!
//! `cargo bench --bench mx`; ends with 1 where a bar is not kept.

#[path = "../tests/integration/dns/proxy.rs"]
mod proxy;
#[path = "../tests/integration/dns/servers.rs"]
mod servers;
#[path = "../tests/integration/dns/zone.rs"]
mod zone;

use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Command, ExitCode, Stdio};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tiuv::dns::{Checker, MxOptions};
use tiuv::record::{MxCertainty, MxMeaning, MxOutcome};
use tiuv::rule::{DnsRules, RuleFiles};
use tiuv::store::Store;

use proxy::{Faults, proxy};
use zone::{Owed, failing, zone};

const DOMAINS: usize = 40_000;
const FAILING: usize = 400;
const LOSS_PERCENT: u32 = 5;
const MOST_CPU_US: f64 = 60.0;
/// As fast as the server answers.
const FREELY: Option<u32> = Some(1_000_000);

fn main() -> Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, upstream] = arguments.as_slice()
        && flag == "--path-to"
    {
        return stand_between(upstream.parse()?);
    }
    if !servers::are_installed() {
        writeln!(io::stdout(), "knotd and unbound are not installed; `bash tests/run` installs them")?;
        return Ok(ExitCode::SUCCESS);
    }
    let zone = zone(DOMAINS);
    let owed = [zone.truth.clone(), failing(FAILING, "sf.bench")].concat();
    let knot = servers::knot(&zone);
    writeln!(
        io::stdout(),
        "{} domains ({FAILING} at a server that fails), at most 256 under way, one thread\n",
        owed.len()
    )?;
    writeln!(
        io::stdout(),
        "| path | wrong | failures called dead | look-ups/s | queries | CPU us a look-up | queries of a second run |"
    )?;
    writeln!(io::stdout(), "|---|---|---|---|---|---|---|")?;
    let good =
        row("loopback", knot.address, &owed, FREELY)? & row("loopback, at the usual pace", knot.address, &owed, None)?;
    // The path is a process of its own, or its time would count as ours.
    let mut path = Command::new(std::env::current_exe()?)
        .args(["--path-to", &knot.address.to_string()])
        .stdout(Stdio::piped())
        .spawn()?;
    let mut address = String::new();
    BufReader::new(path.stdout.take().context("is piped")?).read_line(&mut address)?;
    let bad = row(&format!("{LOSS_PERCENT} % of the packets lost each way"), address.trim().parse()?, &owed, FREELY);
    path.kill()?;
    path.wait()?;
    Ok(if good && bad? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Prints one row; whether all bars were kept.
#[expect(clippy::disallowed_methods, reason = "measuring time is what a bench is for")]
fn row(name: &str, server: SocketAddr, owed: &[Owed], queries_per_second: Option<u32>) -> Result<bool> {
    let mut rules = DnsRules::load(&RuleFiles::embedded())?;
    rules.canaries.names = vec!["canary.bench".to_owned()];
    rules.canaries.absent_below = vec!["bench".to_owned()];
    let directory = tempfile::tempdir()?;
    let mut store = Store::open(directory.path())?;
    // `confirm_hours` 0 takes each "no" at its word, so that a wrong one shows.
    let options =
        MxOptions { resolvers: vec![server], confirm_hours: Some(0), queries_per_second, ..MxOptions::default() };
    let checker = Checker::new(&rules, options, tiuv::clock::timestamp);
    let mut run = || {
        let domains = owed.iter().map(|owed| owed.domain.as_str());
        checker.check(domains, &mut store, &AtomicBool::new(false), &mut |_| {})
    };
    let (start, cpu) = (Instant::now(), cpu_time()?);
    let checked = run()?;
    let (wall, cpu) = (start.elapsed(), cpu_time()? - cpu);
    let queries: u64 = checked.stats.resolvers.iter().map(|resolver| resolver.queries).sum();
    let said = |owed: &Owed| &checked.statuses[&owed.domain];
    let wrong = owed.iter().filter(|owed| said(owed).outcome.as_str() != owed.outcome).count();
    let is_alive = |owed: &Owed| MxOutcome::parse(owed.outcome).map(MxOutcome::meaning) != Some(MxMeaning::Never);
    let called_dead = owed.iter().filter(|owed| is_alive(owed) && said(owed).certainty == MxCertainty::Dead).count();
    let again = run()?;
    let asked_again: u64 = again.stats.resolvers.iter().map(|resolver| resolver.queries).sum();
    let cpu_us = cpu.as_micros() as f64 / owed.len() as f64;
    let per_second = owed.len() as f64 / wall.as_secs_f64();
    writeln!(
        io::stdout(),
        "| {name} | {wrong} | {called_dead} | {per_second:.0} | {queries} | {cpu_us:.1} | {asked_again} |"
    )?;
    Ok(wrong == 0 && called_dead == 0 && asked_again == 0 && cpu_us <= MOST_CPU_US)
}

/// Loses packets between whoever asks and the server, until it is killed.
fn stand_between(upstream: SocketAddr) -> Result<ExitCode> {
    writeln!(io::stdout(), "{}", proxy(upstream, Faults { lost: LOSS_PERCENT, ..Faults::default() }).address)?;
    std::thread::sleep(Duration::from_secs(600));
    Ok(ExitCode::SUCCESS)
}

/// User and system time of this process so far (proc(5), fields 14 and 15, in hundredths of a second).
fn cpu_time() -> Result<Duration> {
    let stat = std::fs::read_to_string("/proc/self/stat").context("this bench reads the CPU time from /proc")?;
    let behind_name = stat.rsplit(')').next().context("has a name")?;
    let mut ticks = behind_name.split_whitespace().skip(11).take(2);
    let sum: u64 = ticks.try_fold(0, |sum, ticks| ticks.parse::<u64>().map(|ticks| sum + ticks))?;
    Ok(Duration::from_millis(sum * 10))
}
