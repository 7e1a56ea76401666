//! The full parser of one address: RFC 5321 section 4.1.2 with the lengths of 4.5.3.1, RFC 6531 and UTS #46.

use std::net::{Ipv4Addr, Ipv6Addr};

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::plain::{is_atext, plain_at};
use crate::finding::Code;
use crate::text::character::is_invisible;
use crate::text::script;

/// An address in normal form: local part as written (NFC), domain in lower case and in Unicode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) local: String,
    pub(super) domain: String,
    /// The domain as DNS knows it; a domain literal as it stands.
    pub(super) ascii_domain: String,
    /// What is unusual about it, in the order in which it is met.
    pub(super) unusual: Vec<Code>,
}

impl Address {
    pub(super) fn is_literal(&self) -> bool {
        self.domain.starts_with('[')
    }

    pub(super) fn text(&self) -> String {
        format!("{}@{}", self.local, self.domain)
    }
}

/// Reads one address.
///
/// # Errors
/// With the first rule of syntax that it breaks, read from left to right.
pub(super) fn parse(text: &str) -> Result<Address, Code> {
    if let Some(at) = plain_at(text.as_bytes()) {
        let domain = text[at + 1..].to_ascii_lowercase();
        return Ok(Address { local: text[..at].to_owned(), ascii_domain: domain.clone(), domain, unusual: Vec::new() });
    }
    let mut unusual = Vec::new();
    let (local, domain) = split(text)?;
    // No form of a longer one can be within the limits, and mapping it would take its time.
    if local.len() > LONGEST {
        return Err(Code::EmailLocalTooLong);
    }
    if domain.len() > LONGEST {
        return Err(Code::EmailDomainTooLong);
    }
    let local = read_local(local, &mut unusual)?;
    let (domain, ascii_domain) = read_domain(domain, &mut unusual)?;
    // RFC 5321 section 4.5.3.1.3: a path has 256 octets, two of them its angle brackets.
    if local.len() + 1 + ascii_domain.len() > 254 {
        return Err(Code::EmailTotalTooLong);
    }
    Ok(Address { local, domain, ascii_domain, unusual })
}

const LONGEST: usize = 2000;

/// Parts an address at its only `@` outside of quotes.
pub(super) fn split(text: &str) -> Result<(&str, &str), Code> {
    if text.starts_with('"') {
        let end = end_of_quote(text).ok_or(Code::EmailUnbalancedQuote)?;
        let (local, rest) = text.split_at(end);
        return match rest.strip_prefix('@') {
            Some(domain) => Ok((local, domain)),
            None if rest.contains('@') => Err(Code::EmailBadChar),
            None => Err(Code::EmailNoAt),
        };
    }
    let (local, domain) = text.split_once('@').ok_or(Code::EmailNoAt)?;
    if domain.contains('@') { Err(Code::EmailMultipleAt) } else { Ok((local, domain)) }
}

/// The byte after the quote that closes the one at the start.
pub(super) fn end_of_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    for (index, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some(index + 1),
            _ => {}
        }
    }
    None
}

fn read_local(local: &str, unusual: &mut Vec<Code>) -> Result<String, Code> {
    if local.is_empty() {
        return Err(Code::EmailEmptyLocal);
    }
    let composed: String = local.nfc().collect();
    // Checked in both forms: composing may hide a bad character (`<` with U+0338) or make one (U+037E becomes `;`).
    for form in [local, composed.as_str()] {
        if form.starts_with('"') { check_quoted(form)? } else { check_dot_atom(form)? }
    }
    if local.starts_with('"') {
        unusual.push(Code::EmailQuotedLocal);
    }
    let local = composed;
    // RFC 5321 section 4.5.3.1.1, in octets.
    if local.len() > 64 {
        return Err(Code::EmailLocalTooLong);
    }
    if !local.is_ascii() {
        unusual.push(Code::EmailEaiLocal);
        note_mixed_script(&local, unusual);
    }
    Ok(local)
}

fn check_dot_atom(local: &str) -> Result<(), Code> {
    if let Some(bad) = local.chars().find(|&letter| letter != '.' && !is_local_char(letter)) {
        return Err(match bad {
            '"' => Code::EmailUnbalancedQuote,
            _ if bad.is_control() => Code::EmailControlChar,
            _ => Code::EmailBadChar,
        });
    }
    if local.starts_with('.') || local.ends_with('.') {
        return Err(Code::EmailDotEdge);
    }
    if local.contains("..") { Err(Code::EmailDotDouble) } else { Ok(()) }
}

/// The content of a quoted local part; quotes at both ends are known.
fn check_quoted(local: &str) -> Result<(), Code> {
    let mut escaped = false;
    for letter in local[1..local.len() - 1].chars() {
        if letter.is_control() {
            return Err(Code::EmailControlChar);
        }
        // A quoted pair stays within ASCII (RFC 5321 section 4.1.2, left so by RFC 6531 section 3.3).
        if !letter.is_ascii() && (escaped || !is_local_char(letter)) {
            return Err(Code::EmailBadChar);
        }
        escaped = !escaped && letter == '\\';
    }
    Ok(())
}

