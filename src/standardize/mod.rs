//! Brings values to their normal form. The original stays beside it; every change names the rule that made it.

mod address;
mod batch;
mod date;
mod email;
mod memo;
mod name;
mod national_id;
mod note;
mod phone;
mod standing;
mod step;
pub mod text;

pub use address::{AddressPart, AddressStandardizer};
pub use batch::Standardizers;
pub use date::{DateOrder, DateStandardizer, UnixUnit};
pub use email::{EmailStandardizer, ascii_form, email_key, push_email_key};
pub use name::{NamePart, NameStandardizer};
pub use national_id::NationalIdStandardizer;
pub use note::NoteStandardizer;
pub use phone::{Line, PhoneStandardizer, Way, numbering};
pub use standing::StandingStandardizer;
pub use step::{Note, Step, StepPart};

use crate::record::CellOut;

/// What a cell's reader may know of the rest of its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CellContext<'a> {
    /// The row's country cell as written; empty where the list has no such column or the cell is empty.
    pub country: &'a str,
}

/// Reads cells of one field. Implementations are pure: the same cell gives the same result, whatever came before.
pub trait Standardizer: Send + Sync {
    /// Reads `raw` (untrimmed, as the source holds it) into `out`, which the caller has cleared.
    ///
    /// An empty cell leaves `out` empty. Standardizing an already standardized value must change nothing
    /// and must make no repair.
    fn standardize(&self, raw: &str, context: CellContext<'_>, out: &mut CellOut);

    /// The steps by which `standardize` reads `raw`, for a person who asks about one cell; none where a reader has nothing
    /// to tell but its result.
    fn steps(&self, _raw: &str, _context: CellContext<'_>) -> Vec<Step> {
        Vec::new()
    }
}
