//! Which encoding a source is in, and its text as UTF-8.

use std::io::{self, Write};
use std::ops::ControlFlow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{DecoderResult, Encoding, ISO_8859_8, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1255};
use memchr::memchr;

use super::error::{IngestError, IngestProblem};
use super::text::{Text, TextWriter};
use crate::error::closest;
use crate::rule::IngestRules;

/// The encoding of a source and how it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Detected {
    /// The encoding.
    pub(crate) encoding: &'static Encoding,
    /// `bom`, `utf-16 pattern`, `valid utf-8` (all of it, or a first block that leaves no doubt), `detected` or `given`.
    pub(crate) basis: &'static str,
    /// Length of the byte order mark.
    pub(crate) bom: u64,
    /// Invalid sequences, where UTF-8 was chosen in spite of some.
    pub(crate) invalid: u64,
}

/// Finds the encoding: the given label, a byte order mark, the NUL pattern of UTF-16, UTF-8 that is valid to the last
/// byte, else what letters in words make likely, with the top-level domain of the list's country as a hint.
pub(crate) fn detect(
    text: &Text,
    given: Option<&str>,
    tld: &str,
    name: &str,
    rules: &IngestRules,
) -> Result<Detected, IngestError> {
    find(text, given, tld, rules).map_err(|error| error.in_file(name))
}

fn find(text: &Text, given: Option<&str>, tld: &str, rules: &IngestRules) -> Result<Detected, IngestError> {
    let mut first = vec![0; rules.detect_bytes];
    let filled = text.read_at(0, &mut first)?;
    first.truncate(filled);
    let mark = Encoding::for_bom(&first);

    if let Some(label) = given {
        let named = for_label(label, rules)?;
        // "utf-16" says nothing of the order of bytes; a mark does.
        let (encoding, bom) = match mark {
            Some((marked, length)) if marked == named || is_utf16(marked) && is_utf16(named) => (marked, length as u64),
            _ => (named, 0),
        };
        let invalid = if encoding == UTF_8 { count_utf8(text, bom)?.invalid } else { 0 };
        return Ok(Detected { encoding, basis: "given", bom, invalid });
    }
    if first.starts_with(b"\xFF\xFE\0\0") || first.starts_with(b"\0\0\xFE\xFF") {
        let remedy = "save it as UTF-8";
        return Err(IngestProblem::Unsupported { what: "text in UTF-32", remedy }.into());
    }
    if let Some((encoding, length)) = mark {
        let bom = length as u64;
        let invalid = if encoding == UTF_8 { count_utf8(text, bom)?.invalid } else { 0 };
        return Ok(Detected { encoding, basis: "bom", bom, invalid });
    }
    if let Some(encoding) = utf16_without_mark(&first, rules) {
        return Ok(Detected { encoding, basis: "utf-16 pattern", bom: 0, invalid: 0 });
    }
    if is_plainly_utf8(text, rules)? {
        return Ok(Detected { encoding: UTF_8, basis: "valid utf-8", bom: 0, invalid: 0 });
    }
    let utf8 = count_utf8(text, 0)?;
    if utf8.invalid == 0 {
        return Ok(Detected { encoding: UTF_8, basis: "valid utf-8", bom: 0, invalid: 0 });
    }
    if utf8.invalid * 100 <= u64::from(rules.utf8_invalid_percent) * (utf8.invalid + utf8.valid) {
        return Ok(Detected { encoding: UTF_8, basis: "detected", bom: 0, invalid: utf8.invalid });
    }
    Ok(Detected { encoding: guess(text, tld, rules)?, basis: "detected", bom: 0, invalid: 0 })
}

/// The text as UTF-8 without a mark. UTF-8 stays where it is, and its mark is the caller's to skip; all else is
/// transcoded into a spool, where sequences that do not decode become U+FFFD and are counted ([`Text::replaced`]).
pub(crate) fn decode(text: Text, detected: &Detected, name: &str) -> Result<Text, IngestError> {
    if detected.encoding == UTF_8 {
        return Ok(text);
    }
    transcode(&text, detected).map_err(|error| IngestError::from(error).in_file(name))
}

