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

#[test]
fn what_would_be_expected_of_nothing_is_refused_by_file_and_table() {
    let place = Place::new();
    place.write("l.csv", LIST);
    let first = "[[expect]]\nrows = [1, 9]\n";
    for (expect, said) in [
        ("any_of = ['email', 'mobile']\nnot_null = true", "`not_null`"),
        ("any_of = ['email', 'mobile']\npattern = 'x'", "`pattern`"),
        ("any_of = ['email', 'mobile']\nlength = [1, 2]", "`length`"),
        ("any_of = ['email', 'mobile']\nunique = true", "`unique`"),
        ("any_of = ['email', 'mobile']\none_of = ['x']", "`one_of`"),
        ("any_of = ['email', 'mobile']\none_of_file = 'l.csv'", "`one_of_file`"),
        ("any_of = ['email', 'mobile']\nordered = true", "`ordered`"),
        ("any_of = ['email', 'mobile']\nfresh_days = 3", "`fresh_days`"),
        ("rows = [1, 9]\npattern = 'x'", "`pattern`"),
        ("rows = [1, 9]\nat_least = '9%'", "`at_least`"),
        ("rows = [1, 9]\nwhen = { column = 'agreed', one_of = ['yes'] }", "`when`"),
        ("column = 'branch'\nat_least = '98%'", "`at_least`"),
    ] {
        let (ran, _) = check(&place, &format!("{first}[[expect]]\n{expect}\n"));
        assert_eq!(ran.exit, Some(2), "{expect}: {ran:?}");
        assert!(ran.stderr.contains("tiuv.toml: [[expect]] table 2") && ran.stderr.contains(said), "{expect}: {ran:?}");
        assert!(ran.stderr.contains("help: "), "{ran:?}");
    }
}

#[test]
fn each_table_about_the_whole_list_is_told() {
    let place = Place::new();
    place.write("l.csv", LIST);
    place.write("tiuv.toml", "[[expect]]\nrows = [5, 9]\n[[expect]]\nrows = [1, 2]\n[[expect]]\nrows = [1, 4]\n");
    let ran = place.tiuv(&[&["check", "l.csv", "--expectations-only", "--format", "json"][..], &AS_OF].concat());
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).expect("JSON");
    let group = report.pointer("/groups/0").or(report.pointer("/lists/0/groups/0")).expect("a group");
    assert_eq!((group["code"].as_str(), group["count"].as_u64()), (Some("expect.rows"), Some(2)), "{ran:?}");
    assert_eq!(group["detail"], "4 records; 5 to 9 are expected; 4 records; 1 to 2 are expected");
}

/// A list of one column of cells, and a key.
fn column(cells: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let rows = cells.into_iter().enumerate().map(|(at, cell)| format!("{},{cell},x\n", at + 1));
    format!("id,seen,club\n{}", rows.collect::<String>())
}

#[test]
fn a_share_of_the_judged_cells_is_enough() {
    let place = Place::new();
    // 97 good ones, two that are both too short and of another form, one repeated, and three empty ones.
    let good = (1000..1097).map(|number| number.to_string());
    let cells: Vec<String> = good.chain(["x", "y", "1000", "", "", ""].map(str::to_owned)).collect();
    place.write("l.csv", column(&cells));
    let expect = |keys: &str, share: &str| format!("[[expect]]\ncolumn = 'seen'\n{keys}\nat_least = '{share}'\n");
    let both = "pattern = '\\d+'\nlength = [4, 4]";
    for (keys, share, holds) in [
        (both, "98%", true),
        (both, "98.0001%", false),
        ("pattern = '\\d+'\nlength = [4, 4]\nunique = true", "97%", true),
        ("pattern = '\\d+'\nlength = [4, 4]\nunique = true", "97.01%", false),
        ("pattern = '\\d+'\nnot_null = true", "95%", true),
        ("pattern = '\\d+'\nnot_null = true", "96%", false),
        // x is higher than any number and "1000" lower than "y": one cell of order, two of form.
        ("pattern = '\\d+'\nordered = true", "97%", true),
        ("pattern = '\\d+'\nordered = true", "97.5%", false),
    ] {
        let (ran, found) = check(&place, &expect(keys, share));
        let expected = if holds { vec![] } else { vec![("expect.at_least".to_owned(), 0)] };
        assert_eq!(found, expected, "{keys} {share}: {ran:?}");
    }
    place.write("tiuv.toml", expect(both, "99%"));
    let ran = place.tiuv(&[&["check", "l.csv", "--expectations-only"][..], &AS_OF].concat());
    assert!(ran.stdout.contains("98 of 100 (98%) are as expected; at least 99% must be"), "{ran:?}");
    let (ran, _) = check(&place, &expect(both, "0.98"));
    assert!(ran.exit == Some(2) && ran.stderr.contains("is no share"), "{ran:?}");
}

