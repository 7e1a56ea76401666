//! The shipped tables are those that [`build`] makes from libphonenumber's metadata.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use prost::Message;
use rlibphonenumber::PhoneMetadataCollection;

use super::build::build;

const TABLES: &str = "rules/phone/numbering.bin";

/// Made anew with `TIUV_RENEW=1 cargo test --lib numbering`.
#[test]
fn the_shipped_tables_are_those_made_from_the_engines_metadata() {
    let source = engine_source();
    let metadata = fs::read(source.join("src/generated/metadata/metadata.bin")).expect("the engine holds its metadata");
    let metadata = PhoneMetadataCollection::decode(&metadata[..]).expect("the metadata decodes");
    let made = build(&metadata, &version(&source)).expect("the metadata makes tables");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(TABLES);
    if std::env::var_os("TIUV_RENEW").is_some() {
        return fs::write(path, made).expect("the tables are written");
    }
    let shipped = fs::read(path).expect("the tables are shipped");
    assert!(shipped == made, "{TABLES} is not what the engine's metadata makes; renew it with TIUV_RENEW=1");
}

/// Where cargo keeps the source of the engine that this build uses.
fn engine_source() -> PathBuf {
    // Crates of other platforms are not fetched.
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--offline", "--locked", "--filter-platform", &host()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).expect("cargo writes JSON");
    let packages = metadata["packages"].as_array().expect("a list of packages");
    let engine = packages.iter().find(|package| package["name"] == "rlibphonenumber").expect("the engine is one");
    let manifest = engine["manifest_path"].as_str().expect("a path");
    Path::new(manifest).parent().expect("a directory").to_owned()
}

/// The platform that this runs on, as the compiler calls it.
fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let text = String::from_utf8(output.stdout).expect("rustc writes UTF-8");
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned()
}

/// The release of libphonenumber, which the engine names in its description.
fn version(source: &Path) -> String {
    let readme = fs::read_to_string(source.join("Readme.md")).expect("the engine has a description");
    let line = readme.lines().find(|line| line.contains("Used metadata version")).expect("it names the release");
    let version = line.split('`').nth(1).expect("in back-ticks");
    version.trim_start_matches('v').to_owned()
}
