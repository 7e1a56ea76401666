//! What a source is, by its content; names lie.

use memchr::memmem;

use super::encoding::utf16_without_mark;
use super::error::{IngestError, IngestProblem};
use crate::rule::IngestRules;

/// A format that lists come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    /// Delimited text of any dialect.
    Csv,
    /// Office Open XML workbook.
    Xlsx,
    /// The same in binary form.
    Xlsb,
    /// Excel workbook as a compound file, as before 2007.
    Xls,
    /// OpenDocument spreadsheet.
    Ods,
    /// JSON Lines, or JSON with an array of objects.
    Jsonl,
    /// Apache Parquet.
    Parquet,
    /// ZIP archive that is no workbook; perhaps a list is in it.
    Zip,
}

impl Format {
    /// The word in reports.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::Xlsb => "xlsb",
            Format::Xls => "xls",
            Format::Ods => "ods",
            Format::Jsonl => "jsonl",
            Format::Parquet => "parquet",
            Format::Zip => "zip",
        }
    }
}

/// Tells the format by the first bytes (unpacked), and what else it is where it is no list.
pub(crate) fn detect_format(first: &[u8], name: &str, rules: &IngestRules) -> Result<Format, IngestError> {
    recognize(first, rules).map_err(|problem| IngestError::new(name, problem))
}

fn recognize(first: &[u8], rules: &IngestRules) -> Result<Format, IngestProblem> {
    if first.starts_with(b"PK\x03\x04") {
        return recognize_zip(first);
    }
    if first.starts_with(b"PAR1") {
        return Ok(Format::Parquet);
    }
    if first.starts_with(COMPOUND_FILE) {
        // What is in it says its directory, which is often further behind than this looks.
        return Ok(Format::Xls);
    }
    if let Some((_, what, remedy)) = FOREIGN.iter().find(|(magic, ..)| first.starts_with(magic)) {
        return Err(unsupported(what, remedy));
    }
    let is_utf16 =
        first.starts_with(b"\xFF\xFE") || first.starts_with(b"\xFE\xFF") || utf16_without_mark(first, rules).is_some();
    if is_utf16 {
        return Ok(Format::Csv);
    }
    if is_binary(first, rules) {
        let what = WEAK.iter().find(|(magic, _)| first.starts_with(magic)).map(|(_, what)| what);
        return Err(what.map_or(IngestProblem::Binary, |what| unsupported(what, EXPORT)));
    }
    let text = first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(first).trim_ascii_start();
    recognize_text(text)
}

fn recognize_text(text: &[u8]) -> Result<Format, IngestProblem> {
    let starts_with = |tag: &str| text.get(..tag.len()).is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()));
    if ["<!doctype html", "<html", "<table", "<meta", "<head", "<style", "<body", "<div"].into_iter().any(starts_with) {
        let remedy = "some systems save a web page under the name of a workbook; open it in Excel and save it as .xlsx";
        return Err(unsupported("a web page (HTML)", remedy));
    }
    if starts_with("<?xml") {
        return Err(unsupported("an XML document", "open it in Excel and save it as .xlsx, or export the list as CSV"));
    }
    if starts_with("{\\rtf") {
        return Err(unsupported("a text document (RTF)", EXPORT));
    }
    if let [bracket @ (b'{' | b'['), rest @ ..] = text {
        // A header may begin with a bracket too, `[id],[name]`; a value of JSON goes on like JSON.
        let next = rest.trim_ascii_start().first();
        let goes_on = match bracket {
            b'{' => matches!(next, Some(b'"' | b'}')),
            _ => matches!(next, Some(b'{' | b']')),
        };
        if goes_on {
            return Ok(Format::Jsonl);
        }
    }
    Ok(Format::Csv)
}

