//! Keys of records, as spreadsheets and programs write one and the same.

use super::folded;

/// A key without the mark by which a spreadsheet is made to keep it as text: `'00123`, `="00123"`.
pub fn unguarded(key: &str) -> &str {
    let formula = key.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let inner = formula.or_else(|| key.strip_prefix('\'')).unwrap_or(key);
    // Quotes around a whole key are its own.
    let is_guard = inner.len() < key.len() && !inner.is_empty() && !inner.ends_with('\'');
    if is_guard { inner } else { key }
}

/// A key without what spreadsheets do to it: their mark, the decimals of a whole number and its leading zeros.
pub fn bare_key(key: &str) -> &str {
    let key = whole(unguarded(key.trim()).trim());
    if key.len() < 2 || !key.starts_with('0') || !key.bytes().all(|byte| byte.is_ascii_digit()) {
        return key;
    }
    let digits = key.trim_start_matches('0');
    if digits.is_empty() { "0" } else { digits }
}

/// A key as lists of several programs write it: [`bare_key`], in whatever case and with whatever marks between.
pub fn plain_key(key: &str) -> String {
    folded(bare_key(key))
}

/// Digits without the `.0` of a column of decimals.
fn whole(key: &str) -> &str {
    match key.split_once('.') {
        Some((digits, zeros)) if !digits.is_empty() && !zeros.is_empty() => {
            let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit()) && zeros.bytes().all(|byte| byte == b'0');
            if is_whole { digits } else { key }
        }
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_however_spreadsheets_write_it() {
        for dressed in ["31024", "00031024", "31024.0", "31024.00", "'00031024", "=\"31024\"", " 31024 "] {
            assert_eq!((bare_key(dressed), &*plain_key(dressed)), ("31024", "31024"), "{dressed}");
        }
        assert_ne!(plain_key("A-7"), plain_key("A-8"));
        assert_ne!(plain_key("1.5"), plain_key("15"));
        assert_eq!((bare_key(""), bare_key("000"), bare_key("K-007"), bare_key("0x1")), ("", "0", "K-007", "0x1"));
        assert_eq!(plain_key("AB-7"), plain_key("ab 7"));
        assert_eq!((unguarded("'quoted'"), unguarded("'"), unguarded("O'Neil")), ("'quoted'", "'", "O'Neil"));
    }
}
