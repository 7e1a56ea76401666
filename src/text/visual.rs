//! Text in visual order: its letters stand as a screen shows them, from left to right, Hebrew ones too (RFC 1556).

use super::script::runs_right_to_left;

/// The text in the order in which it is read. Numbers and words of left-to-right scripts keep theirs.
pub fn from_visual(text: &str) -> String {
    let mut read = String::with_capacity(text.len());
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            read.push('\n');
        }
        push_line(line, &mut read);
    }
    read
}

fn push_line(line: &str, read: &mut String) {
    if runs_right_to_left(line) == Some(false) && !line.chars().any(is_hebrew) {
        return read.push_str(line);
    }
    let letters: Vec<char> = line.chars().rev().map(mirrored).collect();
    let mut at = 0;
    while at < letters.len() {
        // A run of what is read from left to right, with what stands between its parts.
        let rest = &letters[at..];
        let run = rest.iter().position(|letter| !is_left_to_right(*letter) && !joins(*letter)).unwrap_or(rest.len());
        let run = rest[..run].iter().rposition(|letter| is_left_to_right(*letter)).map_or(0, |last| last + 1);
        if run > 0 && is_left_to_right(rest[0]) {
            read.extend(rest[..run].iter().rev());
            at += run;
        } else {
            read.push(rest[0]);
            at += 1;
        }
    }
}

/// How much speaks for the order in which a text stands: words end with final forms and don't begin with them.
pub fn order_of_final_letters(text: &str) -> i64 {
    let is_final = |letter: char| matches!(letter, 'ך' | 'ם' | 'ן' | 'ף' | 'ץ');
    let words = text.split(|letter: char| !is_hebrew(letter)).filter(|word| word.chars().count() > 1);
    let of_word = |word: &str| i64::from(word.ends_with(is_final)) - i64::from(word.starts_with(is_final));
    words.map(of_word).sum()
}

fn is_hebrew(letter: char) -> bool {
    ('\u{590}'..='\u{5ff}').contains(&letter)
}

fn is_left_to_right(letter: char) -> bool {
    letter.is_alphanumeric() && !is_hebrew(letter)
}

/// Stands between parts of one number, address or word.
fn joins(letter: char) -> bool {
    matches!(letter, '.' | ',' | ':' | '/' | '-' | '+' | '@' | '_' | '\'')
}

/// Brackets are drawn the other way round.
const fn mirrored(letter: char) -> char {
    match letter {
        '(' => ')',
        ')' => '(',
        '[' => ']',
        ']' => '[',
        '<' => '>',
        '>' => '<',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_as_it_is_shown_is_read_as_it_is_said() {
        for (shown, said) in [
            ("רסה", "הסר"),
            ("הדות ,אנ רסה", "הסר נא, תודה"),
            ("050-2345678 רפסמל ורשקתה", "התקשרו למספר 050-2345678"),
            ("(ןכ)", "(כן)"),
            ("STOP", "STOP"),
            ("STOP רסה", "הסר STOP"),
            ("", ""),
            ("םולש\nהדות", "שלום\nתודה"),
        ] {
            assert_eq!(from_visual(shown), said, "{shown}");
        }
        assert!(order_of_final_letters("שלום לכם") > 0 && order_of_final_letters("םכל םולש") < 0);
        assert_eq!(order_of_final_letters("הסר"), 0);
    }
}
