//! One question put to several resolvers until one answers: tries, pauses, TCP, aliases.

use std::cell::Cell;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::{Name, RecordType};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::question::Question;
use super::reply::{self, Reply};
use super::server::Server;
use super::udp::Heard;
use crate::record::MxOutcome;
use crate::rule::DnsRules;

/// The resolvers in use, and how they are asked.
#[derive(Debug)]
pub(super) struct Asker<'r> {
    pub(super) servers: Vec<Server>,
    pub(super) rules: &'r DnsRules,
    turn: Cell<usize>,
}

/// An answer and who gave it.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) reply: Reply,
    pub(super) resolver: SocketAddr,
}

/// No answer: why, in an outcome that never means "dead".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unanswered {
    pub(super) outcome: MxOutcome,
    pub(super) said: String,
    pub(super) resolver: Option<SocketAddr>,
}

impl<'r> Asker<'r> {
    pub(super) fn new(servers: Vec<Server>, rules: &'r DnsRules) -> Self {
        Asker { servers, rules, turn: Cell::new(0) }
    }

    /// Asks for a type of record, following aliases over as many questions as it takes.
    pub(super) async fn ask(&self, name: &Name, kind: RecordType, until: Instant) -> Result<Said, Unanswered> {
        let mut asked = vec![name.clone()];
        while asked.len() <= self.rules.aliases.max(1) {
            let at = asked.last().unwrap_or(name).clone();
            let question = Question::new(at, kind, self.rules.edns_bytes).ok_or_else(|| Unanswered {
                outcome: MxOutcome::Temporary,
                said: "unwritable name".to_owned(),
                resolver: None,
            })?;
            let mut said = self.put(&Arc::new(question), until).await?;
            match &mut said.reply {
                Reply::Elsewhere { target } if asked.contains(target) => break,
                Reply::Elsewhere { target } => asked.push(target.clone()),
                Reply::Records { alias, .. } | Reply::NoRecord { alias, .. } | Reply::NoName { alias, .. } => {
                    if alias.is_none() && asked.len() > 1 {
                        *alias = asked.pop();
                    }
                    return Ok(said);
                }
                _ => return Ok(said),
            }
        }
        let resolver = self.servers.first().map(|server| server.address);
        Err(Unanswered { outcome: MxOutcome::Temporary, said: "ring of aliases".to_owned(), resolver })
    }

    /// Puts one question until it is answered, the tries are used up, or time is.
    async fn put(&self, question: &Arc<Question>, until: Instant) -> Result<Said, Unanswered> {
        let (sender, mut replies) = mpsc::unbounded_channel();
        let order = self.order();
        let server = |step: usize| &self.servers[order[step % order.len()]];
        let mut tickets = Vec::new();
        let mut troubles = Troubles::default();
        let most_failures = self.rules.failure_tries.max(self.servers.len());
        for (step, wait_ms) in self.rules.try_ms.iter().enumerate() {
            let asked = server(step);
            if Instant::now() >= until {
                break;
            }
            let wait = Duration::from_millis(*wait_ms);
            if step + 1 == self.rules.tcp_try {
                let by_tcp = timeout_at((Instant::now() + wait).min(until), asked.ask_by_tcp(question)).await;
                let _ = sender.send((step, by_tcp.unwrap_or(Heard::Unreachable)));
            } else {
                match asked.send(question, step, &sender).await {
                    Ok(ticket) => tickets.push(ticket),
                    Err(_) => drop(sender.send((step, Heard::Unreachable))),
                }
            }
            let mut wait_until = (Instant::now() + wait).min(until);
            // Earlier tries are listened to as well: a slow answer is an answer.
            while let Ok(Some((step, heard))) = timeout_at(wait_until, replies.recv()).await {
                let from = server(step);
                let heard = match heard {
                    Heard::Truncated => {
                        let end = (Instant::now() + self.longest_try()).min(until);
                        timeout_at(end, from.ask_by_tcp(question)).await.unwrap_or(Heard::Unreachable)
                    }
                    heard => heard,
                };
                let reply = match heard {
                    Heard::Reply(message) => reply::read(question, &message, self.rules.aliases),
                    Heard::Unreachable => {
                        wait_until = wait_until.min(Instant::now() + self.pause(troubles.pauses()));
                        troubles.unreachable += 1;
                        continue;
                    }
                    Heard::Truncated | Heard::Unreadable => Reply::Failed(ResponseCode::FormErr),
                };
                from.note(true);
                match reply {
                    Reply::Failed(ResponseCode::FormErr | ResponseCode::NotImp | ResponseCode::BADVERS)
                        if from.forget_edns() =>
                    {
                        if let Ok(ticket) = from.send(question, step, &sender).await {
                            tickets.push(ticket);
                        }
                    }
                    Reply::Failed(code) => troubles.failed(code, from.address),
                    Reply::Referral => troubles.failed(ResponseCode::Refused, from.address),
                    reply => return Ok(Said { reply, resolver: from.address }),
                }
                if troubles.failures() >= most_failures {
                    return Err(troubles.unanswered());
                }
                if troubles.failures() > 0 {
                    wait_until = wait_until.min(Instant::now() + self.pause(troubles.pauses() - 1));
                }
            }
            if troubles.failures() == 0 {
                asked.note(false);
            }
        }
        Err(troubles.unanswered())
    }

