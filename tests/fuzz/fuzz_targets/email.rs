//! E-mail cells.
#![no_main]

mod cell;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tiuv::finding::Code;
use tiuv::record::CellOut;
use tiuv::rule::Catalog;
use tiuv::standardize::{EmailStandardizer, ascii_form, email_key};
use tiuv::validate::{EmailValidator, StandardCell, Validator};

static READER: LazyLock<EmailStandardizer> =
    LazyLock::new(|| EmailStandardizer::new(&cell::FILES).expect("the shipped rules load"));

static VALIDATOR: LazyLock<EmailValidator> =
    LazyLock::new(|| EmailValidator::new(&cell::FILES).expect("the shipped rules load"));

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(&cell::FILES).expect("the shipped rules load"));

fuzz_target!(|raw: &str| {
    let out = cell::read_twice(&*READER, raw);
    let mut said = Vec::new();
    VALIDATOR.validate(StandardCell { display: &out.display, detail: out.detail, marks: &out.marks }, &mut said);
    for mark in out.marks.iter().chain(&said) {
        assert!(mark.code.family() == "email" && CATALOG.rule(mark.code).is_some(), "{raw:?}: {}", mark.code);
    }

    let addresses: Vec<&str> = out.values().collect();
    for (address, detail) in out.detailed() {
        assert!(is_address_to_others(address) || is_unusual(&out), "{raw:?}: {address}");
        // Each of several is read alone as it stands among the others.
        let alone = cell::read_twice(&*READER, address);
        assert_eq!((alone.display.as_str(), alone.detail), (address, detail), "{raw:?}");
    }
    if let [address] = addresses[..] {
        let keys = READER.keys();
        let (of_cell, of_address) = (email_key(keys, raw), email_key(keys, address));
        assert!(!raw.is_ascii() || of_cell.is_empty() || of_cell == of_address, "{raw:?}: {of_cell} {of_address}");
    }
    // A better value that a person takes is read as it stands, unless it stands for nothing.
    let better = cell::read_twice(&*READER, &out.suggestion);
    assert!(better.has(Code::EmailPlaceholder) || better.written() == out.suggestion, "{raw:?}: {}", out.suggestion);
});

fn is_address_to_others(address: &str) -> bool {
    let form = ascii_form(address);
    form.as_deref().unwrap_or(address).parse::<lettre::Address>().is_ok()
}

fn is_unusual(out: &CellOut) -> bool {
    let is_unusual = |code: Code| code.as_str().starts_with("email.unusual.");
    out.marks.iter().any(|mark| is_unusual(mark.code))
}
