//! Webhooks: gateways report what became of messages, and hand over what customers wrote. They only write, and are answered
//! at once; whoever can't be told from the gateway is refused.

mod charset;
mod fields;
mod gateway;
mod message;
mod parts;
mod routes;
mod signature;
mod writing;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;

use super::desk::ToDesk;
use super::error::WebError;
use crate::config::WebhooksConfig;
use crate::pipeline::Setup;
use crate::rule::{IngestRules, ReportWords};

use charset::Guess;
use gateway::Gateway;

/// The paths below `/webhooks`.
///
/// # Errors
/// When the configuration is not whole, a secret is not in the environment, or a rule file is not of its form.
pub(super) fn room(
    config: &WebhooksConfig,
    secret: &dyn Fn(&str) -> Option<String>,
    words: ReportWords,
    setup: &Setup,
    desk: ToDesk,
) -> Result<Router, WebError> {
    if let Some((message, help)) = config.problem() {
        return Err(WebError::Config { message, help });
    }
    let mut gateways = BTreeMap::new();
    for (name, hook) in &config.gateway {
        let public_url = config.public_url.as_deref().unwrap_or_default();
        gateways.insert(name.clone(), Gateway::new(name, hook, public_url, secret)?);
    }
    let context = &setup.context;
    let rules = IngestRules::load(&context.files)?;
    let guess = Guess { tld: context.region.to_ascii_lowercase(), rules };
    Ok(routes::router(Arc::new(routes::Shared::new(gateways, words, guess, desk))))
}

#[cfg(test)]
mod tests;

/// Reads a request's body as the routes do, whoever sent it; for the fuzz target of webhooks.
#[cfg(fuzzing)]
pub fn read_body(content_type: &str, body: &[u8]) {
    static GUESS: std::sync::OnceLock<Guess> = std::sync::OnceLock::new();
    let guess = GUESS.get_or_init(|| {
        let rules = IngestRules::load(&crate::rule::RuleFiles::embedded()).expect("the shipped rules are of this form");
        Guess { tld: "il".to_owned(), rules }
    });
    let charset = charset::Charset::of_content_type(content_type);
    let declaring = ["charset", "unicode"];
    let read = match &*crate::http::media_of(content_type) {
        "application/json" => fields::Fields::json(body, charset, guess),
        "multipart/form-data" => {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            let texts = runtime.block_on(parts::texts(content_type, axum::body::Bytes::copy_from_slice(body)));
            texts.map(|texts| fields::Fields::parts(&texts, charset, guess, &declaring).0)
        }
        _ => Some(fields::Fields::form(body, charset, guess, &declaring).0),
    };
    for name in ["id", "text", "a.b.c", "0", ""] {
        let _ = read.as_ref().map(|read| (read.text(name), read.filled(name)));
    }
}
