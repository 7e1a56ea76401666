//! Nothing that stands in a list steers the terminal, passes for a command of a build's log, or runs in a spreadsheet.

use crate::support::program::{Place, tiuv};

/// Headers and names of files that would like to be more.
const HOSTILE: &str =
    "id,\"a\n::error::b\",\"\u{1b}]0;c\u{7}\",\"\u{202e}d\",=1+1,email\n1,x,x,x,x,dana@walla.co.il\n2,x,x,x,x,dana\n";

#[test]
fn what_a_list_holds_steers_no_terminal_and_no_build() {
    let place = Place::new();
    place.write("list.csv", HOSTILE);
    let name = "x\n::warning::y\u{1b}[2J.csv";
    place.write(name, HOSTILE);
    for list in ["list.csv", name] {
        for args in [
            &["map", list][..],
            &["map", list, "--json"],
            &["check", list],
            &["check", list, "--format", "json"],
            &["check", list, "--format", "jsonl"],
            &["check", list, "--format", "sarif"],
            &["check", list, "--format", "github"],
            &["check", list, "--map", "email=nothing"],
            &["check", list, "--diff", "--show-values"],
            &["clean", list, "--no-state", "--accept-mapping"],
            &["explain", &format!("{list}:2")],
            &["dedupe", list, "--id", "nothing"],
            &["clean", &format!("missing {list}")],
        ] {
            let ran = tiuv(&place, args);
            for text in [&ran.stdout, &ran.stderr] {
                let is_command =
                    |line: &&str| line.trim_start().starts_with("::") || line.trim_start().starts_with("##[");
                let is_own = args.contains(&"github");
                let commands: Vec<&str> =
                    text.lines().filter(is_command).filter(|line| !is_own || line.contains("::y")).collect();
                assert!(commands.is_empty(), "{args:?}: {commands:?}");
                let steers =
                    |letter: char| letter.is_control() && letter != '\n' && letter != '\t' || letter == '\u{202e}';
                assert!(!text.contains(steers), "{args:?}: {text:?}");
            }
            if args.contains(&"json") || args.contains(&"--json") {
                serde_json::from_str::<serde_json::Value>(&ran.stdout).expect("is JSON");
            }
        }
    }
}

#[test]
fn headers_run_in_no_spreadsheet_and_a_list_of_tiuvs_own_reads_as_it_was() {
    let place = Place::new();
    place.write("list.csv", "=id,=1+1,email\n=7,-x,dana\n=8,@y,noam@walla.co.il\n");
    let clean = ["clean", "list.csv", "--no-state", "--accept-mapping", "--map", "id==id"];
    assert_eq!(tiuv(&place, &clean).exit, Some(0));
    let check = ["check", "list.csv", "--rejects", "rejects.csv", "--map", "id==id"];
    assert_eq!(tiuv(&place, &check).exit, Some(1));
    let ran = tiuv(&place, &["dedupe", "list.csv", "--id", "=id", "--out", "clusters.csv", "--accept-mapping"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    for name in ["out/rows.csv", "rejects.csv", "clusters.csv"] {
        let text = std::fs::read_to_string(place.path(name)).expect("is there");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
        for cell in
            reader.records().flat_map(|record| record.expect("is whole").iter().map(str::to_owned).collect::<Vec<_>>())
        {
            assert!(!cell.starts_with(['=', '@']), "{name}: {cell}");
        }
    }
    // What was guarded has its own name again, and what an earlier run added is neither read nor added twice.
    let again = ["clean", "out/rows.csv", "--no-state", "--accept-mapping", "--map", "id==id", "--out", "again"];
    let ran = tiuv(&place, &again);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let header = |name: &str| {
        let text = std::fs::read_to_string(place.path(name)).expect("is there");
        text.lines().next().expect("a header").to_owned()
    };
    assert_eq!(header("again/rows.csv"), header("out/rows.csv"));
    let map = tiuv(&place, &["map", "out/rows.csv"]).stdout;
    assert!(map.contains(" =id ") && map.contains("of an earlier clean: made anew"), "{map}");
}
