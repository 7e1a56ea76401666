//! The rule files hold what they promise.

use tiuv::clock::Clock;
use tiuv::finding::Code;
use tiuv::pipeline::run_examples;
use tiuv::rule::{Catalog, RuleFiles};

/// `TIUV_FAMILY=phone cargo test --test integration rules` looks at one family only.
fn is_wanted(code: Code) -> bool {
    std::env::var("TIUV_FAMILY").map_or(true, |family| code.family() == family)
}

#[test]
fn every_example_of_every_rule_holds() {
    let files = RuleFiles::embedded();
    let catalog = Catalog::load(&files).expect("the shipped rules load");
    let clock = Clock::at(jiff::civil::date(2026, 11, 21));
    let mut failures = Vec::new();
    for rule in catalog.rules().filter(|rule| is_wanted(rule.code)) {
        failures.extend(run_examples(&files, rule, "IL", clock).expect("the shipped rules load"));
    }
    let report: Vec<String> =
        failures.iter().map(|failure| format!("{} {}: {}", failure.code, failure.example, failure.message)).collect();
    assert!(failures.is_empty(), "{} examples fail:\n{}", failures.len(), report.join("\n"));
}

#[test]
fn every_code_has_its_rule_file_with_examples_of_both_kinds() {
    let catalog = Catalog::load(&RuleFiles::embedded()).expect("the shipped rules load");
    let missing: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| is_wanted(**code))
        .filter(|code| catalog.rule(**code).is_none_or(|rule| rule.bad.is_empty() || rule.good.is_empty()))
        .map(|code| code.as_str())
        .collect();
    assert!(missing.is_empty(), "codes without a complete rule file: {missing:#?}");
}
