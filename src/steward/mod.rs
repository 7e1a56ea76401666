//! What stewards may decide, what follows from it, and who may sign in. Decisions are those of `tiuv decide`, `tiuv outreach answers`
//! and `tiuv suppress`: one store keeps them, and later runs obey them.

mod choice;
mod decide;
mod password;

pub use choice::{Choice, NoEffect, effects};
pub use decide::{Decided, Many, Steward};
pub use password::{PasswordFault, folded_name, hash_password, is_password, password_fault};
