//! What other tools expect of a list, brought over as `[[expect]]` tables.

use crate::support::program::{AS_OF, Place, Ran};

/// Imports a file, and checks a list by what came of it: what was said, and the codes that were found.
fn import(place: &Place, args: &[&str], list: &str) -> (Ran, Vec<String>) {
    let ran = place.tiuv(&[&["rule", "import"][..], args].concat());
    place.write("tiuv.toml", &ran.stdout);
    place.write("l.csv", list);
    let checked = place.tiuv(&[&["check", "l.csv", "--expectations-only", "--format", "jsonl"][..], &AS_OF].concat());
    assert!(matches!(checked.exit, Some(0 | 1)), "{ran:?} {checked:?}");
    let lines = checked.stdout.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    let found = lines.filter(|line| line["type"] == "finding").map(|line| {
        format!(
            "{} {} {}",
            line["column"].as_str().unwrap_or_default(),
            line["code"].as_str().unwrap_or_default(),
            line["row"]
        )
    });
    let found = found.collect();
    (ran, found)
}

const SCHEMA: &str = r#"{
  "fields": [
    {"name": "id", "type": "integer"},
    {"name": "tier", "type": "string", "constraints": {"required": true, "enum": ["gold", "silver"]}},
    {"name": "card", "type": "string", "title": "Card", "constraints": {"pattern": "[A-Z]{2}\\d+", "minLength": 4, "maxLength": 6, "unique": true}},
    {"name": "points", "type": "integer", "constraints": {"minimum": 0, "exclusiveMaximum": 9, "pattern": "[0-9]{1,3}"}},
    {"name": "joined", "type": "date", "format": "%d/%m/%y", "sorted": true}
  ],
  "primaryKey": "id",
  "foreignKeys": []
}"#;

#[test]
fn a_table_schema_becomes_tables_and_what_does_not_map_is_named() {
    let place = Place::new();
    place.write("s.json", SCHEMA);
    let list = "id,tier,card,points,joined\n1,gold,AB12,7,x\n1,bronze,AB12,12345,\n,,ab1234567,x,\n";
    let (ran, mut found) = import(&place, &["s.json"], list);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    found.sort();
    let has = |line: &str| found.iter().any(|own| own == line);
    for line in [
        "tier expect.one_of 2",
        "tier expect.not_null 3",
        "card expect.unique 2",
        "card expect.pattern 3",
        "card expect.length 3",
    ] {
        assert!(has(line), "{line}: {found:#?}");
    }
    for line in ["points expect.pattern 2", "points expect.pattern 3", "id expect.unique 2", "id expect.not_null 3"] {
        assert!(has(line), "{line}: {found:#?}");
    }
    for said in ["`foreignKeys`", "\"points\": `minimum`", "`exclusiveMaximum`", "`%d/%m/%y`", "`sorted`"] {
        assert!(ran.stderr.contains(said) && ran.stdout.contains(said), "{said}: {ran:?}");
    }
}

#[test]
fn other_words_for_missing_values_are_let_pass_or_named() {
    let place = Place::new();
    place.write(
        "s.json",
        r#"{"missingValues": ["", "N.A."], "fields": [
            {"name": "a", "type": "integer"},
            {"name": "b", "constraints": {"enum": [1, 2], "required": true}},
            {"name": "c", "constraints": {"pattern": "(?=x)"}}
        ]}"#,
    );
    let (ran, found) = import(&place, &["s.json"], "a,b,c\nN.A.,N.A.,x\nNXAX,1,x\n12,3,x\n");
    assert_eq!(found, ["a expect.pattern 2", "b expect.one_of 3"], "{ran:?}");
    assert!(ran.stderr.contains("`required` takes") && ran.stderr.contains("can't be read here"), "{ran:?}");
}

