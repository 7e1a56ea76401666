//! ZIP archives: what is in one, whether it is whole, and whether it stays within limits when it is unpacked.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

use super::error::{IngestError, IngestProblem};
use super::foreign::damaged;
use super::nesting::Nesting;
use super::text::{Text, TextWriter};
use crate::rule::IngestRules;

/// What is seen of a workbook when its parts go by.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marks {
    /// Some cells are merged.
    pub(crate) merged: bool,
    /// There are charts or pictures.
    pub(crate) drawings: bool,
    /// There are pivot tables.
    pub(crate) pivots: bool,
}

/// Unpacks every part of a workbook once, keeping nothing: sizes written in the archive can lie. Fails where the archive is
/// damaged, or grows beyond the limits, or would make its reader fail to end or take all memory.
pub(crate) fn check(text: &Text, format: &'static str, rules: &IngestRules) -> Result<Marks, IngestError> {
    let broken = |reason: &str| damaged(format, None, reason);
    let directory = read_directory(text)?.ok_or_else(|| broken("its end is missing, as after a cut download"))?;
    let mut left = rules.grows_to(text.len());
    let mut marks = Marks::default();
    for part in parts(&directory) {
        let Some(data) = part.data(text)? else { return Err(broken("a part of it is missing")) };
        if part.is_encrypted() {
            return Err(locked().into());
        }
        marks.drawings |= part.is_below(b"xl/drawings/") || part.is_below(b"xl/chartsheets/");
        marks.pivots |= part.is_below(b"xl/pivotTables/");
        let mut watch = Watch::of(&part);
        // Strings that cells share and the text of an OpenDocument are held in memory by their readers.
        let allowed = if watch.is_held() { left.min(rules.max_held_bytes) } else { left };
        let measured = match part.method {
            STORED => measure(data, allowed, &mut watch),
            DEFLATED => measure(flate2::bufread::DeflateDecoder::new(data), allowed, &mut watch),
            // The reader says so itself, if it needs this part at all.
            _ => continue,
        };
        match measured {
            Ok(size) if size > allowed => {
                return Err(IngestProblem::Expansion { read: text.len(), limit: allowed }.into());
            }
            Ok(size) => {
                left -= size;
                watch.conclude(size, rules, &mut marks).map_err(broken)?;
            }
            Err(error) if error.raw_os_error().is_some() => return Err(error.into()),
            Err(_) => return Err(broken("a part of it does not unpack")),
        }
    }
    Ok(marks)
}

/// The one file that an archive holds, unpacked. Folders and what file managers leave behind are no files.
pub(crate) fn only_file(text: &Text, rules: &IngestRules) -> Result<Text, IngestError> {
    let broken = |reason: &str| damaged("ZIP", None, reason);
    let directory = read_directory(text)?.ok_or_else(|| broken("its end is missing, as after a cut download"))?;
    let files: Vec<Part<'_>> = parts(&directory).filter(|part| part.is_file(&rules.zip_ignored)).collect();
    let [file] = files.as_slice() else {
        let files = files.iter().map(Part::shown).collect();
        return Err(IngestProblem::NotOneFile { files }.into());
    };
    let refused = |what, remedy| IngestError::from(IngestProblem::Unsupported { what, remedy });
    if file.leads_out() {
        let what = "a ZIP archive with a path that leads out of it";
        return Err(refused(what, "it may be meant to do harm: ask whoever sent it, or unpack it with care"));
    }
    if file.is_encrypted() {
        return Err(locked().into());
    }
    if file.packed == u64::from(u32::MAX) {
        return Err(refused("a ZIP archive of more than 4 GiB", UNPACK));
    }
    let data = file.data(text)?.ok_or_else(|| broken("a part of it is missing"))?;
    match file.method {
        STORED => file.unpack(data, text.len(), rules),
        DEFLATED => file.unpack(flate2::bufread::DeflateDecoder::new(data), text.len(), rules),
        _ => Err(refused("a ZIP archive packed in an unusual way", UNPACK)),
    }
}

/// What is looked at in a part as it goes by.
enum Watch {
    /// Whether its tags close as they opened: the reader of OpenDocument never ends where they do not.
    Nesting(Nesting),
    /// How many strings it says that it has, in its first bytes: the reader of Office Open XML makes room for them.
    Strings(Vec<u8>),
    /// Whether cells are merged: the last bytes of what went by, in which a tag may begin.
    Sheet { tail: Vec<u8>, merged: bool },
    /// Its length.
    Nothing,
}

impl Watch {
    fn of(part: &Part<'_>) -> Watch {
        let name = part.name.to_ascii_lowercase();
        match name.as_slice() {
            b"content.xml" => Watch::Nesting(Nesting::default()),
            _ if name.ends_with(b"sharedstrings.xml") => Watch::Strings(Vec::new()),
            _ if name.starts_with(b"xl/worksheets/") => Watch::Sheet { tail: Vec::new(), merged: false },
            _ => Watch::Nothing,
        }
    }

    fn is_held(&self) -> bool {
        matches!(self, Watch::Nesting(_) | Watch::Strings(_))
    }

