//! Every file that runs leave in the workspace. Each holds values of persons, so whoever keeps count of those or erases one
//! starts here.

use std::path::{Path, PathBuf};

use super::Store;

/// A file that a run leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Artefact {
    /// Its standardized rows.
    Snapshot,
    /// The compared values of its rows.
    People,
    /// Whose its rows are.
    Customers,
    /// Its customers as outreach and look-ups see them.
    Cards,
    /// When its values were first written down.
    Captures,
}

impl Artefact {
    /// All of them, in the order of [`RunFiles`](super::RunFiles).
    pub const ALL: [Artefact; 5] =
        [Artefact::Snapshot, Artefact::People, Artefact::Customers, Artefact::Cards, Artefact::Captures];

    /// What its name ends in, behind the run's.
    const fn ending(self) -> &'static str {
        match self {
            Artefact::Snapshot => "parquet",
            Artefact::People => "people.parquet",
            Artefact::Customers => "customers.parquet",
            Artefact::Cards => "customers.db",
            Artefact::Captures => "captures.zst",
        }
    }
}

/// Where the customers of a run stand in a workspace, if the run left them.
pub(super) fn cards(workspace: &Path, run: &str) -> PathBuf {
    workspace.join("snapshots").join(format!("{run}.{}", Artefact::Cards.ending()))
}

impl Store {
    /// Where a file of a run stands, if the run left it.
    pub fn artefact(&self, artefact: Artefact, run: &str) -> PathBuf {
        self.directory.join("snapshots").join(format!("{run}.{}", artefact.ending()))
    }
}
