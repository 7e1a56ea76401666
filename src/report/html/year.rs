//! This year against last: the figures of the run beside those of an earlier run of the same lists.

use crate::page::Voice;
use crate::pipeline::{ComparedFigure, CountOf, RunSummary};

/// The section.
pub(super) struct Year {
    pub(super) lead: String,
    /// The days of both runs.
    pub(super) days: [String; 2],
    pub(super) lines: Vec<YearLine>,
}

/// One figure of both.
pub(super) struct YearLine {
    pub(super) name: String,
    /// Each with its share.
    pub(super) cells: [(String, String); 2],
    pub(super) change: String,
}

pub(super) fn year(summary: &RunSummary, voice: &Voice<'_>) -> Option<Year> {
    let before = summary.year_before.as_ref().filter(|before| !before.figures.is_empty())?;
    Some(Year {
        lead: voice.phrase("year.lead", &[("day", &voice.day(&before.as_of))]),
        days: [&before.as_of, &summary.as_of].map(|day| voice.day(day)),
        lines: before.figures.iter().map(|figure| line(figure, voice)).collect(),
    })
}

fn line(figure: &ComparedFigure, voice: &Voice<'_>) -> YearLine {
    let cell = |share: CountOf| (voice.count(share.count), voice.share(share.count, share.of));
    let sign = match figure.now.count.cmp(&figure.then.count) {
        std::cmp::Ordering::Less => "−",
        std::cmp::Ordering::Equal => "",
        std::cmp::Ordering::Greater => "+",
    };
    YearLine {
        name: voice.say_of("year", &figure.what),
        cells: [cell(figure.then), cell(figure.now)],
        change: format!("{sign}{}", voice.count(figure.now.count.abs_diff(figure.then.count))),
    }
}
