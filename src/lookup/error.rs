//! What keeps a service from being asked at all.

use crate::error::{Exit, Explain};

/// What keeps a service from being asked at all.
#[derive(Debug, thiserror::Error)]
pub enum LookupError {
    /// `tiuv.toml` has no such service.
    #[error("no look-up service is named \"{name}\"")]
    NoSuchService {
        /// As given.
        name: String,
        /// The closest name there is.
        closest: Option<String>,
        /// All there are.
        known: Vec<String>,
    },
    /// A setting that can't be, or contradicts another.
    #[error("tiuv.toml, lookup.{service}.{key}: {message}")]
    Setting {
        /// `[lookup.NAME]`
        service: String,
        /// The key below it.
        key: String,
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// The system lacks what asking needs.
    #[error("can't ask anything over the network: {0}")]
    System(String),
}

impl Explain for LookupError {
    fn exit(&self) -> Exit {
        match self {
            LookupError::NoSuchService { .. } | LookupError::Setting { .. } => Exit::Usage,
            LookupError::System(_) => Exit::Network,
        }
    }

    fn help(&self) -> String {
        match self {
            LookupError::NoSuchService { closest: Some(name), .. } => format!("did you mean `{name}`?"),
            LookupError::NoSuchService { known, .. } if known.is_empty() => {
                "services are told of in tiuv.toml, under [lookup.NAME]".to_owned()
            }
            LookupError::NoSuchService { known, .. } => format!("tiuv.toml has {}", known.join(", ")),
            LookupError::Setting { help, .. } => help.clone(),
            LookupError::System(_) => "check the system's certificates and limits".to_owned(),
        }
    }
}
