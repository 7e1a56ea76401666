//! What gateways report of messages. Reports may come twice, late, and before the gateway's own answer to the request.

use jiff::Timestamp;

use super::words::words;

words! {
    /// What a gateway's word about a message means.
    ReportMeaning {
        /// On its way; nothing to write down.
        Underway = "underway",
        /// The gateway handed it on.
        Sent = "sent",
        /// It reached the handset or the mailbox.
        Delivered = "delivered",
        /// It can't be delivered.
        Undelivered = "undelivered",
        /// It can't be delivered for now; the gateway gave up.
        SoftFailed = "soft_failed",
        /// It was not sent, for a reason that says nothing of the contact.
        Failed = "failed",
        /// The recipient wants no more of them.
        OptedOut = "opted_out",
    }
}

/// What a gateway says of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewayReport {
    /// Name of the gateway, as in `tiuv.toml`.
    pub gateway: String,
    /// Its own name of the message; empty where it gave only ours.
    pub gateway_id: String,
    /// Our own number of the message, where the gateway was told it and gives it back.
    pub reference: Option<i64>,
    /// Its own word.
    pub status: String,
    /// Its error code.
    pub code: String,
    /// What that means.
    pub meaning: ReportMeaning,
    /// When it came, or is said to have happened.
    pub at: Timestamp,
}
