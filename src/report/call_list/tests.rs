//! What call lists hold, for people and for programs.

use std::io::Cursor;

use calamine::{Data, Reader};

use super::*;
use crate::record::{CustomerId, Field};
use crate::rule::{OutcomeWords, RuleFiles};

fn line(script: &str) -> CallLine {
    CallLine {
        call: Call {
            id: 17,
            campaign: "autumn".to_owned(),
            customer: CustomerId(7),
            household: CustomerId(7),
            recipient: "+972502345678".to_owned(),
            recipient_key: "+972502345678".to_owned(),
            row_key: "=1+1".to_owned(),
            first_name: "דנה".to_owned(),
            language: "he".to_owned(),
            country: "IL".to_owned(),
            script: script.to_owned(),
            to_verify: vec![Field::Email, Field::Phone],
            due_at: "2026-11-26T08:00:00Z".to_owned(),
        },
        last_name: "כהן, לוי; בע\"מ".to_owned(),
        email: "dana@example.org".to_owned(),
        other_phone: String::new(),
        not_before: "2026-11-26T10:00:00+02:00".to_owned(),
    }
}

fn words(language: &str) -> Words {
    Words::load(&RuleFiles::embedded(), language).expect("the shipped words load")
}

#[test]
fn the_csv_opens_in_a_spreadsheet_and_no_cell_of_it_runs() {
    let mut out = Vec::new();
    write_call_csv(&[line("שלום")], &mut out).expect("memory");
    let text = String::from_utf8(out).expect("is UTF-8");
    assert!(text.starts_with("\u{feff}call,customer,key,"));
    let mut reader = ::csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    assert_eq!(reader.headers().expect("a header").len(), COLUMNS.len());
    let record = reader.records().next().expect("a record").expect("is of the same length");
    assert_eq!(&record[2], "'=1+1");
    assert_eq!(&record[5], "+972502345678");
    assert_eq!(&record[6], "tel:+972502345678");
    assert!(record.iter().skip(OUTCOME).all(str::is_empty));
}

#[test]
fn a_caller_reads_the_time_of_where_the_customer_lives() {
    let rules = OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
    for (country, time) in [("IL", "2026-11-26T10:00:00+02:00"), ("??", "2026-11-26T08:00:00+00:00")] {
        let call = Call { country: country.to_owned(), ..line("").call };
        let lines = call_lines(&[call], None, &rules).expect("nothing is read");
        assert_eq!(lines[0].not_before, time);
    }
}

#[test]
fn the_workbook_reads_back_and_offers_the_outcomes() {
    for language in ["he", "en"] {
        let words = words(language);
        let mut out = Vec::new();
        write_call_workbook(&[line("שלום"), line("")], &words, &mut out).expect("memory");
        let mut again = Vec::new();
        write_call_workbook(&[line("שלום"), line("")], &words, &mut again).expect("memory");
        assert_eq!(out, again, "the same list, the same bytes");
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(out)).expect("is a workbook");
        let calls = book.worksheet_range(words.say("call.sheet.calls")).expect("is there");
        assert_eq!(
            calls.get_value((0, OUTCOME as u32)),
            Some(&Data::String(words.say("call.column.outcome").to_owned()))
        );
        assert_eq!(calls.get_value((1, 5)), Some(&Data::String("+972502345678".to_owned())));
        assert_eq!(calls.get_value((1, 2)), Some(&Data::String("=1+1".to_owned())));
        let outcomes = book.worksheet_range(words.say("call.sheet.outcomes")).expect("is there");
        assert_eq!(outcomes.height(), OutcomeWords::CHOICES.len() + 1);
    }
}

#[test]
fn a_vcard_escapes_and_folds_as_rfc_6350_asks() {
    let mut out = Vec::new();
    let script = "שלום דנה, כאן מועדון כלנית; האם הפרטים שיש לנו עדיין נכונים?\nתודה";
    write_call_vcards(&[line(script)], &words("he"), &mut out).expect("memory");
    let text = String::from_utf8(out).expect("is UTF-8");
    assert!(text.starts_with("BEGIN:VCARD\r\nVERSION:4.0\r\n") && text.ends_with("END:VCARD\r\n"));
    assert!(text.split("\r\n").all(|line| line.len() <= LONGEST && !line.contains('\n')), "{text}");
    let unfolded = text.replace("\r\n ", "");
    assert!(unfolded.contains("N:כהן\\, לוי\\; בע\"מ;דנה;;;"), "{unfolded}");
    assert!(unfolded.contains("\\; האם הפרטים") && unfolded.contains("נכונים?\\nתודה"), "{unfolded}");
    assert!(unfolded.contains("TEL;VALUE=uri;PREF=1:tel:+972502345678\r\n"));
}

const LONGEST: usize = 75;
