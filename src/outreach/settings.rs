//! What whoever plans may say of it.

use jiff::civil::Date;

use super::reach::Objective;
use crate::config::OutreachConfig;
use crate::record::Money;
use crate::rule::{ByChannel, OutreachPolicy};

/// What a plan is asked to be.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Planning again under the same name takes back what no longer holds.
    pub campaign: String,
    /// Country of customers whose country nobody knows.
    pub region: String,
    /// "Today": ages and windows count from here.
    pub today: Date,
    /// The first day on which anything is due.
    pub start: Date,
    /// Whose value counts.
    pub objective: Objective,
    /// What the campaign may cost in all.
    pub budget: Option<Money>,
    /// How many may be asked in all, by channel.
    pub most: ByChannel<Option<u32>>,
    /// Reminders and calls for those who did not answer, in place of first questions.
    pub advance: bool,
    /// On what basis lists may be used that say nothing of consent.
    pub consent_basis: Option<String>,
    /// Draws another sample.
    pub seed: u64,
    /// Who asks.
    pub sender: String,
    /// What links begin with.
    pub link_base: String,
    /// Whether text messages can be answered.
    pub can_reply: bool,
    /// Parts that a text message may take, where the country's own limit is not meant.
    pub most_parts: Option<u32>,
    /// Limits, chances and prices in force.
    pub policy: OutreachPolicy,
}

impl Settings {
    /// With nothing asked for: as many as are worth it, from the day after `today` on.
    pub fn new(policy: OutreachPolicy, today: Date) -> Self {
        Settings {
            campaign: "verify".to_owned(),
            region: "IL".to_owned(),
            today,
            start: today.tomorrow().unwrap_or(today),
            objective: Objective::default(),
            budget: None,
            most: ByChannel::default(),
            advance: false,
            consent_basis: None,
            seed: 0,
            sender: String::new(),
            link_base: String::new(),
            can_reply: true,
            most_parts: None,
            policy,
        }
    }

    /// With what `tiuv.toml` says; its sender and link base have been looked at.
    #[must_use]
    pub fn with(mut self, config: &OutreachConfig) -> Self {
        self.policy = config.over(self.policy);
        self.sender = config.sender.as_deref().unwrap_or_default().trim().to_owned();
        self.link_base = config.link_base.clone().unwrap_or_default();
        self.can_reply = config.can_reply;
        self.most_parts = config.most_parts;
        self.consent_basis = config.consent_basis.as_ref().map(|basis| basis.trim().to_owned());
        self.limited(config.budget, config.most)
    }

    /// With what the campaign may cost, and how many may be asked. So many text messages are not so many and a hundred thousand
    /// e-mails: without a budget, what is not named is not used.
    #[must_use]
    pub fn limited(mut self, budget: Option<Money>, most: ByChannel<Option<u32>>) -> Self {
        let ByChannel { sms, email, call } = most;
        let is_any_named = [sms, email, call].iter().any(Option::is_some);
        let unnamed = (budget.is_none() && is_any_named).then_some(0);
        self.budget = budget;
        self.most = ByChannel { sms: sms.or(unnamed), email: email.or(unnamed), call: call.or(unnamed) };
        self
    }
}
