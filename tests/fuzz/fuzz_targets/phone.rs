//! Telephone cells: the first byte chooses the list's region, the rest is the cell.
#![no_main]

mod cell;

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tiuv::finding::Code;
use tiuv::record::CellOut;
use tiuv::rule::Catalog;
use tiuv::standardize::{PhoneStandardizer, numbering};
use tiuv::validate::{PhoneValidator, StandardCell, Validator};

/// `ZZ` is no region: such a list has none of its own.
const REGIONS: [&str; 4] = ["IL", "US", "DE", "ZZ"];

static READERS: LazyLock<[(PhoneStandardizer, PhoneValidator); 4]> = LazyLock::new(|| {
    REGIONS.map(|region| {
        let reader = PhoneStandardizer::new(&cell::context(region)).expect("the shipped rules load");
        (reader, PhoneValidator::new(&cell::context(region)).expect("the shipped rules load"))
    })
});

static CATALOG: LazyLock<Catalog> = LazyLock::new(|| Catalog::load(&cell::FILES).expect("the shipped rules load"));

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, text)) = bytes.split_first() else { return };
    let (reader, validator) = &READERS[usize::from(*choice) % REGIONS.len()];
    let raw = String::from_utf8_lossy(text);

    let out = cell::read_twice(reader, &raw);
    let mut said = Vec::new();
    validator.validate(StandardCell { display: &out.display, detail: out.detail, marks: &out.marks }, &mut said);

    for mark in out.marks.iter().chain(&said) {
        assert!(is_known(mark.code), "{raw:?}: {}", mark.code);
    }
    for (number, detail) in out.detailed() {
        assert!(is_e164(number), "{raw:?}: {number}");
        // What is known of one of several is known of it alone.
        assert_eq!(cell::read_twice(reader, number).detail, detail, "{raw:?}: {number}");
    }
    assert_suggestion_holds(reader, &raw, &out);
});

/// A code of telephones that has a rule of its own.
fn is_known(code: Code) -> bool {
    code.family() == "phone" && Code::parse(code.as_str()) == Some(code) && CATALOG.rule(code).is_some()
}

/// A plus and at most 15 digits, or more where libphonenumber calls the number valid.
fn is_e164(text: &str) -> bool {
    let Some(digits) = text.strip_prefix('+') else { return false };
    let is_longer = || numbering::parse(text, None).is_ok_and(|number| number.is_valid());
    digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
        && digits.len() > 3
        && (digits.len() <= 15 || is_longer())
}

/// A better value that a person takes is read as it stands; of two, each is.
fn assert_suggestion_holds(reader: &PhoneStandardizer, raw: &str, out: &CellOut) {
    if out.suggestion.is_empty() {
        return;
    }
    for number in out.suggestion.split(" / ") {
        assert!(is_e164(number), "{raw:?}: {number}");
        assert_eq!(cell::read_twice(reader, number).display, number, "{raw:?}");
    }
}
