//! Cards as address books write them, and broken ones.

use super::*;
use crate::rule::RuleFiles;
use proptest::prelude::*;
use std::io::Read;

type Bad = (u32, u32, Code);

fn read(text: &str) -> Result<(Vec<Vec<String>>, Vec<Bad>), IngestError> {
    let rules = IngestRules { max_record_bytes: 1000, max_columns: 60, ..IngestRules::shipped() };
    let columns = VcardRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
    let converted = read_vcards(&Text::from_bytes(text.as_bytes().to_vec()), "book.vcf", &rules, &columns)?;
    let mut all = String::new();
    converted.text.reader().read_to_string(&mut all).expect("UTF-8");
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(all.as_bytes());
    let rows = reader.records().map(|row| row.expect("a row").iter().map(str::to_owned).collect()).collect();
    let bad = converted.quarantined.iter().map(|bad| (bad.row.number(), bad.line.number(), bad.code)).collect();
    Ok((rows, bad))
}

/// The first card's cells by their columns.
fn card(lines: &str) -> Vec<(String, String)> {
    let (rows, bad) = read(&format!("BEGIN:VCARD\r\n{lines}END:VCARD\r\n")).expect("a card");
    assert!(bad.is_empty(), "{bad:?}");
    rows[0].iter().cloned().zip(rows[1].iter().cloned()).collect()
}

fn pairs(cells: &[(String, String)]) -> Vec<(&str, &str)> {
    cells.iter().map(|(column, cell)| (column.as_str(), cell.as_str())).collect()
}

#[test]
fn numbers_and_addresses_stand_in_columns_of_their_kinds() {
    let cells = card(
        "VERSION:3.0\r\nN:כהן;דנה;;ד\"ר;\r\nFN:דנה כהן\r\n\
         TEL;TYPE=CELL,VOICE:050-2345678\r\nTEL;TYPE=HOME,FAX:03-5234567\r\nTEL;TYPE=WORK;TYPE=pref:03-6234567\r\n\
         TEL;TYPE=CELL:052-3456789\r\nEMAIL;TYPE=INTERNET,WORK:dana@work.example\r\nEMAIL:dana@mail.example\r\n\
         ADR;TYPE=HOME:;;הרצל 12\\, דירה 3;חיפה;;3303101;ישראל\r\nBDAY:1985-03-14\r\nORG:מאפיית כהן;שיווק\r\n\
         NOTE:line one\\nline two\r\nCATEGORIES:vip,club\r\nX-SKYPE:dana.c\r\n",
    );
    let expected = [
        ("work phone", "03-6234567"),
        ("last name", "כהן"),
        ("first name", "דנה"),
        ("name prefix", "ד\"ר"),
        ("full name", "דנה כהן"),
        ("mobile", "050-2345678"),
        ("fax", "03-5234567"),
        ("mobile 2", "052-3456789"),
        ("work email", "dana@work.example"),
        ("email", "dana@mail.example"),
        ("street", "הרצל 12, דירה 3"),
        ("city", "חיפה"),
        ("postcode", "3303101"),
        ("country", "ישראל"),
        ("birth date", "1985-03-14"),
        ("company", "מאפיית כהן"),
        ("department", "שיווק"),
        ("notes", "line one\nline two"),
        ("tags", "vip; club"),
        ("x-skype", "dana.c"),
    ];
    assert_eq!(pairs(&cells), expected);
}

#[test]
fn links_labels_and_the_words_of_old_cards_say_the_kind_too() {
    let cells = card("VERSION:4.0\r\nFN:Dana\r\nTEL;VALUE=uri;PREF=1;TYPE=\"cell,home\":tel:+972-50-234-5678\r\n");
    assert_eq!(pairs(&cells), [("mobile", "+972-50-234-5678"), ("full name", "Dana")]);
    let cells = card("VERSION:3.0\r\nFN:Dana\r\nitem1.TEL:0502345678\r\nitem1.X-ABLabel:_$!<Mobile>!$_\r\n");
    assert_eq!(pairs(&cells), [("full name", "Dana"), ("mobile", "0502345678")]);
    let cells = card(
        "VERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D7=9B=D7=94=D7=9F;=D7=93=D7=A0=\r\n=D7=94;;;\r\n\
         TEL;CELL;PREF:0502345678\r\n",
    );
    assert_eq!(pairs(&cells), [("mobile", "0502345678"), ("last name", "כהן"), ("first name", "דנה")]);
}

