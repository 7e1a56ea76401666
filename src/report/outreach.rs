//! The faces of a plan: the account on the terminal, `outbox.csv`, `held_back.csv`.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use jiff::Zoned;

use super::csv_text::{guarded, push_line};
use super::text::thousands;
use crate::advice::Bar;
use crate::outreach::{Hold, Plan, Settings, local_time, with_offset};
use crate::pipeline::RunError;
use crate::record::{Channel, ContactKind, SmsLength};
use crate::rule::{OutreachRules, Words};
use crate::store::{PlannedContact, ProfilesFile, RunRecord, StoreError};
use crate::text::isolated;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const YELLOW: Style = AnsiColor::Yellow.on_default();

/// By what plans are told.
#[derive(Debug, Clone, Copy)]
pub struct Told<'t> {
    /// Whose clock holds where.
    pub rules: &'t OutreachRules,
    /// What reasons mean.
    pub words: &'t Words,
    /// The command that sends what is planned.
    pub dispatch: Option<&'t str>,
}

/// How many, when, for how much; who is held back and why; and what to do next.
pub fn plan_text(plan: &Plan, settings: &Settings, told: Told<'_>, customers: u64, is_dry: bool) -> String {
    let mut text = String::new();
    let asked = plan.contacts.len() as u64;
    let what = if settings.advance { "to follow up" } else { "to ask" };
    let total: i64 = plan.contacts.iter().map(|contact| contact.cost).sum();
    let _ = writeln!(
        text,
        "{BOLD}{} of {} customers {what}{BOLD:#}, for {}  {DIM}campaign {}, window from {}{DIM:#}",
        thousands(asked),
        thousands(customers),
        money(total, &settings.policy.currency),
        settings.campaign,
        plan.window
    );
    days(&mut text, plan, settings, told.rules);
    parts(&mut text, plan);
    samples(&mut text, plan, settings);
    let audits = plan.contacts.iter().filter(|contact| contact.is_audit).count() as u64;
    if audits > 0 {
        let _ = writeln!(text, "  {} of them drawn at random, so that learning is not blind", thousands(audits));
    }
    held(&mut text, plan, told.words);
    let change = &plan.change;
    let outbox = if is_dry { "outbox would get" } else { "outbox" };
    let _ = writeln!(
        text,
        "{outbox}: {} new, {} kept, {} taken back{}",
        thousands(change.insert.len() as u64),
        thousands(change.keep.len() as u64),
        thousands(change.cancel.len() as u64),
        if plan.left > 0 {
            format!(", {} of other rungs left as they are", thousands(plan.left))
        } else {
            String::new()
        }
    );
    for warning in warnings(plan, asked) {
        let _ = writeln!(text, "{YELLOW}warning{YELLOW:#}: {warning}");
    }
    match (is_dry, asked) {
        (true, _) => text.push_str("nothing was written (--dry-run)\n"),
        (false, 0) => {}
        (false, _) => {
            let _ = writeln!(text, "nothing was sent; next: {}", told.dispatch.unwrap_or("tiuv outreach dispatch"));
        }
    }
    text
}

/// A table of days and channels.
fn days(text: &mut String, plan: &Plan, settings: &Settings, rules: &OutreachRules) {
    let mut table: BTreeMap<(String, &str), (u64, i64)> = BTreeMap::new();
    for contact in &plan.contacts {
        let day = due(contact, rules).date().to_string();
        let cell = table.entry((day, contact.channel.as_str())).or_default();
        *cell = (cell.0 + 1, cell.1 + contact.cost);
    }
    for ((day, channel), (count, cost)) in table {
        let cost = money(cost, &settings.policy.currency);
        let _ = writeln!(text, "  {day}  {channel:<6}{:>9}  {cost:>14}", thousands(count));
    }
}

/// When a message is due, by the clock of whoever gets it.
fn due(contact: &PlannedContact, rules: &OutreachRules) -> Zoned {
    let kind = ContactKind::of_text(&contact.recipient);
    local_time(contact.due_at, rules, &contact.country, kind, &contact.recipient)
}

