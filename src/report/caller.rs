//! Who calls, for an agent: as text, and as JSON for the program in which agents work.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use serde_json::{Value, json};

use crate::advice::{CHANNELS, Closed};
use crate::pipeline::{Caller, CallerAdvice, Callers};
use crate::record::{ContactPoint, CustomerProfile, Death, Field, Suppression, SuppressionScope};
use crate::rule::Words;
use crate::text::isolated;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::Red.on_default().bold();

/// A text for a person who has the customer on the line.
pub fn callers_text(callers: &Callers, words: &Words) -> String {
    let mut text = String::new();
    match callers.callers.len() {
        0 => {
            let _ = writeln!(text, "{}", words.say("caller.none"));
        }
        1 => {}
        count => {
            let _ = writeln!(text, "{count} {}\n", words.say("caller.several"));
        }
    }
    for (index, caller) in callers.callers.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        push_caller(&mut text, caller, words);
    }
    if callers.has_more {
        let _ = writeln!(text, "\n… {}", words.say("caller.more"));
    }
    text
}

fn push_caller(text: &mut String, caller: &Caller, words: &Words) {
    let profile = &caller.profile;
    let place = if profile.key.is_empty() { format!("#{}", profile.row) } else { profile.key.clone() };
    let _ = writeln!(
        text,
        "{BOLD}{}{BOLD:#}  {}  {DIM}{}:{}{DIM:#}",
        isolated(&name(profile)),
        profile.id,
        isolated(&profile.list),
        isolated(&place)
    );
    for hold in &caller.restrictions {
        let scope = words.say(&format!("caller.{}", hold.scope)).to_owned();
        let title = words.say("caller.held");
        let _ = writeln!(text, "  {RED}{title}: {scope}{RED:#}  {}", hold_words(hold));
    }
    let held_by_list = [
        (profile.restrictions.do_not_contact, "do_not_contact"),
        (profile.restrictions.deceased, "deceased"),
        (profile.restrictions.legal, "legal"),
        (profile.restrictions.blocked, "blocked"),
    ];
    for (_, word) in held_by_list.into_iter().filter(|(is_held, _)| *is_held) {
        let _ = writeln!(text, "  {RED}{}: {}{RED:#}  {word}", words.say("caller.held"), words.say("caller.all"));
    }
    let mut facts = Vec::new();
    if let Some(born) = profile.birth_date {
        facts.push(format!("{} {}", words.say("caller.born"), born));
    }
    facts.push(format!("{} {}", words.say("caller.status"), profile.status.as_str()));
    if profile.flagged {
        facts.push(format!("{}: {}", words.say("caller.flagged"), profile.flag_reasons));
    }
    let _ = writeln!(text, "  {}", facts.join(" · "));
    let title = words.say("caller.verify");
    if profile.to_verify.is_empty() {
        let _ = writeln!(text, "  {BOLD}{title}:{BOLD:#} {}", words.say("caller.nothing_to_verify"));
    } else {
        let _ = writeln!(text, "  {BOLD}{title}:{BOLD:#} {}", fields(&profile.to_verify, words));
    }
    push_advice(text, caller, words);
    section(text, words.say("caller.contacts"), profile.contacts.iter().map(|contact| contact_line(contact, words)));
    section(text, words.say("caller.household"), caller.household.iter().map(member_line));
    section(
        text,
        words.say("caller.planned"),
        caller.planned.iter().map(|one| {
            let reason = if one.reason.is_empty() { String::new() } else { format!(" ({})", one.reason) };
            format!("{}  {}  {}  {}{reason}", day(&one.at), one.channel, one.recipient, one.state)
        }),
    );
    section(
        text,
        words.say("caller.answers"),
        caller.answers.iter().map(|one| format!("{}  {} {}  {}", day(&one.at), one.channel, one.event, one.key)),
    );
    section(
        text,
        words.say("caller.pending"),
        caller.pending.iter().map(|one| {
            let field = format!("field.{}", one.field);
            let (new, old) = (isolated(&one.new), isolated(&one.old));
            format!("{}: {new} {} {old}", words.say(&field), words.say("caller.instead_of"))
        }),
    );
}

/// What to do next, and by which channels the customer may not be contacted.
fn push_advice(text: &mut String, caller: &Caller, words: &Words) {
    let CallerAdvice { closed, next } = &caller.advice;
    let _ = writeln!(text, "  {BOLD}{}:{BOLD:#} {}", words.say("caller.next"), words.say(next.key()));
    for (channel, closed) in CHANNELS.iter().zip(closed) {
        let Some(Closed { bar, since }) = closed else { continue };
        let (channel, bar) = (format!("caller.{}", channel.as_str()), bar.key());
        let since = since.map_or_else(String::new, |day| format!("  {day}"));
        let _ = writeln!(text, "    {}: {}{since}", words.say(&channel), words.say(&bar));
    }
}

fn section(text: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    for (index, line) in lines.enumerate() {
        if index == 0 {
            let _ = writeln!(text, "  {title}");
        }
        let _ = writeln!(text, "    {line}");
    }
}

/// The fields to verify by their names.
pub(super) fn fields(to_verify: &[Field], words: &Words) -> String {
    let names: Vec<String> = to_verify.iter().map(|field| words.say(&format!("field.{field}")).to_owned()).collect();
    names.join(", ")
}

