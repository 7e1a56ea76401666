//! What DNS says of mail to a domain: the outcome, its evidence, since when it is known, and who remembers it.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};

use serde::{Deserialize, Serialize};

use crate::finding::Code;

/// What asking came to; the strings are stable, and `email.dns.` before one of them is its reason code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MxOutcome {
    /// At least one mail host has an address that the internet reaches.
    MxOk,
    /// No MX record, but an address: mail goes to the domain itself (RFC 5321 section 5.1).
    ImplicitMx,
    /// A null MX beside real ones, which RFC 7505 section 3 forbids; mail goes to the real ones.
    MxNullMixed,
    /// The domain says that it takes no mail (RFC 7505).
    NullMx,
    /// There is no such name.
    Nxdomain,
    /// The name is there, but neither a mail host nor an address.
    NoMxNoAddress,
    /// No mail host has an address.
    MxUnresolvable,
    /// All addresses are private, loopback or unspecified.
    MxPrivate,
    /// A server failed (SERVFAIL and the like).
    Temporary,
    /// Nobody answered.
    Timeout,
    /// All servers refused to answer.
    Refused,
    /// Not asked: no network, out of time, switched off, or no name that can be asked for.
    NotChecked,
    /// Asking failed or was not allowed; an older answer is kept.
    Stale,
}

/// What an outcome means for mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MxMeaning {
    /// Mail has a way.
    Reaches,
    /// A permanent answer that mail has no way.
    Never,
    /// Nothing is known; unknown is not bad.
    Unknown,
}

impl MxOutcome {
    /// All outcomes, in the order in which tables show them.
    pub const ALL: [MxOutcome; 13] = [
        MxOutcome::MxOk,
        MxOutcome::ImplicitMx,
        MxOutcome::MxNullMixed,
        MxOutcome::NullMx,
        MxOutcome::Nxdomain,
        MxOutcome::NoMxNoAddress,
        MxOutcome::MxUnresolvable,
        MxOutcome::MxPrivate,
        MxOutcome::Temporary,
        MxOutcome::Timeout,
        MxOutcome::Refused,
        MxOutcome::NotChecked,
        MxOutcome::Stale,
    ];

    /// The stable string.
    pub const fn as_str(self) -> &'static str {
        match self {
            MxOutcome::MxOk => "mx_ok",
            MxOutcome::ImplicitMx => "implicit_mx",
            MxOutcome::MxNullMixed => "mx_null_mixed",
            MxOutcome::NullMx => "null_mx",
            MxOutcome::Nxdomain => "nxdomain",
            MxOutcome::NoMxNoAddress => "no_mx_no_address",
            MxOutcome::MxUnresolvable => "mx_unresolvable",
            MxOutcome::MxPrivate => "mx_private",
            MxOutcome::Temporary => "temporary",
            MxOutcome::Timeout => "timeout",
            MxOutcome::Refused => "refused",
            MxOutcome::NotChecked => "not_checked",
            MxOutcome::Stale => "stale",
        }
    }

    /// The outcome with this string.
    pub fn parse(text: &str) -> Option<MxOutcome> {
        MxOutcome::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }

    /// The code under which rules and words speak of it; [`MxStatus::code`] knows one more.
    pub const fn code(self) -> Code {
        match self {
            MxOutcome::MxOk => Code::EmailMxOk,
            MxOutcome::ImplicitMx => Code::EmailImplicitMx,
            MxOutcome::MxNullMixed => Code::EmailMxNullMixed,
            MxOutcome::NullMx => Code::EmailNullMx,
            MxOutcome::Nxdomain => Code::EmailNxdomain,
            MxOutcome::NoMxNoAddress => Code::EmailNoMxNoAddress,
            MxOutcome::MxUnresolvable => Code::EmailMxUnresolvable,
            MxOutcome::MxPrivate => Code::EmailMxPrivate,
            MxOutcome::Temporary => Code::EmailDnsTemporary,
            MxOutcome::Timeout => Code::EmailDnsTimeout,
            MxOutcome::Refused => Code::EmailDnsRefused,
            MxOutcome::NotChecked => Code::EmailDnsNotChecked,
            MxOutcome::Stale => Code::EmailDnsStale,
        }
    }

    /// What it means for mail.
    pub const fn meaning(self) -> MxMeaning {
        match self {
            MxOutcome::MxOk | MxOutcome::ImplicitMx | MxOutcome::MxNullMixed => MxMeaning::Reaches,
            MxOutcome::NullMx
            | MxOutcome::Nxdomain
            | MxOutcome::NoMxNoAddress
            | MxOutcome::MxUnresolvable
            | MxOutcome::MxPrivate => MxMeaning::Never,
            MxOutcome::Temporary
            | MxOutcome::Timeout
            | MxOutcome::Refused
            | MxOutcome::NotChecked
            | MxOutcome::Stale => MxMeaning::Unknown,
        }
    }
}

