//! From a simulated club to histories, as `clean` reads them from a list, its duplicates and an event log.

use std::collections::HashMap;

use tiuv::evidence::{DatedSignal, History};
use tiuv::record::{ContactClass, ContactKind, Day, Signal};

use crate::generator::decay::{self, Contact, DecayClub, DecayRow, State};

/// The day that counts as today.
pub(crate) const TODAY: Day = Day::new(decay::TODAY);

/// A contact that is scored, with what is known of it and what is true.
pub(crate) struct Judged {
    pub(crate) row: usize,
    class: ContactClass,
    age: Option<u8>,
    captured: Day,
    signals: Vec<DatedSignal>,
    dead_domain: bool,
    deceased: bool,
    pub(crate) stale: bool,
    gone: Option<usize>,
}

impl Judged {
    pub(crate) fn history(&self) -> History<'_> {
        History {
            kind: self.class.kind(),
            class: self.class,
            age: self.age,
            changes: 0,
            captured: Some(self.captured),
            signals: &self.signals,
            dead_domain: self.dead_domain,
            deceased: self.deceased,
        }
    }

    /// Days since the capture: what "oldest first" goes by.
    pub(crate) fn tenure(&self) -> i32 {
        TODAY.days_since(self.captured)
    }

    /// Whether it was in use a year ago, and has gone since: what the anchor is about.
    pub(crate) fn last_year(&self) -> Option<bool> {
        let in_use = self.tenure() >= 365 && self.gone.is_none_or(|months| months < 12);
        in_use.then_some(self.stale)
    }

    /// Whether anything says at once that it is gone.
    pub(crate) fn has_bounced(&self) -> bool {
        let bounce = |one: &DatedSignal| matches!(one.signal, Signal::HardBounce | Signal::SmsUndelivered);
        self.dead_domain || self.signals.iter().any(bounce)
    }
}

fn contact(row: &DecayRow, kind: ContactKind) -> Option<&Contact> {
    let contact = match kind {
        ContactKind::Email => &row.email,
        ContactKind::Phone => &row.phone,
    };
    contact.as_ref().filter(|contact| !contact.is_shop)
}

fn class(contact: &Contact, kind: ContactKind) -> ContactClass {
    const MAIL: [ContactClass; 5] = [
        ContactClass::FreeMail,
        ContactClass::Isp,
        ContactClass::Work,
        ContactClass::Education,
        ContactClass::Disposable,
    ];
    match kind {
        ContactKind::Email => MAIL[contact.class],
        ContactKind::Phone => [ContactClass::Mobile, ContactClass::Landline][contact.class],
    }
}

/// The day that a row's values are from: its last change, where the list says it.
fn dated(row: &DecayRow) -> Day {
    Day::new(row.updated.unwrap_or(row.joined))
}

fn signal(kind: ContactKind, channel: &str, event: &str) -> Option<Signal> {
    Some(match (kind, channel, event) {
        (ContactKind::Email, "email", "hard_bounce") => Signal::HardBounce,
        (ContactKind::Email, "email", "soft_bounce") => Signal::SoftBounce,
        (ContactKind::Email, "email", "delivered") => Signal::MailDelivered,
        (ContactKind::Email, "email", "open") => Signal::Open,
        (ContactKind::Email, "email", "click" | "unsubscribe") => Signal::Click,
        (ContactKind::Phone, "sms", "undelivered") => Signal::SmsUndelivered,
        (ContactKind::Phone, "sms", "delivered") => Signal::SmsDelivered,
        (ContactKind::Phone, "sms", "reply_stop") => Signal::Answered,
        (ContactKind::Phone, "reverify", "confirmed" | "updated") => Signal::Answered,
        (ContactKind::Phone, "reverify", "wrong_person") => Signal::NotMe,
        (ContactKind::Phone, "reverify", "no_answer") => Signal::SilentOnAsk,
        (_, "web", "login") => Signal::Login,
        (_, "pos", "purchase") => Signal::Purchase,
        _ => return None,
    })
}

/// Every contact of a kind that is somebody's own, in the order of the rows.
pub(crate) fn judged(club: &DecayClub, kind: ContactKind) -> Vec<Judged> {
    let mut events: Vec<Vec<DatedSignal>> = vec![Vec::new(); club.rows.len()];
    for line in &club.log {
        if let Some(signal) = signal(kind, line.channel, line.event) {
            events[line.row as usize].push(DatedSignal { day: Day::new(line.day), signal });
        }
    }
    // What equal values have in common, and what the rows of one customer hold.
    let key = |text: &str| match kind {
        ContactKind::Email => text.to_lowercase(),
        ContactKind::Phone => {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            digits.trim_start_matches("972").trim_start_matches('0').to_owned()
        }
    };
    let mut by_value: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_person: HashMap<usize, Vec<(Day, String)>> = HashMap::new();
    for (index, row) in club.rows.iter().enumerate() {
        if let Some(contact) = contact(row, kind) {
            by_value.entry(key(&contact.text)).or_default().push(index);
            by_person.entry(row.person).or_default().push((dated(row), key(&contact.text)));
        }
    }
    let one = |(index, row): (usize, &DecayRow)| {
        let contact = contact(row, kind)?;
        let own = key(&contact.text);
        let pool = &by_value[&own];
        let mut captures: Vec<Day> = pool.iter().map(|other| dated(&club.rows[*other])).collect();
        captures.sort_unstable();
        let last = *captures.last()?;
        let mut signals: Vec<DatedSignal> = pool.iter().flat_map(|other| &events[*other]).copied().collect();
        let captured = |signal: Signal| move |day: &Day| DatedSignal { day: *day, signal };
        signals.extend(captures[1..].iter().filter(|day| **day > captures[0]).map(captured(Signal::Recaptured)));
        let others = by_person[&row.person].iter().filter(|(day, value)| *value != own && *day > last);
        signals.extend(others.map(|(day, _)| day).map(captured(Signal::Superseded)));
        signals.sort_unstable();
        signals.dedup();
        Some(Judged {
            row: index,
            class: class(contact, kind),
            age: row.born.map(|born| (f64::from(decay::TODAY - born) / 365.25) as u8),
            captured: captures[0],
            signals,
            dead_domain: contact.dead_domain,
            deceased: row.note == "נפטר",
            stale: contact.state != State::Alive,
            gone: contact.gone,
        })
    };
    club.rows.iter().enumerate().filter_map(one).collect()
}