    /// The resolvers by turns; those that have been silent for long come last.
    fn order(&self) -> Vec<usize> {
        let turn = self.turn.get();
        self.turn.set(turn.wrapping_add(1));
        let count = self.servers.len();
        let mut order: Vec<usize> = (0..count).map(|index| (turn % count + index) % count).collect();
        order.sort_by_key(|index| self.servers[*index].is_silent());
        order
    }

    fn pause(&self, failures: usize) -> Duration {
        let pauses = &self.rules.backoff_ms;
        Duration::from_millis(pauses.get(failures).or(pauses.last()).copied().unwrap_or(0))
    }

    fn longest_try(&self) -> Duration {
        Duration::from_millis(self.rules.try_ms.iter().copied().max().unwrap_or(0))
    }
}

/// What went wrong with one question so far.
#[derive(Debug, Default)]
struct Troubles {
    refusals: usize,
    others: usize,
    unreachable: usize,
    last: Option<(ResponseCode, SocketAddr)>,
}

impl Troubles {
    fn failed(&mut self, code: ResponseCode, by: SocketAddr) {
        match code {
            ResponseCode::Refused => self.refusals += 1,
            _ => self.others += 1,
        }
        // A failure says more than a refusal.
        if code != ResponseCode::Refused || self.last.is_none() {
            self.last = Some((code, by));
        }
    }

    fn failures(&self) -> usize {
        self.refusals + self.others
    }

    fn pauses(&self) -> usize {
        self.failures() + self.unreachable
    }

    fn unanswered(&self) -> Unanswered {
        let outcome = match (self.refusals, self.others) {
            (0, 0) => MxOutcome::Timeout,
            (_, 0) => MxOutcome::Refused,
            _ => MxOutcome::Temporary,
        };
        let said = match &self.last {
            Some((code, _)) => code_name(*code),
            None if self.unreachable > 0 => "unreachable".to_owned(),
            None => "no answer".to_owned(),
        };
        Unanswered { outcome, said, resolver: self.last.as_ref().map(|(_, by)| *by) }
    }
}

/// The code's name as operators know it (IANA, DNS RCODEs).
pub(super) fn code_name(code: ResponseCode) -> String {
    let name = match code {
        ResponseCode::NoError => "NOERROR",
        ResponseCode::FormErr => "FORMERR",
        ResponseCode::ServFail => "SERVFAIL",
        ResponseCode::NXDomain => "NXDOMAIN",
        ResponseCode::NotImp => "NOTIMP",
        ResponseCode::Refused => "REFUSED",
        ResponseCode::NotAuth => "NOTAUTH",
        ResponseCode::BADVERS => "BADVERS",
        other => return format!("RCODE{}", u16::from(other)),
    };
    name.to_owned()
}
