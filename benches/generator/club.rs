//! `club`: a shop's club with known truth: households, near-twins, tills' phones, and people who were written down again, as
//! life does it: in another script, by a nickname, after a wedding, with another phone.
//!
//! What a row went through is drawn from lists that the product has (nicknames, Latin forms) and from ones it does not have
//! (short forms and spellings made up here), so that a rule that only looks things up does not win.

use std::collections::HashMap;
use std::fmt::Write;

use super::Language::Hebrew;
use super::club_names::{latin, names, nickname, typo};
use super::person::{Day, landline, membership, mobile};
use super::random::Random;
use super::sources::{Entry, sources};
use super::writing::{date, phone};

/// The header of the list.
pub const HEADER: [&str; 12] = [
    "מספר לקוח",
    "שם פרטי",
    "שם משפחה",
    "טלפון נייד",
    "טלפון נוסף",
    "דוא\"ל",
    "תאריך לידה",
    "רחוב",
    "מספר בית",
    "עיר",
    "מיקוד",
    "תאריך הצטרפות",
];

/// A row and the truth about it.
#[derive(Debug, Clone)]
pub struct ClubRow {
    pub cells: [String; 12],
    pub person: usize,
    pub household: usize,
    /// What this row went through.
    pub marks: Vec<&'static str>,
}

#[derive(Debug, Clone)]
struct Home {
    street: &'static Entry,
    house: u64,
    city: &'static Entry,
    postcode: u64,
}

#[derive(Debug, Clone)]
struct Member {
    household: usize,
    first: &'static str,
    last: String,
    maiden: Option<&'static str>,
    /// As they write themselves in Latin letters.
    latin: (String, String),
    mobile: Option<u32>,
    landline: Option<u32>,
    email: Option<String>,
    born: Option<Day>,
    home: Home,
    has_address: bool,
}

/// The rows of the club with so many of them.
pub fn club(rows: usize, seed: u64) -> Vec<ClubRow> {
    let mut random = Random::at(seed, 0x434C_5542);
    let random = &mut random;
    let extra = rows * 145 / 1000;
    let mut people = people(rows - extra, random);
    near_twins(&mut people, random);
    own_addresses(&mut people);
    let mut list: Vec<ClubRow> = (0..people.len()).map(|person| write_row(&people, person, false, random)).collect();
    let mut left = extra;
    while left > 0 {
        let person = random.below(people.len() as u64) as usize;
        let copies = *random.weighted(&[(74, 1), (19, 2), (7, 3)]);
        for _ in 0..left.min(copies) {
            list.push(write_row(&people, person, true, random));
        }
        left -= left.min(copies);
    }
    shop_contacts(&mut list, random);
    for index in (1..list.len()).rev() {
        list.swap(index, random.below(index as u64 + 1) as usize);
    }
    for (index, row) in list.iter_mut().enumerate() {
        row.cells[0] = (500_001 + index).to_string();
    }
    list
}

// --- people ---

fn people(count: usize, random: &mut Random) -> Vec<Member> {
    let mut people: Vec<Member> = Vec::with_capacity(count + 8);
    let mut household = 0;
    while people.len() < count {
        let kind = random.below(100);
        let last = names().1.pick(random);
        let home = home(random);
        let landline = random.permille(350).then(|| landline(random));
        let start = people.len();
        let parents = Day::between(random, 1945, 1992);
        let adults = if kind < 38 { 1 } else { 2 };
        let children = if kind < 62 { 0 } else { random.between(1, 4) };
        for adult in 0..adults {
            let mut born = Day::between(random, u64::from(parents.year - 3), u64::from(parents.year + 3));
            born.year = born.year.min(2004);
            let mut member = member(household, &people[start..], last, born, &home, random);
            // A wife who kept her name beside her husband's.
            if adult == 1 {
                let maiden = names().1.pick(random);
                member.maiden = Some(maiden);
                if random.permille(70) {
                    member.last = format!("{maiden} {last}");
                    member.latin.1 = format!("{} {}", latin(maiden, random), people[start].latin.1);
                }
            }
            people.push(member);
        }
        let mut born = parents;
        born.year = (parents.year + random.between(22, 32) as u32).min(2006);
        for _ in 0..children {
            let mut child = member(household, &people[start..], last, born, &home, random);
            let mother = people[start + adults - 1].clone();
            if born.year > 1995 && random.permille(500) {
                child.mobile = mother.mobile;
            }
            if born.year > 1995 && random.permille(400) {
                child.email = mother.email;
            }
            people.push(child);
            // The next one is a twin, or younger.
            if !random.permille(20) {
                born = Day {
                    year: (born.year + random.between(1, 5) as u32).min(2010),
                    ..Day::between(random, 2000, 2001)
                };
            }
        }
        if adults == 2 && random.permille(150) {
            people[start + 1].mobile = people[start].mobile;
        }
        if adults == 2 && random.permille(120) {
            people[start + 1].email = people[start].email.clone();
        }
        people[start..].iter_mut().for_each(|member| member.landline = landline.filter(|_| random.permille(700)));
        household += 1;
    }
    people.truncate(count);
    people
}

