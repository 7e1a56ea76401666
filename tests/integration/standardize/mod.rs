//! Cells: e-mail addresses, numbers, and that twice is once.

mod email;
mod email_cells;
mod email_key;
mod email_laws;
mod idempotence;
mod numbering;
mod phone;
mod values;