impl std::fmt::Display for MxOutcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// A mail host with its preference; lower is tried first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MxHost {
    /// As in the record.
    pub preference: u16,
    /// Lower case, without the last dot; empty for a null MX.
    pub name: String,
}

/// One answer with its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MxAnswer {
    /// Never [`MxOutcome::Stale`] or [`MxOutcome::NotChecked`].
    pub outcome: MxOutcome,
    /// The mail hosts, the preferred ones first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<MxHost>,
    /// Addresses of the first host that has any, or of the domain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<IpAddr>,
    /// The name that the domain is an alias of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// What the server said (`NOERROR`, `NXDOMAIN`, `SERVFAIL` …), or what happened instead of an answer.
    pub said: String,
    /// How long the answer holds by its own word, in seconds.
    pub ttl_s: u32,
    /// Who answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolver: Option<SocketAddr>,
    /// When, in seconds since 1970.
    pub asked_at: i64,
}

/// What is remembered of a domain between runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MxEntry {
    /// The last answer that means something.
    pub answer: Option<MxAnswer>,
    /// Until when it holds, in seconds since 1970.
    pub holds_until: i64,
    /// Since when every answer has been a permanent no, in seconds since 1970.
    pub dead_since: Option<i64>,
    /// What asking came to the last time, where that was no answer.
    pub failure: Option<MxAnswer>,
    /// Until when it is not asked again after that failure, in seconds since 1970.
    pub rests_until: i64,
}

/// How sure it is that mail has a way or has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MxCertainty {
    /// Mail has a way.
    Alive,
    /// A permanent no that waits for its confirmation.
    Pending,
    /// A permanent no, confirmed.
    Dead,
    /// Nothing is known.
    Unknown,
}

/// What is said of a domain today.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MxStatus {
    /// The outcome.
    pub outcome: MxOutcome,
    /// What may be concluded.
    pub certainty: MxCertainty,
    /// What it rests on; for [`MxOutcome::Stale`] the older answer. None where nothing was ever heard.
    pub answer: Option<MxAnswer>,
    /// Not checked because the resolver gives answers that can't be true, so none of them is used.
    pub is_untrusted: bool,
}

impl MxStatus {
    /// An outcome with what may be concluded and what it rests on.
    pub const fn new(outcome: MxOutcome, certainty: MxCertainty, answer: Option<MxAnswer>) -> Self {
        MxStatus { outcome, certainty, answer, is_untrusted: false }
    }

    /// The code under which rules and words speak of it.
    pub const fn code(&self) -> Code {
        if self.is_untrusted { Code::EmailDnsUntrusted } else { self.outcome.code() }
    }

    /// Nothing was asked and nothing is remembered.
    pub const fn not_checked() -> Self {
        MxStatus::new(MxOutcome::NotChecked, MxCertainty::Unknown, None)
    }
}

/// Who remembers answers from run to run: the workspace, or nobody.
pub trait MxMemory {
    /// What can go wrong with it.
    type Error;

    /// What is known of these domains.
    ///
    /// # Errors
    /// When it can't be read.
    fn recall(&mut self, domains: &[&str]) -> Result<HashMap<String, MxEntry>, Self::Error>;

    /// Keeps these entries in place of what was known, all or none.
    ///
    /// # Errors
    /// When it can't be written.
    fn keep(&mut self, entries: &[(&str, &MxEntry)]) -> Result<(), Self::Error>;
}

/// A memory for runs without a workspace: it remembers nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMxMemory;

impl MxMemory for NoMxMemory {
    type Error = std::convert::Infallible;

    fn recall(&mut self, _domains: &[&str]) -> Result<HashMap<String, MxEntry>, Self::Error> {
        Ok(HashMap::new())
    }

    fn keep(&mut self, _entries: &[(&str, &MxEntry)]) -> Result<(), Self::Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_parses_back_from_its_string_and_is_written_so_in_json() {
        for outcome in MxOutcome::ALL {
            assert_eq!(MxOutcome::parse(outcome.as_str()), Some(outcome));
            assert_eq!(outcome.code().as_str(), format!("email.dns.{outcome}"));
            assert_eq!(serde_json::to_string(&outcome).expect("writes"), format!("\"{}\"", outcome.as_str()));
        }
    }

    #[test]
    fn no_failure_to_ask_means_that_mail_has_no_way() {
        for outcome in ["temporary", "timeout", "refused", "not_checked", "stale"] {
            assert_eq!(MxOutcome::parse(outcome).map(MxOutcome::meaning), Some(MxMeaning::Unknown), "{outcome}");
        }
    }
}
