//! `tiuv check --cache DIR`.

use crate::support::program::{AS_OF, Place, Ran};

const LIST: &str = "id,full_name,email\n1,Dana Cohen,dana@walla.co.il\n2,Noam Levi,noam@walla.co.il\n";

fn check(place: &Place, more: &[&str]) -> Ran {
    place.tiuv(&[&["check", "club.csv", "--cache", "kept"], &AS_OF[..], more].concat())
}

fn is_passed_over(ran: &Ran) -> bool {
    ran.stderr.contains("club.csv: passed before as it is; not read again")
}

#[test]
fn a_list_that_passed_is_not_read_again_until_anything_changes() {
    let place = Place::new();
    place.write("club.csv", LIST);
    place.write("tiuv.toml", "[[expect]]\ncolumn = \"id\"\none_of_file = \"ids.txt\"\n");
    place.write("ids.txt", "1\n2\n");
    let first = check(&place, &[]);
    assert!(first.exit == Some(0) && !is_passed_over(&first), "{first:?}");
    let second = check(&place, &[]);
    assert!(second.exit == Some(0) && is_passed_over(&second) && second.stdout.is_empty(), "{second:?}");
    // Each is another check.
    for more in [&["--fail-on", "warning"][..], &["--region", "FR"], &["--map", "none=email"]] {
        assert!(!is_passed_over(&check(&place, more)), "{more:?}");
    }
    let later = place.tiuv(&["check", "club.csv", "--cache", "kept", "--as-of", "2026-11-22"]);
    assert!(!is_passed_over(&later), "{later:?}");
    place.write("ids.txt", "1\n");
    let ran = check(&place, &[]);
    assert!(ran.exit == Some(1) && !is_passed_over(&ran), "{ran:?}");
    place.write("ids.txt", "1\n2\n");
    assert!(is_passed_over(&check(&place, &[])));
    // What failed is read again each time.
    place.write("club.csv", LIST.replace("noam@", "noam"));
    for _ in 0..2 {
        let ran = check(&place, &[]);
        assert!(ran.exit == Some(1) && !is_passed_over(&ran), "{ran:?}");
    }
    place.write("club.csv", LIST);
    assert!(is_passed_over(&check(&place, &[])));
}

#[test]
fn outputs_that_would_not_be_whole_are_refused() {
    let place = Place::new();
    place.write("club.csv", LIST);
    for more in [&["--format", "json"][..], &["--output", "sarif=a.sarif"], &["--mx"], &["--rejects", "r.csv"]] {
        let ran = check(&place, more);
        assert!(ran.exit == Some(2) && !place.path("kept").exists(), "{more:?}: {ran:?}");
    }
}
