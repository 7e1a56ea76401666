//! Workbooks by what their parts say: the first byte is the kind, and 0xFF parts the parts. They are put into an archive here, so
//! that what changes is XML, or the records of binary sheets, and no longer fails at the first checksum.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "reading.rs"]
mod reading;

const XLSX: [&str; 5] = [
    "xl/worksheets/sheet1.xml",
    "xl/sharedStrings.xml",
    "xl/workbook.xml",
    "xl/styles.xml",
    "xl/_rels/workbook.xml.rels",
];
const XLSB: [&str; 4] =
    ["xl/worksheets/sheet1.bin", "xl/workbook.bin", "xl/sharedStrings.bin", "xl/_rels/workbook.bin.rels"];
const ODS: [&str; 2] = ["content.xml", "META-INF/manifest.xml"];

fuzz_target!(init: reading::let_others_panic(), |bytes: &[u8]| {
    let Some((kind, rest)) = bytes.split_first() else { return };
    let names = match kind % 3 {
        0 => &XLSX[..],
        1 => &XLSB,
        _ => &ODS,
    };
    let mut parts: Vec<(&str, &[u8])> = names.iter().copied().zip(rest.splitn(names.len(), |byte| *byte == 0xFF)).collect();
    match kind % 3 {
        0 => {
            if parts.len() < 5 {
                parts.push(("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()));
            }
            if parts.len() < 4 {
                parts.push(("xl/workbook.xml", BOOK.as_bytes()));
            }
            parts.push(("[Content_Types].xml", b"<Types></Types>"));
            parts.push(("_rels/.rels", PACKAGE.as_bytes()));
        }
        1 if parts.len() < 4 => parts.push(("xl/_rels/workbook.bin.rels", BINARY_RELATIONS.as_bytes())),
        1 => {}
        _ => parts.insert(0, ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")),
    }
    reading::read("book.fuzz", zip(&parts));
});

const PACKAGE: &str = "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const RELATIONS: &str = "<Relationships><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
const BINARY_RELATIONS: &str =
    "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.bin\"/></Relationships>";
const BOOK: &str = "<workbook><sheets><sheet name=\"List\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";

/// An archive of parts as they are; nothing is packed.
fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let length = (content.len() as u32).to_le_bytes();
        let mut fields = vec![20, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        fields.extend(crc32fast::hash(content).to_le_bytes());
        fields.extend([length, length].concat());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        directory.extend([&b"PK\x01\x02\x14\0"[..], &fields, &[0; 10]].concat());
        directory.extend((bytes.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        bytes.extend([&b"PK\x03\x04"[..], &fields, name.as_bytes(), content].concat());
    }
    let (count, offset) = ((parts.len() as u16).to_le_bytes(), (bytes.len() as u32).to_le_bytes());
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend([count, count].concat());
    end.extend([(directory.len() as u32).to_le_bytes(), offset].concat());
    [bytes, directory, end, vec![0, 0]].concat()
}
