//! What DNS said of the domains of e-mails: by outcome, dead ends, and groups on one dead or parked mail host.

use super::error::ReportError;
use crate::page::{Bar, Explanation, Value, Voice};
use crate::pipeline::{MailGroup, MailSummary, RunSummary};
use crate::record::{MxMeaning, MxOutcome};

/// The section.
pub(super) struct Mail {
    pub(super) lead: String,
    /// Why some domains were not asked for.
    pub(super) warning: Option<String>,
    /// What waits for a second answer.
    pub(super) pending: Option<String>,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) dead_ends: Vec<DeadEnd>,
    pub(super) groups: Vec<Group>,
}

/// Domains of one outcome.
pub(super) struct Outcome {
    pub(super) title: String,
    pub(super) code: String,
    pub(super) count: String,
    pub(super) addresses: String,
    pub(super) bar: Bar,
    pub(super) what: Option<Explanation>,
}

/// A domain to which mail has no way.
pub(super) struct DeadEnd {
    pub(super) domain: Value,
    pub(super) title: String,
    pub(super) addresses: String,
    pub(super) sure: String,
}

/// Domains on the same dead or parked mail hosts.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) host: Value,
    pub(super) more: Option<String>,
    pub(super) who: Option<Value>,
    pub(super) addresses: String,
}

pub(super) fn mail(summary: &RunSummary, voice: &Voice<'_>) -> Result<Option<Mail>, ReportError> {
    let Some(mail) = summary.mail.as_ref().filter(|mail| mail.domains > 0) else { return Ok(None) };
    let reaches = mail.domains_that(MxMeaning::Reaches);
    let figures = [
        ("alive", voice.count(reaches)),
        ("dead", voice.count(mail.domains_that(MxMeaning::Never))),
        ("unknown", voice.count(mail.domains_that(MxMeaning::Unknown))),
    ];
    let parts: Vec<(&str, &str)> = figures.iter().map(|(name, figure)| (*name, figure.as_str())).collect();
    let hours = mail.confirm_hours.to_string();
    Ok(Some(Mail {
        lead: voice.counted("mail.lead", mail.domains, &parts),
        warning: mail.stopped.map(|stopped| voice.say_of("stopped", stopped.as_str())),
        pending: (mail.pending() > 0).then(|| voice.counted("mail.pending", mail.pending(), &[("hours", &hours)])),
        outcomes: outcomes(mail, voice)?,
        dead_ends: dead_ends(mail, voice),
        groups: mail.groups.iter().map(|group| one_group(group, voice)).collect(),
    }))
}

fn outcomes(mail: &MailSummary, voice: &Voice<'_>) -> Result<Vec<Outcome>, ReportError> {
    let one = |found: &crate::pipeline::MailOutcome| {
        let code = found.outcome.code().as_str();
        Ok(Outcome {
            title: voice.title(code),
            code: code.to_owned(),
            count: voice.count(found.domains),
            addresses: voice.counted("mail.addresses", found.addresses, &[]),
            bar: Bar::single(colour(found.outcome), found.domains, mail.domains)?,
            what: voice.explain(code).0,
        })
    };
    mail.outcomes.iter().map(one).collect()
}

fn dead_ends(mail: &MailSummary, voice: &Voice<'_>) -> Vec<DeadEnd> {
    let one = |end: &crate::pipeline::MailDomain| DeadEnd {
        domain: Value::new(&end.domain),
        title: voice.title(end.outcome.code().as_str()),
        addresses: voice.count(end.addresses),
        sure: voice.say(if end.confirmed { "mail.confirmed" } else { "mail.once" }).to_owned(),
    };
    mail.dead_ends.iter().map(one).collect()
}

fn one_group(group: &MailGroup, voice: &Voice<'_>) -> Group {
    let others = group.hosts.len().saturating_sub(1) as u64;
    Group {
        title: voice.counted(&format!("group.{}", group.kind), group.domains, &[]),
        host: Value::new(group.hosts.first().map_or("", String::as_str)),
        more: (others > 0).then(|| voice.counted("mail.more_hosts", others, &[])),
        who: group.who.as_deref().map(Value::new),
        addresses: voice.counted("mail.addresses", group.addresses, &[]),
    }
}

/// An outcome in the colours of the verdicts.
fn colour(outcome: MxOutcome) -> &'static str {
    match outcome.meaning() {
        MxMeaning::Reaches => "ok",
        MxMeaning::Never => "invalid",
        MxMeaning::Unknown => "unknown",
    }
}
