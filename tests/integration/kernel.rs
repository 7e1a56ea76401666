//! The kernel by itself: what a library without the feature `app` is built of.

use std::collections::BTreeSet;
use std::process::Command;

/// What would be a store, a network, a reader of files or a face.
const DOORS: &[&str] = &[
    "askama",
    "axum",
    "calamine",
    "charts-rs",
    "clap",
    "ctrlc",
    "flate2",
    "hickory-proto",
    "hickory-resolver",
    "hyper",
    "indicatif",
    "parquet",
    "reqwest",
    "ring",
    "rusqlite",
    "rust_xlsxwriter",
    "rustls",
    "tokio",
    "zstd",
];

#[test]
fn the_kernel_is_built_without_doors_and_faces() {
    let tree = |features: &[&str]| {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.current_dir(env!("CARGO_MANIFEST_DIR")).args(["tree", "--offline", "--locked", "--edges", "normal"]);
        let output = cargo.args(["--prefix", "none"]).args(features).output().expect("cargo runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).expect("names are text");
        let names = lines.lines().filter_map(|line| line.split(' ').next());
        names.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let kernel = tree(&["--no-default-features"]);
    assert!(kernel.contains("rlibphonenumber"), "the tree is read: {kernel:?}");
    let found: Vec<_> = DOORS.iter().filter(|door| kernel.contains(**door)).collect();
    assert!(found.is_empty(), "in the kernel's tree: {found:?}");
    let program = tree(&["--all-features"]);
    let gone: Vec<_> = DOORS.iter().filter(|door| !program.contains(**door)).collect();
    assert!(gone.is_empty(), "no longer in the program's tree, so nothing to keep out: {gone:?}");
}
