//! How lists are read: formats, lines, and what can't be read, or only in part.

mod bad_input;
mod formats;
mod lines;
mod tables;
mod text_forms;
