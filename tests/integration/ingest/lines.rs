//! Where `check` says that a finding is: the line as an editor counts, in every format and in files of what was set aside.

use crate::support::program::{AS_OF, Place, Ran};

/// Runs `check`; the list's faults are its result.
fn check(place: &Place, list: &str, more: &[&str]) -> Ran {
    let ran = place.tiuv(&[&["check", list, "--accept-mapping"], &AS_OF[..], more].concat());
    assert!(matches!(ran.exit, Some(0 | 1)), "{list}: {}", ran.stderr);
    ran
}

/// Asserts that every format names the lines of all findings of a code, the first of them in front.
fn assert_lines(place: &Place, list: &str, code: &str, lines: &[u64]) {
    let first = lines[0];
    let text = check(place, list, &[]).stdout;
    assert!(text.contains(&format!("{list}:{first}: ")) && text.contains(&format!("[{code}]")), "{list}: {text}");
    let line_of =
        |text: &str, code: &str| text.lines().find(|line| line.contains(&format!("[{code}]"))).map(str::to_owned);
    let told = line_of(&text, code).expect("the code is told");
    assert!(told.starts_with(&format!("{list}:{first}: ")), "{list}: {told}");

    let github = check(place, list, &["--format", "github"]).stdout;
    assert!(github.contains(&format!("file={list},line={first},title={code}::")), "{list}: {github}");

    let sarif: serde_json::Value =
        serde_json::from_str(&check(place, list, &["--format", "sarif"]).stdout).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results").clone();
    let result = results.iter().find(|result| result["ruleId"] == code).expect("a result").clone();
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], first, "{list}");

    let json: serde_json::Value =
        serde_json::from_str(&check(place, list, &["--format", "json"]).stdout).expect("JSON");
    let groups = json["groups"].as_array().expect("groups").clone();
    let group = groups.iter().find(|group| group["code"] == code).expect("a group").clone();
    assert_eq!(group["lines"], serde_json::json!(lines), "{list}");

    let findings = check(place, list, &["--format", "jsonl"]).stdout;
    let found: Vec<u64> = findings
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .filter(|finding| finding["code"] == code)
        .map(|finding| finding["line"].as_u64().expect("a line"))
        .collect();
    assert_eq!(found, lines, "{list}");

    check(place, list, &["--rejects", "rejects.csv", "--fail-on", "info"]);
    let rejects = std::fs::read(place.path("rejects.csv")).expect("written");
    let mut reader = csv::Reader::from_reader(&rejects[..]);
    assert_eq!(
        reader.headers().expect("a header").iter().take(3).collect::<Vec<_>>(),
        ["tiuv_row", "tiuv_line", "tiuv_codes"]
    );
    let refused: Vec<u64> = reader
        .records()
        .map(|record| record.expect("a record"))
        .filter(|record| record[2].split(';').any(|own| own == code))
        .map(|record| record[1].parse().expect("a line"))
        .collect();
    assert_eq!(refused, lines, "{list}");
}

