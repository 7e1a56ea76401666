//! Character references of HTML (`&quot;`, `&#39;`) that a web page's text kept on its way into a list.

use std::collections::BTreeMap;

/// The text with its references decoded, also where they were escaped twice; none where there is none.
pub(in crate::standardize) fn decode(text: &str, named: &BTreeMap<String, String>) -> Option<String> {
    let mut decoded = String::new();
    let mut rest = text;
    let mut found = false;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let mut written = "&".to_owned();
        // `&amp;quot;` is `&quot;` escaped once more: an ampersand that came out is read with what follows it.
        while written == "&"
            && let Some((meaning, after)) = reference(rest, named)
        {
            written = meaning;
            rest = after;
            found = true;
        }
        decoded.push_str(&written);
    }
    decoded.push_str(rest);
    found.then_some(decoded)
}

/// The meaning of the reference whose `&` stands right before, and what follows its `;`.
fn reference<'a>(text: &'a str, named: &BTreeMap<String, String>) -> Option<(String, &'a str)> {
    let end = text.bytes().take(LONGEST).position(|byte| byte == b';')?;
    let (name, after) = (&text[..end], &text[end + 1..]);
    let meaning = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|&character| character != '\0')?.to_string()
        }
        None => named.get(name)?.clone(),
    };
    Some((meaning, after))
}

/// No reference that a list holds is longer.
const LONGEST: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_decode_by_name_and_by_number() {
        let named =
            BTreeMap::from([("amp", "&"), ("quot", "\"")].map(|(name, text)| (name.to_owned(), text.to_owned())));
        for (raw, text) in [
            ("ד&quot;ר", Some("ד\"ר")),
            ("O&#39;Neil", Some("O'Neil")),
            ("&#x5d3;נה", Some("דנה")),
            ("&amp;amp;quot;", Some("\"")),
            ("AT&T; נוי", None),
            ("a & b", None),
            ("&#0;", None),
            ("&#99999999;", None),
            ("&", None),
        ] {
            assert_eq!(decode(raw, &named).as_deref(), text, "{raw}");
        }
    }
}
