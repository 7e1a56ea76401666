//! A club whose contacts grow old: every household is lived month by month, and the list holds what was written down when.
//!
//! [`club`] gives the list as it stands today, the log of what happened since the club keeps one, and the truth about every
//! contact. The world it plays in is [`World`], a draw of its own for each seed.

mod cells;
mod life;
mod world;

pub use cells::{HEADER, TRUTH, cells, day, key, truth};
pub use world::World;

use super::random::Random;

/// The day on which the list was exported, in days since 1970: 1 November 2026.
pub const TODAY: i32 = 20_758;

/// Months of tenure are counted back from today.
pub const MONTH_DAYS: f64 = 30.4375;

/// The club was founded so many months ago.
pub const CLUB_MONTHS: usize = 132;

/// Its log of events goes back so far.
pub const LOG_MONTHS: usize = 40;

/// What has become of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Alive,
    /// Gone, and mail bounces or the number is disconnected.
    Telling,
    /// Gone, and somebody or nobody takes what comes.
    Silent,
}

/// An address or a number that somebody had at some time.
#[derive(Debug, Clone)]
pub struct Contact {
    pub text: String,
    /// Of addresses: free, isp, work, education, disposable; of numbers: mobile, landline.
    pub class: usize,
    pub state: State,
    /// It went so many months ago.
    pub gone: Option<usize>,
    /// Addresses or numbers that its owner had before.
    pub earlier: u32,
    /// Its domain is no longer.
    pub dead_domain: bool,
    /// A till's: everybody's and nobody's.
    pub is_shop: bool,
}

/// A row of the list.
#[derive(Debug, Clone)]
pub struct DecayRow {
    pub person: usize,
    pub household: usize,
    pub first: &'static str,
    pub last: &'static str,
    pub language: &'static str,
    pub born: Option<i32>,
    pub email: Option<Contact>,
    pub phone: Option<Contact>,
    pub joined: i32,
    /// Known for half of the changed rows.
    pub updated: Option<i32>,
    pub last_purchase: Option<i32>,
    pub purchases: u32,
    pub spent: u32,
    /// Mail, text messages; none where nobody asked.
    pub consent: [Option<bool>; 2],
    pub do_not_contact: bool,
    pub note: &'static str,
    pub deceased: bool,
    /// Whether a text message to the number on file today, or a call, would be answered by the customer.
    pub answers: [bool; 2],
}

/// A line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LogLine {
    pub day: i32,
    /// Index of the row.
    pub row: u32,
    /// As in event files.
    pub channel: &'static str,
    pub event: &'static str,
}

/// All of it.
#[derive(Debug, Clone)]
pub struct DecayClub {
    pub rows: Vec<DecayRow>,
    /// By day.
    pub log: Vec<LogLine>,
    /// Domains that are dead today.
    pub dead_domains: Vec<String>,
}

/// A club with at least so many rows.
pub fn club(rows: usize, seed: u64) -> DecayClub {
    let world = World::new(seed);
    let domains = life::Domains::new(seed);
    let mut club = DecayClub { rows: Vec::with_capacity(rows + 8), log: Vec::new(), dead_domains: domains.dead() };
    let mut household = 0;
    while club.rows.len() < rows {
        let mut random = Random::at(seed ^ 0x4445_4341_5921, household);
        life::live(&world, &domains, seed, household as usize, &mut club, &mut random);
        household += 1;
    }
    put_shop_numbers(&mut club.rows, seed);
    // A list in the order of joining would tell the age of rows without dates.
    let mut random = Random::at(seed, 0x5348_5546_464C);
    let mut order: Vec<usize> = (0..club.rows.len()).collect();
    for index in (1..order.len()).rev() {
        order.swap(index, random.below(index as u64 + 1) as usize);
    }
    let mut place = vec![0u32; order.len()];
    order.iter().enumerate().for_each(|(new, old)| place[*old] = new as u32);
    club.rows = order.iter().map(|old| club.rows[*old].clone()).collect();
    club.log.iter_mut().for_each(|line| line.row = place[line.row as usize]);
    club.log.sort_unstable();
    club.log.dedup();
    club
}

/// Clerks type the shop's own number where a customer gives none.
fn put_shop_numbers(rows: &mut [DecayRow], seed: u64) {
    let mut random = Random::at(seed, 0x5348_4F50);
    let numbers: Vec<u32> = (0..6).map(|_| super::person::mobile(&mut random)).collect();
    for row in rows.iter_mut().filter(|row| row.phone.is_none()) {
        if random.permille(120) {
            let number = *random.pick(&numbers);
            let text = super::writing::phone(&mut random, number);
            let contact = Contact {
                text,
                class: 0,
                state: State::Silent,
                gone: None,
                earlier: 0,
                dead_domain: false,
                is_shop: true,
            };
            row.phone = Some(contact);
        }
    }
}
