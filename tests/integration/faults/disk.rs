//! Files of the workspace that are damaged, modes, and a list that is repaired in place.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::{Club, usable};
use crate::support::program::{Place, tiuv};

fn mode(place: &Place, name: &str) -> u32 {
    std::fs::metadata(place.path(name)).expect("is there").permissions().mode() & 0o777
}

#[test]
fn the_workspace_is_for_its_owner_alone_and_a_wider_mode_is_warned_of() {
    let club = Club::new();
    assert_eq!(mode(&club.place, ".tiuv"), 0o700);
    assert_eq!(mode(&club.place, ".tiuv/snapshots"), 0o700);
    for name in club.place.files().keys().filter(|name| name.starts_with(".tiuv/")) {
        assert_eq!(mode(&club.place, name) & 0o077, 0, "{name}");
    }
    std::fs::set_permissions(club.place.path(".tiuv/state.db"), std::fs::Permissions::from_mode(0o644)).expect("set");
    let ran = tiuv(&club.place, &["runs"]);
    assert!(ran.stderr.contains("state.db (mode 644)") && ran.stderr.contains("chmod"), "{ran:?}");
}

#[test]
fn a_damaged_file_of_a_run_is_told_with_the_remedy_and_repaired() {
    let club = Club::new();
    assert_eq!(club.run(&["clean", "short.csv", "--out", "out"]), Some(0));
    let run = usable(&club, "before");
    for (file, is_told_by) in [("people.parquet", "clean"), ("customers.parquet", "clean"), ("customers.db", "lookup")]
    {
        let path = club.place.path(&format!(".tiuv/snapshots/{run}.{file}"));
        let whole = std::fs::read(&path).expect("is there");
        for damaged in [Vec::new(), whole[..whole.len() / 2].to_vec(), vec![0; whole.len()]] {
            std::fs::write(&path, damaged).expect("damaged");
            let args: &[&str] = if is_told_by == "clean" {
                &["clean", "long.csv", "--out", "other"]
            } else {
                &["lookup", "050-2345602"]
            };
            let ran = tiuv(&club.place, args);
            assert_eq!(ran.exit, Some(3), "{file}: {ran:?}");
            assert!(ran.stderr.contains("is damaged") && ran.stderr.contains("tiuv workspace repair"), "{ran:?}");
            let refused = tiuv(&club.place, &["suppress", "add", "050-2345601"]);
            assert_eq!(refused.exit, Some(0), "who refuses is heard: {refused:?}");
        }
        let ran = tiuv(&club.place, &["workspace", "repair"]);
        assert!(ran.exit == Some(0) && ran.stdout.contains(&run), "{ran:?}");
        assert_eq!(usable(&club, "repaired"), run);
        assert_eq!(club.run(&["clean", "short.csv", "--out", "out"]), Some(0), "goes on");
    }
}

#[test]
fn a_list_that_is_repaired_keeps_its_mode_its_names_and_its_link() {
    let list = "id,email\n1,dana @walla.co.il\n2,noam@walla.co.il\n";
    let place = Place::new();
    place.write("list.csv", list);
    std::fs::set_permissions(place.path("list.csv"), std::fs::Permissions::from_mode(0o640)).expect("set");
    std::fs::hard_link(place.path("list.csv"), place.path("second.csv")).expect("linked");
    std::os::unix::fs::symlink("list.csv", place.path("link.csv")).expect("linked");
    let before = std::fs::metadata(place.path("list.csv")).expect("is there");
    let ran = tiuv(&place, &["check", "link.csv", "--fix"]);
    assert!(ran.stderr.contains("1 cells repaired"), "{ran:?}");
    let after = std::fs::metadata(place.path("list.csv")).expect("is there");
    assert_eq!((after.ino(), after.nlink(), after.mode()), (before.ino(), before.nlink(), before.mode()));
    let text = |name: &str| std::fs::read_to_string(place.path(name)).expect("is there");
    assert_eq!(text("second.csv"), "id,email\n1,dana@walla.co.il\n2,noam@walla.co.il\n");
    assert_eq!(text("list.csv.bak"), list);
    assert!(place.path("link.csv").is_symlink());
    // A process that dies while it writes the new content leaves the old one.
    place.write("list.csv", list);
    let mut dying = place.command(&["check", "list.csv", "--fix", "--in-place"]);
    let status = dying.env("TIUV_CRASH_AT", "replacing").output().expect("starts").status;
    assert_eq!(status.code(), None, "it died");
    assert_eq!(text("list.csv.bak2"), list);
}

#[test]
fn what_can_not_be_printed_is_an_error_and_a_reader_that_went_away_is_none() {
    let club = Club::new();
    for args in [
        &["runs"][..],
        &["runs", "--json"],
        &["lookup", "050-2345602"],
        &["suppress", "list"],
        &["rule", "list"],
        &["map", "short.csv"],
    ] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("is there");
        let ran = club.place.command(args).stdout(full).output().expect("starts");
        assert_eq!(ran.status.code(), Some(3), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
    }
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let ran = club.place.command(&["rule", "list"]).stdout(writer).output().expect("starts");
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
}
