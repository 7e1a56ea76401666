//! A cell before it is an address: characters that hide, and several addresses in one cell.

use crate::finding::Code;
use crate::text::character::{is_bidi_control, is_invisible};
use crate::text::mark::narrow;

/// A cell without hidden characters, full-width forms and outer space.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CleanCell {
    pub(super) text: String,
    /// The repairs that led here.
    pub(super) repairs: Vec<Code>,
}

/// Takes out what no address contains. All space becomes a blank, all line ends become `\n`.
pub(super) fn clean(raw: &str) -> CleanCell {
    let mut text = String::with_capacity(raw.len());
    let mut repairs = Vec::new();
    for letter in raw.chars() {
        let (kept, repair) = match letter {
            _ if is_bidi_control(letter) => (None, Some(Code::EmailRepairBidiMark)),
            _ if is_invisible(letter) => (None, Some(Code::EmailRepairInvisible)),
            _ if narrow(letter).is_some() => (narrow(letter), Some(Code::EmailRepairFullwidth)),
            '\u{3002}' | '\u{FF61}' | '\u{FE52}' | '\u{2024}' => (Some('.'), Some(Code::EmailRepairFullwidth)),
            '\u{FE6B}' => (Some('@'), Some(Code::EmailRepairFullwidth)),
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => (Some('\n'), None),
            _ if letter != '\n' && letter.is_whitespace() => (Some(' '), None),
            _ => (Some(letter), None),
        };
        text.extend(kept);
        note_all(&mut repairs, repair.as_slice());
    }
    // A record's end or a field's end of some old system; inside of an address it would be no address.
    let is_control = |letter: char| letter.is_control() && letter != '\n';
    let ended = text.trim_matches(is_control);
    if ended.len() < text.len() {
        text = ended.to_owned();
        note_all(&mut repairs, &[Code::EmailRepairInvisible]);
    }
    if text.trim().len() < text.len() {
        text = text.trim().to_owned();
        repairs.insert(0, Code::EmailRepairTrim);
    }
    CleanCell { text, repairs }
}

/// Adds codes that are not noted yet; of many pieces each kind is told once.
pub(super) fn note_all(noted: &mut Vec<Code>, codes: &[Code]) {
    for code in codes {
        if !noted.contains(code) {
            noted.push(*code);
        }
    }
}

/// The text with the headers of its links (RFC 6068) cut off, which may hold addresses, too; none where there are none.
pub(super) fn without_link_headers(text: &str) -> Option<String> {
    let mut rest = text;
    let mut kept = String::new();
    while let Some(start) = find_link(rest) {
        let is_end = |letter: char| letter.is_whitespace() || matches!(letter, '>' | '"' | ';' | ',' | ')');
        let end = rest[start..].find(is_end).map_or(rest.len(), |end| start + end);
        let link = &rest[..end];
        kept.push_str(link[start..].find('?').map_or(link, |mark| &link[..start + mark]));
        rest = &rest[end..];
    }
    kept.push_str(rest);
    (kept.len() < text.len()).then_some(kept)
}

fn find_link(text: &str) -> Option<usize> {
    const SCHEME: &str = "mailto:";
    text.as_bytes().windows(SCHEME.len()).position(|window| window.eq_ignore_ascii_case(SCHEME.as_bytes()))
}

/// The cell as lists of placeholders are written: lower case, single spaces.
pub(super) fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Parts a cell into the pieces that hold one address each; a cell that holds one, or can't be parted, stays whole.
///
/// The separators are tried from the surest to the least sure. The first division wins in which every piece `reads`
/// as an address, else the first one in which every piece has an `@` and one of them reads.
pub(super) fn pieces<'a>(text: &'a str, joiners: &[String], reads: &dyn Fn(&str) -> bool) -> Vec<&'a str> {
    let by_brackets = after_brackets(text).filter(|parts| parts.iter().all(|part| reads(part)));
    by_brackets.or_else(|| divide(text, &SEPARATORS, joiners, reads)).unwrap_or_else(|| vec![text])
}

/// The parts that each end with an address in angle brackets: `Levi, Dana <a@x.com>, Cohen, Noa <b@y.com>`.
fn after_brackets(text: &str) -> Option<Vec<&str>> {
    if !text.ends_with('>') || text.matches('>').count() < 2 {
        return None;
    }
    let is_separator = |letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | '|' | '/');
    let parts = text.split_inclusive('>').map(|part| part.trim_start_matches(is_separator));
    Some(parts.filter(|part| !part.is_empty()).collect())
}

