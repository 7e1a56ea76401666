//! `rules/phone/`: numbering plans, ranges, dummies, words and policy for phone cells.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::{RuleError, RuleFiles};
use crate::finding::Code;
use crate::record::{PhoneKind, Reach, ReachReason};

/// Everything under `rules/phone/` that standardizing needs.
#[derive(Debug, Clone)]
pub struct PhoneRules {
    /// A user's own ranges.
    pub own_ranges: Vec<OwnRange>,
    /// Plans of single countries.
    pub plans: Vec<PhonePlan>,
    /// Numbers typed to get past a form.
    pub dummies: DummyNumbers,
    /// Words around numbers.
    pub words: PhoneWords,
    /// A list's own names of countries by ISO code.
    pub countries: BTreeMap<String, Vec<String>>,
    /// Verdicts, sureness of repairs, ways to reach a line.
    pub policy: PhonePolicy,
}

/// A range that a user knows and the shipped tables do not, or not yet (`phone/ranges.toml`).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnRange {
    /// ISO code of the country.
    pub region: String,
    /// Over the whole national number without trunk prefix.
    pub pattern: String,
    /// The kind of line, by the names of [`PhoneKind`]; `none` says that numbers of the range are not in use.
    #[serde(deserialize_with = "kind_or_none")]
    pub kind: Option<PhoneKind>,
    /// The first day on which this holds.
    #[serde(deserialize_with = "date")]
    pub from: Date,
    /// The last one; none where it has no end.
    #[serde(default, deserialize_with = "date_or_none")]
    pub until: Option<Date>,
    /// Where this is known from.
    pub source: String,
}

impl OwnRange {
    /// Whether it holds on this day.
    pub fn is_in_force(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// The list of own ranges.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnRanges {
    #[serde(default, rename = "range")]
    ranges: Vec<OwnRange>,
}

fn date<'de, D: Deserializer<'de>>(reader: D) -> Result<Date, D::Error> {
    let text = String::deserialize(reader)?;
    text.parse().map_err(|_| D::Error::custom(format!("`{text}` is no day; write YYYY-MM-DD")))
}

fn date_or_none<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Date>, D::Error> {
    date(reader).map(Some)
}

fn kind_or_none<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<PhoneKind>, D::Error> {
    let word = String::deserialize(reader)?;
    if word == "none" {
        return Ok(None);
    }
    let kind = PhoneKind::named(&word).filter(|kind| *kind != PhoneKind::Unknown);
    kind.map(Some).ok_or_else(|| {
        let words: Vec<&str> = PhoneKind::ALL[1..].iter().map(|kind| kind.as_str()).collect();
        D::Error::custom(format!("`{word}` is no kind of line; write `none` or one of {}", words.join(", ")))
    })
}

/// What is known of a country's numbers beyond valid or not.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhonePlan {
    /// ISO code of the country.
    pub region: String,
    /// Country calling code.
    pub code: String,
    /// Digits of a number written without its area code; 0 where there is no such thing.
    pub local_digits: usize,
    /// International prefixes that name a carrier and can be read in two ways.
    pub carrier_prefixes: Vec<String>,
    /// Digits of a national identity number (Luhn check digit) that is told from a phone; none where there is none.
    pub id_digits: Option<usize>,
    /// Length of personal numbers by leading digits.
    #[serde(default, rename = "length")]
    pub lengths: Vec<PlanLength>,
    /// Ranges with something to know.
    #[serde(default, rename = "range")]
    pub ranges: Vec<PlanRange>,
    /// Numbers of a few digits.
    #[serde(default, rename = "short")]
    pub shorts: Vec<ShortNumber>,
}

/// How long a national number with these leading digits is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanLength {
    /// Its first digits.
    pub leading: String,
    /// Digits in all, without trunk prefix.
    pub digits: usize,
}

/// A range with something to know.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlanRange {
    /// What is said of its numbers.
    pub code: Code,
    /// Over the whole national number without trunk prefix.
    pub pattern: String,
    /// In percent.
    pub confidence: u8,
    /// `yes`, `no` or `unknown` instead of what the kind of line says.
    pub sms: Option<ReachWord>,
    /// Likewise for calls.
    pub call: Option<ReachWord>,
    /// Why so, where the kind of line does not say it.
    pub why: Option<ReachReason>,
    /// The month (YYYY-MM) in which this was last looked up, where it may change.
    pub as_of: Option<String>,
    /// The number to offer instead.
    pub suggest: Option<RangeMove>,
    /// The calling code under which numbers that answer under several are compared; see [`super::PhoneKeys`].
    pub key: Option<String>,
}

/// Where a retired range went.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeMove {
    /// What is said of the offer.
    pub code: Code,
    /// Leading digits that were.
    pub leading: String,
    /// Leading digits that are.
    pub with: String,
    /// In percent.
    pub confidence: u8,
}

/// A number of a few digits, dialled as it stands.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortNumber {
    /// What is said of it.
    pub code: Code,
    /// Over all its digits.
    pub pattern: String,
}

/// Numbers typed to get past a form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DummyNumbers {
    /// Patterns over all digits of a cell.
    pub placeholder: Vec<String>,
    /// Patterns over a national number.
    pub dummy: Vec<String>,
    /// In percent.
    pub confidence: u8,
}

