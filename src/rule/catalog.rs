//! The catalogue: one file a code under `rules/validate/`, with what it means and examples that run as tests.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Expectation, PhonePolicy, RuleError, RuleFiles, Suppression};
use crate::finding::{Code, Severity};
use crate::record::{Field, MxOutcome, Redaction};

/// How sure a rule is as a rule; single repairs carry their own confidence in percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Sureness {
    Low,
    Medium,
    High,
}

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RuleScope {
    /// One cell.
    Cell,
    /// One row.
    Row,
    /// The whole list.
    List,
}

/// Whether the change that a rule makes or offers can be made without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FixSafety {
    /// There is no change to make.
    None,
    /// Lossless, or reversible from lineage.
    Safe,
    /// A person looks first.
    Unsafe,
}

/// One example: a cell of the rule's field, or a small list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// A cell of the rule's field.
    pub value: Option<String>,
    /// Or a small list, CSV with a header or JSON Lines; it goes through a whole `check`.
    pub list: Option<String>,
    /// How often the lines below the list's header stand in it, for what only longer lists show; once where absent.
    pub repeat: Option<usize>,
    /// For how many letters each `…` in the list stands.
    pub stretch: Option<usize>,
    /// `\xNN` in the list stands for that byte.
    #[serde(default)]
    pub escapes: bool,
    /// What the user expects of a column of the list.
    pub expect: Option<Expectation>,
    /// What the user lives with.
    pub suppress: Option<Suppression>,
    /// The default region, where it is another than usual.
    pub region: Option<String>,
    /// The normal form that the cell must come to (`bad` of a repair).
    pub after: Option<String>,
    /// The suggestion that must be made.
    pub suggest: Option<String>,
    /// What DNS says of the e-mail's domain.
    pub mx: Option<MxOutcome>,
    /// DNS said it twice, far enough apart.
    #[serde(default)]
    pub confirmed: bool,
    /// The resolver gave answers that can't be true.
    #[serde(default)]
    pub untrusted: bool,
    /// The status that the cell must come to.
    pub status: Option<String>,
    /// Why this example is here, where it isn't plain.
    pub note: Option<String>,
}

/// One rule as its file says it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The stable code.
    pub code: Code,
    /// A short name in lower case with hyphens.
    pub name: String,
    /// The field that `value` examples are cells of.
    pub field: Option<Field>,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Sureness,
    /// What it looks at.
    pub scope: RuleScope,
    /// Whether its change can be made without a person.
    pub fix: FixSafety,
    /// Its change takes something out of the cell that stands nowhere else in the list, such as a note beside a number: `check
    /// --fix` leaves such a cell as it is.
    #[serde(default)]
    pub drops: bool,
    /// Not exported unless asked for: it may say more of a person than a list should.
    #[serde(default)]
    pub private: bool,
    /// The version that brought it.
    pub since: String,
    /// What is said, in a sentence.
    pub what: String,
    /// Why it matters to whoever owns the list.
    pub why: String,
    /// The standard, table or measurement behind it.
    pub source: String,
    /// Examples that must be found.
    #[serde(default)]
    pub bad: Vec<Example>,
    /// Examples that must not.
    #[serde(default)]
    pub good: Vec<Example>,
}

/// A severity set for a code by a profile or by the user; `off` silences it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Level {
    Off,
    Info,
    Warning,
    Error,
}

/// Every rule, by code.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    rules: BTreeMap<Code, Rule>,
}

impl Catalog {
    /// Reads `rules/validate/`.
    ///
    /// # Errors
    /// When a file is not of the form of [`Rule`], two files share a code, or a file is not named after its code.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let mut rules = BTreeMap::new();
        for name in files.names_below("validate/") {
            let rule: Rule = files.parse(&name)?;
            let expected = format!("validate/{}/{}.toml", rule.code.family(), rule.code);
            if name != expected {
                let message = format!("a rule stands in the file named after its code: {expected}");
                return Err(RuleError::Meaning { path: name, message });
            }
            rules.insert(rule.code, rule);
        }
        Ok(Catalog { rules })
    }

    /// The rule behind a code.
    pub fn rule(&self, code: Code) -> Option<&Rule> {
        self.rules.get(&code)
    }

    /// How much a code matters by default.
    pub fn severity(&self, code: Code) -> Severity {
        self.rule(code).map_or(Severity::Warning, |rule| rule.severity)
    }

    /// What is not exported unless asked for, with what may be told of lines instead.
    pub fn redaction(&self, phones: &PhonePolicy) -> Redaction {
        let private = self.rules().filter(|rule| rule.private).map(|rule| rule.code).collect();
        Redaction::of(private, |kind| phones.line(kind))
    }

    /// All rules in the order of [`Code::ALL`].
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.rules.values()
    }
}
