//! `Person`: an invented customer before anybody wrote them down.

use super::random::Random;
use super::sources::{Entry, Names, sources};

/// The script a customer's name is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    Hebrew,
    Latin,
    Cyrillic,
    Arabic,
}

/// A day; always one that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: u32,
    pub month: u32,
    pub day: u32,
}

/// An invented customer.
#[derive(Debug, Clone)]
pub struct Person {
    pub script: Script,
    pub is_woman: bool,
    pub first: &'static Entry,
    pub last: &'static Entry,
    /// Nine digits: the number without its leading zero.
    pub mobile: u32,
    /// Eight digits, likewise.
    pub landline: Option<u32>,
    pub email: Option<String>,
    pub born: Day,
    pub has_birth_date: bool,
    /// Nine digits with a right check digit.
    pub national_id: Option<u32>,
    pub street: &'static Entry,
    pub house: u32,
    pub city: &'static Entry,
    pub postcode: Option<u32>,
    pub joined: Day,
    pub bought: Option<Day>,
}

impl Person {
    /// The customer with this index; the same one for the same seed and index.
    pub fn new(seed: u64, index: u64, scripts: &[(u32, Script)]) -> Self {
        let mut random = Random::at(seed ^ 0x5045_5253_4F4E, index);
        let random = &mut random;
        let script = *random.weighted(scripts);
        let names = names(script);
        let is_woman = random.permille(500);
        let first = if is_woman { &names.first_f } else { &names.first_m }.pick(random);
        let last = names.last.pick(random);
        let born = Day::between(random, 1942, 2006);
        let (joined, bought) = membership(random, 2012);
        let has_email = random.permille(910);
        let streets = if script == Script::Latin { &sources().latin_streets } else { &sources().streets };
        Person {
            script,
            is_woman,
            first,
            last,
            mobile: mobile(random),
            landline: random.permille(420).then(|| landline(random)),
            email: has_email.then(|| email(random, script, first.latin, last.latin, born.year)),
            born,
            has_birth_date: random.permille(880),
            national_id: random.permille(800).then(|| national_id(random)),
            street: streets.pick(random),
            house: random.between(1, 140) as u32,
            city: sources().cities.pick(random),
            postcode: random.permille(700).then(|| random.between(1_030_000, 9_985_999) as u32),
            joined,
            bought,
        }
    }
}

impl Day {
    /// A day of these years, never the 29th or later, so that it exists.
    pub fn between(random: &mut Random, first: u64, last: u64) -> Self {
        Day {
            year: random.between(first, last) as u32,
            month: random.between(1, 12) as u32,
            day: random.between(1, 28) as u32,
        }
    }
}

/// The day of joining, in this year or later, and that of the last purchase, if there was one.
pub fn membership(random: &mut Random, since: u32) -> (Day, Option<Day>) {
    let joined = Day::between(random, u64::from(since), 2025);
    let has_bought = random.permille(880);
    (joined, has_bought.then(|| bought_after(random, joined)))
}

/// A day between joining and the autumn of 2026, which is when all lists were "exported".
fn bought_after(random: &mut Random, joined: Day) -> Day {
    let first = u64::from(joined.year) * 12 + u64::from(joined.month);
    let month = random.between(first, 2026 * 12 + 8) as u32;
    Day { year: month / 12, month: month % 12 + 1, day: random.between(1, 28) as u32 }
}

fn names(script: Script) -> &'static Names {
    match script {
        Script::Hebrew => &sources().hebrew,
        Script::Latin => &sources().english,
        Script::Cyrillic => &sources().russian,
        Script::Arabic => &sources().arabic,
    }
}

/// Seven digits that nobody would take for a placeholder.
fn subscriber(random: &mut Random, first: &[u32]) -> u32 {
    loop {
        let number = *random.pick(first) * 1_000_000 + random.below(1_000_000) as u32;
        let mut seen = [false; 10];
        let mut rest = number;
        while rest > 0 {
            seen[(rest % 10) as usize] = true;
            rest /= 10;
        }
        if seen.iter().filter(|seen| **seen).count() >= 4 {
            return number;
        }
    }
}

/// A number in a range that is in use, outside the ranges sold as kosher lines.
pub fn mobile(random: &mut Random) -> u32 {
    const PREFIXES: &[(u32, (u32, &[u32]))] = &[
        (25, (50, &[2, 3, 5, 6, 7, 8, 9])),
        (26, (52, &[2, 3, 4, 5, 6, 8, 9])),
        (15, (53, &[2, 5, 6, 7, 8, 9])),
        (26, (54, &[2, 3, 5, 6, 7, 9])),
        (8, (58, &[4, 5, 6, 7])),
    ];
    let (prefix, first) = random.weighted(PREFIXES);
    prefix * 10_000_000 + subscriber(random, first)
}

pub fn landline(random: &mut Random) -> u32 {
    const AREAS: &[(u32, (u32, &[u32]))] =
        &[(15, (2, &[5, 6])), (40, (3, &[5, 6, 9])), (15, (4, &[6, 9])), (18, (8, &[6, 9])), (12, (9, &[7]))];
    let (area, first) = random.weighted(AREAS);
    area * 10_000_000 + subscriber(random, first)
}

const PROVIDERS: &[(u32, &str)] = &[
    (560, "gmail.com"),
    (90, "hotmail.com"),
    (80, "walla.co.il"),
    (70, "yahoo.com"),
    (50, "outlook.com"),
    (40, "icloud.com"),
    (30, "netvision.net.il"),
    (30, "bezeqint.net"),
    (15, "zahav.net.il"),
    (10, "012.net.il"),
    (15, "live.com"),
    (10, "walla.com"),
];
const RUSSIAN_PROVIDERS: &[(u32, &str)] = &[(5, "gmail.com"), (3, "mail.ru"), (2, "yandex.ru"), (1, "rambler.ru")];

fn email(random: &mut Random, script: Script, first: &str, last: &str, born: u32) -> String {
    let providers = if script == Script::Cyrillic { RUSSIAN_PROVIDERS } else { PROVIDERS };
    let provider = *random.weighted(providers);
    let (first, last) = (first.to_ascii_lowercase(), last.to_ascii_lowercase());
    let number = random.between(10, 999);
    match random.below(6) {
        0 => format!("{first}.{last}{number}@{provider}"),
        1 => format!("{first}{last}{}@{provider}", born % 100),
        2 => format!("{}{last}{number}@{provider}", &first[..1]),
        3 => format!("{first}_{last}{number}@{provider}"),
        4 => format!("{last}.{first}.{born}@{provider}"),
        _ => format!("{first}{number}{}@{provider}", &last[..1]),
    }
}

/// Eight random digits and the check digit that belongs to them.
fn national_id(random: &mut Random) -> u32 {
    let body = random.between(1_200_000, 33_999_999) as u32;
    body * 10 + check_digit(body)
}

/// Weights 1 and 2 in turn from the left, digits of products added, filled up to ten.
pub fn check_digit(body: u32) -> u32 {
    let mut sum = 0;
    let mut rest = body;
    for place in 0..8 {
        let product = (rest % 10) * if place % 2 == 0 { 2 } else { 1 };
        sum += product / 10 + product % 10;
        rest /= 10;
    }
    (10 - sum % 10) % 10
}
