//! Rules by which an answer over HTTP is told from others, as `tiuv.toml` writes them.

use regex::Regex;
use serde_json::Value;

use super::reply::Reply;
use crate::config::{Pointer, ReadText, Says};
use crate::outreach::dispatch::error::{DispatchError, wrong};

/// [`Says`], ready to be asked.
pub(super) struct Rule {
    says: Says,
    text: Option<Regex>,
}

impl Rule {
    /// None where nothing is written.
    pub(super) fn new(gateway: &str, key: &str, says: &Says) -> Result<Option<Self>, DispatchError> {
        if *says == Says::default() {
            return Ok(None);
        }
        if says.at.is_some() == says.is.is_empty() {
            let help = format!("write {key} = {{ at = \"/…\", is = [\"…\"] }}");
            return Err(wrong(gateway, key, "`at` and `is` belong together", &help));
        }
        Ok(Some(Rule { says: says.clone(), text: regex(gateway, key, says.text.as_deref())? }))
    }

    /// Whether all that is written holds of this answer.
    pub(super) fn holds(&self, reply: &Reply, json: Option<&Value>) -> bool {
        let Rule { says: Says { status, at, is, .. }, text } = self;
        let body = reply.body.as_deref().unwrap_or_default();
        let has_word = |at: &Pointer| {
            let word = json.and_then(|json| json.pointer(at.as_str())).and_then(word);
            word.is_some_and(|word| is.iter().any(|said| said.eq_ignore_ascii_case(&word)))
        };
        (status.is_empty() || status.contains(&reply.status))
            && at.as_ref().is_none_or(has_word)
            && text.as_ref().is_none_or(|text| text.is_match(body))
    }
}

/// Where an answer says what the gateway calls a message.
pub(super) struct IdAt {
    at: Option<Pointer>,
    text: Option<Regex>,
}

impl IdAt {
    pub(super) fn new(gateway: &str, key: &str, read: &ReadText) -> Result<Self, DispatchError> {
        let text = regex(gateway, key, read.text.as_deref())?;
        let has_group = text.as_ref().is_none_or(|text| text.captures_len() == 2);
        if read.at.is_some() == text.is_some() || !has_group {
            let help = format!("write {key} = {{ at = \"/…\" }}, or a text with one group: {{ text = 'id: (\\w+)' }}");
            return Err(wrong(gateway, key, "it has no place, or two", &help));
        }
        Ok(IdAt { at: read.at.clone(), text })
    }

    pub(super) fn read(&self, reply: &Reply, json: Option<&Value>) -> Option<String> {
        let id = match (&self.at, &self.text) {
            (Some(at), _) => json?.pointer(at.as_str()).and_then(word)?,
            (None, Some(text)) => text.captures(reply.body.as_deref()?)?.get(1)?.as_str().to_owned(),
            (None, None) => return None,
        };
        Some(id).filter(|id| !id.is_empty())
    }
}

fn regex(gateway: &str, key: &str, text: Option<&str>) -> Result<Option<Regex>, DispatchError> {
    text.map(Regex::new).transpose().map_err(|error| {
        let message =
            format!("`text` is no regular expression: {}", error.to_string().lines().last().unwrap_or_default());
        wrong(gateway, key, &message, "escape signs that stand for themselves with a backslash")
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::parse_toml;

    fn holds(says: &str, status: u16, body: &str) -> bool {
        let says: Says = parse_toml("tiuv.toml", says).expect("is of its form");
        let rule = Rule::new("x", "accepted", &says).expect("is right").expect("says something");
        let reply = Reply { status, wait: None, body: Some(body.to_owned()) };
        rule.holds(&reply, serde_json::from_str(body).ok().as_ref())
    }

    #[test]
    fn all_that_is_written_must_hold() {
        let kannel = "status = [202]\ntext = '^(0: Accepted|3: Queued)'";
        assert!(holds(kannel, 202, "0: Accepted for delivery"));
        assert!(!holds(kannel, 200, "0: Accepted for delivery"));
        assert!(!holds(kannel, 202, "Not routable. Do not try again."));
        let json = "at = '/status/code'\nis = ['0', 'OK']";
        assert!(holds(json, 200, r#"{"status": {"code": 0}}"#) && holds(json, 200, r#"{"status": {"code": "ok"}}"#));
        assert!(!holds(json, 200, r#"{"status": 0}"#) && !holds(json, 200, "0"));
    }

    #[test]
    fn the_name_of_a_message_is_read_from_json_or_text() {
        let read = |text: &str, body: &str| {
            let read: ReadText = parse_toml("tiuv.toml", text).expect("is of its form");
            let reply = Reply { status: 200, wait: None, body: Some(body.to_owned()) };
            IdAt::new("x", "id", &read).expect("is right").read(&reply, serde_json::from_str(body).ok().as_ref())
        };
        assert_eq!(read("at = '/id'", r#"{"id": 17}"#).as_deref(), Some("17"));
        assert_eq!(read("text = 'id: (\\S+)'", "sent, id: a-1 ok").as_deref(), Some("a-1"));
        assert_eq!(read("at = '/id'", r#"{"id": ""}"#), None);
    }
}
