//! Where what a check finds goes: standard output, files, and the list itself.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use anstream::adapter::StripBytes;

use super::args::CheckArgs;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::cli::terminal::{json_stdout, stdout_of_all};
use crate::disk::{PendingFile, directory_of, sync_directory, temporary_in};
use crate::finding::Severity;
use crate::ingest::List;
use crate::pipeline::{CheckEvent, CheckReport, CheckSink, RunError};
use crate::report::{CheckContext, CheckFormat, CheckWriter, Fixes, Left, Rejects};

/// All outputs of one check.
pub(super) struct Outputs<'a> {
    files: Vec<(Box<dyn CheckWriter + 'a>, OutFile)>,
    stdout: (Box<dyn CheckWriter + 'a>, Box<dyn Write + Send>),
    fixes: Option<Fixes<'a>>,
    /// The page of the build's step, where it runs at GitHub.
    summary: Option<(Box<dyn CheckWriter + 'a>, Vec<u8>)>,
}

impl<'a> Outputs<'a> {
    pub(super) fn open(
        args: &CheckArgs,
        written: &[(CheckFormat, PathBuf)],
        check: CheckContext<'a>,
        lists: &'a [List],
        least: Severity,
    ) -> Result<Self, Failure> {
        let formats = written.iter().map(|(format, path)| (format.writer(check), path));
        let rejects = args
            .rejects
            .iter()
            .zip(lists)
            .map(|(path, list)| -> (Box<dyn CheckWriter + 'a>, _) { (Box::new(Rejects::new(list, least)), path) });
        let mut files = Vec::new();
        for (writer, path) in formats.chain(rejects) {
            let file = OutFile::create(path, writer.is_verbatim())?;
            files.push((writer, file));
        }
        let writer = args.format.writer(check);
        let stdout: Box<dyn Write + Send> = match args.format {
            CheckFormat::Json | CheckFormat::Jsonl | CheckFormat::Sarif | CheckFormat::Gitlab => {
                Box::new(BufWriter::with_capacity(1 << 18, json_stdout()))
            }
            // Its commands are its own, and escape what they hold.
            CheckFormat::Github => Box::new(BufWriter::new(anstream::stdout())),
            _ => Box::new(BufWriter::new(stdout_of_all())),
        };
        let fixed = lists.first().filter(|_| args.fix || args.diff);
        let fixes = fixed.map(|list| Fixes::new(check.setup, list)).transpose()?;
        let is_page = |format: CheckFormat| matches!(format, CheckFormat::Github | CheckFormat::Markdown);
        let has_page = is_page(args.format) || written.iter().any(|(format, _)| is_page(*format));
        let summary = (has_page && std::env::var_os(STEP_SUMMARY).is_some())
            .then(|| (CheckFormat::Markdown.writer(check), Vec::new()));
        Ok(Outputs { files, stdout: (writer, stdout), fixes, summary })
    }

    /// What is found in a list goes here.
    pub(super) fn of_list<'o>(&'o mut self, list: &'o List) -> io::Result<OfList<'o, 'a>> {
        for (writer, file) in &mut self.files {
            writer.start(list, file)?;
        }
        self.stdout.0.start(list, &mut self.stdout.1)?;
        Ok(OfList { outputs: self, list })
    }

    /// The result of a list.
    pub(super) fn end(&mut self, list: &List, report: &CheckReport) -> Result<(), Failure> {
        for (writer, file) in &mut self.files {
            writer.end(list, report, file)?;
        }
        self.stdout.0.end(list, report, &mut self.stdout.1)?;
        if let Some((writer, text)) = &mut self.summary {
            writer.end(list, report, text)?;
        }
        Ok(())
    }

    /// All lists are done: files get their names, and a list that is to be repaired is.
    pub(super) fn finish(self, args: &CheckArgs, lists: &[List]) -> Result<(), Failure> {
        for (mut writer, mut file) in self.files {
            writer.close(&mut file)?;
            file.publish()?;
        }
        let (mut writer, mut out) = self.stdout;
        writer.close(&mut out)?;
        let failed = |error: io::Error| Failure::output(&error);
        out.flush().map_err(failed)?;
        if let Some((_, text)) = &self.summary {
            append_summary(text)?;
        }
        if let Some(fixes) = self.fixes.as_ref().filter(|_| args.diff) {
            crate::cli::terminal::stdout().write_all(fixes.diff().as_bytes()).map_err(failed)?;
        }
        match (self.fixes.filter(|_| args.fix), &args.lists[..], lists) {
            (Some(fixes), [path], [list]) => fix(&fixes, path, list.facts().encoding, !args.in_place),
            _ => Ok(()),
        }
    }
}

/// The outputs while a list is read.
pub(super) struct OfList<'o, 'a> {
    outputs: &'o mut Outputs<'a>,
    list: &'o List,
}

impl CheckSink for OfList<'_, '_> {
    fn event(&mut self, event: &CheckEvent<'_>) -> io::Result<()> {
        let OfList { outputs, list } = self;
        outputs.files.iter_mut().try_for_each(|(writer, file)| writer.finding(list, event, file))?;
        outputs.stdout.0.finding(list, event, &mut outputs.stdout.1)?;
        outputs.fixes.iter_mut().try_for_each(|fixes| fixes.event(event))
    }
}

/// Where GitHub says which file becomes the page of a step
/// (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>).
const STEP_SUMMARY: &str = "GITHUB_STEP_SUMMARY";

/// Adds the result to the page of the build's step.
fn append_summary(text: &[u8]) -> Result<(), Failure> {
    let Some(path) = std::env::var_os(STEP_SUMMARY) else { return Ok(()) };
    let appended = File::options().create(true).append(true).open(&path).and_then(|mut file| file.write_all(text));
    Ok(appended.map_err(|error| RunError::write(STEP_SUMMARY, &error))?)
}

/// Writes the repaired list in place of the old one, whole or not at all.
fn fix(fixes: &Fixes<'_>, path: &Path, encoding: &str, keeps_old: bool) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        return Err(Failure::usage("--fix can't write to standard input", "give the list as a file"));
    }
    let mut left = match fixes.left(Left::Loses) {
        0 => String::new(),
        left => format!(
            " {left} cells hold more than what a repair would leave and stay as they are; `tiuv clean` reads them."
        ),
    };
    let unwritable = fixes.left(Left::Unwritable);
    if unwritable > 0 {
        left += &format!(
            " {unwritable} cells stay as they are because {encoding} lacks letters of their repaired values; save the list as UTF-8 for those."
        );
    }
    let flagged = fixes.left(Left::Flagged);
    if flagged > 0 {
        left += &format!(" {flagged} cells stay as they are because something about them is to be looked at first.");
    }
    if fixes.is_empty() {
        progress::say(&format!("Nothing to repair.{left}"));
        return Ok(());
    }
    let mut file = OutFile::create(path, true)?;
    fixes.write(&mut file)?;
    file.flush().map_err(|error| RunError::write(&path.display().to_string(), &error))?;
    // Where the list keeps being the same file, its old content must outlive a process that dies while writing the new one.
    let in_place = file.pending.replaces_content();
    let kept = if keeps_old || in_place {
        keep_old(path, in_place).map_err(|error| RunError::write("a copy of the old list", &error))?
    } else {
        None
    };
    if let Err(failure) = file.publish() {
        if let Some(kept) = kept.filter(|_| !in_place) {
            // The list is still what it was; nothing can be done where its copy stays.
            let _ = std::fs::remove_file(kept);
        }
        return Err(failure);
    }
    let kept = match kept {
        Some(kept) if !keeps_old => std::fs::remove_file(&kept).err().map(|_| kept),
        kept => kept,
    };
    let old = kept.map_or_else(String::new, |kept| format!(" The old list is {}.", kept.display()));
    progress::say(&format!("{} cells repaired in {}.{old}{left}", fixes.len(), path.display()));
    Ok(())
}

/// Gives the list as it is a second name, `LIST.bak`, or the next one that is free: the repaired list takes only its first. A copy
/// where the file itself gets new content. None for what is no regular file.
fn keep_old(path: &Path, is_copied: bool) -> io::Result<Option<PathBuf>> {
    // The file behind a link.
    let path = path.canonicalize()?;
    if !std::fs::metadata(&path)?.is_file() {
        return Ok(None);
    }
    for copy in 1_u32.. {
        let mut name = path.clone().into_os_string();
        name.push(if copy == 1 { ".bak".to_owned() } else { format!(".bak{copy}") });
        let linked = if is_copied { Err(io::ErrorKind::Unsupported.into()) } else { std::fs::hard_link(&path, &name) };
        match linked {
            Ok(()) => return Ok(Some(name.into())),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            // Some file systems have no second names.
            Err(_) => match copied(&path, Path::new(&name)) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                done => return done.map(|()| Some(name.into())),
            },
        }
    }
    Ok(None)
}

/// Copies a file to a name that is free, whole or not at all.
fn copied(from: &Path, to: &Path) -> io::Result<()> {
    let mut copy = temporary_in(directory_of(to))?;
    io::copy(&mut File::open(from)?, &mut copy)?;
    copy.as_file().set_permissions(std::fs::metadata(from)?.permissions())?;
    copy.as_file().sync_all()?;
    copy.persist_noclobber(to).map_err(|error| error.error)?;
    sync_directory(directory_of(to))
}

/// A file that an output is written to.
struct OutFile {
    path: PathBuf,
    pending: PendingFile,
    /// Takes colours and control characters out; none where each byte is written as it is.
    strip: Option<StripBytes>,
}

impl OutFile {
    fn create(path: &Path, is_verbatim: bool) -> Result<OutFile, Failure> {
        let pending =
            PendingFile::create(path).map_err(|error| RunError::write(&path.display().to_string(), &error))?;
        Ok(OutFile { path: path.to_path_buf(), pending, strip: (!is_verbatim).then(StripBytes::new) })
    }

    fn publish(self) -> Result<(), Failure> {
        let failed = |error: io::Error| RunError::write(&self.path.display().to_string(), &error);
        Ok(self.pending.publish().map_err(failed)?)
    }
}

impl Write for OutFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(strip) = &mut self.strip else { return self.pending.write(bytes) };
        strip.strip_next(bytes).try_for_each(|kept| self.pending.write_all(kept))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pending.flush()
    }
}
