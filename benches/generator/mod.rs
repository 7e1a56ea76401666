//! Invented customer lists from a seed: for the benches, for the tests, and for everything in `fixtures/customers`.
//!
//! Use it with `#[path = "../../benches/generator/mod.rs"] mod generator;`.
#![allow(
    dead_code,
    unused_imports,
    unreachable_pub,
    reason = "shared by path between crates, each of which takes what it needs"
)]

pub mod club;
mod club_names;
pub mod csv;
mod damage;
pub mod decay;
pub mod fixtures;
pub mod layout;
mod list;
mod person;
mod random;
mod sources;
mod writing;

pub use damage::{Damage, damages};
pub use list::{Charset, Fault, List, Options, Row, list};
pub use person::{Person, Script};
pub use random::Random;

/// Number of columns of a generated list.
pub const WIDTH: usize = 15;

/// The columns, by their place.
pub mod column {
    pub const ID: usize = 0;
    pub const FIRST_NAME: usize = 1;
    pub const LAST_NAME: usize = 2;
    pub const MOBILE: usize = 3;
    pub const PHONE: usize = 4;
    pub const EMAIL: usize = 5;
    pub const BIRTH_DATE: usize = 6;
    pub const NATIONAL_ID: usize = 7;
    pub const STREET: usize = 8;
    pub const CITY: usize = 9;
    pub const POSTCODE: usize = 10;
    pub const CONSENT: usize = 11;
    pub const JOINED: usize = 12;
    pub const LAST_PURCHASE: usize = 13;
    pub const NOTES: usize = 14;
}

/// The language of headers, consent words and dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    Hebrew,
    English,
}

/// The header of a generated list.
pub fn headers(language: Language) -> [&'static str; WIDTH] {
    match language {
        Language::Hebrew => [
            "מספר לקוח",
            "שם פרטי",
            "שם משפחה",
            "טלפון נייד",
            "טלפון נוסף",
            "דוא\"ל",
            "תאריך לידה",
            "תעודת זהות",
            "רחוב",
            "עיר",
            "מיקוד",
            "אישור דיוור",
            "תאריך הצטרפות",
            "קנייה אחרונה",
            "הערות",
        ],
        Language::English => [
            "Customer ID",
            "First Name",
            "Last Name",
            "Mobile",
            "Phone 2",
            "Email",
            "Date of Birth",
            "National ID",
            "Street",
            "City",
            "Postal Code",
            "Marketing Consent",
            "Joined",
            "Last Purchase",
            "Notes",
        ],
    }
}
