//! What `dedupe` found: `id,cluster,household`, and the account of how.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::json;

use super::csv_text::{guarded, push_line};
use crate::pipeline::Deduped;

/// Writes one line a row, in input order. A cluster bears the key of one of its rows, a household that of one of its
/// customers; where keys are missing or repeated, `#` and a row's number.
///
/// # Errors
/// When `out` can't be written.
pub fn write_clusters(deduped: &Deduped, out: &mut dyn Write) -> io::Result<()> {
    let mut line = Vec::new();
    out.write_all(b"id,cluster,household\n")?;
    for (index, row) in deduped.rows.iter().enumerate() {
        line.clear();
        let (cluster, household) = (deduped.name(row.cluster), deduped.name(row.household));
        push_line(&mut line, [deduped.keys.cell(index), &cluster, &household].map(guarded).iter().map(|cell| &**cell));
        out.write_all(&line)?;
    }
    Ok(())
}

/// Everything that was counted, and the weights.
pub fn dedupe_json(deduped: &Deduped) -> String {
    let json = json!({
        "schema_version": 1,
        "account": deduped.resolution.stats,
        "weights": deduped.resolution.weights,
        "repeated_keys": deduped.repeated_keys,
        "missing_keys": deduped.missing_keys,
        "quarantined": deduped.quarantined.len(),
    });
    serde_json::to_string_pretty(&json).expect("an account is plain data")
}

/// The account for people.
pub fn dedupe_text(deduped: &Deduped) -> String {
    let stats = &deduped.resolution.stats;
    let mut text = String::new();
    let fields = |fields: &[crate::record::Field]| fields.iter().map(|f| f.as_str()).collect::<Vec<_>>().join(", ");
    if stats.refused.is_some() {
        let _ = write!(
            text,
            "Nothing was compared: too few fields tell people apart ({}). Map more columns with --map, for example {}.",
            if stats.fields.is_empty() { "none".to_owned() } else { fields(&stats.fields) },
            fields(&stats.missing)
        );
    } else {
        let _ = writeln!(
            text,
            "{} rows are {} customers: {} of them have several records, the biggest {}.",
            stats.rows, stats.clusters, stats.clusters_of_several, stats.largest_cluster
        );
        let _ = writeln!(
            text,
            "{} pairs are for a person to decide; {} households have several customers.",
            stats.possible, stats.households
        );
        let _ = writeln!(
            text,
            "Compared by {}: {} pairs, and {} while merging.",
            fields(&stats.fields),
            stats.blocking.pairs,
            stats.compared_while_merging
        );
        let _ = write!(
            text,
            "By the model's own estimate {:.1} % of the merged pairs are right, and {:.1} % of those compared were found.",
            stats.expected_precision * 100.0,
            stats.expected_recall * 100.0
        );
        if !stats.missing.is_empty() {
            let _ = write!(text, "\nNot in the list, and would help: {}.", fields(&stats.missing));
        }
    }
    for (field, count) in &stats.hot_values {
        let _ = write!(
            text,
            "\n{count} values of {field} stand in too many rows to tell of a person; they count as missing."
        );
    }
    if stats.possible_left_out > 0 {
        let _ =
            write!(text, "\n{} less likely pairs for a person are not counted among them.", stats.possible_left_out);
    }
    if stats.copies_apart > 0 {
        let _ = write!(
            text,
            "\n{} rows are exact copies of another row and stay apart: nothing in them is somebody's own, or there are more \
             copies than one customer can have.",
            stats.copies_apart
        );
    }
    let truncated = &stats.blocking.truncated;
    let thinned: u64 = truncated.iter().map(|key| key.neighbours_only).sum();
    let beyond: u64 = truncated.iter().map(|key| key.beyond_budget).sum();
    if thinned + beyond > 0 {
        let _ = write!(text, "\n{thinned} big blocks were compared in part, {beyond} were beyond the budget of pairs.");
    }
    if deduped.repeated_keys > 0 {
        let _ = write!(text, "\nwarning: {} rows share their key with another row.", deduped.repeated_keys);
    }
    if deduped.missing_keys > 0 {
        let _ = write!(text, "\nwarning: {} rows have no key.", deduped.missing_keys);
    }
    if !deduped.quarantined.is_empty() {
        let _ = write!(text, "\nwarning: {} records could not be read as rows.", deduped.quarantined.len());
    }
    text
}
