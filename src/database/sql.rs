//! Names in SQL.

/// A name as SQL writes it, whatever stands in it: in double quotes, which are doubled within it.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A query without the semicolon at its end, on lines of its own: a comment in its last line ends there.
pub(super) fn inner(query: &str) -> String {
    format!("\n{}\n", query.trim().trim_end_matches(';').trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_ends_its_quotes() {
        assert_eq!(quoted("customers"), "\"customers\"");
        assert_eq!(quoted("a\"; DROP TABLE b; --"), "\"a\"\"; DROP TABLE b; --\"");
        assert_eq!(inner(" SELECT 1 -- one ; "), "\nSELECT 1 -- one\n");
    }
}
