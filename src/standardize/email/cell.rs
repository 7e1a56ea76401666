//! A cell before it is an address: characters that hide, and several addresses in one cell.

use super::script;
use crate::finding::Code;

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
            _ if script::is_bidi_mark(letter) => (None, Some(Code::EmailRepairBidiMark)),
            _ if script::is_invisible(letter) => (None, Some(Code::EmailRepairInvisible)),
            '\u{FF01}'..='\u{FF5E}' => (char::from_u32(letter as u32 - 0xFEE0), Some(Code::EmailRepairFullwidth)),
            '\u{3002}' | '\u{FF61}' => (Some('.'), Some(Code::EmailRepairFullwidth)),
            '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => (Some('\n'), None),
            _ if letter != '\n' && letter.is_whitespace() => (Some(' '), None),
            _ => (Some(letter), None),
        };
        text.extend(kept);
        if let Some(repair) = repair
            && !repairs.contains(&repair)
        {
            repairs.push(repair);
        }
    }
    if text.trim().len() < text.len() {
        text = text.trim().to_owned();
        repairs.insert(0, Code::EmailRepairTrim);
    }
    CleanCell { text, repairs }
}

/// The cell as lists of placeholders are written: lower case, single spaces.
pub(super) fn fold(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").to_lowercase()
}

/// Parts a cell into the pieces that hold one address each; a cell that holds one, or can't be parted, stays whole.
///
/// The separators are tried from the surest to the least sure. The first division wins in which every piece `reads`
/// as an address, else the first one in which every piece has an `@`.
pub(super) fn pieces<'a>(text: &'a str, joiners: &[String], reads: &dyn Fn(&str) -> bool) -> Vec<&'a str> {
    divide(text, &SEPARATORS, joiners, reads).unwrap_or_else(|| vec![text])
}

/// `|`, `/` and `&` may stand in a local part, so they come after the blank.
const SEPARATORS: [&[char]; 5] = [&['\n'], &[';'], &[',', '،', '、'], &[' '], &['|', '/', '&', '\\']];

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
        first.get_or_insert(parts);
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
    parts.map(str::trim).filter(|part| !part.is_empty() && !is_joiner(part, joiners)).collect()
}

fn is_joiner(part: &str, joiners: &[String]) -> bool {
    joiners.iter().any(|joiner| joiner.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parted(text: &str) -> Vec<&str> {
        let joiners = ["/", "או", "and"].map(str::to_owned);
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
