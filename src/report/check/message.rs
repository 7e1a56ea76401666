//! What a group of findings is in a sentence, for formats that show one.

use crate::pipeline::FindingGroup;
use crate::rule::Words;

/// One group in a sentence, without any value.
pub(super) fn message(group: &FindingGroup, words: &Words) -> String {
    let title = words.say(group.code.as_str());
    let of_column = if group.header.is_empty() { String::new() } else { format!(" in column \"{}\"", group.header) };
    let rows = if group.rows.is_empty() {
        String::new()
    } else {
        let named: Vec<String> = group.rows.iter().map(u32::to_string).collect();
        let more = if group.count > group.rows.len() as u64 { ", …" } else { "" };
        format!(" (rows {}{more})", named.join(", "))
    };
    format!("{} × {title}{of_column}{rows}", group.count)
}
