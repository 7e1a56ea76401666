//! A gateway that is spoken to over HTTP in its own words, as `[outreach.gateway.NAME.http]` tells.

use serde_json::Value;

use super::answer::{IdAt, Rule};
use super::contract::{Answer, Asking, Found, Gateway, Message, Terms};
use super::reply::{NoReply, Reply, ask, by_status, client};
use crate::config::{HttpConfig, MessagePlace, NumberForm, RequestConfig, RequestTemplate, Template};
use crate::http::HttpClient;
use crate::lookup::Number;
use crate::outreach::dispatch::error::{DispatchError, wrong};
use crate::rule::DispatchPolicy;

/// A gateway that is spoken to over HTTP.
pub(super) struct Http {
    name: String,
    terms: Terms,
    client: HttpClient,
    request: RequestTemplate<MessagePlace>,
    accepted: Option<Rule>,
    opted_out: Option<Rule>,
    invalid: Option<Rule>,
    busy: Option<Rule>,
    refused: Option<Rule>,
    id: Option<IdAt>,
    find: Option<Find>,
    /// Whether the subject of a mail has a place of its own.
    has_subject: bool,
}

/// How it is asked whether it has a message.
struct Find {
    request: RequestTemplate<MessagePlace>,
    found: Rule,
    absent: Rule,
    id: Option<IdAt>,
}

impl Http {
    pub(super) fn new(
        name: &str,
        config: &HttpConfig,
        terms: Terms,
        takes_mail: bool,
        policy: &DispatchPolicy,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, DispatchError> {
        let HttpConfig { url, method, headers, header_env, query_env, body, allow_http, .. } = config;
        let make = |key: &str, url, method, body| {
            let request = RequestConfig { url, method, headers, header_env, query_env, body, allow_http: *allow_http };
            let is_secret = |name: &str| policy.is_secret(name);
            RequestTemplate::new(&request, &sample, &is_secret, environment)
                .map_err(|setting| wrong(name, &format!("{key}{}", setting.key), &setting.message, &setting.help))
        };
        let request = make("http.", url, *method, body.as_ref())?;
        let sends = |place| url.holds(place) || body.as_ref().is_some_and(|body| body.holds(place));
        if !RECIPIENT.into_iter().any(sends) || !sends(MessagePlace::Body) {
            let message = "the recipient or the text is not sent, neither here nor in the body";
            return Err(wrong(name, "http.url", message, "put {digits}, {e164} or {to}, and {body} into it"));
        }
        if takes_mail && !sends(MessagePlace::To) {
            let message = "the address of a mail is not sent, neither here nor in the body";
            return Err(wrong(name, "http.url", message, "put {to} into it: the other places are of numbers"));
        }
        let rule = |key: &str, says| Rule::new(name, &format!("http.{key}"), says);
        let id_at = |key: &str, read: &Option<_>| read.as_ref().map(|read| IdAt::new(name, key, read)).transpose();
        let find = match &config.find {
            None => None,
            Some(find) => {
                let request = make("http.find.", &find.url, find.method, find.body.as_ref())?;
                let names = |template: &Template<MessagePlace>| {
                    [MessagePlace::Id, MessagePlace::Token].into_iter().any(|place| template.holds(place))
                };
                if !names(&find.url) && !find.body.as_ref().is_some_and(names) {
                    let message = "it does not say which message is asked about";
                    return Err(wrong(name, "http.find.url", message, "put {id} or {token} into it"));
                }
                let (Some(found), Some(absent)) =
                    (rule("find.found", &find.found)?, rule("find.absent", &find.absent)?)
                else {
                    let message = "`found` and `absent` must say something";
                    return Err(wrong(name, "http.find", message, "a message that is not seen may still be there"));
                };
                Some(Find { request, found, absent, id: id_at("http.find.id", &find.id)? })
            }
        };
        Ok(Http {
            name: name.to_owned(),
            terms,
            client: client(
                &terms,
                policy.max_response_kib,
                request.is_encrypted() && find.as_ref().is_none_or(|find| find.request.is_encrypted()),
                request.is_loopback(),
            )?,
            request,
            accepted: rule("accepted", &config.accepted)?,
            opted_out: rule("opted_out", &config.opted_out)?,
            invalid: rule("invalid", &config.invalid)?,
            busy: rule("busy", &config.busy)?,
            refused: rule("refused", &config.refused)?,
            id: id_at("http.id", &config.id)?,
            find,
            has_subject: sends(MessagePlace::Subject),
        })
    }

    async fn send_once(&self, message: &Message) -> Answer {
        let values = Values::of(message, self.has_subject);
        let Some(request) = self.request.fill(self.client.inner(), |place| values.of_place(place)) else {
            return NoReply::NotSent("no_request").into();
        };
        match ask(&self.client, request).await {
            Ok(reply) => self.read(message, &reply),
            Err(why) => why.into(),
        }
    }

    fn read(&self, message: &Message, reply: &Reply) -> Answer {
        let json = json_of(reply);
        let holds = |rule: &Option<Rule>| rule.as_ref().is_some_and(|rule| rule.holds(reply, json.as_ref()));
        let code = format!("http:{}", reply.status);
        if holds(&self.opted_out) {
            return Answer::OptedOut(code);
        }
        if holds(&self.invalid) {
            return Answer::Invalid(code);
        }
        if holds(&self.busy) {
            return Answer::NotTaken { why: code, wait: reply.wait };
        }
        if holds(&self.refused) {
            return Answer::Failed(code);
        }
        let is_accepted = match &self.accepted {
            Some(rule) => rule.holds(reply, json.as_ref()),
            None => (200..300).contains(&reply.status),
        };
        if is_accepted {
            let id = self.id.as_ref().and_then(|id| id.read(reply, json.as_ref()));
            return Answer::Accepted(id.unwrap_or_else(|| message.id.to_string()));
        }
        by_status(reply)
    }

    async fn find_once(&self, message: &Message) -> Found {
        let Some(find) = &self.find else { return Found::Unclear };
        let values = Values::of(message, self.has_subject);
        let Some(request) = find.request.fill(self.client.inner(), |place| values.of_place(place)) else {
            return Found::Unclear;
        };
        let Ok(reply) = ask(&self.client, request).await else { return Found::Unclear };
        let json = json_of(&reply);
        match (find.found.holds(&reply, json.as_ref()), find.absent.holds(&reply, json.as_ref())) {
            (true, false) => {
                let id = find.id.as_ref().and_then(|id| id.read(&reply, json.as_ref()));
                Found::Sent(id.unwrap_or_else(|| message.id.to_string()))
            }
            (false, true) => Found::Absent,
            // Both or neither: rules that contradict each other say nothing.
            _ => Found::Unclear,
        }
    }
}

impl Gateway for Http {
    fn name(&self) -> &str {
        &self.name
    }