/// atext, and beyond ASCII whatever is no space, no control and nothing that can't be seen.
fn is_local_char(letter: char) -> bool {
    let is_noncharacter =
        matches!(letter as u32 & 0xFFFF, 0xFFFE | 0xFFFF) || ('\u{FDD0}'..='\u{FDEF}').contains(&letter);
    is_atext(letter)
        && !letter.is_control()
        && !letter.is_whitespace()
        && !is_invisible(letter)
        && letter != char::REPLACEMENT_CHARACTER
        && !is_noncharacter
}

/// The domain for people and the domain for DNS.
fn read_domain(domain: &str, unusual: &mut Vec<Code>) -> Result<(String, String), Code> {
    if domain.is_empty() {
        return Err(Code::EmailEmptyDomain);
    }
    if domain.starts_with('[') {
        check_literal(domain)?;
        unusual.push(Code::EmailDomainLiteral);
        return Ok((domain.to_owned(), domain.to_owned()));
    }
    check_host_chars(domain)?;
    let (domain, ascii) = if domain.is_ascii() && !has_a_label(domain) {
        let lower = domain.to_ascii_lowercase();
        (lower.clone(), lower)
    } else {
        read_idn(domain, unusual)?
    };
    check_lengths(&ascii)?;
    check_top_level(&ascii)?;
    Ok((domain, ascii))
}

/// RFC 5321 section 4.1.3. An IPv6 address without its tag is none of its forms.
fn check_literal(domain: &str) -> Result<(), Code> {
    let inner = domain[1..].strip_suffix(']').ok_or(Code::EmailBadChar)?;
    let tag = inner.get(..5).filter(|tag| tag.eq_ignore_ascii_case("IPv6:"));
    let is_address = match tag {
        Some(tag) => inner[tag.len()..].parse::<Ipv6Addr>().is_ok(),
        None => inner.parse::<Ipv4Addr>().is_ok(),
    };
    if is_address { Ok(()) } else { Err(Code::EmailIpAddress) }
}

/// Characters, dots and hyphens; full stops of other scripts count as dots (UTS #46 section 2.3).
fn check_host_chars(domain: &str) -> Result<(), Code> {
    for letter in domain.chars() {
        match letter {
            '_' => return Err(Code::EmailUnderscoreDomain),
            _ if letter.is_control() => return Err(Code::EmailControlChar),
            _ if !letter.is_ascii() && !is_name_char(letter) => return Err(Code::EmailBadChar),
            _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() && !matches!(letter, '.' | '-') => {
                return Err(Code::EmailBadChar);
            }
            _ => {}
        }
    }
    let is_dot = |letter| matches!(letter, '.' | '\u{3002}' | '\u{FF0E}' | '\u{FF61}');
    if domain.starts_with(is_dot) || domain.ends_with(is_dot) {
        return Err(Code::EmailDotEdge);
    }
    for label in domain.split(is_dot) {
        if label.is_empty() {
            return Err(Code::EmailDotDouble);
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err(Code::EmailBadHyphen);
        }
    }
    Ok(())
}

/// Letters, digits and marks, what RFC 5892 appendix A lets stand between them, and emoji: no registry should sell a name
/// with those, but some do (SSAC 095). Other punctuation and symbols are in no name (RFC 5892 section 2).
fn is_name_char(letter: char) -> bool {
    letter.is_alphanumeric()
        || is_combining_mark(letter)
        || is_invisible(letter)
        || matches!(
            letter,
            '\u{B7}' | '\u{375}' | '\u{5F3}' | '\u{5F4}' | '\u{6FD}' | '\u{6FE}' | '\u{F0B}' | '\u{3007}'
        )
        || matches!(letter, '\u{3002}' | '\u{FF0E}' | '\u{FF61}' | '\u{FF0D}' | '\u{30FB}')
        || matches!(letter, '\u{2600}'..='\u{27BF}' | '\u{2B50}' | '\u{1F000}'..='\u{1FAFF}')
}

fn has_a_label(domain: &str) -> bool {
    domain.split('.').any(|label| label.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("xn--")))
}

fn read_idn(domain: &str, unusual: &mut Vec<Code>) -> Result<(String, String), Code> {
    let uts46 = Uts46::new();
    let (deny, hyphens) = (AsciiDenyList::STD3, Hyphens::CheckFirstLast);
    let (Ok(ascii), (unicode, Ok(()))) = (
        uts46.to_ascii(domain.as_bytes(), deny, hyphens, DnsLength::Ignore),
        uts46.to_unicode(domain.as_bytes(), deny, hyphens),
    ) else {
        let mixes = domain.split('.').any(script::breaks_bidi_rule);
        return Err(if mixes { Code::EmailMixedBidi } else { Code::EmailBadChar });
    };
    if has_a_label(domain) {
        unusual.push(Code::EmailPunycodeInput);
    }
    if !unicode.is_ascii() {
        unusual.push(Code::EmailIdnDomain);
        unicode.split('.').for_each(|label| note_mixed_script(label, unusual));
    }
    // Mapping may leave a name that is no host name any more: a full-width dot at an edge, an empty label, the slash of ¼.
    check_host_chars(&ascii)?;
    check_host_chars(&unicode)?;
    Ok((unicode.into_owned(), ascii.into_owned()))
}

