//! What the pages of HTML share, the report's and those of the server: how a language speaks, how a customer's value is
//! shown, bars, and `style.css`.

mod chart;
mod value;
mod voice;

pub(crate) use chart::{Bar, ChartError, Part};
pub(crate) use value::Value;
pub(crate) use voice::{Explanation, Voice};