#[test]
fn the_line_is_true_behind_line_breaks_blank_lines_marks_and_a_sep_line() {
    let place = Place::new();
    let lists: [(&str, &str, &[u64]); 8] = [
        ("plain.csv", "id,name,email\n1,Dana Cohen,d@walla\n2,Noa Levi,n@lakemail.com\n3,Avi Gal,a@walla\n", &[2, 4]),
        (
            "breaks.csv",
            "id,name,email,note\n1,Dana Cohen,d@lakemail.com,\"a\nb\r\n\nc\"\n2,Noa Levi,n@walla,\"x\ny\"\n3,Avi Gal,a@walla,\n",
            &[6, 8],
        ),
        ("header.csv", "id,\"full\nname\",email\r\n1,Dana Cohen,d@walla\r\n", &[3]),
        ("blank.csv", "\n\nid,name,email\n\n1,Dana Cohen,d@lakemail.com\n\n\n2,Noa Levi,n@walla\n", &[8]),
        ("sep.csv", "\u{FEFF}sep=;\r\nid;name;email\r\n1;Dana Cohen;d@lakemail.com\r\n2;Noa Levi;n@walla\r\n", &[4]),
        ("mac.csv", "id,name,email\r1,Dana Cohen,d@lakemail.com\r2,Noa Levi,n@walla\r", &[3]),
        ("stray.csv", "id,name,email\n1,Dana \"x\ny\" Cohen,\"d@\n2,Noa Levi,n@walla\n", &[4]),
        (
            "inner.jsonl",
            "\n{\"id\":1,\"name\":\"Dana Cohen\",\"email\":\"d@lakemail.com\"}\nbroken\n\n{\"id\":2,\"name\":\"Noa\\nLevi\",\"email\":\"n@walla\"}\n",
            &[5],
        ),
    ];
    for (name, text, lines) in lists {
        place.write(name, text);
        assert_lines(&place, name, "email.syntax.no_tld", lines);
    }
    let utf16: Vec<u8> = std::iter::once(0xFEFF)
        .chain("id,name,email\r\n1,Dana Cohen,\"d@lakemail.com\r\n\"\r\n2,Noa Levi,n@walla\r\n".encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    place.write("wide.csv", utf16);
    assert_lines(&place, "wide.csv", "email.syntax.no_tld", &[4]);
}

#[test]
fn lines_are_true_behind_many_blocks_and_for_what_is_found_when_the_rows_are_gone() {
    let place = Place::new();
    let mut list = "id,name,email,note\n".to_owned();
    let mut line = 2;
    let mut twice = Vec::new();
    for row in 0..20_000 {
        let note = if row % 7 == 0 { "\"one\ntwo\nthree\"" } else { "plain" };
        // Each thousandth key stands twice.
        let key = if row % 1000 == 999 { row - 1 } else { row };
        if row % 1000 == 999 {
            twice.push(line);
        }
        list.push_str(&format!("{key},Dana Cohen,dana{row}@lakemail.com,{note}\n"));
        line += if row % 7 == 0 { 3 } else { 1 };
    }
    place.write("long.csv", list);
    let found = check(&place, "long.csv", &["--format", "jsonl"]).stdout;
    let lines: Vec<u64> = found
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"))
        .filter(|finding| finding["code"] == "list.duplicate_key")
        .map(|finding| finding["line"].as_u64().expect("a line"))
        .collect();
    assert_eq!(lines, twice);
}

#[test]
fn in_a_workbook_the_cell_is_named_and_the_line_is_the_row_of_the_sheet() {
    let place = Place::new();
    let path = format!("{}/fixtures/formats/old.xls", env!("CARGO_MANIFEST_DIR"));
    place.write("old.xls", std::fs::read(path).expect("the fixture is there"));
    assert_lines(&place, "old.xls", "email.syntax.no_tld", &[7]);
    let found = check(&place, "old.xls", &["--format", "jsonl"]).stdout;
    let finding = found.lines().find(|line| line.contains("email.syntax.no_tld")).expect("found");
    assert!(finding.contains("\"cell\":\"לקוחות!F7\"") && finding.contains("\"column_number\":6"), "{finding}");
    assert!(check(&place, "old.xls", &[]).stdout.contains("לקוחות!F7"));
}

#[test]
fn the_quarantine_says_the_line_too() {
    let place = Place::new();
    place.write(
        "list.csv",
        "id,name,mobile\n\"1\n\",Dana Cohen,050-2345678\n2,No\0a,052-3456789\n3,Avi Gal,050-3456789\n",
    );
    let ran =
        place.tiuv(&[&["clean", "list.csv", "--out", "out", "--accept-mapping", "--no-state"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    let set_apart = std::fs::read_to_string(place.path("out/quarantine.csv")).expect("written");
    assert!(set_apart.starts_with("source,row,line,code,"), "{set_apart}");
    assert!(set_apart.contains("list.csv,2,4,row.nul_byte,"), "{set_apart}");
}
