//! `--since REF`: only what was not found of a list as git had it then.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::args::CheckArgs;
use crate::cli::Global;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::config::Config;
use crate::ingest::List;
use crate::pipeline::{Baseline, CheckEvent, CheckPlan, CheckSink, Known, MailStage, MarkKey, Setup, check};
use crate::rule::ListNames;

/// The plan for a list, with what is found of it as it stood at `reference` for a baseline.
pub(super) fn plan_since(
    reference: &str,
    list: &List,
    path: &Path,
    plan: &CheckPlan,
    (global, args, config, setup): (&Global, &CheckArgs, &Config, &Setup),
) -> Result<CheckPlan, Failure> {
    let mut plan = plan.clone();
    let family = ListNames::load(&setup.context.files)?.family(&list.own_name()).words;
    if plan.marks.is_none() {
        // These marks are kept nowhere, so that any key will do.
        plan.marks = MarkKey::new("the marks of one process").ok();
    }
    let Some(content) = content_at(reference, path)? else {
        if !global.quiet {
            progress::say(&format!("{}: it was not there at {reference}, so all of it is new", path.display()));
        }
        let key = plan.marks.as_ref().expect("it was just made");
        plan.known = Some(Known::Baseline(Baseline::empty(key, &family)));
        return Ok(plan);
    };
    let name = path.display().to_string();
    let before = args.input.open_bytes(&name, content, config, &setup.context).map_err(|failure| {
        let message = format!("{name} as it was at {reference}: {}", failure.message());
        Failure::usage(&message, "name a commit at which it could be read, or check all of it: leave --since out")
    })?;
    plan.known = Some(Known::Gathered { family });
    let report = check(&before, setup, &plan, MailStage::off(&mut |_| {}), &mut Nowhere, &|_| {})?;
    plan.known = report.next_baseline.map(Known::Baseline);
    Ok(plan)
}

/// Says what came of it.
pub(super) fn conclude(reference: &str, known: u64, gone: u64) {
    progress::say(&format!("Since {reference}: {known} findings were there already, {gone} are gone."));
}

/// The file's content at a commit, as it would be checked out; none where it was not there.
fn content_at(reference: &str, path: &Path) -> Result<Option<Vec<u8>>, Failure> {
    let here = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let git = Git { directory: here.parent().unwrap_or(Path::new(".")).to_owned() };
    let name = here.file_name().unwrap_or_default();
    let inside = git.run(&["rev-parse".as_ref(), "--is-inside-work-tree".as_ref()])?;
    if !inside.status.success() {
        return Err(Failure::usage(
            &format!("--since: {} lies in no working tree of git: {}", path.display(), said(&inside)),
            "check all of it: leave --since out, or keep what is known with --write-baseline",
        ));
    }
    // Whatever it is called, it is no option.
    let commit = OsString::from(format!("{reference}^{{commit}}"));
    let options = ["rev-parse", "--verify", "--quiet", "--end-of-options"].map(OsStr::new);
    let found = git.run(&[&options[..], &[commit.as_os_str()]].concat())?;
    let hash = String::from_utf8_lossy(&found.stdout).trim().to_owned();
    if !found.status.success() || hash.is_empty() {
        return Err(Failure::usage(
            &format!("--since: git knows no commit `{reference}` here"),
            "name a branch, a tag or a commit; a shallow clone has few: fetch it first (actions/checkout: fetch-depth: 0)",
        ));
    }
    let mut object = OsString::from(format!("{hash}:./"));
    object.push(name);
    let is_there = git.run(&["cat-file".as_ref(), "-e".as_ref(), object.as_os_str()])?;
    if !is_there.status.success() {
        return Ok(None);
    }
    let content = git.run(&["cat-file".as_ref(), "--filters".as_ref(), object.as_os_str()])?;
    if !content.status.success() {
        return Err(Failure::usage(
            &format!("--since: git can't give {} at {reference}: {}", path.display(), said(&content)),
            "see what `git cat-file` says of it",
        ));
    }
    Ok(Some(content.stdout))
}

/// The git program, where a list lies.
struct Git {
    directory: PathBuf,
}

impl Git {
    fn run(&self, arguments: &[&OsStr]) -> Result<Output, Failure> {
        Command::new("git").arg("-C").arg(&self.directory).args(arguments).output().map_err(|error| {
            Failure::usage(&format!("--since: git can't be started: {error}"), "install git, or leave --since out")
        })
    }
}

/// What git says on standard error.
fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).lines().next().unwrap_or("it says nothing").to_owned()
}

/// What was found then is told nowhere.
struct Nowhere;

impl CheckSink for Nowhere {
    fn event(&mut self, _event: &CheckEvent<'_>) -> std::io::Result<()> {
        Ok(())
    }
}
