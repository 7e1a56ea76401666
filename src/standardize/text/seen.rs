//! Odd characters taken out of a text, each kind with the code that names it.

use crate::finding::Code;
use crate::record::CellOut;
use crate::text::{self, Tidied};

/// The text with plain single spaces, none at its edges, and without what nobody sees; none where nothing changes.
pub(super) fn tidy(text: &str, out: &mut CellOut) -> Option<String> {
    text::tidy(text, |done| {
        out.mark(match done {
            Tidied::Composed => Code::TextRepairFullwidth,
            Tidied::Bidi => Code::TextRepairBidiMark,
            Tidied::Control => Code::TextRepairControl,
            Tidied::Invisible => Code::TextRepairInvisible,
            Tidied::Edges => Code::TextRepairTrim,
            Tidied::InnerSpace => Code::TextRepairInnerSpace,
        });
    })
}