/// `|`, `/` and `&` may stand in a local part, so they come after the blank.
const SEPARATORS: [&[char]; 8] =
    [&['\n'], &[';'], &[',', '،', '、'], &[' '], &['|', '\\'], &['/'], &['&'], &[':', '•', '·', '→', '>']];

fn divide<'a>(
    text: &'a str,
    separators: &[&[char]],
    joiners: &[String],
    reads: &dyn Fn(&str) -> bool,
) -> Option<Vec<&'a str>> {
    if count_at(text) < 2 {
        return None;
    }
    let mut first = None;
    for (index, separator) in separators.iter().enumerate() {
        let parts = split_unquoted(text, separator, joiners);
        if parts.len() < 2 || parts.iter().any(|part| count_at(part) == 0) {
            continue;
        }
        let rest = &separators[index + 1..];
        let parts: Vec<&str> = parts
            .into_iter()
            .flat_map(|part| divide(part, rest, joiners, reads).unwrap_or_else(|| vec![part]))
            .collect();
        if parts.iter().all(|part| reads(part)) {
            return Some(parts);
        }
        let is_sure = separator.iter().any(|letter| ";, \n".contains(*letter));
        if first.is_none() && is_sure && parts.iter().any(|part| reads(part)) {
            first = Some(parts);
        }
    }
    first
}

/// How many runs of `@` stand outside of double quotes.
fn count_at(text: &str) -> usize {
    let (mut count, mut quoted, mut before) = (0, false, ' ');
    for letter in text.chars() {
        match letter {
            '"' => quoted = !quoted,
            '@' if !quoted && before != '@' => count += 1,
            _ => {}
        }
        before = letter;
    }
    count
}

/// The parts between separators, without blank ones and joining words.
fn split_unquoted<'a>(text: &'a str, separator: &[char], joiners: &[String]) -> Vec<&'a str> {
    // A lone quote protects nothing.
    let has_pairs = text.matches('"').count().is_multiple_of(2);
    let mut quoted = false;
    let parts = text.split(|letter| {
        quoted ^= letter == '"' && has_pairs;
        !quoted && separator.contains(&letter)
    });
    let parts = parts.map(str::trim).filter(|part| !part.is_empty() && !is_joiner(part, joiners));
    parts.map(|part| without_joiner(part, joiners)).collect()
}

/// `ו-dana@gmail.com` without the joining word that Hebrew writes onto the next one.
fn without_joiner<'a>(part: &'a str, joiners: &[String]) -> &'a str {
    match part.split_once(['-', '־']) {
        Some((word, rest)) if !word.is_ascii() && rest.is_ascii() && is_joiner(word, joiners) => rest,
        _ => part,
    }
}

fn is_joiner(part: &str, joiners: &[String]) -> bool {
    joiners.iter().any(|joiner| joiner.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(text: &str) -> Vec<&str> {
        let joiners = ["/", "או", "ו", "and"].map(str::to_owned);
        pieces(text, &joiners, &|piece| super::super::syntax::parse(piece).is_ok())
    }

    #[test]
    fn several_addresses_are_parted_at_whatever_stands_between_them() {
        for text in [
            "a@x.com;b@y.com",
            "a@x.com, b@y.com",
            "a@x.com\nb@y.com",
            "a@x.com b@y.com",
            "a@x.com / b@y.com",
            "a@x.com/b@y.com",
            "a@x.com או b@y.com",
            " a@x.com ;; b@y.com;",
            "a@x.com ו-b@y.com",
        ] {
            assert_eq!(parted(text), ["a@x.com", "b@y.com"], "{text}");
        }
    }

    #[test]
    fn one_address_stays_whole_whatever_it_contains() {
        for text in
            ["a@x.com", "\"a;b@c\"@x.com", "\"Levi, Dana\" <a@x.com>", "a@@x.com", "a,b", "a @ x.com", "a@b@c.com"]
        {
            assert_eq!(parted(text), [text], "{text}");
        }
    }

    #[test]
    fn local_parts_keep_their_strokes() {
        assert_eq!(parted("a/b@x.com c|d@y.com"), ["a/b@x.com", "c|d@y.com"]);
        assert_eq!(parted("\"Levi, Dana\" <a@x.com>, b@y.com"), ["\"Levi, Dana\" <a@x.com>", "b@y.com"]);
    }

    #[test]
    fn what_hides_is_taken_out_and_named() {
        let cell = clean("\u{FEFF} da\u{200B}na\u{202B}＠ｇｍａｉｌ。com\u{A0}");
        assert_eq!(cell.text, "dana@gmail.com");
        let repairs =
            [Code::EmailRepairTrim, Code::EmailRepairInvisible, Code::EmailRepairBidiMark, Code::EmailRepairFullwidth];
        assert_eq!(cell.repairs, repairs);
    }
}
