//! The call list as vCards 4.0 (RFC 6350), for telephones and address books.

use std::io::{self, Write};

use super::{CallLine, to_verify};
use crate::rule::Words;

/// Octets of a line, its end not counted (section 3.2).
const LONGEST_LINE: usize = 75;

/// Writes one profile a call.
///
/// # Errors
/// When the output can't be written.
pub fn write_call_vcards(lines: &[CallLine], words: &Words, out: &mut dyn Write) -> io::Result<()> {
    for line in lines {
        out.write_all(vcard(line, words).as_bytes())?;
    }
    out.flush()
}

fn vcard(line: &CallLine, words: &Words) -> String {
    let call = &line.call;
    let full_name = format!("{} {}", call.first_name, line.last_name);
    // FN is the one property that must not be empty.
    let full_name = if full_name.trim().is_empty() { call.customer.to_string() } else { full_name.trim().to_owned() };
    let mut profile = String::new();
    let mut push = |property: &str, value: &str| push_line(&mut profile, &format!("{property}:{value}"));
    push("BEGIN", "VCARD");
    push("VERSION", "4.0");
    push("UID;VALUE=text", &call.customer.to_string());
    push("FN", &escaped(&full_name));
    push("N", &format!("{};{};;;", escaped(&line.last_name), escaped(&call.first_name)));
    push("TEL;VALUE=uri;PREF=1", &format!("tel:{}", call.recipient));
    if !line.other_phone.is_empty() {
        push("TEL;VALUE=uri", &format!("tel:{}", line.other_phone));
    }
    if !line.email.is_empty() {
        push("EMAIL", &escaped(&line.email));
    }
    if !call.language.is_empty() {
        push("LANG", &call.language);
    }
    let verify = format!("{}: {}", words.say("call.column.to_verify"), to_verify(line, words));
    let note = format!("{} {}\n{verify}\n{}", words.say("call.column.call"), call.id, call.script);
    push("NOTE", &escaped(note.trim_end()));
    push("END", "VCARD");
    profile
}

/// A text value (section 3.4).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ',' | ';' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Adds a line, folded between characters where it is too long.
fn push_line(profile: &mut String, line: &str) {
    let mut rest = line;
    let mut room = LONGEST_LINE;
    while rest.len() > room {
        let cut = rest.floor_char_boundary(room);
        profile.push_str(&rest[..cut]);
        profile.push_str("\r\n ");
        rest = &rest[cut..];
        // The space that tells of the fold counts.
        room = LONGEST_LINE - 1;
    }
    profile.push_str(rest);
    profile.push_str("\r\n");
}
