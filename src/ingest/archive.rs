//! A look at a ZIP archive before a reader unpacks it into memory: is it whole, and does it stay within limits?

use std::io::{self, BufReader, Read, Seek, SeekFrom};

use super::error::{IngestError, IngestProblem};
use super::foreign::damaged;
use super::nesting::Nesting;
use super::text::Text;
use crate::rule::IngestRules;

/// Unpacks every part once, keeping nothing: sizes written in the archive can lie. Fails where the archive is damaged
/// or grows beyond the limits, and where the tags of the XML part named `nested` do not close as they opened.
pub(crate) fn check(
    text: &Text,
    format: &'static str,
    nested: Option<&str>,
    rules: &IngestRules,
) -> Result<(), IngestError> {
    let broken = |reason: &str| damaged(format, None, reason);
    let directory = read_directory(text)?.ok_or_else(|| broken("its end is missing, as after a cut download"))?;
    let by_ratio = text.len().saturating_mul(rules.max_expansion_ratio).max(rules.expansion_free_bytes);
    let limit = by_ratio.min(rules.max_expanded_bytes);
    let mut left = limit;
    for part in parts(&directory) {
        let Some(data) = part.data(text)? else { return Err(broken("a part of it is missing")) };
        let nesting = nested.filter(|name| part.name == name.as_bytes()).map(|_| Nesting::default());
        let measured = match part.method {
            STORED => measure(data, left, nesting),
            DEFLATED => measure(flate2::bufread::DeflateDecoder::new(data), left, nesting),
            // The reader says so itself, if it needs this part at all.
            _ => continue,
        };
        match measured {
            Ok((_, false)) => return Err(broken("the XML is broken")),
            Ok((size, true)) if size > left => {
                return Err(IngestProblem::Expansion { read: text.len(), limit }.into());
            }
            Ok((size, true)) => left -= size,
            Err(error) if error.raw_os_error().is_some() => return Err(error.into()),
            Err(_) => return Err(broken("a part of it does not unpack")),
        }
    }
    Ok(())
}

/// How long a part is, up to one byte more than `limit`, and whether its tags are in order, where they are looked at.
fn measure(part: impl Read, limit: u64, mut nesting: Option<Nesting>) -> io::Result<(u64, bool)> {
    let mut part = part.take(limit.saturating_add(1));
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut size = 0;
    loop {
        let count = part.read(&mut buffer)?;
        if count == 0 {
            return Ok((size, size > limit || nesting.is_none_or(|nesting| nesting.is_closed())));
        }
        size += count as u64;
        if let Some(nesting) = &mut nesting {
            nesting.feed(&buffer[..count]);
        }
    }
}

/// A part as the central directory has it.
struct Part<'a> {
    name: &'a [u8],
    method: u16,
    packed: u64,
    header: u64,
}

impl Part<'_> {
    /// The packed bytes; none where the local header is not where it should be.
    fn data<'t>(&self, text: &'t Text) -> io::Result<Option<impl io::BufRead + use<'t>>> {
        let mut header = [0; 30];
        if text.read_at(self.header, &mut header)? < header.len() || !header.starts_with(b"PK\x03\x04") {
            return Ok(None);
        }
        let start = self.header + 30 + u64::from(u16_at(&header, 26)) + u64::from(u16_at(&header, 28));
        let mut reader = text.reader();
        reader.seek(SeekFrom::Start(start))?;
        Ok(Some(BufReader::new(reader.take(self.packed))))
    }
}

/// The central directory (APPNOTE.TXT 4.3.12), found through the record at the archive's end (4.3.16). That of an
/// archive beyond 4 GiB is not looked for: no spreadsheet is that large.
fn read_directory(text: &Text) -> io::Result<Option<Vec<u8>>> {
    let tail_length = text.len().min(END_RECORD_REACH);
    let mut tail = vec![0; tail_length as usize];
    let filled = text.read_at(text.len() - tail_length, &mut tail)?;
    tail.truncate(filled);
    let Some(at) = memchr::memmem::rfind(&tail, b"PK\x05\x06") else { return Ok(None) };
    let end = &tail[at..];
    if end.len() < 22 {
        return Ok(None);
    }
    let (size, offset) = (u32_at(end, 12), u32_at(end, 16));
    if u64::from(offset) + u64::from(size) > text.len() {
        return Ok(None);
    }
    let mut directory = vec![0; size as usize];
    let filled = text.read_at(u64::from(offset), &mut directory)?;
    Ok((filled == directory.len()).then_some(directory))
}

fn parts(directory: &[u8]) -> impl Iterator<Item = Part<'_>> {
    let mut rest = directory;
    std::iter::from_fn(move || {
        if rest.len() < 46 || !rest.starts_with(b"PK\x01\x02") {
            return None;
        }
        let name_length = usize::from(u16_at(rest, 28));
        let length = 46 + name_length + usize::from(u16_at(rest, 30)) + usize::from(u16_at(rest, 32));
        let part = Part {
            name: rest.get(46..46 + name_length)?,
            method: u16_at(rest, 10),
            packed: u64::from(u32_at(rest, 20)),
            header: u64::from(u32_at(rest, 42)),
        };
        rest = rest.get(length..).unwrap_or_default();
        Some(part)
    })
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const BUFFER_BYTES: usize = 64 << 10;
/// The end record and the longest comment behind it.
const END_RECORD_REACH: u64 = 22 + 65_535;

/// Builds archives for tests.
#[cfg(test)]
pub(crate) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(content).expect("packed");
        let packed = encoder.finish().expect("packed");
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let mut fields = vec![20, 0, 0, 0, DEFLATED as u8, 0, 0, 0, 0, 0];
        fields.extend(crc.sum().to_le_bytes());
        fields.extend((packed.len() as u32).to_le_bytes());
        fields.extend((content.len() as u32).to_le_bytes());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        directory.extend([&b"PK\x01\x02\x14\0"[..], &fields, &[0; 10]].concat());
        directory.extend((bytes.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        bytes.extend([&b"PK\x03\x04"[..], &fields, name.as_bytes(), &packed].concat());
    }
    let (count, offset) = (parts.len() as u16, bytes.len() as u32);
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    end.extend([(directory.len() as u32).to_le_bytes(), offset.to_le_bytes()].concat());
    [bytes, directory, end, vec![0, 0]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(bytes: Vec<u8>) -> Result<(), IngestError> {
        let rules = IngestRules { expansion_free_bytes: 1 << 20, ..IngestRules::shipped() };
        check(&Text::from_bytes(bytes), "ODS", Some("content.xml"), &rules)
    }

    #[test]
    fn whole_archives_pass_and_cut_or_lying_ones_do_not() {
        let whole = zip(&[("mimetype", b"x"), ("content.xml", b"<end>abcabcabc</end>\n")]);
        checked(whole.clone()).expect("whole");
        checked(whole[..whole.len() - 30].to_vec()).expect_err("cut");
        checked(zip(&[("content.xml", b"<end>")])).expect_err("its XML is cut");
        let error = checked(zip(&[("sheet.xml", &vec![b' '; 2 << 20])])).expect_err("a bomb");
        assert!(matches!(error.problem(), IngestProblem::Expansion { .. }), "{error}");
    }
}
