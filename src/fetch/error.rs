//! Why nothing came.

use std::io;

use super::FetchLimits;
use crate::error::{Exit, Explain};

/// Why nothing came.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// A file that can't be read.
    #[error("can't read {path}: {reason}")]
    Unreadable {
        /// As given.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// A directory in place of a file.
    #[error("{path} is a directory")]
    Directory {
        /// As given.
        path: String,
    },
    /// More than may come.
    #[error("{from} is longer than {mib} MiB")]
    TooLong {
        /// File or address.
        from: String,
        /// What may come.
        mib: u64,
    },
    /// Gzip that can't be unpacked.
    #[error("{from} is gzip that is cut off or damaged")]
    BrokenGzip {
        /// File or address.
        from: String,
    },
    /// No address of http.
    #[error("`{scheme}:` is no address that can be fetched")]
    Address {
        /// What stands before the colon.
        scheme: String,
    },
    /// The host answered with something else than the file.
    #[error("{from} answered {status}")]
    Status {
        /// The address.
        from: String,
        /// Code and its meaning.
        status: String,
    },
    /// Nothing came from the network.
    #[error("can't fetch {from}: {reason}")]
    Network {
        /// The address.
        from: String,
        /// What happened.
        reason: String,
    },
}

impl FetchError {
    pub(super) fn unreadable(path: &str, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::PermissionDenied => "no permission".to_owned(),
            _ => error.to_string(),
        };
        FetchError::Unreadable { path: path.to_owned(), reason }
    }

    pub(super) fn too_long(from: &str, limits: &FetchLimits) -> Self {
        FetchError::TooLong { from: from.to_owned(), mib: limits.bytes >> 20 }
    }
}

impl Explain for FetchError {
    fn exit(&self) -> Exit {
        match self {
            FetchError::Address { .. } => Exit::Usage,
            FetchError::Status { .. } | FetchError::Network { .. } => Exit::Network,
            _ => Exit::Input,
        }
    }

    fn help(&self) -> String {
        match self {
            FetchError::Unreadable { .. } => "check the path and its permissions",
            FetchError::Directory { .. } => "name a file in it",
            FetchError::TooLong { .. } => {
                "a list is shorter; `max_mib` in lists.toml of your rules directory raises it"
            }
            FetchError::BrokenGzip { .. } => "fetch it again",
            FetchError::Address { .. } => "give a file, or an address that starts with https:// or http://",
            FetchError::Status { .. } => "open the address in a browser; it must lead to the list itself",
            FetchError::Network { .. } => "check the network and the address; a file works without one",
        }
        .to_owned()
    }
}
