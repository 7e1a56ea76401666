//! Encodings as real lists have them.

use std::io::Read;

use encoding_rs::{UTF_8, WINDOWS_1255};
use proptest::prelude::*;

use super::utf8::Utf8Count;
use super::*;
use crate::text::from_visual;

fn read(bytes: &[u8], tld: &str) -> (Detected, String) {
    let rules = IngestRules::shipped();
    let text = Text::from_bytes(bytes.to_vec());
    let detected = detect(&text, None, tld, "list.csv", &rules).expect("detected");
    let text = decode(text, &detected, "list.csv", &IngestRules::shipped()).expect("decoded");
    let mut all = Vec::new();
    text.reader().read_to_end(&mut all).expect("readable");
    if detected.encoding == Charset::UTF_8 {
        all.drain(..detected.bom as usize);
    }
    (detected, String::from_utf8_lossy(&all).into_owned())
}

fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

/// Takes words in turn, from a place that differs from list to list.
struct Words<'a> {
    words: &'a str,
    next: u64,
}

impl Words<'_> {
    fn word(&mut self) -> &str {
        // Knuth's linear congruential generator: any words will do, but the same in every run.
        self.next = self.next.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let count = self.words.split(' ').count();
        self.words.split(' ').nth((self.next >> 33) as usize % count).unwrap_or_default()
    }
}

/// A list of `rows` rows of which `percent` (at least one) have names and towns in the language of `words`.
fn list(words: &str, header: &str, rows: usize, percent: usize, seed: usize) -> String {
    let mut words = Words { words, next: seed as u64 };
    let foreign = (rows * percent / 100).max(1);
    let mut list = format!("{header}\r\n");
    for row in 0..rows {
        let phone = format!("05{}-{:07}", row % 9, (row * 7919 + seed) % 10_000_000);
        let (first, last, town) = if (row + seed) % rows < foreign {
            (words.word().to_owned(), words.word().to_owned(), words.word().to_owned())
        } else {
            ("Dana".to_owned(), "Cohen".to_owned(), "Haifa".to_owned())
        };
        list += &format!("{row},{first},{last},{phone},c{row}@mail.example,{town}\r\n");
    }
    list
}

const HEBREW: &str = "דנה יוסי כהן לוי מזרחי פרץ רחל שרה אברהם יצחק תל-אביב חיפה ירושלים נתניה אשדוד ביטון חן גל נועה \
                      איתי תמר עומר צ'רלי ג׳ורג׳ בע״מ פתח-תקווה בת-ים רמת-גן הרצליה שושנה מרגלית פנחס קוטלר אוחיון דן";
const HEBREW_HEADER: &str = "מספר,שם פרטי,שם משפחה,טלפון נייד,דוא\"ל,עיר";
const ENGLISH_HEADER: &str = "id,first,last,phone,email,city";
const SIZES: [usize; 11] = [1, 2, 3, 5, 10, 30, 100, 300, 1000, 2500, 5000];
const SHARES: [usize; 8] = [1, 2, 5, 10, 25, 50, 75, 100];

