//! Judges standardized values; never changes them.

mod address;
mod batch;
mod date;
mod email;
mod list;
mod mx;
mod name;
mod national_id;
mod occurrences;
mod phone;
mod row;

pub use address::AddressValidator;
pub use batch::Validators;
pub use date::DateValidator;
pub use email::EmailValidator;
pub use list::{ListFacts, ListFindings, ListStatement};
pub use mx::{MxValidator, Withdrawn, mail_domain};
pub use name::NameValidator;
pub use national_id::NationalIdValidator;
pub use occurrences::{Group, Occurrences};
pub use phone::PhoneValidator;

use crate::finding::{Code, Confidence, Mark};
use crate::record::{Detail, Verdict};

/// A standardized cell as a validator sees it.
#[derive(Debug, Clone, Copy)]
pub struct StandardCell<'a> {
    /// The normal form; see [`crate::record::CellOut::display`].
    pub display: &'a str,
    /// What standardizing learnt.
    pub detail: Detail,
    /// What standardizing noted of this cell.
    pub marks: &'a [Mark],
}

impl StandardCell<'_> {
    /// Whether standardizing noted this code.
    pub fn has(&self, code: Code) -> bool {
        self.marks.iter().any(|mark| mark.code == code)
    }

    /// Whether standardizing made a repair of a kind that changes the value (its codes contain `.repair.`).
    pub fn was_repaired(&self) -> bool {
        self.marks.iter().any(|mark| mark.code.is_repair())
    }
}

/// Judges cells of one field.
pub trait Validator: Send + Sync {
    /// Adds what it has to say to `marks` (which arrives empty: marks of standardizing stand in `cell.marks`)
    /// and returns the verdict. Fields whose verdict nobody reads return `Verdict::Ok` or `Verdict::Empty`.
    fn validate(&self, cell: StandardCell<'_>, marks: &mut Vec<Mark>) -> Verdict;
}

/// Notes a code that is certain.
fn mark(marks: &mut Vec<Mark>, code: Code) {
    marks.push(Mark { code, confidence: Confidence::CERTAIN });
}
