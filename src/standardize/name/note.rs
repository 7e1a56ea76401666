//! Notes in brackets beside a name: `דנה (אמא)`.

/// The name without what stands in round or square brackets; none where there is no whole pair, or nothing else.
pub(super) fn without_notes(name: &str) -> Option<String> {
    let mut rest = name.to_owned();
    let mut found = false;
    while let Some(shorter) = without_first_note(&rest) {
        rest = shorter;
        found = true;
    }
    (found && rest.chars().any(char::is_alphabetic)).then_some(rest)
}

fn without_first_note(name: &str) -> Option<String> {
    let close = name.find([')', ']'])?;
    let pair = if name[close..].starts_with(')') { '(' } else { '[' };
    let open = name[..close].rfind(pair)?;
    let (before, after) = (name[..open].trim_end(), name[close + 1..].trim_start());
    let space = if before.is_empty() || after.is_empty() { "" } else { " " };
    Some(format!("{before}{space}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_in_brackets_are_taken_off() {
        for (name, rest) in [
            ("דנה (אמא)", Some("דנה")),
            ("(אמא) דנה", Some("דנה")),
            ("דנה (אמא) כהן", Some("דנה כהן")),
            ("Dana [vip] (new)", Some("Dana")),
            ("דנה ((אמא))", Some("דנה")),
            ("(דנה)", None),
            ("דנה (אמא", None),
            (")(", None),
            ("דנה", None),
        ] {
            assert_eq!(without_notes(name).as_deref(), rest, "{name}");
        }
    }
}
