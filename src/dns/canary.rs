//! Canaries: before the first domain, and when everything falls silent, resolvers are asked for names whose answer is
//! known.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use hickory_proto::rr::{Name, RecordType};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::question::{Question, askable};
use super::reply::{self, Reply};
use super::server::Server;
use super::udp::Received;
use crate::rule::DnsRules;

/// What the canaries say of a resolver.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// It finds names that are there, and none that is not.
    Trusted,
    /// It answers, but could not resolve any of the canaries; it may know other names, as a resolver of a private network does.
    Unproven,
    /// It answered nothing in time.
    Silent,
    /// Nobody is there.
    Unreachable,
    /// It finds names that can't be there, or denies names that are.
    Untrusted,
}

/// What one canary came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sound {
    Found,
    Denied,
    Failed,
    Silent,
    Unreachable,
}

/// What the canaries say of each resolver; all are asked at once.
pub(super) async fn try_out(servers: &[Server], rules: &DnsRules) -> Vec<Trust> {
    join_all(servers.iter().map(|server| trust(server, rules))).await
}

/// Whether any resolver answers anything about any of these names.
pub(super) async fn anyone_there(servers: &[Server], names: &[Name], rules: &DnsRules) -> bool {
    let asked = servers.iter().flat_map(|server| names.iter().map(move |name| (server, name)));
    let sounds = join_all(asked.map(|(server, name)| sound(server, name.clone(), RecordType::MX, rules))).await;
    sounds.iter().any(|sound| matches!(sound, Sound::Found | Sound::Denied))
}

/// The canaries as names.
pub(super) fn names(rules: &DnsRules) -> Vec<Name> {
    rules.canaries.names.iter().filter_map(|name| askable(name)).collect()
}

async fn trust(server: &Server, rules: &DnsRules) -> Trust {
    let absent = rules.canaries.absent_below.iter();
    let absent = absent.filter_map(|parent| askable(&format!("{}.{parent}", server.random_label())));
    let there = names(rules).into_iter().map(|name| sound(server, name, RecordType::MX, rules));
    let absent = absent.map(|name| sound(server, name, RecordType::A, rules));
    let (there, absent) = tokio::join!(join_all(there), join_all(absent));
    concluded(&there, &absent)
}

fn concluded(there: &[Sound], absent: &[Sound]) -> Trust {
    if absent.contains(&Sound::Found) {
        return Trust::Untrusted;
    }
    // One canary may have died of old age since this was written; all of them can't have.
    if there.contains(&Sound::Found) {
        return Trust::Trusted;
    }
    if there.contains(&Sound::Denied) {
        return Trust::Untrusted;
    }
    let answers = |sound: &Sound| matches!(sound, Sound::Failed | Sound::Denied);
    let mut all = there.iter().chain(absent);
    if all.clone().any(answers) {
        Trust::Unproven
    } else if all.all(|sound| *sound == Sound::Unreachable) {
        Trust::Unreachable
    } else {
        Trust::Silent
    }
}

async fn sound(server: &Server, name: Name, kind: RecordType, rules: &DnsRules) -> Sound {
    let Some(question) = Question::new(name, kind, rules.edns_bytes).map(Arc::new) else { return Sound::Failed };
    let (sender, mut replies) = mpsc::unbounded_channel();
    let mut tickets = Vec::new();
    let mut last = Sound::Silent;
    for step in 0..rules.canaries.tries {
        let end = Instant::now() + Duration::from_millis(rules.canaries.try_ms);
        match timeout_at(end, server.send(&question, step, &sender)).await {
            Ok(Ok(ticket)) => tickets.push(ticket),
            Ok(Err(_)) => return Sound::Unreachable,
            Err(_) => return last,
        }
        while let Ok(Some((_, heard))) = timeout_at(end, replies.recv()).await {
            let heard = match heard {
                Received::Truncated => {
                    timeout_at(end, server.ask_by_tcp(&question)).await.unwrap_or(Received::Truncated)
                }
                heard => heard,
            };
            match heard {
                Received::Truncated => last = Sound::Failed,
                Received::Unreachable => return Sound::Unreachable,
                Received::Unreadable => last = Sound::Failed,
                Received::Reply(message) => match reply::read(&question, &message, rules.aliases) {
                    Reply::Records { .. } => return Sound::Found,
                    Reply::NoRecord { .. } | Reply::NoName { .. } => return Sound::Denied,
                    _ if server.forget_edns() => break,
                    _ => return Sound::Failed,
                },
            }
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_canary_found_is_enough_and_one_impossible_name_is_too_much() {
        use Sound::{Denied, Failed, Found, Silent, Unreachable};
        let cases: [(&[Sound], &[Sound], Trust); 9] = [
            (&[Found, Found], &[Denied], Trust::Trusted),
            (&[Silent, Found, Denied], &[Silent], Trust::Trusted),
            (&[Found, Found], &[Denied, Found], Trust::Untrusted),
            (&[Denied, Denied], &[Denied], Trust::Untrusted),
            (&[Failed, Failed], &[Failed], Trust::Unproven),
            (&[Silent, Silent], &[Denied], Trust::Unproven),
            (&[Silent, Silent], &[Silent], Trust::Silent),
            (&[Unreachable, Unreachable], &[Unreachable], Trust::Unreachable),
            (&[Unreachable, Silent], &[Unreachable], Trust::Silent),
        ];
        for (there, absent, expected) in cases {
            assert_eq!(concluded(there, absent), expected, "{there:?} {absent:?}");
        }
    }
}
