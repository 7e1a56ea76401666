//! What a plan is worth on simulated clubs, and what making one costs: `cargo bench --bench outreach_plan`.
//!
//! The clubs are those of `benches/decay.rs`, each a world of its own, scored by the priors alone. Whoever is asked by text
//! message is repaired if the address is stale and the customer answers; how many are is compared, money for money, with
//! asking those first whose address was captured longest ago. Ends with 1 where a bar is missed.

#[expect(dead_code, reason = "the bench of decay asks more of it")]
#[path = "decay/evidence.rs"]
mod evidence;
mod generator;

use std::collections::{HashMap, HashSet};
use std::io::{self, Write};
use std::time::Instant;

use anyhow::{Context, bail};
use jiff::civil::date;
use tiuv::decay::{Coefficients, Model, Tenures};
use tiuv::outreach::{Objective, Settings, plan};
use tiuv::record::{
    Consent, ContactKind, ContactPoint, CustomerId, CustomerProfile, CustomerStatus, Day, Field, FlagReasons,
    GivenConsents, PhoneKind, Reach, Restrictions, Verdict,
};
use tiuv::rule::{DecayRules, OutreachRules, RuleFiles};
use tiuv::store::{ProfilesFile, ProfilesWriter, RunFiles, RunRecord, Store};

use evidence::{Judged, TODAY};
use generator::decay::{DecayClub, DecayRow, club};

/// Text messages, and how many times as many customers are repaired for the money as by asking the oldest first.
const BARS: [(u32, f64); 2] = [(20_000, 1.40), (5_000, 2.0)];
/// People who want no contact, reached in 20,000 messages because matching missed that two rows are theirs.
const MOST_REACHED: usize = 20;
/// One in so many rows of a customer who has several stays alone, as where matching misses it.
const MISSED: usize = 10;

fn main() -> anyhow::Result<()> {
    let (mut rows, mut draws, mut customers) = (100_000, 3, 1_000_000);
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        if name == "--bench" {
            continue;
        }
        let value = given.next().with_context(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--rows" => rows = value.parse().context("--rows is a number")?,
            "--draws" => draws = value.parse().context("--draws is a number")?,
            "--customers" => customers = value.parse().context("--customers is a number; 0 leaves the time out")?,
            _ => bail!("unknown option {name}; there are --rows --draws --customers"),
        }
    }
    let mut out = io::stdout().lock();
    let mut missed = 0;
    for seed in 1..=draws {
        missed += worth(rows, seed, &mut out)?;
    }
    if customers > 0 {
        time(customers, &mut out)?;
    }
    if missed > 0 {
        bail!("{missed} bars missed");
    }
    Ok(())
}

/// A customer of the simulated club as planning sees it, and what is true of it.
struct Known {
    profile: CustomerProfile,
    person: usize,
    tenure: i32,
    /// The address is dead and the number reaches its owner: an answer would repair something.
    is_worth_asking: bool,
    is_repaired_by_sms: bool,
}