#[test]
fn windows_1255_lists_of_every_size_and_share_of_hebrew_decode_right() {
    let mut wrong = Vec::new();
    let mut lists = 0;
    for rows in SIZES {
        for percent in SHARES {
            for header in [HEBREW_HEADER, ENGLISH_HEADER] {
                for seed in 0..if rows <= 30 { 60 } else { 2 } {
                    let list = list(HEBREW, header, rows, percent, seed);
                    let (bytes, _, unmappable) = WINDOWS_1255.encode(&list);
                    assert!(!unmappable);
                    lists += 1;
                    let (detected, text) = read(&bytes, "il");
                    if text != list {
                        wrong.push((rows, percent, seed, detected.encoding.name()));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {lists}: {wrong:?}", wrong.len());
}

#[test]
fn unicode_lists_decode_right_with_and_without_a_mark() {
    for (rows, percent) in SIZES.into_iter().flat_map(|rows| [(rows, 1), (rows, 40), (rows, 100)]) {
        let list = list(HEBREW, HEBREW_HEADER, rows, percent, rows);
        let marked = format!("\u{FEFF}{list}");
        for (bytes, encoding, basis) in [
            (list.clone().into_bytes(), UTF_8, "valid utf-8"),
            (marked.clone().into_bytes(), UTF_8, "bom"),
            (utf16(&list, u16::to_le_bytes), UTF_16LE, "utf-16 pattern"),
            (utf16(&list, u16::to_be_bytes), UTF_16BE, "utf-16 pattern"),
            (utf16(&marked, u16::to_le_bytes), UTF_16LE, "bom"),
            (utf16(&marked, u16::to_be_bytes), UTF_16BE, "bom"),
        ] {
            let (detected, text) = read(&bytes, "il");
            assert_eq!(
                (detected.encoding, detected.basis),
                (Charset::Standard(encoding), basis),
                "{rows} rows, {percent} %"
            );
            assert!(text == list, "{rows} rows, {percent} %, {basis}");
        }
    }
}

#[test]
fn lists_of_other_places_decode_right() {
    let russian = "Иванов Сидорова Анна Михаил Екатерина Хайфа Ашдод Наталья Лифшиц Борис Петров Ольга";
    let arabic = "محمد أحمد فاطمة خديجة يوسف الناصرة حيفا سعيد إبراهيم مريم خالد عبدالله";
    let german = "Müller Jürgen Schröder Köln Düsseldorf Björn Weiß Größe Günther Jäger Zoë";
    for (label, words, tld) in [
        ("iso-8859-8", "דנה יוסי כהן לוי מזרחי פרץ רחל שרה אברהם", "il"),
        ("windows-1251", russian, "ru"),
        ("windows-1256", arabic, "jo"),
        ("windows-1252", german, "de"),
        ("windows-1251", russian, "il"),
        ("windows-1256", arabic, "il"),
        ("windows-1252", german, "il"),
    ] {
        let encoding = Encoding::for_label(label.as_bytes()).expect("a known label");
        for (rows, percent) in [(20, 100), (300, 30), (3000, 5)] {
            let list = list(words, ENGLISH_HEADER, rows, percent, 3);
            let (bytes, _, unmappable) = encoding.encode(&list);
            assert!(!unmappable);
            let (detected, text) = read(&bytes, tld);
            assert!(text == list, "{label} in .{tld}, {rows} rows: taken for {}", detected.encoding.name());
        }
    }
}

#[test]
fn a_utf_8_list_with_a_few_bad_bytes_stays_utf_8() {
    let list = list(HEBREW, HEBREW_HEADER, 500, 60, 1);
    let (pasted, _, _) = WINDOWS_1255.encode("501,רחל,לוי,050-1234567,r@mail.example,חיפה\r\n");
    let bytes = [list.as_bytes(), &pasted].concat();
    let (detected, _) = read(&bytes, "il");
    assert_eq!((detected.encoding, detected.invalid), (Charset::UTF_8, 10));
    let (detected, _) = read(&list.as_bytes()[..list.len() - 3 - "הרצליה".len()], "il");
    assert_eq!(detected.encoding, Charset::UTF_8);
}

#[test]
fn a_bad_byte_late_in_a_large_file_is_seen_and_block_ends_split_no_character() {
    for shift in 0..3 {
        let mut bytes = vec![b'a'; shift];
        bytes.extend("ש€😀".repeat(400_000).into_bytes());
        assert_eq!(count_utf8(&Text::from_bytes(bytes.clone()), 0).expect("read"), Utf8Count::default());
        bytes.push(0xE2);
        let count = count_utf8(&Text::from_bytes(bytes), 0).expect("read");
        assert_eq!(count, Utf8Count { valid: 1_200_000, invalid: 1 });
    }
}

#[test]
fn sequences_that_do_not_decode_are_replaced_and_counted() {
    let (hebrew, _, _) = WINDOWS_1255.encode("שם\r\nדנה\r\nיוסי");
    let text = Text::from_bytes([&hebrew[..], &[0xFF, 0xD9]].concat());
    let detected = detect(&text, Some("windows-1255"), "il", "list.csv", &IngestRules::shipped()).expect("known");
    let text = decode(text, &detected, "list.csv", &IngestRules::shipped()).expect("decoded");
    assert_eq!(text.replaced(), 2);
    let mut all = String::new();
    text.reader().read_to_string(&mut all).expect("UTF-8");
    assert_eq!(all, "שם\r\nדנה\r\nיוסי\u{FFFD}\u{FFFD}");
}

#[test]
fn a_given_label_wins_and_an_unknown_one_is_answered_with_the_closest() {
    let rules = IngestRules::shipped();
    let text = Text::from_bytes(b"\xFE\xFF\0a".to_vec());
    let detected = detect(&text, Some(" UTF-16 "), "il", "list.csv", &rules).expect("known");
    assert_eq!((detected.encoding, detected.bom, detected.basis), (Charset::Standard(UTF_16BE), 2, "given"));
    let error = detect(&text, Some("window-1255"), "il", "list.csv", &rules).expect_err("unknown");
    let IngestProblem::UnknownEncoding { closest, .. } = error.problem() else { panic!("{error}") };
    assert_eq!(closest.as_deref(), Some("windows-1255"));
}

#[test]
fn hebrew_of_dos_is_told_from_russian_in_capitals() {
    let words = "נטע גפן אסף כרמי הדס רימון אורן שקד יעל אלון";
    for rows in [2, 3, 10, 300] {
        let hebrew = list(words, "מספר לקוח,שם פרטי,שם משפחה,טלפון,מייל,יישוב", rows, 100, rows);
        let (detected, text) = read(&Charset::Ibm862.encoded(&hebrew).expect("has all letters"), "il");
        assert_eq!((detected.encoding, text == hebrew), (Charset::Ibm862, true), "{rows} rows");
        let shown: Vec<String> =
            hebrew.lines().map(|line| line.split(',').map(from_visual).collect::<Vec<_>>().join(",")).collect();
        let shown = shown.join("\r\n");
        let (detected, text) = read(&Charset::Ibm862.encoded(&shown).expect("has all letters"), "il");
        assert_eq!((detected.encoding, text == shown), (Charset::Ibm862, true), "{rows} rows in visual order");
        let russian = list(
            "АНТОН ИВАН СЕМЕН МАКСИМ ПЕТРОВ ИВАНОВ САМАРА ОМСК ТОМСК",
            "КОД,ИМЯ,ФАМИЛИЯ,ТЕЛЕФОН,ПОЧТА,ГОРОД",
            rows,
            100,
            rows,
        );
        let bytes = Charset::for_label("ibm866")
            .and_then(|charset| charset.encoded(&russian).map(std::borrow::Cow::into_owned));
        let (detected, _) = read(&bytes.expect("has all letters"), "il");
        assert_ne!(detected.encoding, Charset::Ibm862, "{rows} rows");
    }
}

#[test]
fn lines_in_two_encodings_are_each_read_as_they_are_or_told() {
    let line = |name: &str, is_utf8: bool| {
        let name = if is_utf8 { name.as_bytes().to_vec() } else { WINDOWS_1255.encode(name).0.into_owned() };
        [b"7,", &name[..], b",052-7318264\n"].concat()
    };
    let of = |lines: &[(&str, bool)]| -> Vec<u8> {
        let lines = lines.iter().flat_map(|(name, is_utf8)| line(name, *is_utf8));
        b"key,name,phone\n".iter().copied().chain(lines).collect()
    };
    let (detected, text) = read(&of(&[("נטע גפן", false), ("אסף כרמי", false), ("הדס רימון", true)]), "il");
    assert_eq!((detected.encoding, detected.utf8_lines), (Charset::Standard(WINDOWS_1255), 1));
    assert!(["נטע גפן", "אסף כרמי", "הדס רימון"].iter().all(|name| text.contains(name)), "{text}");
    let (detected, _) = read(&of(&[("נטע גפן", true), ("אסף כרמי", true), ("הדס רימון", false)]), "il");
    assert_eq!(detected.encoding, Charset::UTF_8, "the other line is set aside when it is read");
}

proptest! {
    #[test]
    fn no_bytes_make_detecting_or_decoding_panic(bytes: Vec<u8>, tld: String, label: Option<String>) {
        let rules = IngestRules::shipped();
        let text = Text::from_bytes(bytes);
        if let Ok(detected) = detect(&text, label.as_deref(), &tld, "list.csv", &rules) {
            let decoded = decode(text, &detected, "list.csv", &IngestRules::shipped()).expect("memory");
            prop_assert!(detected.encoding == Charset::UTF_8 || decoded.reader().read_to_string(&mut String::new()).is_ok());
        }
    }
}
