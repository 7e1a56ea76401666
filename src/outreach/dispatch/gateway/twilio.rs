//! Twilio's Messages resource: sending, and asking whether it has a message.

use reqwest::Url;
use serde::Deserialize;

use super::contract::{Answer, Asking, Found, Gateway, Message, Terms};
use super::reply::{NoReply, Reply, ask, by_status, client};
use crate::config::TwilioConfig;
use crate::http::{HttpClient, is_loopback};
use crate::outreach::dispatch::error::{DispatchError, wrong};
use crate::rule::{DispatchPolicy, TwilioCodes};

/// Twilio, or what speaks as it does.
pub(super) struct Twilio {
    name: String,
    terms: Terms,
    client: HttpClient,
    messages: Url,
    user: String,
    password: String,
    /// `MessagingServiceSid` or `From`, and its value.
    sender: (&'static str, String),
    status_callback: Option<String>,
    codes: TwilioCodes,
}

impl Twilio {
    pub(super) fn new(
        name: &str,
        config: &TwilioConfig,
        terms: Terms,
        policy: &DispatchPolicy,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, DispatchError> {
        let wrong = |key: &str, message: &str, help: &str| wrong(name, &format!("twilio.{key}"), message, help);
        let is_sid = |text: &str, start: &str| {
            text.strip_prefix(start).is_some_and(|rest| rest.len() == 32 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
        };
        if !is_sid(&config.account, "AC") {
            return Err(wrong("account", "it is no account SID", "it begins with AC, 32 hexadecimal digits follow"));
        }
        let sender = match (&config.messaging_service, &config.from) {
            (Some(service), None) if is_sid(service, "MG") => ("MessagingServiceSid", service.clone()),
            (Some(_), None) => {
                let help = "it begins with MG, 32 hexadecimal digits follow";
                return Err(wrong("messaging_service", "it is no messaging service's SID", help));
            }
            (None, Some(from)) if !from.trim().is_empty() => ("From", from.clone()),
            _ => {
                let help = "write one of messaging_service = \"MG…\" and from = \"+972…\"";
                return Err(wrong("from", "a message needs exactly one sender", help));
            }
        };
        let base = config.base_url.as_deref().unwrap_or("https://api.twilio.com");
        let url = format!("{}/2010-04-01/Accounts/{}/Messages.json", base.trim_end_matches('/'), config.account);
        let messages = Url::parse(&url)
            .ok()
            .filter(|url| url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url)))
            .filter(|url| url.username().is_empty() && url.password().is_none() && url.query().is_none())
            .ok_or_else(|| wrong("base_url", "it is no encrypted address", "leave it out, or write https://HOST"))?;
        if config.status_callback.as_deref().is_some_and(|text| Url::parse(text).is_err()) {
            let help = "write the whole address at which tiuv's webhooks can be reached";
            return Err(wrong("status_callback", "it is no address", help));
        }
        let secret = |key: &str, variable: &str| {
            environment(variable).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).ok_or_else(
                || {
                    let help = format!("set it before you run tiuv: export {variable}=…");
                    wrong(key, &format!("the environment variable {variable} is not set"), &help)
                },
            )
        };
        Ok(Twilio {
            name: name.to_owned(),
            terms,
            client: client(&terms, policy.max_response_kib, messages.scheme() == "https", is_loopback(&messages))?,
            messages,
            user: secret("user_env", &config.user_env)?,
            password: secret("password_env", &config.password_env)?,
            sender,
            status_callback: config.status_callback.clone(),
            codes: policy.twilio.clone(),
        })
    }

    async fn send_once(&self, message: &Message) -> Answer {
        let mut form = vec![("To", message.to.as_str()), ("Body", &message.body), (self.sender.0, &self.sender.1)];
        if let Some(callback) = &self.status_callback {
            form.push(("StatusCallback", callback));
        }
        let request = self
            .client
            .inner()
            .post(self.messages.clone())
            .basic_auth(&self.user, Some(&self.password))
            .header(reqwest::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form_encoded(&form))
            .build();
        let Ok(request) = request else { return NoReply::NotSent("no_request").into() };
        match ask(&self.client, request).await {
            Ok(reply) => self.read(&reply),
            Err(why) => why.into(),
        }
    }

