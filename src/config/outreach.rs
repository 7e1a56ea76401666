//! `[outreach]` of `tiuv.toml`: who asks, and what asking costs there.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::GatewayConfig;
use crate::record::{Channel, Money};
use crate::rule::{ByChannel, OutreachPolicy, Prices};

/// What is the shop's own; what is left out is as `rules/outreach/policy.toml` says.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutreachConfig {
    /// Who asks, as customers know it.
    pub sender: Option<String>,
    /// What a link begins with, `https://example.org/c/`; or `example.org/c/`, which telephones make a link of all the same, and
    /// which is shorter by the eight letters that a text message has no room for.
    pub link_base: Option<String>,
    /// Whether somebody reads answers to text messages; false for a sender that is a name.
    #[serde(default = "yes")]
    pub can_reply: bool,
    /// Of all amounts.
    pub currency: Option<String>,
    /// What a repaired contact of an average customer is worth.
    pub worth: Option<Money>,
    /// Parts that a text message may take.
    pub most_parts: Option<u32>,
    /// Prices by channel and country, `*` for all others; they stand over those of the policy, country by country.
    #[serde(default)]
    pub cost: ByChannel<Option<Prices>>,
    /// What a campaign may cost in all, where a plan does not say otherwise.
    pub budget: Option<Money>,
    /// How many may be asked in all, by channel, likewise.
    #[serde(default)]
    pub most: ByChannel<Option<u32>>,
    /// On what basis lists may be used that say nothing of consent, likewise.
    pub consent_basis: Option<String>,
    /// Messages a day.
    #[serde(default)]
    pub capacity: ByChannel<Option<u32>>,
    /// Gateways that take messages, by their names.
    #[serde(default)]
    pub gateway: BTreeMap<String, GatewayConfig>,
}

const fn yes() -> bool {
    true
}

impl OutreachConfig {
    /// What is wrong with it, or not said, and what to write.
    pub fn problem(&self) -> Option<(String, String)> {
        let sender = self.sender.as_deref().unwrap_or_default();
        if sender.trim().is_empty() {
            return Some(missing("sender"));
        }
        if let Some(problem) = self.link_problem() {
            return Some(problem);
        }
        sender.contains(char::is_control).then(|| {
            ("sender has a control character in it".to_owned(), "write the name as customers know it".to_owned())
        })
    }

    /// What is wrong with what links begin with, and what to write.
    pub fn link_problem(&self) -> Option<(String, String)> {
        let base = self.link_base.as_deref().unwrap_or_default();
        if base.trim().is_empty() {
            return Some(missing("link_base"));
        }
        (!is_link_base(base)).then(|| {
            (
                "link_base is no address of a page".to_owned(),
                "write it as links begin, in ASCII letters and encrypted: link_base = \"https://kalanit.example/c/\""
                    .to_owned(),
            )
        })
    }

    /// What a link begins with in a message by a channel: programs that show mail need the scheme.
    pub fn link_base_for(&self, channel: Channel) -> Option<String> {
        let base = self.link_base.as_deref()?;
        let is_bare = !base.starts_with("https://");
        Some(if is_bare && channel == Channel::Email { format!("https://{base}") } else { base.to_owned() })
    }

    /// The policy with what is said here over it.
    #[must_use]
    pub fn over(&self, mut policy: OutreachPolicy) -> OutreachPolicy {
        for channel in [Channel::Sms, Channel::Email, Channel::Call] {
            let prices = self.cost.of(channel).iter().flatten().map(|(country, price)| (country.clone(), *price));
            policy.cost.of_mut(channel).extend(prices);
            if let Some(capacity) = *self.capacity.of(channel) {
                *policy.capacity.of_mut(channel) = capacity;
            }
        }
        policy.worth = self.worth.unwrap_or(policy.worth);
        if let Some(currency) = &self.currency {
            policy.currency.clone_from(currency);
        }
        policy
    }
}

fn missing(key: &str) -> (String, String) {
    (
        format!("customers would not know who asks: `{key}` is not said"),
        "write into tiuv.toml, for example:\n\n[outreach]\nsender = \"Kalanit Club\"\nlink_base = \"https://kalanit.example/c/\""
            .to_owned(),
    )
}

/// Whether it is what a link begins with: an encrypted address, or a host with a path, which telephones make an encrypted one of.
fn is_link_base(base: &str) -> bool {
    let rest = base.strip_prefix("https://").unwrap_or(base);
    let is_bare = rest.len() == base.len();
    let (host, _) = rest.split_once('/').unwrap_or((rest, ""));
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let top = host.rsplit('.').next().unwrap_or_default();
    let is_host = host.contains('.')
        && host.split('.').all(is_label)
        && top.len() > 1
        && top.bytes().all(|byte| byte.is_ascii_alphabetic());
    base.is_ascii() && !base.contains(char::is_whitespace) && (!is_bare || (is_host && rest.contains('/')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{OutreachRules, RuleFiles, parse_toml};

    fn read(text: &str) -> OutreachConfig {
        parse_toml("tiuv.toml", text).expect("it is of its form")
    }

    #[test]
    fn prices_stand_over_those_of_the_policy_country_by_country() {
        let config = read("worth = \"20\"\n[cost.sms]\nUS = \"0.01\"\n[capacity]\ncall = 0\n");
        let shipped = OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form").policy;
        let policy = config.over(shipped.clone());
        assert_eq!(policy.cost.sms["US"], Money::parse("0.01").expect("an amount"));
        assert_eq!(policy.cost.sms["IL"], shipped.cost.sms["IL"]);
        assert_eq!((policy.capacity.call, policy.capacity.sms), (0, shipped.capacity.sms));
        assert_eq!(policy.worth, Money::parse("20").expect("an amount"));
    }

    #[test]
    fn what_is_missing_is_said_with_what_to_write() {
        for (text, part) in [
            ("", "`sender`"),
            ("sender = \"Kalanit\"", "`link_base`"),
            ("sender = \" \"\nlink_base = \"https://k.example/\"", "`sender`"),
            ("sender = \"Kalanit\"\nlink_base = \"kalanit.example\"", "no address"),
            ("sender = \"Kalanit\"\nlink_base = \"http://kalanit.example/c/\"", "no address"),
            ("sender = \"Kalanit\"\nlink_base = \"kalanit/c/\"", "no address"),
            ("sender = \"Kalanit\"\nlink_base = \"10.0.0.1/c/\"", "no address"),
            ("sender = \"Kal\\nanit\"\nlink_base = \"https://k.example/\"", "control"),
        ] {
            assert!(read(text).problem().expect("it is wrong").0.contains(part), "{text}");
        }
        assert!(read("sender = \"Kalanit\"\nlink_base = \"https://k.example/c/\"").problem().is_none());
        let bare = read("sender = \"Kalanit\"\nlink_base = \"k.example/c/\"");
        assert!(bare.problem().is_none());
        assert_eq!(bare.link_base_for(Channel::Sms).as_deref(), Some("k.example/c/"));
        assert_eq!(bare.link_base_for(Channel::Email).as_deref(), Some("https://k.example/c/"));
    }
}
