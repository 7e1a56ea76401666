//! A gateway that reports: how it is known, and which of its fields say what.

use super::fields::Fields;
use super::signature::{body_signature_is_right, secret_is_right, twilio_signature_is_right};
use crate::config::{HttpHook, WebhookConfig};
use crate::web::error::WebError;

/// A gateway with its secret.
pub(super) struct Gateway {
    pub(super) speaks: Speaks,
    secret: String,
    /// What Twilio's signatures begin with.
    public_url: String,
}

/// How it speaks.
pub(super) enum Speaks {
    Twilio,
    Http(Box<HttpHook>),
}

/// What a request proves itself by.
pub(super) struct Proof<'a> {
    /// The path with the query, as it came.
    pub(super) target: &'a str,
    pub(super) query: &'a [(String, String)],
    pub(super) body: &'a [u8],
    pub(super) fields: &'a Fields,
    pub(super) header: &'a dyn Fn(&str) -> Option<String>,
}

impl Gateway {
    pub(super) fn new(
        name: &str,
        hook: &WebhookConfig,
        public_url: &str,
        secret: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, WebError> {
        let (speaks, variable) = match (&hook.twilio, &hook.http) {
            (Some(twilio), _) => (Speaks::Twilio, &twilio.auth_token_env),
            (None, Some(http)) => (Speaks::Http(Box::new(http.clone())), &http.secret_env),
            // `WebhooksConfig::problem` was asked.
            (None, None) => {
                let message = format!("[webhooks.gateway.{name}] says nothing");
                return Err(WebError::Config { message, help: String::new() });
            }
        };
        let secret = secret(variable)
            .filter(|secret| !secret.is_empty())
            .ok_or_else(|| WebError::NoSecret { gateway: name.to_owned(), variable: variable.clone() })?;
        Ok(Gateway { speaks, secret, public_url: public_url.trim_end_matches('/').to_owned() })
    }

    /// Fields that declare a charset.
    pub(super) fn charset_fields(&self) -> Vec<&str> {
        let own = match &self.speaks {
            Speaks::Http(http) => http.inbound.as_ref().and_then(|names| names.charset.as_deref()),
            Speaks::Twilio => None,
        };
        // HTML, 4.10.21.5: a form may say so itself.
        own.into_iter().chain(["_charset_"]).collect()
    }

    /// Whether it may report by this method.
    pub(super) fn takes(&self, method: &str) -> bool {
        match &self.speaks {
            Speaks::Twilio => method == "POST",
            Speaks::Http(http) => method == "POST" || http.get && method == "GET",
        }
    }

    /// Whether the request comes from it.
    pub(super) fn is_it(&self, proof: &Proof<'_>) -> bool {
        match &self.speaks {
            Speaks::Twilio => {
                let Some(signature) = (proof.header)("x-twilio-signature") else { return false };
                let url = format!("{}{}", self.public_url, proof.target);
                let (form, body) = match proof.fields {
                    Fields::Form(form) => (form.as_slice(), None),
                    Fields::Json(_) => (&[][..], Some(proof.body)),
                };
                twilio_signature_is_right(&self.secret, &url, form, body, &signature)
            }
            Speaks::Http(http) => {
                if let Some(header) = &http.signature_header {
                    let signature = (proof.header)(header).unwrap_or_default();
                    return body_signature_is_right(&self.secret, proof.body, &signature);
                }
                let given = match (&http.secret_header, &http.secret_query) {
                    (Some(header), _) => (proof.header)(header),
                    (None, Some(name)) => {
                        proof.query.iter().find(|(given, _)| given == name).map(|(_, value)| value.clone())
                    }
                    (None, None) => None,
                };
                secret_is_right(&self.secret, &given.unwrap_or_default())
            }
        }
    }
}
