//! Requests to services that `tiuv.toml` names: the address, what is sent, and the secrets that go with it.

use std::collections::BTreeMap;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url};

use super::{Method, Part, Place, Template, WrongSetting};
use crate::http::{is_loopback, media_type};

/// What is written of a request.
#[derive(Debug, Clone, Copy)]
pub struct RequestConfig<'a, P> {
    /// Where it goes.
    pub url: &'a Template<P>,
    /// How.
    pub method: Method,
    /// Headers as they stand.
    pub headers: &'a BTreeMap<String, String>,
    /// Headers whose values stand in environment variables.
    pub header_env: &'a BTreeMap<String, String>,
    /// Query parameters whose values stand in environment variables.
    pub query_env: &'a BTreeMap<String, String>,
    /// What is sent with POST.
    pub body: Option<&'a Template<P>>,
    /// Whether customers' contacts may travel unencrypted to another machine.
    pub allow_http: bool,
}

/// A request that was checked and is filled for each message or number.
pub struct RequestTemplate<P> {
    url: Template<P>,
    /// The address filled with invented values: what every other must agree with in scheme, host and port.
    sample: Url,
    method: Method,
    headers: HeaderMap,
    /// Secrets that stand in the query.
    query: Vec<(String, String)>,
    body: Option<Body<P>>,
}

struct Body<P> {
    template: Template<P>,
    writing: Writing,
}

/// How values are written into a body.
#[derive(Clone, Copy, PartialEq)]
enum Writing {
    Json,
    Form,
    Xml,
}

impl<P: Place> RequestTemplate<P> {
    /// Checks what is written and reads the secrets from `environment`. Nothing is sent. `sample` is an invented value for
    /// each place, `is_secret` knows the names of headers and parameters that carry secrets.
    ///
    /// # Errors
    /// With the key that is wrong.
    pub fn new(
        config: &RequestConfig<'_, P>,
        sample: &dyn Fn(P) -> &'static str,
        is_secret: &dyn Fn(&str) -> bool,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, WrongSetting> {
        let check = Check { sample, is_secret, environment };
        let address = check.address(config)?;
        let mut headers = check.headers(config)?;
        let body = check.body(config, &headers)?;
        if body.is_some() {
            headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        }
        let mut query = Vec::new();
        for (parameter, variable) in config.query_env {
            query.push((parameter.clone(), check.secret(&format!("query_env.{parameter}"), variable)?));
        }
        Ok(RequestTemplate { url: config.url.clone(), sample: address, method: config.method, headers, query, body })
    }

    /// Whether it travels encrypted.
    pub fn is_encrypted(&self) -> bool {
        self.sample.scheme() == "https"
    }

    /// Whether it stays on this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.sample)
    }

    /// The request; none where what is filled in would make it another address.
    pub fn fill<'a>(&self, client: &Client, value: impl Fn(P) -> &'a str) -> Option<reqwest::Request> {
        let mut url = Url::parse(&self.url.fill(&value, percent_encode)).ok()?;
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
            Some(body) => request.body(body.fill(&value)),
            None => request,
        }
        .build()
        .ok()
    }
}

impl<P: Place> Body<P> {
    fn fill<'a>(&self, value: impl Fn(P) -> &'a str) -> String {
        self.template.fill(
            value,
            match self.writing {
                Writing::Json => json_escape,
                Writing::Form => percent_encode,
                Writing::Xml => xml_escape,
            },
        )
    }
}

/// Checks what is written of one request.
struct Check<'a, P> {
    sample: &'a dyn Fn(P) -> &'static str,
    is_secret: &'a dyn Fn(&str) -> bool,
    environment: &'a dyn Fn(&str) -> Option<String>,
}