fn transcode(text: &Text, detected: &Detected) -> io::Result<Text> {
    let mut decoder = detected.encoding.new_decoder_without_bom_handling();
    let mut spool = TextWriter::new();
    let mut decoded = vec![0; DECODED_BYTES];
    let mut replaced = 0;
    let mut offset = detected.bom;
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        let filled = text.read_at(offset, &mut block)?;
        offset += filled as u64;
        let last = filled < block.len();
        let mut rest = &block[..filled];
        loop {
            let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut decoded, last);
            spool.write_all(&decoded[..written])?;
            rest = &rest[read..];
            match result {
                DecoderResult::InputEmpty => break,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    spool.write_all("\u{FFFD}".as_bytes())?;
                    replaced += 1;
                }
            }
        }
        if last {
            return Ok(spool.finish()?.with_replaced(replaced));
        }
    }
}

/// UTF-16 that lacks its mark: ASCII characters in it (delimiters, digits, line ends) have NUL on one side.
pub(crate) fn utf16_without_mark(first: &[u8], rules: &IngestRules) -> Option<&'static Encoding> {
    let pairs = first.as_chunks::<2>().0;
    let even = pairs.iter().filter(|pair| pair[0] == 0).count();
    let odd = pairs.iter().filter(|pair| pair[1] == 0).count();
    let least = (pairs.len() * usize::from(rules.utf16_nul_percent)).div_ceil(100).max(1);
    if odd >= least && even * 10 <= odd {
        Some(UTF_16LE)
    } else if even >= least && odd * 10 <= even {
        Some(UTF_16BE)
    } else {
        None
    }
}

fn is_utf16(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

fn for_label(label: &str, rules: &IngestRules) -> Result<&'static Encoding, IngestError> {
    // The standard maps labels of encodings that are unsafe to decode to "replacement".
    Encoding::for_label(label.trim().as_bytes()).filter(|encoding| *encoding != REPLACEMENT).ok_or_else(|| {
        let closest = closest(label.trim(), rules.encodings.iter().map(String::as_str)).map(str::to_owned);
        IngestProblem::UnknownEncoding { label: label.to_owned(), closest, known: rules.encodings.clone() }.into()
    })
}

/// Sequences beyond ASCII when a text is read as UTF-8. `valid` is only counted when something is invalid.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Utf8Count {
    valid: u64,
    invalid: u64,
}

