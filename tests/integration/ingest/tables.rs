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
