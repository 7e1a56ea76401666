//! What the cells of a list's columns may be.

use serde::Deserialize;

use super::domain::normalize_domain;

/// Longer cells are no entry of a list.
const LONGEST_CELL: usize = 500;

/// A column of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its header.
    pub name: String,
    /// What its cells may be.
    pub kind: CellKind,
    /// Tells entries apart.
    #[serde(default)]
    pub is_key: bool,
    /// A cell may be empty.
    #[serde(default)]
    pub may_be_empty: bool,
    /// A new list may lack it; its cells stay as they are.
    #[serde(default)]
    pub may_be_missing: bool,
    /// Of a word: which ones.
    #[serde(default)]
    pub words: Vec<String>,
    /// Other headers that it is known by.
    #[serde(default)]
    pub also: Vec<String>,
}

/// What a cell may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// A domain name, brought to lower case and A-labels.
    Domain,
    /// Any text without control characters.
    Text,
    /// One of the column's words.
    Word,
    /// A whole number without sign.
    Number,
    /// `YYYY-MM`.
    Month,
    /// The first digits of a national number with its trunk zero; `[2-9]` may stand for the second one.
    PhonePrefix,
}

impl Column {
    pub(super) fn check(&self) -> Result<(), String> {
        if (self.kind == CellKind::Word) == self.words.is_empty() {
            let message = if self.words.is_empty() { "has no `words`" } else { "has `words` and is no word" };
            return Err(format!("column `{}` {message}", self.name));
        }
        if self.is_key && (self.may_be_empty || self.may_be_missing) {
            return Err(format!("column `{}` is a key, so it can't be empty or missing", self.name));
        }
        Ok(())
    }

    /// Whether a header means this column; case, underscores and spaces don't matter.
    pub(super) fn is_called(&self, header: &str) -> bool {
        let fold = |text: &str| text.trim().replace('_', " ").to_lowercase();
        let header = fold(header);
        std::iter::once(&self.name).chain(&self.also).any(|name| fold(name) == header)
    }

    /// The cell in its normal form.
    ///
    /// # Errors
    /// With what is wrong with it.
    pub(super) fn read(&self, cell: &str) -> Result<String, String> {
        let cell = cell.trim();
        if cell.is_empty() {
            return if self.may_be_empty { Ok(String::new()) } else { Err(format!("{} is empty", self.name)) };
        }
        let wrong = |what: &str| format!("{}: {what}", self.name);
        match self.kind {
            CellKind::Domain => normalize_domain(cell),
            CellKind::Text => match plain_text(cell) {
                Ok(()) => Ok(cell.to_owned()),
                Err(why) => Err(wrong(why)),
            },
            CellKind::Word if self.words.iter().any(|word| word == cell) => Ok(cell.to_owned()),
            CellKind::Word => Err(wrong(&format!("it is none of {}", self.words.join(", ")))),
            CellKind::Number => match cell.parse::<u32>() {
                Ok(number) => Ok(number.to_string()),
                Err(_) => Err(wrong("it is no whole number")),
            },
            CellKind::Month if is_month(cell) => Ok(cell.to_owned()),
            CellKind::Month => Err(wrong("it is no month, YYYY-MM")),
            CellKind::PhonePrefix if is_phone_prefix(cell) => Ok(cell.to_owned()),
            CellKind::PhonePrefix => {
                Err(wrong("it is no prefix: a 0 and three to eight digits, of which the first may be [2-9]"))
            }
        }
    }
}

fn plain_text(cell: &str) -> Result<(), &'static str> {
    if cell.chars().any(char::is_control) {
        Err("it has control characters")
    } else if cell.contains(char::REPLACEMENT_CHARACTER) {
        Err("letters of it were lost in another encoding")
    } else if cell.len() > LONGEST_CELL {
        Err("it is too long")
    } else {
        Ok(())
    }
}

fn is_month(cell: &str) -> bool {
    cell.len() == "2026-11".len() && format!("{cell}-01").parse::<jiff::civil::Date>().is_ok()
}

fn is_phone_prefix(cell: &str) -> bool {
    let Some(rest) = cell.strip_prefix('0') else { return false };
    let (rest, first) = rest.strip_prefix("[2-9]").map_or((rest, 0), |rest| (rest, 1));
    rest.bytes().all(|byte| byte.is_ascii_digit()) && (3..=8).contains(&(rest.len() + first))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(kind: &str) -> Column {
        let words = if kind == "word" { "words = [\"isp\", \"freemail\"]" } else { "" };
        toml::from_str(&format!("name = \"c\"\nkind = \"{kind}\"\n{words}")).expect("a column")
    }

    #[test]
    fn cells_are_read_by_their_kind() {
        for (kind, cell, read) in [
            ("domain", " Mailinator.COM ", Some("mailinator.com")),
            ("text", " תל אביב ", Some("תל אביב")),
            ("text", "a\u{7}b", None),
            ("text", "תל\u{FFFD}אביב", None),
            ("text", " ", None),
            ("word", "isp", Some("isp")),
            ("word", "ISP", None),
            ("number", "007", Some("7")),
            ("number", "-7", None),
            ("number", "4294967296", None),
            ("month", "2026-11", Some("2026-11")),
            ("month", "2026-13", None),
            ("month", "11-2026", None),
            ("phone_prefix", "05041", Some("05041")),
            ("phone_prefix", "0[2-9]80", Some("0[2-9]80")),
            ("phone_prefix", "5041", None),
            ("phone_prefix", "05", None),
            ("phone_prefix", "05[2-9]1", None),
            ("phone_prefix", "0523456789012", None),
        ] {
            assert_eq!(column(kind).read(cell).ok().as_deref(), read, "{kind} {cell:?}");
        }
    }

    #[test]
    fn a_header_is_known_in_any_case_and_by_its_other_names() {
        let mut column = column("number");
        column.name = "cbs_code".to_owned();
        column.also = vec!["סמל_ישוב".to_owned()];
        for header in ["cbs_code", "CBS Code", " סמל ישוב "] {
            assert!(column.is_called(header), "{header}");
        }
        assert!(!column.is_called("code"));
    }
}
