//! The terms that `tiuv.toml` and the rules set together, and what can't be.

use std::hash::Hasher;
use std::time::Duration;

use crate::config::{LookupConfig, Paced, UsualPace, WrongSetting};
use crate::lookup::{LookupError, Terms};
use crate::record::FixedHasher;
use crate::rule::LookupPolicy;

/// How the service is to be asked.
pub(super) fn terms(name: &str, config: &LookupConfig, policy: &LookupPolicy) -> Result<Terms, LookupError> {
    let named = |setting: WrongSetting| wrong(name, &setting.key, setting.message, setting.help);
    let LookupPolicy { per_second, max_in_flight, timeout_seconds, .. } = *policy;
    let usual = UsualPace { per_second, max_in_flight, timeout_seconds };
    let pace = Paced::Asking.pace(config.pace(), usual).map_err(named)?;
    let at_least_one = |key: &str, value: u32| Paced::Asking.at_least_one(key, value).map_err(named);
    let give_up_after = at_least_one("give_up_after", config.give_up_after.unwrap_or(policy.give_up_after))?;
    at_least_one("max_response_kib", config.max_response_kib.unwrap_or(policy.max_response_kib))?;
    if config.cost.ten_thousandths() > 0 && config.budget.is_none() {
        let message = "a request costs money, and nothing says how much a run may cost".to_owned();
        return Err(wrong(name, "budget", message, "write for example budget = \"20\"".to_owned()));
    }
    Ok(Terms {
        interval: pace.per_second.map_or(Duration::ZERO, |rate| Duration::from_secs_f64(1.0 / rate)),
        max_in_flight: pace.max_in_flight,
        timeout: pace.timeout,
        retries: config.retries.unwrap_or(policy.retries),
        retry_wait: Duration::from_millis(config.retry_wait_ms.unwrap_or(policy.retry_wait_ms).into()),
        max_wait: Duration::from_secs(config.max_wait_seconds.unwrap_or(policy.max_wait_seconds).into()),
        give_up_after,
        cost: config.cost,
        budget: config.budget,
        max_age_days: config.max_age_days.unwrap_or(policy.max_age_days),
    })
}

/// A fingerprint of what is sent and how it is read, secrets and terms left out. Where a new tiuv should write these
/// settings differently, numbers are asked once more, and no harm is done.
pub(super) fn version(config: &LookupConfig) -> String {
    let LookupConfig { url, method, headers, body, line_type, reachable, unknown, temporary, .. } = config;
    let mut hasher = FixedHasher::default();
    let settings =
        format!("{url:?} {method:?} {headers:?} {body:?} {line_type:?} {reachable:?} {unknown:?} {temporary:?}");
    hasher.write(settings.as_bytes());
    format!("{:016x}", hasher.finish())
}

/// An error that names the key.
pub(super) fn wrong(service: &str, key: &str, message: String, help: String) -> LookupError {
    LookupError::Setting { service: service.to_owned(), key: key.to_owned(), message, help }
}