#[test]
fn the_newest_date_that_has_come_says_how_fresh_a_list_is() {
    let place = Place::new();
    let expect = |days: u32| format!("[[expect]]\ncolumn = 'seen'\nfresh_days = {days}\n");
    // The day is 2026-11-21.
    for (cells, days, said) in [
        (vec!["01/11/2026", "15/10/2026"], 20, None),
        (vec!["01/11/2026", "15/10/2026"], 19, Some("the newest date is 2026-11-01; 2026-11-02 or later is expected")),
        (vec!["2026-10-31", "2031-01-01"], 20, Some("2026-10-31")),
        (vec!["2026-11-21"], 0, None),
        (vec!["soon", "", "2031-01-01"], 20, Some("no date up to 2026-11-21 can be read")),
    ] {
        place.write("l.csv", column(&cells));
        let (ran, found) = check(&place, &expect(days));
        assert_eq!(found.len(), usize::from(said.is_some()), "{cells:?} {days}: {ran:?}");
        assert_eq!(ran.exit, Some(i32::from(said.is_some())), "{cells:?} {days}: {ran:?}");
        let ran = place.tiuv(&[&["check", "l.csv", "--expectations-only"][..], &AS_OF].concat());
        assert!(said.is_none_or(|said| ran.stdout.contains(said)), "{cells:?} {days}: {ran:?}");
    }
    place.write("l.csv", "id,seen,club\n");
    let (ran, _) = check(&place, &expect(9));
    assert_eq!(ran.exit, Some(3), "a list without rows was not checked: {ran:?}");
}

#[test]
fn cells_in_order_are_compared_as_what_all_of_them_are() {
    let place = Place::new();
    for (cells, rows) in [
        (vec!["9", "10", "10", "", "2", "3"], vec![5]),
        (vec!["-1", "-2.5", "3.0", "2.9"], vec![2, 4]),
        (vec!["-1", "-2.5", "1e3", "9"], vec![]),
        (vec!["31/01/2026", "01/02/2026", "28/01/2026"], vec![3]),
        (vec!["2026-01-01 10:00", "2026-01-01 9:30", "2026-01-01 11:00"], vec![2]),
        // Texts, of which "10" goes before "9".
        (vec!["10", "9", "a"], vec![]),
        (vec!["9", "10", "a"], vec![2]),
        (vec!["a", "b", "א", "ב"], vec![]),
    ] {
        place.write("l.csv", column(&cells));
        let (ran, found) = check(&place, "[[expect]]\ncolumn = 'seen'\nordered = true\n");
        let found: Vec<u64> = found.iter().map(|(_, row)| *row).collect();
        assert_eq!(found, rows, "{cells:?}: {ran:?}");
    }
}

#[test]
fn neither_batches_nor_threads_change_what_is_out_of_order() {
    let place = Place::new();
    // Several batches; every thousandth number is one too low.
    place.write("l.csv", column((0..200_000).map(|at| if at % 1000 == 999 { at - 2 } else { at })));
    place.write("tiuv.toml", "[[expect]]\ncolumn = 'seen'\nordered = true\nunique = true\nfresh_days = 9\n");
    let check = |threads| {
        let args = ["check", "l.csv", "--expectations-only", "--format", "jsonl", "--threads", threads];
        place.tiuv(&[&args[..], &AS_OF].concat()).stdout
    };
    let one = check("1");
    assert_eq!(one.matches("expect.ordered\"").count(), 200 + usize::from(one.contains("\"expect.ordered\":")));
    assert_eq!(one, check("4"));
}

#[test]
fn tables_bring_examples_that_are_run() {
    let place = Place::new();
    let test = |toml: &str| {
        place.write("own.toml", toml);
        place.tiuv(&[&["rule", "test", "own.toml"][..], &AS_OF].concat())
    };
    let good = r#"
        [[expect]]
        column = "club"
        pattern = '\d{6}'
        good = ["770012", ""]
        bad = ["77-0012", "7700123"]
        [[expect]]
        any_of = ["email", "mobile"]
        when = { column = "agreed", one_of = ["yes"] }
        rows = [500, 900]
        good = [{ agreed = "no" }, { agreed = "yes", mobile = "050" }]
        bad = [{ agreed = "yes" }]
        [[expect]]
        column = "key"
        unique = true
        ordered = true
        good = [["1", "2"]]
        bad = [["1", "1"], ["2", "1"]]
    "#;
    let ran = test(good);
    assert_eq!((ran.exit, ran.stdout.as_str()), (Some(0), "10 examples, 0 failed\n"), "{ran:?}");
    let ran = test(&good.replace("\"7700123\"", "\"770012\"").replace("agreed = \"no\"", "agreed = \"yes\""));
    assert_eq!(ran.exit, Some(1), "{ran:?}");
    assert!(
        ran.stdout.contains("table 1, bad 2: expected a finding") && ran.stdout.contains("table 2, good 1"),
        "{ran:?}"
    );
    assert!(ran.stdout.ends_with("10 examples, 2 failed\n"), "{ran:?}");
    // What proves nothing does not pass.
    assert_eq!(test("[[expect]]\ncolumn = 'a'\nunique = true\n").exit, Some(2));
    let ran =
        test("[[expect]]\ncolumn = 'a'\nnot_null = true\nwhen = { column = 'b', not_null = true }\ngood = ['x']\n");
    assert!(ran.exit == Some(1) && ran.stdout.contains("write the row"), "{ran:?}");
    let ran = test("[[expect]]\ncolumn = 'a'\nnot_null = true\ngood = [{ c = 'x' }]\n");
    assert!(ran.exit == Some(1) && ran.stdout.contains("does not name column \"c\""), "{ran:?}");
    assert_eq!(place.tiuv(&["rule", "test", "missing.toml"]).exit, Some(2));
}