const DBT: &str = "
version: 2
models:
  - name: customers
    description: those who buy
    columns:
      - name: id
        data_tests: [unique, not_null]
      - name: status
        tests:
          - accepted_values:
              arguments: { values: ['active', 'gone'] }
          - not_null: { where: \"id > 7\" }
      - name: branch
        tests:
          - relationships: { to: ref('branches'), field: id }
          - dbt_utils.not_empty_string
  - name: orders
    columns: [{ name: id, tests: [unique] }]
";

#[test]
fn tests_of_a_dbt_model_become_tables() {
    let place = Place::new();
    place.write("schema.yml", DBT);
    let ran = place.tiuv(&["rule", "import", "schema.yml"]);
    assert!(
        ran.exit == Some(2) && ran.stderr.contains("customers, orders") && ran.stderr.contains("--table"),
        "{ran:?}"
    );
    let list = "id,status,branch\n1,active,a\n1,lost,\n,,b\n";
    let (ran, mut found) = import(&place, &["schema.yml", "--table", "customers"], list);
    found.sort();
    assert_eq!(found, ["id expect.not_null 3", "id expect.unique 2", "status expect.one_of 2"], "{ran:?}");
    for said in ["`relationships`", "`dbt_utils.not_empty_string`", "`not_null` with `where`", "one_of_file"] {
        assert!(ran.stderr.contains(said) && ran.stdout.contains(said), "{said}: {ran:?}");
    }
}

const SUITE: &str = r#"{"expectation_suite_name": "own", "expectations": [
  {"expectation_type": "expect_column_values_to_not_be_null", "kwargs": {"column": "id"}, "meta": {}},
  {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}},
  {"type": "expect_column_values_to_be_in_set", "kwargs": {"column": "tier", "value_set": ["gold", 1], "mostly": 0.6}},
  {"type": "expect_column_values_to_match_regex", "kwargs": {"column": "card", "regex": "\\d{2}"}},
  {"type": "expect_column_value_lengths_to_be_between", "kwargs": {"column": "card", "min_value": 3, "max_value": null}},
  {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": 4}},
  {"type": "expect_column_mean_to_be_between", "kwargs": {"column": "id", "min_value": 4}},
  {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "card", "row_condition": "id > 7"}},
  {"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "tier", "mostly": 7}}
]}"#;

#[test]
fn a_suite_of_great_expectations_becomes_tables() {
    let place = Place::new();
    place.write("suite.json", SUITE);
    let (ran, mut found) = import(&place, &["suite.json"], "id,tier,card\n1,gold,ab12\n1,1,a\n,x,12\n");
    found.sort();
    let expected = [
        " expect.rows null",
        "card expect.length 2",
        "card expect.length 3",
        "card expect.pattern 2",
        "id expect.not_null 3",
        "id expect.unique 2",
    ];
    assert_eq!(found, expected, "{ran:?}");
    for said in ["`expect_column_mean_to_be_between` has no counterpart", "`row_condition`", "`mostly`"] {
        assert!(ran.stderr.contains(said) && ran.stdout.contains(said), "{said}: {ran:?}");
    }
}

#[test]
fn what_is_none_of_these_or_maps_nowhere_is_refused() {
    let place = Place::new();
    for (text, said) in [
        ("{", "neither JSON nor YAML"),
        ("a: [", "neither JSON nor YAML"),
        ("[1]", "it is no Table Schema"),
        ("a: 1", "it is no Table Schema"),
        (r#"{"expectations": [{"type": "expect_x", "kwargs": {}}, 7]}"#, "nothing of it maps"),
        (r#"{"fields": [{"type": "string"}]}"#, "nothing of it maps"),
    ] {
        place.write("f", text);
        let ran = place.tiuv(&["rule", "import", "f"]);
        assert!(ran.exit == Some(2) && ran.stdout.is_empty() && ran.stderr.contains(said), "{text}: {ran:?}");
    }
    // Names are another file's: none ends a comment or a text.
    place.write("f", r#"{"fields": [{"name": "a\"\n[x]", "type": "odd\n[y]\u0000"}]}"#);
    let ran = place.tiuv(&["rule", "import", "f"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let read: toml::Table = ran.stdout.parse().expect("TOML");
    assert_eq!(read["expect"][0]["column"].as_str(), Some("a\"\n[x]"), "{ran:?}");
    assert_eq!(read.len(), 1, "{ran:?}");
}
