//! `tiuv check --since REF`.

use std::process::Command;

use crate::support::program::{AS_OF, Place, Ran};

const LIST: &str = "id,full_name,email\n1,Dana Cohen,dana\n2,Noam Levi,noam@walla.co.il\n3,Ruth Azulay,ruth@\n";

fn git(place: &Place, arguments: &[&str]) {
    let who = ["-c", "user.name=Club", "-c", "user.email=club@club.example", "-c", "commit.gpgsign=false"];
    let done = Command::new("git").arg("-C").arg(place.path(".")).args(who).args(arguments).output();
    let done = done.expect("git starts");
    assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
}

/// A working tree in which the list was committed.
fn tree() -> Place {
    let place = Place::new();
    std::fs::create_dir_all(place.path("lists")).expect("made");
    place.write("lists/club.csv", LIST);
    git(&place, &["init", "--quiet"]);
    git(&place, &["add", "lists"]);
    git(&place, &["commit", "--quiet", "-m", "the list"]);
    place
}

fn check(place: &Place, list: &str, reference: &str) -> Ran {
    place.tiuv(&[&["check", list, "--since", reference], &AS_OF[..]].concat())
}

#[test]
fn only_what_was_not_found_then_counts() {
    let place = tree();
    let ran = check(&place, "lists/club.csv", "HEAD");
    assert!(ran.exit == Some(0) && ran.stderr.contains("4 findings were there already, 0 are gone"), "{ran:?}");
    // Sorted, one row put right, one new one that is wrong.
    place.write(
        "lists/club.csv",
        "id,full_name,email\n3,Ruth Azulay,ruth@\n1,Dana Cohen,dana@walla.co.il\n4,Tal Bar,tal\n2,Noam Levi,noam@walla.co.il\n",
    );
    let ran = check(&place, "lists/club.csv", "HEAD");
    assert!(ran.exit == Some(1) && ran.stderr.contains("2 findings were there already, 2 are gone"), "{ran:?}");
    assert!(ran.stdout.contains("2 new findings, 2 known ones") && ran.stdout.contains("row 3"), "{ran:?}");
    // From wherever it is called, by whatever the commit is called.
    git(&place, &["tag", "imported"]);
    let mut command = place.command(&[&["check", "club.csv", "--since", "imported"], &AS_OF[..]].concat());
    let output = command.current_dir(place.path("lists")).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    place.write("lists/club.csv", LIST.replace("dana\n", "dana@walla.co.il\n"));
    assert_eq!(check(&place, "lists/club.csv", "imported").exit, Some(0));
}

#[test]
fn of_a_list_that_was_not_there_all_is_new() {
    let place = tree();
    place.write("lists/shop.csv", LIST);
    for list in ["lists/shop.csv", "lists/*.csv"] {
        let ran = check(&place, list, "HEAD");
        assert!(ran.exit == Some(1) && ran.stderr.contains("shop.csv: it was not there at HEAD"), "{list}: {ran:?}");
    }
}

#[test]
fn what_can_not_be_compared_never_passes() {
    let place = tree();
    for reference in ["no-such-branch", "--output=made", "HEAD:lists", ""] {
        let ran = place.tiuv(&["check", "lists/club.csv", &format!("--since={reference}")]);
        assert!(ran.exit == Some(2) && ran.stderr.contains("knows no commit"), "{reference}: {ran:?}");
    }
    assert!(!place.path("made").exists());
    for (more, said) in [(&["--mx"][..], "leave --mx out"), (&["--baseline", "b"], "cannot be used with")] {
        let ran = place.tiuv(&[&["check", "lists/club.csv", "--since", "HEAD"], more].concat());
        assert!(ran.exit == Some(2) && ran.stderr.contains(said), "{ran:?}");
    }
    let ran = place.tiuv(&["check", "-", "--since", "HEAD"]);
    assert!(ran.exit == Some(2) || ran.exit == Some(3), "{ran:?}");
    let elsewhere = Place::new();
    elsewhere.write("club.csv", LIST);
    let ran = check(&elsewhere, "club.csv", "HEAD");
    assert!(ran.exit == Some(2) && ran.stderr.contains("in no working tree of git"), "{ran:?}");
    let mut command = place.command(&["check", "lists/club.csv", "--since", "HEAD"]);
    let output = command.env("PATH", "").output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("install git"));
    // What could not be read then is no baseline.
    std::fs::write(place.path("lists/club.csv"), "").expect("written");
    git(&place, &["commit", "--quiet", "-am", "emptied"]);
    place.write("lists/club.csv", LIST);
    let ran = check(&place, "lists/club.csv", "HEAD");
    assert!(ran.exit == Some(2) && ran.stderr.contains("as it was at HEAD"), "{ran:?}");
}
