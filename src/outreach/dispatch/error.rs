//! What keeps messages from being dispatched at all.

use crate::error::{Exit, Explain};
use crate::rule::RuleError;
use crate::store::StoreError;

/// What keeps messages from being dispatched at all.
#[derive(Debug, thiserror::Error)]
pub enum DispatchError {
    /// No gateway takes messages of a channel.
    #[error("no gateway takes {channel} messages")]
    NoGateway {
        /// Word of the channel.
        channel: &'static str,
    },
    /// Several gateways take messages of a channel.
    #[error("several gateways take {channel} messages: {}", names.join(", "))]
    ManyGateways {
        /// Word of the channel.
        channel: &'static str,
        /// Their names.
        names: Vec<String>,
    },
    /// `tiuv.toml` has no such gateway.
    #[error("no gateway is named \"{name}\"")]
    NoSuchGateway {
        /// As given.
        name: String,
        /// The closest name there is.
        closest: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// A setting that can't be, or contradicts another.
    #[error("tiuv.toml, outreach.gateway.{gateway}{key}: {message}")]
    Setting {
        /// `[outreach.gateway.NAME]`
        gateway: String,
        /// The key below it, with a dot before it.
        key: String,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// Messages have a link, and nothing says where it leads.
    #[error("the messages have a link, and tiuv.toml does not say what it begins with")]
    NoLinkBase,
    /// Messages have a link, and what it begins with is no address of a page.
    #[error("{message}")]
    Link {
        /// What is wrong.
        message: String,
        /// What to write.
        help: String,
    },
    /// A gateway can't be used.
    #[error("gateway {gateway} takes nothing: {why}")]
    NotReady {
        /// Its name.
        gateway: String,
        /// Why.
        why: String,
    },
    /// Outreach is stopped.
    #[error("outreach is stopped since {at}: {why}")]
    Stopped {
        /// RFC 3339.
        at: String,
        /// What whoever stopped it had to say.
        why: String,
    },
    /// Another process dispatches from this workspace.
    #[error("another tiuv is dispatching from this workspace")]
    Busy,
    /// The system lacks what sending needs.
    #[error("can't send anything over the network: {0}")]
    System(String),
    /// A rule file is not of its form.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The workspace can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A setting of a gateway that can't be; `key` is what stands below its name, or nothing.
pub(super) fn wrong(gateway: &str, key: &str, message: &str, help: &str) -> DispatchError {
    let key = if key.is_empty() { String::new() } else { format!(".{key}") };
    DispatchError::Setting { gateway: gateway.to_owned(), key, message: message.to_owned(), help: help.to_owned() }
}

impl Explain for DispatchError {
    fn exit(&self) -> Exit {
        match self {
            DispatchError::System(_) | DispatchError::NotReady { .. } => Exit::Network,
            DispatchError::Rule(error) => error.exit(),
            DispatchError::Store(error) => error.exit(),
            _ => Exit::Usage,
        }
    }

    fn help(&self) -> String {
        match self {
            DispatchError::NoGateway { channel } => format!(
                "tell of one in tiuv.toml, for example [outreach.gateway.{channel}] with file = {{ path = \"{channel}.csv\" }} \
                 and channels = [\"{channel}\"]"
            ),
            DispatchError::ManyGateways { .. } => {
                "choose with --gateway NAME, or give them different `channels` in tiuv.toml".to_owned()
            }
            DispatchError::NoSuchGateway { closest: Some(name), .. } => format!("did you mean `{name}`?"),
            DispatchError::NoSuchGateway { known, .. } if known.is_empty() => {
                "gateways are told of in tiuv.toml, under [outreach.gateway.NAME]".to_owned()
            }
            DispatchError::NoSuchGateway { known, .. } => format!("tiuv.toml has {}", known.join(", ")),
            DispatchError::Setting { help, .. } => help.clone(),
            DispatchError::NoLinkBase => {
                "write it under [outreach], for example link_base = \"https://club.example/c/\"".to_owned()
            }
            DispatchError::Link { help, .. } => help.clone(),
            DispatchError::NotReady { gateway, .. } => {
                format!("mend it, or change [outreach.gateway.{gateway}] in tiuv.toml; nothing was sent")
            }
            DispatchError::Stopped { .. } => "`tiuv outreach resume` lets it go on".to_owned(),
            DispatchError::Busy => "wait for it to end, or stop it with `tiuv outreach stop`".to_owned(),
            DispatchError::System(_) => "check the system's certificates and limits".to_owned(),
            DispatchError::Rule(error) => error.help(),
            DispatchError::Store(error) => error.help(),
        }
    }
}
