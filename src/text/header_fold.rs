//! Headers without what makes no difference: case, marks, punctuation, articles, final letters, numbers.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::character::is_traceless;
use super::digit::digit_of;
use super::hebrew;
use super::mark::{TATWEEL, is_quote, keyboard_form};

/// A header as words for comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldedHeader {
    all: Vec<String>,
    words: Vec<String>,
}

impl FoldedHeader {
    /// Folds a header.
    pub fn new(header: &str) -> Self {
        let all = split(header);
        let words = all.iter().filter(|word| !is_number(word)).map(|word| without_article(word).to_owned()).collect();
        FoldedHeader { all, words }
    }

    /// Its words without numbers and articles ("Phone 2" is `phone`, "שם הלקוח" is `שמ`, `לקוח`).
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// All words, numbers and articles included: two headers are the same if these are.
    pub fn all_words(&self) -> &[String] {
        &self.all
    }

    /// [`words`](Self::words) with the articles left on, in one piece: what a header that lost its spaces looks like.
    pub fn in_one_piece(&self) -> String {
        self.all.iter().filter(|word| !is_number(word)).map(String::as_str).collect()
    }
}

/// A header without what stands in brackets, unless nothing else does.
pub fn without_brackets(header: &str) -> String {
    let mut depth = 0_usize;
    let mut outer = String::with_capacity(header.len());
    for letter in header.chars() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outer.push(letter),
            _ => {}
        }
    }
    if outer.trim().is_empty() { header.to_owned() } else { outer }
}

fn split(header: &str) -> Vec<String> {
    // NFKD rather than NFKC, so that niqqud, harakat, hamza seats and accents come off as marks of their own.
    let chars: Vec<char> = header.chars().map(keyboard_form).nfkd().filter(|c| !is_dropped(*c)).collect();
    let mut words = vec![String::new()];
    for (index, &c) in chars.iter().enumerate() {
        if stands_inside(c) {
            continue;
        }
        if !c.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        if index > 0 && starts_word(chars[index - 1], c, chars.get(index + 1).copied()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c)).map(plain_letter));
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// `firstName`, `customerID`, `IPAddress`, `phone2`.
fn starts_word(before: char, c: char, after: Option<char>) -> bool {
    let camel =
        c.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && after.is_some_and(char::is_lowercase));
    let number = before.is_alphanumeric() && before.is_numeric() != c.is_numeric();
    camel || number
}

/// Marks of abbreviation and quotes stand inside words: דוא"ל, ת״ז, טל', customer's.
fn stands_inside(c: char) -> bool {
    is_quote(c) || c == '‚'
}

/// Marks on letters, and what nobody sees.
fn is_dropped(c: char) -> bool {
    is_combining_mark(c) || is_traceless(c) || c == TATWEEL
}

fn plain_letter(c: char) -> char {
    match c {
        'ى' | 'ی' => 'ي',
        'ة' => 'ه',
        'ک' => 'ك',
        other => digit_of(other).unwrap_or(hebrew::without_final(other)),
    }
}

/// Hebrew ה and Arabic ال come off both sides of a comparison, so a word that merely begins so is not hurt.
fn without_article(word: &str) -> &str {
    let length = word.chars().count();
    if let Some(rest) = word.strip_prefix('ה').filter(|_| length >= 3) {
        return rest;
    }
    word.strip_prefix("ال").filter(|_| length >= 5).unwrap_or(word)
}

fn is_number(word: &str) -> bool {
    word.chars().all(char::is_numeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_difference_comes_off() {
        for (header, words) in [
            ("First Name", "first name"),
            ("firstName", "first name"),
            ("FIRST_NAME", "first name"),
            ("\u{feff}\u{200f}שֵׁם פרטי:", "שמ פרטי"),
            ("שם הלקוח", "שמ לקוח"),
            ("ת״ז", "תז"),
            ("ת.ז.", "ת ז"),
            ("דוא\"ל", "דואל"),
            ("טל' 1", "טל"),
            ("phone2", "phone"),
            ("Phone (2)", "phone"),
            ("customerID", "customer id"),
            ("IPAddress", "ip address"),
            ("ｅｍａｉｌ", "email"),
            ("الاسم الأول", "اسم اول"),
            ("Ёлка", "елка"),
            ("123", ""),
            ("", ""),
        ] {
            assert_eq!(FoldedHeader::new(header).words().join(" "), words, "{header:?}");
        }
    }

    #[test]
    fn numbers_tell_headers_apart_but_not_their_meaning() {
        let (one, two) = (FoldedHeader::new("Phone 1"), FoldedHeader::new("phone_2"));
        assert_eq!(one.words(), two.words());
        assert_ne!(one.all_words(), two.all_words());
    }
}
