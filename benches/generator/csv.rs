//! Writes rows as CSV, the same bytes everywhere.

/// Appends a record: fields apart by `delimiter`, quoted where RFC 4180 asks for it, ended by `end`.
pub fn push_record<T: AsRef<str>>(out: &mut String, cells: &[T], delimiter: char, end: &str) {
    for (index, cell) in cells.iter().enumerate() {
        if index > 0 {
            out.push(delimiter);
        }
        push_cell(out, cell.as_ref(), delimiter);
    }
    out.push_str(end);
}

fn push_cell(out: &mut String, cell: &str, delimiter: char) {
    if !cell.bytes().any(|byte| byte == delimiter as u8 || matches!(byte, b'"' | b'\r' | b'\n')) {
        out.push_str(cell);
        return;
    }
    out.push('"');
    for part in cell.split_inclusive('"') {
        out.push_str(part);
        if part.ends_with('"') {
            out.push('"');
        }
    }
    out.push('"');
}