    fn terms(&self) -> &Terms {
        &self.terms
    }

    fn send<'a>(&'a self, message: &'a Message) -> Asking<'a, Answer> {
        Box::pin(self.send_once(message))
    }

    fn find<'a>(&'a self, message: &'a Message) -> Asking<'a, Found> {
        Box::pin(self.find_once(message))
    }
}

fn json_of(reply: &Reply) -> Option<Value> {
    serde_json::from_str(reply.body.as_deref()?).ok()
}

/// What the places of templates stand for in one message.
struct Values<'a> {
    message: &'a Message,
    number: Option<Number>,
    subject: &'a str,
    body: &'a str,
    id: String,
    day: String,
}

impl<'a> Values<'a> {
    fn of(message: &'a Message, has_subject: bool) -> Self {
        let day = message.begun_at.strftime("%Y-%m-%d").to_string();
        let (subject, body) = if has_subject { message.subject_and_text() } else { ("", message.body.as_str()) };
        Values { message, number: Number::parse(&message.to), subject, body, id: message.id.to_string(), day }
    }

    fn of_place(&self, place: MessagePlace) -> &str {
        match place {
            MessagePlace::To => &self.message.to,
            MessagePlace::Number(form) => self.number.as_ref().map_or("", |number| number.form(form)),
            MessagePlace::Body => self.body,
            MessagePlace::Subject => self.subject,
            MessagePlace::Id => &self.id,
            MessagePlace::Token => &self.message.token,
            MessagePlace::FirstName => &self.message.first_name,
            MessagePlace::Language => &self.message.language,
            MessagePlace::Day => &self.day,
        }
    }
}

const RECIPIENT: [MessagePlace; 4] = [
    MessagePlace::To,
    MessagePlace::Number(NumberForm::E164),
    MessagePlace::Number(NumberForm::Digits),
    MessagePlace::Number(NumberForm::National),
];

/// Settings are tried with a message that nobody gets.
fn sample(place: MessagePlace) -> &'static str {
    match place {
        MessagePlace::To | MessagePlace::Number(NumberForm::E164) => "+12025550123",
        MessagePlace::Number(NumberForm::Digits) => "12025550123",
        MessagePlace::Number(NumberForm::CountryCode) => "1",
        MessagePlace::Number(NumberForm::National) => "2025550123",
        MessagePlace::Body => "שלום \"Dana\" <https://example.org/c/abcdefghijkl>",
        MessagePlace::Subject => "Kalanit",
        MessagePlace::Id => "1",
        MessagePlace::Token => "abcdefghijkl",
        MessagePlace::FirstName => "דנה",
        MessagePlace::Language => "he",
        MessagePlace::Day => "2026-11-21",
    }
}
