//! How well the decay model does on simulated clubs: `cargo bench --bench decay -- --rows 100000 --draws 10`.
//!
//! Each draw is a world of its own, drawn at random round the priors (standard deviation 0.25 on logarithms of loss rates,
//! 0.5 on those of what tells the gone from the living), while the rules stay as they are. Ends with 1 where a bar is missed.

#[path = "decay/evidence.rs"]
mod evidence;
mod generator;

use std::io::{self, Write};
use std::time::Instant;

use anyhow::{Context, bail};
use tiuv::decay::{Coefficients, Label, Model, Outcome, Quality, Tenures, Verdict};
use tiuv::record::ContactKind;
use tiuv::rule::{DecayRules, RuleFiles};

use evidence::{Judged, TODAY};
use generator::Random;
use generator::decay::{DecayClub, club};

/// Answers that an audit is stopped after.
const ANSWERS: usize = 1200;

/// The figures of one draw.
struct Draw {
    email: Quality,
    email_oldest: f64,
    email_bounced: f64,
    oldest: Quality,
    phone: Quality,
    phone_oldest: f64,
    /// On the addresses that were not asked: before and after learning.
    audit: (Quality, Quality),
    asked: usize,
    verdict: Verdict,
}

fn main() -> anyhow::Result<()> {
    let (mut rows, mut draws, mut first) = (100_000, 10, 1);
    let mut files = RuleFiles::embedded();
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        if name == "--bench" {
            continue;
        }
        let value = given.next().with_context(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--rows" => rows = value.parse().context("--rows is a number")?,
            "--draws" => draws = value.parse().context("--draws is a number")?,
            "--first" => first = value.parse().context("--first is a number: 0 is the central world")?,
            "--rules" => files = RuleFiles::layered(value.as_ref())?,
            _ => bail!("unknown option {name}; there are --rows --draws --first --rules"),
        }
    }
    let rules = DecayRules::load(&files)?;
    let mut out = io::stdout().lock();
    let mut all = Vec::new();
    for seed in first..first + draws {
        let draw = run(&rules, rows, seed, &mut out)?;
        print(&draw, &mut out)?;
        all.push(draw);
    }
    let missed = sum_up(&all, &mut out)?;
    if missed > 0 {
        bail!("{missed} bars missed");
    }
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn run(rules: &DecayRules, rows: usize, seed: u64, out: &mut impl Write) -> anyhow::Result<Draw> {
    let club = club(rows, seed);
    let emails = evidence::judged(&club, ContactKind::Email);
    let phones = evidence::judged(&club, ContactKind::Phone);
    let mut model = Model::new(rules, Coefficients::prior(rules));
    let start = Instant::now();
    for (kind, all) in [(ContactKind::Email, &emails), (ContactKind::Phone, &phones)] {
        let mut tenures = Tenures::new(kind);
        all.iter().for_each(|one| tenures.add(&one.history(), TODAY));
        let last_year = all.iter().filter_map(Judged::last_year);
        let (used, lost) = last_year.fold((0, 0), |(used, lost), gone| (used + 1, lost + usize::from(gone)));
        let report = model.anchor(&tenures).context("there are contacts")?;
        writeln!(
            out,
            "draw {seed} {}: {} contacts, median tenure {} months, anchor {:.2} (true loss {:.3}), level {:+.2}, by hazard alone {:.3} stale",
            kind.as_str(),
            report.contacts,
            report.median_tenure_months,
            report.set.yearly_loss,
            lost as f64 / used as f64,
            report.set.level,
            report.set.stale_now
        )?;
    }
    let anchored = start.elapsed();
    let email = outcomes(&model, &emails);
    let phone = outcomes(&model, &phones);
    let seconds = (start.elapsed() - anchored).as_secs_f64();
    let scored = emails.len() + phones.len();
    writeln!(
        out,
        "  {} events; anchors {:.0} ms; {scored} scores in {seconds:.3} s",
        club.log.len(),
        anchored.as_secs_f64() * 1e3
    )?;
    let by = |all: &[Judged], rank: &dyn Fn(&Judged) -> f64| -> f64 {
        let ranked: Vec<Outcome> = all.iter().map(|one| Outcome { p: rank(one), stale: one.stale }).collect();
        Quality::of(&ranked).auc.unwrap_or_default()
    };
    // Ranks that stay between 0 and 1, as the measures ask.
    let oldest = |one: &Judged| f64::from(one.tenure()) / 20_000.0;
    let bounced = |one: &Judged| oldest(one) / 2.0 + if one.has_bounced() { 0.5 } else { 0.0 };
    let oldest_of: Vec<Outcome> = emails.iter().map(|one| Outcome { p: oldest(one), stale: one.stale }).collect();
    let (audit, asked, verdict) = audit(&model, &club, &emails, seed)?;
    Ok(Draw {
        email: Quality::of(&email),
        email_oldest: by(&emails, &oldest),
        email_bounced: by(&emails, &bounced),
        oldest: Quality::of(&oldest_of),
        phone: Quality::of(&phone),
        phone_oldest: by(&phones, &oldest),
        audit,
        asked,
        verdict,
    })
}

fn outcomes(model: &Model, all: &[Judged]) -> Vec<Outcome> {
    all.iter().map(|one| Outcome { p: model.score(&one.history(), TODAY).p, stale: one.stale }).collect()
}

