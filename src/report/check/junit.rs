//! JUnit XML, as build servers read it: one test case a rule and column, and one a gate.
//!
//! Form: <https://github.com/testmoapp/junitxml>, by the `quick-junit` crate. A rule that found nothing in a column it judges is a test that
//! passed, so that a server sees when a fault is gone; what the gates let pass is passed as well, with what was found in its output.

use std::collections::BTreeSet;
use std::io::Write;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::message::message;
use super::writer::{CheckContext, CheckWriter, write_text};
use crate::finding::{Code, Severity};
use crate::ingest::List;
use crate::pipeline::{CheckReport, FindingGroup, RunError};
use crate::rule::{Rule, RuleScope};
use crate::text::on_one_line;

pub(super) struct Junit<'a> {
    check: CheckContext<'a>,
    suites: Vec<TestSuite>,
}

impl<'a> Junit<'a> {
    pub(super) fn new(check: CheckContext<'a>) -> Self {
        Junit { check, suites: Vec::new() }
    }

    fn suite(&self, list: &List, report: &CheckReport) -> TestSuite {
        let mut suite = TestSuite::new(on_one_line(&report.list));
        for result in &report.gates {
            let name = format!("{} at most {}", result.gate.selector, result.gate.limit);
            let said = format!("{} found, {} allowed", result.count, result.gate.limit);
            suite.add_test_case(case("gate", &name, (!result.passed).then_some(("gate", said.as_str())), None));
        }
        for group in &report.groups {
            let said = on_one_line(&message(group, self.check.words));
            let failure = group.failed.then_some((group.severity.as_str(), said.as_str()));
            let class = class_of(&group.header);
            suite.add_test_case(case(&class, group.code.as_str(), failure, Some(&sample(group, &said))));
        }
        for (class, code) in self.passed(list, report) {
            suite.add_test_case(case(&class, code.as_str(), None, None));
        }
        suite
    }

    /// Rules that found nothing, by what they looked at: each column of their kind, or the list.
    fn passed(&self, list: &List, report: &CheckReport) -> BTreeSet<(String, Code)> {
        let found: BTreeSet<_> = report.groups.iter().map(|group| (class_of(&group.header), group.code)).collect();
        let mut passed = BTreeSet::new();
        let asks = |rule: &&Rule| {
            let code = rule.code;
            let was_asked = self.check.asks(code) && (report.mail.is_some() || !code.is_dns());
            was_asked && !code.is_repair() && !code.is_suggestion() && !code.is_class()
        };
        for rule in self.check.setup.catalog.rules().filter(asks) {
            match rule.field.filter(|_| rule.scope == RuleScope::Cell) {
                None => {
                    if !found.iter().any(|(_, code)| *code == rule.code) {
                        passed.insert((class_of(""), rule.code));
                    }
                }
                Some(field) => {
                    let columns = list.mapping().columns().iter();
                    let judged = columns.filter(|column| column.field.is_some_and(|own| own.is_judged_as(field)));
                    passed.extend(judged.map(|column| (class_of(&column.header), rule.code)));
                }
            }
        }
        passed.retain(|test| !found.contains(test));
        passed
    }
}

impl CheckWriter for Junit<'_> {
    fn end(&mut self, list: &List, report: &CheckReport, _: &mut (dyn Write + Send)) -> Result<(), RunError> {
        self.suites.push(self.suite(list, report));
        Ok(())
    }

    fn close(&mut self, out: &mut (dyn Write + Send)) -> Result<(), RunError> {
        let mut junit = Report::new("tiuv check");
        junit.add_test_suites(std::mem::take(&mut self.suites));
        let mut text = junit.to_string().expect("written to memory");
        text.push('\n');
        write_text(&text, out)
    }
}

/// What a test case is filed under: the column, or the list.
fn class_of(header: &str) -> String {
    if header.is_empty() { "list".to_owned() } else { format!("column {}", on_one_line(header)) }
}

/// The rows of a group, and its example, one a line.
fn sample(group: &FindingGroup, said: &str) -> String {
    let example =
        if group.example.is_empty() { String::new() } else { format!("\ne.g. {}", on_one_line(&group.example)) };
    let detail = if group.detail.is_empty() { String::new() } else { format!("\n{}", on_one_line(&group.detail)) };
    let passed = if group.failed || group.severity == Severity::Info { "" } else { "\nwithin what the gates allow" };
    format!("{said}{example}{detail}{passed}")
}

fn case(class: &str, name: &str, failure: Option<(&str, &str)>, output: Option<&str>) -> TestCase {
    let status = match failure {
        None => TestCaseStatus::success(),
        Some((kind, said)) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_type(kind).set_message(said);
            if let Some(output) = output {
                status.set_description(output);
            }
            status
        }
    };
    let mut case = TestCase::new(name, status);
    case.set_classname(class);
    if let Some(output) = output.filter(|_| failure.is_none()) {
        case.set_system_out(output);
    }
    case
}
