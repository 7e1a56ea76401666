//! The ordinary address, told in one pass over its bytes: a dot-atom local part at an ASCII host name.

/// The place of the `@` where `text` is such an address and breaks no rule of syntax; none for anything that needs
/// the full parser (which may still call it an address).
pub(super) fn plain_at(text: &[u8]) -> Option<usize> {
    if text.len() > 254 {
        return None;
    }
    let at = text.iter().position(|&byte| KIND[byte as usize] != ATOM)?;
    let at = if text[at] == b'.' { end_of_local(text)? } else { at };
    if text[at] != b'@' || at == 0 || at > 64 {
        return None;
    }
    is_plain_host(&text[at + 1..]).then_some(at)
}

/// The first byte that belongs to no dot-atom (RFC 5321 section 4.1.2); none where a dot stands at an edge or twice.
fn end_of_local(text: &[u8]) -> Option<usize> {
    let mut after_dot = true;
    for (index, &byte) in text.iter().enumerate() {
        match KIND[byte as usize] {
            ATOM => after_dot = false,
            _ if after_dot => return None,
            _ if byte == b'.' => after_dot = true,
            _ => return Some(index),
        }
    }
    None
}

/// At least two labels of letters, digits and inner hyphens (RFC 1123 section 2.1), the last one not all digits.
/// A-labels (`xn--`) are left to the full parser, which decodes them.
fn is_plain_host(host: &[u8]) -> bool {
    let (mut start, mut labels, mut digits_only) = (0, 0, true);
    for index in 0..=host.len() {
        let byte = if index < host.len() { host[index] } else { b'.' };
        if byte == b'.' {
            let label = &host[start..index];
            if label.is_empty() || label.len() > 63 || label[0] == b'-' || label[label.len() - 1] == b'-' {
                return false;
            }
            if label.len() > 3 && label[2..4] == *b"--" && label[..2].eq_ignore_ascii_case(b"xn") {
                return false;
            }
            labels += 1;
            start = index + 1;
            if index < host.len() {
                digits_only = true;
            }
        } else if byte.is_ascii_alphanumeric() || byte == b'-' {
            digits_only &= byte.is_ascii_digit();
        } else {
            return false;
        }
    }
    labels > 1 && !digits_only
}

const ATOM: u8 = 1;

/// `ATOM` for atext of RFC 5322 section 3.2.3, 0 for the rest.
const KIND: [u8; 256] = {
    let mut kind = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_alphanumeric() {
            kind[byte] = ATOM;
        }
        byte += 1;
    }
    let specials = b"!#$%&'*+-/=?^_`{|}~";
    let mut index = 0;
    while index < specials.len() {
        kind[specials[index] as usize] = ATOM;
        index += 1;
    }
    kind
};

/// Whether a character may stand unquoted in a local part: atext, or beyond ASCII (RFC 6531 section 3.3).
pub(super) fn is_atext(letter: char) -> bool {
    u8::try_from(letter).map_or(true, |byte| byte >= 0x80 || KIND[byte as usize] == ATOM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_addresses_are_told_with_the_place_of_their_at_sign() {
        for (text, at) in [
            ("dana@gmail.com", 4),
            ("d.l@012.net.il", 3),
            ("o'neil+club@A-b.Museum", 11),
            ("{x}!#$%&*/=?^_`|~@walla.co.il", 17),
            ("1@163.com", 1),
        ] {
            assert_eq!(plain_at(text.as_bytes()), Some(at), "{text}");
        }
    }

    #[test]
    fn all_else_is_left_to_the_full_parser() {
        for text in [
            "",
            "@",
            "dana",
            "dana@",
            "@gmail.com",
            ".dana@gmail.com",
            "dana.@gmail.com",
            "da..na@gmail.com",
            "dana@gmail",
            "dana@gmail.com.",
            "dana@.com",
            "dana@a..com",
            "dana@-a.com",
            "dana@a-.com",
            "dana@a_b.com",
            "dana@1.2.3.4",
            "dana@@gmail.com",
            "dana @gmail.com",
            "דנה@gmail.com",
            "dana@xn--4dbrk0ce.com",
            "\"d\"@gmail.com",
            "dana@gmail.com;noa@gmail.com",
        ] {
            assert_eq!(plain_at(text.as_bytes()), None, "{text}");
        }
    }
}
