//! `rules/outreach/COUNTRY.toml`: hours, holidays, consent and age, by the laws and customs of countries.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::by_channel::ByChannel;
use super::listed::must_have;
use crate::record::Channel;
use crate::rule::{RuleError, RuleFiles};

/// What a message needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// A permission that the customer gave.
    Explicit,
    /// That the customer did not refuse.
    NotRefused,
}

/// A time in which nobody is asked, local; its end is no longer part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Quiet {
    pub from: DateTime,
    pub to: DateTime,
    pub name: String,
}

/// Laws and customs of countries that are alike.
#[derive(Debug, Clone)]
pub struct Etiquette {
    /// Name of the file.
    pub name: String,
    /// Language of those whose language nobody knows.
    pub language: String,
    /// Age from which somebody is no minor.
    pub minor_under: u8,
    /// Parts of a text message that need no word in tiuv.toml.
    pub most_parts: u32,
    /// What a message needs, by channel.
    pub consent: ByChannel<Basis>,
    /// Holidays and the hours before them, by their beginning.
    pub quiet: Vec<Quiet>,
    hours: ByChannel<[Option<(Time, Time)>; 7]>,
    countries: BTreeMap<String, Country>,
}

/// What is a country's own.
#[derive(Debug, Clone)]
pub(super) struct Country {
    zones: Vec<TimeZone>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    language: String,
    minor_under: u8,
    most_parts: u32,
    holidays: String,
    countries: BTreeMap<String, CountryEntry>,
    consent: ByChannel<Basis>,
    hours: ByChannel<Week>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CountryEntry {
    /// Once told whose a number is; plans tell that better. Files that have it are read.
    #[serde(default, rename = "calling_code")]
    _calling_code: Option<String>,
    time_zones: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Week {
    sun: Option<String>,
    mon: Option<String>,
    tue: Option<String>,
    wed: Option<String>,
    thu: Option<String>,
    fri: Option<String>,
    sat: Option<String>,
}

impl Etiquette {
    pub(super) fn load(files: &RuleFiles, name: &str) -> Result<Self, RuleError> {
        let path = format!("outreach/{name}.toml");
        must_have(files, "outreach/policy.toml", &path)?;
        let wrong = |message: String| RuleError::Meaning { path: path.clone(), message };
        let file: File = files.parse(&path)?;
        let table = format!("outreach/{}", file.holidays);
        must_have(files, &path, &table)?;
        let mut countries = BTreeMap::new();
        for (code, entry) in file.countries {
            let zone = |name: &String| {
                TimeZone::get(name).map_err(|_| wrong(format!("`{name}` is no time zone of the IANA database")))
            };
            let zones = entry.time_zones.iter().map(zone).collect::<Result<Vec<_>, _>>()?;
            if zones.is_empty() || code.len() != 2 {
                return Err(wrong(format!("`{code}` needs two letters and a time zone")));
            }
            countries.insert(code, Country { zones });
        }
        Ok(Etiquette {
            name: name.to_owned(),
            language: file.language,
            minor_under: file.minor_under,
            most_parts: file.most_parts,
            consent: file.consent,
            quiet: read_quiet(files, &table)?,
            hours: ByChannel {
                sms: file.hours.sms.read().map_err(wrong)?,
                email: file.hours.email.read().map_err(wrong)?,
                call: file.hours.call.read().map_err(wrong)?,
            },
            countries,
        })
    }

    /// Whether it holds in a country.
    pub fn has(&self, country: &str) -> bool {
        self.countries.contains_key(country)
    }

    /// The countries in which it holds.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.countries.keys().map(String::as_str)
    }

    pub(super) fn country(&self, code: &str) -> Option<(&str, &Country)> {
        self.countries.get_key_value(code).map(|(name, country)| (name.as_str(), country))
    }

    /// Zones of a country; none where this etiquette does not hold there.
    pub fn zones(&self, country: &str) -> &[TimeZone] {
        self.countries.get(country).map_or(&[], |country| &country.zones)
    }

    /// Hours in which a channel may be used on a day, in local time, holidays not counted.
    pub fn hours(&self, channel: Channel, day: Date) -> Option<(Time, Time)> {
        self.hours.of(channel)[day.weekday().to_sunday_zero_offset() as usize]
    }
}

impl Week {
    fn read(self) -> Result<[Option<(Time, Time)>; 7], String> {
        let mut hours = [None; 7];
        let days = [self.sun, self.mon, self.tue, self.wed, self.thu, self.fri, self.sat];
        for (offset, text) in days.into_iter().enumerate() {
            let Some(text) = text else { continue };
            let read = |text: &str| text.parse::<Time>().ok();
            let span = text.split_once('-').and_then(|(from, to)| Some((read(from)?, read(to)?)));
            let Some((from, to)) = span.filter(|(from, to)| from < to) else {
                let day = Weekday::from_sunday_zero_offset(offset as i8).expect("there are seven");
                return Err(format!("`{text}` on {day:?} is no span of time; write for example \"09:00-20:00\""));
            };
            hours[offset] = Some((from, to));
        }
        Ok(hours)
    }
}

fn read_quiet(files: &RuleFiles, path: &str) -> Result<Vec<Quiet>, RuleError> {
    let text = files.text(path);
    let mut quiet = Vec::new();
    for cells in files.table(&text) {
        let cells: Vec<&str> = cells.collect();
        let read = |text: &str| text.parse::<DateTime>().ok();
        let row = match cells[..] {
            [from, to, name] => read(from).zip(read(to)).map(|(from, to)| Quiet { from, to, name: name.to_owned() }),
            _ => None,
        };
        match row.filter(|row| row.from < row.to) {
            Some(row) => quiet.push(row),
            None => {
                let message = format!("`{}` is no row of from, to and name", cells.join(" "));
                return Err(RuleError::Meaning { path: path.to_owned(), message });
            }
        }
    }
    quiet.sort_by_key(|quiet| (quiet.from, quiet.to));
    Ok(quiet)
}
