//! Laws of e-mail cells, tried with random ones; `tests/fuzz` tries the same with inputs that it changes towards new code.

use std::cell::LazyCell;

use proptest::prelude::*;
use tiuv::record::CellOut;
use tiuv::rule::RuleFiles;
use tiuv::standardize::{CellContext, EmailStandardizer, Standardizer, ascii_form, email_key};

thread_local! {
    static READER: LazyCell<EmailStandardizer> =
        LazyCell::new(|| EmailStandardizer::new(&RuleFiles::embedded()).expect("the shipped rules load"));
}

fn read(raw: &str) -> CellOut {
    let mut out = CellOut::default();
    READER.with(|reader| reader.standardize(raw, CellContext::default(), &mut out));
    out
}

fn cells() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,30}",
        "[a-z0-9._+'=/-]{1,8}@[a-z0-9.-]{1,10}\\.(com|co\\.il|net|xn--a|c)",
        "([ \"<>(@.,;:/|&%'=-]|[a-c]|gmail|walla|\\.co\\.il|\\.com|mailto:|%40|&#64;|<br>|א|ו-|\u{200f}|＠|。){0,14}",
        "\"[a-c @;\\\\.]{0,6}\"@(walla\\.co\\.il|\\[192\\.0\\.2\\.1\\])",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn what_is_taken_is_an_address_to_others_and_keeps_its_key(raw in cells()) {
        let out = read(&raw);
        let is_unusual = out.marks.iter().any(|mark| mark.code.as_str().starts_with("email.unusual."));
        for address in out.values() {
            let form = ascii_form(address);
            let is_taken = form.as_deref().unwrap_or(address).parse::<lettre::Address>().is_ok();
            prop_assert!(is_taken || is_unusual, "{address}");
            prop_assert_eq!(&read(address).display, address);
        }
        let keys = |text: &str| READER.with(|reader| email_key(reader.keys(), text));
        let mut addresses = out.values();
        if let (Some(address), None) = (addresses.next(), addresses.next()) {
            let of_cell = keys(&raw);
            prop_assert!(!raw.is_ascii() || of_cell.is_empty() || of_cell == keys(address), "{of_cell} {address}");
        }
    }

    #[test]
    fn what_is_suggested_is_read_as_it_stands(raw in cells()) {
        let out = read(&raw);
        let better = read(&out.suggestion);
        prop_assert!(better.has(tiuv::finding::Code::EmailPlaceholder) || better.written() == out.suggestion, "{}", out.suggestion);
    }
}
