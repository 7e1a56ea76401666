//! The link in a message: its token is made as the message is begun, and stands in the message alone.

use jiff::Timestamp;

use super::error::DispatchError;
use super::gateway::Message;
use crate::config::OutreachConfig;
use crate::record::Channel;
use crate::store::{OutboxRow, Secret, UnknownRow};

/// What stands for the link in a planned text.
const SLOT: &str = "{link}";

/// Fills links in.
pub(super) struct Links<'a> {
    pub(super) secret: &'a Secret,
    /// Who says what a link begins with.
    pub(super) config: &'a OutreachConfig,
}

impl Links<'_> {
    /// The message of a row, and what is to be kept of its token.
    pub(super) fn message(
        &self,
        row: &OutboxRow,
        begun_at: Timestamp,
    ) -> Result<(Message, Option<[u8; 32]>), DispatchError> {
        let (body, token) = self.fill(row.id, row.channel, &row.body)?;
        let hash = (!token.is_empty()).then(|| self.secret.token_hash(&token));
        let message = Message {
            id: row.id,
            channel: row.channel,
            to: row.recipient.clone(),
            body,
            token,
            first_name: row.first_name.clone(),
            language: row.language.clone(),
            campaign: row.campaign.clone(),
            key: row.row_key.clone(),
            begun_at,
        };
        Ok((message, hash))
    }

    /// The message that a gateway may have: the same that was sent, since tokens are made of the row's number.
    pub(super) fn sent(&self, row: &UnknownRow) -> Result<Message, DispatchError> {
        let (body, token) = self.fill(row.id, row.channel, &row.body)?;
        Ok(Message {
            id: row.id,
            channel: row.channel,
            to: row.recipient.clone(),
            body,
            token,
            first_name: String::new(),
            language: String::new(),
            campaign: String::new(),
            key: String::new(),
            begun_at: row.begun_at.parse().unwrap_or(Timestamp::MIN),
        })
    }

    fn fill(&self, id: i64, channel: Channel, body: &str) -> Result<(String, String), DispatchError> {
        if !body.contains(SLOT) {
            return Ok((body.to_owned(), String::new()));
        }
        let base = self.config.link_base_for(channel).ok_or(DispatchError::NoLinkBase)?;
        let token = self.secret.link_token(id);
        Ok((body.replace(SLOT, &format!("{base}{token}")), token))
    }
}

/// Whether a message can be dispatched at all: a call is made by a person.
pub(super) const fn is_dispatched(channel: Channel) -> bool {
    matches!(channel, Channel::Sms | Channel::Email)
}
