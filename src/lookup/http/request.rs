//! Builds requests about numbers: what `tiuv.toml` writes of them, and that each names a number.

use reqwest::Client;

use super::settings::wrong;
use crate::config::{LookupConfig, NumberForm, RequestConfig, RequestTemplate, Template};
use crate::lookup::{LookupError, Number};
use crate::rule::LookupPolicy;

/// What is sent about a number.
pub(super) struct Request {
    template: RequestTemplate<NumberForm>,
}

impl Request {
    pub(super) fn new(
        name: &str,
        config: &LookupConfig,
        policy: &LookupPolicy,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Self, LookupError> {
        let LookupConfig { url, method, headers, header_env, query_env, body, allow_http, .. } = config;
        let body = body.as_ref();
        let request =
            RequestConfig { url, method: *method, headers, header_env, query_env, body, allow_http: *allow_http };
        let is_secret = |name: &str| policy.is_secret(name);
        let template = RequestTemplate::new(&request, &sample, &is_secret, environment)
            .map_err(|setting| wrong(name, &setting.key, setting.message, setting.help))?;
        if !url.holds_number() && !body.is_some_and(Template::holds_number) {
            let message = "no number is sent, neither here nor in the body".to_owned();
            return Err(wrong(name, "url", message, "put {e164}, {digits} or {national} into it".to_owned()));
        }
        Ok(Request { template })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.template.is_encrypted()
    }

    pub(super) fn is_loopback(&self) -> bool {
        self.template.is_loopback()
    }

    /// The request; none where the number would make it another address.
    pub(super) fn about(&self, client: &Client, number: &Number) -> Option<reqwest::Request> {
        self.template.fill(client, |form| number.form(form))
    }
}

/// Settings are tried with a number that nobody has.
fn sample(form: NumberForm) -> &'static str {
    match form {
        NumberForm::E164 => "+12025550123",
        NumberForm::Digits => "12025550123",
        NumberForm::CountryCode => "1",
        NumberForm::National => "2025550123",
    }
}
