//! Opening a source: what it is, how it is packed and encoded, what its columns are.

use std::path::Path;

use super::archive;
use super::blocks::Limits;
use super::canonical::Converted;
use super::columns::{columns_read, map_columns};
use super::compression::{Compression, decompress};
use super::csv::{Dialect, Judged, UnusualForm, in_reading_order, is_visual, sniff};
use super::database::open_database;
use super::encoding::{self, Charset};
use super::error::IngestError;
use super::format::{Format, detect_format};
use super::layout::{HeaderAt, Layout, LayoutFinder, NoTable, footers, lines_above};
use super::list::{InputFacts, List, Stamp, Written};
use super::options::{IngestOptions, SourceRules};
use super::sheet::SheetKind;
use super::text::{Text, TextWriter};
use super::vcard::{is_vcard, read_vcards};
use crate::finding::Code;
use crate::record::{LineTable, Quarantined};
use crate::rule::{IngestRules, LayoutRules, RuleFiles};

impl List {
    /// Opens a file, standard input for `-`, or what an address of a database names.
    ///
    /// # Errors
    /// When it isn't there, can't be read, is of no known kind, has no header or no record.
    pub fn open(path: &Path, options: &IngestOptions, files: &RuleFiles) -> Result<List, IngestError> {
        let name = path.display().to_string();
        if let Some(opened) = open_database(&name, options, files) {
            return opened;
        }
        let (text, stamp) = if name == "-" { (read_stdin()?, None) } else { open_file(path)? };
        List::from_text(name, text, stamp, options, files)
    }

    /// Opens a source that is in memory already.
    ///
    /// # Errors
    /// As [`List::open`].
    pub fn from_bytes(
        name: &str,
        bytes: Vec<u8>,
        options: &IngestOptions,
        files: &RuleFiles,
    ) -> Result<List, IngestError> {
        List::from_text(name.to_owned(), Text::from_bytes(bytes), None, options, files)
    }

    fn from_text(
        name: String,
        text: Text,
        stamp: Option<Stamp>,
        options: &IngestOptions,
        files: &RuleFiles,
    ) -> Result<List, IngestError> {
        let rules = SourceRules::load(files).map_err(IngestError::other)?;
        let opened = Opened::recognize(&name, text, options, &rules)?;
        List::from_opened(name, opened, stamp, options, &rules)
    }

    /// A source that was converted by whoever knows its form, `bytes` long as it was.
    ///
    /// # Errors
    /// When it has no column or no record.
    pub(super) fn from_converted(
        name: &str,
        format: &'static str,
        bytes: u64,
        converted: Converted,
        options: &IngestOptions,
        files: &RuleFiles,
    ) -> Result<List, IngestError> {
        let rules = SourceRules::load(files).map_err(IngestError::other)?;
        let facts = InputFacts { name: name.to_owned(), format, bytes, ..InputFacts::default() };
        let opened = Opened::canonical(converted, facts, &rules.ingest);
        List::from_opened(name.to_owned(), opened, None, options, &rules)
    }

    fn from_opened(
        name: String,
        mut opened: Opened,
        stamp: Option<Stamp>,
        options: &IngestOptions,
        rules: &SourceRules,
    ) -> Result<List, IngestError> {
        let begin = opened.body;
        let Layout { names: header, mut shape, others, .. } = opened.find_table(options, rules)?;
        let remark = opened.remark_on(&others, begin, options.header_row);
        opened.facts.remarks.extend(remark);
        opened.facts.titles = shape.lines.titles.iter().cloned().collect();
        let samples = opened.sample(&shape, rules.columns.sample_rows).counting_from_1904(opened.counts_from_1904);
        let mapping = map_columns(&header, &samples, &rules.columns, &options.columns).map_err(IngestError::other)?;
        shape.own = columns_read(mapping.columns());
        if opened.is_empty_body() && opened.unconverted.is_empty() {
            return Err(IngestError::header_only(&name));
        }
        let room = rules.ingest.grows_to(opened.facts.bytes);
        Ok(List {
            facts: opened.facts,
            text: opened.text,
            dialect: opened.dialect,
            body: opened.body,
            header,
            shape,
            samples,
            mapping,
            role: None,
            given_name: None,
            limits: opened.limits,
            room,
            unconverted: opened.unconverted,
            lines: opened.lines,
            first_column: opened.first_column,
            written: opened.written,
            stamp,
        })
    }
}

