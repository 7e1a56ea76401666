//! Files of settings and rules: pipes, endless ones, nesting, numbers beyond sense.

use std::io::Write;

use super::bounded;
use crate::support::program::Place;

const LIST: &str = "id,first name,last name,mobile,email\n1,Dana,Levi,050-2345678,dana@walla.co.il\n";

/// A place with a list and a directory for rules.
fn place() -> Place {
    let place = Place::new();
    place.write("list.csv", LIST);
    std::fs::create_dir_all(place.path("my/outreach")).expect("made");
    std::fs::create_dir_all(place.path("my/resolve")).expect("made");
    place
}

/// The command ends with what is wrong with the file, and what to do.
fn told(place: &Place, args: &[&str], file: &str, reason: &str) {
    let what = format!("{args:?}, {file}");
    let ran = bounded(place, args, &what);
    assert!(matches!(ran.exit, Some(2 | 3)), "{what}: {ran:?}");
    assert!(ran.stderr.contains(file) && ran.stderr.contains(reason), "{what}: {ran:?}");
}

#[test]
fn a_pipe_or_a_device_is_no_file_of_settings() {
    for kind in ["pipe", "device"] {
        let place = place();
        let make = |name: &str| match kind {
            "pipe" => {
                let made = place.command_of("mkfifo", &[name]).status().expect("coreutils are there");
                assert!(made.success());
            }
            _ => std::os::unix::fs::symlink("/dev/zero", place.path(name)).expect("linked"),
        };
        make("tiuv.toml");
        told(&place, &["check", "list.csv"], "tiuv.toml", "it is no ordinary file");
        std::fs::remove_file(place.path("tiuv.toml")).expect("removed");
        make("my/ingest.toml");
        told(&place, &["check", "list.csv", "--rules", "my"], "ingest.toml", "it is no ordinary file");
    }
}

#[test]
fn settings_longer_than_their_limit_are_refused_before_they_are_read() {
    let place = place();
    for (name, args) in
        [("tiuv.toml", &["check", "list.csv"][..]), ("my/ingest.toml", &["check", "list.csv", "--rules", "my"])]
    {
        let file = std::fs::File::create(place.path(name)).expect("made");
        file.set_len((64 << 20) + 1).expect("is long");
        told(&place, args, name.rsplit('/').next().expect("a name"), "it has more than 64 MiB");
        std::fs::remove_file(place.path(name)).expect("removed");
    }
}

#[test]
fn settings_that_are_nested_without_end_are_told_with_their_line() {
    for text in [
        format!("a = {}", "[".repeat(200_000)),
        format!("a = {}1{}", "{b=".repeat(100_000), "}".repeat(100_000)),
        format!("{}=1", vec!["a"; 100_000].join(".")),
        format!("[{}]", vec!["a"; 100_000].join(".")),
        format!("a = \"{}", "x".repeat(4 << 20)),
    ] {
        let place = place();
        place.write("tiuv.toml", &text);
        told(&place, &["check", "list.csv"], "tiuv.toml", "");
        place.write("tiuv.toml", "");
        place.write("my/ingest.toml", &text);
        told(&place, &["check", "list.csv", "--rules", "my"], "ingest.toml", "");
    }
}

#[test]
fn numbers_beyond_sense_are_refused_by_the_rule_that_has_them() {
    let place = place();
    let changed = |file: &str, from: &str, to: &str| {
        let shipped = format!("{}/rules/{file}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(shipped).expect("is there");
        let key = format!("{from} = ");
        let line = |line: &str| if line.starts_with(&key) { format!("{key}{to}") } else { line.to_owned() };
        let changed: Vec<String> = text.lines().map(line).collect();
        assert_ne!(changed.join("\n"), text.trim_end(), "{file} has {from}");
        place.write(&format!("my/{file}"), changed.join("\n"));
    };
    let clean = ["clean", "list.csv", "--rules", "my", "--accept-mapping", "--out", "out"];
    for (file, key, number, args) in [
        ("outreach/policy.toml", "link_letters", "1000000000", &["outreach", "plan", "--rules", "my"][..]),
        ("outreach/policy.toml", "link_letters", "0", &["outreach", "plan", "--rules", "my"]),
        ("resolve/model.toml", "bins", "0", &clean),
        ("resolve/model.toml", "bins", "1000000000", &clean),
        ("ingest.toml", "max_columns", "0", &clean),
        ("ingest.toml", "block_bytes", "0", &clean),
        ("ingest.toml", "max_record_bytes", "99999999999999999999", &clean),
    ] {
        changed(file, key, number);
        told(&place, args, file, "");
        std::fs::remove_file(place.path(&format!("my/{file}"))).expect("removed");
    }
}

#[test]
fn a_newer_list_or_a_line_that_goes_on_and_on_is_told_by_its_name() {
    let place = place();
    let long = "x.example\n".repeat((21 << 20) / 10);
    place.write("long.txt", &long);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(long.as_bytes()).expect("memory can be written");
    place.write("packed.txt.gz", gzip.finish().expect("packed"));
    for name in ["long.txt", "packed.txt.gz"] {
        told(&place, &["rule", "update", "disposable", "--from", name], name, "longer than 20 MiB");
    }
    place.write("line.txt", "5".repeat(1 << 20));
    told(&place, &["phone", "line.txt"], "line.txt", "far too long");
}
