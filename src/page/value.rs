//! A customer's value on a page: escaped, isolated from the direction of its surroundings, and with what the eye
//! can't see made visible.

use std::fmt::{self, Write};

use askama::filters::{Escaper, Html, HtmlSafe};

use crate::text::is_unseen;

/// Values longer than this many characters are cut; a page shows examples, not data.
const LONGEST: usize = 80;

/// A value from the list, ready for the page.
pub(crate) struct Value {
    text: String,
    is_cut: bool,
}

impl Value {
    pub(crate) fn new(raw: &str) -> Self {
        Value::up_to(LONGEST, raw)
    }

    /// As it is shown where it is to be read: up to so many characters.
    pub(crate) fn up_to(most: usize, raw: &str) -> Self {
        let end = raw.char_indices().nth(most).map(|(end, _)| end);
        Value { text: raw[..end.unwrap_or(raw.len())].to_owned(), is_cut: end.is_some() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }
}

impl HtmlSafe for Value {}

/// Writes HTML: the one place of the pages where that is done by hand.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(r#"<bdi class="value" dir="auto">"#)?;
        let inner = self.text.trim_matches(' ');
        let lead = self.text.len() - self.text.trim_start_matches(' ').len();
        let mut gap = false;
        for (index, character) in self.text.char_indices() {
            let is_outer = index < lead || index >= lead + inner.len();
            if character == ' ' && (is_outer || gap) {
                f.write_str(r#"<i class="mark">␣</i>"#)?;
            } else if is_unseen(character) {
                write!(f, r#"<i class="mark" dir="ltr">U+{:04X}</i>"#, u32::from(character))?;
            } else {
                Html.write_escaped_char(&mut *f, character)?;
            }
            gap = character == ' ';
        }
        if self.is_cut {
            f.write_char('…')?;
        }
        f.write_str("</bdi>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(raw: &str) -> String {
        let html = Value::new(raw).to_string();
        let inner = html.strip_prefix(r#"<bdi class="value" dir="auto">"#).and_then(|rest| rest.strip_suffix("</bdi>"));
        inner.expect("every value is isolated").to_owned()
    }

    #[test]
    fn markup_in_a_value_is_text() {
        assert_eq!(shown("<script>\"'&"), "&#60;script&#62;&#34;&#39;&#38;");
    }

    #[test]
    fn what_the_eye_cannot_see_is_named() {
        assert_eq!(shown("a\u{202E}b"), r#"a<i class="mark" dir="ltr">U+202E</i>b"#);
        assert_eq!(shown("a\nb"), r#"a<i class="mark" dir="ltr">U+000A</i>b"#);
    }

    #[test]
    fn spaces_that_do_harm_are_drawn_and_others_are_not() {
        let space = r#"<i class="mark">␣</i>"#;
        assert_eq!(shown("דנה כהן"), "דנה כהן");
        assert_eq!(shown(" דנה  כהן "), format!("{space}דנה {space}כהן{space}"));
        assert_eq!(shown("  "), format!("{space}{space}"));
    }

    #[test]
    fn a_long_value_is_cut_between_characters() {
        let html = shown(&"ש".repeat(10_000));
        assert_eq!(html.chars().count(), LONGEST + 1);
        assert!(html.ends_with('…'));
    }
}
