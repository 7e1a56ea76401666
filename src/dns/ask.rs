//! Asking the resolvers in use: whose turn it is, and aliases followed over several answers.

use std::cell::Cell;

use hickory_proto::rr::{Name, RecordType};
use tokio::time::Instant;

use super::query::{Query, ServerReply, Unanswered};
use super::question::Question;
use super::reply::Reply;
use super::server::Server;
use crate::record::MxOutcome;
use crate::rule::DnsRules;

/// The resolvers in use, and how they are asked.
#[derive(Debug)]
pub(super) struct Asker<'r> {
    pub(super) servers: Vec<Server>,
    pub(super) rules: &'r DnsRules,
    turn: Cell<usize>,
}

impl<'r> Asker<'r> {
    pub(super) fn new(servers: Vec<Server>, rules: &'r DnsRules) -> Self {
        Asker { servers, rules, turn: Cell::new(0) }
    }

    /// Asks for a type of record, following aliases over as many questions as it takes. A ring of them is a mistake that
    /// someone will mend, so it counts as a failure.
    pub(super) async fn ask(&self, name: &Name, kind: RecordType, until: Instant) -> Result<ServerReply, Unanswered> {
        let mut asked = vec![name.clone()];
        loop {
            let at = asked.last().unwrap_or(name).clone();
            let Some(question) = Question::new(at, kind, self.rules.edns_bytes) else {
                return Err(self.failed("unwritable name"));
            };
            let mut said = Query::new(self.rules, question, self.by_turns(), until).answered().await?;
            match &mut said.reply {
                Reply::AliasRing => return Err(self.failed("ring of aliases")),
                Reply::Elsewhere { target } if asked.contains(target) || asked.len() > self.rules.aliases => {
                    return Err(self.failed("ring of aliases"));
                }
                Reply::Elsewhere { target } => asked.push(target.clone()),
                Reply::Records { alias, .. } | Reply::NoRecord { alias, .. } | Reply::NoName { alias, .. } => {
                    if alias.is_none() && asked.len() > 1 {
                        *alias = asked.pop();
                    }
                    return Ok(said);
                }
                Reply::Failed(_) | Reply::Referral => return Ok(said),
            }
        }
    }

    /// The resolvers by turns; those that have been silent for long come last.
    fn by_turns(&self) -> Vec<&Server> {
        let turn = self.turn.get();
        self.turn.set(turn.wrapping_add(1));
        let mut servers: Vec<&Server> = self.servers.iter().collect();
        servers.rotate_left(turn % self.servers.len());
        servers.sort_by_key(|server| server.is_silent());
        servers
    }

    fn failed(&self, said: &str) -> Unanswered {
        let resolver = self.servers.first().map(|server| server.address);
        Unanswered { outcome: MxOutcome::Temporary, said: said.to_owned(), resolver }
    }
}