fn worth(rows: usize, seed: u64, out: &mut impl Write) -> anyhow::Result<usize> {
    let club = club(rows, seed);
    let all = customers(&club)?;
    let workspace = Workspace::of(all.iter().map(|known| &known.profile))?;
    let rules = OutreachRules::load(&RuleFiles::embedded())?;
    let by_id: HashMap<u64, &Known> = all.iter().map(|known| (known.profile.id.0, known)).collect();
    let refused: HashSet<usize> = club.rows.iter().filter(|row| row.do_not_contact).map(|row| row.person).collect();
    let mut missed = 0;
    for (messages, bar) in BARS {
        let mut settings = Settings::new(rules.policy.clone(), date(2026, 11, 1));
        settings.sender = "Kalanit".to_owned();
        settings.link_base = "https://kalanit.example/c/".to_owned();
        settings.objective = Objective::Records;
        settings.most.sms = Some(messages);
        (settings.most.call, settings.most.email) = (Some(0), Some(0));
        let made = plan(&workspace.store, &workspace.profiles, &rules, &settings)?;
        let asked: Vec<&Known> = made.contacts.iter().map(|contact| by_id[&contact.customer.0]).collect();
        let cost: i64 = made.contacts.iter().map(|contact| contact.cost).sum();
        let per_cost =
            |known: &[&Known], cost: f64| known.iter().filter(|known| known.is_repaired_by_sms).count() as f64 / cost;
        let mine = per_cost(&asked, cost as f64);
        let oldest = oldest_first(&all, messages as usize);
        let each = cost as f64 / asked.len().max(1) as f64;
        let other = per_cost(&oldest, each * oldest.len() as f64);
        // Somebody's own refusal never comes through; that of a row which matching did not join may.
        let against = asked.iter().filter(|known| known.profile.restrictions.do_not_contact).count();
        let reached = asked.iter().filter(|known| refused.contains(&known.person)).count();
        let people: HashSet<usize> = asked.iter().map(|known| known.person).collect();
        writeln!(
            out,
            "club {seed}, {messages} messages: {} asked, {} repaired; oldest first {}; {:.2} x for the money (bar {bar:.2}); \
             {against} against a refusal, {reached} through missed duplicates, {} people twice",
            asked.len(),
            asked.iter().filter(|known| known.is_repaired_by_sms).count(),
            oldest.iter().filter(|known| known.is_repaired_by_sms).count(),
            mine / other,
            asked.len() - people.len(),
        )?;
        limits(&all, messages as usize, &oldest, out)?;
        missed += usize::from(mine < bar * other) + usize::from(against > 0) + usize::from(reached > MOST_REACHED);
    }
    Ok(missed)
}

/// What the same messages could have brought at equal prices: ranked by probability alone, and ranked by the truth.
fn limits(all: &[Known], messages: usize, oldest: &[&Known], out: &mut impl Write) -> anyhow::Result<()> {
    let repaired = |known: &[&Known]| known.iter().filter(|known| known.is_repaired_by_sms).count();
    let stale = |known: &Known, kind| known.profile.first(kind).and_then(|contact| contact.stale).unwrap_or(0.0);
    let gain = |known: &Known| (stale(known, ContactKind::Email) + 0.05) * (1.0 - stale(known, ContactKind::Phone));
    let mut ranked = eligible(all);
    let eligible = ranked.len();
    ranked.sort_by(|one, other| gain(other).total_cmp(&gain(one)).then(one.profile.id.cmp(&other.profile.id)));
    let alone = repaired(&ranked[..messages.min(eligible)]);
    // Nobody knows who will answer; of those worth asking any is as good as another.
    ranked.sort_by_key(|known| (!known.is_worth_asking, known.profile.id));
    let worth_asking = ranked.iter().filter(|known| known.is_worth_asking).count();
    let truth = repaired(&ranked[..messages.min(eligible)]);
    let against = repaired(oldest).max(1) as f64;
    writeln!(
        out,
        "  of {eligible} who may be asked {worth_asking} are worth it; ranked by probability alone {alone} repaired \
         ({:.2} x), by the truth {truth} ({:.2} x)",
        alone as f64 / against,
        truth as f64 / against,
    )?;
    Ok(())
}

/// Those whose address was captured longest ago, of all who may be asked by text message.
fn oldest_first(all: &[Known], messages: usize) -> Vec<&Known> {
    let mut ranked = eligible(all);
    ranked.sort_by_key(|known| (std::cmp::Reverse(known.tenure), known.profile.id));
    ranked.truncate(messages);
    ranked
}

fn eligible(all: &[Known]) -> Vec<&Known> {
    let may_be_asked = |known: &&Known| {
        let profile = &known.profile;
        let phone = profile.first(ContactKind::Phone);
        profile.consent.sms == Some(Consent::Yes)
            && !profile.restrictions.do_not_contact
            && !profile.restrictions.deceased
            && profile.first(ContactKind::Email).is_some()
            && phone.is_some_and(|phone| phone.sms == Reach::Yes && phone.shared_by <= 8)
    };
    all.iter().filter(may_be_asked).collect()
}