    fn read(&self, reply: &Reply) -> Answer {
        let body = reply.body.as_deref().unwrap_or_default();
        if (200..300).contains(&reply.status) {
            // Taken, but under a name that can't be read: asking will find it.
            let Ok(resource) = serde_json::from_str::<Resource>(body) else {
                return Answer::Unclear("unreadable".to_owned());
            };
            return match (resource.status.as_str(), resource.error_code) {
                ("failed" | "undelivered", code) => self.by_code(code.unwrap_or_default(), reply),
                _ => Answer::Accepted(resource.sid),
            };
        }
        match serde_json::from_str::<Problem>(body) {
            // 5xx says nothing of whether the message came through, whatever code stands in it.
            Ok(problem) if reply.status < 500 => self.by_code(problem.code, reply),
            _ => by_status(reply),
        }
    }

    fn by_code(&self, code: u32, reply: &Reply) -> Answer {
        let said = format!("twilio:{code}");
        if self.codes.opted_out.contains(&code) {
            Answer::OptedOut(said)
        } else if self.codes.invalid.contains(&code) {
            Answer::Invalid(said)
        } else if self.codes.closed.contains(&code) {
            Answer::Closed(said)
        } else if self.codes.busy.contains(&code) || reply.status == 429 {
            Answer::NotTaken { why: said, wait: reply.wait }
        } else {
            match by_status(reply) {
                Answer::Closed(_) => Answer::Closed(said),
                Answer::Unclear(_) if reply.status >= 400 => Answer::Unclear(said),
                _ => Answer::Failed(said),
            }
        }
    }

    /// Asks for the messages to this recipient, the newest first, page by page until they are older than ours.
    ///
    /// `DateSent>` would make the list shorter, but a message that waits in Twilio's queue has no such date yet: leaving it
    /// out would mean sending it again.
    async fn find_once(&self, message: &Message) -> Found {
        let mut next = self.messages.clone();
        next.query_pairs_mut().append_pair("To", &message.to).append_pair("PageSize", "50");
        for _ in 0..MOST_PAGES {
            let request = self.client.inner().get(next.clone()).basic_auth(&self.user, Some(&self.password)).build();
            let Ok(request) = request else { return Found::Unclear };
            let Ok(reply) = ask(&self.client, request).await else { return Found::Unclear };
            let page =
                reply.body.filter(|_| reply.status == 200).and_then(|body| serde_json::from_str::<Page>(&body).ok());
            let Some(page) = page else { return Found::Unclear };
            if let Some(resource) = page.messages.iter().find(|resource| resource.is(message)) {
                return self.state_of(resource);
            }
            let is_older = |resource: &Resource| {
                let created = resource.date_created.as_deref().and_then(read_date);
                // Clocks differ; a day is more than they do.
                created.is_some_and(|created| created < message.begun_at - jiff::SignedDuration::from_hours(24))
            };
            let Some(path) = page.next_page_uri.filter(|_| !page.messages.iter().any(is_older)) else {
                return Found::Absent;
            };
            match self.messages.join(&path) {
                Ok(url) if url.origin() == self.messages.origin() => next = url,
                _ => return Found::Unclear,
            }
        }
        Found::Unclear
    }

    fn state_of(&self, resource: &Resource) -> Found {
        let sid = resource.sid.clone();
        match resource.status.as_str() {
            "delivered" | "read" => Found::Delivered(sid),
            "failed" | "undelivered" | "canceled" => {
                let code = resource.error_code.unwrap_or_default();
                let said = format!("twilio:{code}");
                if self.codes.opted_out.contains(&code) { Found::OptedOut(said) } else { Found::Failed(sid, said) }
            }
            _ => Found::Sent(sid),
        }
    }
}

impl Gateway for Twilio {
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

/// A message as Twilio shows it.
#[derive(Deserialize)]
struct Resource {
    sid: String,
    #[serde(default)]
    status: String,
    error_code: Option<u32>,
    body: Option<String>,
    date_created: Option<String>,
}

impl Resource {
    /// Whether it is ours: it holds our link, or where there is none, the very text, and is not of an earlier year.
    fn is(&self, message: &Message) -> bool {
        let body = self.body.as_deref().unwrap_or_default();
        if !message.token.is_empty() {
            return body.contains(&message.token);
        }
        let created = self.date_created.as_deref().and_then(read_date);
        let is_recent = created.is_none_or(|at| at >= message.begun_at - jiff::SignedDuration::from_hours(24));
        body == message.body && is_recent
    }
}

#[derive(Deserialize)]
struct Page {
    messages: Vec<Resource>,
    next_page_uri: Option<String>,
}

/// An error as Twilio writes it.
#[derive(Deserialize)]
struct Problem {
    code: u32,
}

fn read_date(text: &str) -> Option<jiff::Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok()
}

fn form_encoded(pairs: &[(&str, &str)]) -> String {
    let mut url = Url::parse("http://localhost").expect("is an address");
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().to_owned()
}

/// Nobody gets a thousand messages from one club.
const MOST_PAGES: usize = 20;
