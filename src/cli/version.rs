//! `tiuv --version --verbose`: what this program is made of, for a report of a fault or of a difference between machines.

use std::ffi::OsString;
use std::fmt::Write;

use crate::standardize::numbering;
use crate::store::Store;

/// Whether the version is asked for with `--verbose`, or with `-v` alone or beside other short options (`-Vv`).
pub(super) fn is_verbose(args: &[OsString]) -> bool {
    args.iter().skip(1).filter_map(|arg| arg.to_str()).any(|arg| {
        let is_short = arg.starts_with('-') && !arg.starts_with("--");
        arg == "--verbose" || (is_short && arg.contains('v'))
    })
}

/// The version, and below it the versions of what verdicts depend on.
pub(super) fn text() -> String {
    let (regions, codes, bytes) = numbering::size();
    let mut text = format!("tiuv {}\n", env!("CARGO_PKG_VERSION"));
    let lines = [
        ("numbering plans", format!("libphonenumber metadata {}", numbering::metadata_version())),
        ("numbering tables", format!("{regions} regions, {codes} calling codes, {bytes} bytes")),
        ("SQLite", Store::sqlite_version().to_owned()),
        ("built for", format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS)),
    ];
    for (what, value) in lines {
        let _ = writeln!(text, "{:<18}{value}", format!("{what}:"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbosity_is_seen_in_every_way_of_asking_for_it() {
        let is_verbose = |args: &[&str]| is_verbose(&args.iter().map(OsString::from).collect::<Vec<_>>());
        for args in [["tiuv", "--version", "--verbose"], ["tiuv", "-V", "-v"], ["tiuv", "-v", "--version"]] {
            assert!(is_verbose(&args), "{args:?}");
        }
        assert!(is_verbose(&["tiuv", "-Vv"]));
        assert!(!is_verbose(&["tiuv-v", "--version"]));
        assert!(!is_verbose(&["tiuv", "-V"]));
    }
}
