//! The columns that tiuv adds to a list, by which it knows its own output when it comes back as a list.

/// The columns added to `rows.csv`; their names do not change.
pub const TIUV_COLUMNS: [&str; 31] = [
    "tiuv_row",
    "tiuv_customer",
    "tiuv_household",
    "tiuv_email",
    "tiuv_email_status",
    "tiuv_email_reasons",
    "tiuv_email_suggestion",
    "tiuv_email_class",
    "tiuv_mx",
    "tiuv_phone",
    "tiuv_phones",
    "tiuv_phone_status",
    "tiuv_phone_reasons",
    "tiuv_phone_type",
    "tiuv_sms",
    "tiuv_first_name",
    "tiuv_last_name",
    "tiuv_birth_date",
    "tiuv_reasons",
    "tiuv_email_stale",
    "tiuv_phone_stale",
    "tiuv_flagged",
    "tiuv_flag_reasons",
    "tiuv_status",
    "tiuv_segment",
    "tiuv_value",
    "tiuv_may_sms",
    "tiuv_may_call",
    "tiuv_may_email",
    "tiuv_contact_why",
    "tiuv_next",
];

/// The column that tells from which of several lists a row came.
pub const SOURCE_COLUMN: &str = "tiuv_source";

/// Whether tiuv added a column when it cleaned the list before: what it says is made anew.
pub fn is_own_column(header: &str) -> bool {
    header == SOURCE_COLUMN || TIUV_COLUMNS.contains(&header)
}
