//! Gzip and zstd, told by content, unpacked into a spool with a limit on how far they may grow.

use std::cell::Cell;
use std::io::{self, Read, Write};

use super::error::{IngestError, IngestProblem};
use super::text::{Text, TextWriter};
use crate::rule::IngestRules;

/// How a source is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compression {
    /// Not at all.
    None,
    /// RFC 1952, one member or several.
    Gzip,
    /// RFC 8878, one frame or several.
    Zstd,
}

impl Compression {
    /// By the first bytes; names lie.
    pub(crate) fn detect(first: &[u8]) -> Self {
        match first {
            // ID1 ID2 CM: deflate is the only method that RFC 1952 knows.
            [0x1F, 0x8B, 0x08, ..] => Compression::Gzip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Compression::Zstd,
            // Skippable frames, 0x184D2A50 to 0x184D2A5F: parallel zstd tools start with one.
            [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Compression::Zstd,
            _ => Compression::None,
        }
    }

    /// The word in reports and errors; empty where nothing is packed.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Compression::None => "",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        }
    }
}

/// The unpacked text; the same text where nothing is packed.
pub(crate) fn decompress(
    text: Text,
    compression: Compression,
    name: &str,
    rules: &IngestRules,
) -> Result<Text, IngestError> {
    unpack(text, compression, rules).map_err(|error| error.in_file(name))
}

fn unpack(text: Text, compression: Compression, rules: &IngestRules) -> Result<Text, IngestError> {
    let read = Cell::new(0);
    let packed = Counted { inner: text.reader(), read: &read };
    let packed = io::BufReader::with_capacity(BUFFER_BYTES, packed);
    match compression {
        Compression::None => {
            drop(packed);
            Ok(text)
        }
        Compression::Gzip => spool(flate2::bufread::MultiGzDecoder::new(packed), &read, compression, rules),
        Compression::Zstd => {
            let decoder = zstd::stream::read::Decoder::with_buffer(packed)?;
            spool(decoder, &read, compression, rules)
        }
    }
}

fn spool(
    mut decoder: impl Read,
    read: &Cell<u64>,
    compression: Compression,
    rules: &IngestRules,
) -> Result<Text, IngestError> {
    let mut spool = TextWriter::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut written = 0;
    loop {
        let count = match decoder.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failure(&error, compression, read.get(), written).into()),
        };
        written += count as u64;
        let limit = rules.grows_to(read.get());
        if written > limit {
            return Err(IngestProblem::Expansion { read: read.get(), limit }.into());
        }
        spool.write_all(&buffer[..count])?;
    }
    Ok(spool.finish()?)
}

fn failure(error: &io::Error, compression: Compression, read: u64, written: u64) -> IngestProblem {
    let compression = compression.as_str();
    match error.kind() {
        io::ErrorKind::UnexpectedEof => IngestProblem::Truncated { compression, read, written },
        // A failure of the disk below carries the system's number; those of the decoders do not.
        _ if error.raw_os_error().is_some() => IngestProblem::from(error),
        _ => IngestProblem::CorruptCompression { compression, read, written },
    }
}

/// Counts what is taken from a reader.
struct Counted<'a, R> {
    inner: R,
    read: &'a Cell<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}

const BUFFER_BYTES: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).expect("packed");
        encoder.finish().expect("packed")
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        zstd::stream::encode_all(bytes, 3).expect("packed")
    }

    fn unpacked(packed: &[u8]) -> Result<Vec<u8>, IngestError> {
        let rules = IngestRules { expansion_free_bytes: 1 << 20, ..IngestRules::shipped() };
        let text = decompress(Text::from_bytes(packed.to_vec()), Compression::detect(packed), "list.gz", &rules)?;
        let mut all = Vec::new();
        text.reader().read_to_end(&mut all).expect("readable");
        Ok(all)
    }

    fn list() -> Vec<u8> {
        (0..5000).map(|row| format!("{row},דנה כהן,dana{row}@mail.example\n")).collect::<String>().into_bytes()
    }

    #[test]
    fn every_packing_is_undone_by_its_content() {
        let list = list();
        let (head, tail) = list.split_at(1234);
        for packed in [
            list.clone(),
            gzip(&list),
            zstd(&list),
            [gzip(head), gzip(tail)].concat(),
            [zstd(head), zstd(tail)].concat(),
            [&[0x5A, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 9, 9][..], &zstd(&list)].concat(),
        ] {
            assert!(unpacked(&packed).expect("whole") == list);
        }
    }

    #[test]
    fn a_cut_file_says_how_far_it_was_read() {
        for packed in [gzip(&list()), zstd(&list())] {
            for length in [12, packed.len() / 2, packed.len() - 1] {
                let error = unpacked(&packed[..length]).expect_err("it is cut");
                let IngestProblem::Truncated { read, .. } = error.problem() else { panic!("{error}") };
                assert_eq!(*read, length as u64);
            }
        }
    }

    #[test]
    fn a_damaged_file_is_refused() {
        let mut packed = gzip(&list());
        let middle = packed.len() / 2;
        packed[middle..middle + 64].fill(0xFF);
        let error = unpacked(&packed).expect_err("it is damaged");
        assert!(matches!(error.problem(), IngestProblem::CorruptCompression { compression: "gzip", .. }), "{error}");
    }

    #[test]
    fn a_bomb_is_stopped() {
        let zeros = vec![0; 4 << 20];
        for packed in [gzip(&zeros), zstd(&zeros)] {
            let error = unpacked(&packed).expect_err("it grows too far");
            assert!(matches!(error.problem(), IngestProblem::Expansion { .. }), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_unpacking_panic(bytes: Vec<u8>, which in 0..2usize) {
            let magic: [&[u8]; 2] = [&[0x1F, 0x8B, 0x08], &[0x28, 0xB5, 0x2F, 0xFD]];
            let _ = unpacked(&[magic[which], &bytes].concat());
        }

        #[test]
        fn no_flipped_byte_makes_unpacking_panic(place in 0..600usize, value: u8) {
            for mut packed in [gzip(&list()), zstd(&list())] {
                packed[place] = value;
                let _ = unpacked(&packed);
            }
        }
    }
}
