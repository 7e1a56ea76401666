//! What a person sees while a command works: bars on a terminal, nothing in a pipe; and the log.

use std::io::IsTerminal;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

pub(super) use super::terminal::{print, say};

const BYTES: &str = "{msg:>20} [{bar:30}] {percent:>3}%  {bytes}/{total_bytes}  {bytes_per_sec}  {eta} left";

/// A bar over bytes of text with rate and time left; hidden where standard error is no terminal or `quiet` is asked for.
pub(super) fn bytes_bar(total: u64, what: &str, quiet: bool) -> ProgressBar {
    if quiet || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(total);
    show_stage(&bar, what, true);
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

/// Shows what a bar is at: bytes of text, or how long it takes.
pub(super) fn show_stage(bar: &ProgressBar, what: &str, is_by_bytes: bool) {
    let template = if is_by_bytes { BYTES } else { "{msg:>20} {spinner} {elapsed}" };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style.progress_chars("=> "));
    bar.set_message(what.to_owned());
    bar.reset_elapsed();
}

/// Starts the log on standard error: warnings by default, more with `-v`, or as `TIUV_LOG` says.
///
/// Log lines hold record numbers, fields and codes, never a customer's value.
pub(super) fn start_log(verbose: u8, quiet: bool) {
    let default = match (quiet, verbose) {
        (true, _) => "error",
        (false, 0) => "warn",
        (false, 1) => "tiuv=info",
        (false, _) => "tiuv=debug",
    };
    let filter = EnvFilter::try_from_env("TIUV_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    // Fails only where a log was started before, as in tests that run several commands in one process.
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(Stderr)
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()))
        .without_time()
        .with_target(false)
        .try_init();
}

struct Stderr;

impl<'a> MakeWriter<'a> for Stderr {
    type Writer = std::io::Stderr;

    fn make_writer(&'a self) -> Self::Writer {
        std::io::stderr()
    }
}

/// Where the last panic happened.
static LAST_PANIC: Mutex<Option<String>> = Mutex::new(None);

/// Keeps a panic from printing its message, which may quote a customer's value: readers of foreign formats panic on
/// damaged files, which is caught, and everything else ends in [`say_bug`].
pub(super) fn silence_panics() {
    std::panic::set_hook(Box::new(|info| {
        if let (Some(location), Ok(mut last)) = (info.location(), LAST_PANIC.lock()) {
            *last = Some(format!("{}:{}", location.file(), location.line()));
        }
    }));
}

/// The last words after a panic that nothing caught.
pub(super) fn say_bug() {
    let place =
        LAST_PANIC.lock().ok().and_then(|mut last| last.take()).unwrap_or_else(|| "an unknown place".to_owned());
    say(&format!(
        "error: a bug of ours, at {place} (tiuv {})\n  = help: nothing was written; please report it with this line and, \
         if you can, the smallest list that shows it",
        env!("CARGO_PKG_VERSION")
    ));
}
