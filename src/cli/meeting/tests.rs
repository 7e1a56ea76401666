//! Every option of every command that names a file is known, and no output may be an input.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::builder::ValueParser;
use clap::{Arg, ArgAction, Command, CommandFactory};

use super::refuse;
use super::roles::{ROLES, Role, role};
use crate::cli::Cli;

/// Words of value names that speak of files.
const OF_FILES: [&str; 5] = ["FILE", "DIR", "PATH", "INPUT", "LIST"];
/// Arguments whose value's name speaks of files, and that name none.
const NO_FILES: [(&str, &str); 2] = [("clean", "list"), ("rule update", "list")];

/// Commands that have no commands below them, by name.
fn leaves(command: &Command, name: &str, found: &mut Vec<(String, Command)>) {
    let below: Vec<_> = command.get_subcommands().filter(|sub| sub.get_name() != "help").collect();
    if below.is_empty() {
        found.push((name.to_owned(), command.clone()));
    }
    for sub in below {
        leaves(sub, format!("{name} {}", sub.get_name()).trim(), found);
    }
}

fn all() -> Vec<(String, Command)> {
    let mut described = Cli::command();
    described.build();
    let mut found = Vec::new();
    leaves(&described, "", &mut found);
    found
}

fn takes_value(argument: &Arg) -> bool {
    matches!(argument.get_action(), ArgAction::Set | ArgAction::Append)
}

#[test]
fn every_argument_that_names_a_file_has_a_role() {
    let path = ValueParser::path_buf().type_id();
    let mut missing = BTreeSet::new();
    for (name, command) in all() {
        for argument in command.get_arguments().filter(|argument| takes_value(argument)) {
            let id = argument.get_id().as_str();
            let names = argument.get_value_names().unwrap_or_default();
            let speaks = names.iter().any(|name| name.split(['|', '=', ':']).any(|word| OF_FILES.contains(&word)));
            let is_path = argument.get_value_parser().type_id() == path || speaks;
            if is_path && role(&name, id).is_none() && !NO_FILES.contains(&(name.as_str(), id)) {
                missing.insert(format!("{name} {id}"));
            }
        }
    }
    assert!(missing.is_empty(), "say in ROLES what is done with what they name: {missing:?}");
}

#[test]
fn every_role_is_of_an_argument_that_there_is() {
    let commands = all();
    for (of, id, _) in ROLES {
        let is_there = commands.iter().any(|(name, command)| {
            (*of == "*" || of == name) && command.get_arguments().any(|argument| argument.get_id() == id)
        });
        assert!(is_there, "no command `{of}` has an argument `{id}`");
    }
}

/// How an output comes to be an input.
#[derive(Debug, Clone, Copy)]
enum Meeting {
    SamePath,
    OtherSpelling,
    Link,
    SecondName,
}

/// An argument with a value.
fn given(argument: &Arg, value: &str) -> Vec<String> {
    match argument.get_long() {
        Some(long) => vec![format!("--{long}"), value.to_owned()],
        None => vec![value.to_owned()],
    }
}

/// A value that the command line takes for an argument that has to be there.
fn any_value(argument: &Arg) -> String {
    let possible = argument.get_value_parser().possible_values().and_then(|mut values| values.next());
    possible.map_or_else(|| "1".to_owned(), |value| value.get_name().to_owned())
}

/// The command line in which two arguments have these values.
fn command_line(name: &str, command: &Command, values: [(&Arg, String); 2]) -> Vec<String> {
    let mut line: Vec<String> = std::iter::once("tiuv").chain(name.split(' ')).map(str::to_owned).collect();
    for argument in command.get_arguments() {
        let value = values.iter().find(|(of, _)| of.get_id() == argument.get_id()).map(|(_, value)| value.clone());
        match value {
            Some(value) => line.extend(given(argument, &value)),
            None if !takes_value(argument) && argument.is_required_set() => {
                line.extend(given(argument, "").into_iter().take(1))
            }
            None if argument.is_required_set() || argument.is_positional() => {
                line.extend(given(argument, &any_value(argument)));
            }
            // What else would have to be there is not needed to count.
            None if argument.get_id() == "dry_run" => line.push("--dry-run".to_owned()),
            None => {}
        }
    }
    if name == "serve" {
        line.push("--webhooks".to_owned());
    }
    if name == "rule update" {
        line.push("--write".to_owned());
        let has_from = values.iter().any(|(of, _)| of.get_id() == "from");
        line.extend(if has_from { Vec::new() } else { vec!["--from".to_owned(), "-".to_owned()] });
    }
    line
}

