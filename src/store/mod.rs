//! The workspace: what a later run or a person needs to know of earlier ones, in `state.db` and `snapshots/`.

mod answers;
mod artefact;
mod captures;
mod confirm_codes;
mod confirm_links;
mod consequences;
mod contact_events;
mod decay_model;
mod decisions;
mod error;
mod gateway_reports;
mod inbound_messages;
mod known;
mod known_runs;
mod lookups;
mod mappings;
mod migrate;
mod mx;
mod outbox;
mod pending_changes;
#[cfg(feature = "parquet")]
mod people;
mod persons;
mod profiles;
mod publishing;
mod repair;
mod runs;
mod secret;
#[cfg(feature = "parquet")]
mod snapshot;
mod steward;
#[cfg(feature = "parquet")]
mod stored_columns;
mod suppression;
mod switch;
mod workspace;

pub use answers::{Recorded, Reported, TakenIn};
pub use artefact::Artefact;
pub use confirm_codes::{CodeBegun, CodeEntered, CodeFor};
pub use confirm_links::{LINK_SOURCE, LinkAnswer, LinkAnswered, OpenLink};
pub use contact_events::PastAnswer;
pub use decay_model::DecayModelRecord;
pub use error::StoreError;
pub use inbound_messages::InboxText;
pub use known::KnownList;
pub use outbox::{
    AskedContact, BeginSend, Begun, Call, CallList, Changed, DueCount, DueFilter, Flag, HandedOut, KnownContact,
    KnownEvent, OutboxRow, OutboxStats, PlanChange, PlanStamp, PlannedContact, SendResult, StateSum, UnknownRow,
};
pub use pending_changes::{GivenFilter, GivenValue};
#[cfg(feature = "parquet")]
pub use people::{CustomersFile, PeopleFile};
pub use persons::PersonsSeen;
pub use profiles::{ProfilesFile, ProfilesWriter};
pub use repair::Repaired;
pub use runs::{RunFiles, RunRecord};
pub use secret::{Secret, TOKEN_LENGTH};
#[cfg(feature = "parquet")]
pub use snapshot::{SnapshotFile, SnapshotRows, SnapshotWriter};
pub use steward::{
    Act, ActLine, ActState, AuditLine, AuditVerdict, Claimed, Claimer, Conflict, Facet, Facets, Filled, FreeItem,
    ItemFill, ItemFilter, MadeAct, Marked, NewUser, SignInTry, SignedIn, Undone, User, Waiting,
};
pub use suppression::{Added, Exported};
pub use switch::{DispatchLock, Switch};
pub use workspace::Store;
