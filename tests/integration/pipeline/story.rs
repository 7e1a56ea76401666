//! One story: what the report, the terminal and `run.json` tell is the same, adds up, and ends in commands that can be typed.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use regex::Regex;
use serde_json::Value;
use tiuv::clock;

use crate::support::program::{Place, fixture, tiuv};

const CONFIG: &str = "[outreach]\nsender = \"Kalanit\"\nlink_base = \"kalanit.example/c/\"\n";

/// The invented club in a place of its own, cleaned a year ago, asked, and cleaned again; and what the terminal said last.
fn told() -> (Place, String) {
    let place = Place::new();
    place.write("club.csv", std::fs::read(fixture("club.csv")).expect("a fixture"));
    place.write("tiuv.toml", CONFIG);
    let run = |args: &[&str], day: Date| {
        let ran = place.tiuv(&[args, &["--as-of", &day.to_string()]].concat());
        assert_eq!(ran.exit, Some(0), "{ran:?}");
        ran.stdout
    };
    let clean = ["clean", "club.csv", "--out", "out"];
    // What was planned is known from the moment on in which that was done.
    let today = clock::today();
    run(&clean, a_year_before(today));
    run(&clean, today);
    run(&["outreach", "plan", "--max-sms", "100", "--max-calls", "10"], today);
    let printed = run(&clean, today.tomorrow().expect("a day"));
    (place, printed)
}

fn a_year_before(day: Date) -> Date {
    day.checked_sub(365.days()).expect("a day")
}

fn read(place: &Place, name: &str) -> String {
    std::fs::read_to_string(place.path(name)).expect("is written")
}

fn run_json(place: &Place) -> Value {
    serde_json::from_str(&read(place, "out/run.json")).expect("is JSON")
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("a whole number: {value}"))
}

fn sum(values: &Value) -> u64 {
    values.as_object().expect("counts by name").values().map(number).sum()
}

/// As people read it.
fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}

/// What a reader sees of a piece of HTML.
fn text_of(html: &str) -> String {
    let text = Regex::new("<[^>]*>").expect("a pattern").replace_all(html, " ");
    let named = [("&#39;", "'"), ("&#34;", "\""), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    let text = named.iter().fold(text.into_owned(), |text, (name, letter)| text.replace(name, letter));
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The texts of all elements between two tags.
fn all<'h>(html: &'h str, start: &str, end: &str) -> Vec<&'h str> {
    html.split(start).skip(1).map(|rest| rest.split(end).next().unwrap_or_default()).collect()
}

/// The part of the report in a language.
fn language<'h>(report: &'h str, language: &str) -> &'h str {
    all(report, &format!("<article class=\"page\" id=\"in-{language}\""), "</article>")[0]
}

