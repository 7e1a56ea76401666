//! What HTTP gateways answer, and what a status alone says.

use std::time::Duration;

use reqwest::Request;

use super::contract::{Answer, Terms};
use crate::http::{HttpClient, HttpSettings, Stage};
use crate::outreach::dispatch::error::DispatchError;

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

/// The client for a gateway.
pub(super) fn client(
    terms: &Terms,
    max_response_kib: u32,
    is_encrypted: bool,
    is_loopback: bool,
) -> Result<HttpClient, DispatchError> {
    let settings = HttpSettings {
        // Short of the limit of the whole, so that a host that is gone is told from one that took the message and is slow.
        connect: terms.timeout / 2,
        whole: Some(terms.timeout),
        most_bytes: u64::from(max_response_kib) * 1024,
        // A message is sent where its owner wrote that it be sent, and nowhere else.
        redirects: None,
        is_encrypted,
        is_loopback,
        most_idle: Some(terms.max_in_flight),
    };
    HttpClient::new(&settings).map_err(DispatchError::System)
}

/// Sends a request and reads what comes.
pub(super) async fn ask(client: &HttpClient, request: Request) -> Result<Reply, NoReply> {
    let answer = client.send(request).await.map_err(|why| match why.stage {
        Stage::NoConnection => NoReply::NotSent("no_connection"),
        Stage::NoRequest => NoReply::NotSent("no_request"),
        Stage::Timeout => NoReply::MayHaveLeft("timeout"),
        Stage::BrokenOff => NoReply::MayHaveLeft("broken_off"),
    })?;
    let (status, wait) = (answer.status().as_u16(), answer.wait());
    let body = answer.body().await.ok().and_then(|body| String::from_utf8(body).ok());
    Ok(Reply { status, wait, body })
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
