//! `rules/outreach/policy.toml`: limits, chances, prices and the ladder.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::by_channel::ByChannel;
use crate::record::{Channel, EventKind, Field, Money};
use crate::rule::{RuleError, RuleFiles};

const FILE: &str = "outreach/policy.toml";

/// Prices by country, `*` for all others.
pub type Prices = BTreeMap<String, Money>;

/// Messages a day by channel.
pub type Capacity = ByChannel<u32>;

/// How far a refusal on one channel reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum RefusalReach {
    All,
    Own,
}

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutreachPolicy {
    /// Names of the files of etiquette.
    pub etiquettes: Vec<String>,
    /// Languages of the messages.
    pub languages: Vec<String>,
    /// Nobody is asked twice within so many days.
    pub window_days: u16,
    /// Customers who may share a contact.
    pub most_customers_per_value: u32,
    /// Whether a household gets one text message a window.
    pub one_sms_per_household: bool,
    /// Chance from which a contact counts as dead where there is another.
    pub likely_stale: f32,
    /// Share that is drawn at random.
    pub audit_share: f64,
    /// What a repaired contact of an average customer is worth.
    pub worth: Money,
    /// Of all amounts.
    pub currency: String,
    /// The value of having other fields confirmed, as a chance of a stale address.
    pub other_fields: f32,
    /// Calendar days that a plan may take.
    pub days: u16,
    /// Fields of which an accepted new value repairs a customer.
    pub repaired_by: Vec<Field>,
    /// Letters of a link behind its base.
    pub link_letters: u32,
    /// Chance of an answer, if the contact reaches its owner.
    pub answer: ByChannel<f64>,
    /// Countries of numbers that their plan gives to another one, by their first digits.
    #[serde(default)]
    pub numbers_of: BTreeMap<String, String>,
    /// Calls for those who are worth most.
    pub personal_call: PersonalCall,
    /// What follows a question without an answer.
    pub ladder: Ladder,
    /// By which names customers are greeted.
    pub greeting: GreetingRules,
    /// When a permission counts for a contact of another row.
    pub permission: PermissionRules,
    /// How far refusals reach.
    pub refusal: ByChannel<RefusalReach>,
    /// Messages a day.
    pub capacity: Capacity,
    /// Prices.
    pub cost: ByChannel<Prices>,
}

impl OutreachPolicy {
    /// The price of a text with a code to a number of a country: it has one part.
    pub fn code_price(&self, country: &str) -> Money {
        self.price(Channel::Sms, country)
    }

    /// The price of a part of a message, or of a call, to a country.
    pub fn price(&self, channel: Channel, country: &str) -> Money {
        let prices = self.cost.of(channel);
        prices.get(country).or_else(|| prices.get("*")).copied().unwrap_or_default()
    }
}

/// By which names customers are greeted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GreetingRules {
    /// Letters of the longest.
    pub most_letters: usize,
    /// Words of the longest.
    pub most_words: usize,
    /// Words that no name has, in small letters.
    pub never: Vec<String>,
}

/// When a permission counts for a contact of another row.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionRules {
    /// Weight of the evidence that both rows are of one person, in thousandths of a bit.
    pub milli_bits: i32,
}

/// Who is asked before all others, by a person's call: this share of the customers, for at most this share of the budget.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct PersonalCall {
    pub share_of_customers: f64,
    pub share_of_budget: f64,
}

/// What follows a question without an answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Ladder {
    pub reminder_after_days: u16,
    pub reminder_within_days: u16,
    pub call_after_days: u16,
    pub most_calls: u8,
    pub call_again_after_days: CallAgain,
    pub proofs_of_life: Vec<EventKind>,
}

/// After how many days somebody is called again, by what the last call came to; `callback` is for whoever named no day.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallAgain {
    pub no_answer: u16,
    pub callback: u16,
}

/// A text message of more parts than any carrier takes.
const MOST_LINK_LETTERS: u32 = 1000;

impl OutreachPolicy {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of this form, or a figure makes no sense.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let policy: OutreachPolicy = files.parse(FILE)?;
        let is_share = |share: f64| (0.0..=1.0).contains(&share);
        let problem = if !is_share(policy.audit_share)
            || !is_share(policy.personal_call.share_of_customers)
            || !is_share(policy.personal_call.share_of_budget)
            || !is_share(f64::from(policy.likely_stale))
            || ![policy.answer.sms, policy.answer.email, policy.answer.call].into_iter().all(is_share)
        {
            "shares and chances lie between 0 and 1"
        } else if policy.window_days == 0 || policy.days == 0 || policy.most_customers_per_value == 0 {
            "window_days, days and most_customers_per_value are at least 1"
        } else if [&policy.cost.sms, &policy.cost.email, &policy.cost.call].iter().any(|cost| !cost.contains_key("*")) {
            "each channel needs a price for `*`, all other countries"
        } else if !(1..=MOST_LINK_LETTERS).contains(&policy.link_letters) {
            "link_letters is from 1 to 1000: a link is part of a text message"
        } else if policy.ladder.most_calls == 0 {
            "most_calls is at least 1: the last rung of the ladder is a call"
        } else if policy.ladder.reminder_within_days < policy.ladder.reminder_after_days {
            "reminder_within_days is less than reminder_after_days"
        } else {
            return Ok(policy);
        };
        Err(RuleError::Meaning { path: FILE.to_owned(), message: problem.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_that_make_no_sense_are_refused() {
        let shipped = RuleFiles::embedded().text(FILE).into_owned();
        for (from, to) in [
            ("audit_share = 0.10", "audit_share = 10.0"),
            ("window_days = 180", "window_days = 0"),
            ("\"*\" = \"0.40\"\n", ""),
            ("link_letters = 12", "link_letters = 4000000000"),
            ("link_letters = 12", "link_letters = 0"),
            ("reminder_within_days = 5", "reminder_within_days = 2"),
            ("most_calls = 3", "most_calls = 0"),
        ] {
            let changed = shipped.replace(from, to);
            assert_ne!(changed, shipped, "{from}");
            assert!(OutreachPolicy::load(&RuleFiles::embedded().with(FILE, changed)).is_err(), "{to}");
        }
    }
}