fn parts(text: &mut String, plan: &Plan) {
    let mut parts: BTreeMap<u32, u64> = BTreeMap::new();
    for contact in plan.contacts.iter().filter(|contact| contact.channel == Channel::Sms) {
        *parts.entry(contact.parts).or_default() += 1;
    }
    if !parts.is_empty() {
        let counts: Vec<String> = parts
            .iter()
            .map(|(parts, count)| {
                format!("{} of {parts} part{}", thousands(*count), if *parts == 1 { "" } else { "s" })
            })
            .collect();
        let _ = writeln!(text, "  text messages: {}", counts.join(", "));
    }
}

/// A text message of each language as it leaves, its parts and its price; and what a shorter sender or link would save.
fn samples(text: &mut String, plan: &Plan, settings: &Settings) {
    let link = format!("{}{}", settings.link_base, "x".repeat(settings.policy.link_letters as usize));
    let currency = &settings.policy.currency;
    let length = |contact: &PlannedContact| SmsLength::of(&contact.body.replace("{link}", &link));
    let messages = || plan.contacts.iter().filter(|contact| contact.channel == Channel::Sms);
    let mut languages = BTreeSet::new();
    for contact in messages().filter(|contact| languages.insert(contact.language.as_str())) {
        let SmsLength { units, parts, .. } = length(contact);
        let body = contact.body.replace("{link}", &link).replace('\n', " ");
        let price = money(contact.cost, currency);
        let parts = if parts == 1 { "1 part".to_owned() } else { format!("{parts} parts") };
        let _ = writeln!(text, "  {}  {parts} of {units} letters, {price}: {}", contact.language, isolated(&body));
    }
    // How many letters each is too long for one part less, with what that would save.
    let too_long = messages().filter(|contact| contact.parts > 1).map(|contact| {
        let length = length(contact);
        (length.units.saturating_sub(length.most_in(length.parts - 1)), contact.cost / i64::from(contact.parts))
    });
    let mut too_long: Vec<(u32, i64)> = too_long.collect();
    too_long.sort_unstable();
    if let Some((letters, _)) = too_long.get(too_long.len() * 19 / 20) {
        let shorter = too_long.iter().take_while(|(over, _)| over <= letters);
        let (count, saved) = shorter.fold((0, 0), |(count, saved), (_, part)| (count + 1, saved + part));
        let saved = money(saved, currency);
        let _ = writeln!(
            text,
            "  with a sender or link shorter by {letters} letters {} texts would take a part less: {saved}",
            thousands(count)
        );
    }
}

fn held(text: &mut String, plan: &Plan, words: &Words) {
    let reasons = plan.reasons();
    let total: u64 = reasons.values().sum();
    if total == 0 {
        return;
    }
    let _ = writeln!(text, "{BOLD}Held back{BOLD:#}  {}", thousands(total));
    let mut reasons: Vec<(Hold, u64)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(hold, count)| (std::cmp::Reverse(*count), *hold));
    for (hold, count) in reasons {
        let key = hold.key();
        let _ = writeln!(text, "  {:>9}  {:<20}{DIM}{}{DIM:#}", thousands(count), hold.code(), words.say(&key));
    }
}

fn warnings(plan: &Plan, asked: u64) -> Vec<String> {
    let mut warnings = Vec::new();
    if !plan.states_consent && plan.reasons().contains_key(&Hold::Barred(Bar::NoConsent)) {
        warnings.push(
            "no list has a column of consent, so nobody may be asked; map one in `tiuv map`, or say on what basis they may be \
             asked all the same, for example --consent-basis 'club rules of 2019, section 4'"
                .to_owned(),
        );
    }
    if !plan.has_probabilities && asked > 0 {
        warnings
            .push("no contact has a probability of being stale: customers are chosen by value and chance".to_owned());
    }
    if plan.late > 0 {
        warnings.push(format!("{} reminders come later than the ladder says", thousands(plan.late)));
    }
    warnings
}

/// An amount in millionths, with two decimals.
fn money(millionths: i64, currency: &str) -> String {
    let cents = (millionths + 5_000) / 10_000;
    format!("{}.{:02} {currency}", thousands((cents / 100) as u64), cents % 100)
}

