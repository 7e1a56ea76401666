//! Signs that people write in several forms: apostrophes, quotation marks, dashes, and the points that help to read.

use super::hebrew;

/// Marks of abbreviation and quotation that stand for an apostrophe: geresh and what looks like it.
pub const fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '׳' | '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | '′' | '`' | '´' | '\u{1ffd}')
}

/// Gershayim and what looks like them.
pub const fn is_quotation_mark(character: char) -> bool {
    matches!(character, '"' | '״' | '“' | '”' | '„' | '‟' | '″')
}

/// Stands inside of words and makes no difference when they are compared. Beside the marks of keyboards the signs by which
/// ayin and alef are written in Latin letters, which a value keeps, as they tell the two apart.
pub const fn is_quote(character: char) -> bool {
    is_apostrophe(character) || is_quotation_mark(character) || matches!(character, 'ʿ' | 'ʾ')
}

/// Hyphens, dashes, the minus and the maqaf.
pub const fn is_dash(character: char) -> bool {
    matches!(character, '-' | '־' | '‐'..='―' | '−')
}

/// The apostrophe, the quotation mark or the hyphen of keyboards for what stands for one; any other character as it is.
pub const fn keyboard_form(character: char) -> char {
    if is_apostrophe(character) {
        '\''
    } else if is_quotation_mark(character) {
        '"'
    } else if is_dash(character) {
        '-'
    } else {
        character
    }
}

/// ASCII for its full-width form.
pub const fn narrow(character: char) -> Option<char> {
    match character {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(character as u32 - 0xfee0),
        _ => None,
    }
}

/// Lengthens an Arabic word for the eye.
pub const TATWEEL: char = '\u{640}';

/// Vowel points and accents of Hebrew, vowel signs of Arabic, and the tatweel: aids to reading, no part of a name. Hamza
/// and madda are not among them.
pub const fn is_reading_aid(character: char) -> bool {
    hebrew::is_point(character) || matches!(character, '\u{64b}'..='\u{652}' | '\u{670}' | TATWEEL)
}

/// The name without what only helps to read it; none where there is nothing of the kind.
pub fn without_vowel_points(name: &str) -> Option<String> {
    name.contains(is_reading_aid).then(|| name.replace(is_reading_aid, ""))
}

/// The name with geresh and its look-alikes as `'`, gershayim and theirs as `"`, maqaf and dashes as `-`: the forms that
/// keyboards write; none where nothing changes.
pub fn in_one_form(name: &str) -> Option<String> {
    let mut changed = String::with_capacity(name.len());
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let after_hebrew = changed.chars().next_back().is_some_and(hebrew::is_letter);
        match keyboard_form(character) {
            // Two apostrophes between Hebrew letters are gershayim in a hurry: ד''ר.
            '\'' if after_hebrew && characters.peek().is_some_and(|&next| is_apostrophe(next)) => {
                let mut ahead = characters.clone();
                ahead.next();
                if ahead.peek().is_some_and(|&next| hebrew::is_letter(next)) {
                    characters.next();
                    changed.push('"');
                } else {
                    changed.push('\'');
                }
            }
            form => changed.push(form),
        }
    }
    (changed != name).then_some(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn geresh_gershayim_and_maqaf_come_to_one_form() {
        for (name, form) in [
            ("ג׳ורג׳", "ג'ורג'"),
            ("ד״ר", "ד\"ר"),
            ("ד''ר", "ד\"ר"),
            ("כהן־לוי", "כהן-לוי"),
            ("O’Neil", "O'Neil"),
            ("Jean–Paul", "Jean-Paul"),
        ] {
            assert_eq!(in_one_form(name).as_deref(), Some(form), "{name}");
            assert_eq!(in_one_form(form), None, "{form}");
        }
    }

    #[test]
    fn vowel_points_go_and_letters_stay() {
        assert_eq!(without_vowel_points("דָּנָה").as_deref(), Some("דנה"));
        assert_eq!(without_vowel_points("مُحَمَّد").as_deref(), Some("محمد"));
        assert_eq!(without_vowel_points("דנה"), None);
    }
}
