//! A webhook's request: the first byte is what it says that its body is, the rest the body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tiuv::web::read_body;

const KINDS: [&str; 8] = [
    "application/json",
    "application/json; charset=windows-1255",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=iso-8859-8",
    "multipart/form-data; boundary=b",
    "multipart/form-data; boundary=\"b b\"; charset=windows-1255",
    "multipart/form-data",
];

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, body)) = bytes.split_first() else { return };
    read_body(KINDS[usize::from(*kind) % KINDS.len()], body);
});
