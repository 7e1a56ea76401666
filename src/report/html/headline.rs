//! What a reader takes away in half a minute: who can be reached today, what has gone stale, and what to do next.

use super::error::ReportError;
use super::health;
use crate::page::{Bar, Part, Voice};
use crate::pipeline::{NextTask, RunSummary};
use crate::report::story::{self, StaleFigure, channels, figures, reach_note, reach_parts, task_text, who};

/// A large figure.
pub(super) struct Tile {
    pub(super) figure: String,
    pub(super) name: String,
    pub(super) note: String,
    /// Class of the palette.
    pub(super) class: &'static str,
    pub(super) bar: Option<Bar>,
}

/// Who can be reached: all customers in parts that add up, and each channel.
pub(super) struct Reach {
    pub(super) title: String,
    pub(super) bar: Bar,
    pub(super) label: String,
    pub(super) parts: Vec<ReachPart>,
    pub(super) tiles: Vec<Tile>,
}

/// One part of the customers.
pub(super) struct ReachPart {
    pub(super) class: &'static str,
    pub(super) name: String,
    pub(super) figure: String,
    pub(super) share: String,
}

/// Something to do, with the commands that do it where there are some.
pub(super) struct Step {
    pub(super) text: String,
    /// Word by word: a line ends between words, and not at the hyphens of an option.
    pub(super) commands: Vec<Vec<String>>,
}

/// Reach, whole and by channel.
pub(super) fn reach(summary: &RunSummary, voice: &Voice<'_>) -> Result<Option<Reach>, ReportError> {
    let Some(reach) = figures(summary) else { return Ok(None) };
    let mut parts = Vec::new();
    let mut drawn = Vec::new();
    for (key, class, count) in reach_parts(reach) {
        let (name, figure) = (voice.say(key).to_owned(), voice.count(count));
        drawn.push(Part { class, value: count, title: format!("{name}: {figure}") });
        parts.push(ReachPart { class, name, figure, share: voice.share(count, reach.of) });
    }
    let said: Vec<String> = parts.iter().map(|part| format!("{} {}", part.name, part.figure)).collect();
    let title = voice.phrase("reach.title", &[("of", &voice.count(reach.of)), ("who", &who(reach, voice))]);
    let tile = |channel: &str| {
        let by = reach.by.get(channel)?;
        Some(Bar::single("ok", by.reached, reach.of).map(|bar| Tile {
            figure: voice.count(by.reached),
            name: voice.say_of("reach", channel),
            note: reach_note(reach, by, voice),
            class: "ok",
            bar: Some(bar),
        }))
    };
    Ok(Some(Reach {
        bar: Bar::draw(&drawn, reach.of)?,
        label: format!("{title}: {}", said.join(", ")),
        title,
        parts,
        tiles: channels().into_iter().filter_map(tile).collect::<Result<_, _>>()?,
    }))
}

/// What has gone stale, and what asking could put right.
pub(super) fn stale(summary: &RunSummary, voice: &Voice<'_>) -> Vec<Tile> {
    let tile = |StaleFigure { figure, name, note, class }| Tile { figure, name, note, class, bar: None };
    story::stale_figures(summary, voice).into_iter().map(tile).collect()
}

/// What was done and what is left.
pub(super) fn work(summary: &RunSummary, voice: &Voice<'_>) -> Vec<Tile> {
    [
        ("work.repaired", health::total(summary, &["repaired"]), "repaired"),
        ("work.person", health::total(summary, &["risky", "review"]), "review"),
        ("work.invalid", health::total(summary, &["invalid"]), "invalid"),
        ("work.quarantined", summary.quarantined, "unknown"),
    ]
    .into_iter()
    .map(|(key, count, class)| Tile {
        figure: voice.count(count),
        name: voice.counted(key, count, &[]),
        note: voice.say(&format!("{key}.note")).to_owned(),
        class,
        bar: None,
    })
    .collect()
}

/// What to do next, what is worth most first.
pub(super) fn steps(summary: &RunSummary, voice: &Voice<'_>) -> Vec<Step> {
    let words = |command: &String| command.split(' ').map(str::to_owned).collect();
    let step =
        |task: &NextTask| Step { text: task_text(task, voice), commands: task.commands.iter().map(words).collect() };
    summary.next_steps.iter().map(step).collect()
}

/// The file that holds the quarantine; formats other than CSV change its end.
pub(super) fn quarantine_file(summary: &RunSummary) -> &str {
    let written = summary.outputs.iter().find(|name| name.starts_with("quarantine."));
    written.map_or("quarantine.csv", String::as_str)
}
