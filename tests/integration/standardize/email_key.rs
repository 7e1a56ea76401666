//! Keys of e-mail addresses: under validator.js' options they are what `normalizeEmail` gives.

use std::collections::BTreeMap;

use serde::Deserialize;
use tiuv::rule::{Elsewhere, EmailKeys, EmailRules, MailProvider, RuleFiles};

#[derive(Deserialize)]
struct Case {
    input: String,
    /// The normal form, or `false` where there is no mailbox.
    expected: serde_json::Value,
    options: BTreeMap<String, bool>,
}

#[test]
fn keys_under_the_options_of_validator_js_are_its_normal_forms() {
    let rules = EmailRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
    let path = format!("{}/fixtures/email/normalize_validatorjs.jsonl", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("the fixture is there");
    let cases: Vec<Case> = text.lines().map(|line| serde_json::from_str(line).expect("a case")).collect();
    assert_eq!(cases.len(), 98);
    for case in cases {
        let keys = keys_for(&rules, &case.options);
        let (local, domain) = case.input.rsplit_once('@').expect("a case has an `@`");
        let expected = case.expected.as_str().unwrap_or_default();
        assert_eq!(keys.key(local, &domain.to_lowercase()), expected, "{} {:?}", case.input, case.options);
    }
}

/// The options as rules of providers: <https://github.com/validatorjs/validator.js#sanitizers>, `normalizeEmail`.
fn keys_for(rules: &EmailRules, options: &BTreeMap<String, bool>) -> EmailKeys {
    let is_on = |name: &str| options.get(name).copied().unwrap_or(true);
    let domains_of = |name: &str| {
        let provider = rules.providers.iter().find(|provider| provider.name == name).expect("a provider of that name");
        provider.domains.clone()
    };
    let provider = |name: &str, domains: Vec<String>, mark: char| MailProvider {
        lowercase: is_on("all_lowercase") || is_on(&format!("{name}_lowercase")),
        subaddress: is_on(&format!("{name}_remove_subaddress")).then_some(mark),
        name: name.to_owned(),
        domains,
        ..rules.providers[0].clone()
    };
    let plain = |provider: MailProvider| MailProvider { ignore_dots: false, same_as: None, ..provider };
    let gmail = MailProvider {
        ignore_dots: is_on("gmail_remove_dots"),
        same_as: is_on("gmail_convert_googlemaildotcom").then(|| "gmail.com".to_owned()),
        ..provider("gmail", domains_of("Google"), '+')
    };
    let icloud = plain(provider("icloud", domains_of("Apple"), '+'));
    let outlook = plain(provider("outlookdotcom", domains_of("Microsoft"), '+'));
    // Yahoo's disposable addresses are BASE-KEYWORD; validator.js cuts at the last dash.
    let yahoo = MailProvider { subaddress_from_last: true, ..plain(provider("yahoo", domains_of("Yahoo"), '-')) };
    let yandex = MailProvider {
        subaddress: None,
        same_as: is_on("yandex_convert_yandexru").then(|| "yandex.ru".to_owned()),
        ..plain(provider("yandex", domains_of("Yandex"), '+'))
    };
    EmailKeys::new(vec![gmail, icloud, outlook, yahoo, yandex], Elsewhere { lowercase: is_on("all_lowercase") })
}