/// Workbooks are ZIP archives; the names of their first parts tell which.
fn recognize_zip(first: &[u8]) -> Result<Format, IngestProblem> {
    let names: Vec<&[u8]> = memmem::find_iter(first, b"PK\x03\x04").filter_map(|at| local_name(&first[at..])).collect();
    let any = |start: &str| names.iter().any(|name| name.starts_with(start.as_bytes()));
    if any("xl/workbook.bin") || any("xl/worksheets/binaryIndex") {
        return Ok(Format::Xlsb);
    }
    if any("word/") {
        return Err(unsupported("a Word document", "copy its table into a spreadsheet and save that"));
    }
    if any("ppt/") {
        return Err(unsupported("a presentation", EXPORT));
    }
    if any("Index/") {
        return Err(unsupported("an Apple Numbers document", "export it from Numbers as Excel or CSV"));
    }
    if any("xl/") {
        return Ok(Format::Xlsx);
    }
    if any("mimetype") {
        // OpenDocument 1.2 part 3, 3.3: the first part, stored as it is, says what the document is.
        return match memmem::find(first, b"application/vnd.oasis.opendocument.spreadsheet") {
            Some(_) => Ok(Format::Ods),
            None => Err(unsupported("an OpenDocument file, but no spreadsheet", EXPORT)),
        };
    }
    if any("content.xml") {
        return Ok(Format::Ods);
    }
    if any("[Content_Types].xml") || any("_rels/") || any("docProps/") {
        return Ok(Format::Xlsx);
    }
    Ok(Format::Zip)
}

/// The name in a local file header (APPNOTE.TXT 4.3.7).
fn local_name(header: &[u8]) -> Option<&[u8]> {
    let length = usize::from(u16::from_le_bytes([*header.get(26)?, *header.get(27)?]));
    header.get(30..30 + length)
}

fn is_binary(first: &[u8], rules: &IngestRules) -> bool {
    // Form feed and Ctrl-Z, the end mark of DOS files, stand in old exports.
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 0x0B | 0x0E..=0x19 | 0x1B..=0x1F | 0x7F);
    first.iter().filter(is_control).count() * 100 > first.len() * usize::from(rules.binary_control_percent)
}

fn unsupported(what: &'static str, remedy: &'static str) -> IngestProblem {
    IngestProblem::Unsupported { what, remedy }
}

const COMPOUND_FILE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
const EXPORT: &str = "export the list as CSV or XLSX";
const UNPACK: &str = "unpack it and name the list that is in it; gzip and zstd are unpacked for you";

/// Marks that no text begins with, or none that is a list.
const FOREIGN: &[(&[u8], &str, &str)] = &[
    (b"%PDF-", "a PDF document", "export the list as CSV or XLSX from the program that made it"),
    (b"\x89PNG\r\n", "a picture (PNG)", EXPORT),
    (b"\xFF\xD8\xFF", "a picture (JPEG)", EXPORT),
    (b"GIF87a", "a picture (GIF)", EXPORT),
    (b"GIF89a", "a picture (GIF)", EXPORT),
    (b"II*\0", "a picture (TIFF)", EXPORT),
    (b"MM\0*", "a picture (TIFF)", EXPORT),
    (b"PK\x05\x06", "an empty ZIP archive", EXPORT),
    (b"PARE", "a Parquet file with an encrypted footer", "write it again without encryption"),
    (b"ARROW1", "an Arrow or Feather file", "write it as Parquet or CSV"),
    (b"Obj\x01", "an Avro file", "write it as Parquet or CSV"),
    (b"ORC\x0A", "an ORC file", "write it as Parquet or CSV"),
    (b"SQLite format 3\0", "an SQLite database", "export the table as CSV"),
    (b"\0\x01\0\0Standard ", "an Access database", "export the table as CSV or XLSX"),
    (b"7z\xBC\xAF\x27\x1C", "a 7-Zip archive", UNPACK),
    (b"Rar!\x1A\x07", "a RAR archive", UNPACK),
    (b"\xFD7zXZ\0", "an xz archive", UNPACK),
    (b"\x04\x22\x4D\x18", "an lz4 archive", UNPACK),
    (b"\x7FELF", "a program", "name the list instead"),
];

