//! A service that is asked over HTTP and answers in JSON, as `[lookup.NAME]` tells.

mod reading;
mod request;
mod settings;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode};

use self::reading::Reading;
use self::request::Request;
use super::{Asking, Attempt, LookupError, Number, NumberLookup, Refusal, Temporary, Terms};
use crate::clock::timestamp;
use crate::config::LookupConfig;
use crate::error::causes;
use crate::rule::LookupPolicy;

/// A service that is asked over HTTP and answers in JSON.
pub struct HttpLookup {
    name: String,
    version: String,
    terms: Terms,
    client: Client,
    request: Request,
    reading: Reading,
    max_response: usize,
    /// Whether the first failure to connect was told.
    is_told: AtomicBool,
}

impl HttpLookup {
    /// Checks the settings of `[lookup.NAME]` and reads its secrets from `environment`. Nothing is sent.
    ///
    /// # Errors
    /// With the key that is wrong; or when the system lacks what a connection needs.
    pub fn new(
        name: &str,
        config: &LookupConfig,
        policy: &LookupPolicy,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, LookupError> {
        let terms = settings::terms(name, config, policy)?;
        let request = Request::new(name, config, policy, environment)?;
        let reading = Reading::new(name, config)?;
        let max_response = config.max_response_kib.unwrap_or(policy.max_response_kib) as usize * 1024;
        let client = client(&request, &terms)?;
        Ok(HttpLookup {
            name: name.to_owned(),
            version: settings::version(config),
            terms,
            client,
            request,
            reading,
            max_response,
            is_told: AtomicBool::new(false),
        })
    }

    async fn ask_once(&self, number: &Number) -> Attempt {
        let Some(request) = self.request.about(&self.client, number) else {
            // Settings are checked with a number like any other, so this is for safety alone.
            return Attempt::Refused(Refusal::Request(0));
        };
        // Errors of the client name the address, which holds the number: none is passed on.
        let response = match self.client.execute(request).await {
            Ok(response) => response,
            Err(error) => {
                let error = error.without_url();
                // An untrusted certificate or a misspelt host fails with every number: once is enough.
                if error.is_connect() && !self.is_told.swap(true, Ordering::Relaxed) {
                    tracing::warn!("look-up service {}: {}", self.name, causes(&error));
                }
                return failed(if error.is_connect() { Temporary::Connect } else { Temporary::Broken });
            }
        };
        let status = response.status();
        if let Some(attempt) = self.reading.status(status.as_u16()) {
            return attempt;
        }
        if !status.is_success() {
            return by_status(status, response.headers());
        }
        match self.body(response).await {
            Ok(body) => self.reading.body(&body),
            Err(why) => failed(why),
        }
    }

    /// The body, given up where it is longer than allowed.
    async fn body(&self, mut response: Response) -> Result<Vec<u8>, Temporary> {
        if response.content_length().is_some_and(|length| length > self.max_response as u64) {
            return Err(Temporary::Unreadable);
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|_| Temporary::Broken)? {
            if body.len() + chunk.len() > self.max_response {
                return Err(Temporary::Unreadable);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

impl NumberLookup for HttpLookup {
    fn name(&self) -> &str {
        &self.name
    }

    fn version(&self) -> &str {
        &self.version
    }

    fn terms(&self) -> &Terms {
        &self.terms
    }

    fn ask<'a>(&'a self, number: &'a Number) -> Asking<'a> {
        Box::pin(self.ask_once(number))
    }
}

fn client(request: &Request, terms: &Terms) -> Result<Client, LookupError> {
    // Fails only where somebody chose a provider before, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .user_agent(concat!("tiuv/", env!("CARGO_PKG_VERSION")))
        // A number is sent where its owner wrote that it be sent, and nowhere else.
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // Short of the door's own limit, so that a host that is gone is told from one that is slow, and costs nothing.
        .connect_timeout(terms.timeout / 2)
        // Every try is paid for, so none is made behind the door's back.
        .retry(reqwest::retry::never())
        .https_only(request.is_encrypted());
    if request.is_loopback() {
        builder = builder.no_proxy();
    }
    builder.build().map_err(|error| LookupError::System(error.without_url().to_string()))
}

/// What a status says that the settings don't speak of.
fn by_status(status: StatusCode, headers: &HeaderMap) -> Attempt {
    match status.as_u16() {
        429 => Attempt::Temporary { why: Temporary::Busy, wait: wait(headers) },
        code @ (500..=599 | 408 | 425) => Attempt::Temporary { why: Temporary::Server(code), wait: wait(headers) },
        code @ (300..=399 | 401 | 402 | 403 | 407) => Attempt::Refused(Refusal::Everything(code)),
        code => Attempt::Refused(Refusal::Request(code)),
    }
}

/// Retry-After (RFC 9110, 10.2.3): seconds, or a date.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value).ok()?;
    Some(Duration::try_from(date.duration_since(timestamp())).unwrap_or(Duration::ZERO))
}

fn failed(why: Temporary) -> Attempt {
    Attempt::Temporary { why, wait: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, value.parse().expect("a header"));
        wait(&headers)
    }

    #[test]
    fn a_pause_is_read_as_seconds_or_as_a_date() {
        assert_eq!(waits("7"), Some(Duration::from_secs(7)));
        assert_eq!(waits("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert!(waits("Fri, 31 Dec 2199 23:59:59 GMT").is_some_and(|wait| wait > Duration::from_secs(86_400)));
        assert_eq!(waits("soon"), None);
        assert_eq!(waits("-3"), None);
    }

    #[test]
    fn a_status_means_what_http_says() {
        let of = |code| by_status(StatusCode::from_u16(code).expect("a status"), &HeaderMap::new());
        assert_eq!(of(429), failed(Temporary::Busy));
        assert_eq!(of(503), failed(Temporary::Server(503)));
        assert_eq!(of(403), Attempt::Refused(Refusal::Everything(403)));
        assert_eq!(of(302), Attempt::Refused(Refusal::Everything(302)));
        assert_eq!(of(404), Attempt::Refused(Refusal::Request(404)));
    }
}
