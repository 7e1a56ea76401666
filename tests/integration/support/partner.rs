//! Programs of others that tests need; `tests/run` installs all of them and then insists on them.

use std::path::PathBuf;

/// A program that the tests need; none where it is missing and nobody insists on it, which is said.
#[expect(clippy::disallowed_macros, clippy::print_stderr, reason = "whoever reads the tests' output should know")]
pub(crate) fn partner(path: PathBuf) -> Option<PathBuf> {
    let is_there = path.is_file();
    let name = path.display();
    assert!(
        is_there || std::env::var_os("TIUV_ALL_TESTS").is_none(),
        "{name} is missing; `bash tests/run` installs what the tests need"
    );
    if !is_there {
        eprintln!("left out: {name} is missing; `bash tests/run` installs what the tests need");
    }
    is_there.then_some(path)
}

/// Below the folder that `tests/run` fills.
pub(crate) fn installed(name: &str) -> Option<PathBuf> {
    let root = env!("CARGO_MANIFEST_DIR");
    partner(PathBuf::from(root).join("target/test-partners").join(name))
}
