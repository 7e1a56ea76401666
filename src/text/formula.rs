//! Cells that spreadsheets run, and the mark that keeps them from it.

/// Whether a spreadsheet would run a cell as a formula (OWASP, "CSV injection"): it starts with `=`, `@`, a tab or a
/// carriage return, or with `+` or `-` and is neither a number nor a telephone number, masked or not.
pub fn is_formula(cell: &str) -> bool {
    match cell.as_bytes().first() {
        Some(b'=' | b'@' | b'\t' | b'\r') => true,
        Some(b'+' | b'-') => !cell.chars().all(|letter| {
            letter.is_ascii_digit() || matches!(letter, '+' | '-' | ' ' | '.' | ',' | ';' | '(' | ')' | '/' | '•')
        }),
        _ => false,
    }
}

/// A cell as it was before the mark that guards a formula was put before it.
pub fn without_guard(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_formula(rest)).unwrap_or(cell)
}
