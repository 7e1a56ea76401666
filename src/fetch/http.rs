//! What stands at an address: one request, a few redirects, never from https back to http.

use std::time::Duration;

use reqwest::Url;

use super::{FetchError, FetchLimits};
use crate::http::{HttpClient, HttpSettings, NoBody, is_http, is_loopback};

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
    let client = client(url, limits).map_err(failed)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(|error| failed(error.to_string()))?;
    let all = runtime.block_on(async { tokio::time::timeout(limits.timeout, body(&client, url, &from, limits)).await });
    // A look-up of the host's name that hangs is left behind.
    runtime.shutdown_background();
    all.unwrap_or_else(|_| Err(failed(format!("it took longer than {} seconds", limits.timeout.as_secs()))))
}

async fn body(client: &HttpClient, url: &Url, from: &str, limits: &FetchLimits) -> Result<Vec<u8>, FetchError> {
    let failed = |reason: String| FetchError::Network { from: from.to_owned(), reason };
    let answer = client.get(url.clone()).await.map_err(|why| failed(why.reason))?;
    if !answer.status().is_success() {
        return Err(FetchError::Status { from: from.to_owned(), status: answer.status().to_string() });
    }
    answer.body().await.map_err(|why| match why {
        NoBody::TooLong => FetchError::too_long(from, limits),
        NoBody::BrokenOff(reason) => failed(reason),
    })
}

fn client(url: &Url, limits: &FetchLimits) -> Result<HttpClient, String> {
    HttpClient::new(&HttpSettings {
        connect: CONNECT.min(limits.timeout),
        whole: None,
        most_bytes: limits.bytes,
        redirects: Some(limits.redirects),
        is_encrypted: false,
        is_loopback: is_loopback(url),
        most_idle: None,
    })
}

/// An address for people and files: user, password, query and fragment may hold secrets.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Fails only for addresses without a host, which http has not.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.to_string()
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
