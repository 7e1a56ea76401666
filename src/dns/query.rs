//! One question put to several resolvers until one answers: tries, pauses, TCP, and what to say when none does.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::ResponseCode;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::{Instant, timeout_at};

use super::question::Question;
use super::reply::{self, Reply};
use super::server::Server;
use super::udp::{Received, Replies, Ticket};
use crate::record::MxOutcome;
use crate::rule::DnsRules;

/// An answer and who gave it.
#[derive(Debug, Clone)]
pub(super) struct ServerReply {
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

/// A question under way.
pub(super) struct Query<'p> {
    rules: &'p DnsRules,
    question: Arc<Question>,
    /// The first try goes to the first of these, the next one to the next.
    servers: Vec<&'p Server>,
    until: Instant,
    sender: Replies,
    replies: UnboundedReceiver<(usize, Received)>,
    /// All tries are listened to until the end: a slow answer is an answer.
    tickets: Vec<Ticket>,
    troubles: Troubles,
}

/// What something heard comes to.
enum Judged {
    Answer(ServerReply),
    /// The server was there and could not help.
    Failed,
    /// Nobody was there.
    Unreachable,
    /// The question was put again at once, in another form.
    Again,
}

impl<'p> Query<'p> {
    pub(super) fn new(rules: &'p DnsRules, question: Question, servers: Vec<&'p Server>, until: Instant) -> Self {
        let (sender, replies) = mpsc::unbounded_channel();
        let (question, tickets, troubles) = (Arc::new(question), Vec::new(), Troubles::default());
        Query { rules, question, servers, until, sender, replies, tickets, troubles }
    }

    /// Goes on until there is an answer, the tries are used up, or time is.
    pub(super) async fn answered(mut self) -> Result<ServerReply, Unanswered> {
        for (step, wait_ms) in self.rules.try_ms.iter().enumerate() {
            if self.is_over() {
                break;
            }
            let wait = Duration::from_millis(*wait_ms);
            self.send(step, wait).await;
            let wait_until = (Instant::now() + wait).min(self.until);
            if let Some(said) = self.listen(wait_until).await {
                return Ok(said);
            }
            if self.troubles.failures() == 0 {
                self.server(step).note(false);
            }
        }
        Err(self.troubles.unanswered())
    }

    async fn send(&mut self, step: usize, wait: Duration) {
        let server = self.server(step);
        let failed = if step + 1 == self.rules.tcp_try {
            let end = (Instant::now() + wait).min(self.until);
            Some(timeout_at(end, server.ask_by_tcp(&self.question)).await.unwrap_or(Received::Unreachable))
        } else {
            match server.send(&self.question, step, &self.sender).await {
                Ok(ticket) => {
                    self.tickets.push(ticket);
                    None
                }
                Err(_) => Some(Received::Unreachable),
            }
        };
        if let Some(heard) = failed {
            // Behind what came by UDP meanwhile; the receiver is our own, so it is there.
            let _ = self.sender.send((step, heard));
        }
    }

    /// Listens until then; after a failure only for a pause, so that the next server has its turn.
    async fn listen(&mut self, mut wait_until: Instant) -> Option<ServerReply> {
        while let Ok(Some((step, heard))) = timeout_at(wait_until, self.replies.recv()).await {
            let pause = self.pause();
            match self.judge(step, heard).await {
                Judged::Answer(said) => return Some(said),
                Judged::Again => {}
                Judged::Failed | Judged::Unreachable => wait_until = wait_until.min(Instant::now() + pause),
            }
            if self.is_over() {
                return None;
            }
        }
        None
    }

    async fn judge(&mut self, step: usize, heard: Received) -> Judged {
        let server = self.server(step);
        let heard = match heard {
            Received::Truncated => {
                let end = (Instant::now() + self.longest_try()).min(self.until);
                timeout_at(end, server.ask_by_tcp(&self.question)).await.unwrap_or(Received::Unreachable)
            }
            heard => heard,
        };
        let reply = match heard {
            Received::Reply(message) => reply::read(&self.question, &message, self.rules.aliases),
            Received::Truncated | Received::Unreadable => Reply::Failed(ResponseCode::FormErr),
            Received::Unreachable => {
                self.troubles.unreachable += 1;
                return Judged::Unreachable;
            }
        };
        server.note(true);
        let code = match reply {
            Reply::Failed(ResponseCode::FormErr | ResponseCode::NotImp | ResponseCode::BADVERS)
                if server.forget_edns() =>
            {
                let again = server.send(&self.question, step, &self.sender).await;
                self.tickets.extend(again);
                return Judged::Again;
            }
            Reply::Failed(code) => code,
            // It would not do what it was asked for, which is to find out.
            Reply::Referral => ResponseCode::Refused,
            reply => return Judged::Answer(ServerReply { reply, resolver: server.address }),
        };
        self.troubles.note(code, server.address);
        Judged::Failed
    }

    fn is_over(&self) -> bool {
        // Every server may have its say.
        let most_failures = self.rules.failure_tries.max(self.servers.len());
        self.troubles.failures() >= most_failures || Instant::now() >= self.until
    }

    fn server(&self, step: usize) -> &'p Server {
        self.servers[step % self.servers.len()]
    }

    fn pause(&self) -> Duration {
        let pauses = &self.rules.backoff_ms;
        let troubles = self.troubles.failures() + self.troubles.unreachable;
        Duration::from_millis(pauses.get(troubles).or(pauses.last()).copied().unwrap_or(0))
    }

    fn longest_try(&self) -> Duration {
        Duration::from_millis(self.rules.try_ms.iter().copied().max().unwrap_or(0))
    }
}

/// What went wrong with a question so far.
#[derive(Debug, Default)]
struct Troubles {
    refusals: usize,
    others: usize,
    unreachable: usize,
    last: Option<(ResponseCode, SocketAddr)>,
}

impl Troubles {
    fn note(&mut self, code: ResponseCode, by: SocketAddr) {
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
        Unanswered { outcome, said, resolver: self.last.map(|(_, by)| by) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_without_an_answer_never_means_dead() {
        use ResponseCode::{Refused, ServFail};
        let by = SocketAddr::from(([192, 0, 2, 1], 53));
        let cases: [(&[ResponseCode], MxOutcome, &str); 5] = [
            (&[], MxOutcome::Timeout, "no answer"),
            (&[Refused, Refused], MxOutcome::Refused, "REFUSED"),
            (&[Refused, ServFail, Refused], MxOutcome::Temporary, "SERVFAIL"),
            (&[ServFail], MxOutcome::Temporary, "SERVFAIL"),
            (&[ResponseCode::NXRRSet], MxOutcome::Temporary, "RCODE8"),
        ];
        for (heard, outcome, said) in cases {
            let mut troubles = Troubles::default();
            heard.iter().for_each(|code| troubles.note(*code, by));
            let unanswered = troubles.unanswered();
            assert_eq!((unanswered.outcome, unanswered.said.as_str()), (outcome, said), "{heard:?}");
        }
    }
}
