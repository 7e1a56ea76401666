//! The one door through which files are written: each is whole under its name or not there, only its owner reads what is not
//! finished, and what a dead process left is found and removed.

mod ending;
pub mod fault;
mod identity;
mod left_over;
mod pending;
mod private;
mod staged;
mod temporary;

pub use ending::{Naming, clear_away, naming};
pub use identity::Identity;
pub use left_over::{has_left_overs, left_to_ask_about, remove_left_overs};
pub use pending::PendingFile;
pub use private::{WiderMode, owned_file, private_directory, private_file, sync_directory, wider_than_private};
pub use staged::{Staged, finish_staged, remove_staged};
pub use temporary::temporary_in;

use std::path::Path;

/// The directory in which a file stands.
pub(crate) fn directory_of(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
