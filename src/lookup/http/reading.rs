//! Reads what a service answers: two places in its JSON, and how it says that it doesn't know.

use std::collections::BTreeMap;

use serde_json::Value;

use super::settings::wrong;
use crate::config::{LookupConfig, Pointer, ReadAt, Sign};
use crate::lookup::{Attempt, LookupError, Temporary};
use crate::record::PhoneKind;

/// How answers are read.
#[derive(Debug)]
pub(super) struct Reading {
    line_type: Option<ReadAt<PhoneKind>>,
    reachable: Option<ReadAt<bool>>,
    unknown: Sign,
    temporary: Sign,
}

impl Reading {
    pub(super) fn new(name: &str, config: &LookupConfig) -> Result<Self, LookupError> {
        let LookupConfig { line_type, reachable, unknown, temporary, .. } = config;
        if line_type.is_none() && reachable.is_none() {
            let help = "write line_type = { at = \"/…\", map = { … } }, or reachable, or both".to_owned();
            return Err(wrong(name, "line_type", "nothing of the answer is read".to_owned(), help));
        }
        if line_type.as_ref().is_some_and(|read| read.map.is_empty()) {
            let help =
                "write what the service's words mean: map = { mobile = \"mobile\", landline = \"fixed\" }".to_owned();
            return Err(wrong(name, "line_type.map", "it is empty".to_owned(), help));
        }
        for (key, sign) in [("unknown", unknown), ("temporary", temporary)] {
            check_sign(name, key, sign)?;
        }
        Ok(Reading {
            line_type: line_type.clone(),
            reachable: reachable.clone(),
            unknown: unknown.clone(),
            temporary: temporary.clone(),
        })
    }

    /// What a status says, where the settings speak of it.
    pub(super) fn status(&self, status: u16) -> Option<Attempt> {
        if self.unknown.status.contains(&status) {
            return Some(Attempt::Unknown);
        }
        let is_temporary = self.temporary.status.contains(&status);
        is_temporary.then_some(Attempt::Temporary { why: Temporary::SaidSo, wait: None })
    }

    /// What the body of a successful answer says.
    pub(super) fn body(&self, body: &[u8]) -> Attempt {
        let unreadable = Attempt::Temporary { why: Temporary::Unreadable, wait: None };
        let Ok(answer) = serde_json::from_slice::<Value>(body) else { return unreadable };
        if says(&self.temporary, &answer) {
            return Attempt::Temporary { why: Temporary::SaidSo, wait: None };
        }
        if says(&self.unknown, &answer) {
            return Attempt::Unknown;
        }
        let line_type = self.line_type.as_ref().map_or(Found::Missing, |read| find(read, &answer, |_| None));
        let reachable = self.reachable.as_ref().map_or(Found::Missing, |read| find(read, &answer, Value::as_bool));
        if matches!((&line_type, &reachable), (Found::Missing, Found::Missing)) {
            // Neither place is there: an error in other words, or another kind of answer. Nothing to keep.
            return unreadable;
        }
        let has_strange_word = matches!(line_type, Found::Strange) || matches!(reachable, Found::Strange);
        // "Unknown" as a kind of line is no knowledge.
        let line_type = line_type.meaning().filter(|kind| *kind != PhoneKind::Unknown);
        Attempt::Answered { line_type, reachable: reachable.meaning(), has_strange_word }
    }
}

/// What stood at a place.
enum Found<T> {
    /// No such place, or none that can hold a word.
    Missing,
    /// `null` or an empty text.
    Nothing,
    /// A word that nothing translates.
    Strange,
    Meaning(T),
}

impl<T> Found<T> {
    fn meaning(self) -> Option<T> {
        if let Found::Meaning(meaning) = self { Some(meaning) } else { None }
    }
}

fn find<T: Copy>(read: &ReadAt<T>, answer: &Value, without_map: impl Fn(&Value) -> Option<T>) -> Found<T> {
    let Some(value) = answer.pointer(read.at.as_str()) else { return Found::Missing };
    if value.is_null() {
        return Found::Nothing;
    }
    let Some(word) = word(value) else { return Found::Missing };
    if word.is_empty() {
        return Found::Nothing;
    }
    let meaning = if read.map.is_empty() { without_map(value) } else { translate(&read.map, &word) };
    meaning.map_or(Found::Strange, Found::Meaning)
}

