//! Single phone numbers: what tiuv reads in a text, and beside it what the numbering engine says of it as it stands.

use std::sync::OnceLock;

use super::Setup;
use crate::finding::{Code, Mark};
use crate::record::{CellOut, Verdict};
use crate::rule::RuleError;
use crate::standardize::numbering::{self, Number, PossibleLength, Refusal, RegionId};
use crate::standardize::{CellContext, Line, PhoneStandardizer, Standardizer};
use crate::validate::{PhoneValidator, StandardCell, Validator};

/// Reads texts as phone cells of a list.
pub struct PhoneReader<'a> {
    setup: &'a Setup,
    reader: PhoneStandardizer,
    /// For texts that belong to no country.
    homeless: OnceLock<PhoneStandardizer>,
    validator: PhoneValidator,
}

/// A text to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneText {
    /// As written.
    pub raw: String,
    /// Where it is from.
    pub home: Home,
}

/// Which country a text without one is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Home {
    /// The default region.
    Default,
    /// The one that a country cell names, as the row of a list does.
    Country(String),
    /// None.
    Nowhere,
}

/// One number of a text, or the text that holds none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneRow {
    /// As written.
    pub raw: String,
    /// The number's region; that of the engine's number where tiuv reads none.
    pub region: &'static str,
    /// The number as tiuv reads it.
    pub e164: String,
    /// The verdict on the whole text.
    pub status: Verdict,
    /// All that was said of the whole text.
    pub reasons: Vec<Mark>,
    /// A better value, where a person must decide.
    pub suggestion: String,
    /// The line and the ways to reach it; none where nothing is written.
    pub line: Option<Line>,
    /// As people write it within its country.
    pub national: String,
    /// As people write it from abroad.
    pub international: String,
    /// Whether the numbering engine calls the text valid as it stands.
    pub is_valid: bool,
    /// What the engine says of its length, or why it is no number.
    pub possible: &'static str,
    /// The engine's number in E.164, its kind and its region; empty where it reads none.
    pub plan: [String; 3],
    /// The kind of column that the text seems to belong to.
    pub belongs_to: &'static str,
}

impl<'a> PhoneReader<'a> {
    /// Loads the rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(setup: &'a Setup) -> Result<Self, RuleError> {
        Ok(PhoneReader {
            setup,
            reader: PhoneStandardizer::new(&setup.context)?,
            homeless: OnceLock::new(),
            validator: PhoneValidator::new(&setup.context)?,
        })
    }

    /// The numbers of a text, in its order; one row where it holds none.
    pub fn read(&self, text: &PhoneText) -> Vec<PhoneRow> {
        let (reader, country) = match &text.home {
            Home::Default => (&self.reader, ""),
            Home::Country(country) => (&self.reader, country.as_str()),
            Home::Nowhere => (self.homeless(), ""),
        };
        let mut out = CellOut::default();
        reader.standardize(&text.raw, CellContext { country }, &mut out);
        let mut said = Vec::new();
        let cell = StandardCell { display: &out.display, detail: out.detail, marks: &out.marks };
        let status = self.validator.validate(cell, &mut said);
        let is_told = |code: Code| !self.setup.redaction.hides(code);
        let mut reasons: Vec<Mark> = out.marks.iter().chain(&said).copied().collect();
        reasons.retain(|mark| is_told(mark.code));
        let engine = numbering::parse(&text.raw, reader.region_for(country));
        let whole = PhoneRow {
            raw: text.raw.clone(),
            region: engine.ok().and_then(|number| number.region).map_or("", RegionId::as_str),
            e164: String::new(),
            status,
            belongs_to: belongs_to(&reasons),
            reasons,
            suggestion: out.suggestion.clone(),
            line: None,
            national: String::new(),
            international: String::new(),
            is_valid: engine.is_ok_and(|number| number.is_valid()),
            possible: possible(&text.raw, engine),
            plan: engine.map_or_else(
                |_| Default::default(),
                |number| {
                    let region = number.region.map_or("", RegionId::as_str);
                    [number.e164(), number.kind.as_str().to_owned(), region.to_owned()]
                },
            ),
        };
        let lines = reader.lines(&out, is_told);
        if lines.is_empty() {
            return vec![whole];
        }
        lines.into_iter().map(|line| with_line(whole.clone(), line)).collect()
    }

    /// What reads texts of the default region, for whoever needs nothing but the values.
    pub(super) fn standardizer(&self) -> &PhoneStandardizer {
        &self.reader
    }

    fn homeless(&self) -> &PhoneStandardizer {
        let nowhere = || self.setup.context.elsewhere("");
        self.homeless.get_or_init(|| PhoneStandardizer::new(&nowhere()).expect("the same rules were loaded before"))
    }
}

fn with_line(whole: PhoneRow, line: Line) -> PhoneRow {
    let Some(number) = line.number else { return PhoneRow { line: Some(line), ..whole } };
    let e164 = number.e164();
    let forms = numbering::forms(&e164);
    let (national, international) = forms.map(|forms| (forms.national, forms.international)).unwrap_or_default();
    PhoneRow {
        region: number.region.map_or("", RegionId::as_str),
        e164,
        national,
        international,
        line: Some(line),
        ..whole
    }
}

fn possible(raw: &str, engine: Result<Number, Refusal>) -> &'static str {
    match engine {
        Ok(number) => match number.length {
            PossibleLength::Possible => "possible",
            PossibleLength::LocalOnly => "local_only",
            PossibleLength::TooShort => "too_short",
            PossibleLength::TooLong => "too_long",
            PossibleLength::Between => "bad_length",
        },
        Err(_) if raw.is_empty() => "",
        Err(Refusal::NotANumber) => "not_a_number",
        Err(Refusal::UnknownCountry) => "unknown_country",
        Err(Refusal::TooShort) => "too_short",
        Err(Refusal::TooLong) => "too_long",
    }
}

fn belongs_to(reasons: &[Mark]) -> &'static str {
    let columns = [
        (Code::PhoneLooksLikeEmail, "email"),
        (Code::PhoneLooksLikeIlId, "national_id"),
        (Code::PhoneLooksLikeDate, "date"),
    ];
    let said = |code: Code| reasons.iter().any(|mark| mark.code == code);
    columns.iter().find(|(code, _)| said(*code)).map_or("", |(_, column)| column)
}