fn check_lengths(ascii: &str) -> Result<(), Code> {
    if ascii.split('.').any(|label| label.len() > 63) {
        return Err(Code::EmailLabelTooLong);
    }
    // 253 letters and dots are the 255 octets of RFC 1035 section 2.3.4 on the wire.
    if ascii.len() > 253 { Err(Code::EmailDomainTooLong) } else { Ok(()) }
}

fn check_top_level(ascii: &str) -> Result<(), Code> {
    let Some((_, top)) = ascii.rsplit_once('.') else {
        let is_number = ascii.bytes().all(|byte| byte.is_ascii_digit());
        return Err(if is_number { Code::EmailNumericTld } else { Code::EmailNoTld });
    };
    if ascii.parse::<Ipv4Addr>().is_ok() {
        return Err(Code::EmailIpAddress);
    }
    // RFC 3696 section 2: no top level domain is all digits.
    if top.bytes().all(|byte| byte.is_ascii_digit()) { Err(Code::EmailNumericTld) } else { Ok(()) }
}

fn note_mixed_script(text: &str, unusual: &mut Vec<Code>) {
    if script::is_mixed(text) && !unusual.contains(&Code::EmailMixedScript) {
        unusual.push(Code::EmailMixedScript);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_break_of_syntax_has_its_own_code() {
        let long = "d".repeat(64);
        let too_long_label = format!("a@{long}.com");
        let too_long_local = format!("{long}d@gmail.com");
        for (text, code) in [
            ("dana", Code::EmailNoAt),
            ("a@b@c.com", Code::EmailMultipleAt),
            ("@gmail.com", Code::EmailEmptyLocal),
            ("dana@", Code::EmailEmptyDomain),
            (too_long_local.as_str(), Code::EmailLocalTooLong),
            (too_long_label.as_str(), Code::EmailLabelTooLong),
            (".dana@gmail.com", Code::EmailDotEdge),
            ("dana@gmail.com.", Code::EmailDotEdge),
            ("da..na@gmail.com", Code::EmailDotDouble),
            ("da na@gmail.com", Code::EmailBadChar),
            ("dana@gm!ail.com", Code::EmailBadChar),
            ("dana@xn--a-ecp.com", Code::EmailBadChar),
            ("dana@¼114.14m", Code::EmailBadChar),
            ("dana@bad-.com", Code::EmailBadHyphen),
            ("da\u{7}na@gmail.com", Code::EmailControlChar),
            ("\"dana@gmail.com", Code::EmailUnbalancedQuote),
            ("dana@localhost", Code::EmailNoTld),
            ("dana@shop.123", Code::EmailNumericTld),
            ("dana@my_shop.co.il", Code::EmailUnderscoreDomain),
            ("dana@10.0.0.1", Code::EmailIpAddress),
            ("dana@[2001:db8::1]", Code::EmailIpAddress),
            ("dana@דוארabc.co.il", Code::EmailMixedBidi),
        ] {
            assert_eq!(parse(text).map(|address| address.text()), Err(code), "{text}");
        }
    }

    #[test]
    fn a_domain_is_shown_in_unicode_and_kept_for_dns_in_ascii() {
        let address = parse("Dana@XN--4dbrk0ce.COM").expect("it is an address");
        assert_eq!((address.local.as_str(), address.domain.as_str()), ("Dana", "ישראל.com"));
        assert_eq!(address.ascii_domain, "xn--4dbrk0ce.com");
        assert_eq!(address.unusual, [Code::EmailPunycodeInput, Code::EmailIdnDomain]);
    }

    #[test]
    fn what_is_rare_but_legal_is_an_address() {
        for (text, unusual) in [
            ("\"a@b\"@walla.co.il", vec![Code::EmailQuotedLocal]),
            ("\"\"@walla.co.il", vec![Code::EmailQuotedLocal]),
            ("dana@[192.0.2.1]", vec![Code::EmailDomainLiteral]),
            ("dana@[IPv6:2001:db8::1]", vec![Code::EmailDomainLiteral]),
            ("דנה@012.net.il", vec![Code::EmailEaiLocal]),
            ("jose\u{301}@walla.com", vec![Code::EmailEaiLocal]),
            ("dana@münchen.de", vec![Code::EmailIdnDomain]),
            ("d\u{430}na@walla.com", vec![Code::EmailEaiLocal, Code::EmailMixedScript]),
        ] {
            assert_eq!(parse(text).map(|address| address.unusual), Ok(unusual), "{text}");
        }
    }
}
