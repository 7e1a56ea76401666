//! Bad input and bad surroundings: a clear error or quarantine with its reason, the documented exit code, no panic, and
//! no file under its final name unless it is whole.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::support::generator::{Options, csv, headers, list};
use crate::support::program::{Place, Ran, TIUV};

/// A list of three customers, as a cash register writes it.
const GOOD: &str = "id,first name,last name,mobile,email\n\
                    1,Dana,Levi,050-2345678,dana.levi@walla.co.il\n\
                    2,Noa,Cohen,052-3456789,noa.cohen@walla.co.il\n\
                    3,Omer,Mizrahi,054-4567890,omer.m@walla.co.il\n";

const FINAL_NAMES: [&str; 9] = [
    "rows.csv",
    "changes.csv",
    "quarantine.csv",
    "customers.csv",
    "duplicates.csv",
    "possible_duplicates.csv",
    "flagged.csv",
    "report.html",
    "run.json",
];

/// How a list ends.
enum End {
    /// With this exit code and these words, and nothing written.
    Error(i32, &'static str),
    /// With all its rows, of which so many are set apart, the first of them with this code.
    Rows(u64, u64, &'static str),
}

use End::{Error, Rows};

#[test]
fn every_kind_of_bad_list_is_told_or_set_apart() {
    let long = vec![b'a'; 100 << 20];
    let with_long_record =
        [GOOD.as_bytes(), b"4,", &long[..], b",,,\n5,Gal,Peretz,050-5678901,gal@walla.co.il\n"].concat();
    let wide_header: Vec<String> = (1..=10_000).map(|column| format!("column {column}")).collect();
    let wide = format!("{}\n{}\n", wide_header.join(","), vec!["x"; 10_000].join(","));
    let late = [GOOD.as_bytes(), &rows(4, 60_000), b"60004,D\xFF\xFEna,Levi,050-2345678,d@walla.co.il\n"].concat();
    let header = GOOD.lines().next().expect("a header");
    let cases: Vec<(&str, Vec<u8>, End)> = vec![
        ("empty file", vec![], Error(3, "it is empty")),
        ("header only", b"id,name,email\n".to_vec(), Error(3, "no rows")),
        ("header only, no line end", b"id,name,email".to_vec(), Error(3, "no rows")),
        ("byte order mark only", b"\xEF\xBB\xBF".to_vec(), Error(3, "empty")),
        ("blank lines only", b"\n\r\n\n".to_vec(), Error(3, "")),
        ("no header", GOOD.split_once('\n').expect("a header").1.into(), Error(3, "first row looks like data")),
        ("binary", binary(), Error(3, "binary")),
        (
            "a picture",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08".to_vec(),
            Error(3, "not a customer list"),
        ),
        ("truncated gzip", truncated_gzip(), Error(3, "ends too early")),
        ("damaged gzip", damaged_gzip(), Error(3, "damaged")),
        ("100 MB on a single line", long.clone(), Error(3, "header can't be read")),
        ("100 MB in a record", with_long_record, Rows(5, 1, "row.too_long")),
        ("10,000 columns", wide.into_bytes(), Rows(1, 0, "")),
        ("headers twice", b"id,email,email,id\n1,a.levi@walla.co.il,b.levi@walla.co.il,7\n".to_vec(), Rows(1, 0, "")),
        ("headers missing", b"id,,email,\n1,x,a.levi@walla.co.il,y\n".to_vec(), Rows(1, 0, "")),
        ("a short row", format!("{GOOD}4,Gal\n").into(), Rows(4, 0, "")),
        (
            "a long row",
            format!("{GOOD}4,Gal,Peretz,050-5678901,g@walla.co.il,x,y\n").into(),
            Rows(4, 1, "row.ragged_long"),
        ),
        (
            "200 lines of titles",
            format!("{}{GOOD}", "Conditions, and more of them\n".repeat(200)).into(),
            Rows(3, 0, ""),
        ),
        (
            "the header twice in the middle",
            format!("{GOOD}{header}\n{header}\n4,Gal,Peretz,050-5678901,g@walla.co.il\n").into(),
            Rows(6, 2, "row.repeated_header"),
        ),
        (
            "one column of free text",
            b"What customers say\nGood service, as ever\nToo far, too dear; but fine\nNo\n".to_vec(),
            Rows(3, 0, ""),
        ),
        ("a NUL byte", format!("{GOOD}4,G\0al,Peretz,050-5678901,g@walla.co.il\n").into(), Rows(4, 1, "row.nul_byte")),
        ("invalid UTF-8 late in the file", late, Rows(60_004, 1, "row.undecodable")),
        (
            "an unbalanced quote",
            format!("{GOOD}4,\"Gal,Peretz,1,2\n5,Tal,Bar,3,4\n").into(),
            Rows(5, 1, "row.unbalanced_quote"),
        ),
        (
            "an unbalanced quote in the header",
            b"id,\"name,email\n1,a,b\n2,c,d\n".to_vec(),
            Error(3, "header can't be read"),
        ),
    ];
    let mut wrong = Vec::new();
    for (name, bytes, end) in cases {
        let place = Place::new();
        place.write("list.csv", &bytes);
        let clean = place.tiuv(&["clean", "list.csv", "--out", "out", "--accept-mapping", "--as-of", "2026-11-21"]);
        let check = place.tiuv(&["check", "list.csv", "--accept-mapping", "--output", "json=check.json"]);
        let mut say = |command: &str, ran: &Ran, what: &str| {
            wrong.push(format!("{name}: {command}: {what}; exit {:?}, said {:?}", ran.exit, ran.stderr));
        };
        for (command, ran) in [("clean", &clean), ("check", &check)] {
            if ran.stderr.contains("panicked") {
                say(command, ran, "panic");
            }
            if let Error(exit, words) = end {
                if ran.exit != Some(exit) {
                    say(command, ran, &format!("expected exit {exit}"));
                }
                if !ran.stderr.contains(words) || !ran.stderr.contains("list.csv") {
                    say(command, ran, &format!("expected {words:?} of list.csv"));
                }
            }
        }
        let files = place.files();
        let left: Vec<&String> = files
            .keys()
            .filter(|name| name.starts_with("out/") || *name == "check.json" || name.contains(".tmp"))
            .collect();
        match end {
            Error(..) if !left.is_empty() => say("clean", &clean, &format!("left behind {left:?}")),
            Error(..) => {}
            Rows(records, quarantined, code) => {
                if clean.exit != Some(0) || !matches!(check.exit, Some(0 | 1)) || left.len() != FINAL_NAMES.len() + 1 {
                    say("both", &clean, &format!("expected rows; check {check:?}; files {left:?}"));
                    continue;
                }
                let run: serde_json::Value = serde_json::from_slice(&files["out/run.json"]).expect("run.json is JSON");
                let of_check: serde_json::Value =
                    serde_json::from_slice(&files["check.json"]).expect("a check is JSON");
                let counted = |value: &serde_json::Value, name: &str| value[name].as_u64();
                let same = counted(&run, "rows_in") == Some(records)
                    && counted(&run, "quarantined") == Some(quarantined)
                    && counted(&run, "rows_out") == Some(records - quarantined)
                    && counted(&of_check, "records") == Some(records)
                    && counted(&of_check, "quarantined") == Some(quarantined);
                let set_apart = String::from_utf8_lossy(&files["out/quarantine.csv"]);
                if !same || !set_apart.contains(code) || (quarantined == 0) != (set_apart.lines().count() == 1) {
                    say("clean", &clean, &format!("run {run}, check {of_check}, quarantine {set_apart:.400}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_directory_and_a_missing_file_are_told() {
    let place = Place::new();
    std::fs::create_dir(place.path("lists")).expect("a directory can be made");
    for (list, words) in
        [("lists", "directory"), ("nowhere.csv", "no such file"), ("lists/nowhere.csv", "no such file")]
    {
        for command in ["clean", "check", "map"] {
            let ran = place.tiuv(&[command, list]);
            assert_eq!(ran.exit, Some(3), "{command} {list}: {}", ran.stderr);
            assert!(ran.stderr.contains(words) && ran.stderr.contains(list), "{command} {list}: {}", ran.stderr);
        }
    }
    assert!(!place.path("out").exists(), "no output directory without output");
}

#[cfg(unix)]
#[test]
fn a_list_without_permission_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.write("list.csv", GOOD);
    let mode = |name: &str, mode: u32| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(place.path(name), permissions).expect("the mode can be set");
    };
    mode("list.csv", 0o000);
    for command in ["clean", "check"] {
        let args = [command, "list.csv", "--accept-mapping"];
        let ran = if File::open(place.path("list.csv")).is_err() {
            place.tiuv(&args)
        } else {
            // The superuser may read anything, so somebody else tries, with a copy of the program that they can reach.
            mode("", 0o755);
            std::fs::copy(TIUV, place.path("tiuv")).expect("the program can be copied");
            mode("tiuv", 0o755);
            let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "./tiuv"];
            let output = place.command_of("setpriv", &[&nobody[..], &args[..]].concat()).output();
            Ran::of(output.expect("setpriv of util-linux is there"))
        };
        assert_eq!(ran.exit, Some(3), "{command}: {}", ran.stderr);
        assert!(ran.stderr.contains("no permission") || ran.stderr.contains("denied"), "{command}: {}", ran.stderr);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    }
    assert!(!place.path("out").exists());
}

/// A limit on the size of files stands for a full disk: the write fails in the middle just the same.
#[cfg(unix)]
#[test]
fn a_disk_that_fills_up_leaves_nothing_half_written() {
    let place = Place::new();
    // Something to repair, so that `--fix` writes.
    let mut text = GOOD.to_owned();
    for row in 4..24 {
        let _ = writeln!(text, "{row},Dana,Levi,5023456{row:02},dana{row}@walla.co.il");
    }
    let mut text = text.into_bytes();
    text.extend(rows(24, 30_000));
    place.write("list.csv", &text);
    for blocks in ["0", "1", "64", "512"] {
        let limited = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        let run = |args: &[&str]| {
            let output = place.command_of("sh", &[&["-c", &limited, TIUV], args].concat()).output();
            Ran::of(output.expect("a shell is there"))
        };
        let fixable = place.path("list.csv");
        let before = std::fs::read(&fixable).expect("the list is there");
        for args in [
            &["clean", "list.csv", "--out", "out", "--accept-mapping", "--no-state"][..],
            &["clean", "list.csv", "--out", "out", "--accept-mapping", "--workspace", "ws"],
            &["clean", "list.csv", "--out", "out", "--accept-mapping", "--no-state", "--format", "xlsx"],
            &["check", "list.csv", "--accept-mapping", "--output", "jsonl=check.jsonl", "--level", "email.class=info"],
            &["check", "list.csv", "--accept-mapping", "--fix"],
        ] {
            let ran = run(args);
            assert!(!ran.stderr.contains("panicked"), "{blocks} {args:?}: {}", ran.stderr);
            // Findings of a good list fit into a small file.
            let fits = args.contains(&"jsonl=check.jsonl") && blocks.len() > 1;
            assert!(ran.exit == Some(3) || fits, "{blocks} {args:?}: {:?} {}", ran.exit, ran.stderr);
            let files = place.files();
            let left: Vec<&String> =
                files.keys().filter(|name| FINAL_NAMES.iter().any(|end| name.ends_with(end))).collect();
            assert!(left.is_empty(), "{blocks} {args:?} left {left:?}");
            assert!(!files.keys().any(|name| name.ends_with(".part")), "{blocks} {args:?} left {:?}", files.keys());
        }
        assert!(before == std::fs::read(&fixable).expect("the list is there"), "a list under repair was changed");
    }
    // The workspace that met a full disk opens and works when there is room again.
    let ran = place.tiuv(&["clean", "list.csv", "--out", "out", "--accept-mapping", "--workspace", "ws"]);
    assert_eq!(ran.exit, Some(0), "{}", ran.stderr);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_behind_standard_output_is_told() {
    let place = Place::new();
    place.write("list.csv", GOOD.replace("050-2345678", "502345678"));
    for args in [
        &["check", "list.csv"][..],
        &["check", "list.csv", "--format", "jsonl"],
        &["map", "list.csv"],
        &["rule", "list"],
    ] {
        let full = OpenOptions::new().write(true).open("/dev/full").expect("Linux has /dev/full");
        let ran = Ran::of(place.command(args).stdout(full).output().expect("tiuv starts"));
        assert_eq!(ran.exit, Some(3), "{args:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("can't write"), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let place = Place::new();
    let mut text = GOOD.as_bytes().to_vec();
    // More than a pipe holds, each row with something to say.
    text.extend((4..20_000).flat_map(|id| format!("{id},Dana,Levi,12,nobody\n").into_bytes()));
    place.write("list.csv", &text);
    let mut child = place
        .command(&["check", "list.csv", "--accept-mapping", "--format", "jsonl"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("tiuv starts");
    drop(child.stdout.take());
    let ran = Ran::of(child.wait_with_output().expect("tiuv ends"));
    assert_eq!((ran.exit, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_list_that_changes_while_it_is_read_is_told_or_read_as_it_was() {
    for change in ["cut", "append", "overwrite", "replace"] {
        for command in ["clean", "check"] {
            let place = Place::new();
            let mut text = GOOD.as_bytes().to_vec();
            text.extend(rows(4, 40_000));
            place.write("list.csv", &text);
            let path = place.path("list.csv");
            let is_done = AtomicBool::new(false);
            let ran = std::thread::scope(|scope| {
                scope.spawn(|| {
                    let mut at = 0u64;
                    while !is_done.load(Ordering::Relaxed) {
                        std::thread::sleep(std::time::Duration::from_millis(2));
                        at += 1;
                        disturb(&path, change, &text, at);
                    }
                });
                let ran = place.tiuv(
                    &[command, "list.csv", "--accept-mapping", "--no-state"][..if command == "clean" { 4 } else { 3 }],
                );
                is_done.store(true, Ordering::Relaxed);
                ran
            });
            let what = format!("{command}, {change}: exit {:?} {}", ran.exit, ran.stderr);
            assert!(!ran.stderr.contains("panicked"), "{what}");
            assert!(matches!(ran.exit, Some(0..=3)), "{what}");
            let whole = FINAL_NAMES.iter().filter(|name| place.path("out").join(name).exists()).count();
            let expected = if ran.exit == Some(0) && command == "clean" { FINAL_NAMES.len() } else { 0 };
            assert_eq!(whole, expected, "{what}");
        }
    }
}

fn disturb(path: &std::path::Path, change: &str, text: &[u8], at: u64) {
    let open = || OpenOptions::new().write(true).open(path).expect("the list can be written");
    let done = match change {
        "cut" => open().set_len(text.len() as u64 / (at + 1)),
        "append" => OpenOptions::new().append(true).open(path).and_then(|mut file| file.write_all(b"1,\"x\n")),
        "overwrite" => {
            let mut file = open();
            let to = at * 7919 % text.len() as u64;
            file.seek(SeekFrom::Start(to)).and_then(|_| file.write_all(b"\n\"\0\xFF,"))
        }
        _ => {
            let other = path.with_extension("new");
            std::fs::write(&other, &text[text.len() / 2..]).and_then(|()| std::fs::rename(&other, path))
        }
    };
    done.expect("the list can be disturbed");
}

/// Rows that go with [`GOOD`], numbered from `first`.
fn rows(first: u64, count: u64) -> Vec<u8> {
    let mut out = String::new();
    for (index, row) in (first..).zip(list(Options { rows: count, damaged: 0, ..Options::default() })) {
        let cells =
            [index.to_string(), row.cells[1].clone(), row.cells[2].clone(), row.cells[3].clone(), row.cells[5].clone()];
        csv::push_record(&mut out, &cells, ',', "\n");
    }
    out.into_bytes()
}

fn binary() -> Vec<u8> {
    (0u32..40_000).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

fn gzip() -> Vec<u8> {
    let mut out = String::new();
    csv::push_record(&mut out, &headers(crate::support::generator::Language::English), ',', "\n");
    for row in list(Options { rows: 2000, ..Options::default() }) {
        csv::push_record(&mut out, &row.cells, ',', "\n");
    }
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(out.as_bytes()).and_then(|()| writer.finish()).expect("memory can be written")
}

fn truncated_gzip() -> Vec<u8> {
    let mut bytes = gzip();
    bytes.truncate(bytes.len() * 2 / 3);
    bytes
}

fn damaged_gzip() -> Vec<u8> {
    let mut bytes = gzip();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 64].fill(0);
    bytes
}
