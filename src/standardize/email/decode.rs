//! Cells that were copied with the code of a web page, a link or a workbook.

use std::collections::BTreeMap;

use crate::standardize::text::entity;

/// The text without such code; none where there is none.
pub(super) fn decode(text: &str, entities: &BTreeMap<String, String>) -> Option<String> {
    let mut decoded = text.to_owned();
    if decoded.contains('&')
        && let Some(plain) = entity::decode(&decoded, entities)
    {
        decoded = plain;
    }
    // ECMA-376 part 1, section 22.9.2.19: how a workbook writes the characters that XML can't hold.
    for line_end in ["_x000D_", "_x000d_", "_x000A_", "_x000a_", "<br>", "<br/>", "<br />", "<BR>"] {
        if decoded.contains(line_end) {
            decoded = decoded.replace(line_end, "\n");
        }
    }
    if let Some(plain) = percent_decoded(&decoded) {
        decoded = plain;
    }
    (decoded != text).then_some(decoded)
}

/// A percent sign is a letter like others in a local part: it begins a code in links, in place of the `@`, and in domains.
fn percent_decoded(text: &str) -> Option<String> {
    let is_link = text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:"));
    let coded = match text.rfind('@') {
        _ if is_link => 0,
        None if text.matches("%40").count() == 1 => 0,
        None => return None,
        Some(at) => at,
    };
    if !text[coded..].contains('%') {
        return None;
    }
    let (kept, mut rest) = (&text.as_bytes()[..coded], &text.as_bytes()[coded..]);
    let mut bytes = kept.to_vec();
    while let [first, after @ ..] = rest {
        match after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok()) {
            Some(hex) if *first == b'%' && hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                bytes.push(u8::from_str_radix(hex, 16).expect("two hexadecimal digits"));
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_decoded_where_it_is_code() {
        let entities = BTreeMap::from(
            [("lt", "<"), ("gt", ">"), ("amp", "&"), ("nbsp", "\u{A0}")]
                .map(|(name, text)| (name.to_owned(), text.to_owned())),
        );
        for (text, plain) in [
            ("dana&#64;walla.com", Some("dana@walla.com")),
            ("&lt;dana@walla.com&gt;", Some("<dana@walla.com>")),
            ("a@x.com<br>b@y.com", Some("a@x.com\nb@y.com")),
            ("dana@walla.com_x000D_", Some("dana@walla.com\n")),
            ("dana%40walla.com", Some("dana@walla.com")),
            ("mailto:dana%2Bclub@walla.com", Some("mailto:dana+club@walla.com")),
            ("dana@walla.com%20", Some("dana@walla.com ")),
            ("dana%2Bclub@walla.com", None),
            ("50% off", None),
            ("a%40b%40c", None),
            ("r&d@walla.com", None),
            ("dana@walla.com%", None),
            ("x%40%FF", None),
        ] {
            assert_eq!(decode(text, &entities).as_deref(), plain, "{text}");
        }
    }
}