/// The numbers of a table, line by line; the last line is the foot.
fn table(html: &str) -> Vec<Vec<u64>> {
    let cell = Regex::new(r#"<td class="number">([0-9,]+)"#).expect("a pattern");
    let line = |line: &str| cell.captures_iter(line).map(|cell| plain(&cell[1])).collect::<Vec<_>>();
    html.split("<tr>").skip(2).map(line).collect()
}

fn plain(number: &str) -> u64 {
    number.replace(',', "").parse().expect("a number")
}

#[test]
fn every_sum_of_run_json_adds_up_and_is_that_of_the_rows() {
    let (place, _) = told();
    let run = run_json(&place);
    let (reach, contact) = (&run["reachable"], &run["contact"]);
    assert_eq!(number(&run["rows_in"]), number(&run["rows_out"]) + number(&run["quarantined"]));
    let customers = number(&run["resolve"]["customers"]);
    assert_eq!(customers + number(&run["resolve"]["duplicates"]), number(&run["rows_out"]));
    assert!(number(&run["resolve"]["duplicates"]) > 100, "several rows are of one customer");
    assert_eq!((number(&reach["of"]), number(&contact["customers"])), (customers, customers));
    assert_eq!(sum(&contact["next"]), customers);
    assert_eq!(number(&reach["any"]["may"]) + sum(&contact["why"]), customers);
    assert!(contact["why"]["opt_out"].as_u64().is_some_and(|refused| refused > 100), "{contact}");

    let mut rows = csv::Reader::from_path(place.path("out/rows.csv")).expect("is written");
    let rows: Vec<BTreeMap<String, String>> = rows.deserialize().map(|row| row.expect("a row")).collect();
    for channel in ["sms", "call", "email"] {
        let by = &reach["by"][channel];
        assert_eq!(by["may"], contact["may"][channel]);
        assert_eq!(number(&by["may"]) + sum(&contact["closed"][channel]), customers, "{channel}");
        let may = rows.iter().filter(|row| row[&format!("tiuv_may_{channel}")] == "yes");
        let may: BTreeSet<&str> = may.map(|row| row["tiuv_customer"].as_str()).collect();
        assert_eq!(may.len() as u64, number(&by["may"]), "{channel}: as the rows have it");
        let [low, reached, high, may] = ["low", "reached", "high", "may"].map(|figure| number(&by[figure]));
        assert!(low <= reached && reached <= high && high <= may, "{channel}: {by}");
        assert!(reached <= number(&reach["any"]["reached"]), "{channel}: {reach}");
    }
    for parts in ["statuses", "segments"] {
        let parts = reach[parts].as_array().expect("parts");
        let total = |figure: &str| parts.iter().map(|part| number(&part[figure])).sum::<u64>();
        let owed = ["of", "may", "reached", "flagged"].map(total);
        let [may, reached] = ["may", "reached"].map(|figure| number(&reach["any"][figure]));
        assert_eq!(owed, [customers, may, reached, number(&run["decay"]["flags"]["flagged"])]);
    }
    let counts = |part: &Value| (part["name"].as_str().expect("a name").to_owned(), number(&part["of"]));
    let statuses: BTreeMap<String, u64> = reach["statuses"].as_array().expect("parts").iter().map(counts).collect();
    let owed = run["decay"]["statuses"].as_object().expect("counts").iter();
    assert_eq!(statuses, owed.map(|(name, count)| (name.clone(), number(count))).collect());
    assert_eq!(sum(&reach["round"]["by"]), number(&reach["round"]["asked"]));
    assert!(number(&reach["round"]["asked"]) <= number(&reach["any"]["may"]));
    assert!(number(&reach["stale"]["flagged_may"]) <= number(&reach["stale"]["flagged"]));

    let all = &run["campaign"]["all"];
    let parts = ["answered", "silent", "failed", "waiting", "unknown", "taken_back"];
    assert!(number(&all["planned"]) > 0);
    assert_eq!(parts.iter().map(|part| number(&all[*part])).sum::<u64>(), number(&all["planned"]), "{all}");
    let year = &run["year_before"];
    let [then, now] =
        [&year["as_of"], &run["as_of"]].map(|day| day.as_str().expect("a day").parse::<Date>().expect("a day"));
    assert_eq!(then, a_year_before(now).yesterday().expect("a day"));
    let now: BTreeMap<&str, u64> = year["figures"]
        .as_array()
        .expect("figures")
        .iter()
        .map(|figure| (figure["what"].as_str().expect("a name"), number(&figure["now"]["count"])))
        .collect();
    assert_eq!(now["reached"], number(&reach["any"]["reached"]));
    assert_eq!(now["duplicates"], number(&run["resolve"]["duplicates"]));
}

#[test]
fn the_report_and_the_terminal_tell_the_figures_of_run_json_and_they_add_up_there() {
    let (place, printed) = told();
    let run = run_json(&place);
    let report = read(&place, "out/report.html");
    assert!(report.len() <= 500_000, "{} bytes", report.len());
    let reach = &run["reachable"];
    let english = language(&report, "en");
    let title = text_of(all(english, "<h1>", "</h1>")[0]);
    let [of, may, reached] = [&reach["of"], &reach["any"]["may"], &reach["any"]["reached"]].map(number);
    assert_eq!(title, format!("{} of {} customers can be reached today", thousands(reached), thousands(of)));
    assert!(printed.contains(&title), "{printed}");

    // The parts of all customers.
    let parts = all(all(english, "<ul class=\"figures parts\">", "</ul>")[0], "<b>", "</b>");
    let parts: Vec<u64> = parts.into_iter().map(plain).collect();
    assert_eq!(parts, [reached, may - reached, of - may]);
    for part in parts {
        assert!(printed.lines().any(|line| line.trim_start().starts_with(&format!("{}  ", thousands(part)))), "{part}");
    }
    // Channels, then what has gone stale: as large figures there, in a line each here.
    let figures: Vec<u64> = all(english, "<b class=\"figure\">", "</b>").into_iter().map(plain).collect();
    let rounded = |figure: &Value| figure.as_f64().expect("a number").round() as u64;
    let mut owed: Vec<u64> =
        ["sms", "call", "email"].iter().map(|channel| number(&reach["by"][channel]["reached"])).collect();
    owed.extend([0, 1].map(|kind: usize| rounded(&run["decay"]["kinds"][kind]["expected"]["stale"])));
    owed.extend([number(&reach["stale"]["stale"]), number(&reach["round"]["won"])]);
    assert_eq!(figures[..owed.len()], owed);
    for figure in owed {
        assert!(printed.contains(&format!(" {}  ", thousands(figure))), "{figure}: {printed}");
    }

    // Every table with a foot adds up to it.
    let summed: Vec<&str> = all(english, "<table class=\"mapping sums\">", "</table>")
        .into_iter()
        .filter(|html| html.contains("<tfoot>"))
        .collect();
    assert!(summed.len() >= 2, "permission and status");
    for html in summed {
        let lines = table(html);
        let (foot, lines) = lines.split_last().expect("a foot");
        let columns = 0..foot.len();
        let total = |column: usize| lines.iter().map(|line| line[column]).sum::<u64>();
        assert_eq!(columns.map(total).collect::<Vec<_>>(), *foot, "{}", text_of(html));
        assert_eq!(foot[0], of);
    }

    // What to do next ends all three.
    let steps = run["next_steps"].as_array().expect("steps");
    let names: Vec<&str> = steps.iter().map(|step| step["task"].as_str().expect("a name")).collect();
    assert_eq!(names.first(), Some(&"waiting"), "what is planned goes first: {names:?}");
    let told = all(all(english, "<ol class=\"steps\">", "</ol>")[0], "<li>", "</li>");
    assert_eq!(told.len(), steps.len());
    for (html, step) in told.iter().zip(steps) {
        let sentence = text_of(all(html, "<span>", "</span>")[0]);
        assert!(printed.contains(&sentence), "{sentence}: {printed}");
        assert!(!sentence.contains('{') && !sentence.starts_with("next."), "{sentence}");
        let commands: Vec<String> =
            all(html, "<code class=\"command\" dir=\"ltr\">", "</code>").into_iter().map(text_of).collect();
        let owed = step["commands"].as_array().map_or(&[][..], Vec::as_slice);
        assert_eq!(commands, owed.iter().map(|command| command.as_str().expect("a text")).collect::<Vec<_>>());
        assert!(commands.iter().all(|command| printed.contains(&format!("\n      {command}\n"))), "{printed}");
    }
    // Both languages tell the same numbers in the same order.
    let numbers = |text: &str| {
        Regex::new("[0-9][0-9,.]*")
            .expect("a pattern")
            .find_iter(text)
            .map(|n| n.as_str().trim_matches(['.', ',']).to_owned())
            .collect::<Vec<_>>()
    };
    let of_tables = |part: &str| {
        all(part, "<table class=\"mapping sums\">", "</table>")
            .into_iter()
            .flat_map(|html| numbers(&text_of(html.split("</thead>").last().unwrap_or_default())))
            .collect::<Vec<_>>()
    };
    assert_eq!(of_tables(language(&report, "he")), of_tables(english));
}

#[test]
fn the_commands_of_what_to_do_next_can_be_typed() {
    let place = Place::new();
    place.write("my club.csv", std::fs::read(fixture("club.csv")).expect("a fixture"));
    place.write("shop.toml", CONFIG);
    let kept = place.path("kept").display().to_string();
    let clean =
        ["clean", "my club.csv", "--out", "out", "--workspace", &kept, "--config", "shop.toml", "--map", "none=הערות"];
    let ran = tiuv(&place, &clean);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let commands: Vec<&str> = ran.stdout.lines().filter_map(|line| line.strip_prefix("      tiuv ")).collect();
    let planned = |command: &&&str| command.starts_with("outreach plan");
    assert_eq!(commands.iter().filter(planned).count(), 2, "{commands:?}");
    for command in commands.iter().filter(|command| !command.contains("--fix") && !command.starts_with("decide")) {
        let words = shell_words(command);
        let ran = place.tiuv(&words.iter().map(String::as_str).collect::<Vec<_>>());
        // `check` fails where it finds something.
        let may_fail = command.starts_with("check");
        assert!(ran.exit == Some(0) || (may_fail && ran.exit == Some(1)), "{command}: {ran:?}");
    }
    // Files name no directory of the machine.
    let run = read(&place, "out/run.json");
    assert!(run.contains("--workspace kept") && !run.contains(&kept), "{run}");
    assert!(!read(&place, "out/report.html").contains(&kept));
    assert!(ran.stdout.contains(&format!("--workspace {kept}")), "{}", ran.stdout);
}

/// A command line as a shell splits it, without its quotes.
fn shell_words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => words.push(String::new()),
            letter => words.last_mut().expect("a word").push(letter),
        }
    }
    words
}

#[test]
fn without_decay_whoever_may_be_asked_is_counted_and_the_page_says_so() {
    let place = Place::new();
    place.write("club.csv", std::fs::read(fixture("club.csv")).expect("a fixture"));
    let ran = tiuv(&place, &["clean", "club.csv", "--out", "out", "--no-decay", "--no-state"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let run = run_json(&place);
    let reach = &run["reachable"];
    assert_eq!(reach["is_judged"], false);
    assert_eq!(reach["any"]["reached"], reach["any"]["may"]);
    assert!(reach["stale"].is_null() && reach["round"].is_null(), "{reach}");
    let report = read(&place, "out/report.html");
    let english = language(&report, "en");
    assert!(text_of(all(english, "<h1>", "</h1>")[0]).ends_with("customers may be asked"));
    assert!(text_of(english).contains("(--no-decay)") && !english.contains("id=\"en-stale\""));
    // Nothing is kept that a plan could be made from: the run comes first, and keeps it.
    let first = run["next_steps"][1]["commands"][0].as_str().expect("a command");
    assert_eq!(first, "tiuv clean club.csv --out out --no-decay --as-of 2026-11-21");
}
