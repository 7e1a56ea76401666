//! What a list's owner expects of its columns and rows.

use crate::support::program::{AS_OF, Place, Ran};

const LIST: &str = "id,full_name,email,mobile,agreed,branch\n\
    1,Dana Cohen,,,yes,haifa\n2,Yossi Levi,yossi@acme.co.il,,yes,eilat\n3,Noa Katz,,,no,\n4,Omer Dahan,,050-2345678,yes,holon\n";

fn check(place: &Place, expect: &str) -> (Ran, Vec<(String, u64)>) {
    place.write("tiuv.toml", expect);
    let ran = place.tiuv(&[&["check", "l.csv", "--expectations-only", "--format", "jsonl"][..], &AS_OF].concat());
    let lines = ran.stdout.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let found = lines
        .filter(|line| line["type"] == "finding")
        .map(|line| (line["code"].as_str().unwrap_or_default().to_owned(), line["row"].as_u64().unwrap_or_default()));
    let found = found.collect();
    (ran, found)
}

#[test]
fn a_condition_says_of_which_rows_something_is_expected() {
    let place = Place::new();
    place.write("l.csv", LIST);
    place.write("branches.txt", "haifa\n\nholon\n");
    for (expect, expected) in [
        ("any_of = ['email', 'mobile']\nwhen = { column = 'agreed', one_of = ['yes'] }", vec![("expect.any_of", 1)]),
        ("any_of = ['email', 'mobile']", vec![("expect.any_of", 1), ("expect.any_of", 3)]),
        ("column = 'branch'\none_of_file = 'branches.txt'", vec![("expect.one_of", 2)]),
        (
            "column = 'branch'\nnot_null = true\nwhen = { column = 'agreed', pattern = 'n.*' }",
            vec![("expect.not_null", 3)],
        ),
        ("column = 'agreed'\nunique = true\nwhen = { column = 'mobile', not_null = true }", vec![]),
        (
            "column = 'agreed'\nunique = true\nwhen = { column = 'branch', one_of = ['haifa', 'holon'] }",
            vec![("expect.unique", 4)],
        ),
        ("rows = [5, 9]", vec![("expect.rows", 0)]),
        ("rows = [1, 4]", vec![]),
    ] {
        let (ran, found) = check(&place, &format!("[[expect]]\n{expect}\n"));
        let found: Vec<_> = found.iter().map(|(code, row)| (code.as_str(), *row)).collect();
        assert_eq!(found, expected, "{expect}: {ran:?}");
        assert_eq!(ran.exit, Some(i32::from(!expected.is_empty())), "{expect}: {ran:?}");
    }
}

#[test]
fn what_can_not_be_expected_is_said() {
    let place = Place::new();
    place.write("l.csv", LIST);
    for (expect, said) in [
        ("not_null = true", "names no column"),
        ("any_of = ['email', 'mobil']", "did you mean \"mobile\"?"),
        ("column = 'branch'\nwhen = { column = 'agred', not_null = true }", "did you mean \"agreed\"?"),
        ("column = 'branch'\none_of_file = 'missing.txt'", "missing.txt"),
        ("column = 'branch'\nwhen = { column = 'agreed', pattern = '(' }", "no regular expression"),
    ] {
        let (ran, _) = check(&place, &format!("[[expect]]\n{expect}\n"));
        assert!(ran.exit == Some(2) && ran.stderr.contains(said), "{expect}: {ran:?}");
    }
}

#[test]
fn settings_above_the_list_are_read_unless_told_not_to_and_never_written_over() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("a/lists")).expect("made");
    std::fs::write(place.path("a/lists/l.csv"), "id,full_name,email\n1,Dana Cohen,dana\n").expect("written");
    std::fs::write(place.path("a/tiuv.toml"), "[max]\nemail = 5\n").expect("written");
    let check = |more: &[&str]| place.tiuv(&[&["check", "a/lists/l.csv"][..], more, &AS_OF].concat()).exit;
    assert_eq!((check(&[]), check(&["--isolated"])), (Some(0), Some(1)));
    assert_eq!(check(&["--output", "json=a/tiuv.toml"]), Some(2));
    place.write("tiuv.toml", "region = \"IL\"\n");
    assert_eq!(check(&[]), Some(1), "those that lie here come first");
}
