//! Same input, rules and day: same bytes, for any number of threads.

use std::collections::BTreeMap;

use crate::support::program::{AS_OF, LISTS, Place, fixture};

const THREADS: [&str; 4] = ["1", "2", "3", "8"];

#[test]
fn clean_writes_the_same_bytes_for_any_number_of_threads() {
    for list in LISTS {
        same_for_all_threads(list, |place, threads| {
            let path = fixture(list);
            let ran = place.tiuv(
                &[
                    &["clean", &path, "--out", "out", "--no-state", "--accept-mapping", "--threads", threads],
                    &AS_OF[..],
                ]
                .concat(),
            );
            assert_eq!(ran.exit, Some(0), "{list}: {}", ran.stderr);
            let mut files = place.files();
            for name in ["rows.csv", "changes.csv", "quarantine.csv", "customers.csv", "duplicates.csv", "run.json"] {
                assert!(files.contains_key(&format!("out/{name}")), "{list}: {name} was written");
            }
            files.insert("standard output".to_owned(), ran.stdout.into_bytes());
            files
        });
    }
}

#[test]
fn check_says_the_same_for_any_number_of_threads() {
    for list in LISTS {
        same_for_all_threads(list, |place, threads| {
            let path = fixture(list);
            let outputs = &["--output", "json=c.json", "--output", "jsonl=c.jsonl", "--output", "sarif=c.sarif"];
            let more = ["--output", "github=c.github", "--rejects", "rejects.csv", "--accept-mapping"];
            let ran = place.tiuv(&[&["check", &path, "--threads", threads], &outputs[..], &more, &AS_OF].concat());
            assert!(matches!(ran.exit, Some(0 | 1)), "{list}: {}", ran.stderr);
            let mut files = place.files();
            assert_eq!(files.len(), 5, "{list}: every output was written");
            files.insert("standard output".to_owned(), ran.stdout.into_bytes());
            files
        });
    }
}

/// Runs with each number of threads, and once more with the first one.
fn same_for_all_threads(list: &str, run: impl Fn(&Place, &str) -> BTreeMap<String, Vec<u8>>) {
    let mut first: Option<BTreeMap<String, Vec<u8>>> = None;
    for threads in THREADS.into_iter().chain(["1"]) {
        let files = run(&Place::new(), threads);
        let first = first.get_or_insert_with(|| files.clone());
        assert_eq!(first.keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>(), "{list}, {threads} threads");
        for (name, bytes) in &files {
            assert!(first[name] == *bytes, "{list}, {threads} threads: {name} differs");
        }
    }
}
