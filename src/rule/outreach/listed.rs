//! Files that another file lists.

use crate::rule::{RuleError, RuleFiles};

/// A file that a list names, which must be there.
pub(super) fn must_have(files: &RuleFiles, listed_in: &str, name: &str) -> Result<(), RuleError> {
    if files.names_below("outreach/").iter().any(|known| known == name) {
        return Ok(());
    }
    Err(RuleError::Meaning {
        path: listed_in.to_owned(),
        message: format!(
            "there is no rules/{name}; take it out of the list, or put the file into the directory of --rules"
        ),
    })
}
