//! Packed files that grow beyond all measure.

use std::io::Write;

use super::zip::{ods, xlsx, zip};
use super::{refused, refused_with, with_limits};

/// A list of equal rows, 70 MiB long: it packs to a thousandth.
fn equal_rows() -> Vec<u8> {
    let row = format!("1,{}\n", "x".repeat(60_000));
    format!("id,note\n{}", row.repeat((70 << 20) / row.len())).into_bytes()
}

#[test]
fn a_packed_list_that_grows_beyond_its_limit_is_refused() {
    let rows = equal_rows();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&rows).expect("memory can be written");
    let reason = "unpacks to more than 67108864 bytes";
    refused("list.csv.gz", &gzip.finish().expect("packed"), reason);
    refused("list.csv.zst", &zstd::stream::encode_all(&rows[..], 3).expect("packed"), reason);
    refused("list.zip", &zip(&[("list.csv", &rows)]), reason);
}

#[test]
fn a_workbook_whose_parts_grow_beyond_the_limit_is_refused() {
    let blank = " ".repeat(70 << 20);
    let reason = "unpacks to more than";
    refused("sheet.xlsx", &xlsx(&format!("<worksheet>{blank}<sheetData/></worksheet>"), 1, ""), reason);
    refused("table.ods", &ods(&blank), reason);
}

#[test]
fn what_the_readers_of_workbooks_hold_has_a_limit_of_its_own() {
    let text = "x".repeat(2 << 20);
    let place = with_limits(&[("max_held_bytes", 1 << 20)]);
    let rules = ["--rules", "my"];
    let reason = "unpacks to more than 1048576 bytes";
    refused_with(&place, "strings.xlsx", &xlsx("<worksheet/>", 1, &format!("<si><t>{text}</t></si>")), &rules, reason);
    refused_with(&place, "text.ods", &ods(&text), &rules, reason);
    let old = [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &[0; 2 << 20]].concat();
    refused_with(&place, "old.xls", &old, &rules, reason);
}

#[test]
fn a_list_that_is_packed_again_and_again_is_unpacked_once() {
    let packed = |bytes: &[u8]| zstd::stream::encode_all(bytes, 3).expect("packed");
    refused("again.zst", &packed(&packed(&packed(b"id,mobile\n1,050-2345678\n"))), "binary");
}
