//! The rule files hold what they promise.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use tiuv::finding::Code;
use tiuv::pipeline::{Setup, run_examples};
use tiuv::rule::{Catalog, Context, RuleFiles, Words};

/// `TIUV_FAMILY=phone cargo test --test integration rules` looks at one family only.
fn is_wanted(code: Code) -> bool {
    std::env::var("TIUV_FAMILY").map_or(true, |family| code.family() == family)
}

#[test]
fn every_example_of_every_rule_holds() {
    let setup = Setup::new(Context::shipped("IL", jiff::civil::date(2026, 11, 21))).expect("the shipped rules load");
    let mut failures = Vec::new();
    for rule in setup.catalog.rules().filter(|rule| is_wanted(rule.code)) {
        failures.extend(run_examples(&setup, rule).expect("the shipped rules load"));
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

#[test]
fn every_code_has_a_title_in_every_language_in_the_file_of_its_family() {
    let files = RuleFiles::embedded();
    let mut wrong = Vec::new();
    for language in Words::languages(&files) {
        let titles_of = |family: &str| -> BTreeMap<String, String> {
            files.parse(&format!("words/{language}/{family}.toml")).expect("a flat table")
        };
        let families: BTreeSet<&str> = Code::ALL.iter().map(|code| code.family()).collect();
        for family in families {
            let titles = titles_of(family);
            let codes: Vec<&str> =
                Code::ALL.iter().filter(|code| code.family() == family).map(|code| code.as_str()).collect();
            let missing = codes.iter().filter(|code| titles.get(**code).is_none_or(String::is_empty));
            wrong.extend(missing.map(|code| format!("{language}: {code} has no title")));
            // What a code means and why it matters may be said in other languages too.
            let code_of = |key: &str| key.trim_end_matches(".what").trim_end_matches(".why").to_owned();
            let stray = titles.keys().filter(|key| !codes.contains(&code_of(key).as_str()));
            wrong.extend(stray.map(|title| format!("{language}: {title} is no code of {family}")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// `TIUV_RENEW=1 cargo test --test integration rules` writes the index anew.
#[test]
fn the_index_of_rules_names_them_all() {
    let files = RuleFiles::embedded();
    let catalog = Catalog::load(&files).expect("the shipped rules load");
    let words = Words::load(&files, "en").expect("the shipped words load");
    let index = index(&catalog, &words);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rules/README.md");
    if std::env::var_os("TIUV_RENEW").is_some() {
        std::fs::write(path, &index).expect("rules/ can be written to");
    }
    let written = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        written == index,
        "rules/README.md is stale; `TIUV_RENEW=1 cargo test --test integration rules` writes it anew"
    );
}

fn index(catalog: &Catalog, words: &Words) -> String {
    let mut text = String::from(
        "# Rules\n\n\
         Policy as data: every list, word, threshold and prefix that tiuv goes by, with its source. A directory given\n\
         with `--rules` mirrors this one file by file and replaces what it holds.\n\n\
         `validate/` holds one file for each code that tiuv can say, with examples that run as tests\n\
         (`tiuv rule test`); `tiuv rule show CODE` prints one. `words/` holds their titles by language.\n\n\
         This page is made by `TIUV_RENEW=1 cargo test --test integration rules`.\n",
    );
    let mut family = "";
    for rule in catalog.rules() {
        let code = rule.code;
        if code.family() != family {
            family = code.family();
            let _ = write!(text, "\n## {family}\n\n| Code | Title | Severity | Fix |\n|---|---|---|---|\n");
        }
        let title = words.say(code.as_str()).replace('|', "\\|");
        let fix = format!("{:?}", rule.fix).to_lowercase();
        let _ = writeln!(
            text,
            "| [`{code}`](validate/{family}/{code}.toml) | {title} | {} | {fix} |",
            rule.severity.as_str()
        );
    }
    text
}