/// Rows as customers: those of one person together, but for some.
fn customers(club: &DecayClub) -> anyhow::Result<Vec<Known>> {
    let emails = scores(club, ContactKind::Email)?;
    let phones = scores(club, ContactKind::Phone)?;
    let mut groups: HashMap<(usize, usize), Vec<usize>> = HashMap::new();
    for (index, row) in club.rows.iter().enumerate() {
        let alone = if index.is_multiple_of(MISSED) { index + 1 } else { 0 };
        groups.entry((row.person, alone)).or_default().push(index);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().collect();
    groups.sort();
    let mut holders: HashMap<String, u32> = HashMap::new();
    for group in &groups {
        let keys: HashSet<String> = group.iter().filter_map(|row| phone_key(&club.rows[*row])).collect();
        keys.into_iter().for_each(|key| *holders.entry(key).or_default() += 1);
    }
    let dated = |row: &DecayRow| row.updated.unwrap_or(row.joined);
    let known = groups.iter().map(|group| {
        // The newest row stands for the customer.
        let newest = *group.iter().max_by_key(|row| (dated(&club.rows[**row]), **row)).expect("a row at least");
        let row = &club.rows[newest];
        let any = |of: fn(&DecayRow) -> bool| group.iter().any(|row| of(&club.rows[*row]));
        let consent = |place: usize| {
            let said = group.iter().filter_map(|row| club.rows[*row].consent[place]);
            said.min().map(|yes| if yes { Consent::Yes } else { Consent::No })
        };
        let given: GivenConsents = [None, consent(1), consent(0), None].into();
        let point = |kind, text: &str, key: String, stale: Option<f32>, sms, shared_by| ContactPoint {
            kind,
            value: text.to_owned(),
            key,
            verdict: Verdict::Ok,
            line: if kind == ContactKind::Phone { PhoneKind::Mobile } else { PhoneKind::Unknown },
            sms,
            call: Reach::Yes,
            stale,
            shared_by,
            dead: None,
            consent: given,
            row: None,
        };
        let mut contacts = Vec::new();
        if let (Some(phone), Some(key)) = (&row.phone, phone_key(row)) {
            let sms = if phone.class == 0 { Reach::Yes } else { Reach::No };
            let shared_by = if phone.is_shop { 1_000 } else { holders[&key] };
            let stale = phones.get(&newest).map(|(p, _)| *p);
            contacts.push(point(ContactKind::Phone, &key.clone(), key, stale, sms, shared_by));
        }
        if let Some(email) = &row.email {
            let stale = emails.get(&newest).map(|(p, _)| *p);
            contacts.push(point(ContactKind::Email, &email.text, email.text.to_lowercase(), stale, Reach::No, 1));
        }
        let (_, judged) = emails.get(&newest).copied().unzip();
        let profile = CustomerProfile {
            id: CustomerId(newest as u64 + 1),
            household: CustomerId(row.household as u64 + 1),
            list: "club.csv".to_owned(),
            key: newest.to_string(),
            row: newest as u32,
            keys: Vec::new(),
            first_name: row.first.to_owned(),
            greeting: row.first.to_owned(),
            last_name: row.last.to_owned(),
            language: row.language.to_owned(),
            country: String::new(),
            place: tiuv::record::KnownPlace::default(),
            birth_date: row.born.map(Day::new),
            preferred: None,
            consent: given,
            refusal: None,
            restrictions: Restrictions {
                do_not_contact: any(|row| row.do_not_contact),
                deceased: any(|row| row.note == "נפטר"),
                ..Restrictions::default()
            },
            contacts,
            value: 1.0,
            status: CustomerStatus::Unknown,
            flagged: false,
            flag_reasons: FlagReasons::default(),
            to_verify: vec![Field::Email],
        };
        let is_stale = judged.is_some_and(|one| one.stale);
        let owned = phones.get(&newest).is_some_and(|(_, phone)| !phone.stale);
        Known {
            profile,
            person: row.person,
            tenure: judged.map_or(0, Judged::tenure),
            is_worth_asking: is_stale && owned,
            is_repaired_by_sms: is_stale && row.answers[0],
        }
    });
    Ok(known.collect())
}

fn phone_key(row: &DecayRow) -> Option<String> {
    let digits: String = row.phone.as_ref()?.text.chars().filter(char::is_ascii_digit).collect();
    let national = digits.trim_start_matches("972").trim_start_matches('0');
    Some(format!("+972{national}"))
}

/// Probability by row, by the priors. What is told of the rows lives as long as the program, which is soon over.
fn scores(club: &DecayClub, kind: ContactKind) -> anyhow::Result<HashMap<usize, (f32, &'static Judged)>> {
    let rules = Box::leak(Box::new(DecayRules::load(&RuleFiles::embedded())?));
    let judged: &'static [Judged] = Vec::leak(evidence::judged(club, kind));
    let mut model = Model::new(rules, Coefficients::prior(rules));
    let mut tenures = Tenures::new(kind);
    judged.iter().for_each(|one| tenures.add(&one.history(), TODAY));
    model.anchor(&tenures).context("there are contacts")?;
    Ok(judged.iter().map(|one| (one.row, (model.score(&one.history(), TODAY).p as f32, one))).collect())
}

struct Workspace {
    _directory: tempfile::TempDir,
    store: Store,
    profiles: ProfilesFile,
}

impl Workspace {
    fn of<'c>(profiles: impl Iterator<Item = &'c CustomerProfile>) -> anyhow::Result<Self> {
        let directory = tempfile::tempdir()?;
        let mut store = Store::open(directory.path())?;
        let mut writer = ProfilesWriter::create(directory.path())?;
        let profiles: Vec<_> = profiles.map(|profile| (profile.clone(), Vec::new())).collect();
        writer.push(&profiles)?;
        let run = RunRecord {
            id: "r".to_owned(),
            recorded_at: "2026-11-01T10:00:00Z".to_owned(),
            as_of: "2026-11-01".to_owned(),
            region: "IL".to_owned(),
            summary: "{}".to_owned(),
            ..RunRecord::default()
        };
        let files = RunFiles { profiles: Some(writer.finish()?), ..RunFiles::default() };
        store.record_run(&run, files, None)?;
        let profiles = store.profiles("r")?.context("it was just written")?;
        Ok(Workspace { _directory: directory, store, profiles })
    }
}

