//! Which option of which command names a file, and what is done with it. A test walks all commands, so that none is left out.

use crate::report;

/// What becomes of what an argument names.
#[derive(Debug, Clone, Copy)]
pub(super) enum Role {
    /// A file that is read; `-` is standard input.
    Input,
    /// Read where there is a file of this name; else the value itself is meant.
    InputOrValue,
    /// `FILE:ROW`.
    Record,
    /// A directory whose files are read.
    InputDirectory,
    /// A file that is written.
    Output,
    /// `FORMAT=PATH`, a file that is written.
    FormatAndOutput,
    /// A directory in which files of these names are written.
    OutputDirectory(fn() -> Vec<String>),
    /// A directory whose files are read, and with `--write` replaced.
    RewrittenDirectory,
    /// The workspace.
    Workspace,
}

/// Command, argument, role; `*` stands for every command, and what names the command goes first.
pub(super) const ROLES: &[(&str, &str, Role)] = &[
    ("rule update", "rules", Role::RewrittenDirectory),
    ("rule update", "from", Role::InputOrValue),
    ("clean", "inputs", Role::Input),
    ("clean", "out", Role::OutputDirectory(report::run_file_names)),
    ("check", "lists", Role::Input),
    ("check", "output", Role::FormatAndOutput),
    ("check", "rejects", Role::Output),
    ("check", "baseline", Role::Input),
    ("check", "write_baseline", Role::Output),
    // What is written there is called after a hash.
    ("check", "cache", Role::OutputDirectory(Vec::new)),
    ("dedupe", "file", Role::Input),
    ("dedupe", "out", Role::Output),
    ("map", "file", Role::Input),
    ("config show", "list", Role::Input),
    ("rule import", "file", Role::Input),
    ("rule test", "prefix", Role::InputOrValue),
    ("explain", "place", Role::Record),
    ("learn", "inputs", Role::Input),
    ("learn", "outcomes", Role::Input),
    ("phone", "numbers", Role::InputOrValue),
    ("mx", "inputs", Role::InputOrValue),
    ("decide import", "file", Role::Input),
    ("push", "run", Role::InputDirectory),
    ("suppress import", "file", Role::Input),
    ("suppress export", "file", Role::Output),
    ("user add", "password_file", Role::Input),
    ("user password", "password_file", Role::Input),
    ("audit export", "file", Role::Output),
    ("outreach import", "files", Role::Input),
    ("outreach plan", "out", Role::OutputDirectory(report::plan_file_names)),
    // A call list never takes a name that is taken.
    ("outreach calls", "out", Role::OutputDirectory(Vec::new)),
    ("outreach answers export", "out", Role::OutputDirectory(Vec::new)),
    ("*", "events", Role::Input),
    ("*", "set_aside", Role::Output),
    ("*", "config", Role::Input),
    ("*", "rules", Role::InputDirectory),
    ("*", "workspace", Role::Workspace),
];

/// The role of an argument of a command; none where it names no file.
pub(super) fn role(command: &str, argument: &str) -> Option<Role> {
    let is_meant = |(of, id, _): &&(&str, &str, Role)| (*of == command || *of == "*") && *id == argument;
    ROLES.iter().find(is_meant).map(|(.., role)| *role)
}
