//! Several tables in one sheet: the largest is read, the lines of the others are set aside with their reason, and none is lost.

use crate::support::program::{Place, tiuv};

const CLUB: &str = "\
id,first name,last name,mobile
1,Dana,Levi,050-2345678
2,Noam,Peretz,052-7654321
3,Rina,Mizrahi,054-3112223
";
const BRANCHES: &str = "\
branch,city,phone
Centre,Haifa,04-8123456
";

fn cleaned(text: &str) -> (Place, serde_json::Value, String) {
    let place = Place::new();
    place.write("club.csv", text);
    let ran = tiuv(&place, &["clean", "club.csv", "--out", "out", "--mx", "off", "--no-state"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let run = std::fs::read_to_string(place.path("out/run.json")).expect("is written");
    (place, serde_json::from_str(&run).expect("is JSON"), ran.stderr)
}

#[test]
fn the_largest_table_is_read_wherever_it_stands_and_the_others_are_set_aside() {
    for (text, told, lines) in [
        (format!("{CLUB}\n{BRANCHES}"), "set aside: lines 6 to 7 (1 row)", [6, 7]),
        (format!("{BRANCHES},,\n\n{CLUB}"), "set aside: lines 1 to 2 (1 row)", [1, 2]),
        (format!("Branches\n{BRANCHES}\n\n{CLUB}"), "set aside: lines 2 to 3 (1 row)", [2, 3]),
    ] {
        let (place, run, said) = cleaned(&text);
        let other = run["quarantine_reasons"]["row.other_table"].as_u64().expect("are counted");
        assert_eq!((&run["rows_out"], &run["rows_in"]), (&3.into(), &(3 + other).into()), "{text}");
        assert!(said.contains(told), "{said}");
        let rows = std::fs::read_to_string(place.path("out/rows.csv")).expect("is written");
        assert!(rows.starts_with("id,first name,last name,mobile,") && rows.contains("+972502345678"), "{rows}");
        let aside = std::fs::read_to_string(place.path("out/quarantine.csv")).expect("is written");
        assert!(aside.contains("Centre,Haifa,04-8123456") && aside.contains("branch,city,phone"), "{aside}");

        let checked = tiuv(&place, &["check", "club.csv", "--mx", "off", "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&checked.stdout).expect("is JSON");
        let groups = report["groups"].as_array().expect("groups");
        let group = groups.iter().find(|group| group["code"] == "row.other_table").expect("is found");
        let found: Vec<u64> =
            group["lines"].as_array().expect("lines").iter().filter_map(serde_json::Value::as_u64).collect();
        assert!(lines.iter().all(|line| found.contains(line)), "{text}: {found:?}");
    }
}

#[test]
fn blank_lines_and_a_header_that_stands_again_end_no_table() {
    let more = "\n4,Yossi,Cohen,052-7654322\n";
    let again = "\nid,first name,last name,mobile\n4,Yossi,Cohen,052-7654322\n";
    for (text, aside) in [(format!("{CLUB}{more}"), 0), (format!("{CLUB}{again}"), 1)] {
        let (_place, run, _) = cleaned(&text);
        assert_eq!((&run["rows_out"], &run["quarantined"]), (&4.into(), &aside.into()), "{text}");
        assert!(run["quarantine_reasons"]["row.other_table"].is_null());
    }
}

/// Columns of `rows.csv` as their header and rows say.
fn column<'r>(rows: &'r [Vec<String>], name: &str) -> Vec<&'r str> {
    let at = rows[0].iter().position(|own| own == name).unwrap_or_else(|| panic!("no column {name} in {:?}", rows[0]));
    rows[1..].iter().map(|row| row[at].as_str()).collect()
}

fn rows_of(place: &Place) -> Vec<Vec<String>> {
    let bytes = std::fs::read(place.path("out/rows.csv")).expect("is written");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]);
    reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect()
}