/// Asks rows at random by text message until enough have answered, shows them their address, and learns from the answers.
fn audit(
    model: &Model,
    club: &DecayClub,
    emails: &[Judged],
    seed: u64,
) -> anyhow::Result<((Quality, Quality), usize, Verdict)> {
    let mut random = Random::at(seed, 0x0041_5544_4954);
    let mut order: Vec<usize> = (0..emails.len()).collect();
    for index in (1..order.len()).rev() {
        order.swap(index, random.below(index as u64 + 1) as usize);
    }
    let mut labels = Vec::new();
    let mut asked = 0;
    for &index in &order {
        let row = &club.rows[emails[index].row];
        if row.consent[1] != Some(true) || row.do_not_contact || row.phone.as_ref().is_none_or(|phone| phone.class > 0)
        {
            continue;
        }
        asked += 1;
        if row.answers[0] {
            let one = &emails[index];
            let label = Label { history: one.history(), asked: TODAY, stale: one.stale, customer: row.person as u64 };
            labels.push(label);
        }
        if labels.len() == ANSWERS {
            break;
        }
    }
    let fit = model.fit(ContactKind::Email, &labels).context("somebody answers")?;
    let mut learnt = model.coefficients().clone();
    if fit.verdict == Verdict::Take {
        learnt.email = fit.coefficients.clone();
    }
    let mut after = Model::new(model.rules(), learnt);
    let mut tenures = Tenures::new(ContactKind::Email);
    emails.iter().for_each(|one| tenures.add(&one.history(), TODAY));
    after.settle(&tenures);
    let of = |model: &Model| Quality::of(&outcomes(model, emails));
    Ok(((of(model), of(&after)), asked, fit.verdict))
}

fn print(draw: &Draw, out: &mut impl Write) -> io::Result<()> {
    let auc = |quality: &Quality| quality.auc.unwrap_or_default();
    for (name, quality, oldest) in
        [("email", &draw.email, draw.email_oldest), ("phone", &draw.phone, draw.phone_oldest)]
    {
        writeln!(
            out,
            "  {name}: stale {:.3}, mean {:.3}, AUC {:.3} (oldest first {oldest:.3}), recall at 20 % {:.3}, Brier {:.3}, ECE {:.3}",
            quality.stale,
            quality.mean,
            auc(quality),
            quality.recall_at_fifth,
            quality.brier,
            quality.ece
        )?;
    }
    let (before, after) = &draw.audit;
    writeln!(
        out,
        "  email, bounce or dead domain, then oldest: AUC {:.3}; oldest first recall {:.3}",
        draw.email_bounced, draw.oldest.recall_at_fifth
    )?;
    writeln!(
        out,
        "  after {ANSWERS} answers of {} asked ({:?}): AUC {:.3} -> {:.3}, ECE {:.3} -> {:.3}, recall {:.3} -> {:.3}",
        draw.asked,
        draw.verdict,
        auc(before),
        auc(after),
        before.ece,
        after.ece,
        before.recall_at_fifth,
        after.recall_at_fifth
    )?;
    out.flush()
}

/// The bars over all draws; how many are missed.
fn sum_up(draws: &[Draw], out: &mut impl Write) -> io::Result<usize> {
    let auc = |quality: &Quality| quality.auc.unwrap_or_default();
    let median = |mut values: Vec<f64>| {
        values.sort_by(f64::total_cmp);
        values[values.len() / 2].midpoint(values[(values.len() - 1) / 2])
    };
    let worst = |values: Vec<f64>| values.into_iter().fold(f64::INFINITY, f64::min);
    let of = |value: &dyn Fn(&Draw) -> f64| draws.iter().map(value).collect::<Vec<f64>>();
    let gain = worst(of(&|draw| auc(&draw.email) - draw.email_oldest));
    let beaten = draws.iter().filter(|draw| auc(&draw.email) > draw.email_bounced).count();
    let ece = median(of(&|draw| draw.email.ece));
    let learnt = median(of(&|draw| draw.audit.1.ece));
    let lost = worst(of(&|draw| auc(&draw.audit.1) - auc(&draw.audit.0)));
    let bars = [
        ("AUC above oldest first, worst draw", gain, ">= 0.06", gain >= 0.06),
        (
            "share of draws above bounce, then oldest",
            beaten as f64 / draws.len() as f64,
            ">= 0.9",
            beaten * 10 >= draws.len() * 9,
        ),
        ("ECE without labels, median", ece, "<= 0.045", ece <= 0.045),
        ("ECE after 1,200 answers, median", learnt, "<= 0.030", learnt <= 0.03),
        ("AUC after less before, worst draw", lost, ">= -0.005", lost >= -0.005),
    ];
    writeln!(
        out,
        "\nmedian AUC {:.3}, phone {:.3}; median ECE of phones {:.3}",
        median(of(&|draw| auc(&draw.email))),
        median(of(&|draw| auc(&draw.phone))),
        median(of(&|draw| draw.phone.ece))
    )?;
    for (name, value, bar, is_kept) in bars {
        writeln!(out, "{name:<42} {value:>7.3}  {bar:<9} {}", if is_kept { "kept" } else { "MISSED" })?;
    }
    Ok(bars.iter().filter(|(.., is_kept)| !is_kept).count())
}
