//! Builds requests: the address, what is sent, and the secrets that go with it.

use std::net::IpAddr;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url};

use super::settings::wrong;
use crate::config::{LookupConfig, Method, Part, Template};
use crate::lookup::{LookupError, Number};
use crate::rule::LookupPolicy;

/// What is sent about a number.
pub(super) struct Request {
    url: Template,
    /// The address with an invented number: what every other must agree with in scheme, host and port.
    sample: Url,
    method: Method,
    headers: HeaderMap,
    /// Secrets that stand in the query.
    query: Vec<(String, String)>,
    body: Option<Body>,
}

struct Body {
    template: Template,
    is_json: bool,
}

impl Request {
    pub(super) fn new(
        name: &str,
        config: &LookupConfig,
        policy: &LookupPolicy,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, LookupError> {
        let settings = Settings { name, environment };
        let sample = settings.address(config, policy)?;
        let mut headers = settings.headers(config, policy)?;
        let body = settings.body(config, &headers)?;
        if body.is_some() {
            headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        }
        let mut query = Vec::new();
        for (parameter, variable) in &config.query_env {
            query.push((parameter.clone(), settings.secret(&format!("query_env.{parameter}"), variable)?));
        }
        Ok(Request { url: config.url.clone(), sample, method: config.method, headers, query, body })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.sample.scheme() == "https"
    }

    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.sample)
    }

    /// The request; none where the number would make it another address.
    pub(super) fn about(&self, client: &Client, number: &Number) -> Option<reqwest::Request> {
        let mut url = Url::parse(&self.url.fill(|form| number.form(form), percent_encode)).ok()?;
        if url.origin() != self.sample.origin() {
            return None;
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let request = match self.method {
            Method::Get => client.get(url),
            Method::Post => client.post(url),
        };
        let request = request.headers(self.headers.clone());
        match &self.body {
            Some(body) => request.body(body.about(number)),
            None => request,
        }
        .build()
        .ok()
    }
}

impl Body {
    fn about(&self, number: &Number) -> String {
        let written = if self.is_json { json_escape } else { percent_encode };
        self.template.fill(|form| number.form(form), written)
    }
}

/// Checks the settings of one service.
struct Settings<'a> {
    name: &'a str,
    environment: &'a dyn Fn(&str) -> Option<String>,
}

