//! ZIP archives and workbooks, built part by part.

use std::io::Write;

/// An archive of parts, each packed but for the one that says what it is.
pub(super) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in parts {
        let is_plain = *name == "mimetype";
        let level = if is_plain { flate2::Compression::none() } else { flate2::Compression::default() };
        let mut packer = flate2::write::DeflateEncoder::new(Vec::new(), level);
        packer.write_all(content).expect("memory can be written");
        let packed = if is_plain { content.to_vec() } else { packer.finish().expect("memory can be written") };
        let mut fields = vec![20, 0, 0, 0, if is_plain { 0 } else { 8 }, 0, 0, 0, 0, 0];
        fields.extend(crc32fast::hash(content).to_le_bytes());
        fields.extend((packed.len() as u32).to_le_bytes());
        fields.extend((content.len() as u32).to_le_bytes());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        directory.extend([&b"PK\x01\x02\x14\0"[..], &fields, &[0; 10]].concat());
        directory.extend((bytes.len() as u32).to_le_bytes());
        directory.extend(name.as_bytes());
        bytes.extend([&b"PK\x03\x04"[..], &fields, name.as_bytes(), &packed].concat());
    }
    let (count, offset) = ((parts.len() as u16).to_le_bytes(), bytes.len() as u32);
    let mut end = b"PK\x05\x06\0\0\0\0".to_vec();
    end.extend([count, count].concat());
    end.extend([(directory.len() as u32).to_le_bytes(), offset.to_le_bytes()].concat());
    [bytes, directory, end, vec![0, 0]].concat()
}

/// A workbook with the XML of one sheet, which so many names lead to, and of its shared strings.
pub(super) fn xlsx(sheet: &str, names: u32, strings: &str) -> Vec<u8> {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = format!(
        "<Relationships><Relationship Id=\"rId1\" Type=\"{kind}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let sheets: String =
        (1..=names).map(|n| format!("<sheet name=\"List{n}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>")).collect();
    let relations: String = (1..=names)
        .map(|n| format!("<Relationship Id=\"rId{n}\" Type=\"{kind}/worksheet\" Target=\"worksheets/sheet1.xml\"/>"))
        .collect();
    zip(&[
        ("[Content_Types].xml", b"<Types></Types>"),
        ("_rels/.rels", package.as_bytes()),
        ("xl/workbook.xml", format!("<workbook><sheets>{sheets}</sheets></workbook>").as_bytes()),
        ("xl/_rels/workbook.xml.rels", format!("<Relationships>{relations}</Relationships>").as_bytes()),
        ("xl/sharedStrings.xml", format!("<sst>{strings}</sst>").as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

/// A spreadsheet with the XML of its tables.
pub(super) fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:body><office:spreadsheet>{tables}\
         </office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest></manifest:manifest>"),
        ("content.xml", content.as_bytes()),
    ])
}
