//! A domain name as lists hold it: lower case, A-labels, at least two labels.

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};

/// Brings a domain name to its normal form.
///
/// # Errors
/// With what is wrong with it.
pub(super) fn normalize_domain(text: &str) -> Result<String, String> {
    // The root's dot may be written (RFC 1034 section 3.1).
    let text = text.strip_suffix('.').unwrap_or(text);
    if let Some(told) = looks_like_something_else(text) {
        return Err(told.to_owned());
    }
    let domain = if text.is_ascii() && !has_a_label(text) { text.to_ascii_lowercase() } else { to_a_labels(text)? };
    check(&domain)?;
    Ok(domain)
}

/// Other things that people put into such lists, told apart so that the reader knows what to do.
fn looks_like_something_else(text: &str) -> Option<&'static str> {
    if text.contains("://") {
        Some("it is an address of the web, not a domain")
    } else if text.contains('@') {
        Some("it is an e-mail address, not a domain")
    } else if text.starts_with("*.") || text.starts_with('.') {
        Some("it is a pattern; write the domain alone")
    } else if text.contains(char::is_whitespace) {
        Some("there is more than a domain on the line")
    } else if !text.contains(['.', '\u{3002}', '\u{FF0E}', '\u{FF61}']) {
        Some("it is a single word, not a domain")
    } else {
        None
    }
}

fn has_a_label(text: &str) -> bool {
    text.split('.').any(|label| label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--")))
}

fn to_a_labels(text: &str) -> Result<String, String> {
    let uts46 = Uts46::new();
    let ascii = uts46.to_ascii(text.as_bytes(), AsciiDenyList::STD3, Hyphens::CheckFirstLast, DnsLength::Ignore);
    ascii.map(|domain| domain.into_owned()).map_err(|_| "it is no name that a domain can have".to_owned())
}

/// RFC 1035 section 2.3.4 and RFC 1123 section 2.1.
fn check(domain: &str) -> Result<(), String> {
    if domain.len() > 253 {
        return Err("it is longer than 253 characters".to_owned());
    }
    for label in domain.split('.') {
        let bytes = label.as_bytes();
        match bytes {
            [] => return Err("two dots stand together, or one at the edge".to_owned()),
            [b'-', ..] | [.., b'-'] => return Err(format!("`{label}` has a hyphen at its edge")),
            _ if bytes.len() > 63 => return Err("a part of it is longer than 63 characters".to_owned()),
            _ => {}
        }
        if let Some(bad) = bytes.iter().find(|byte| !byte.is_ascii_alphanumeric() && **byte != b'-') {
            return Err(format!("`{}` can't stand in a domain", char::from(*bad).escape_default()));
        }
    }
    let top = domain.rsplit('.').next().unwrap_or_default();
    if top.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("it ends with a number, as an IP address does".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains_come_to_lower_case_and_a_labels() {
        for (text, domain) in [
            ("Mailinator.com", "mailinator.com"),
            ("mailinator.com.", "mailinator.com"),
            ("דואר.קום", "xn--4dbfg1f.xn--9dbq2a"),
            ("Bücher.example", "xn--bcher-kva.example"),
            ("XN--bcher-KVA.example", "xn--bcher-kva.example"),
            ("１０minutemail。com", "10minutemail.com"),
            ("a-b.c-d.co.il", "a-b.c-d.co.il"),
        ] {
            assert_eq!(normalize_domain(text).as_deref(), Ok(domain), "{text}");
        }
    }

    #[test]
    fn what_is_no_domain_is_told_why() {
        let long = format!("{}.com", "a".repeat(64));
        for (text, told) in [
            ("https://a.com/", "address of the web"),
            ("dana@a.com", "e-mail address"),
            ("*.a.com", "pattern"),
            ("0.0.0.0 a.com", "more than a domain"),
            ("localhost", "single word"),
            ("a..com", "two dots"),
            ("-a.com", "hyphen"),
            ("a_b.com", "`_` can't"),
            ("a,b.com", "`,` can't"),
            ("127.0.0.1", "IP address"),
            ("xn--a.com", "no name"),
            ("a\0b.com", "can't stand"),
            (&long, "63"),
        ] {
            let why = normalize_domain(text).expect_err(text);
            assert!(why.contains(told), "{text}: {why}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_was_read_stays(text in "\\PC{0,20}(\\.[a-z\\PC]{0,6})?") {
            if let Ok(domain) = normalize_domain(&text) {
                assert_eq!(normalize_domain(&domain), Ok(domain));
            }
        }
    }
}
