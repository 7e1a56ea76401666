//! Runs the `tiuv` program as its users do, in a directory of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Output, Stdio};

use tempfile::TempDir;

/// The program under test.
pub(crate) const TIUV: &str = env!("CARGO_BIN_EXE_tiuv");

/// The day that every test means by "today".
pub(crate) const AS_OF: [&str; 2] = ["--as-of", "2026-11-21"];

/// Runs a command of the program on the tests' day.
pub(crate) fn tiuv(place: &Place, args: &[&str]) -> Ran {
    place.tiuv(&[args, &AS_OF].concat())
}

/// A place with a workspace that has seen one list, `club.csv`.
pub(crate) fn cleaned(list: &str) -> Place {
    let place = Place::new();
    place.write("club.csv", list);
    let ran = tiuv(&place, &["clean", "club.csv", "--out", "out"]);
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    place
}

/// Where a command is run.
pub(crate) struct Place {
    directory: TempDir,
}

/// What a command said and how it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Place { directory: TempDir::new().expect("a temporary directory can be made") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file and returns its name.
    pub(crate) fn write<'a>(&self, name: &'a str, bytes: impl AsRef<[u8]>) -> &'a str {
        std::fs::write(self.path(name), bytes).expect("a temporary file can be written");
        name
    }

    /// A command in this place; nothing of the caller's environment changes what it says.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.command_of(TIUV, args)
    }

    /// Another program in this place, for example one that runs tiuv with fewer rights.
    pub(crate) fn command_of(&self, program: &str, args: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.directory.path()).args(args).stdin(Stdio::null());
        command.env("NO_COLOR", "1").env_remove("TIUV_LOG").env("TIUV_MX", "off").env("RUST_BACKTRACE", "0");
        command
    }

    pub(crate) fn tiuv(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().expect("tiuv starts"))
    }

    /// Every file below this place with its bytes, by its name from here.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        collect(self.directory.path(), "", &mut files);
        files
    }
}

fn collect(directory: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(directory).expect("the directory can be read") {
        let entry = entry.expect("the directory can be read");
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().expect("a file has a type");
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files);
        } else if kind.is_file() {
            files.insert(name, std::fs::read(entry.path()).unwrap_or_default());
        }
    }
}

impl Ran {
    pub(crate) fn of(output: Output) -> Self {
        Ran {
            exit: output.status.code(),
            stdout: String::from_utf8(output.stdout).expect("output is UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("messages are UTF-8"),
        }
    }
}

/// The customer lists of `fixtures/customers`.
pub(crate) const LISTS: [&str; 7] =
    ["club.csv", "newsletter_en.csv", "crm.xlsx", "broken.csv", "leads.jsonl", "shop_ru.csv", "orders_utf16.csv"];

/// The path of a customer list.
pub(crate) fn fixture(name: &str) -> String {
    format!("{}/fixtures/customers/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Waits until a server whose standard error is piped says where it listens; returns what it says from then on, and the address.
pub(crate) fn listening(server: &mut Child) -> (BufReader<ChildStderr>, String) {
    let mut log = BufReader::new(server.stderr.take().expect("is piped"));
    let mut line = String::new();
    let address = loop {
        line.clear();
        assert!(log.read_line(&mut line).expect("reads") > 0, "the server ended early");
        if let Some((_, address)) = line.split_once("http://") {
            break address.split(';').next().expect("an address").to_owned();
        }
    };
    (log, address)
}