fn open_file(path: &Path) -> Result<(Text, Option<Stamp>), IngestError> {
    let file = IngestError::open(path)?;
    let stamp = Stamp::of(path).ok();
    let text = Text::from_file(file).map_err(|error| IngestError::unreadable(&path.display().to_string(), &error))?;
    Ok((text, stamp))
}

fn read_stdin() -> Result<Text, IngestError> {
    let mut writer = TextWriter::new();
    std::io::copy(&mut std::io::stdin().lock(), &mut writer)
        .and_then(|_| writer.finish())
        .map_err(|error| IngestError::unreadable("-", &error))
}

/// A source on its way to becoming a [`List`].
pub(super) struct Opened {
    pub(super) facts: InputFacts,
    pub(super) text: Text,
    pub(super) dialect: Dialect,
    pub(super) body: u64,
    pub(super) limits: Limits,
    unconverted: Vec<Quarantined>,
    /// In which lines of the source the lines of a converted text stand.
    pub(super) lines: Option<LineTable>,
    /// The first line of the text is the header for certain: the format itself names the columns.
    pub(super) names_columns: bool,
    /// Blank columns of a sheet, left of the first one.
    pub(super) first_column: u32,
    /// Whether bare numbers of days count from 1904-01-01.
    pub(super) counts_from_1904: bool,
    /// What the text was before it was written anew to be read.
    written: Written,
}

impl Opened {
    fn recognize(
        name: &str,
        stored: Text,
        options: &IngestOptions,
        rules: &SourceRules,
    ) -> Result<Opened, IngestError> {
        let (ingest, envelopes) = (&rules.ingest, options.envelopes.as_deref());
        let mut facts = InputFacts { name: name.to_owned(), bytes: stored.len(), ..InputFacts::default() };
        if stored.len() == 0 {
            return Err(IngestError::empty(name));
        }
        let compression = Compression::detect(&head(&stored, 0, 16));
        facts.compression = compression.as_str();
        let mut text = decompress(stored, compression, name, ingest)?;
        if text.len() == 0 {
            return Err(IngestError::empty(name));
        }
        let mut format = detect_format(&head(&text, 0, ingest.detect_bytes), name, ingest)?;
        if format == Format::Zip {
            facts.compression = format.as_str();
            text = archive::only_file(&text, ingest).map_err(|error| error.in_file(name))?;
            if text.len() == 0 {
                return Err(IngestError::empty(name));
            }
            format = detect_format(&head(&text, 0, ingest.detect_bytes), name, ingest)?;
        }
        facts.format = format.as_str();
        let kind = match format {
            Format::Csv => return Opened::recognize_text(text, facts, options, rules),
            Format::Jsonl => {
                return Ok(Opened::canonical(super::jsonl::read_jsonl(&text, name, envelopes, ingest)?, facts, ingest));
            }
            #[cfg(feature = "parquet")]
            Format::Parquet => {
                return Ok(Opened::canonical(super::parquet::read_parquet(text, name, ingest)?, facts, ingest));
            }
            #[cfg(not(feature = "parquet"))]
            Format::Parquet => return Err(IngestError::not_built_in(name, "parquet")),
            Format::Zip => return Err(IngestError::archive_in_archive(name)),
            Format::Xlsx => SheetKind::Xlsx,
            Format::Xlsb => SheetKind::Xlsb,
            Format::Xls => SheetKind::Xls,
            Format::Ods => SheetKind::Ods,
        };
        Opened::workbook(&text, kind, facts, options, rules)
    }

    /// A source that was converted, in a format that names its columns.
    pub(super) fn canonical(converted: Converted, facts: InputFacts, rules: &IngestRules) -> Opened {
        Opened {
            names_columns: true,
            facts,
            text: converted.text,
            dialect: Dialect::CANONICAL,
            body: 0,
            limits: limits_of(rules),
            unconverted: converted.quarantined,
            lines: Some(converted.lines),
            first_column: 0,
            counts_from_1904: false,
            written: Written::AsRead,
        }
    }

