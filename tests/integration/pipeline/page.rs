//! The report in Chromium: `tests/browser/report.mjs` looks at it as people do.

use std::path::PathBuf;

use crate::support::partner::{installed, partner};
use crate::support::program::{Place, Ran, fixture};

/// What a report of the club may weigh, so that it opens at once and can be sent by mail.
const MOST_BYTES: u64 = 500_000;

#[test]
fn the_report_reads_well_in_a_browser_in_both_languages() {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let needed = [installed("node_modules/playwright-core/index.js"), installed("node_modules/axe-core/axe.min.js")];
    if partner(PathBuf::from(chromium)).is_none() || needed.iter().any(Option::is_none) {
        return;
    }
    let place = Place::new();
    place.write("club.csv", std::fs::read(fixture("club.csv")).expect("a fixture"));
    place.write("tiuv.toml", std::fs::read(fixture("tiuv.toml")).expect("a fixture"));
    let ran = place.tiuv(&["clean", "club.csv", "--out", "out", "--queue", "--mx", "off"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let report = place.path("out/report.html");
    let weighs = std::fs::metadata(&report).expect("is written").len();
    assert!(weighs <= MOST_BYTES, "the report weighs {weighs} bytes");
    let root = env!("CARGO_MANIFEST_DIR");
    let told = serde_json::json!({
        "page": format!("file://{}", report.display()),
        "partners": format!("{root}/target/test-partners"),
        "pictures": std::env::var("TIUV_PICTURES").ok(),
    });
    let mut browser = place.command_of("node", &[&format!("{root}/tests/browser/report.mjs"), &told.to_string()]);
    let ran = Ran::of(browser.output().expect("node starts"));
    assert_eq!((ran.exit, ran.stdout.trim()), (Some(0), "nothing is wrong"), "{}", ran.stderr);
}
