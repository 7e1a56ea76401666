//! Days of the command line, written as people write them.

use jiff::civil::Date;

use crate::clock;
use crate::finding::Code;
use crate::record::{CellOut, Field};
use crate::rule::Context;
use crate::standardize::{CellContext, DateOrder, DateStandardizer, Standardizer};

/// A day: `2026-11-30`, or as in a list, where that names one day: `30.11.2026`, `30 Nov 2026`, `30 בנובמבר 2026`.
///
/// Used by clap, to which an error is a line of words.
pub(super) fn day(text: &str) -> Result<Date, String> {
    let text = text.trim();
    if let Ok(day) = text.parse::<Date>() {
        return Ok(day);
    }
    const WRITTEN: &str = "write YYYY-MM-DD";
    // A bare number may be anything.
    let is_number = text.chars().all(char::is_numeric);
    // The order of day and month is asked for where it is not plain, so no region's custom is needed.
    let context = Context::shipped("IL", clock::today());
    let order = DateOrder::infer(&context, "", &[text.to_owned()]).map_err(|error| error.to_string())?;
    let reader = DateStandardizer::new(&context, Field::OptedOutAt, order).map_err(|error| error.to_string())?;
    let mut out = CellOut::default();
    reader.standardize(text, CellContext::default(), &mut out);
    if out.has(Code::DateAmbiguous) {
        return Err(format!("day and month may be taken for one another: {WRITTEN}"));
    }
    let read = out.display.parse::<Date>().ok().filter(|_| !is_number);
    read.ok_or_else(|| format!("that is no day: {WRITTEN}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_write_them_where_they_name_one() {
        let day_of = jiff::civil::date(2026, 11, 30);
        for text in [
            "2026-11-30",
            " 2026-11-30",
            "30.11.2026",
            "30/11/2026",
            "30 Nov 2026",
            "30 בנובמבר 2026",
            "30 ноября 2026",
        ] {
            assert_eq!(day(text), Ok(day_of), "{text}");
        }
        for text in ["", "soon", "46356", "01/02/2026", "2026-02-30", "31.02.2026", "11/2026"] {
            assert!(day(text).is_err(), "{text}: {:?}", day(text));
        }
    }
}
