//! What a plan promises, over a workspace.

mod again;
mod gates;
mod promises;

use jiff::Timestamp;

use super::fixture::{fill, rules};
use super::{Hold, Plan, Settings, plan};
use crate::record::{CustomerProfile, OutboxState};
use crate::store::{KnownContact, ProfilesFile, Store};

const NOW: &str = "2026-11-21T10:00:00Z";

struct Workspace {
    _directory: tempfile::TempDir,
    store: Store,
    profiles: ProfilesFile,
    rules: crate::rule::OutreachRules,
}

impl Workspace {
    fn of(profiles: &[CustomerProfile]) -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let profiles = fill(&mut store, "r1", profiles);
        Workspace { _directory: directory, store, profiles, rules: rules() }
    }

    fn plan(&self, settings: &Settings) -> Plan {
        plan(&self.store, &self.profiles, &self.rules, settings).expect("planned")
    }

    /// Plans and writes.
    fn carry_out(&mut self, settings: &Settings) -> Plan {
        let plan = self.plan(settings);
        let now: Timestamp = NOW.parse().expect("a moment");
        assert!(plan.write(&mut self.store, &settings.campaign, "r1", now).expect("written"));
        plan
    }

    fn rows(&self) -> Vec<KnownContact> {
        self.store.known_contacts("").expect("read")
    }

    /// Moves every row of a state to another one, at a moment.
    fn all_become(&mut self, from: OutboxState, to: OutboxState, at: &str) {
        let path = self.store.directory().join("state.db");
        let other = rusqlite::Connection::open(path).expect("opens");
        let words = rusqlite::params![from.as_str(), to.as_str(), at];
        other
            .execute(
                "INSERT INTO outbox_change (outbox, at, state) SELECT id, ?3, ?2 FROM outbox WHERE state = ?1",
                words,
            )
            .expect("written");
        other.execute("UPDATE outbox SET state = ?2, changed_at = ?3 WHERE state = ?1", words).expect("written");
    }
}

fn reason(plan: &Plan) -> Option<&'static str> {
    plan.held[0].map(Hold::code)
}
