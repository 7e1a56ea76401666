//! What was learnt, as text: reliability before and after, and whether it is taken.

use std::fmt::Write;

use anstyle::Style;

use super::text::thousands;
use crate::decay::{Fit, Quality, Verdict};
use crate::record::ContactKind;
use crate::store::DecayModelRecord;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

const fn title(kind: ContactKind) -> &'static str {
    match kind {
        ContactKind::Email => "E-mail addresses",
        ContactKind::Phone => "Phone numbers",
    }
}

/// The fits of both kinds of contact.
pub fn fits_text(fits: &[Option<Fit>; 2]) -> String {
    let mut text = String::new();
    for fit in fits.iter().flatten() {
        let (labels, stale) = (fit.before.count, fit.before.stale * 100.0);
        let _ = writeln!(text, "{BOLD}{}{BOLD:#}  {} outcomes, {stale:.1} % stale", title(fit.kind), thousands(labels));
        let _ = writeln!(text, "{DIM}{:<22}{:>10}{:>10}{DIM:#}", "", "before", "after");
        let mut line = |name: &str, value: &dyn Fn(&Quality) -> String| {
            let _ = writeln!(text, "  {name:<20}{:>10}{:>10}", value(&fit.before), value(&fit.after));
        };
        let number = |value: f64| format!("{value:.4}");
        line("AUC", &|quality| quality.auc.map_or_else(|| "–".to_owned(), number));
        line("recall of the top 20%", &|quality| number(quality.recall_at_fifth));
        line("calibration (ECE)", &|quality| number(quality.ece));
        line("Brier", &|quality| number(quality.brier));
        line("log-loss", &|quality| number(quality.log_loss));
        line("mean probability", &|quality| number(quality.mean));
        let _ = writeln!(text, "\n  {DIM}said    before: count, mean, found     after: count, mean, found{DIM:#}");
        for (index, (before, after)) in fit.before.bins.iter().zip(&fit.after.bins).enumerate() {
            let _ = writeln!(
                text,
                "  {:>2}–{:<3} % {:>10} {:>6.3} {:>6.3}  {:>12} {:>6.3} {:>6.3}",
                index * 10,
                index * 10 + 10,
                before.count,
                before.predicted,
                before.found,
                after.count,
                after.predicted,
                after.found
            );
        }
        let _ = writeln!(text, "\n  {}\n", verdict_text(fit.verdict));
    }
    text
}

fn verdict_text(verdict: Verdict) -> String {
    match verdict {
        Verdict::Take => "Better on outcomes that the fit had not seen: taken.".to_owned(),
        Verdict::TooFew { labels, needed } => {
            format!("Not taken: {labels} outcomes, {needed} are needed. Ask more customers at random.")
        }
        Verdict::OneSided { labels, needed } => {
            format!("Not taken: only {labels} outcomes of the rarer kind, {needed} are needed.")
        }
        Verdict::NoBetter => "Not taken: no better on outcomes that the fit had not seen.".to_owned(),
        Verdict::LevelMoved { by, most } => format!(
            "Not taken: the mean probability would move by {:+.1} points, {:.0} at most. Those who answer are not the whole list; check how they were chosen.",
            by * 100.0,
            most * 100.0
        ),
    }
}

/// That a model was kept.
pub fn kept_text(fit: &Fit, id: i64) -> String {
    format!("{} model {id} is in force from now on; `tiuv learn --rollback` takes it back\n", fit.kind.as_str())
}

/// All models that were learnt.
pub fn models_text(models: &[DecayModelRecord]) -> String {
    if models.is_empty() {
        return "nothing was learnt yet: the numbers of decay.toml are in force\n".to_owned();
    }
    let mut text = String::new();
    let mut in_force = [true; 2];
    for model in models {
        let state = if !model.is_active {
            "taken back"
        } else if std::mem::take(&mut in_force[model.kind as usize]) {
            "in force"
        } else {
            "replaced"
        };
        let _ = writeln!(
            text,
            "{:>4}  {:<6} {:<11} as of {}  {DIM}made {}  sample {}{DIM:#}",
            model.id,
            model.kind.as_str(),
            state,
            model.as_of,
            model.made_at,
            model.sample
        );
    }
    text
}