    fn feed(&mut self, bytes: &[u8]) {
        match self {
            Watch::Nesting(nesting) => nesting.feed(bytes),
            Watch::Strings(head) => {
                head.extend_from_slice(&bytes[..bytes.len().min(STRINGS_HEAD.saturating_sub(head.len()))]);
            }
            Watch::Sheet { merged: true, .. } | Watch::Nothing => {}
            Watch::Sheet { tail, merged } => {
                tail.extend_from_slice(&bytes[..bytes.len().min(MERGED_TAG.len())]);
                *merged = memchr::memmem::find(tail, MERGED_TAG)
                    .or_else(|| memchr::memmem::find(bytes, MERGED_TAG))
                    .is_some();
                tail.clear();
                tail.extend_from_slice(&bytes[bytes.len().saturating_sub(MERGED_TAG.len())..]);
            }
        }
    }

    /// What was seen when `size` bytes went by, or what is wrong.
    fn conclude(self, size: u64, rules: &IngestRules, marks: &mut Marks) -> Result<(), &'static str> {
        match self {
            Watch::Nesting(nesting) if !nesting.is_closed() => Err("the XML is broken"),
            Watch::Nesting(nesting) if nesting.cells() > rules.max_grid_cells => {
                Err("its sheets have more cells than are read; is there a cell in a far corner?")
            }
            Watch::Nesting(nesting) if nesting.bytes() > rules.max_held_bytes => {
                Err("its sheets repeat more text than is read")
            }
            Watch::Strings(head) if announced(&head).is_some_and(|count| count > size) => {
                Err("it announces more strings than it can have")
            }
            Watch::Sheet { merged, .. } => {
                marks.merged |= merged;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// The number of different strings that a table of shared strings says it has (ECMA-376 part 1, 18.4.9).
fn announced(head: &[u8]) -> Option<u64> {
    let at = memchr::memmem::find(head, b"uniqueCount")? + "uniqueCount".len();
    let number = head[at..].iter().skip_while(|byte| !byte.is_ascii_digit()).take_while(|byte| byte.is_ascii_digit());
    Some(number.fold(0u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'))))
}

/// How long a part is, up to one byte more than `limit`; the watch sees all of it.
fn measure(part: impl Read, limit: u64, watch: &mut Watch) -> io::Result<u64> {
    let mut part = part.take(limit.saturating_add(1));
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut size = 0;
    loop {
        let count = part.read(&mut buffer)?;
        if count == 0 {
            return Ok(size);
        }
        size += count as u64;
        watch.feed(&buffer[..count]);
    }
}

/// A part as the central directory has it.
struct Part<'a> {
    name: &'a [u8],
    flags: u16,
    method: u16,
    checksum: u32,
    packed: u64,
    header: u64,
}

impl Part<'_> {
    /// Bit 0 of the general purpose flags (APPNOTE.TXT 4.4.4).
    fn is_encrypted(&self) -> bool {
        self.flags & 1 != 0
    }

    fn is_file(&self, ignored: &[String]) -> bool {
        let path = self.shown();
        let is_ignored = |pattern: &String| match pattern.strip_suffix('/') {
            Some(folder) => path.split('/').rev().skip(1).any(|part| part == folder),
            None => path.rsplit('/').next().is_some_and(|name| name.eq_ignore_ascii_case(pattern)),
        };
        !path.ends_with('/') && !ignored.iter().any(is_ignored)
    }

    /// The name as text; it is never used as a path.
    fn shown(&self) -> String {
        crate::text::visible(&String::from_utf8_lossy(self.name))
    }

    /// Whether an unpacker that believes its name would write outside of its folder.
    fn leads_out(&self) -> bool {
        let name = self.name;
        let has_drive = name.get(1) == Some(&b':');
        let is_rooted = matches!(name.first(), Some(b'/' | b'\\'));
        has_drive || is_rooted || name.split(|byte| matches!(byte, b'/' | b'\\')).any(|part| part == b"..")
    }

    /// Its content, within the limits and as its checksum says.
    fn unpack(&self, mut data: impl Read, stored: u64, rules: &IngestRules) -> Result<Text, IngestError> {
        let limit = rules.grows_to(stored);
        let mut spool = TextWriter::new();
        let mut buffer = vec![0; BUFFER_BYTES];
        let mut checksum = flate2::Crc::new();
        let mut size = 0;
        loop {
            let count = match data.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(error) if error.raw_os_error().is_some() => return Err(error.into()),
                Err(_) => return Err(damaged("ZIP", None, "the file in it does not unpack")),
            };
            size += count as u64;
            if size > limit {
                return Err(IngestProblem::Expansion { read: stored, limit }.into());
            }
            checksum.update(&buffer[..count]);
            spool.write_all(&buffer[..count])?;
        }
        if checksum.sum() != self.checksum {
            return Err(damaged("ZIP", None, "the file in it is not what it was when it was packed"));
        }
        Ok(spool.finish()?)
    }

    fn is_below(&self, folder: &[u8]) -> bool {
        self.name.starts_with(folder)
    }

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
            flags: u16_at(rest, 8),
            method: u16_at(rest, 10),
            checksum: u32_at(rest, 16),
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

fn locked() -> IngestProblem {
    IngestProblem::Unsupported { what: "a ZIP archive with a password", remedy: UNPACK }
}

const UNPACK: &str = "unpack it and name the list that is in it";

const MERGED_TAG: &[u8] = b"<mergeCell ";
const STRINGS_HEAD: usize = 4 << 10;
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
        check(&Text::from_bytes(bytes), "ODS", &rules).map(drop)
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
