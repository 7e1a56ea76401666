//! The customers' own list is never replaced by what is made of it.

use crate::support::program::{Place, tiuv};

const LIST: &str = "id,first name,last name,mobile,email\n1,Dana,Levi,050-2345678,dana@walla.co.il\n";

#[test]
fn no_file_that_clean_writes_may_be_the_list_that_it_reads() {
    for format in ["csv", "xlsx", "jsonl", "parquet"] {
        let place = Place::new();
        place.write("list.csv", LIST);
        let ran = tiuv(&place, &["clean", "list.csv", "--out", "out", "--format", format, "--accept-mapping"]);
        assert_eq!(ran.exit, Some(0), "{ran:?}");
        for name in place.files().into_keys().filter(|name| name.starts_with("out/")) {
            let before = place.files();
            let ran = tiuv(&place, &["clean", &name, "--out", "out", "--format", format]);
            assert_eq!(ran.exit, Some(2), "{name}: {ran:?}");
            assert!(ran.stderr.contains(&name) && ran.stderr.contains("which the same command reads"), "{ran:?}");
            assert!(place.files() == before, "{name}: something was written");
        }
    }
}

#[test]
fn standard_input_and_standard_output_are_files_too() {
    let place = Place::new();
    std::fs::create_dir(place.path("out")).expect("made");
    place.write("out/rows.csv", LIST);
    let list = std::fs::File::open(place.path("out/rows.csv")).expect("is there");
    let ran = place.command(&["clean", "-", "--out", "out"]).stdin(list).output().expect("starts");
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("standard input"));
    let behind = std::fs::File::options().append(true).open(place.path("out/rows.csv")).expect("is there");
    let ran = place.command(&["check", "out/rows.csv"]).stdout(behind).output().expect("starts");
    assert_eq!(ran.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(place.path("out/rows.csv")).expect("is there"), LIST);
}