/// How long a plan takes for so many customers.
#[expect(clippy::disallowed_methods, reason = "it measures time")]
fn time(customers: usize, out: &mut impl Write) -> anyhow::Result<()> {
    let club = club(100_000, 1);
    let some = self::customers(&club)?;
    let profiles: Vec<CustomerProfile> = (0..customers)
        .map(|index| {
            let mut profile = some[index % some.len()].profile.clone();
            (profile.id, profile.household) = (CustomerId(index as u64 + 1), CustomerId(index as u64 / 2 + 1));
            for contact in &mut profile.contacts {
                contact.key = format!("{} {}", contact.key, index / some.len());
                contact.value =
                    if contact.kind == ContactKind::Phone { format!("+9725{index:08}") } else { contact.key.clone() };
            }
            profile
        })
        .collect();
    let mut workspace = Workspace::of(profiles.iter())?;
    drop(profiles);
    let rules = OutreachRules::load(&RuleFiles::embedded())?;
    let mut settings = Settings::new(rules.policy.clone(), date(2026, 11, 1));
    settings.sender = "Kalanit".to_owned();
    settings.link_base = "https://kalanit.example/c/".to_owned();
    for most in [Some(20_000), None] {
        settings.most.sms = most;
        settings.campaign = format!("{most:?}");
        let start = Instant::now();
        let made = plan(&workspace.store, &workspace.profiles, &rules, &settings)?;
        let planned = start.elapsed();
        let is_written = made.write(&mut workspace.store, &settings.campaign, "r", "2026-11-01T10:00:00Z".parse()?)?;
        writeln!(
            out,
            "{customers} customers, {} asked: planned in {:.2} s, written in {:.2} s ({is_written})",
            made.contacts.len(),
            planned.as_secs_f64(),
            (start.elapsed() - planned).as_secs_f64(),
        )?;
    }
    Ok(())
}