impl<P: Place> Check<'_, P> {
    fn address(&self, config: &RequestConfig<'_, P>) -> Result<Url, WrongSetting> {
        let wrong = |message: &str, help: &str| WrongSetting::new("url", message, help);
        let form = "write scheme, host and path, like https://api.example.com/lines/{digits}";
        let Some(Part::Text(start)) = config.url.parts().first() else {
            return Err(wrong("it must begin with a scheme and a host", form));
        };
        let is_plain = |part: &Part<P>| {
            let Part::Text(text) = part else { return true };
            text.bytes().all(|byte| byte.is_ascii_graphic() && !matches!(byte, b'\\' | b'#'))
        };
        if !config.url.parts().iter().all(is_plain) {
            let help = "write other letters as %XX, and no fragment: it is never sent";
            return Err(wrong("it holds a space, a backslash, `#`, or a letter that is not ASCII", help));
        }
        let authority_ends = start.split_once("://").is_some_and(|(_, behind)| behind.contains(['/', '?']));
        if config.url.parts().len() > 1 && !authority_ends {
            return Err(wrong("what is filled in can't be part of the host", form));
        }
        let sample = config.url.fill(self.sample, percent_encode);
        let sample = Url::parse(&sample).map_err(|error| wrong(&format!("it can't be read: {error}"), form))?;
        if !sample.username().is_empty() || sample.password().is_some() {
            let help = "send it as a header: header_env = { Authorization = \"VARIABLE\" }";
            return Err(wrong("it holds a password", help));
        }
        if let Some((parameter, _)) = sample.query_pairs().find(|(parameter, _)| (self.is_secret)(parameter)) {
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
        Ok(sample)
    }

    fn headers(&self, config: &RequestConfig<'_, P>) -> Result<HeaderMap, WrongSetting> {
        let mut headers = HeaderMap::new();
        for (header, value) in config.headers {
            let key = format!("headers.{header}");
            if (self.is_secret)(header) {
                let help = format!("keep it in an environment variable: header_env = {{ {header} = \"VARIABLE\" }}");
                return Err(WrongSetting::new(&key, "a secret does not belong into a file", &help));
            }
            headers.insert(header_name(&key, header)?, header_value(&key, value)?);
        }
        for (header, variable) in config.header_env {
            let key = format!("header_env.{header}");
            let mut value = header_value(&key, &self.secret(&key, variable)?)?;
            value.set_sensitive(true);
            headers.insert(header_name(&key, header)?, value);
        }
        Ok(headers)
    }

    fn secret(&self, key: &str, variable: &str) -> Result<String, WrongSetting> {
        (self.environment)(variable).filter(|value| !value.trim().is_empty()).ok_or_else(|| {
            let message = format!("the environment variable {variable} is not set");
            WrongSetting {
                key: key.to_owned(),
                message,
                help: format!("set it before you run tiuv: export {variable}=…"),
            }
        })
    }

    fn body(&self, config: &RequestConfig<'_, P>, headers: &HeaderMap) -> Result<Option<Body<P>>, WrongSetting> {
        let wrong = |message: &str, help: &str| WrongSetting::new("body", message, help);
        let Some(template) = config.body.cloned() else { return Ok(None) };
        if config.method != Method::Post {
            return Err(wrong("GET sends no body", "write method = \"POST\""));
        }
        let media = media_type(headers);
        let writing = match media.as_deref().unwrap_or("application/json") {
            "application/x-www-form-urlencoded" => Writing::Form,
            "application/xml" | "text/xml" => Writing::Xml,
            media if media == "application/json" || media.ends_with("+json") => Writing::Json,
            _ => {
                return Err(wrong(
                    "only JSON, forms and XML can be sent",
                    "set Content-Type to application/json in headers",
                ));
            }
        };
        let body = Body { template, writing };
        let is_json = || serde_json::from_str::<serde::de::IgnoredAny>(&body.fill(self.sample)).is_ok();
        if writing == Writing::Json && !is_json() {
            return Err(wrong(
                "it is no JSON once its places are filled in",
                "write for example '{\"number\": \"{e164}\"}'",
            ));
        }
        Ok(Some(body))
    }
}

fn header_name(key: &str, header: &str) -> Result<HeaderName, WrongSetting> {
    let not_to_be_set = ["host", "content-length", "transfer-encoding", "connection"];
    let name = HeaderName::try_from(header).ok().filter(|name| !not_to_be_set.contains(&name.as_str()));
    name.ok_or_else(|| WrongSetting::new(key, "no such header can be sent", "check how it is written"))
}

/// The value is never quoted: it may be a secret.
fn header_value(key: &str, value: &str) -> Result<HeaderValue, WrongSetting> {
    HeaderValue::try_from(value.trim()).map_err(|_| {
        let message = "the value has a line break or another letter that no header can hold";
        WrongSetting::new(key, message, "check the value")
    })
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

fn xml_escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            // XML 1.0, 2.2: no other control character can stand in a document, escaped or not.
            letter if letter.is_control() && !matches!(letter, '\t' | '\n' | '\r') => {}
            letter => out.push(letter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_stays_what_it_is_in_every_writing() {
        let hostile = "א&b=\"c\"</to>\u{1}";
        let written = |write: fn(&str, &mut String)| {
            let mut out = String::new();
            write(hostile, &mut out);
            out
        };
        assert_eq!(written(percent_encode), "%D7%90%26b%3D%22c%22%3C%2Fto%3E%01");
        assert_eq!(written(json_escape), "א&b=\\\"c\\\"</to>\\u0001");
        assert_eq!(written(xml_escape), "א&amp;b=&quot;c&quot;&lt;/to&gt;");
    }
}