fn member(
    household: usize,
    others: &[Member],
    last: &'static str,
    born: Day,
    home: &Home,
    random: &mut Random,
) -> Member {
    let first = loop {
        let first = names().0.pick(random);
        if others.iter().all(|other| other.first != first) {
            break first;
        }
    };
    // A family writes its name in one way.
    let family = others.first().map_or_else(|| latin(last, random), |other| other.latin.1.clone());
    let latin = (latin(first, random), family);
    Member {
        household,
        first,
        last: last.to_owned(),
        maiden: None,
        mobile: random.permille(950).then(|| mobile(random)),
        landline: None,
        email: random.permille(780).then(|| email(&latin, born, random)),
        born: random.permille(860).then_some(born),
        home: home.clone(),
        has_address: random.permille(850),
        latin,
    }
}

/// No two households have one mailbox: whoever comes later adds a number.
fn own_addresses(people: &mut [Member]) {
    let mut owners: HashMap<String, usize> = HashMap::new();
    for member in people {
        let Some(address) = &mut member.email else { continue };
        if *owners.entry(address.clone()).or_insert(member.household) != member.household {
            *address = address.replace('@', &format!("{}@", member.household));
        }
    }
}

/// Strangers who look alike: one name, one name and city, one family name and birth date, one name and year.
fn near_twins(people: &mut [Member], random: &mut Random) {
    for _ in 0..people.len() * 25 / 1000 {
        let one = people[random.below(people.len() as u64) as usize].clone();
        let other = &mut people[random.below(people.len() as u64) as usize];
        match random.below(4) {
            0 => {
                other.first = one.first;
                other.last = one.last;
            }
            1 => {
                other.first = one.first;
                other.last = one.last;
                other.home.city = one.home.city;
            }
            2 => {
                other.last = one.last;
                other.born = one.born;
            }
            _ => {
                other.first = one.first;
                other.last = one.last;
                if let (Some(born), Some(year)) = (&mut other.born, one.born) {
                    born.year = year.year;
                }
            }
        }
        other.latin = (latin(other.first, random), latin(&other.last.clone(), random));
    }
}

fn home(random: &mut Random) -> Home {
    let (street, city, house) = (sources().streets.pick(random), sources().cities.pick(random), random.between(1, 140));
    let area = city.name.chars().fold(7u64, |sum, letter| sum * 31 + letter as u64) % 899;
    let part = street.name.chars().fold(house / 20, |sum, letter| sum * 31 + letter as u64) % 9000;
    Home { street, house, city, postcode: (100 + area) * 10_000 + part }
}

fn email(latin: &(String, String), born: Day, random: &mut Random) -> String {
    const PROVIDERS: &[(u32, &str)] = &[
        (66, "gmail.com"),
        (10, "walla.co.il"),
        (8, "hotmail.com"),
        (6, "yahoo.com"),
        (5, "icloud.com"),
        (5, "netvision.net.il"),
    ];
    let plain = |name: &str| name.to_ascii_lowercase().replace([' ', '\'', '-'], "");
    let (first, last) = (plain(&latin.0), plain(&latin.1));
    let number = random.between(1, 999);
    let host = *random.weighted(PROVIDERS);
    match random.below(7) {
        0 => format!("{first}.{last}@{host}"),
        1 => format!("{first}{last}{number}@{host}"),
        2 => format!("{}{last}{number}@{host}", &first[..1]),
        3 => format!("{first}{}@{host}", born.year),
        4 => format!("{last}.{first}{}@{host}", born.year % 100),
        5 => format!("{first}_{number}@{host}"),
        _ => format!(
            "{}{number}@{host}",
            random.pick(&["sunny", "mali", "shop4me", "tiger", "ima", "kicks", "moon", "golan"])
        ),
    }
}

// --- rows ---

fn write_row(people: &[Member], person: usize, again: bool, random: &mut Random) -> ClubRow {
    let who = &people[person];
    let mut cells: [String; 12] = Default::default();
    let mut marks = Vec::new();
    let in_latin = random.permille(125);
    let (first, last) = write_names(who, in_latin, again, &mut marks, random);
    cells[1] = first;
    cells[2] = last;
    write_contacts(&mut cells, who, again, &mut marks, random);
    if let Some(born) = who.born {
        let slip = if again { random.below(1000) } else { 999 };
        cells[6] = match slip {
            0..=179 => String::new(),
            180..=209 if born.day <= 12 => date(Day { month: born.day, day: born.month, ..born }, Hebrew),
            210..=234 => date(Day { day: random.between(1, 28) as u32, ..born }, Hebrew),
            235..=244 => date(Day { year: born.year - 1 - random.below(9) as u32, ..born }, Hebrew),
            _ => date(born, Hebrew),
        };
        if cells[6] != date(born, Hebrew) {
            marks.push(if cells[6].is_empty() { "birth missing" } else { "birth slip" });
        }
    }
    if who.has_address && !(again && random.permille(200)) {
        let moved = again && random.permille(130);
        let place = if moved { home(random) } else { who.home.clone() };
        if moved {
            marks.push("moved");
        }
        let write = |entry: &Entry, is_latin: bool| {
            if is_latin && !entry.latin.is_empty() { entry.latin } else { entry.name }.to_owned()
        };
        cells[7] = write(place.street, in_latin && random.permille(600));
        cells[8] = place.house.to_string();
        cells[9] = write(place.city, in_latin && random.permille(700));
        if random.permille(600) {
            let _ = write!(cells[10], "{}", place.postcode);
        }
    }
    cells[11] = date(membership(random, 2012).0, Hebrew);
    ClubRow { cells, person, household: who.household, marks }
}

