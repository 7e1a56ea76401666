//! Decay: how stale contacts are in which parts of the list, who is flagged and why, and how good the
//! probabilities were where customers answered.

use super::error::ReportError;
use crate::decay::Quality;
use crate::page::{Bar, Voice};
use crate::pipeline::{DecayKind, DecaySummary, RunSummary};

/// The section.
pub(super) struct Decay {
    pub(super) flags: String,
    pub(super) notes: Vec<String>,
    pub(super) reasons: Vec<Line>,
    pub(super) kinds: Vec<Kind>,
}

/// A name with a figure and a bar.
pub(super) struct Line {
    pub(super) name: String,
    pub(super) figure: String,
    pub(super) bar: Bar,
}

/// One kind of contact.
pub(super) struct Kind {
    pub(super) title: String,
    pub(super) level: String,
    pub(super) parts: Vec<Part>,
    pub(super) calibration: Option<Calibration>,
}

/// Decay by class, by tenure or by status.
pub(super) struct Part {
    pub(super) title: String,
    pub(super) lines: Vec<Line>,
}

/// What was said beside what was found.
pub(super) struct Calibration {
    pub(super) lead: String,
    pub(super) bins: Vec<Bin>,
}

/// One bin of it.
pub(super) struct Bin {
    pub(super) said: String,
    pub(super) found: String,
    pub(super) count: String,
    pub(super) said_bar: Bar,
    pub(super) found_bar: Bar,
}

/// Bars count in thousandths.
const WHOLE: u64 = 1000;

pub(super) fn decay(summary: &RunSummary, voice: &Voice<'_>) -> Result<Option<Decay>, ReportError> {
    let Some(decay) = summary.decay.as_ref().filter(|decay| decay.kinds.iter().any(|kind| kind.contacts > 0)) else {
        return Ok(None);
    };
    let flags = &decay.flags;
    let parts = [
        ("of", voice.count(flags.of)),
        ("rule", flags.rule.clone()),
        ("expected", voice.count(flags.expected.round() as u64)),
        ("least", percent(flags.least, voice)),
    ];
    let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let there = decay.kinds.iter().filter(|kind| kind.expected.contacts > 0);
    Ok(Some(Decay {
        flags: voice.counted("decay.flags", flags.flagged, &parts),
        notes: notes(decay, voice),
        reasons: reasons(decay, voice)?,
        kinds: there.map(|kind| one_kind(kind, voice)).collect::<Result<_, _>>()?,
    }))
}

fn percent(share: f64, voice: &Voice<'_>) -> String {
    voice.share((share.clamp(0.0, 1.0) * WHOLE as f64).round() as u64, WHOLE)
}

fn notes(decay: &DecaySummary, voice: &Voice<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let known: u64 = decay.kinds.iter().map(|kind| kind.with_evidence).sum();
    if decay.events + decay.events_remembered > 0 {
        notes.push(voice.counted("decay.events", decay.events + decay.events_remembered, &[]));
    }
    if known == 0 {
        notes.push(voice.say("decay.nothing_known").to_owned());
    }
    let aside: u64 = decay.events_set_aside.values().sum();
    if aside > 0 {
        let reasons: Vec<String> = decay
            .events_set_aside
            .iter()
            .map(|(why, count)| format!("{}: {}", voice.say_of("decay.aside", why), voice.count(*count)))
            .collect();
        notes.push(voice.counted("decay.set_aside", aside, &[("reasons", &reasons.join(", "))]));
    }
    let undated: u64 = decay.kinds.iter().map(|kind| kind.undated).sum();
    if undated > 0 {
        notes.push(voice.counted("decay.undated", undated, &[]));
    }
    notes
}

fn reasons(decay: &DecaySummary, voice: &Voice<'_>) -> Result<Vec<Line>, ReportError> {
    let mut reasons: Vec<(&String, u64)> = decay.flags.reasons.iter().map(|(reason, count)| (reason, *count)).collect();
    reasons.sort_by_key(|(reason, count)| (std::cmp::Reverse(*count), (*reason).clone()));
    let most = reasons.first().map_or(0, |(_, count)| *count);
    let line = |(reason, count): (&String, u64)| {
        let (kind, why) = reason.split_once('.').unwrap_or(("", reason));
        let name = format!("{}: {}", voice.say_of("field", kind), voice.say_of("decay", why));
        Ok(Line { name, figure: voice.count(count), bar: Bar::single("risky", count, most)? })
    };
    reasons.into_iter().map(line).collect()
}

fn one_kind(kind: &DecayKind, voice: &Voice<'_>) -> Result<Kind, ReportError> {
    let level = match (&kind.anchor, &kind.learnt) {
        (_, Some((id, as_of))) => {
            voice.phrase("decay.level_learnt", &[("id", &id.to_string()), ("day", &voice.day(as_of))])
        }
        (Some(anchor), None) => {
            let [loss, lower, higher, low, high] = [
                anchor.set.yearly_loss,
                anchor.lower.yearly_loss,
                anchor.higher.yearly_loss,
                anchor.lower.stale_now,
                anchor.higher.stale_now,
            ]
            .map(|share| percent(share, voice));
            let parts = [("loss", loss), ("lower", lower), ("higher", higher), ("low", low), ("high", high)];
            let parts: Vec<(&str, &str)> = parts.iter().map(|(name, text)| (*name, text.as_str())).collect();
            voice.phrase("decay.level", &parts)
        }
        (None, None) => String::new(),
    };
    let mut parts = Vec::new();
    for by in ["class", "tenure", "status"] {
        let own = kind.segments.iter().filter(|segment| segment.by == by);
        let lines = own.map(|segment| {
            let name = voice.say_of(&format!("decay.{by}"), &segment.name);
            let figure = format!("{} · {}", percent(segment.stale, voice), voice.count(segment.contacts));
            Ok(Line { name, figure, bar: Bar::single("risky", thousandths(segment.stale), WHOLE)? })
        });
        let lines = lines.collect::<Result<Vec<_>, ReportError>>()?;
        if lines.len() > 1 {
            parts.push(Part { title: voice.say_of("decay.by", by), lines });
        }
    }
    let calibration = kind.quality.as_ref().map(|quality| calibration(quality, voice)).transpose()?;
    Ok(Kind { title: voice.say_of("decay.kind", kind.kind.as_str()), level, parts, calibration })
}

fn calibration(quality: &Quality, voice: &Voice<'_>) -> Result<Calibration, ReportError> {
    let three =
        |value: f64| format!("{}{}{:03}", value.trunc(), voice.say("number.decimal"), (value.fract() * 1000.0).round());
    let auc = quality.auc.map_or_else(|| "–".to_owned(), three);
    let (said, found, ece) = (percent(quality.mean, voice), percent(quality.stale, voice), three(quality.ece));
    let parts = [("said", said.as_str()), ("found", &found), ("ece", &ece), ("auc", &auc)];
    let lead = voice.counted("decay.calibration", quality.count, &parts);
    let bins = quality.bins.iter().filter(|bin| bin.count > 0).map(|bin| {
        Ok(Bin {
            said: percent(bin.predicted, voice),
            found: percent(bin.found, voice),
            count: voice.count(bin.count),
            said_bar: Bar::single("risky", thousandths(bin.predicted), WHOLE)?,
            found_bar: Bar::single("invalid", thousandths(bin.found), WHOLE)?,
        })
    });
    Ok(Calibration { lead, bins: bins.collect::<Result<_, ReportError>>()? })
}

fn thousandths(share: f64) -> u64 {
    (share.clamp(0.0, 1.0) * WHOLE as f64).round() as u64
}
