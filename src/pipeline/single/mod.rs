//! One row of a list, or two: what is known of them, for whoever asks about them alone.

mod find;
mod pair;
mod row;
mod stale;

pub use find::{FoundRow, find_row};
pub use pair::{NoPair, PairEvidence, explain_pair, values_of_pair};
pub use row::{ReadRow, read_row};
pub use stale::{StaleRow, explain_stale};
