//! What the stewards' pages keep: the queue, who has what, decisions with what takes them back, accounts, sessions, and the audit
//! log. SQL alone; what may be decided, and by whom, is said by `steward`.

mod acts;
mod audit;
mod claims;
mod facets;
mod items;
mod sessions;
#[cfg(test)]
mod tests;
mod undo;
mod users;

pub use acts::{Act, ActLine, ActState, Conflict, MadeAct, Marked, Undone};
pub use audit::{AuditLine, AuditVerdict};
pub use claims::{Claimed, Claimer};
pub use facets::{Facet, Facets, FreeItem, ItemFilter};
pub use items::{Filled, ItemFill, Waiting};
pub use sessions::SignedIn;
pub use users::{NewUser, SignInTry, User};
