//! Bytes of a cell as text.

use std::fmt::Write as _;

/// Appends bytes: text as it stands, and what is none in hexadecimal, as PostgreSQL writes it.
pub(super) fn put_bytes(bytes: &[u8], text: &mut String) {
    match std::str::from_utf8(bytes) {
        Ok(own) => text.push_str(own),
        Err(_) => {
            text.push_str("\\x");
            bytes.iter().for_each(|byte| {
                // Writing to a text can't fail.
                let _ = write!(text, "{byte:02x}");
            });
        }
    }
}
