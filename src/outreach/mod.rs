//! Who is asked, how and when; the asking; and what the answers mean.

pub mod dispatch;
mod hours;

pub use hours::{Span, is_open, next_open, open_spans};
