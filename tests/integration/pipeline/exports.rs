//! Exports of one list from year to year, lists of another region, and lists of nothing but addresses or numbers.

use std::collections::BTreeMap;

use crate::support::program::{AS_OF, Place, Ran};

/// The rows of a CSV by the names of its columns.
fn table(place: &Place, name: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(place.path(name)).expect("it was written");
    reader.deserialize().map(|row| row.expect("a row as wide as the header")).collect()
}

fn clean(place: &Place, file: &str, more: &[&str]) -> Ran {
    let ran = place.tiuv(&[&["clean", file, "--accept-mapping"], &AS_OF[..], more].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    ran
}

/// A list of customers whose keys are written in a form; those of `keys`, with a column more where `wide`.
fn export(keys: std::ops::Range<u32>, key: impl Fn(u32) -> String, wide: bool) -> String {
    let mut text = String::from(if wide {
        "Customer ID,First Name,Last Name,Email,City\n"
    } else {
        "Customer ID,First Name,Last Name,Email\n"
    });
    for number in keys {
        let city = if wide { ",Haifa" } else { "" };
        let name = NAMES[number as usize % NAMES.len()];
        text += &format!("{},{name},Levi{number},{name}.{number}@lakemail.com{city}\n", key(number));
    }
    text
}

const NAMES: [&str; 5] = ["Dana", "Noam", "Ruth", "Omer", "Yael"];

/// What each customer is called, by its address.
fn names(place: &Place) -> BTreeMap<String, String> {
    let customers = table(place, "out/customers.csv");
    customers
        .into_iter()
        .map(|mut row| (row.remove("email").unwrap_or_default(), row["tiuv_customer"].clone()))
        .collect()
}

#[test]
fn next_years_export_of_a_list_is_the_same_list_and_its_customers_keep_their_names() {
    let place = Place::new();
    place.write("customers_2025-01-01.csv", export(0..30, |key| format!("{:06}", key + 1), false));
    place.write("לקוחות.csv", export(0..30, |key| (key + 501).to_string(), false));
    place.write("Customers ינואר 2026.csv", export(3..33, |key| format!("{}.0", key + 1), false));
    place.write("customers-2027.csv", export(5..35, |key| format!("'{}", key + 1), true));
    clean(&place, "customers_2025-01-01.csv", &[]);
    let first = names(&place);
    for (file, header) in [("Customers ינואר 2026.csv", "the same header"), ("customers-2027.csv", "another header")]
    {
        let ran = clean(&place, file, &[]);
        assert!(ran.stderr.contains("taken for a newer export of") && ran.stderr.contains(header), "{}", ran.stderr);
        assert!(ran.stderr.contains("--list NAME"), "{}", ran.stderr);
        for (email, name) in names(&place) {
            assert_eq!(first.get(&email).unwrap_or(&name), &name, "{email}");
        }
    }
    let ran = clean(&place, "לקוחות.csv", &[]);
    assert!(!ran.stderr.contains("newer export"), "{}", ran.stderr);
}

#[test]
fn what_a_list_is_called_decides_and_lists_with_other_keys_are_other_lists() {
    let place = Place::new();
    place.write("members 2025.csv", export(0..30, |key| format!("M{}", key + 1), false));
    place.write("members 2026.csv", export(0..30, |key| format!("M{}", key + 1), false));
    place.write("members 2024.csv", export(200..230, |key| format!("M{}", key + 1), false));
    clean(&place, "members 2025.csv", &[]);
    assert!(!clean(&place, "members 2024.csv", &[]).stderr.contains("newer export"), "no key is the other's");
    let ran = clean(&place, "members 2026.csv", &["--list", "branch in Haifa"]);
    assert!(!ran.stderr.contains("newer export"), "{}", ran.stderr);
    let ran = place.tiuv(&["clean", "members 2025.csv", "members 2026.csv", "--list", "members"]);
    assert_eq!(ran.exit, Some(2));
    assert!(ran.stderr.contains("--list gives one list its name"), "{}", ran.stderr);
}

#[test]
fn an_event_finds_its_customer_however_the_key_is_written() {
    let place = Place::new();
    place.write("list.csv", export(0..30, |key| format!("'{:08}", key + 1), false));
    let keys = ["00000003", "3", "3.0", "'00000003", "=\"\"3\"\""];
    let events: String =
        keys.iter().zip(1..).map(|(key, day)| format!("\"{key}\",2026-0{day}-01,email,open\n")).collect();
    place.write("events.csv", format!("Customer ID,at,channel,event\n{events}"));
    clean(&place, "list.csv", &["--events", "events.csv"]);
    let run = std::fs::read_to_string(place.path("out/run.json")).expect("written");
    let run: serde_json::Value = serde_json::from_str(&run).expect("JSON");
    assert_eq!(run["decay"]["events"], 5, "{}", run["decay"]);
}

#[test]
fn a_list_of_another_region_is_told_with_what_to_write() {
    let place = Place::new();
    let list = |numbers: &[&str]| {
        let rows = numbers.iter().zip(1..).map(|(number, row)| format!("K{row},Ann,Lee{row},{number}\n"));
        format!("Id,First Name,Last Name,Phone\n{}", rows.collect::<String>())
    };
    let british = ["07912 345678", "07911 123456", "020 7946 0958", "0161 496 0123", "07520 123456", "07400 123456"];
    place.write("gb.csv", list(&british));
    let israeli = ["050-2345678", "052-3456789", "03-5234567", "054-7654321", "08-6234567", "053-7654321"];
    place.write("il.csv", list(&israeli));
    let french = ["06 12 34 56 78", "06 98 76 54 32", "01 42 68 53 00", "07 81 23 45 67", "06 11 22 33 44"];
    place.write(
        "fr.csv",
        list(&french)
            .replace("Phone\n", "Phone,Email\n")
            .replace("78\n", "78,a@orange.fr\n")
            .replace("32\n", "32,b@free.fr\n"),
    );
    for command in ["clean", "check", "map"] {
        let said = |file: &str| {
            let more: &[&str] = if command == "map" { &[] } else { &["--accept-mapping"] };
            place.tiuv(&[&[command, file], more].concat()).stderr
        };
        assert!(said("gb.csv").contains("--region GB"), "{command}: {}", said("gb.csv"));
        assert!(said("fr.csv").contains("--region FR"), "{command}: {}", said("fr.csv"));
        assert!(!said("il.csv").contains("--region"), "{command}: {}", said("il.csv"));
    }
    assert!(!place.tiuv(&["check", "gb.csv", "--region", "GB", "--accept-mapping"]).stderr.contains("--region"));
}

#[test]
fn a_mixed_list_is_read_row_by_row_by_its_column_of_countries() {
    let place = Place::new();
    place.write(
        "mixed.csv",
        "Id,First Name,Last Name,Phone,Country\n\
         1,Dana,Levi,050-2345678,Israel\n\
         2,Ann,Lee,07700 900123,United Kingdom\n\
         3,Jean,Roux,06 12 34 56 78,FR\n\
         4,Max,Braun,030 123456,Deutschland\n\
         5,Lea,Roux,06 12 34 56 79,France\n\
         6,Luc,Roux,06 12 34 56 71,France\n\
         7,Eve,Roux,06 12 34 56 72,France\n\
         8,Guy,Roux,06 12 34 56 73,France\n",
    );
    let ran = clean(&place, "mixed.csv", &[]);
    let phones: Vec<String> =
        table(&place, "out/rows.csv").into_iter().map(|mut row| row.remove("tiuv_phone").unwrap_or_default()).collect();
    assert_eq!(phones[..4], ["+972502345678", "+447700900123", "+33612345678", "+4930123456"]);
    assert!(ran.stderr.contains("--region FR") && ran.stderr.contains("\"Country\""), "{}", ran.stderr);
}

#[test]
fn a_list_of_addresses_or_of_numbers_alone_has_customers_and_can_be_planned() {
    let place = Place::new();
    place.write(
        "emails.csv",
        "Email,Newsletter\npia@lakemail.com,yes\nquin@lakemail.com,yes\nPIA@lakemail.com,yes\nrut@lakemail.com,yes\n\
         sten@lakemail.com,yes\nquin@lakemail.com ,yes\n",
    );
    place.write(
        "phones.csv",
        "Mobile\n050-2345678\n+972 52 345 6789\n972502345678\n054-7654321\n523456789\n053-7654321\n",
    );
    for (file, customers, duplicates) in [("emails.csv", 4, 2), ("phones.csv", 4, 2)] {
        let ran = clean(&place, file, &["--workspace", file.trim_end_matches(".csv")]);
        assert!(!ran.stderr.contains("no customers were looked for"), "{}", ran.stderr);
        assert_eq!(table(&place, "out/customers.csv").len(), customers, "{file}");
        assert!(ran.stdout.contains(&format!("{duplicates} duplicates")), "{}", ran.stdout);
        assert!(!table(&place, "out/duplicates.csv").is_empty(), "{file}");
        assert!(place.path("out/flagged.csv").exists());
    }
    place.write("tiuv.toml", "[outreach]\nsender = \"Kalanit Club\"\nlink_base = \"https://kalanit.example/c/\"\n");
    let ran = place.tiuv(&[&["outreach", "plan", "--workspace", "phones", "--dry-run"], &AS_OF[..]].concat());
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
    assert!(!ran.stdout.is_empty());
}