/// A place with a file, and the same file by another path.
fn meeting(directory: &Path, name: &str, how: Meeting) -> (PathBuf, PathBuf) {
    let (inputs, outputs) = (directory.join("in"), directory.join("out"));
    for place in [&inputs, &outputs] {
        std::fs::create_dir_all(place).expect("made");
    }
    let output = outputs.join(name);
    std::fs::write(&output, "values").expect("written");
    let input = match how {
        Meeting::SamePath => output.clone(),
        Meeting::OtherSpelling => inputs.join("..").join("out").join(".").join(name),
        Meeting::Link | Meeting::SecondName => inputs.join(name),
    };
    match how {
        #[cfg(unix)]
        Meeting::Link => std::os::unix::fs::symlink(&output, &input).expect("linked"),
        Meeting::SecondName => std::fs::hard_link(&output, &input).expect("linked"),
        _ => {}
    }
    (input, output)
}

#[test]
fn no_output_of_any_command_may_be_one_of_its_inputs() {
    let mut met = BTreeSet::new();
    for (name, command) in all() {
        let of_role = |argument: &&Arg| role(&name, argument.get_id().as_str()).is_some();
        let arguments: Vec<&Arg> = command.get_arguments().filter(of_role).collect();
        for output in &arguments {
            for input in &arguments {
                for how in [Meeting::SamePath, Meeting::OtherSpelling, Meeting::Link, Meeting::SecondName] {
                    if meets(&name, &command, input, output, how) {
                        met.insert(format!("{name}: {} {}", input.get_id(), output.get_id()));
                    }
                }
            }
        }
    }
    for known in [
        "clean: inputs out",
        "check: lists rejects",
        "check: baseline output",
        "check: config output",
        "dedupe: file out",
        "suppress import: file set_aside",
    ] {
        assert!(met.contains(known), "{known} was not tried: {met:?}");
    }
    assert!(met.len() >= 30, "{met:?}");
}

/// Tries an input that is an output; false where the two are none.
fn meets(name: &str, command: &Command, input: &Arg, output: &Arg, how: Meeting) -> bool {
    let of = |argument: &Arg| role(name, argument.get_id().as_str()).expect("has a role");
    let file = match of(output) {
        Role::OutputDirectory(names) => match names().first() {
            Some(name) => name.clone(),
            None => return false,
        },
        Role::Workspace => "state.db".to_owned(),
        Role::Output | Role::FormatAndOutput | Role::RewrittenDirectory => "list.csv".to_owned(),
        _ => return false,
    };
    let directory = tempfile::tempdir().expect("a directory");
    let (read, written) = meeting(directory.path(), &file, how);
    let text = |path: &Path| path.display().to_string();
    let read = match of(input) {
        Role::Input | Role::InputOrValue => text(&read),
        Role::Record => format!("{}:17", text(&read)),
        Role::InputDirectory => text(read.parent().expect("a directory")),
        _ => return false,
    };
    let written = match of(output) {
        Role::FormatAndOutput => format!("json={}", text(&written)),
        Role::Output => text(&written),
        _ => text(written.parent().expect("a directory")),
    };
    let line = command_line(name, command, [(input, read), (output, written)]);
    let mut described = Cli::command();
    described.build();
    let matches = described.try_get_matches_from_mut(&line).unwrap_or_else(|error| panic!("{line:?}: {error}"));
    let refused = refuse(&described, &matches).expect_err(&format!("{line:?} {how:?} is not refused"));
    assert_eq!(refused.exit().code(), 2, "{line:?}");
    true
}

#[test]
fn outputs_that_meet_nothing_are_let_through_and_two_that_are_one_file_are_not() {
    let directory = tempfile::tempdir().expect("a directory");
    std::fs::write(directory.path().join("list.csv"), "values").expect("written");
    let place = |name: &str| directory.path().join(name).display().to_string();
    let tried = |line: &[&str]| {
        let mut described = Cli::command();
        described.build();
        let matches = described.try_get_matches_from_mut(line).expect("is understood");
        refuse(&described, &matches).is_ok()
    };
    let (list, rejects, output) = (place("list.csv"), place("rejects.csv"), format!("json={}", place("rejects.csv")));
    assert!(tried(&["tiuv", "check", &list, "--rejects", &rejects]));
    assert!(!tried(&["tiuv", "check", &list, "--rejects", &rejects, "--output", &output]));
    assert!(tried(&["tiuv", "clean", &list, "--out", &place("")]), "no result has the name of the list");
    assert!(tried(&["tiuv", "check", &list, "--output", "json=/dev/null", "--output", "sarif=/dev/null"]));
}
