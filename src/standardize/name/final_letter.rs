//! Final forms of Hebrew letters (ך ם ן ף ץ) inside a word, and ordinary forms at a known name's end.

use crate::rule::NameLists;
use crate::text::hebrew;

/// The name with final forms where they belong; none where nothing is certain.
///
/// Inside a word a final form is never right, unless two names were glued (`כהןלוי`): then it is left to a person.
/// At the end an ordinary form may be meant (`קיפ`, `צ'יפ`): it is changed only where that makes a known name of an
/// unknown one.
pub(super) fn repair(name: &str, lists: &NameLists) -> Option<String> {
    if !name.contains(hebrew::is_letter) {
        return None;
    }
    let mut repaired = String::with_capacity(name.len());
    let mut word = String::new();
    for character in name.chars() {
        if hebrew::is_letter(character) || character == '\'' || character == '"' {
            word.push(character);
        } else {
            push_repaired(&mut repaired, &word, lists);
            word.clear();
            repaired.push(character);
        }
    }
    push_repaired(&mut repaired, &word, lists);
    (repaired != name).then_some(repaired)
}

fn push_repaired(repaired: &mut String, word: &str, lists: &NameLists) {
    let mut letters = word.char_indices().peekable();
    let mut fixed = String::with_capacity(word.len());
    while let Some((at, letter)) = letters.next() {
        let followed = letters.peek().is_some_and(|&(_, next)| hebrew::is_letter(next));
        match hebrew::ordinary_form(letter) {
            Some(ordinary) if followed => {
                let (left, right) = word.split_at(at + letter.len_utf8());
                if lists.has(left) && lists.has(right) {
                    repaired.push_str(word);
                    return;
                }
                fixed.push(ordinary);
            }
            _ => fixed.push(letter),
        }
    }
    let last = fixed.chars().next_back().filter(|last| hebrew::never_ends_word(*last));
    if let Some(form) = last.and_then(hebrew::final_form) {
        let mut ended = fixed.clone();
        ended.pop();
        ended.push(form);
        if lists.has(&ended) && !lists.has(&fixed) {
            fixed = ended;
        }
    }
    repaired.push_str(&fixed);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    #[test]
    fn final_forms_are_repaired_only_where_it_is_certain() {
        let lists = NameLists::load(&RuleFiles::embedded()).expect("loads");
        for (name, repaired) in [
            ("םשה", Some("משה")),
            ("שלוםי כהן", Some("שלומי כהן")),
            ("כהנ", Some("כהן")),
            ("דנה כהנ-לוי", Some("דנה כהן-לוי")),
            ("כהןלוי", None),
            ("קיפ", None),
            ("ריצ'", None),
            ("כהן", None),
            ("Dana", None),
        ] {
            assert_eq!(repair(name, &lists).as_deref(), repaired, "{name}");
        }
    }
}