fn count_utf8(text: &Text, start: u64) -> io::Result<Utf8Count> {
    let mut all_valid = true;
    each_block(text, start, incomplete_utf8, |block| {
        all_valid = simdutf8::basic::from_utf8(block).is_ok();
        if all_valid { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    let mut count = Utf8Count::default();
    if all_valid {
        return Ok(count);
    }
    each_block(text, start, incomplete_utf8, |block| {
        for chunk in block.utf8_chunks() {
            count.valid += chunk.valid().bytes().filter(|byte| *byte >= 0xC0).count() as u64;
            count.invalid += u64::from(!chunk.invalid().is_empty());
        }
        ControlFlow::Continue(())
    })?;
    Ok(count)
}

/// A long text that has many valid sequences of UTF-8 in its first block, and no invalid one, is UTF-8: letters of a
/// one-byte encoding form such sequences by chance in one of a hundred words at most. What is invalid further on is
/// found when it is read, and costs its own record.
fn is_plainly_utf8(text: &Text, rules: &IngestRules) -> io::Result<bool> {
    let mut first = vec![0; BLOCK_BYTES];
    let filled = text.read_at(0, &mut first)?;
    let block = &first[..filled - incomplete_utf8(&first[..filled])];
    let sequences = block.iter().filter(|byte| **byte >= 0xC0).count();
    Ok(sequences >= rules.utf8_plain_sequences && simdutf8::basic::from_utf8(block).is_ok())
}

/// How many bytes at the end begin a sequence that goes on in the next block.
fn incomplete_utf8(bytes: &[u8]) -> usize {
    let tail = bytes.len().saturating_sub(3);
    let Some(back) = bytes[tail..].iter().rev().position(|byte| *byte & 0xC0 != 0x80) else { return 0 };
    let (held, lead) = (back + 1, bytes[bytes.len() - 1 - back]);
    let wanted = match lead {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    };
    if held < wanted { held } else { 0 }
}

/// Gives a text block by block; the bytes that `unfinished` counts at a block's end come with the next one.
fn each_block(
    text: &Text,
    start: u64,
    unfinished: impl Fn(&[u8]) -> usize,
    mut look: impl FnMut(&[u8]) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut block = vec![0; BLOCK_BYTES];
    let (mut offset, mut carried) = (start, 0);
    loop {
        let filled = text.read_at(offset, &mut block[carried..])?;
        offset += filled as u64;
        let end = carried + filled;
        let last = end < block.len();
        carried = if last { 0 } else { unfinished(&block[..end]) };
        if look(&block[..end - carried]).is_break() || last {
            return Ok(());
        }
        block.copy_within(end - carried..end, 0);
    }
}

/// The likeliest encoding of text that is not UTF-8, from its lines with non-ASCII bytes: the others say nothing.
fn guess(text: &Text, tld: &str, rules: &IngestRules) -> io::Result<&'static Encoding> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    let mut left = rules.detector_bytes;
    let mut previous_fed = false;
    let mut only_hebrew = true;
    each_block(
        text,
        0,
        |_| 0,
        |block| {
            let mut rest = block;
            while !rest.is_empty() && left > 0 {
                let end = memchr(b'\n', rest).map_or(rest.len(), |place| place + 1);
                let (line, behind) = rest.split_at(end);
                rest = behind;
                // A line cut by the block's end goes on in the next block.
                if previous_fed || !line.is_ascii() {
                    let line = &line[..line.len().min(left)];
                    detector.feed(line, false);
                    only_hebrew &= line.iter().all(|byte| byte.is_ascii() || is_hebrew_in_1255(*byte));
                    left -= line.len();
                }
                previous_fed = behind.is_empty() && !line.ends_with(b"\n") && !line.is_ascii();
            }
            if left > 0 { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        },
    )?;
    detector.feed(b"", true);
    let tld = tld.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let hint = (!tld.is_empty() && tld.is_ascii()).then_some(tld.as_bytes());
    let encoding = detector.guess(hint, Utf8Detection::Deny);
    Ok(match encoding {
        // Windows-1255 has every letter of ISO-8859-8 in the same place and decodes what that leaves open: niqqud,
        // quotes, the shekel sign. The two differ for browsers, which show one of them in visual order.
        _ if encoding == ISO_8859_8 => WINDOWS_1255,
        // A few Hebrew words of even length can pass for two-byte characters, but those of Chinese, Japanese and
        // Korean that people use have bytes below the Hebrew letters.
        _ if only_hebrew && !encoding.is_single_byte() => WINDOWS_1255,
        _ => encoding,
    })
}

/// Letters, the shekel sign, geresh and gershayim, curly quotes, dashes and the no-break space of Windows-1255.
fn is_hebrew_in_1255(byte: u8) -> bool {
    matches!(byte, 0xE0..=0xFA | 0xA4 | 0xD7 | 0xD8 | 0x91..=0x94 | 0x96 | 0x97 | 0xA0)
}

const BLOCK_BYTES: usize = 1 << 20;
const DECODED_BYTES: usize = 256 << 10;

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8], tld: &str) -> (Detected, String) {
        let rules = IngestRules::shipped();
        let text = Text::from_bytes(bytes.to_vec());
        let detected = detect(&text, None, tld, "list.csv", &rules).expect("detected");
        let text = decode(text, &detected, "list.csv").expect("decoded");
        let mut all = Vec::new();
        text.reader().read_to_end(&mut all).expect("readable");
        if detected.encoding == UTF_8 {
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
                assert_eq!((detected.encoding, detected.basis), (encoding, basis), "{rows} rows, {percent} %");
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
        assert_eq!((detected.encoding, detected.invalid), (UTF_8, 10));
        let (detected, _) = read(&list.as_bytes()[..list.len() - 3 - "הרצליה".len()], "il");
        assert_eq!(detected.encoding, UTF_8);
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
        let text = decode(text, &detected, "list.csv").expect("decoded");
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
        assert_eq!((detected.encoding, detected.bom, detected.basis), (UTF_16BE, 2, "given"));
        let error = detect(&text, Some("window-1255"), "il", "list.csv", &rules).expect_err("unknown");
        let IngestProblem::UnknownEncoding { closest, .. } = error.problem() else { panic!("{error}") };
        assert_eq!(closest.as_deref(), Some("windows-1255"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_detecting_or_decoding_panic(bytes: Vec<u8>, tld: String, label: Option<String>) {
            let rules = IngestRules::shipped();
            let text = Text::from_bytes(bytes);
            if let Ok(detected) = detect(&text, label.as_deref(), &tld, "list.csv", &rules) {
                let decoded = decode(text, &detected, "list.csv").expect("memory");
                prop_assert!(detected.encoding == UTF_8 || decoded.reader().read_to_string(&mut String::new()).is_ok());
            }
        }
    }
}