    fn recognize_text(
        text: Text,
        mut facts: InputFacts,
        options: &IngestOptions,
        rules: &SourceRules,
    ) -> Result<Opened, IngestError> {
        let limits = limits_of(&rules.ingest);
        let detected = encoding::detect(&text, options.encoding.as_deref(), &options.tld, &facts.name, &rules.ingest)?;
        facts.encoding = detected.encoding.name();
        facts.encoding_basis = detected.basis;
        facts.invalid_sequences = detected.invalid;
        let is_utf8 = detected.encoding == Charset::UTF_8;
        let mut start = if is_utf8 { detected.bom } else { 0 };
        let mut text = encoding::decode(text, &detected, &facts.name, &rules.ingest)?;
        facts.remarks.extend(detected.remark());
        facts.invalid_sequences += text.replaced();
        let mut first_lines = head(&text, start, 64 << 10);
        if memchr::memchr(b'\n', &first_lines).is_none() {
            // A header of thousands of columns is longer than that.
            first_lines = head(&text, start, limits.max_record);
        }
        let is_twice = options.encoding.is_none() && encoding::is_encoded_twice(&first_lines);
        if is_twice {
            let once = encoding::decoded_once_more(&text, start);
            (text, start) = (once.map_err(|error| IngestError::unreadable(&facts.name, &error))?, 0);
            first_lines = head(&text, 0, first_lines.len());
            facts.remarks.push(TWICE.to_owned());
        }
        if is_vcard(&first_lines) {
            facts.format = "vcard";
            let converted = read_vcards(&text, &facts.name, &rules.ingest, &rules.vcards)?;
            return Ok(Opened::canonical(converted, facts, &rules.ingest));
        }
        if options.delimiter.is_none()
            && let Some(form) = UnusualForm::of(&first_lines)
        {
            facts.remarks.push(form.to_string());
            let read = form.rewritten(&text, start).map_err(|error| IngestError::unreadable(&facts.name, &error))?;
            first_lines = head(&read, 0, first_lines.len());
            let dialect = sniff(&first_lines, None).0;
            facts.delimiter = form.delimiter(dialect);
            let written = if is_twice { Written::Otherwise } else { Written::Unusual { form, text, start } };
            let opened = Opened::canonical(Converted::in_place(read), facts, &rules.ingest);
            return Ok(Opened { dialect, lines: None, names_columns: false, written, ..opened });
        }
        let (dialect, skipped) = sniff(&first_lines, options.delimiter);
        facts.delimiter = char::from(dialect.delimiter).to_string();
        let body = start + skipped as u64;
        let signs = if detected.encoding == Charset::Ibm862 { 1 } else { rules.ingest.visual_signs };
        let is_turned = dialect.terminator == b'\n' && is_visual(&first_lines, signs, &rules.ingest);
        if is_turned {
            text =
                in_reading_order(&text, body, dialect).map_err(|error| IngestError::unreadable(&facts.name, &error))?;
            facts.remarks.push(TURNED.to_owned());
        }
        Ok(Opened {
            facts,
            text,
            dialect,
            body,
            limits,
            unconverted: Vec::new(),
            lines: None,
            names_columns: false,
            first_column: 0,
            counts_from_1904: false,
            written: if detected.utf8_lines > 0 || is_turned || is_twice {
                Written::Otherwise
            } else {
                Written::AsRead
            },
        })
    }