#[test]
fn of_tables_side_by_side_the_largest_is_read_and_nobody_gets_the_number_of_the_other() {
    for text in [
        // The couriers end before the members.
        "\
member,name,mobile,mail,,courier,phone,person
1,Dana Levi,050-2345678,dana@example.com,,Swift Bikes,04-6938271,Rami Gal
2,Noam Peretz,052-7654321,noam@example.com,,Red Vans,03-5482736,Sima Paz
3,Rina Mizrahi,054-3112223,rina@example.com,,,,
4,Tal Biton,,tal@example.com,,,,
",
        // A title over each; as many rows in both.
        "\
Members,,,,,Couriers,,
member,name,mobile,mail,,name,mobile,town
1,Dana Levi,050-2345678,dana@example.com,,Rami Gal,054-6938271,Lod
2,Noam Peretz,052-7654321,noam@example.com,,Sima Paz,053-5482736,Acre
3,Rina Mizrahi,054-3112223,rina@example.com,,Gadi Or,053-5482737,Acre
4,Tal Biton,,tal@example.com,,Orly Paz,053-5482738,Acre
",
    ] {
        let (place, run, said) = cleaned(text);
        assert_eq!((&run["rows_in"], &run["rows_out"]), (&4.into(), &4.into()), "{said}");
        assert!(said.contains("of another table beside the one that is read"), "{said}");
        let rows = rows_of(&place);
        assert_eq!(column(&rows, "tiuv_phone"), ["+972502345678", "+972527654321", "+972543112223", ""], "{text}");
        assert!(rows[1][5..8].join(",").contains("Rami Gal"), "the columns travel through: {:?}", rows[1]);
        let checked = tiuv(&place, &["check", "club.csv", "--mx", "off"]);
        assert!(checked.stdout.contains("list.table_beside"), "{}", checked.stdout);
    }
}

#[test]
fn rows_of_the_longer_table_beside_the_one_that_is_read_are_set_aside() {
    let text = "\
name,mobile,mail,town,street,,courier,phone
Dana Levi,050-2345678,dana@example.com,Lod,Herzl 5,,Swift Bikes,04-6938271
Noam Peretz,052-7654321,noam@example.com,Acre,Jaffa 7,,Red Vans,03-5482736
Rina Mizrahi,054-3112223,rina@example.com,Acre,Jaffa 8,,Blue Cars,03-5482737
,,,,,,Green Feet,03-5482738
,,,,,,White Horse,03-5482739
";
    let (place, run, _) = cleaned(text);
    assert_eq!((&run["rows_out"], &run["quarantine_reasons"]["row.other_table"]), (&3.into(), &2.into()));
    let aside = std::fs::read_to_string(place.path("out/quarantine.csv")).expect("is written");
    assert!(aside.contains("White Horse"), "{aside}");
}

#[test]
fn a_blank_column_within_one_table_parts_nothing_and_what_is_open_is_told() {
    let gap = "\
member,name,mobile,,street,town
1,Dana Levi,050-2345678,,Herzl 5,Lod
2,Noam Peretz,052-7654321,,Jaffa 7,Acre
3,Rina Mizrahi,054-3112223,,,
4,Tal Biton,054-3112224,,,
";
    let (place, _, said) = cleaned(gap);
    assert!(!said.contains("another table"), "{said}");
    let mapped = tiuv(&place, &["map", "club.csv"]);
    assert!(mapped.stdout.contains("street            99%") && !mapped.stdout.contains("table"), "{}", mapped.stdout);
    let firm = "\
number,company,phone,,contact person,mobile
1,Swift Bikes Ltd,04-6938271,,Rami Gal,050-2345678
2,Red Vans Ltd,03-5482736,,Sima Paz,052-7654321
3,Blue Cars Ltd,03-5482737,,Gadi Or,054-3112223
";
    let (_, _, said) = cleaned(firm);
    assert!(said.contains("perhaps of another table beside the others"), "{said}");
}

#[test]
fn what_stands_above_a_header_that_was_named_is_set_aside_and_told() {
    let place = Place::new();
    place.write("club.csv", format!("Club of Haifa\n{BRANCHES}North,Acre,04-8123457\n{CLUB}"));
    let args = ["clean", "club.csv", "--header-row", "5", "--out", "out", "--mx", "off", "--no-state"];
    let ran = tiuv(&place, &args);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    assert!(ran.stderr.contains("set aside: lines 2 to 4 (3 rows)"), "{}", ran.stderr);
    let run: serde_json::Value =
        serde_json::from_slice(&std::fs::read(place.path("out/run.json")).expect("is written")).expect("is JSON");
    assert_eq!((&run["rows_in"], &run["rows_out"], &run["quarantined"]), (&6.into(), &3.into(), &3.into()));
    let aside = std::fs::read_to_string(place.path("out/quarantine.csv")).expect("is written");
    assert!(aside.contains("North,Acre,04-8123457"), "{aside}");
    // Titles alone stay titles.
    place.write("club.csv", format!("Club of Haifa\nall members\n{CLUB}"));
    let ran = tiuv(&place, &["clean", "club.csv", "--header-row", "3", "--out", "out", "--mx", "off", "--no-state"]);
    assert!(ran.exit == Some(0) && ran.stderr.contains("below 2 lines taken for titles"), "{}", ran.stderr);
}