#[test]
fn pictures_are_not_kept_however_large_and_however_folded() {
    let picture = "/9j/4AAQSkZJRgABAQ".repeat(40);
    let folded = format!("PHOTO;ENCODING=b;TYPE=JPEG:{picture}\r\n {picture}\r\n {picture}\r\n");
    let unfolded = format!("PHOTO;JPEG;ENCODING=BASE64:\r\n{picture}\r\n{picture}\r\n\r\n");
    let link = format!("PHOTO:data:image/jpeg;base64,{picture}\r\n");
    for photo in [folded, unfolded, link] {
        let cells = card(&format!("VERSION:3.0\r\nFN:Dana\r\n{photo}TEL:050\r\n"));
        assert_eq!(pairs(&cells), [("full name", "Dana"), ("phone", "050")]);
    }
}

#[test]
fn more_values_of_a_kind_than_columns_share_the_last_one() {
    let numbers: String = (1..=6).map(|number| format!("TEL:{number}\r\n")).collect();
    let cells = card(&format!("VERSION:3.0\r\n{numbers}"));
    assert_eq!(pairs(&cells), [("phone", "1"), ("phone 2", "2"), ("phone 3", "3"), ("phone 4", "4; 5; 6")]);
}

#[test]
fn an_agent_is_another_person() {
    let cells = card("VERSION:2.1\r\nN:Cohen;Dana\r\nAGENT:\r\nBEGIN:VCARD\r\nN:Levi;Noa\r\nEND:VCARD\r\nTEL:050\r\n");
    assert_eq!(pairs(&cells), [("last name", "Cohen"), ("first name", "Dana"), ("phone", "050")]);
}

#[test]
fn broken_cards_are_set_apart_and_the_others_keep_their_lines() {
    let long = "x".repeat(1500);
    let text = format!(
        "\u{FEFF}\nBEGIN:VCARD\nFN:A\nEND:VCARD\n\nBEGIN:VCARD\nFN:B\nBEGIN:VCARD\nFN:C\nEND:VCARD\nnonsense\n\
         BEGIN:VCARD\nNOTE:{long}\nEND:VCARD\nBEGIN:VCARD\nFN:D\nEND:VCARD\nBEGIN:VCARD\nFN:E\n"
    );
    let (rows, bad) = read(text.trim_start_matches('\u{FEFF}')).expect("cards");
    assert_eq!(rows, [["full name"], ["A"], ["C"], ["D"]]);
    let wrong = Code::RowBadVcard;
    assert_eq!(bad, [(2, 6, wrong), (4, 11, wrong), (5, 12, Code::RowTooLong), (7, 18, wrong)]);
}

#[test]
fn a_text_without_any_card_is_empty() {
    for text in ["", "\n\n", "BEGIN:VCARD\nEND:VCARD\n", "BEGIN:VCARD\n"] {
        assert!(matches!(read(text).expect_err(text).problem(), IngestProblem::Empty), "{text:?}");
    }
}

proptest! {
    #[test]
    fn no_mix_of_lines_makes_reading_panic_or_hang(
        lines in prop::collection::vec(prop::sample::select(vec![
            "BEGIN:VCARD", "END:VCARD", "AGENT:", "FN:x", "PHOTO;ENCODING=b:abc", " folded", "TEL;TYPE=\"", "N:;;;;;;", ":",
            "a;b=c:=", "NOTE;QUOTED-PRINTABLE:=D7=", "=", "\u{5D0}:\u{5D0}", "",
        ]), 0..40),
    ) {
        let _ = read(&lines.join("\n"));
    }
}
