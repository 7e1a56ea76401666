//! What a run comes to, in sentences: the page and the terminal tell the same.

use crate::advice::CHANNELS;
use crate::page::Voice;
use crate::pipeline::{NextTask, ReachFigures, Reached, RunSummary};
use crate::record::{Channel, ContactKind};

/// The figures of reach, where there is anybody.
pub(super) fn figures(summary: &RunSummary) -> Option<&ReachFigures> {
    summary.reachable.as_ref().filter(|reach| reach.of > 0)
}

/// The sentence at the very top.
pub(super) fn title(summary: &RunSummary, voice: &Voice<'_>) -> String {
    if summary.rows_in == 0 {
        return voice.say("headline.empty").to_owned();
    }
    if summary.rows_out == 0 {
        return voice.say("headline.quarantined").to_owned();
    }
    let Some(reach) = figures(summary) else { return voice.counted("headline.cleaned", summary.rows_in, &[]) };
    let (reached, of) = (voice.count(reach.any.reached), voice.count(reach.of));
    let key = if reach.is_judged { "headline.reached" } else { "headline.may" };
    voice.phrase(key, &[("reached", &reached), ("of", &of), ("who", &who(reach, voice))])
}

/// What is counted, in words.
pub(super) fn who(reach: &ReachFigures, voice: &Voice<'_>) -> String {
    voice.say_of("who", reach.counted.as_str())
}

/// The sentence under it.
pub(super) fn lead(summary: &RunSummary, voice: &Voice<'_>) -> String {
    match figures(summary) {
        _ if summary.rows_in == 0 => voice.say("headline.empty.lead").to_owned(),
        Some(reach) if reach.any.may == 0 => voice.say("headline.nobody.lead").to_owned(),
        Some(reach) if reach.is_judged => range("headline.reached.lead", &reach.any, voice),
        Some(_) => voice.say("headline.may.lead").to_owned(),
        None => balance(summary, voice),
    }
}

/// A phrase with the interval of what is reached in it.
fn range(key: &str, reached: &Reached, voice: &Voice<'_>) -> String {
    let [low, high, may] = [reached.low, reached.high, reached.may].map(|number| voice.count(number));
    voice.phrase(key, &[("low", &low), ("high", &high), ("may", &may)])
}

/// That no row was lost.
pub(super) fn balance(summary: &RunSummary, voice: &Voice<'_>) -> String {
    let [read, out, quarantined] =
        [summary.rows_in, summary.rows_out, summary.quarantined].map(|number| voice.count(number));
    voice.phrase("headline.balance", &[("in", &read), ("out", &out), ("quarantined", &quarantined)])
}

/// The parts of all customers, by the keys of their words: reached, likely stale, not to be asked. They add up to all of them.
pub(super) fn reach_parts(reach: &ReachFigures) -> Vec<(&'static str, &'static str, u64)> {
    let Reached { may, reached, .. } = reach.any;
    let mut parts = vec![
        ("reach.part.reached", "ok", reached),
        ("reach.part.stale", "risky", may.saturating_sub(reached)),
        ("reach.part.closed", "invalid", reach.of.saturating_sub(may)),
    ];
    if !reach.is_judged {
        parts[0].0 = "reach.part.may";
    }
    parts.retain(|(.., count)| *count > 0);
    parts
}

/// How many are reached by a channel, in words.
pub(super) fn reach_note(reach: &ReachFigures, by: &Reached, voice: &Voice<'_>) -> String {
    match by.may {
        0 => voice.say("reach.nobody").to_owned(),
        _ if reach.is_judged => range("reach.likely", by, voice),
        may => voice.share(may, reach.of),
    }
}

/// The channels in the order in which they are tried.
pub(super) fn channels() -> [&'static str; 3] {
    CHANNELS.map(Channel::as_str)
}

/// A figure with its name and what else is to be known of it.
pub(super) struct StaleFigure {
    pub(super) figure: String,
    pub(super) name: String,
    pub(super) note: String,
    /// Class of the palette.
    pub(super) class: &'static str,
}

/// What has gone stale, and what asking could put right.
pub(super) fn stale_figures(summary: &RunSummary, voice: &Voice<'_>) -> Vec<StaleFigure> {
    let mut all = Vec::new();
    let interval =
        |low: u64, high: u64| voice.phrase("stale.range", &[("low", &voice.count(low)), ("high", &voice.count(high))]);
    let kinds = summary.decay.iter().flat_map(|decay| &decay.kinds).filter(|kind| kind.expected.contacts > 0);
    for kind in kinds {
        let key = match kind.kind {
            ContactKind::Email => "stale.email",
            ContactKind::Phone => "stale.phone",
        };
        let [stale, low, high] = [kind.expected.stale, kind.expected.low, kind.expected.high].map(|n| n.round() as u64);
        let name = voice.phrase(key, &[("of", &voice.count(kind.expected.contacts))]);
        all.push(StaleFigure { figure: voice.count(stale), name, note: interval(low, high), class: "risky" });
    }
    let Some(reach) = figures(summary) else { return all };
    let who = who(reach, voice);
    if let Some(stale) = reach.stale.filter(|stale| stale.of > 0) {
        let name = voice.phrase("stale.who", &[("of", &voice.count(stale.of)), ("who", &who)]);
        let (figure, note) = (voice.count(stale.stale), interval(stale.low, stale.high));
        all.push(StaleFigure { figure, name, note, class: "risky" });
    }
    if let Some(round) = reach.round.as_ref().filter(|round| round.asked > 0) {
        let cost = money(round.cost_millionths, &round.currency, voice);
        let note = [("asked", voice.count(round.asked)), ("who", who), ("cost", cost)];
        let note: Vec<(&str, &str)> = note.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let (figure, name) = (voice.count(round.won), voice.say("stale.won").to_owned());
        all.push(StaleFigure { figure, name, note: voice.phrase("stale.won.note", &note), class: "ok" });
    }
    all
}

/// The sentence of something to do.
pub(super) fn task_text(task: &NextTask, voice: &Voice<'_>) -> String {
    let figures = task.figures.iter().map(|(name, figure)| (name.as_str(), voice.count(*figure)));
    let names = task.names.iter().map(|(name, text)| (name.as_str(), text.clone()));
    let parts: Vec<(&str, String)> = figures.chain(names).collect();
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    voice.counted(&format!("next.{}", task.task), task.count, &parts)
}

/// An amount in millionths, with two decimals.
pub(super) fn money(millionths: i64, currency: &str, voice: &Voice<'_>) -> String {
    let hundredths = (millionths.unsigned_abs() + 5_000) / 10_000;
    let point = voice.say("number.decimal");
    let currency = voice.say_of("currency", currency);
    format!("{}{point}{:02} {currency}", voice.count(hundredths / 100), hundredths % 100)
}