fn contact_line(contact: &ContactPoint, words: &Words) -> String {
    let mut line = format!("{}  {}", isolated(&contact.value), contact.verdict.as_str());
    if contact.line != crate::record::PhoneKind::Unknown {
        let _ = write!(line, "  {}", contact.line.as_str());
    }
    if let Some(stale) = contact.stale {
        let _ = write!(line, "  {} {:.0} %", words.say("caller.stale"), f64::from(stale) * 100.0);
    }
    if let Some(dead) = contact.dead {
        let since = dead.since.map_or_else(String::new, |day| format!(" {day}"));
        let _ = write!(line, "  {}{since}", words.say("caller.dead"));
    }
    if contact.shared_by > 1 {
        let _ = write!(line, "  {} {}", words.say("caller.shared"), contact.shared_by);
    }
    line
}

fn member_line(profile: &CustomerProfile) -> String {
    let contacts: Vec<&str> = profile.contacts.iter().map(|contact| contact.value.as_str()).collect();
    format!("{}  {}  {}", isolated(&name(profile)), profile.id, contacts.join("  "))
}

fn hold_words(hold: &Suppression) -> String {
    let note = if hold.note.is_empty() { String::new() } else { format!("  “{}”", isolated(&hold.note)) };
    format!("{}  {}  {}{note}", hold.reason, day(&hold.added_at), isolated(&hold.source))
}

fn name(profile: &CustomerProfile) -> String {
    format!("{} {}", profile.first_name, profile.last_name).trim().to_owned()
}

fn day(at: &str) -> &str {
    at.get(..10).unwrap_or(at)
}

/// The same for a program.
pub fn callers_json(callers: &Callers, run: &str) -> String {
    let all: Vec<Value> = callers.callers.iter().map(caller_json).collect();
    let value = json!({ "schema_version": 1, "run": run, "has_more": callers.has_more, "customers": all });
    serde_json::to_string_pretty(&value).expect("plain data")
}

fn caller_json(caller: &Caller) -> Value {
    let profile = &caller.profile;
    json!({
        "customer": profile.id.to_string(),
        "household": profile.household.to_string(),
        "list": profile.list, "key": profile.key, "row": profile.row,
        "first_name": profile.first_name, "last_name": profile.last_name,
        "language": profile.language, "birth_date": profile.birth_date.map(|born| born.to_string()),
        "status": profile.status.as_str(), "flagged": profile.flagged, "flag_reasons": profile.flag_reasons.words().collect::<Vec<_>>(),
        "to_verify": profile.to_verify.iter().map(|field| field.as_str()).collect::<Vec<_>>(),
        "do_not_contact": is_held(caller), "deceased": profile.restrictions.deceased, "legal": profile.restrictions.legal,
        "blocked": profile.restrictions.blocked,
        "contact": advice_json(&caller.advice),
        "contacts": profile.contacts.iter().map(contact_json).collect::<Vec<_>>(),
        "members": caller.household.iter().map(|other| json!({
            "customer": other.id.to_string(), "first_name": other.first_name, "last_name": other.last_name,
            "contacts": other.contacts.iter().map(contact_json).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "suppressions": caller.restrictions.iter().map(|hold| json!({
            "number": hold.number, "kind": hold.what.kind(), "key": hold.what.key(), "scope": hold.scope, "reason": hold.reason,
            "source": hold.source, "note": hold.note, "added_at": hold.added_at,
        })).collect::<Vec<_>>(),
        "asked": caller.planned.iter().map(|one| json!({
            "id": one.id, "campaign": one.campaign, "channel": one.channel, "to": one.recipient, "state": one.state,
            "reason": one.reason, "at": one.at,
        })).collect::<Vec<_>>(),
        "answers": caller.answers.iter().map(|one| json!({
            "at": one.at, "channel": one.channel, "event": one.event, "key": one.key,
        })).collect::<Vec<_>>(),
        "pending_changes": caller.pending.iter().map(|one| json!({
            "field": one.field, "old": one.old, "new": one.new, "at": one.at,
        })).collect::<Vec<_>>(),
    })
}

/// Whether the person is not to be contacted by any way, for whatever reason.
fn is_held(caller: &Caller) -> bool {
    caller.profile.restrictions.hold_all() || caller.restrictions.iter().any(|hold| hold.scope == SuppressionScope::All)
}

fn advice_json(advice: &CallerAdvice) -> Value {
    let channels: serde_json::Map<String, Value> = CHANNELS
        .iter()
        .zip(advice.closed)
        .map(|(channel, closed)| {
            let why = closed.map(|closed| closed.bar.as_str());
            let since = closed.and_then(|closed| closed.since).map(|day| day.to_string());
            (channel.as_str().to_owned(), json!({ "may": closed.is_none(), "why": why, "since": since }))
        })
        .collect();
    json!({ "next": advice.next.as_str(), "channels": channels })
}

fn contact_json(contact: &ContactPoint) -> Value {
    json!({
        "kind": contact.kind.as_str(), "value": contact.value, "verdict": contact.verdict.as_str(),
        "line": contact.line.as_str(), "sms": contact.sms.as_str(), "call": contact.call.as_str(),
        "stale": contact.stale, "shared_by": contact.shared_by, "dead_by": contact.dead.map(Death::word),
        "dead_since": contact.dead.and_then(|dead| dead.since).map(|day| day.to_string()),
    })
}
