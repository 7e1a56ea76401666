//! Odd characters taken out of a text, each kind with the code that names it.

use crate::finding::Code;
use crate::record::CellOut;
use crate::text::{self, Step};

/// The text with plain single spaces, none at its edges, and without what nobody sees; none where nothing changes.
pub(super) fn tidy(text: &str, out: &mut CellOut) -> Option<String> {
    text::tidy(text, |step| {
        if let Some(code) = code_of(step) {
            out.mark(code);
        }
    })
}

/// What it is called where a step changed a cell; none of those that only folds take.
const fn code_of(step: Step) -> Option<Code> {
    Some(match step {
        Step::Compose => Code::TextRepairFullwidth,
        Step::Bidi => Code::TextRepairBidiMark,
        Step::Control => Code::TextRepairControl,
        Step::Invisible => Code::TextRepairInvisible,
        Step::InnerSpace => Code::TextRepairInnerSpace,
        Step::Edges => Code::TextRepairTrim,
        _ => return None,
    })
}
