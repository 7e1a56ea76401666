//! What a run found, in numbers: the content of `run.json`, and all that the report needs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::next_task::NextTask;
use super::reach::ReachFigures;
use super::years::YearBefore;
use super::{DecaySummary, MailSummary, ResolveSummary};
use crate::finding::Severity;
use crate::record::{CampaignFunnel, Field, Mapping};

/// One run of `clean` (or the figures of `check`). Deterministic: no clock, no path of the machine, no duration.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RunSummary {
    /// Version of this structure; changes only with a major version of tiuv.
    pub schema_version: u32,
    /// Version of tiuv.
    pub tiuv_version: String,
    /// Content-stable id of the run: same inputs, rules and day give the same id.
    pub run: String,
    /// The day that "today" meant, `YYYY-MM-DD`.
    pub as_of: String,
    /// Default region for phones and places, ISO 3166.
    pub region: String,
    /// Fixed hash of the rule files in force, in hexadecimal.
    pub rules: String,
    /// The lists read.
    pub inputs: Vec<InputSummary>,
    /// Records in all inputs.
    pub rows_in: u64,
    /// Records in `rows.csv`.
    pub rows_out: u64,
    /// Records in `quarantine.csv`; `rows_in = rows_out + quarantined` always.
    pub quarantined: u64,
    /// Why records were quarantined, by `row.*` code.
    pub quarantine_reasons: BTreeMap<String, u64>,
    /// Health of each mapped column.
    pub fields: Vec<FieldHealth>,
    /// How often each code was said of each column, most frequent first. Repairs and suggestions stand in their own lists.
    pub reasons: Vec<ReasonCount>,
    /// Repairs made, most frequent first, with examples.
    pub repairs: Vec<ChangeSummary>,
    /// Better values offered, most frequent first, with examples.
    pub suggestions: Vec<ChangeSummary>,
    /// What was found of the list as a whole.
    pub list_findings: Vec<ListFinding>,
    /// What DNS said of the domains of e-mails; none where it was not asked (`--mx off`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailSummary>,
    /// The customers found; none where they were not looked for (`--no-resolve`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve: Option<ResolveSummary>,
    /// How stale contacts are; none where that was not asked (`--no-decay`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decay: Option<DecaySummary>,
    /// What is decided of customers; none where nothing is known of contacts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ContactFigures>,
    /// Who can be reached today; none where nothing is known of contacts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reachable: Option<ReachFigures>,
    /// What an earlier run of the same lists came to; none where the workspace knows none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_before: Option<YearBefore>,
    /// What to do next, what is worth most first.
    #[serde(default)]
    pub next_steps: Vec<NextTask>,
    /// What the newest campaign came to; none where nothing was ever planned, or no workspace is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignFunnel>,
    /// How many rows have a number or an address that takes SMS, calls, e-mail, whether or not it may be used and is alive; keys
    /// `sms`, `call`, `email`, `none`. Who can be reached says `reachable`.
    pub reach: BTreeMap<String, u64>,
    /// Whether values of customers are shown; they are masked otherwise.
    #[serde(default)]
    pub shows_values: bool,
    /// Files written, names relative to the output directory.
    pub outputs: Vec<String>,
    /// Cells in outputs that got a leading apostrophe because a spreadsheet would have run them as formulas.
    pub formulas_guarded: u64,
}

/// What is decided of customers, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ContactFigures {
    /// Customers; rows where customers were not looked for.
    pub customers: u64,
    /// How many may be asked by `sms`, `call`, `email`.
    pub may: BTreeMap<String, u64>,
    /// What is to be done next: `sms`, `call`, `email`, `till`, `nothing`.
    pub next: BTreeMap<String, u64>,
    /// Of those whom no channel is open to, how many for which reason, by its word.
    pub why: BTreeMap<String, u64>,
    /// For each channel how many may not be asked by it for which reason; with those who may they are all customers.
    #[serde(default)]
    pub closed: BTreeMap<String, BTreeMap<String, u64>>,
}

/// One input list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct InputSummary {
    /// File name without its directory, or `-`.
    pub name: String,
    /// What the list was called (`--list`); empty where it goes by its file's name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub list: String,
    /// `csv`, `xlsx`, `ods`, `jsonl`, `parquet`.
    pub format: String,
    /// `gzip`, `zstd`, or empty.
    pub compression: String,
    /// For text: the encoding's WHATWG name.
    pub encoding: String,
    /// How the encoding was found: `bom`, `utf-16 pattern`, `valid utf-8`, `detected`, `given`.
    pub encoding_basis: String,
    /// For text: the delimiter.
    pub delimiter: String,
    /// Size of the input as stored, in bytes.
    pub bytes: u64,
    /// Records read, quarantined ones included.
    pub records: u64,
    /// Records quarantined.
    pub quarantined: u64,
    /// Blank lines passed over; they are no records.
    pub blank_lines: u64,
    /// The line in which the header begins, as an editor counts; absent where that is the first or none.
    #[serde(default, skip_serializing_if = "is_at_top")]
    pub header_line: u32,
    /// Lines of titles and notes above it; absent where there are none.
    #[serde(default, skip_serializing_if = "is_none")]
    pub lines_above: u32,
    /// What each column was taken for.
    pub mapping: Mapping,
}

fn is_at_top(line: &u32) -> bool {
    *line < 2
}

fn is_none(lines: &u32) -> bool {
    *lines == 0
}

/// Health of one mapped column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FieldHealth {
    /// What it is.
    pub field: Field,
    /// Its header.
    pub header: String,
    /// Name of its input.
    pub input: String,
    /// How many cells got each verdict (`ok`, `repaired`, `risky`, `review`, `invalid`, `unknown`, `empty`).
    /// Fields without verdicts of their own count `ok`, `repaired` (a repair was made), `review` (a warning was given),
    /// `invalid` (an error was given) and `empty`.
    pub verdicts: BTreeMap<String, u64>,
}

/// How often one code was said of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReasonCount {
    /// The code.
    pub code: String,
    /// The column's header; empty where the code is about rows.
    pub header: String,
    /// The column's field.
    pub field: Option<Field>,
    /// How much it matters.
    pub severity: Severity,
    /// How often.
    pub count: u64,
}

/// One kind of repair or suggestion in one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeSummary {
    /// The code.
    pub code: String,
    /// The column's header.
    pub header: String,
    /// The column's field.
    pub field: Option<Field>,
    /// How often.
    pub count: u64,
    /// The first few, in row order.
    pub examples: Vec<ChangeExample>,
}

/// One change; values are masked unless the run was told to show them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChangeExample {
    /// The record.
    pub row: u32,
    /// The raw cell.
    pub before: String,
    /// The normal form, or the suggestion.
    pub after: String,
}

/// Something found of the list as a whole, or of a value that many rows share.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ListFinding {
    /// The code.
    pub code: String,
    /// The column's header; empty where it is about the list.
    pub header: String,
    /// How much it matters.
    pub severity: Severity,
    /// The value meant, masked unless the run was told to show values; empty where there is none.
    pub value: String,
    /// How many rows are concerned.
    pub count: u64,
    /// The first few rows.
    pub rows: Vec<u32>,
    /// Figures behind it, for example `people` = 41 different names.
    pub evidence: BTreeMap<String, u64>,
}
