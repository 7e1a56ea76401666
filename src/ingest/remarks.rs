//! What is said of tables that are not read.

use std::num::NonZeroU32;

use super::layout::OtherTable;
use super::source::Opened;

impl Opened {
    /// What is said of tables that are not read; places count from `begin`.
    pub(super) fn remark_on(&self, others: &[OtherTable], begin: u64, given: Option<NonZeroU32>) -> Option<String> {
        const NAMED: usize = 5;
        if others.is_empty() {
            return None;
        }
        let line = |place: usize| self.line_at(begin + place as u64);
        let told = |table: &OtherTable| {
            let OtherTable { header, last, rows } = *table;
            format!("lines {} to {} ({rows} row{})", line(header), line(last), if rows == 1 { "" } else { "s" })
        };
        let named: Vec<String> = others.iter().take(NAMED).map(told).collect();
        let more = if others.len() > NAMED { ", …" } else { "" };
        if let Some(header) = given {
            return Some(format!(
                "the table below line {header} is read, as you said; set aside: {}",
                named.join(", ")
            ));
        }
        Some(format!(
            "the largest of {} tables is read; set aside: {}{more}; --header-row N reads from another header on",
            others.len() + 1,
            named.join(", ")
        ))
    }
}
