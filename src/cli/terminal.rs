//! Standard output and standard error as people see them: what a list holds can't steer the terminal, turn a line around, or pass
//! for a command in the log of a build. Whatever can't be written is remembered, so that no command that wrote nothing ends well.

use std::io::{self, Write};
use std::sync::Mutex;

use anstream::AutoStream;

use crate::text::{Escape, Shield};

/// Bytes at the end of a piece that may be the beginning of a letter or of a colour.
const LONGEST_BEGINNING: usize = 16;

/// A stream whose text is made harmless on its way.
pub(super) struct Shielded<W: Write> {
    out: W,
    shield: Shield,
    /// What is not yet a whole letter or colour.
    begun: Vec<u8>,
}

/// Standard output for people.
pub(super) fn stdout() -> Shielded<AutoStream<io::StdoutLock<'static>>> {
    Shielded::new(anstream::stdout().lock(), Escape::Text)
}

/// Standard output for people, which another thread may write to.
pub(super) fn stdout_of_all() -> Shielded<AutoStream<io::Stdout>> {
    Shielded::new(anstream::stdout(), Escape::Text)
}

/// Standard output for JSON.
pub(super) fn json_stdout() -> Shielded<io::Stdout> {
    Shielded::new(io::stdout(), Escape::Json)
}

/// Writes a line to standard error.
pub(super) fn say(line: &str) {
    let mut out = Shielded::new(anstream::stderr().lock(), Escape::Text);
    // Nothing can be done where standard error is gone.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// Writes a text to standard output; where that fails, the command does, when it has done the rest.
pub(super) fn print(text: &str) {
    let mut out = stdout();
    keep(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// Writes JSON to standard output, as [`print`] does.
pub(super) fn print_json(text: &str) {
    let mut out = json_stdout();
    keep(out.write_all(text.as_bytes()).and_then(|()| out.flush()));
}

/// The first write that failed.
static FAILED: Mutex<Option<io::Error>> = Mutex::new(None);

fn keep(written: io::Result<()>) {
    if let (Err(error), Ok(mut failed)) = (written, FAILED.lock()) {
        failed.get_or_insert(error);
    }
}

/// What could not be printed, once all was; a reader that went away, as `head` does, is no failure.
pub(super) fn failed() -> Option<io::Error> {
    keep(io::stdout().flush());
    let failed = FAILED.lock().ok()?.take();
    failed.filter(|error| error.kind() != io::ErrorKind::BrokenPipe)
}

impl<W: Write> Shielded<W> {
    fn new(out: W, escape: Escape) -> Self {
        Shielded { out, shield: Shield::new(escape), begun: Vec::new() }
    }

    fn pass(&mut self, whole: usize) -> io::Result<()> {
        let text = String::from_utf8_lossy(&self.begun[..whole]).into_owned();
        self.begun.drain(..whole);
        self.out.write_all(self.shield.pass(&text).as_bytes())
    }
}

impl<W: Write> Write for Shielded<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.begun.extend_from_slice(bytes);
        // Whole lines at least; of the last one what can't be half of something.
        let whole = match self.begun.iter().rposition(|byte| *byte == b'\n') {
            Some(end) => end + 1,
            None if self.begun.len() > 1 << 16 => cut(&self.begun),
            None => 0,
        };
        self.pass(whole)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.pass(self.begun.len())?;
        self.out.flush()
    }
}

impl<W: Write> Drop for Shielded<W> {
    fn drop(&mut self) {
        keep(self.flush());
    }
}

/// Where a long line may be cut: before the last letters that are no ASCII, and before a colour.
fn cut(bytes: &[u8]) -> usize {
    let from = bytes.len() - LONGEST_BEGINNING;
    let safe = bytes[from..].iter().position(|byte| !byte.is_ascii() || *byte == 0x1b);
    from + safe.unwrap_or(LONGEST_BEGINNING)
}
