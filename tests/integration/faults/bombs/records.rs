//! Rows and records: too wide, too long, too short, too deep, all the same.

use super::{bounded, refused, refused_with, set_apart, with_limits};
use crate::support::program::Place;

#[test]
fn more_columns_than_a_list_may_have_are_refused() {
    let header: Vec<String> = (0..16_385).map(|column| format!("c{column}")).collect();
    let wide = format!("{}\n{}\n", header.join(","), vec!["x"; 16_385].join(","));
    refused("wide.csv", wide.as_bytes(), "it has 16385 columns, more than 16384");
    let object = |value: &str| {
        let members: Vec<String> = header.iter().map(|key| format!("\"{key}\":{value}")).collect();
        format!("{{\"id\":1}}\n{{{}}}\n", members.join(","))
    };
    refused("wide.jsonl", object("1").as_bytes(), "columns, more than 16384");
    refused("absent.jsonl", object("null").as_bytes(), "columns, more than 16384");
    let lines: String = header.iter().map(|key| format!("X-{key}:1\n")).collect();
    refused("wide.vcf", format!("BEGIN:VCARD\n{lines}END:VCARD\n").as_bytes(), "columns, more than 16384");
}

#[test]
fn rows_far_shorter_than_a_wide_header_cost_no_more_than_the_list_may_grow_to() {
    let header: Vec<String> = (0..16_000).map(|column| format!("c{column}")).collect();
    let short = header.join(",") + "\n" + &"1\n".repeat(150_000);
    refused("short.csv", short.as_bytes(), "cells are missing");
    let keys: String = (0..16_000).map(|key| format!("{{\"k{key}\":1}}\n")).collect();
    refused("sparse.jsonl", keys.as_bytes(), "unpacks to more than 67108864 bytes");
}

#[test]
fn a_record_of_millions_of_lines_and_short_rows_behind_it_are_read() {
    let header: Vec<String> = (0..2_000).map(|column| format!("c{column}")).collect();
    let long = header.join(",") + "\n\"x" + &"\n".repeat(4_000_000) + "\"\n" + &"1\n".repeat(5_000);
    set_apart("long.csv", long.as_bytes(), 5_001, 0, "");
}

#[test]
fn a_record_with_one_key_or_list_of_a_hundred_thousand_members_takes_no_longer_than_its_bytes() {
    let many = |member: &dyn Fn(usize) -> String| (0..300_000).map(member).collect::<Vec<_>>().join(",");
    let same = format!("{{{}}}\n", many(&|_| "\"a\":1".to_owned()));
    refused("same.jsonl", same.as_bytes(), "columns, more than 16384");
    let absent = format!("{{{}}}\n", many(&|key| format!("\"{key}\":null")));
    refused("absent.jsonl", absent.as_bytes(), "columns, more than 16384");
    let members = format!("{{\"id\":1,\"list\":[{{{}}}]}}\n{{\"id\":2}}\n", many(&|key| format!("\"{key}\":1")));
    set_apart("members.jsonl", members.as_bytes(), 2, 0, "");
}

#[test]
fn depth_stays_in_its_cell_and_what_is_no_record_is_set_apart() {
    let deep = format!("{{\"id\":1}}\n{{\"a\":{}}}\n", "[".repeat(1 << 20));
    set_apart("deep.jsonl", deep.as_bytes(), 1, 1, "row.bad_json");
    let inner = format!("{{\"id\":1}}\n{}1{}\n", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    set_apart("inner.jsonl", inner.as_bytes(), 2, 0, "");
    let long = format!("{{\"id\":1}}\n{{\"id\":\"{}\"}}\n", "x".repeat(5 << 20));
    set_apart("long.jsonl", long.as_bytes(), 1, 1, "row.too_long");
    let junk = format!("{{\"id\":1}}\n{}{{\"id\":2}}\n", "x\n".repeat(300_000));
    set_apart("junk.jsonl", junk.as_bytes(), 2, 300_000, "row.bad_json");
    let mixed = format!("{{\"id\":1}}\n{}", "x\n{\"id\":2}\n".repeat(60_000));
    set_apart("mixed.jsonl", mixed.as_bytes(), 60_001, 60_000, "row.bad_json");
}

#[test]
fn records_that_can_not_be_read_take_no_more_memory_than_their_limit() {
    let place = with_limits(&[("max_held_bytes", 1 << 20)]);
    let junk = format!("{{\"id\":1}}\n{}", "x\n".repeat(100_000));
    refused_with(&place, "junk.jsonl", junk.as_bytes(), &["--rules", "my"], "records that can't be read");
}

#[test]
fn cards_of_a_hundred_thousand_lines_are_read_in_one_pass() {
    let card = |lines: &str| format!("BEGIN:VCARD\nFN:Dana\n{lines}END:VCARD\n");
    let grouped: String = (0..200_000).map(|line| format!("g{line}.TEL:050\n")).collect();
    set_apart("groups.vcf", (card(&grouped) + &card("")).as_bytes(), 2, 0, "");
    let agents = "AGENT:\nBEGIN:VCARD\n".repeat(100_000);
    set_apart("agents.vcf", (card("TEL:1\n") + &card(&agents)).as_bytes(), 1, 1, "row.");
    let long = card(&format!("NOTE:{}\n", "x".repeat(5 << 20)));
    set_apart("long.vcf", (card("TEL:1\n") + &long).as_bytes(), 1, 1, "row.too_long");
}

#[test]
fn equal_and_blank_rows_are_compared_no_more_often_than_there_are_rows() {
    const HEADER: &str = "id,first name,last name,mobile,email,city\n";
    for (what, row) in [
        ("equal", "1,Dana,Levi,050-2345678,dana@walla.co.il,Haifa\n"),
        ("equal but for the number", "#,Dana,Levi,050-2345678,dana@walla.co.il,Haifa\n"),
        ("one phone", "#,A#,B#,050-2345678,,\n"),
        ("one name", "#,Dana,Levi,,,\n"),
        ("blank", ",,,,,\n"),
        ("blank lines", "\n"),
        ("spaces", " , , , , , \n"),
    ] {
        let pairs = [1_000_u64, 8_000].map(|many| {
            let place = Place::new();
            let rows: String = (0..many).map(|number| row.replace('#', &number.to_string())).collect();
            place.write("list.csv", format!("{HEADER}7,Noa,Cohen,052-3456789,noa@walla.co.il,Holon\n{rows}"));
            let args = ["clean", "list.csv", "--no-state", "--out", "out", "--accept-mapping", "--as-of", "2026-11-21"];
            let ran = bounded(&place, &args, what);
            assert_eq!(ran.exit, Some(0), "{what}: {ran:?}");
            let run = std::fs::read(place.path("out/run.json")).expect("is there");
            let run: serde_json::Value = serde_json::from_slice(&run).expect("is JSON");
            let account = &run["resolve"]["account"];
            let count = |value: &serde_json::Value| value.as_u64().expect("a count");
            count(&account["blocking"]["pairs"]) + count(&account["compared_while_merging"])
        });
        // Eight times as many rows.
        assert!(pairs[1] <= 8 * pairs[0] + 8_000, "{what}: {pairs:?}");
    }
}
