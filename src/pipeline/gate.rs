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
    /// So many percentage points of the rows more than in the baseline, known findings counted.
    Points(f64),
}

impl Limit {
    /// Reads `12`, `2.5%` or `+1%`.
    ///
    /// # Errors
    /// With a message ready to show.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is no limit; write a count like `12`, a share like `2%`, or `+1%` for a point more than the baseline has"
            )
        };
        let points = text.trim().strip_prefix('+');
        if let Some(points) = points {
            let percent: Option<f64> = points.strip_suffix('%').and_then(|points| points.trim().parse().ok());
            let percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
            return percent.map(Limit::Points).ok_or_else(wrong);
        }
        match text.trim().strip_suffix('%') {
            Some(percent) => {
                let percent: f64 = percent.trim().parse().map_err(|_| wrong())?;
                if (0.0..=100.0).contains(&percent) { Ok(Limit::Percent(percent)) } else { Err(wrong()) }
            }
            None => text.trim().parse().map(Limit::Count).map_err(|_| wrong()),
        }
    }

    /// Whether so many new findings of so many rows are few enough, and so many in all where so many stood among so many
    /// rows before.
    fn allows(self, count: GateCount, rows: u64, rows_before: u64) -> bool {
        let percent = |count: u64, rows: u64| if rows == 0 { 0.0 } else { count as f64 * 100.0 / rows as f64 };
        match self {
            Limit::Count(most) => count.new <= most,
            Limit::Percent(percent) => count.new as f64 * 100.0 <= percent * rows as f64,
            // A hair more, as what 3 % and 2 % differ by is not quite 1 % in binary.
            Limit::Points(points) => percent(count.all, rows) <= percent(count.before, rows_before) + points + 1e-9,
        }
    }
}

impl std::fmt::Display for Limit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Limit::Count(count) => write!(f, "{count}"),
            Limit::Percent(percent) => write!(f, "{percent}%"),
            Limit::Points(points) => write!(f, "+{points}%"),
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

impl GateResult {
    /// Whether findings of a code count at a gate that did not pass; `results` are as [`Gates::judge`] gives them.
    pub fn fails(results: &[GateResult], code: Code, severity: Severity) -> bool {
        results.iter().find(|result| result.gate.counts(code, severity)).is_some_and(|result| !result.passed)
    }
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

    /// The least severity of which nothing passes, unless a gate of its own says how much does.
    pub fn fails_on(&self) -> Option<Severity> {
        self.gates.iter().find_map(|gate| match gate.selector {
            Selector::Severity(severity) => Some(severity),
            _ => None,
        })
    }

    /// Whether one of them compares with a baseline.
    pub fn compare(&self) -> bool {
        self.gates.iter().any(|gate| matches!(gate.limit, Limit::Points(_)))
    }

    /// Judges counts by code, those of the baseline beside them.
    pub fn judge(&self, counts: &[Counted], rows: u64, before: Option<&Before>) -> Vec<GateResult> {
        let mut totals = vec![GateCount::default(); self.gates.len()];
        let gate_of = |code, severity| self.gates.iter().position(|gate| gate.counts(code, severity));
        for Counted { code, severity, new, all } in counts {
            if let Some(gate) = gate_of(*code, *severity) {
                totals[gate].new += new;
                totals[gate].all += all;
            }
        }
        for (code, severity, count) in before.iter().flat_map(|before| &before.counts) {
            if let Some(gate) = gate_of(*code, *severity) {
                totals[gate].before += count;
            }
        }
        let rows_before = before.map_or(0, |before| before.rows);
        let judged = self.gates.iter().zip(totals).map(|(gate, count)| GateResult {
            gate: gate.clone(),
            count: if matches!(gate.limit, Limit::Points(_)) { count.all } else { count.new },
            passed: gate.limit.allows(count, rows, rows_before),
        });
        judged.collect()
    }
}

/// Findings of a code in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// The code.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// Those that count.
    pub new: u64,
    /// All, with those that the baseline has.
    pub all: u64,
}

/// What a baseline holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// Findings by code, with how much they matter now.
    pub counts: Vec<(Code, Severity, u64)>,
    /// Records that the list had.
    pub rows: u64,
}

/// What a gate counts.
#[derive(Debug, Clone, Copy, Default)]
struct GateCount {
    new: u64,
    all: u64,
    before: u64,
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
        let counts = [(Code::EmailNoAt, 2), (Code::EmailEmptyLocal, 10), (Code::IdCheckDigit, 0)];
        let counts = counts.map(|(code, new)| Counted { code, severity: Severity::Error, new, all: new });
        let passed: Vec<bool> = gates.judge(&counts, 100, None).into_iter().map(|result| result.passed).collect();
        assert_eq!(passed, [false, true, true]);
    }

    #[test]
    fn a_share_may_be_held_against_the_baseline() {
        let gate = Gate { selector: Selector::Prefix("email".to_owned()), limit: Limit::Points(1.0) };
        let gates = Gates::new(vec![gate], None);
        let judged = |all: u64| {
            let counts = [Counted { code: Code::EmailNoAt, severity: Severity::Error, new: 0, all }];
            gates.judge(
                &counts,
                1000,
                Some(&Before { counts: vec![(Code::EmailNoAt, Severity::Error, 40)], rows: 2000 }),
            )[0]
            .passed
        };
        assert!(judged(30), "2 % were known, and 3 % is a point more");
        assert!(!judged(31));
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
        assert_eq!(Limit::parse("+1%"), Ok(Limit::Points(1.0)));
        assert!(Limit::parse("+12").is_err());
        assert!(Limit::parse("many").is_err());
        assert!(Limit::parse("300%").is_err());
    }
}
