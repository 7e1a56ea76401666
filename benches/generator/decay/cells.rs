//! The list, the log and the truth as files hold them.

use jiff::civil::{Date, date};

use super::super::random::Random;
use super::{DecayRow, State};

/// The header of the list.
pub const HEADER: [&str; 17] = [
    "מספר לקוח",
    "שם פרטי",
    "שם משפחה",
    "טלפון נייד",
    "דוא\"ל",
    "תאריך לידה",
    "תאריך הצטרפות",
    "תאריך עדכון",
    "קנייה אחרונה",
    "סה\"כ קניות",
    "מספר קניות",
    "אישור דיוור",
    "אישור SMS",
    "לא לפנות",
    "שפה",
    "טלפון בבית",
    "הערות",
];

/// A day in days since 1970.
pub fn day(days: i32) -> Date {
    date(1970, 1, 1).saturating_add(jiff::Span::new().days(days))
}

/// The customer number of the row with this index.
pub fn key(index: usize) -> String {
    (700_001 + index).to_string()
}

/// The cells of a row.
pub fn cells(index: usize, row: &DecayRow, seed: u64) -> [String; HEADER.len()] {
    let mut random = Random::at(seed ^ 0x4345_4C4C, index as u64);
    let mut dated = |days: Option<i32>| days.map_or_else(String::new, |days| written(day(days), &mut random));
    let (born, joined, updated) = (dated(row.born), dated(Some(row.joined)), dated(row.updated));
    let bought = dated(row.last_purchase);
    let answer = |consent: Option<bool>| match consent {
        Some(true) => "כן".to_owned(),
        Some(false) => "לא".to_owned(),
        None => String::new(),
    };
    let text = |contact: &Option<super::Contact>| contact.as_ref().map_or_else(String::new, |one| one.text.clone());
    [
        key(index),
        row.first.to_owned(),
        row.last.to_owned(),
        text(&row.phone),
        text(&row.email),
        born,
        joined,
        updated,
        bought,
        row.spent.to_string(),
        row.purchases.to_string(),
        answer(row.consent[0]),
        answer(row.consent[1]),
        if row.do_not_contact { "כן".to_owned() } else { String::new() },
        row.language.to_owned(),
        String::new(),
        row.note.to_owned(),
    ]
}

/// Day first in several forms, and sometimes as databases write it.
fn written(day: Date, random: &mut Random) -> String {
    let (year, month, number) = (day.year(), day.month(), day.day());
    match random.below(100) {
        0..=74 => format!("{number:02}/{month:02}/{year}"),
        75..=84 => format!("{number}.{month}.{year}"),
        85..=94 => format!("{year}-{month:02}-{number:02}"),
        _ => format!("{year}-{month:02}-{number:02} 00:00:00"),
    }
}

/// The header of the truth.
pub const TRUTH: &str =
    "row,key,person,household,email_stale,phone_stale,email_class,phone_class,deceased,answers_sms,answers_call";

/// The truth about a row; blank where there is no contact, or a till's.
pub fn truth(index: usize, row: &DecayRow) -> String {
    const MAIL: [&str; 5] = ["free_mail", "isp", "work", "education", "disposable"];
    const LINES: [&str; 2] = ["mobile", "landline"];
    let flag = |holds: bool| if holds { "1" } else { "0" };
    let stale = |contact: &Option<super::Contact>| match contact {
        Some(contact) if !contact.is_shop => flag(contact.state != State::Alive),
        _ => "",
    };
    let class =
        |contact: &Option<super::Contact>, names: &[&'static str]| contact.as_ref().map_or("", |one| names[one.class]);
    format!(
        "{},{},{},{},{},{},{},{},{},{},{}",
        index + 1,
        key(index),
        row.person,
        row.household,
        stale(&row.email),
        stale(&row.phone),
        class(&row.email, &MAIL),
        class(&row.phone, &LINES),
        flag(row.deceased),
        flag(row.answers[0]),
        flag(row.answers[1]),
    )
}
