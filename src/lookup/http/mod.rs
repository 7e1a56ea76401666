//! A service that is asked over HTTP and answers in JSON, as `[lookup.NAME]` tells.

mod reading;
mod request;
mod settings;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use self::reading::Reading;
use self::request::Request;
use super::{Asking, Attempt, LookupError, Number, NumberLookup, Refusal, Temporary, Terms};
use crate::config::LookupConfig;
use crate::http::{HttpClient, HttpSettings, NoAnswer, NoBody, Stage};
use crate::rule::LookupPolicy;

/// A service that is asked over HTTP and answers in JSON.
pub struct HttpLookup {
    name: String,
    version: String,
    terms: Terms,
    client: HttpClient,
    request: Request,
    reading: Reading,
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
        let most_bytes = u64::from(config.max_response_kib.unwrap_or(policy.max_response_kib)) * 1024;
        let client = client(&request, &terms, most_bytes)?;
        Ok(HttpLookup {
            name: name.to_owned(),
            version: settings::version(config),
            terms,
            client,
            request,
            reading,
            is_told: AtomicBool::new(false),
        })
    }

    async fn ask_once(&self, number: &Number) -> Attempt {
        let Some(request) = self.request.about(self.client.inner(), number) else {
            // Settings are checked with a number like any other, so this is for safety alone.
            return Attempt::Refused(Refusal::Request(0));
        };
        let answer = match self.client.send(request).await {
            Ok(answer) => answer,
            Err(NoAnswer { stage: Stage::NoConnection, reason }) => {
                // An untrusted certificate or a misspelt host fails with every number: once is enough.
                if !self.is_told.swap(true, Ordering::Relaxed) {
                    tracing::warn!("look-up service {}: {reason}", self.name);
                }
                return failed(Temporary::Connect);
            }
            Err(_) => return failed(Temporary::Broken),
        };
        let status = answer.status();
        if let Some(attempt) = self.reading.status(status.as_u16()) {
            return attempt;
        }
        if !status.is_success() {
            return by_status(status.as_u16(), answer.wait());
        }
        match answer.body().await {
            Ok(body) => self.reading.body(&body),
            Err(NoBody::TooLong) => failed(Temporary::Unreadable),
            Err(NoBody::BrokenOff(_)) => failed(Temporary::Broken),
        }
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

fn client(request: &Request, terms: &Terms, most_bytes: u64) -> Result<HttpClient, LookupError> {
    let settings = HttpSettings {
        // Short of the door's own limit, so that a host that is gone is told from one that is slow, and costs nothing.
        connect: terms.timeout / 2,
        whole: None,
        most_bytes,
        // A number is sent where its owner wrote that it be sent, and nowhere else.
        redirects: None,
        is_encrypted: request.is_encrypted(),
        is_loopback: request.is_loopback(),
        most_idle: None,
    };
    HttpClient::new(&settings).map_err(LookupError::System)
}

/// What a status says that the settings don't speak of.
fn by_status(status: u16, wait: Option<Duration>) -> Attempt {
    match status {
        429 => Attempt::Temporary { why: Temporary::Busy, wait },
        500..=599 | 408 | 425 => Attempt::Temporary { why: Temporary::Server(status), wait },
        300..=399 | 401 | 402 | 403 | 407 => Attempt::Refused(Refusal::Everything(status)),
        _ => Attempt::Refused(Refusal::Request(status)),
    }
}

fn failed(why: Temporary) -> Attempt {
    Attempt::Temporary { why, wait: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_means_what_http_says() {
        let of = |code| by_status(code, None);
        assert_eq!(of(429), failed(Temporary::Busy));
        assert_eq!(of(503), failed(Temporary::Server(503)));
        assert_eq!(of(403), Attempt::Refused(Refusal::Everything(403)));
        assert_eq!(of(302), Attempt::Refused(Refusal::Everything(302)));
        assert_eq!(of(404), Attempt::Refused(Refusal::Request(404)));
    }
}
