//! What is known of a list's findings: `--baseline`, `--write-baseline`, and the suppressions of `tiuv.toml`.

use std::io::Write as _;
use std::path::Path;

use jiff::civil::Date;
use serde::Serialize;

use super::args::CheckArgs;
use crate::cli::Global;
use crate::cli::failure::Failure;
use crate::cli::progress;
use crate::config::Config;
use crate::disk::PendingFile;
use crate::pipeline::{Baseline, BaselineError, CheckReport, Gates, Known, MarkKey, RunError, Selector, Suppressing};
use crate::rule::{RuleError, parse_toml};

/// The secret that marks are made with: whoever has it can try values against a baseline.
const SECRET: &str = "TIUV_CHECK_KEY";
/// Larger files are no baselines.
const MOST_BYTES: u64 = 1 << 30;

/// The key of marks, where the environment gives one.
pub(super) fn mark_key() -> Result<Option<MarkKey>, Failure> {
    let Ok(secret) = std::env::var(SECRET) else { return Ok(None) };
    let wrong = |error| Failure::usage(&format!("{SECRET}: {error}"), &make_one());
    MarkKey::new(&secret).map(Some).map_err(wrong)
}

fn make_one() -> String {
    format!("set {SECRET} to a secret of the build, such as `openssl rand -hex 16` prints, and keep it")
}

/// What the command line says of known findings.
pub(super) fn known(args: &CheckArgs, key: Option<&MarkKey>, family: String) -> Result<Option<Known>, Failure> {
    if args.write_baseline.is_some() {
        if args.baseline.is_some() {
            let message = "--write-baseline writes all that is found, and --baseline leaves out what is known";
            return Err(Failure::usage(message, "give one of the two; --prune-baseline takes out what is gone"));
        }
        needed(key, "--write-baseline")?;
        return Ok(Some(Known::Gathered { family }));
    }
    let Some(path) = &args.baseline else { return Ok(None) };
    let key = needed(key, "--baseline")?;
    let text = read(path).map_err(|error| unreadable(path, &error))?;
    let wrong = |error: BaselineError| {
        let help = match &error {
            BaselineError::Form(_) | BaselineError::Version(_) => {
                "write it anew: tiuv check LIST --write-baseline FILE".to_owned()
            }
            BaselineError::OtherKey => {
                format!("set {SECRET} to the secret that it was written with, or write it anew with --write-baseline")
            }
            BaselineError::OtherList { .. } => {
                "each list has a baseline of its own; write one for it with --write-baseline".to_owned()
            }
        };
        Failure::usage(&format!("{}: {error}", path.display()), &help)
    };
    Ok(Some(Known::Baseline(Baseline::read(&text, key, &family).map_err(wrong)?)))
}

fn needed<'k>(key: Option<&'k MarkKey>, option: &str) -> Result<&'k MarkKey, Failure> {
    key.ok_or_else(|| {
        let message = format!("{option} needs a secret, so that no value can be got from the baseline by trying");
        Failure::usage(&message, &make_one())
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> RuleError {
    RuleError::Unreadable { path: path.display().to_string(), reason: error.to_string() }
}

fn read(path: &Path) -> std::io::Result<String> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(std::io::Error::other("it is no ordinary file"));
    }
    if metadata.len() > MOST_BYTES {
        return Err(std::io::Error::other(format!("it has more than {} MiB", MOST_BYTES >> 20)));
    }
    std::fs::read_to_string(path)
}

/// A gate that compares with a baseline needs one.
pub(super) fn refuse_without_baseline(gates: &Gates, args: &CheckArgs) -> Result<(), Failure> {
    if gates.compare() && args.baseline.is_none() && args.write_baseline.is_none() && args.since.is_none() {
        return Err(Failure::usage(
            "a limit of `+…%` is held against a baseline, and there is none",
            "add --baseline FILE or --since REF",
        ));
    }
    Ok(())
}

/// The suppressions of `tiuv.toml`.
pub(super) fn suppressions(config: &Config, key: Option<&MarkKey>) -> Result<Vec<Suppressing>, Failure> {
    let wrong = |message: String| Failure::usage(&format!("[[suppress]]: {message}"), "docs/checking.md shows one");
    let all: Result<Vec<_>, _> = config.suppress.iter().cloned().map(Suppressing::new).collect();
    let all = all.map_err(wrong)?;
    if all.iter().any(Suppressing::names_value) {
        needed(key, "a suppression of one value")?;
    }
    Ok(all)
}

