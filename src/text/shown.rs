//! A value as a person is shown it: kept from turning its surroundings around, and with what the eye can't see.

use super::character::is_unseen;

/// First strong isolate and its end (UAX #9): keep a right-to-left value from turning its line around.
pub fn isolated(value: &str) -> String {
    if value.is_ascii() { value.to_owned() } else { format!("\u{2068}{value}\u{2069}") }
}

/// Characters that leave no trace as `\u{…}`, so that a reader sees what is there.
pub fn visible(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    for letter in raw.chars() {
        if is_unseen(letter) {
            text.extend(letter.escape_unicode());
        } else {
            text.push(letter);
        }
    }
    text
}

/// The same for a message that stands on one line, in which marks that isolate a value stay.
pub fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        if steers(letter) || letter.is_control() {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
    }
    line
}

/// What steers a terminal, turns around what follows it, or ends a line for some and not for others.
fn steers(letter: char) -> bool {
    let is_line_or_tab = matches!(letter, '\n' | '\t');
    letter.is_control() && !is_line_or_tab || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}' | '\u{2067}')
}

/// How what steers is written instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Escape {
    /// For people, as `\u{202e}`; colours stay.
    Text,
    /// As JSON knows it, where it can stand in strings alone.
    Json,
}

/// Takes from a text that is about to be shown what steers, piece by piece.
#[derive(Debug, Clone)]
pub struct Shield {
    escape: Escape,
    is_line_start: bool,
}

impl Shield {
    /// For a text that begins a line.
    pub const fn new(escape: Escape) -> Self {
        Shield { escape, is_line_start: true }
    }

    /// The next piece, harmless: no line of it is taken for a command by whoever reads the log of a build.
    pub fn pass<'t>(&mut self, text: &'t str) -> std::borrow::Cow<'t, str> {
        let is_plain = |byte: &u8| {
            byte.is_ascii_graphic() || matches!(byte, b' ' | b'\n' | b'\t') || !matches!(byte, ..0x80 | 0xc2 | 0xe2)
        };
        let has_commands = || text.contains("::") || text.contains("##[") || text.starts_with([':', '#']);
        if text.as_bytes().iter().all(is_plain) && (self.escape == Escape::Json || !has_commands()) {
            self.is_line_start = text
                .rfind('\n')
                .map_or(self.is_line_start && text.trim().is_empty(), |end| text[end..].trim().is_empty());
            return std::borrow::Cow::Borrowed(text);
        }
        let mut shown = String::with_capacity(text.len() + 16);
        let mut rest = text;
        while let Some(letter) = rest.chars().next() {
            let colour = if self.escape == Escape::Text { colour(rest) } else { 0 };
            if colour > 0 {
                shown.push_str(&rest[..colour]);
                rest = &rest[colour..];
                continue;
            }
            if self.is_line_start && self.escape == Escape::Text && (rest.starts_with("::") || rest.starts_with("##["))
            {
                shown.push('\\');
            }
            self.is_line_start = letter == '\n' || self.is_line_start && letter.is_whitespace();
            match self.escape {
                _ if !steers(letter) => shown.push(letter),
                Escape::Text => shown.extend(letter.escape_default()),
                Escape::Json => shown.push_str(&format!("\\u{:04x}", u32::from(letter))),
            }
            rest = &rest[letter.len_utf8()..];
        }
        std::borrow::Cow::Owned(shown)
    }
}

/// Length of the colour that a text begins with; 0 where it begins with none.
fn colour(text: &str) -> usize {
    let Some(codes) = text.strip_prefix("\x1b[") else { return 0 };
    let length = codes.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    if codes.as_bytes().get(length) == Some(&b'm') { length + 3 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shielded(text: &str, escape: Escape) -> String {
        Shield::new(escape).pass(text).into_owned()
    }

    #[test]
    fn nothing_that_is_shown_steers_the_terminal_or_turns_its_line_around() {
        let shown = shielded("a\u{1b}]0;title\u{7}b\r\u{202e}c\td\n", Escape::Text);
        assert_eq!(shown, "a\\u{1b}]0;title\\u{7}b\\r\\u{202e}c\td\n");
        assert_eq!(shielded("\u{1b}[31mred\u{1b}[0m", Escape::Text), "\u{1b}[31mred\u{1b}[0m", "colours stay");
        assert_eq!(shielded("{\"a\": \"\u{202e}\u{9b}\"}", Escape::Json), "{\"a\": \"\\u202e\\u009b\"}");
        assert_eq!(on_one_line("a\n::error::b\u{2028}"), "a\\n::error::b\\u{2028}");
    }

    #[test]
    fn no_line_is_taken_for_a_command_wherever_it_is_cut() {
        let text = "rows\n  ::error::x\n##[add-mask]y\na::b\n\u{1b}[1m::stop::\n";
        let shown = "rows\n  \\::error::x\n\\##[add-mask]y\na::b\n\u{1b}[1m\\::stop::\n";
        assert_eq!(shielded(text, Escape::Text), shown);
        let mut shield = Shield::new(Escape::Text);
        let lines = text.split_inclusive('\n').map(|line| shield.pass(line).into_owned());
        assert_eq!(lines.collect::<String>(), shown);
    }

    #[test]
    fn what_the_eye_cannot_see_is_named() {
        assert_eq!(visible("a\u{200b}\u{ad}\u{a0}\u{3164}b c"), r"a\u{200b}\u{ad}\u{a0}\u{3164}b c");
    }

    #[test]
    fn right_to_left_values_are_isolated_and_latin_ones_left_alone() {
        assert_eq!(isolated("נייד"), "\u{2068}נייד\u{2069}");
        assert_eq!(isolated("mobile"), "mobile");
    }
}