impl Settings<'_> {
    fn address(&self, config: &LookupConfig, policy: &LookupPolicy) -> Result<Url, LookupError> {
        let wrong = |message: &str, help: &str| wrong(self.name, "url", message.to_owned(), help.to_owned());
        let form = "write scheme, host and path, like https://api.example.com/lines/{digits}";
        let Some(Part::Text(start)) = config.url.parts().first() else {
            return Err(wrong("it must begin with a scheme and a host", form));
        };
        let is_plain = |part: &Part| {
            let Part::Text(text) = part else { return true };
            text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#'))
        };
        if !config.url.parts().iter().all(is_plain) {
            let help = "write other letters as %XX, and no fragment: it is never sent";
            return Err(wrong("it holds a space, a backslash, `#`, or a letter that is not ASCII", help));
        }
        let authority_ends = start.split_once("://").is_some_and(|(_, behind)| behind.contains(['/', '?']));
        if config.url.parts().len() > 1 && !authority_ends {
            return Err(wrong("a number can't be part of the host", form));
        }
        let number = sample_number();
        let sample = config.url.fill(|form| number.form(form), percent_encode);
        let sample = Url::parse(&sample).map_err(|error| wrong(&format!("it can't be read: {error}"), form))?;
        if !sample.username().is_empty() || sample.password().is_some() {
            return Err(wrong(
                "it holds a password",
                "send it as a header: header_env = { Authorization = \"VARIABLE\" }",
            ));
        }
        if let Some((parameter, _)) = sample.query_pairs().find(|(parameter, _)| policy.is_secret(parameter)) {
            let help = format!("keep it in an environment variable: query_env = {{ {parameter} = \"VARIABLE\" }}");
            return Err(wrong("a secret does not belong into a file", &help));
        }
        let is_allowed = match sample.scheme() {
            "https" => true,
            "http" => config.allow_http || is_loopback(&sample),
            _ => return Err(wrong("only https can be asked", form)),
        };
        if !is_allowed {
            let help = "use https, or accept it with allow_http = true";
            return Err(wrong("customers' numbers would travel unencrypted", help));
        }
        let in_body = config.body.as_ref().is_some_and(Template::holds_number);
        if !config.url.holds_number() && !in_body {
            return Err(wrong(
                "no number is sent, neither here nor in the body",
                "put {e164}, {digits} or {national} into it",
            ));
        }
        Ok(sample)
    }

    fn headers(&self, config: &LookupConfig, policy: &LookupPolicy) -> Result<HeaderMap, LookupError> {
        let mut headers = HeaderMap::new();
        for (header, value) in &config.headers {
            let key = format!("headers.{header}");
            if policy.is_secret(header) {
                let help = format!("keep it in an environment variable: header_env = {{ {header} = \"VARIABLE\" }}");
                return Err(wrong(self.name, &key, "a secret does not belong into a file".to_owned(), help));
            }
            headers.insert(self.header_name(&key, header)?, self.header_value(&key, value)?);
        }
        for (header, variable) in &config.header_env {
            let key = format!("header_env.{header}");
            let mut value = self.header_value(&key, &self.secret(&key, variable)?)?;
            value.set_sensitive(true);
            headers.insert(self.header_name(&key, header)?, value);
        }
        Ok(headers)
    }

    fn header_name(&self, key: &str, header: &str) -> Result<HeaderName, LookupError> {
        let not_to_be_set = ["host", "content-length", "transfer-encoding", "connection"];
        HeaderName::try_from(header).ok().filter(|name| !not_to_be_set.contains(&name.as_str())).ok_or_else(|| {
            wrong(self.name, key, "no such header can be sent".to_owned(), "check how it is written".to_owned())
        })
    }

    /// The value is never quoted: it may be a secret.
    fn header_value(&self, key: &str, value: &str) -> Result<HeaderValue, LookupError> {
        HeaderValue::try_from(value.trim()).map_err(|_| {
            let message = "the value has a line break or another letter that no header can hold".to_owned();
            wrong(self.name, key, message, "check the value".to_owned())
        })
    }

    fn secret(&self, key: &str, variable: &str) -> Result<String, LookupError> {
        (self.environment)(variable).filter(|value| !value.trim().is_empty()).ok_or_else(|| {
            let help = format!("set it before you run tiuv: export {variable}=…");
            wrong(self.name, key, format!("the environment variable {variable} is not set"), help)
        })
    }

    fn body(&self, config: &LookupConfig, headers: &HeaderMap) -> Result<Option<Body>, LookupError> {
        let wrong = |message: &str, help: &str| wrong(self.name, "body", message.to_owned(), help.to_owned());
        let Some(template) = config.body.clone() else { return Ok(None) };
        if config.method != Method::Post {
            return Err(wrong("GET sends no body", "write method = \"POST\""));
        }
        let content = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("application/json");
        let media = content.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_json = media == "application/json" || media.ends_with("+json");
        if !is_json && media != "application/x-www-form-urlencoded" {
            return Err(wrong("only JSON and forms can be sent", "set Content-Type to application/json in headers"));
        }
        let body = Body { template, is_json };
        if is_json && serde_json::from_str::<serde::de::IgnoredAny>(&body.about(&sample_number())).is_err() {
            return Err(wrong(
                "it is no JSON once a number is filled in",
                "write for example '{\"number\": \"{e164}\"}'",
            ));
        }
        Ok(Some(body))
    }
}

/// RFC 3986: all but the unreserved letters.
fn percent_encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => {
                out.push('%');
                out.push_str(&format!("{byte:02X}"));
            }
        }
    }
}

fn json_escape(text: &str, out: &mut String) {
    // Only a writer can make this fail, and a text is none that does.
    let quoted = serde_json::to_string(text).unwrap_or_default();
    out.push_str(quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or_default());
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}

/// Settings are tried with a number that nobody has.
fn sample_number() -> Number {
    Number::parse("+12025550123").expect("is E.164")
}
