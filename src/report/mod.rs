//! The faces of a run: files, terminal texts and machine formats. Each format is one small file.

mod answers;
mod call_list;
mod caller;
mod campaign;
mod changes;
mod check;
mod csv_text;
mod customers;
mod dedupe;
mod duplicates;
mod explain;
mod explain_decay;
mod flagged;
pub mod html;
mod inbox;
mod joined;
mod json;
mod learn;
mod mapping;
mod mx;
mod next_tasks;
mod outbox;
mod output;
mod outreach;
mod pair;
#[cfg(feature = "parquet")]
mod parquet;
mod phone;
mod possible_duplicates;
mod rows;
mod run;
mod said_of_customer;
mod said_of_row;
mod set_aside;
mod story;
mod suppression;
mod table;
mod text;
mod workbook;

pub use answers::{
    AnswerFormat, AnswerLine, answer_text, write_answers, write_change_csv, write_change_jsonl, write_change_workbook,
};
pub use call_list::{CallLine, call_lines, write_call_csv, write_call_vcards, write_call_workbook};
pub use caller::{callers_json, callers_text};
pub use campaign::campaign_text;
pub use changes::{write_changes, write_quarantine};
pub use check::{CheckContext, CheckFormat, CheckWriter, Fixes, Left, Rejects};
pub use dedupe::{dedupe_json, dedupe_text, write_clusters};
pub use duplicates::write_duplicates;
pub use explain::{explain_quarantined, explain_row, reason_text, rule_text};
pub use explain_decay::explain_decay;
pub use flagged::write_flagged;
pub use inbox::{InboxFormat, InboxLine, write_inbox};
pub use json::run_json;
pub use learn::{fits_text, kept_text, models_text};
pub use mapping::{fields_text, mapping_notes, mapping_text, missing_text};
pub use mx::{MxFormat, mx_stats_text, write_mx};
pub use next_tasks::{Asking, Typed, next_tasks};
pub use outbox::{amount, outbox_json, outbox_text};
pub use output::OutputDir;
pub use outreach::{HELD_BACK, OUTBOX, Told, key_header, plan_file_names, plan_text, write_held_back, write_outbox};
pub use pair::pair_text;
pub use phone::{PhoneFormat, PhoneWriter};
pub use run::{run_file_names, write_run};
pub use set_aside::{set_aside_text, write_set_aside};
pub use suppression::{SuppressionWriter, suppression_text};
pub use table::{
    PAIRS_SHEET, ResultTable, TableFormat, TableOptions, Tables, write_customer_table, write_possible_table,
    write_table,
};
pub use text::run_text;
