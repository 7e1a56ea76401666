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
}

impl<'a> Outputs<'a> {
    pub(super) fn open(
        args: &CheckArgs,
        files: &[(CheckFormat, PathBuf)],
        check: CheckContext<'a>,
    ) -> Result<Self, Failure> {
        let failed = |error: io::Error| Failure::output(&error);
        let formats = files.iter().map(|(format, path)| (format.writer(check), path));
        let least = args.fail_on.severity().unwrap_or(Severity::Error);
        let rejects = args
            .rejects
            .iter()
            .map(|path| -> (Box<dyn CheckWriter + 'a>, _) { (Box::new(Rejects::new(check, least)), path) });
        let mut files = Vec::new();
        for (mut writer, path) in formats.chain(rejects) {
            let mut file = OutFile::create(path, writer.is_verbatim())?;
            writer.start(&mut file).map_err(failed)?;
            files.push((writer, file));
        }
        let mut writer = args.format.writer(check);
        let mut stdout: Box<dyn Write + Send> = match args.format {
            CheckFormat::Json | CheckFormat::Jsonl | CheckFormat::Sarif => {
                Box::new(BufWriter::with_capacity(1 << 18, json_stdout()))
            }
            // Its commands are its own, and escape what they hold.
            CheckFormat::Github => Box::new(BufWriter::new(anstream::stdout())),
            _ => Box::new(BufWriter::new(stdout_of_all())),
        };
        writer.start(&mut stdout).map_err(failed)?;
        let fixes = (args.fix || args.diff).then(|| Fixes::new(check.setup, check.list)).transpose()?;
        Ok(Outputs { files, stdout: (writer, stdout), fixes })
    }

    pub(super) fn finish(self, args: &CheckArgs, list: &List, report: &CheckReport) -> Result<(), Failure> {
        for (mut writer, mut file) in self.files {
            writer.end(report, &mut file)?;
            file.publish()?;
        }
        let (mut writer, mut out) = self.stdout;
        writer.end(report, &mut out)?;
        let failed = |error: io::Error| Failure::output(&error);
        out.flush().map_err(failed)?;
        if let Some(fixes) = self.fixes.as_ref().filter(|_| args.diff) {
            crate::cli::terminal::stdout().write_all(fixes.diff().as_bytes()).map_err(failed)?;
        }
        match self.fixes.filter(|_| args.fix) {
            Some(fixes) => fix(&fixes, &args.list, list.facts().encoding, !args.in_place),
            None => Ok(()),
        }
    }
}

impl CheckSink for Outputs<'_> {
    fn event(&mut self, event: &CheckEvent<'_>) -> io::Result<()> {
        self.files.iter_mut().try_for_each(|(writer, file)| writer.finding(event, file))?;
        self.stdout.0.finding(event, &mut self.stdout.1)?;
        self.fixes.iter_mut().try_for_each(|fixes| fixes.event(event))
    }
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
