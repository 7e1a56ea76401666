//! What a check came to.

use std::collections::BTreeMap;

use serde::Serialize;

use super::baseline::Baseline;
use super::plan::CheckPlan;
use crate::finding::{Code, Severity};
use crate::pipeline::Setup;
use crate::pipeline::gate::GateResult;
use crate::pipeline::mail::MailSummary;
use crate::record::{ColumnIndex, Field, Fingerprint, Mapping};

/// What a check came to.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// Version of this structure.
    pub schema_version: u32,
    /// The list's name as given.
    pub list: String,
    /// Records in the list.
    pub records: u64,
    /// Records that could not be read as rows.
    pub quarantined: u64,
    /// Findings by column and code.
    pub groups: Vec<FindingGroup>,
    /// What DNS said of the domains of e-mails; none where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mail: Option<MailSummary>,
    /// What came of the baseline; none where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineUse>,
    /// Findings that suppressions cover; they are counted nowhere else.
    #[serde(skip_serializing_if = "is_zero")]
    pub suppressed: u64,
    /// How each family of rules stands that had anything to judge.
    pub lights: BTreeMap<&'static str, Light>,
    /// The gates.
    pub gates: Vec<GateResult>,
    /// Whether every gate held.
    pub passed: bool,
    /// The baseline to write: what is known from now on, or what is left of the one that was given.
    #[serde(skip)]
    pub next_baseline: Option<Baseline>,
}

/// How a family of rules stands, as traffic lights do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Light {
    /// Nothing was found, or only what is told for information.
    Green,
    /// Warnings.
    Amber,
    /// Errors, or more than a gate lets pass.
    Red,
}

/// What came of a baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct BaselineUse {
    /// Findings that it has and that were met; they are counted nowhere else.
    pub known: u64,
    /// Findings that it has and that are gone.
    pub gone: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// All findings of one code in one column.
#[derive(Debug, Clone, Serialize)]
pub struct FindingGroup {
    /// The code.
    pub code: Code,
    /// The column's header; empty where it is about rows or the list.
    pub header: String,
    /// The column's 0-based position.
    pub column: Option<ColumnIndex>,
    /// Its 1-based number as the source counts it, blank columns at the left of a sheet included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column_number: Option<u32>,
    /// The column's field.
    pub field: Option<Field>,
    /// How much it matters in this check.
    pub severity: Severity,
    /// What tells it from other groups in every run.
    pub fingerprint: Fingerprint,
    /// Whether it counts at a gate that did not pass.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub failed: bool,
    /// How many.
    pub count: u64,
    /// The first few rows.
    pub rows: Vec<u32>,
    /// The lines in which they start; in a workbook the rows of the sheet.
    pub lines: Vec<u32>,
    /// In a workbook the cells' names, such as `Sheet1!C17`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cells: Vec<String>,
    /// The first cell concerned, masked unless values are shown; empty where there is none.
    pub example: String,
    /// What more is said of the column or the list: words that nobody understood, masked likewise, or an option that helps.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub detail: String,
}

/// The light of each family that had anything to judge.
pub(super) fn lights(
    groups: &[FindingGroup],
    mapping: &Mapping,
    setup: &Setup,
    plan: &CheckPlan,
) -> BTreeMap<&'static str, Light> {
    let mut lights = BTreeMap::new();
    let has =
        |field: Field| mapping.columns().iter().filter_map(|column| column.field).any(|own| own.is_judged_as(field));
    for rule in setup.catalog.rules().filter(|_| plan.rules) {
        let is_whole = matches!(rule.code.family(), "row" | "list" | "text");
        if is_whole || rule.field.is_some_and(has) {
            lights.insert(rule.code.family(), Light::Green);
        }
    }
    for group in groups {
        let light = match group.severity {
            _ if group.failed => Light::Red,
            Severity::Error => Light::Red,
            Severity::Warning => Light::Amber,
            Severity::Info => Light::Green,
        };
        let own = lights.entry(group.code.family()).or_insert(light);
        *own = light.max(*own);
    }
    lights
}
