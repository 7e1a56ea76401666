//! What stands at an address: one request, a few redirects, never from https back to http.

use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, Url};

use super::{FetchError, FetchLimits, shown};
use crate::error::causes;

/// The longest wait for a host to take the connection.
const CONNECT: Duration = Duration::from_secs(10);

/// Reads an address.
///
/// # Errors
/// When it is none of http or https.
pub(super) fn address(text: &str) -> Result<Url, FetchError> {
    let scheme = text.split("://").next().unwrap_or_default();
    let wrong =
        || FetchError::Address { scheme: scheme.chars().filter(|letter| !letter.is_control()).take(20).collect() };
    let url = Url::parse(text).map_err(|_| wrong())?;
    if is_http(&url) && url.has_host() { Ok(url) } else { Err(wrong()) }
}

/// Fetches what stands there, given up where it is longer than allowed.
///
/// # Errors
/// When the network or the host fails.
pub(super) fn get(url: &Url, limits: &FetchLimits) -> Result<Vec<u8>, FetchError> {
    let from = shown(url);
    let failed = |reason: String| FetchError::Network { from: from.clone(), reason };
    let client = client(url, limits).map_err(|error| failed(causes(&error.without_url())))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|error| failed(error.to_string()))?;
    let all = runtime.block_on(async { tokio::time::timeout(limits.timeout, body(&client, url, &from, limits)).await });
    // A look-up of the host's name that hangs is left behind.
    runtime.shutdown_background();
    all.unwrap_or_else(|_| Err(failed(format!("it took longer than {} seconds", limits.timeout.as_secs()))))
}

async fn body(client: &Client, url: &Url, from: &str, limits: &FetchLimits) -> Result<Vec<u8>, FetchError> {
    let failed = |error: reqwest::Error| FetchError::Network {
        from: from.to_owned(),
        // What the client says names the address with its secrets.
        reason: causes(&error.without_url()),
    };
    let mut response: Response = client.get(url.clone()).send().await.map_err(failed)?;
    let status = response.status();
    if !status.is_success() {
        return Err(FetchError::Status { from: from.to_owned(), status: status.to_string() });
    }
    if response.content_length().is_some_and(|length| length > limits.bytes) {
        return Err(FetchError::too_long(from, limits));
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if (body.len() + chunk.len()) as u64 > limits.bytes {
            return Err(FetchError::too_long(from, limits));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn client(url: &Url, limits: &FetchLimits) -> Result<Client, reqwest::Error> {
    // Fails only where somebody chose a provider before, which serves as well.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let redirects = limits.redirects;
    let mut builder = Client::builder()
        .user_agent(concat!("tiuv/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::custom(move |attempt| match refusal(&attempt, redirects) {
            Some(why) => attempt.error(why),
            None => attempt.follow(),
        }))
        .referer(false)
        .connect_timeout(CONNECT.min(limits.timeout));
    if is_loopback(url) {
        builder = builder.no_proxy();
    }
    builder.build()
}

/// Why an address that we are sent to is not followed.
fn refusal(attempt: &Attempt<'_>, redirects: usize) -> Option<&'static str> {
    if attempt.previous().len() > redirects {
        Some("it sends us from address to address")
    } else if !is_http(attempt.url()) {
        Some("it sends us to an address that is none of http or https")
    } else if attempt.url().scheme() == "http" && attempt.previous().iter().any(|url| url.scheme() == "https") {
        Some("it sends us from https to http, where anyone on the way could change the list")
    } else {
        None
    }
}

fn is_http(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{Exit, Explain};

    #[test]
    fn only_addresses_of_http_are_fetched() {
        assert!(address("https://lists.example/a.txt").is_ok() && address("HTTP://127.0.0.1:8080/").is_ok());
        for text in ["ftp://lists.example/a.txt", "file:///etc/passwd", "https://", "://x", "http://[::1/"] {
            let error = address(text).expect_err(text);
            assert_eq!(error.exit(), Exit::Usage, "{error}");
        }
    }
}
