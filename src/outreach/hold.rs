//! Why a customer is not asked.

use crate::record::SuppressionReason;

/// Why a customer is not asked; each has one reason, the first that holds in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hold {
    /// The suppression list, the customer's list or an event says so.
    Suppressed(SuppressionReason),
    /// Not of age.
    Minor,
    /// Asked within the window, by whatever campaign.
    AskedRecently,
    /// No number or address by which a message would arrive.
    AskAtTill,
    /// Too many different customers have it.
    SharedValue,
    /// No rule says how to ask in that country.
    NoEtiquette,
    /// No permission for a channel that would arrive.
    NoConsent,
    /// The text takes more parts than allowed.
    MessageTooLong,
    /// Costs more than is to be gained.
    NoGain,
    /// Somebody else is asked at the same number or address.
    SameContactAsked,
    /// Somebody of the household is asked by text message.
    HouseholdAsked,
    /// Others gain more for the money, or as many as were allowed are asked.
    OverLimit,
    /// There is no room within the days of the plan.
    OverCapacity,
    /// Planning on: not asked in this campaign.
    NotAsked,
    /// Planning on: the last message is too young, not yet sent, or nobody knows whether it was.
    Waiting,
    /// Planning on: answered, failed for good, or seen alive.
    Ended,
    /// Planning on: asked in every way, without an answer.
    Unconfirmed,
}

impl Hold {
    /// The word in outputs.
    pub const fn code(self) -> &'static str {
        match self {
            Hold::Suppressed(reason) => reason.as_str(),
            Hold::Minor => "minor",
            Hold::AskedRecently => "asked_recently",
            Hold::AskAtTill => "ask_at_till",
            Hold::SharedValue => "shared_value",
            Hold::NoEtiquette => "no_etiquette",
            Hold::NoConsent => "no_consent",
            Hold::MessageTooLong => "message_too_long",
            Hold::NoGain => "no_gain",
            Hold::SameContactAsked => "same_contact_asked",
            Hold::HouseholdAsked => "household_asked",
            Hold::OverLimit => "over_limit",
            Hold::OverCapacity => "over_capacity",
            Hold::NotAsked => "not_asked",
            Hold::Waiting => "waiting",
            Hold::Ended => "ended",
            Hold::Unconfirmed => "unconfirmed",
        }
    }

    /// What it means, in plain words.
    pub const fn meaning(self) -> &'static str {
        match self {
            Hold::Suppressed(reason) => match reason {
                SuppressionReason::OptOut => "asked not to be contacted",
                SuppressionReason::DoNotCall => "in a do-not-call register",
                SuppressionReason::Complaint => "complained",
                SuppressionReason::Deceased => "deceased",
                SuppressionReason::Legal => "legal hold",
                SuppressionReason::WrongPerson => "somebody else answers there",
                SuppressionReason::Disconnected => "nobody can be reached there any more",
                SuppressionReason::Manual => "held back by hand",
            },
            Hold::Minor => "not of age",
            Hold::AskedRecently => "asked within the window already",
            Hold::AskAtTill => "no way to reach them: ask at the till",
            Hold::SharedValue => "their number or address is of too many customers",
            Hold::NoEtiquette => "no rules for their country",
            Hold::NoConsent => "no permission for a channel that reaches them",
            Hold::MessageTooLong => "the text takes too many parts",
            Hold::NoGain => "costs more than is to be gained",
            Hold::SameContactAsked => "somebody else is asked at the same number or address",
            Hold::HouseholdAsked => "somebody of the household is asked",
            Hold::OverLimit => "beyond the budget or the number allowed",
            Hold::OverCapacity => "no room within the days of the plan",
            Hold::NotAsked => "not asked in this campaign",
            Hold::Waiting => "waiting for an answer, or for the message to leave",
            Hold::Ended => "answered, failed for good, or seen alive",
            Hold::Unconfirmed => "asked in every way, without an answer: unconfirmed",
        }
    }
}
