//! Texts that were written in UTF-8 twice over: what was UTF-8 already was taken for letters of a one-byte table and encoded again.

use std::io::{self, Write};

use crate::ingest::text::{Text, TextWriter};
use crate::text::read_twice;

/// Whether the first lines of a text stand so: the first one, which names the columns, and all others that hold more than ASCII.
/// Cells below a header that is in order are put right one by one, each with a word about it.
pub(crate) fn is_encoded_twice(head: &[u8]) -> bool {
    let whole = head.iter().rposition(|byte| *byte == b'\n').map_or(head, |end| &head[..end]);
    let mut lines = whole.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let is_twice = |line: &[u8]| std::str::from_utf8(line).ok().and_then(read_twice).is_some();
    lines.next().is_some_and(is_twice) && lines.all(|line| line.is_ascii() || is_twice(line))
}

/// The text from `start` on as it was before it was encoded the second time; lines that were not stay.
pub(crate) fn decoded_once_more(text: &Text, start: u64) -> io::Result<Text> {
    let mut spool = TextWriter::new();
    text.each_line(start, |line| match std::str::from_utf8(line).ok().and_then(read_twice) {
        Some(real) => spool.write_all(real.as_bytes()),
        None => spool.write_all(line),
    })?;
    spool.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    /// A text whose UTF-8 was read with a one-byte table.
    fn twice(text: &str, table: &'static encoding_rs::Encoding) -> String {
        table.decode_without_bom_handling(text.as_bytes()).0.into_owned()
    }

    #[test]
    fn a_text_that_was_encoded_twice_is_read_as_it_was_meant() {
        // Of ISO 8859-1 all bytes are letters; Windows-1252 lacks five, which come through as the control characters they are.
        for text in [
            "שם,עיר\r\nגל,לוד\r\n",
            "Имя,Город\n\nТимур,Тула\nNo ASCII,x\n",
            "الاسم,المدينة\nسلمى,حيفا\n",
            "Prénom,Ville\nAgnès,Nîmes\n",
        ] {
            let shown = twice(text, encoding_rs::WINDOWS_1252);
            assert!(is_encoded_twice(shown.as_bytes()), "{shown}");
            let mut read = String::new();
            let once = decoded_once_more(&Text::from_bytes(shown.into_bytes()), 0).expect("written");
            once.reader().read_to_string(&mut read).expect("text");
            assert_eq!(read, text);
        }
    }

    #[test]
    fn other_texts_are_as_they_are() {
        let mixed = format!("שם,עיר\n{}", twice("גל,לוד\n", encoding_rs::WINDOWS_1252));
        let half = format!("{}גל,לוד\n", twice("שם,עיר\n", encoding_rs::WINDOWS_1252));
        for text in ["שם,עיר\nגל,לוד\n", "name,town\nJosÃ©,Lod\n", "Prénom\nAgnès\n", "", "a\nb\n", &mixed, &half]
        {
            assert!(!is_encoded_twice(text.as_bytes()), "{text}");
        }
    }
}
