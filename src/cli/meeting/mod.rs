//! What a command reads and what it writes must not meet: all its files are known here, and a command that would replace what it
//! reads ends before anything is read.

mod roles;
#[cfg(test)]
mod tests;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};

use super::failure::Failure;
use super::global::{CONFIG, settings_near};
use crate::database::Address;
use crate::disk::{Identity, directory_of, remove_left_overs};
use crate::store::Store;
use roles::{Role, role};

/// All files of one command.
#[derive(Debug, Default)]
struct Places {
    read: Vec<Place>,
    written: Vec<Place>,
    /// Standard output, where it is a file.
    printed: Vec<Place>,
    /// Files of the workspace: nothing is read from them as a list, and nothing else is written there.
    kept: Vec<Place>,
    /// Directories of workspaces.
    workspaces: Vec<PathBuf>,
    /// Directories in which results get their names.
    directories: Vec<PathBuf>,
}

/// A file, and how the command line speaks of it.
#[derive(Debug)]
struct Place {
    said: String,
    identity: Identity,
}

/// Ends a command whose outputs are among its inputs, whatever they are called: by the same path, through links, as a second name
/// of the same file, or in other letters where the system makes no difference. Where they don't meet, what dead processes have
/// left beside the outputs is tidied up.
///
/// # Errors
/// When an output is an input, a file of the workspace, or another output.
pub(super) fn refuse(command: &Command, matches: &ArgMatches) -> Result<(), Failure> {
    let places = Places::of(command, matches);
    places.refuse()?;
    for directory in &places.directories {
        Store::end_left_overs(directory, &places.workspaces);
        // Where results of an earlier run can't get their names, neither can those of this one: it is said then.
        let _ = remove_left_overs(directory);
    }
    Ok(())
}

/// The file that an input is: that of a database's address, or the one behind the name of a sender of events.
fn file_in(value: &OsStr) -> PathBuf {
    let path = PathBuf::from(value);
    let Some((_, rest)) = value.to_str().and_then(|text| text.split_once(':')).filter(|_| !path.exists()) else {
        return path;
    };
    match Address::parse(&value.to_string_lossy()) {
        Some(Ok(address)) if !address.file.as_os_str().is_empty() => address.file,
        _ if Path::new(rest).is_file() => PathBuf::from(rest),
        _ => path,
    }
}

impl Places {
    fn of(command: &Command, matches: &ArgMatches) -> Self {
        // What every command understands is an argument of the last one, too.
        let (mut command, mut matches, mut name) = (command, matches, Vec::new());
        while let Some((sub, below)) = matches.subcommand() {
            let Some(found) = command.find_subcommand(sub) else { break };
            (command, matches) = (found, below);
            name.push(sub);
        }
        let mut places = Places::default();
        for argument in command.get_arguments() {
            let id = argument.get_id().as_str();
            let Some(role) = role(&name.join(" "), id) else { continue };
            let said = argument.get_long().map_or_else(String::new, |long| format!("--{long} "));
            let values = matches.try_get_raw(id).ok().flatten();
            values.into_iter().flatten().for_each(|value| places.add(role, value, Given { said: &said, matches }));
        }
        if !matches.try_contains_id("config").unwrap_or_default() {
            push(&mut places.read, "", Path::new(CONFIG));
            let lists = matches.try_get_raw("lists").ok().flatten();
            let near = lists.into_iter().flatten().next().and_then(|list| settings_near(Path::new(list)));
            near.iter().for_each(|path| push(&mut places.read, "", path));
        }
        push_as(&mut places.printed, "standard output", Path::new("/dev/stdout"));
        places
    }

