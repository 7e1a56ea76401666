//! Vowel points, and the one form of apostrophes, quotation marks and hyphens.

use super::hebrew;

/// The name without niqqud and cantillation (U+0591–05C7) and without Arabic vowel signs and tatweel; none where there is
/// none. Names are written without them; they are aids to reading.
pub fn without_vowel_points(name: &str) -> Option<String> {
    let is_point = |character: char| {
        matches!(
            character,
            '\u{591}'..='\u{5bd}' | '\u{5bf}' | '\u{5c1}' | '\u{5c2}' | '\u{5c4}' | '\u{5c5}' | '\u{5c7}'
                | '\u{64b}'..='\u{652}' | '\u{670}' | '\u{640}'
        )
    };
    name.contains(is_point).then(|| name.chars().filter(|&character| !is_point(character)).collect())
}

/// The name with geresh and its look-alikes as `'`, gershayim and theirs as `"`, maqaf and dashes as `-`: the forms that
/// keyboards write; none where nothing changes.
pub fn in_one_form(name: &str) -> Option<String> {
    let mut changed = String::with_capacity(name.len());
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        let after_hebrew = changed.chars().next_back().is_some_and(hebrew::is_letter);
        match one_form(character) {
            // Two apostrophes between Hebrew letters are gershayim in a hurry: ד''ר.
            '\'' if after_hebrew && characters.peek().is_some_and(|&next| one_form(next) == '\'') => {
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

const fn one_form(character: char) -> char {
    match character {
        '׳' | '’' | '‘' | '‛' | 'ʼ' | 'ʻ' | '′' | '`' | '´' => '\'',
        '״' | '“' | '”' | '„' | '‟' | '″' => '"',
        '־' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        other => other,
    }
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
