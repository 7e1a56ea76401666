//! What a campaign came to, step by step: whoever was planned, was sent something, answered, was repaired.

use serde::{Deserialize, Serialize};

use super::Channel;

/// How many planned contacts came how far.
///
/// `planned` is the sum of `waiting`, `unknown`, `taken_back`, `failed`, `answered` and `silent`; `answered` that of `confirmed`,
/// `updated`, `removed`, `wrong` and `other`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Funnel {
    /// Rows of the outbox.
    pub planned: u64,
    /// Not sent yet, or on their way.
    pub waiting: u64,
    /// Perhaps sent: the gateway is asked, else a person.
    pub unknown: u64,
    /// Taken back before they left.
    pub taken_back: u64,
    /// Never arrived: refused by the gateway, undelivered, nobody picked up.
    pub failed: u64,
    /// Taken by the gateway, or handed out as a call.
    pub sent: u64,
    /// Arrived: the gateway says so, or there was an answer.
    pub delivered: u64,
    /// Answered in whichever way.
    pub answered: u64,
    /// All is right.
    pub confirmed: u64,
    /// Something was given anew.
    pub updated: u64,
    /// Whoever was asked wants no more of it.
    pub removed: u64,
    /// Somebody else has the number or the address.
    pub wrong: u64,
    /// Other answers.
    pub other: u64,
    /// Sent, and neither answered nor known to have failed.
    pub silent: u64,
    /// Customers of whom a value was accepted that they gave anew; each once, under the contact that brought the first one. Which fields
    /// count says `repaired_by` in `rules/outreach/policy.toml`.
    pub repaired: u64,
    /// What may have left cost, in millionths of the currency.
    pub cost_millionths: i64,
}

impl Funnel {
    /// What a repaired customer cost, in millionths; none where there is none.
    pub fn cost_a_repaired(&self) -> Option<i64> {
        (self.repaired > 0).then(|| self.cost_millionths / self.repaired.cast_signed())
    }

    /// Adds others.
    pub fn add(&mut self, other: &Funnel) {
        let sums = [
            (&mut self.planned, other.planned),
            (&mut self.waiting, other.waiting),
            (&mut self.unknown, other.unknown),
            (&mut self.taken_back, other.taken_back),
            (&mut self.failed, other.failed),
            (&mut self.sent, other.sent),
            (&mut self.delivered, other.delivered),
            (&mut self.answered, other.answered),
            (&mut self.confirmed, other.confirmed),
            (&mut self.updated, other.updated),
            (&mut self.removed, other.removed),
            (&mut self.wrong, other.wrong),
            (&mut self.other, other.other),
            (&mut self.silent, other.silent),
            (&mut self.repaired, other.repaired),
        ];
        sums.into_iter().for_each(|(sum, more)| *sum += more);
        self.cost_millionths += other.cost_millionths;
    }
}

/// The funnel of one channel, rung and language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunnelLine {
    /// `sms`, `email`, `call`.
    pub channel: String,
    /// Of the ladder, from 1: the first question, the reminder, calls.
    pub rung: u8,
    /// ISO 639.
    pub language: String,
    /// How far they came.
    #[serde(flatten)]
    pub funnel: Funnel,
}

/// The funnel of a campaign in one window.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CampaignFunnel {
    /// Its name.
    pub campaign: String,
    /// First day of the window in which nobody is asked twice, `YYYY-MM-DD`.
    pub window: String,
    /// Of all amounts.
    pub currency: String,
    /// All of it.
    pub all: Funnel,
    /// What a repaired customer cost, in millionths; none where there is none.
    pub cost_a_repaired_millionths: Option<i64>,
    /// By channel, rung and language.
    pub lines: Vec<FunnelLine>,
}

impl CampaignFunnel {
    /// By channel, in the order in which channels are named everywhere.
    pub fn by_channel(&self) -> Vec<(String, Funnel)> {
        let mut groups = self.grouped(|line| line.channel.clone());
        let order = [Channel::Sms, Channel::Email, Channel::Call].map(Channel::as_str);
        groups.sort_by_key(|(channel, _)| order.iter().position(|known| known == channel));
        groups
    }

    /// By rung of the ladder, the first one first.
    pub fn by_rung(&self) -> Vec<(u8, Funnel)> {
        let mut groups = self.grouped(|line| line.rung);
        groups.sort_by_key(|(rung, _)| *rung);
        groups
    }

    /// By language, the most frequent first.
    pub fn by_language(&self) -> Vec<(String, Funnel)> {
        let mut groups = self.grouped(|line| line.language.clone());
        groups.sort_by_key(|(language, funnel)| (std::cmp::Reverse(funnel.planned), language.clone()));
        groups
    }

    fn grouped<K: PartialEq>(&self, key: impl Fn(&FunnelLine) -> K) -> Vec<(K, Funnel)> {
        let mut groups: Vec<(K, Funnel)> = Vec::new();
        for line in &self.lines {
            let key = key(line);
            match groups.iter_mut().find(|(known, _)| *known == key) {
                Some((_, funnel)) => funnel.add(&line.funnel),
                None => groups.push((key, line.funnel)),
            }
        }
        groups
    }
}
