//! What can keep the server from working.

use std::net::SocketAddr;

use crate::error::{Exit, Explain};
use crate::pipeline::RunError;
use crate::rule::RuleError;

/// What can keep the server from working.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// `tiuv.toml` does not say what it takes.
    #[error("{message}")]
    Config {
        /// What is wrong.
        message: String,
        /// What to write.
        help: String,
    },
    /// A secret is not in the environment.
    #[error("[webhooks.gateway.{gateway}]: the environment variable {variable} is not set")]
    NoSecret {
        /// Whose.
        gateway: String,
        /// Which.
        variable: String,
    },
    /// The address can't be listened on.
    #[error("can't listen on {address}: {reason}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system says.
        reason: String,
    },
    /// A rule file is not of its form.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The workspace can't be read or written.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Explain for WebError {
    fn exit(&self) -> Exit {
        match self {
            WebError::Config { .. } | WebError::NoSecret { .. } => Exit::Usage,
            WebError::Listen { .. } => Exit::Network,
            WebError::Rule(error) => error.exit(),
            WebError::Run(error) => error.exit(),
        }
    }

    fn help(&self) -> String {
        match self {
            WebError::Config { help, .. } => help.clone(),
            WebError::NoSecret { variable, .. } => {
                format!("set {variable} before starting tiuv, in the environment alone")
            }
            WebError::Listen { .. } => "another program may listen there: choose another port with --listen".to_owned(),
            WebError::Rule(error) => error.help(),
            WebError::Run(error) => error.help(),
        }
    }
}