/// Marks that text could begin with; they only count where the rest is binary.
const WEAK: &[(&[u8], &str)] = &[
    (b"BZh", "a bzip2 archive"),
    (b"BM", "a picture (BMP)"),
    (b"RIFF", "a picture or a sound (RIFF)"),
    (b"MZ", "a program"),
    (b"\x03", "a dBase table or another binary file"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zip(names: &[&str]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for name in names {
            bytes.extend(b"PK\x03\x04");
            bytes.extend([0; 22]);
            bytes.extend((name.len() as u16).to_le_bytes());
            bytes.extend([0; 2]);
            bytes.extend(name.as_bytes());
        }
        bytes
    }

    #[test]
    fn formats_are_told_by_content() {
        let utf16: Vec<u8> = "שם,טלפון\r\nדנה,050\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let ods = [zip(&["mimetype"]), b"application/vnd.oasis.opendocument.spreadsheet".to_vec()].concat();
        let cases: [(&[u8], Format); 16] = [
            (b"", Format::Csv),
            ("שם;טלפון\nדנה;050".as_bytes(), Format::Csv),
            (b"[id],[name]\n1,Dana", Format::Csv),
            (b"{id}\t{name}\n", Format::Csv),
            (&utf16, Format::Csv),
            (b"BM,MZ,ORC\n1,2,3\n", Format::Csv),
            (b"\xEF\xBB\xBF {\"id\": 1}\n", Format::Jsonl),
            (b"[\n  {\"id\": 1}]", Format::Jsonl),
            (b"PAR1\x15\x04", Format::Parquet),
            (&zip(&["[Content_Types].xml", "_rels/.rels"]), Format::Xlsx),
            (&zip(&["docProps/app.xml", "xl/workbook.xml"]), Format::Xlsx),
            (&zip(&["[Content_Types].xml", "xl/workbook.bin"]), Format::Xlsb),
            (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0", Format::Xls),
            (&zip(&["customers.csv"]), Format::Zip),
            (&zip(&["META-INF/manifest.xml", "content.xml"]), Format::Ods),
            (&ods, Format::Ods),
        ];
        for (first, format) in cases {
            let found = detect_format(first, "list", &IngestRules::shipped());
            assert_eq!(found.expect("a list"), format, "{}", String::from_utf8_lossy(first));
        }
    }

    #[test]
    fn what_is_no_list_is_named() {
        let odt = [zip(&["mimetype"]), b"application/vnd.oasis.opendocument.text".to_vec()].concat();
        let cases: [(&[u8], &str); 8] = [
            (b"%PDF-1.7\n", "a PDF document"),
            (b"\n <HTML><table>", "a web page"),
            (b"<?xml version=\"1.0\"?><Workbook>", "an XML document"),
            (b"\x89PNG\r\n\x1A\n", "a picture (PNG)"),
            (b"BM\0\0\0\x01\x02", "a picture (BMP)"),
            (b"\x01\x02\0\0\0\x05", "binary data"),
            (&zip(&["[Content_Types].xml", "word/document.xml"]), "a Word document"),
            (&odt, "an OpenDocument file, but no spreadsheet"),
        ];
        for (first, what) in cases {
            let error = detect_format(first, "list.xls", &IngestRules::shipped()).expect_err(what);
            assert!(error.to_string().starts_with(&format!("can't read list.xls: it is {what}")), "{error}");
            assert!(!crate::error::Explain::help(&error).is_empty(), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_recognizing_panic(bytes: Vec<u8>, which in 0..3usize) {
            let start: [&[u8]; 3] = [b"", b"PK\x03\x04", COMPOUND_FILE];
            let _ = detect_format(&[start[which], &bytes].concat(), "x", &IngestRules::shipped());
        }
    }
}