/// Words around numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneWords {
    /// Cells that say "there is none".
    pub placeholders: Vec<String>,
    /// Words that say what kind of number follows.
    pub labels: Vec<String>,
    /// Words before an extension.
    pub extensions: Vec<String>,
    /// Words between two numbers.
    pub joiners: Vec<String>,
    /// Letters between a number and its extension that make a dialler wait.
    pub pauses: Vec<String>,
    /// Letters typed for a zero.
    pub zero_letters: Vec<String>,
}

/// What follows from what was seen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhonePolicy {
    /// How sure each repair and suggestion is.
    pub confidence: RepairConfidence,
    /// Verdicts by code.
    pub verdict: VerdictCodes,
    /// Ways to reach a line, by the names of `PhoneKind`.
    pub reach: BTreeMap<String, LineReach>,
}

impl PhonePolicy {
    /// How a kind of line can be reached, whatever its ranges say: SMS, call.
    pub fn line(&self, kind: PhoneKind) -> [Reach; 2] {
        let line = self.reach.get(kind.as_str());
        line.map_or([Reach::Unknown; 2], |line| [line.sms, line.call].map(ReachWord::reach))
    }
}

/// How sure each repair and suggestion is, in percent.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "named after the codes")]
pub struct RepairConfidence {
    pub idd_stripped: u8,
    pub trunk_after_cc: u8,
    pub cc_doubled: u8,
    pub zero_restored: u8,
    pub excel_dot_zero: u8,
    pub excel_sci_exact: u8,
    pub split: u8,
    pub ext_split: u8,
    pub label_stripped: u8,
    pub note_split: u8,
    pub plus_restored: u8,
    pub letter_o_to_zero: u8,
}

/// Codes that decide a verdict; the worst one counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "named after the verdicts")]
pub struct VerdictCodes {
    pub risky: Vec<Code>,
    pub review: Vec<Code>,
    pub invalid: Vec<Code>,
}

/// Ways to reach one kind of line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct LineReach {
    pub sms: ReachWord,
    pub call: ReachWord,
}

/// Whether a channel can reach a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum ReachWord {
    Yes,
    No,
    Unknown,
}

impl ReachWord {
    /// As the record has it.
    pub const fn reach(self) -> Reach {
        match self {
            ReachWord::Yes => Reach::Yes,
            ReachWord::No => Reach::No,
            ReachWord::Unknown => Reach::Unknown,
        }
    }
}

impl PhoneRules {
    /// Reads the files.
    ///
    /// # Errors
    /// When one of them is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let names = files.names_below("phone/");
        let mut plans = Vec::new();
        for name in names.iter().filter(|name| name.ends_with("_plan.toml")) {
            let mut plan: PhonePlan = files.parse(name)?;
            if plan.region == "IL" {
                plan.ranges.extend(kosher_ranges(files)?);
            }
            plans.push(plan);
        }
        Ok(PhoneRules {
            own_ranges: files.parse::<OwnRanges>("phone/ranges.toml")?.ranges,
            plans,
            dummies: files.parse("phone/dummies.toml")?,
            words: files.parse("phone/words.toml")?,
            countries: files.parse("phone/countries.toml")?,
            policy: files.parse("phone/policy.toml")?,
        })
    }
}

/// `il_kosher.tsv`: prefixes of lines that take no text messages.
fn kosher_ranges(files: &RuleFiles) -> Result<Vec<PlanRange>, RuleError> {
    const FILE: &str = "phone/il_kosher.tsv";
    let wrong = |message: &str| RuleError::Meaning { path: FILE.to_owned(), message: message.to_owned() };
    let text = files.text(FILE);
    let mut ranges = Vec::new();
    for mut cells in files.table(&text) {
        let (prefix, kind, _sources, confidence) = (cells.next(), cells.next(), cells.next(), cells.next());
        let as_of = cells.next().filter(|month| is_month(month)).ok_or_else(|| wrong("as_of is a month, YYYY-MM"))?;
        let prefix =
            prefix.and_then(|prefix| prefix.strip_prefix('0')).ok_or_else(|| wrong("a prefix starts with 0"))?;
        let (code, digits) = match kind {
            Some("mobile") => (Code::PhoneKosherRange, 9),
            Some("landline") => (Code::PhoneKosherLandline, 8),
            _ => return Err(wrong("the kind is `mobile` or `landline`")),
        };
        let confidence = match confidence {
            Some("high") => 90,
            Some("medium") => 80,
            Some("low") => 60,
            _ => return Err(wrong("the confidence is `high`, `medium` or `low`")),
        };
        // `[2-9]` in a prefix is one digit.
        let given = if prefix.starts_with('[') { prefix.len() - "[2-9]".len() + 1 } else { prefix.len() };
        let rest = digits - given.min(digits);
        let pattern = format!("{prefix}\\d{{{rest}}}");
        ranges.push(PlanRange {
            code,
            pattern,
            confidence,
            sms: Some(ReachWord::No),
            call: None,
            why: Some(ReachReason::KosherPrefix),
            as_of: Some(as_of.to_owned()),
            suggest: None,
            key: None,
        });
    }
    Ok(ranges)
}

fn is_month(text: &str) -> bool {
    text.len() == "2026-11".len() && format!("{text}-01").parse::<Date>().is_ok()
}
