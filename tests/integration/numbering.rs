//! The shipped numbering tables are those that the code makes from libphonenumber's metadata.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use prost::Message;
use rlibphonenumber::PhoneMetadataCollection;
use tiuv::record::PhoneKind;
use tiuv::standardize::numbering::{self, RegionId};

const TABLES: &str = "rules/phone/numbering.bin";

/// Made anew with `TIUV_RENEW=1 cargo test --test integration numbering`.
#[test]
fn the_shipped_tables_are_those_made_from_the_engines_metadata() {
    let source = engine_source();
    let metadata = fs::read(source.join("src/generated/metadata/metadata.bin")).expect("the engine holds its metadata");
    let metadata = PhoneMetadataCollection::decode(&metadata[..]).expect("the metadata decodes");
    let made = numbering::build(&metadata, &version(&source)).expect("the metadata makes tables");
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

/// A row of the reference: what the Python package `phonenumbers` says of a cell.
struct Answer<'a> {
    class: &'a str,
    region: &'a str,
    raw: &'a str,
    is_valid: bool,
    kind: &'a str,
    belongs_to: &'a str,
    e164: &'a str,
}

fn answers() -> impl Iterator<Item = Answer<'static>> {
    let text = include_str!("../../fixtures/phone/conformance.tsv");
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [_, class, region, raw, _, _, _, _, valid, _, kind, belongs_to, e164, ..] = cells[..] else {
            panic!("15 columns: {line}")
        };
        Answer { class, region, raw, is_valid: valid == "1", kind, belongs_to, e164 }
    })
}

/// libphonenumber's names of the kinds of line.
fn name_of(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Fixed => "FIXED_LINE",
        PhoneKind::Mobile => "MOBILE",
        PhoneKind::FixedOrMobile => "FIXED_LINE_OR_MOBILE",
        PhoneKind::TollFree => "TOLL_FREE",
        PhoneKind::Premium => "PREMIUM_RATE",
        PhoneKind::SharedCost => "SHARED_COST",
        PhoneKind::Voip => "VOIP",
        PhoneKind::Personal => "PERSONAL_NUMBER",
        PhoneKind::Pager => "PAGER",
        PhoneKind::Uan => "UAN",
        PhoneKind::Voicemail => "VOICEMAIL",
        PhoneKind::Unknown | PhoneKind::ShortCode => "UNKNOWN",
    }
}

#[test]
fn the_engine_says_of_each_cell_what_the_reference_says() {
    let (mut rows, mut wrong, mut grave) = (0_u32, Vec::new(), Vec::new());
    for answer in answers() {
        rows += 1;
        let read = numbering::parse(answer.raw, RegionId::of(answer.region)).ok();
        let valid = read.is_some_and(|number| number.is_valid());
        let e164 = read.map_or(String::new(), |number| number.e164());
        let region = read.and_then(|number| number.region).map_or("ZZ", RegionId::as_str);
        let kind = read.map_or("", |number| name_of(number.kind));
        let same = valid == answer.is_valid
            && e164 == answer.e164
            && kind == answer.kind
            && (region == answer.belongs_to || answer.belongs_to.is_empty());
        let told = || format!("{} {} {:?}: {e164} {kind} {region}", answer.class, answer.region, answer.raw);
        if !same {
            wrong.push(told());
        }
        if (valid && !answer.is_valid) || (!e164.is_empty() && e164 != answer.e164) {
            grave.push(told());
        }
    }
    assert!(grave.is_empty(), "{}", grave.join("\n"));
    assert!(wrong.len() * 10_000 <= rows as usize * 5, "{} of {rows}:\n{}", wrong.len(), wrong.join("\n"));
}
