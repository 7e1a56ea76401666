//! The one client of HTTP: it goes where its owner wrote, reads no more than it may, and of a failure tells nothing that may
//! hold a secret or a customer's number.

mod retry_after;

use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Request, Response, StatusCode, Url};

use crate::error::causes;

/// How a client is to behave.
#[derive(Debug, Clone, Copy)]
pub struct HttpSettings {
    /// The longest wait for a host to take the connection.
    pub connect: Duration,
    /// For a request with its answer; none where whoever asks keeps the time.
    pub whole: Option<Duration>,
    /// Bytes of an answer that are read.
    pub most_bytes: u64,
    /// Addresses that an address may send us to, one after the other, and never from https to http. None: what sends us
    /// elsewhere is an answer like any other, and nothing is sent there.
    pub redirects: Option<usize>,
    /// Whether only https is spoken.
    pub is_encrypted: bool,
    /// Whether the host is this machine, which no proxy stands before.
    pub is_loopback: bool,
    /// Connections that are kept open; none: as many as there were.
    pub most_idle: Option<usize>,
}

/// Sends requests, each once.
#[derive(Debug, Clone)]
pub struct HttpClient {
    client: Client,
    most_bytes: u64,
}

/// An answer whose body has not been read.
#[derive(Debug)]
pub struct HttpAnswer {
    response: Response,
    most_bytes: u64,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoAnswer {
    /// How far it came.
    pub stage: Stage,
    /// With all that is behind it, and without the address.
    pub reason: String,
}

/// How far a request came that got no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It can't be sent at all.
    NoRequest,
    /// Before a byte of it left: name not found, refused, no TLS, no answer to the connection.
    NoConnection,
    /// It may have left, and took too long.
    Timeout,
    /// It may have left.
    BrokenOff,
}

/// Why an answer has no body that can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoBody {
    /// It is longer than allowed.
    TooLong,
    /// It broke off: why, without the address.
    BrokenOff(String),
}

impl HttpClient {
    /// A client.
    ///
    /// # Errors
    /// Why, when the system lacks what a connection needs.
    pub fn new(settings: &HttpSettings) -> Result<Self, String> {
        // Fails only where somebody chose a provider before, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut builder = Client::builder()
            .user_agent(concat!("tiuv/", env!("CARGO_PKG_VERSION")))
            .redirect(policy(settings.redirects))
            .referer(false)
            .connect_timeout(settings.connect)
            // A try may be paid for, or be a message: none is made behind anybody's back.
            .retry(reqwest::retry::never())
            .https_only(settings.is_encrypted);
        if let Some(whole) = settings.whole {
            builder = builder.timeout(whole);
        }
        if let Some(most) = settings.most_idle {
            builder = builder.pool_max_idle_per_host(most);
        }
        if settings.is_loopback {
            builder = builder.no_proxy();
        }
        let client = builder.build().map_err(|error| causes(&error.without_url()))?;
        Ok(HttpClient { client, most_bytes: settings.most_bytes })
    }

    /// What makes requests.
    pub fn inner(&self) -> &Client {
        &self.client
    }

    /// Sends a request, once.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send(&self, request: Request) -> Result<HttpAnswer, NoAnswer> {
        match self.client.execute(request).await {
            Ok(response) => Ok(HttpAnswer { response, most_bytes: self.most_bytes }),
            Err(error) => Err(NoAnswer::of(error)),
        }
    }

    /// Asks for what stands at an address.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn get(&self, url: Url) -> Result<HttpAnswer, NoAnswer> {
        self.send(self.client.get(url).build().map_err(NoAnswer::of)?).await
    }
}

impl NoAnswer {
    fn of(error: reqwest::Error) -> Self {
        let stage = match () {
            () if error.is_connect() => Stage::NoConnection,
            () if error.is_builder() => Stage::NoRequest,
            () if error.is_timeout() => Stage::Timeout,
            () => Stage::BrokenOff,
        };
        NoAnswer { stage, reason: causes(&error.without_url()) }
    }
}

impl HttpAnswer {
    /// Its status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The pause that it asks for.
    pub fn wait(&self) -> Option<Duration> {
        retry_after::pause(self.response.headers().get(RETRY_AFTER)?.to_str().ok()?)
    }

    /// Its body, given up where it is longer than allowed.
    ///
    /// # Errors
    /// When it is longer, or breaks off.
    pub async fn body(mut self) -> Result<Vec<u8>, NoBody> {
        if self.response.content_length().is_some_and(|length| length > self.most_bytes) {
            return Err(NoBody::TooLong);
        }
        let broken_off = |error: reqwest::Error| NoBody::BrokenOff(causes(&error.without_url()));
        let mut body = Vec::new();
        while let Some(chunk) = self.response.chunk().await.map_err(broken_off)? {
            if (body.len() + chunk.len()) as u64 > self.most_bytes {
                return Err(NoBody::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

fn policy(redirects: Option<usize>) -> Policy {
    let Some(most) = redirects else { return Policy::none() };
    Policy::custom(move |attempt| match refusal(&attempt, most) {
        Some(why) => attempt.error(why),
        None => attempt.follow(),
    })
}

/// Why an address that we are sent to is not followed.
fn refusal(attempt: &Attempt<'_>, most: usize) -> Option<&'static str> {
    if attempt.previous().len() > most {
        Some("it sends us from address to address")
    } else if !is_http(attempt.url()) {
        Some("it sends us to an address that is none of http or https")
    } else if attempt.url().scheme() == "http" && attempt.previous().iter().any(|url| url.scheme() == "https") {
        Some("it sends us from https to http, where anyone on the way could change the list")
    } else {
        None
    }
}

/// What a body is said to be, in small letters and without parameters; none where nothing is said of it.
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    Some(media_of(headers.get(CONTENT_TYPE)?.to_str().ok()?))
}

/// A content type in small letters and without parameters.
pub fn media_of(content_type: &str) -> String {
    let media = content_type.split_once(';').map_or(content_type, |(media, _)| media);
    media.trim().to_ascii_lowercase()
}

/// Whether an address is one of http or https.
pub fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Whether an address is this machine's own.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    address.map_or(host == "localhost", |address| address.is_loopback())
}