    fn add(&mut self, role: Role, value: &OsStr, given: Given<'_>) {
        let path = Path::new(value);
        match role {
            Role::Input if value == "-" => push_as(&mut self.read, "standard input", Path::new("/dev/stdin")),
            Role::Input => push(&mut self.read, given.said, &file_in(value)),
            Role::InputOrValue if path.is_file() => push(&mut self.read, given.said, path),
            Role::InputOrValue if value == "-" => self.add(Role::Input, value, given),
            Role::InputOrValue => {}
            Role::Record => {
                let text = value.to_string_lossy();
                let list = text.rsplit_once(':').map(|(list, _)| list).filter(|_| !path.is_file());
                push(&mut self.read, given.said, list.map_or(path, Path::new));
            }
            Role::InputDirectory => {
                files_below(path).iter().for_each(|file| push(&mut self.read, given.said, file));
            }
            Role::Output => self.write(given.said, path),
            Role::FormatAndOutput => {
                let text = value.to_string_lossy();
                if let Some((_, path)) = text.split_once('=') {
                    self.write(given.said, Path::new(path));
                }
            }
            Role::OutputDirectory(names) => {
                names().iter().for_each(|name| push(&mut self.written, given.said, &path.join(name)));
                self.directories.push(path.to_path_buf());
            }
            Role::RewrittenDirectory if given.is_set("write") => {
                files_below(path).iter().for_each(|file| push(&mut self.written, given.said, file));
            }
            Role::RewrittenDirectory => self.add(Role::InputDirectory, value, given),
            Role::Workspace if given.is_set("no_state") => {}
            Role::Workspace => {
                self.workspaces.push(path.to_path_buf());
                Store::files(path).iter().for_each(|file| push(&mut self.kept, given.said, file));
            }
        }
    }

    fn write(&mut self, said: &str, path: &Path) {
        push(&mut self.written, said, path);
        self.directories.push(directory_of(path).to_path_buf());
    }

    fn refuse(&self) -> Result<(), Failure> {
        for (at, output) in self.written.iter().chain(&self.printed).enumerate() {
            if let Some(input) = self.read.iter().find(|input| input.identity.is(&output.identity)) {
                return Err(Failure::usage(
                    &format!("{} would replace {}, which the same command reads", output.said, input.said),
                    "write to another file or directory; nothing was read and nothing written",
                ));
            }
            if let Some(kept) = self.kept.iter().find(|kept| kept.identity.is(&output.identity)) {
                return Err(Failure::usage(
                    &format!("{} would replace {}, a file of the workspace", output.said, kept.said),
                    "write to a place outside of the workspace; nothing was read and nothing written",
                ));
            }
            let others = if at < self.written.len() { &self.written[..at] } else { &[] };
            if let Some(other) = others.iter().find(|other| other.identity.is(&output.identity)) {
                return Err(Failure::usage(
                    &format!("{} and {} are one file", other.said, output.said),
                    "give each output a file of its own; nothing was read and nothing written",
                ));
            }
        }
        for input in &self.read {
            if let Some(kept) = self.kept.iter().find(|kept| kept.identity.is(&input.identity)) {
                return Err(Failure::usage(
                    &format!("{} is {}, a file of the workspace that the command writes", input.said, kept.said),
                    "give a list, or name another workspace with --workspace",
                ));
            }
        }
        Ok(())
    }
}

/// How an argument stands on the command line.
#[derive(Clone, Copy)]
struct Given<'a> {
    said: &'a str,
    matches: &'a ArgMatches,
}

impl Given<'_> {
    fn is_set(self, flag: &str) -> bool {
        self.matches.try_get_one::<bool>(flag).ok().flatten().copied().unwrap_or_default()
    }
}

/// Adds an ordinary file, named as the option and its value.
fn push(places: &mut Vec<Place>, option: &str, path: &Path) {
    push_as(places, &format!("{option}{}", path.display()), path);
}

/// Adds an ordinary file; terminals, pipes and directories meet nothing.
fn push_as(places: &mut Vec<Place>, said: &str, path: &Path) {
    places.extend(Identity::of(path).map(|identity| Place { said: said.to_owned(), identity }));
}

/// All files in a directory and in those below it.
fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open: Vec<OsString> = vec![directory.into()];
    while let Some(directory) = open.pop() {
        for entry in std::fs::read_dir(&directory).into_iter().flatten().flatten() {
            // Links to directories are not followed: they may lead in a circle.
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(entry.path().into()),
                _ => files.push(entry.path()),
            }
        }
    }
    files
}