/// Writes the baseline that a check came to, and says what became of the one it was given.
pub(super) fn conclude(
    args: &CheckArgs,
    report: &CheckReport,
    next: Option<&Baseline>,
    is_quiet: bool,
) -> Result<(), Failure> {
    if let (Some(used), Some(path), false) = (report.baseline, &args.baseline, is_quiet) {
        match (used.gone, args.prune_baseline) {
            (0, _) => {}
            (gone, true) => {
                progress::say(&format!("{gone} findings of {} are gone and were taken out of it.", path.display()))
            }
            (gone, false) => progress::say(&format!(
                "{gone} findings of {} are gone; --prune-baseline takes them out of it.",
                path.display()
            )),
        }
    }
    let path = match (&args.write_baseline, &args.baseline) {
        (Some(path), _) => path,
        (None, Some(path)) if args.prune_baseline => path,
        _ => return Ok(()),
    };
    let Some(baseline) = next else { return Ok(()) };
    write(path, &baseline.to_text())?;
    if args.write_baseline.is_some() && !is_quiet {
        let found: u64 = report.groups.iter().map(|group| group.count).sum();
        let path = path.display();
        progress::say(&format!(
            "{found} findings are known from now on: check with --baseline {path} to count only new ones."
        ));
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| RunError::write(&path.display().to_string(), &error);
    let mut file = PendingFile::create(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    Ok(file.publish().map_err(failed)?)
}

/// One more table of `tiuv.toml`.
#[derive(Serialize)]
struct Added<'a> {
    suppress: [Table<'a>; 1],
}

#[derive(Serialize)]
struct Table<'a> {
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    reason: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<String>,
}

/// `--add-suppression RULE,column=…,key=…,value=…`: adds a table to the end of `tiuv.toml`; what is there stays as it is.
pub(super) fn add_suppression(global: &Global, text: &str, reason: &str, until: Option<Date>) -> Result<(), Failure> {
    let form = "write RULE, RULE,column=NAME, RULE,column=NAME,key=KEY or RULE,column=NAME,value=VALUE";
    let mut parts = text.split(',');
    let mut table = Table {
        rule: parts.next().unwrap_or_default().trim(),
        column: None,
        key: None,
        value: None,
        reason: reason.trim(),
        until: until.map(|day| day.to_string()),
    };
    Selector::parse(table.rule).map_err(|message| Failure::usage(&message, "`tiuv rule list` names all rules"))?;
    if table.reason.is_empty() {
        return Err(Failure::usage("--reason is empty", "say why these findings are lived with"));
    }
    for part in parts {
        let (name, value) = part
            .split_once('=')
            .ok_or_else(|| Failure::usage(&format!("--add-suppression: no `=` in `{part}`"), form))?;
        match name.trim() {
            "column" => table.column = Some(value.trim()),
            "key" => table.key = Some(value.trim()),
            // The value itself is a customer's; its mark is not.
            "value" => {
                let key = mark_key()?;
                table.value = Some(needed(key.as_ref(), "a suppression of one value")?.of_value(value).to_string());
            }
            name => return Err(Failure::usage(&format!("--add-suppression: `{name}` is none of its parts"), form)),
        }
    }
    let path = global.config_path();
    let old = match read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        old => old.map_err(|error| unreadable(&path, &error))?,
    };
    let added =
        toml::to_string(&Added { suppress: [table] }).map_err(|error| Failure::usage(&error.to_string(), form))?;
    let end = if old.is_empty() || old.ends_with('\n') { "" } else { "\n" };
    let gap = if old.is_empty() { "" } else { "\n" };
    let new = format!("{old}{end}{gap}{added}");
    // Whatever stands there, what is written is read again.
    parse_toml::<Config>(&path.display().to_string(), &new)?;
    write(&path, &new)?;
    progress::say(&format!("Added to {}:\n{}", path.display(), added.trim_end()));
    Ok(())
}