fn translate<T: Copy>(map: &BTreeMap<String, T>, word: &str) -> Option<T> {
    let in_any_case = || map.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, meaning)| meaning);
    map.get(word).or_else(in_any_case).copied()
}

fn says(sign: &Sign, answer: &Value) -> bool {
    let found = sign.at.as_ref().and_then(|at: &Pointer| answer.pointer(at.as_str())).and_then(word);
    found.is_some_and(|found| sign.is.iter().any(|said| said.eq_ignore_ascii_case(&found)))
}

/// A text, a number or a truth value as a word.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn check_sign(name: &str, key: &str, sign: &Sign) -> Result<(), LookupError> {
    if sign.at.is_some() == sign.is.is_empty() {
        let message = "`at` and `is` belong together".to_owned();
        let help = format!("write {key} = {{ at = \"/…\", is = [\"…\"] }}");
        return Err(wrong(name, key, message, help));
    }
    // What concerns the caller or the pace is no statement about a number.
    let is_of_the_caller =
        |status: &&u16| !(400..=499).contains(*status) || [401, 402, 403, 407, 429].contains(*status);
    if let Some(status) = sign.status.iter().find(is_of_the_caller) {
        let message = format!("{status} says nothing about a number");
        let help = "statuses from 400 to 499 may stand here, but for 401, 402, 403, 407 and 429".to_owned();
        return Err(wrong(name, &format!("{key}.status"), message, help));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::parse_toml;

    fn reading() -> Reading {
        let config = parse_toml::<LookupConfig>(
            "tiuv.toml",
            r#"url = "https://api.example.com/{digits}"
               line_type = { at = "/0/type", map = { m = "mobile", M = "voip", 2 = "fixed", none = "unknown" } }
               reachable = { at = "/0/ok" }
               unknown = { at = "/0/code", is = ["7"] }"#,
        );
        Reading::new("hlr", &config.expect("is of the form")).expect("can be")
    }

    fn answered(line_type: Option<PhoneKind>, reachable: Option<bool>, has_strange_word: bool) -> Attempt {
        Attempt::Answered { line_type, reachable, has_strange_word }
    }

    #[test]
    fn words_mean_what_the_map_says_and_nothing_else() {
        let unreadable = Attempt::Temporary { why: Temporary::Unreadable, wait: None };
        let cases = [
            (r#"[{"type": "m", "ok": true}]"#, answered(Some(PhoneKind::Mobile), Some(true), false)),
            (r#"[{"type": "M", "ok": false}]"#, answered(Some(PhoneKind::Voip), Some(false), false)),
            (r#"[{"type": 2}]"#, answered(Some(PhoneKind::Fixed), None, false)),
            (r#"[{"type": " m ", "ok": null}]"#, answered(Some(PhoneKind::Mobile), None, false)),
            (r#"[{"type": "none", "ok": "true"}]"#, answered(None, None, true)),
            (r#"[{"type": "", "ok": null}]"#, answered(None, None, false)),
            (r#"[{"type": "mm"}]"#, answered(None, None, true)),
            (r#"[{"code": 7}]"#, Attempt::Unknown),
            (r#"[{"code": 8}]"#, unreadable),
            (r#"{"type": "m"}"#, unreadable),
            (r#"[{"type": {"a": 1}}]"#, unreadable),
        ];
        for (body, wanted) in cases {
            assert_eq!(reading().body(body.as_bytes()), wanted, "{body}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_called_unreadable(body in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
            let _ = reading().body(&body);
        }

        #[test]
        fn any_word_is_translated_or_not(word in "\\PC{0,12}") {
            let body = serde_json::json!([{ "type": word, "ok": word }]).to_string();
            let attempt = reading().body(body.as_bytes());
            let is_answer = matches!(attempt, Attempt::Answered { reachable: None, .. });
            assert!(is_answer, "a word is never reachable or not without a map: {attempt:?}");
        }
    }
}
