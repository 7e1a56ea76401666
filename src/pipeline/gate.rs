//! Gates: how much of what a list may contain and still pass.

use serde::{Deserialize, Serialize};

use crate::finding::{Code, Severity};

/// What a gate or a level applies to: one code, all codes below a prefix, or all findings of a severity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub enum Selector {
    /// One code.
    Code(Code),
    /// A prefix of whole words: `email`, `email.syntax`.
    Prefix(String),
    /// All findings of a severity or above.
    Severity(Severity),
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.to_string()
    }
}

impl std::fmt::Display for Selector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Selector::Code(code) => f.write_str(code.as_str()),
            Selector::Prefix(prefix) => f.write_str(prefix),
            Selector::Severity(severity) => f.write_str(severity.as_str()),
        }
    }
}

impl Selector {
    /// Reads one; the error names the closest code.
    ///
    /// # Errors
    /// With a message ready to show.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text {
            "info" => return Ok(Selector::Severity(Severity::Info)),
            "warning" => return Ok(Selector::Severity(Severity::Warning)),
            "error" => return Ok(Selector::Severity(Severity::Error)),
            _ => {}
        }
        if let Some(code) = Code::parse(text) {
            return Ok(Selector::Code(code));
        }
        let prefix = text.strip_suffix(".*").or(text.strip_suffix('.')).unwrap_or(text);
        let below = format!("{prefix}.");
        if Code::ALL.iter().any(|code| code.as_str().starts_with(&below)) {
            return Ok(Selector::Prefix(prefix.to_owned()));
        }
        let codes = Code::ALL.iter().map(|code| code.as_str());
        let families = Code::ALL.iter().map(|code| code.family());
        let closest = crate::error::closest(text, codes.chain(families));
        Err(match closest {
            Some(name) => format!("unknown rule `{text}`; did you mean `{name}`?"),
            None => format!("unknown rule `{text}`; `tiuv rule list` names them all"),
        })
    }

    /// Whether it applies to findings of this code and severity.
    pub fn covers(&self, code: Code, severity: Severity) -> bool {
        match self {
            Selector::Code(own) => *own == code,
            Selector::Prefix(prefix) => {
                code.as_str().strip_prefix(prefix.as_str()).is_some_and(|rest| rest.starts_with('.'))
            }
            Selector::Severity(least) => severity >= *least,
        }
    }

    /// How narrow it is; the narrowest gate that covers a finding decides about it.
    fn narrowness(&self) -> usize {
        match self {
            Selector::Code(_) => usize::MAX,
            Selector::Prefix(prefix) => prefix.len(),
            Selector::Severity(_) => 0,
        }
    }
}

/// How much is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Limit {
    /// So many findings.
    Count(u64),
    /// So many percent of the rows.
    Percent(f64),
}

impl Limit {
    /// Reads `12` or `2.5%`.
    ///
    /// # Errors
    /// With a message ready to show.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no limit; write a count like `12` or a share like `2%`");
        match text.trim().strip_suffix('%') {
            Some(percent) => {
                let percent: f64 = percent.trim().parse().map_err(|_| wrong())?;
                if (0.0..=100.0).contains(&percent) { Ok(Limit::Percent(percent)) } else { Err(wrong()) }
            }
            None => text.trim().parse().map(Limit::Count).map_err(|_| wrong()),
        }
    }

    fn allows(self, count: u64, rows: u64) -> bool {
        match self {
            Limit::Count(most) => count <= most,
            Limit::Percent(percent) => count as f64 * 100.0 <= percent * rows as f64,
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Limit::Count(count) => write!(f, "{count}"),
            Limit::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Count(u64),
            Text(String),
        }
        match Written::deserialize(deserializer)? {
            Written::Count(count) => Ok(Limit::Count(count)),
            Written::Text(text) => Limit::parse(&text).map_err(serde::de::Error::custom),
        }
    }
}

/// One gate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gate {
    /// What it counts.
    pub selector: Selector,
    /// How much it lets pass.
    pub limit: Limit,
}

impl Gate {
    /// Whether a finding counts here. Repairs and facts (`info`) count only where they are named by their own code or
    /// severity: `email` limits what is wrong with e-mails, not what was put right.
    fn counts(&self, code: Code, severity: Severity) -> bool {
        let is_prefix = matches!(self.selector, Selector::Prefix(_));
        self.selector.covers(code, severity) && !(is_prefix && severity == Severity::Info)
    }
}

/// All gates of a check. A finding counts at the narrowest gate that covers it, and at no other.
#[derive(Debug, Clone, PartialEq)]
pub struct Gates {
    gates: Vec<Gate>,
}

/// What came of one gate.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GateResult {
    /// The gate.
    #[serde(flatten)]
    pub gate: Gate,
    /// Findings counted at it.
    pub count: u64,
    /// Whether they are no more than it lets pass.
    pub passed: bool,
}

impl Gates {
    /// What the gates that were named apply to.
    pub fn named(&self) -> impl Iterator<Item = &Selector> {
        self.gates.iter().map(|gate| &gate.selector)
    }

    /// The user's gates, and one for `fail_on` and above that lets nothing pass.
    pub fn new(mut gates: Vec<Gate>, fail_on: Option<Severity>) -> Self {
        let is_given = |selector: &Selector| gates.iter().any(|gate| gate.selector == *selector);
        if let Some(severity) = fail_on.filter(|severity| !is_given(&Selector::Severity(*severity))) {
            gates.push(Gate { selector: Selector::Severity(severity), limit: Limit::Count(0) });
        }
        gates.sort_by_key(|gate| std::cmp::Reverse(gate.selector.narrowness()));
        Gates { gates }
    }

    /// Judges counts by code.
    pub fn judge(&self, counts: &[(Code, Severity, u64)], rows: u64) -> Vec<GateResult> {
        let mut totals = vec![0; self.gates.len()];
        for (code, severity, count) in counts {
            if let Some(gate) = self.gates.iter().position(|gate| gate.counts(*code, *severity)) {
                totals[gate] += count;
            }
        }
        let judged = self.gates.iter().zip(totals).map(|(gate, count)| {
            let passed = gate.limit.allows(count, rows);
            GateResult { gate: gate.clone(), count, passed }
        });
        judged.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_counts_at_the_narrowest_gate_only() {
        let gate = |selector: &str, limit: &str| Gate {
            selector: Selector::parse(selector).expect("known"),
            limit: Limit::parse(limit).expect("a limit"),
        };
        let gates = Gates::new(vec![gate("email", "10%"), gate("email.syntax.no_at", "1")], Some(Severity::Error));
        let counts = [
            (Code::EmailNoAt, Severity::Error, 2),
            (Code::EmailEmptyLocal, Severity::Error, 10),
            (Code::IdCheckDigit, Severity::Error, 0),
        ];
        let passed: Vec<bool> = gates.judge(&counts, 100).into_iter().map(|result| result.passed).collect();
        assert_eq!(passed, [false, true, true]);
    }

    #[test]
    fn a_misspelt_rule_is_answered_with_the_closest() {
        let error = Selector::parse("email.sintax.no_at").expect_err("unknown");
        assert!(error.contains("email.syntax.no_at"), "{error}");
    }

    #[test]
    fn limits_are_counts_or_shares() {
        assert_eq!(Limit::parse("2.5%"), Ok(Limit::Percent(2.5)));
        assert_eq!(Limit::parse("7"), Ok(Limit::Count(7)));
        assert!(Limit::parse("many").is_err());
        assert!(Limit::parse("300%").is_err());
    }
}