/// What the key column of a run's only list is called; `key` where there are several, or none was found.
pub fn key_header(run: Option<&RunRecord>) -> String {
    let header = || {
        let summary: serde_json::Value = serde_json::from_str(&run?.summary).ok()?;
        let [input] = summary["inputs"].as_array()?.as_slice() else { return None };
        let columns = input["mapping"]["columns"].as_array()?;
        let id = columns.iter().find(|column| column["field"] == "id")?;
        Some(id["header"].as_str()?.trim().to_owned())
    };
    header().filter(|header| !header.is_empty()).unwrap_or_else(|| "key".to_owned())
}

/// Names of the files of a plan.
pub fn plan_file_names() -> Vec<String> {
    [HELD_BACK, OUTBOX].map(str::to_owned).to_vec()
}

/// Who is asked.
pub const OUTBOX: &str = "outbox.csv";
/// Who is not asked.
pub const HELD_BACK: &str = "held_back.csv";

/// Writes `outbox.csv`: whoever is asked, by time, each named by the row in which `to` stands, in the time of its country.
///
/// # Errors
/// When it can't be written.
pub fn write_outbox(plan: &Plan, told: Told<'_>, key: &str, out: &mut dyn Write) -> Result<(), RunError> {
    let failed = |error: io::Error| RunError::write(OUTBOX, &error);
    let mut line = Vec::new();
    let header = [
        "customer",
        key,
        "channel",
        "to",
        "at",
        "rung",
        "language",
        "body",
        "cost",
        "expected_gain",
        "why",
        "source",
        "row",
    ];
    push_line(&mut line, header.map(|cell| guarded(cell).into_owned()).iter().map(String::as_str));
    out.write_all(&line).map_err(failed)?;
    for contact in &plan.contacts {
        line.clear();
        let cells = [
            contact.customer.to_string(),
            guarded(&contact.row_key).into_owned(),
            contact.channel.as_str().to_owned(),
            guarded(&contact.recipient).into_owned(),
            with_offset(&due(contact, told.rules)),
            contact.rung.to_string(),
            contact.language.clone(),
            guarded(&contact.body).into_owned(),
            amount(contact.cost),
            contact.expected_gain.to_string(),
            guarded(&contact.why).into_owned(),
            guarded(&contact.list).into_owned(),
            contact.row_number.to_string(),
        ];
        push_line(&mut line, cells.iter().map(String::as_str));
        out.write_all(&line).map_err(failed)?;
    }
    Ok(())
}

/// An amount in millionths, exact.
fn amount(millionths: i64) -> String {
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Writes `held_back.csv`: whoever is not asked, and why, in the order of the run.
///
/// # Errors
/// When the customers can't be read or the file can't be written.
pub fn write_held_back(
    plan: &Plan,
    profiles: &ProfilesFile,
    told: Told<'_>,
    key: &str,
    out: &mut dyn Write,
) -> Result<(), RunError> {
    enum Failed {
        Store(StoreError),
        Output(io::Error),
    }
    impl From<StoreError> for Failed {
        fn from(error: StoreError) -> Self {
            Failed::Store(error)
        }
    }
    let mut line = Vec::new();
    push_line(&mut line, ["customer", "source", guarded(key).as_ref(), "reason", "meaning"]);
    let mut holds = plan.held.iter();
    let written = out.write_all(&line).map_err(Failed::Output).and_then(|()| {
        profiles.all(|profile| {
            let Some(hold) = holds.next().copied().flatten() else { return Ok(()) };
            line.clear();
            let (customer, meaning) = (profile.id.to_string(), hold.key());
            let meaning = told.words.say(&meaning);
            push_line(
                &mut line,
                [&customer, guarded(&profile.list).as_ref(), &guarded(&profile.key), hold.code(), meaning],
            );
            out.write_all(&line).map_err(Failed::Output)
        })
    });
    written.map_err(|failed| match failed {
        Failed::Store(error) => RunError::from(error),
        Failed::Output(error) => RunError::write(HELD_BACK, &error),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_in_files_and_rounded_for_people() {
        assert_eq!((amount(60_000), amount(5_000_000), amount(0)), ("0.06".to_owned(), "5".to_owned(), "0".to_owned()));
        assert_eq!(money(1_234_565_000, "ILS"), "1,234.57 ILS");
    }
}
