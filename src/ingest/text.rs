//! A source's bytes with random access, in a file or in memory, and the spool that conversions write to.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use tempfile::{SpooledData, SpooledTempFile};

/// Bytes that can be read from any place by several threads at once. A file is read, never mapped: a mapped file that
/// another program cuts short kills the process.
#[derive(Debug)]
pub(crate) struct Text {
    source: Source,
    length: u64,
    replaced: u64,
}

#[derive(Debug)]
enum Source {
    File(File),
    Memory(Vec<u8>),
}

impl Text {
    /// The whole of a regular file, of the length that it has now.
    pub(crate) fn from_file(file: File) -> io::Result<Text> {
        let length = file.metadata()?.len();
        Ok(Text { source: Source::File(file), length, replaced: 0 })
    }

    /// Bytes that are already here.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Text {
        Text { length: bytes.len() as u64, source: Source::Memory(bytes), replaced: 0 }
    }

    /// Length in bytes, as it was when the text was made.
    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// How many undecodable sequences became U+FFFD when this text was transcoded.
    pub(crate) fn replaced(&self) -> u64 {
        self.replaced
    }

    /// The same text with that count.
    pub(crate) fn with_replaced(self, replaced: u64) -> Text {
        Text { replaced, ..self }
    }

    /// Fills as much of `buffer` as there is from `offset` on; 0 at the end.
    pub(crate) fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        match &self.source {
            Source::Memory(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
                let count = buffer.len().min(bytes.len() - start);
                buffer[..count].copy_from_slice(&bytes[start..start + count]);
                Ok(count)
            }
            Source::File(file) => {
                let mut filled = 0;
                while filled < buffer.len() {
                    match read_file_at(file, offset + filled as u64, &mut buffer[filled..]) {
                        Ok(0) => break,
                        Ok(count) => filled += count,
                        Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(filled)
            }
        }
    }

    /// Reads from the start, buffered.
    pub(crate) fn reader(&self) -> impl BufRead + Seek + '_ {
        BufReader::with_capacity(BUFFER_BYTES, Cursor { text: self, position: 0 })
    }

    /// Gives the lines from `start` on, each with its end; one that no list has so long comes piece by piece.
    pub(crate) fn each_line(&self, start: u64, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        let mut reader = self.reader();
        reader.seek(SeekFrom::Start(start))?;
        let mut line = Vec::new();
        while reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? > 0 {
            take(&line)?;
            line.clear();
        }
        Ok(())
    }

    /// A file with these bytes, for libraries that read nothing else. Its position is shared with nobody who minds:
    /// this text itself is only read at given places.
    #[cfg(feature = "parquet")]
    pub(crate) fn to_file(&self) -> io::Result<File> {
        match &self.source {
            Source::File(file) => file.try_clone(),
            Source::Memory(bytes) => {
                let mut file = tempfile::tempfile()?;
                file.write_all(bytes)?;
                file.rewind()?;
                Ok(file)
            }
        }
    }
}

#[cfg(unix)]
fn read_file_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_file_at(file: &File, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}

/// A line of a list is shorter, but for one that is none.
const LONGEST_LINE: u64 = 64 << 20;

/// A place in a text that moves on as it is read.
struct Cursor<'a> {
    text: &'a Text,
    position: u64,
}

impl Read for Cursor<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.text.read_at(self.position, buffer)?;
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Cursor<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let place = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.text.len().checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = place.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

/// Takes a converted source: in memory while it is small, then in an unnamed temporary file that is gone with the
/// process, however it ends.
#[derive(Debug)]
pub(crate) struct TextWriter {
    spool: BufWriter<SpooledTempFile>,
}

impl TextWriter {
    /// An empty spool.
    pub(crate) fn new() -> Self {
        TextWriter { spool: BufWriter::with_capacity(BUFFER_BYTES, SpooledTempFile::new(MEMORY_BYTES)) }
    }

    /// What was written, ready to be read.
    pub(crate) fn finish(self) -> io::Result<Text> {
        let spool = self.spool.into_inner().map_err(|error| error.into_error())?;
        match spool.into_inner() {
            SpooledData::InMemory(cursor) => Ok(Text::from_bytes(cursor.into_inner())),
            SpooledData::OnDisk(file) => Text::from_file(file),
        }
    }
}

impl Write for TextWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.spool.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.spool.flush()
    }
}

const MEMORY_BYTES: usize = 16 << 20;
const BUFFER_BYTES: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;

    fn spooled(bytes: &[u8]) -> Text {
        let mut writer = TextWriter::new();
        writer.write_all(bytes).expect("a spool takes bytes");
        writer.finish().expect("a spool ends")
    }

    #[test]
    fn small_and_large_spools_give_back_what_was_written() {
        for length in [0, 5, MEMORY_BYTES + 3] {
            let bytes: Vec<u8> = (0..length).map(|index| (index % 251) as u8).collect();
            let text = spooled(&bytes);
            assert_eq!(text.len(), length as u64);
            assert_eq!(matches!(text.source, Source::File(_)), length > MEMORY_BYTES);
            let mut all = Vec::new();
            text.reader().read_to_end(&mut all).expect("readable");
            assert!(all == bytes);
        }
    }

    #[test]
    fn reading_past_the_end_gives_nothing() {
        let text = spooled(b"abc");
        let mut buffer = [0; 4];
        assert_eq!(text.read_at(1, &mut buffer).expect("readable"), 2);
        assert_eq!(&buffer[..2], b"bc");
        for offset in [3, 4, u64::MAX] {
            assert_eq!(text.read_at(offset, &mut buffer).expect("readable"), 0);
        }
    }

    #[test]
    fn a_file_is_read_at_any_place() {
        let mut file = tempfile::tempfile().expect("a temporary file");
        file.write_all("שלום".as_bytes()).expect("written");
        let text = Text::from_file(file).expect("a text");
        let mut buffer = [0; 2];
        assert_eq!(text.read_at(2, &mut buffer).expect("readable"), 2);
        assert_eq!(&buffer, "ל".as_bytes());
    }
}
