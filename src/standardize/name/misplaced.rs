//! Cells of a name that hold something else: nothing of it is a name, and nothing is put right.

use crate::finding::Code;

/// What stands there in place of a name: an e-mail address, or so many digits that it is a telephone number.
pub(super) fn code(text: &str, phone_digits: usize) -> Option<Code> {
    let digits = text.chars().filter(|letter| letter.is_numeric()).count();
    if digits >= phone_digits && text.chars().filter(|letter| letter.is_alphabetic()).count() < digits {
        return Some(Code::NameLooksLikePhone);
    }
    looks_like_email(text).then_some(Code::NameLooksLikeEmail)
}

/// `dana@shop.co.il`, also with spaces around it.
fn looks_like_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| !local.trim().is_empty() && domain.trim().contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_numbers_are_told_from_names() {
        for (text, expected) in [
            ("dana@shop.co.il", Some(Code::NameLooksLikeEmail)),
            ("Dana <dana@shop.co.il>", Some(Code::NameLooksLikeEmail)),
            ("050-1234567", Some(Code::NameLooksLikePhone)),
            ("+972 52 731 8264 נייד", Some(Code::NameLooksLikePhone)),
            ("Dana @ home", None),
            ("דנה 2", None),
            ("", None),
        ] {
            assert_eq!(code(text, 7), expected, "{text}");
        }
    }
}