fn write_names(
    who: &Member,
    in_latin: bool,
    again: bool,
    marks: &mut Vec<&'static str>,
    random: &mut Random,
) -> (String, String) {
    let (mut given, mut family) = (who.first.to_owned(), who.last.clone());
    let mut own_given = true;
    if random.permille(if again { 100 } else { 25 })
        && let Some(short) = nickname(who.first, random)
    {
        given = short.0;
        marks.push(if short.1 { "nickname" } else { "short name" });
        own_given = false;
    }
    let mut own_family = true;
    if let Some(maiden) = who.maiden
        && again
        && random.permille(110)
    {
        family = if random.permille(600) { maiden.to_owned() } else { format!("{} {maiden}", who.last) };
        marks.push("surname changed");
        own_family = false;
    }
    let (mut first, mut last) = (given, family);
    if in_latin {
        marks.push("latin");
        // A clerk spells it as it sounds.
        let keeps = random.permille(600);
        first = if keeps && own_given { who.latin.0.clone() } else { latin(&first, random) };
        last = if keeps && own_family { who.latin.1.clone() } else { latin(&last, random) };
    }
    if again && random.permille(90) {
        let which = if random.permille(500) { &mut first } else { &mut last };
        typo(which, random);
        marks.push("typo");
    }
    if again && random.permille(12) {
        first = first.chars().take(1).collect();
        marks.push("initial");
    }
    if again && random.permille(35) {
        std::mem::swap(&mut first, &mut last);
        marks.push("swapped");
    }
    (first, last)
}

fn write_contacts(
    cells: &mut [String; 12],
    who: &Member,
    again: bool,
    marks: &mut Vec<&'static str>,
    random: &mut Random,
) {
    let mut number = who.mobile;
    let draw = if again { random.below(100) } else { 99 };
    match draw {
        0..=8 => number = None,
        9..=19 => {
            number = Some(mobile(random));
            marks.push("phone changed");
        }
        20..=23 => {
            number = number.map(|number| number - number % 1000 + (number + 1 + random.below(9) as u32 * 10) % 1000);
            marks.push("phone slip");
        }
        _ => {}
    }
    if let Some(number) = number {
        // Where there is no second number, people write their mobile wherever they like.
        let column = if who.landline.is_none() && random.permille(50) { 4 } else { 3 };
        cells[column] = phone(random, number);
    }
    if let Some(number) = who.landline.filter(|_| !(again && random.permille(350))) {
        cells[4] = phone(random, number);
    }
    let draw = if again { random.below(100) } else { 99 };
    match (draw, &who.email) {
        (0..=17, _) | (_, None) => {}
        (18..=27, Some(_)) => {
            cells[5] = email(&who.latin, who.born.unwrap_or(Day { year: 1980, month: 1, day: 1 }), random)
                .replace('@', &format!("{}@", who.household % 1000));
            marks.push("email changed");
        }
        (28..=31, Some(address)) => {
            let local = address.split('@').next().unwrap_or_default();
            cells[5] = format!("{local}@outlook.com");
            marks.push("email changed");
        }
        (32..=33, Some(address)) => {
            cells[5].clone_from(address);
            typo(&mut cells[5], random);
            marks.push("email slip");
        }
        (34..=43, Some(address)) => cells[5] = address.to_uppercase(),
        (_, Some(address)) => cells[5].clone_from(address),
    }
}

/// Phones and addresses of tills on many rows, of employees on some, and what a clerk types who is asked for more.
fn shop_contacts(list: &mut [ClubRow], random: &mut Random) {
    let rows = list.len() as u64;
    let share = |of_a_hundred_thousand: u64| (rows * of_a_hundred_thousand / 100_000).max(3);
    let mut put = |cell: usize, value: &str, times: u64, random: &mut Random| {
        for _ in 0..times {
            list[random.below(rows) as usize].cells[cell] = value.to_owned();
        }
    };
    for store in 0..8 {
        let number = if store % 2 == 0 { landline(random) } else { mobile(random) };
        let number = phone(random, number);
        put(3, &number, share(250), random);
    }
    for store in 1..=4 {
        put(5, &format!("kupa{store}@kicks-shop.co.il"), share(200), random);
    }
    for _ in 0..share(60) {
        let (number, times) = (mobile(random), random.between(3, 11));
        let number = phone(random, number);
        put(3, &number, times, random);
    }
    put(3, "050-0000000", share(300), random);
    put(5, "aaa@aaa.com", share(150), random);
    put(6, "01/01/1900", share(400), random);
    put(6, "01/01/1980", share(300), random);
    put(1, "לקוח", share(40), random);
}
