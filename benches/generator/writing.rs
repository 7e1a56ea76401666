//! How a customer is written down: every way here is clean, if not the same way twice.

use std::fmt::Write;

use super::person::{Day, Person, Script, membership};
use super::random::Random;
use super::{Language, WIDTH, column};

/// Fills the cells of a row, except its key. A customer who was written down before comes with small changes.
pub fn write_person(person: &Person, again: bool, language: Language, random: &mut Random) -> [String; WIDTH] {
    let mut cells: [String; WIDTH] = Default::default();
    write_names(&mut cells, person, again, random);
    let keeps_mobile = person.email.is_none() || random.permille(960);
    if keeps_mobile {
        cells[column::MOBILE] = phone(random, person.mobile);
    }
    if let Some(landline) = person.landline
        && !(again && random.permille(300))
    {
        cells[column::PHONE] = phone(random, landline);
    }
    if let Some(email) = &person.email
        && !(again && keeps_mobile && random.permille(250))
    {
        cells[column::EMAIL].push_str(email);
    }
    if person.has_birth_date {
        cells[column::BIRTH_DATE] = date(person.born, language);
    }
    if let Some(id) = person.national_id
        && !(again && random.permille(300))
    {
        let _ = write!(cells[column::NATIONAL_ID], "{id:09}");
    }
    write_address(&mut cells, person, again && random.permille(150), random);
    cells[column::CONSENT].push_str(consent(random, language));
    let (joined, bought) = if again { membership(random, person.joined.year) } else { (person.joined, person.bought) };
    cells[column::JOINED] = date(joined, language);
    if let Some(day) = bought {
        cells[column::LAST_PURCHASE] = date(day, language);
    }
    if random.permille(120) {
        cells[column::NOTES].push_str(note(random, person.script));
    }
    cells
}

fn write_names(cells: &mut [String; WIDTH], person: &Person, again: bool, random: &mut Random) {
    let in_latin = again && person.script != Script::Latin && random.permille(150);
    let (first, last) =
        if in_latin { (person.first.latin, person.last.latin) } else { (person.first.name, person.last.name) };
    cells[column::FIRST_NAME].push_str(first);
    cells[column::LAST_NAME].push_str(last);
    if person.is_woman
        && person.script == Script::Cyrillic
        && ENDS_OF_MEN.iter().any(|end| person.last.name.ends_with(end))
    {
        cells[column::LAST_NAME].push(if in_latin { 'a' } else { 'а' });
    }
    if again && random.permille(120) {
        misspell(&mut cells[column::LAST_NAME], random);
    }
}

/// A Russian family name that ends so has another form for women.
const ENDS_OF_MEN: &[&str] = &["ов", "ев", "ёв", "ин"];

/// Doubles a letter in the middle: still a name, no longer the same one.
fn misspell(name: &mut String, random: &mut Random) {
    let letters: Vec<(usize, char)> = name.char_indices().collect();
    if letters.len() >= 4 {
        let (at, letter) = letters[1 + random.below(letters.len() as u64 - 3) as usize];
        name.insert(at, letter);
    }
}

fn write_address(cells: &mut [String; WIDTH], person: &Person, moved: bool, random: &mut Random) {
    let house = if moved { random.between(1, 140) as u32 } else { person.house };
    let latin = person.script == Script::Latin;
    let (street, city) =
        if latin { (person.street.latin, person.city.latin) } else { (person.street.name, person.city.name) };
    let _ = write!(cells[column::STREET], "{street} {house}");
    cells[column::CITY].push_str(city);
    if let Some(postcode) = person.postcode {
        let _ = write!(cells[column::POSTCODE], "{postcode}");
    }
}

/// The number in one of the ways people write it; `number` lacks its leading zero.
pub fn phone(random: &mut Random, number: u32) -> String {
    let (prefix, rest) = (number / 10_000_000, number % 10_000_000);
    let (head, tail) = (rest / 10_000, rest % 10_000);
    match random.below(100) {
        0..=44 => format!("0{prefix}-{rest:07}"),
        45..=76 => format!("0{prefix}{rest:07}"),
        77..=84 => format!("0{prefix}-{head:03}-{tail:04}"),
        85..=88 => format!("0{prefix} {rest:07}"),
        89..=92 => format!("+972-{prefix}-{rest:07}"),
        93..=96 => format!("+972{prefix}{rest:07}"),
        97..=98 => format!("(0{prefix}) {rest:07}"),
        _ => format!("0{prefix}.{head:03}.{tail:04}"),
    }
}

/// Day first with slashes in Hebrew lists, ISO 8601 in English ones: one form a column.
pub fn date(day: Day, language: Language) -> String {
    let Day { year, month, day } = day;
    match language {
        Language::Hebrew => format!("{day:02}/{month:02}/{year}"),
        Language::English => format!("{year}-{month:02}-{day:02}"),
    }
}

fn consent(random: &mut Random, language: Language) -> &'static str {
    const HEBREW: &[(u32, &str)] = &[(74, "כן"), (20, "לא"), (6, "")];
    const ENGLISH: &[(u32, &str)] = &[(70, "yes"), (24, "no"), (6, "")];
    let words = match language {
        Language::Hebrew => HEBREW,
        Language::English => ENGLISH,
    };
    random.weighted::<&str>(words)
}

fn note(random: &mut Random, script: Script) -> &'static str {
    const HEBREW: &[&str] = &[
        "לקוח ותיק",
        "מעדיפה הודעות בבוקר",
        "משלוח לשכן בקומה 2",
        "חבר מועדון זהב",
        "ביקש חשבונית במייל",
        "החזר מוצר, זוכה במלואו",
        "גר בקומה 3, בלי מעלית",
    ];
    const LATIN: &[&str] =
        &["VIP", "prefers e-mail", "leave parcels with the neighbour", "gold member, since the opening"];
    const CYRILLIC: &[&str] = &["постоянный клиент", "звонить после 18:00"];
    const ARABIC: &[&str] = &["زبون قديم", "يفضل الرسائل"];
    let notes = match script {
        Script::Hebrew => HEBREW,
        Script::Latin => LATIN,
        Script::Cyrillic => CYRILLIC,
        Script::Arabic => ARABIC,
    };
    random.pick::<&str>(notes)
}