    /// Finds the table, and leaves `body` at the first record of data.
    pub(super) fn find_table(&mut self, options: &IngestOptions, rules: &SourceRules) -> Result<Layout, IngestError> {
        let SourceRules { ingest, columns, layout, .. } = rules;
        let name = self.facts.name.clone();
        let begin = self.body;
        let at = match options.header_row {
            _ if options.no_header => HeaderAt::Nowhere,
            Some(line) => {
                self.body = self.header_given(line.get())?;
                HeaderAt::First
            }
            None if self.names_columns => HeaderAt::First,
            None => HeaderAt::Found,
        };
        let finder = LayoutFinder { dialect: self.dialect, columns, rules: layout };
        let find = |length: usize| {
            let bytes = head(&self.text, self.body, length);
            finder.find(&bytes, self.body + (bytes.len() as u64) < self.text.len(), at)
        };
        // A header of thousands of columns is longer than the top that is looked at.
        let found = match find(layout.top_bytes) {
            Err(NoTable::Unreadable) if layout.top_bytes < self.limits.max_record => find(self.limits.max_record),
            found => found,
        };
        let mut start = self.body;
        let mut found = found.map_err(|none| match none {
            NoTable::Empty => IngestError::empty(&name),
            NoTable::Unreadable => IngestError::unreadable_header(&name),
            NoTable::NoHeader(rows) => {
                IngestError::no_header(&name, rows.map(|rows| self.line_at(start + rows as u64)))
            }
        })?;
        if found.names.len() > ingest.max_columns {
            return Err(IngestError::too_many_columns(&name, found.names.len(), ingest.max_columns));
        }
        self.limits = self.limits.of_width(found.shape.width);
        if self.names_columns {
            // Nothing but rows can stand below such a header.
            found.shape.lines.rules = None;
            found.shape.known.clear();
        }
        if at == HeaderAt::First && !self.names_columns && !self.ends_before(start + found.body as u64) {
            let length = (start - begin) as usize;
            let read = |at: usize, length: usize| head(&self.text, begin + at as u64, length);
            let above = lines_above(length, self.limits.max_record, self.dialect, read);
            found.set_aside_above(&above, length, &head(&self.text, start, found.body), self.dialect);
            start = if found.others.is_empty() { start } else { begin };
        }
        found.shape.known.iter_mut().for_each(|(place, _)| *place += start);
        self.facts.header_line = if options.no_header { 0 } else { self.line_at(start + found.header as u64) };
        self.facts.lines_above = found.above as u32;
        self.body = start + found.body as u64;
        if let Some(layout) = found.shape.lines.rules.as_ref().filter(|_| found.shape.named >= layout.least_columns) {
            let known = |place: &u64| found.shape.known.iter().any(|(own, _)| own == place);
            let footers: Vec<u64> = self.footers(layout).into_iter().filter(|place| !known(place)).collect();
            found.shape.known.extend(footers.into_iter().map(|place| (place, Judged::Aside(Code::RowTextLine))));
            found.shape.known.sort_unstable_by_key(|(place, _)| *place);
        }
        Ok(found)
    }

    /// Where lines of text stand below the last row that are as full as it.
    fn footers(&self, rules: &LayoutRules) -> Vec<u64> {
        const LOOKED_AT: u64 = 64 << 10;
        let mut from = self.text.len().saturating_sub(LOOKED_AT).max(self.body);
        let mut bytes = head(&self.text, from, LOOKED_AT as usize);
        if from > self.body {
            let Some(end) = memchr::memchr(self.dialect.terminator, &bytes) else { return Vec::new() };
            bytes.drain(..=end);
            from += end as u64 + 1;
        }
        footers(&bytes, self.dialect, rules).into_iter().map(|place| from + place as u64).collect()
    }

    fn is_empty_body(&self) -> bool {
        self.ends_before(self.body)
    }

    /// Whether nothing stands from a place on.
    fn ends_before(&self, place: u64) -> bool {
        let bytes = head(&self.text, place, 4096);
        bytes.iter().all(u8::is_ascii_whitespace) && place + bytes.len() as u64 >= self.text.len()
    }
}

/// What is said of a text that was encoded twice.
const TWICE: &str = "its letters were written in UTF-8 twice over (`Ã©` for `é`); it is read as it was meant. Export it as UTF-8 once, \
                     or give --encoding utf-8 to read it as it stands";
/// What is said of Hebrew in visual order.
const TURNED: &str = "its Hebrew stands as a screen shows it, from left to right; it is read the other way round";

fn limits_of(rules: &IngestRules) -> Limits {
    Limits {
        block_bytes: rules.block_bytes,
        max_record: rules.max_record_bytes,
        most_lines: rules.block_bytes,
        preview: rules.quarantine_preview_bytes,
    }
}

/// At most `length` bytes from `offset` on.
pub(super) fn head(text: &Text, offset: u64, length: usize) -> Vec<u8> {
    let length = usize::try_from(text.len().saturating_sub(offset)).unwrap_or(length).min(length);
    let mut bytes = Vec::with_capacity(length);
    let mut chunk = vec![0; length.min(64 << 10)];
    while bytes.len() < length {
        match text.read_at(offset + bytes.len() as u64, &mut chunk) {
            Ok(read) if read > 0 => bytes.extend_from_slice(&chunk[..read.min(length - bytes.len())]),
            _ => break,
        }
    }
    bytes
}
