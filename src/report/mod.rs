//! The faces of a run: files, terminal texts and machine formats. Each format is one small file.

mod call_list;
mod caller;
mod changes;
mod csv_text;
mod customers;
mod dedupe;
mod duplicates;
mod explain;
mod fix;
mod github;
pub mod html;
mod json;
mod mx;
mod outbox;
mod output;
mod pair;
#[cfg(feature = "parquet")]
mod parquet;
mod phone;
mod rejects;
mod rows;
mod set_aside;
mod suppression;
mod table;
mod text;

pub use call_list::{CallLine, call_lines, write_call_csv, write_call_vcards, write_call_workbook};
pub use caller::{callers_json, callers_text};
pub use changes::{write_changes, write_quarantine};
pub use dedupe::{dedupe_json, dedupe_text, write_clusters};
pub use duplicates::{write_duplicates, write_possible_duplicates};
pub use explain::{explain_quarantined, explain_row, rule_text};
pub use fix::Fixes;
pub use github::github;
pub use json::{JsonLines, check_json, run_json, sarif};
pub use mx::{MxFormat, mx_account_text, write_mx};
pub use outbox::{amount, outbox_json, outbox_text};
pub use output::OutputDir;
pub use pair::pair_text;
pub use phone::{PhoneFormat, PhoneWriter};
pub use rejects::Rejects;
pub use rows::TIUV_COLUMNS;
pub use set_aside::{set_aside_text, write_set_aside};
pub use suppression::{SuppressionWriter, suppression_text};
pub use table::{TableFormat, TableOptions, write_customer_table, write_table};
pub use text::{check_text, mapping_text, run_text};
