//! The client that HTTP gateways share: what it never does, and how much of an answer it reads.

use std::time::Duration;

use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Request, Response};

use super::{Answer, Terms};
use crate::clock::timestamp;
use crate::outreach::dispatch::DispatchError;

/// Sends requests and reads short answers.
pub(super) struct HttpClient {
    client: Client,
    max_response: usize,
}

/// An answer.
pub(super) struct Reply {
    pub(super) status: u16,
    /// The pause that it asks for.
    pub(super) wait: Option<Duration>,
    /// None where it is too long, broken off, or not UTF-8.
    pub(super) body: Option<String>,
}

/// Why there is no answer.
pub(super) enum NoReply {
    /// The request never left.
    NotSent(&'static str),
    /// It may have left.
    MayHaveLeft(&'static str),
}

impl From<NoReply> for Answer {
    fn from(why: NoReply) -> Self {
        match why {
            NoReply::NotSent(why) => Answer::NotTaken { why: why.to_owned(), wait: None },
            NoReply::MayHaveLeft(why) => Answer::Unclear(why.to_owned()),
        }
    }
}

impl HttpClient {
    pub(super) fn new(
        terms: &Terms,
        max_response_kib: u32,
        is_encrypted: bool,
        is_loopback: bool,
    ) -> Result<Self, DispatchError> {
        // Fails only where somebody chose a provider before, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("tiuv/", env!("CARGO_PKG_VERSION")))
            // A message is sent where its owner wrote that it be sent, and nowhere else.
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            // Short of the limit of the whole, so that a host that is gone is told from one that took the message and is slow.
            .connect_timeout(terms.timeout / 2)
            .timeout(terms.timeout)
            .pool_max_idle_per_host(terms.max_in_flight)
            // Nothing is ever sent twice behind dispatch's back.
            .retry(reqwest::retry::never())
            .https_only(is_encrypted);
        if is_loopback {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| DispatchError::System(error.without_url().to_string()))?;
        Ok(HttpClient { client, max_response: max_response_kib as usize * 1024 })
    }

    pub(super) fn inner(&self) -> &Client {
        &self.client
    }

    /// The answer; errors of the client name the address, which may hold a number, so none is passed on.
    pub(super) async fn ask(&self, request: Request) -> Result<Reply, NoReply> {
        let response = match self.client.execute(request).await {
            Ok(response) => response,
            // Made before a byte of the request left: name not found, refused, no TLS, no answer to the connection.
            Err(error) if error.is_connect() => return Err(NoReply::NotSent("no_connection")),
            Err(error) if error.is_builder() => return Err(NoReply::NotSent("no_request")),
            Err(error) if error.is_timeout() => return Err(NoReply::MayHaveLeft("timeout")),
            Err(_) => return Err(NoReply::MayHaveLeft("broken_off")),
        };
        let status = response.status().as_u16();
        let wait = wait(response.headers());
        Ok(Reply { status, wait, body: self.body(response).await })
    }

    async fn body(&self, mut response: Response) -> Option<String> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.ok()? {
            if body.len() + chunk.len() > self.max_response {
                return None;
            }
            body.extend_from_slice(&chunk);
        }
        String::from_utf8(body).ok()
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

/// What a status says that nothing else speaks of.
pub(super) fn by_status(reply: &Reply) -> Answer {
    let code = format!("http:{}", reply.status);
    match reply.status {
        429 => Answer::NotTaken { why: code, wait: reply.wait },
        // A proxy's word, or a server's that failed: the message may have come through before.
        408 | 425 | 500..=599 => Answer::Unclear(code),
        300..=399 | 401..=405 | 407 => Answer::Closed(code),
        400..=499 => Answer::Failed(code),
        _ => Answer::Unclear(code),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_certainly_not_taken_is_tried_again() {
        let of = |status| by_status(&Reply { status, wait: Some(Duration::from_secs(3)), body: None });
        assert!(matches!(of(429), Answer::NotTaken { wait: Some(_), .. }));
        for status in [200, 204, 408, 500, 502, 503, 504] {
            assert!(matches!(of(status), Answer::Unclear(_)), "{status}");
        }
        for status in [302, 401, 403, 404] {
            assert!(matches!(of(status), Answer::Closed(_)), "{status}");
        }
        assert_eq!(of(422), Answer::Failed("http:422".to_owned()));
    }
}
