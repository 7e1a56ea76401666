//! A check as a page: what the list was held to and what was found, in Hebrew and English, in the look of the report.

use askama::Template;

use super::writer::CheckContext;
use crate::page::{Bar, ChartError, Explanation, Value, Voice};
use crate::pipeline::{CheckReport, FindingGroup, RunError};
use crate::report::html::{ReportError, colour};
use crate::rule::Words;

/// The languages of the page; the first is shown at first.
const LANGUAGES: [&str; 2] = ["he", "en"];

pub(super) fn html(reports: &[CheckReport], check: &CheckContext<'_>) -> Result<String, RunError> {
    let failed = |error: ReportError| RunError::write("the page", &std::io::Error::other(error.to_string()));
    render(reports, check).map_err(failed)
}

fn render(reports: &[CheckReport], check: &CheckContext<'_>) -> Result<String, ReportError> {
    let mut pages = Vec::new();
    for language in LANGUAGES {
        let voice = Voice::new(Words::load(&check.setup.context.files, language)?, &check.setup.catalog);
        pages.push(Page::new(reports, check, voice)?);
    }
    Ok(Check { first: &pages[0], pages: &pages }.render()?)
}

#[derive(Template)]
#[template(config = "src/report/html/askama.toml", path = "check.html")]
struct Check<'a> {
    first: &'a Page<'a>,
    pages: &'a [Page<'a>],
}

/// The page in one language.
struct Page<'a> {
    voice: Voice<'a>,
    title: String,
    as_of: String,
    is_masked: bool,
    lists: Vec<Part>,
}

/// What is said of one list.
struct Part {
    title: String,
    lead: String,
    gates: Vec<Gate>,
    groups: Vec<Group>,
}

struct Gate {
    selector: String,
    found: String,
    allowed: String,
    passed: bool,
}

struct Group {
    title: String,
    code: &'static str,
    header: Value,
    severity: &'static str,
    severity_name: String,
    count: String,
    bar: Bar,
    places: String,
    example: Value,
    detail: Value,
    what: Option<Explanation>,
    why: Option<Explanation>,
}

impl<'a> Page<'a> {
    fn new(reports: &[CheckReport], check: &CheckContext<'_>, voice: Voice<'a>) -> Result<Self, ChartError> {
        let lists: Vec<Part> = reports.iter().map(|report| part(report, &voice)).collect::<Result<_, _>>()?;
        let failed = reports.iter().filter(|report| !report.passed).count() as u64;
        let title = match &lists[..] {
            [only] => only.title.clone(),
            _ => voice.phrase(
                "checking.several",
                &[("lists", &voice.count(lists.len() as u64)), ("failed", &voice.count(failed))],
            ),
        };
        Ok(Page {
            title,
            as_of: voice.phrase("report.as_of", &[("day", &check.setup.context.today.to_string())]),
            is_masked: !check.setup.show_values,
            lists,
            voice,
        })
    }

    #[expect(clippy::unused_self, reason = "the head of a page asks each page for it")]
    fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    fn kind(&self) -> &str {
        self.say("checking.title")
    }

    fn say<'k>(&'k self, key: &'k str) -> &'k str {
        self.voice.say(key)
    }
}

fn part(report: &CheckReport, voice: &Voice<'_>) -> Result<Part, ChartError> {
    let key = if report.passed { "checking.passed" } else { "checking.failed" };
    let findings = report.groups.iter().map(|group| group.count).sum();
    let numbers = [report.records, report.quarantined, findings].map(|number| voice.count(number));
    let lead = [("records", &*numbers[0]), ("quarantined", &*numbers[1]), ("findings", &*numbers[2])];
    let most = report.groups.iter().map(|group| group.count).max().unwrap_or(0);
    let gates = report.gates.iter().map(|result| Gate {
        selector: result.gate.selector.to_string(),
        found: voice.count(result.count),
        allowed: result.gate.limit.to_string(),
        passed: result.passed,
    });
    Ok(Part {
        title: voice.phrase(key, &[("list", &report.list)]),
        lead: voice.phrase("checking.lead", &lead),
        gates: gates.collect(),
        groups: report.groups.iter().map(|group| one(group, most, voice)).collect::<Result<_, _>>()?,
    })
}

fn one(group: &FindingGroup, most: u64, voice: &Voice<'_>) -> Result<Group, ChartError> {
    let code = group.code.as_str();
    let (what, why) = voice.explain(code);
    Ok(Group {
        title: voice.title(code),
        code,
        header: Value::new(&group.header),
        severity: group.severity.as_str(),
        severity_name: voice.severity(group.severity),
        count: voice.count(group.count),
        bar: Bar::single(colour(group.severity), group.count, most)?,
        places: places(group, voice),
        example: Value::new(&group.example),
        detail: Value::new(&group.detail),
        what,
        why,
    })
}

/// Where the first findings of a group are.
fn places(group: &FindingGroup, voice: &Voice<'_>) -> String {
    if group.rows.is_empty() {
        return String::new();
    }
    let more = if group.count > group.rows.len() as u64 { ", …" } else { "" };
    let named = |numbers: &[u32]| {
        let numbers: Vec<_> = numbers.iter().map(|number| voice.count(u64::from(*number))).collect();
        format!("{}{more}", numbers.join(" · "))
    };
    let (rows, lines) = (named(&group.rows), named(&group.lines));
    if group.cells.is_empty() {
        return voice.phrase("checking.at", &[("rows", &rows), ("lines", &lines)]);
    }
    voice.phrase("checking.at.cells", &[("rows", &rows), ("cells", &format!("{}{more}", group.cells.join(" · ")))])
}
