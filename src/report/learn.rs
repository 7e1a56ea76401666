//! What was learnt, as text: reliability before and after, and whether it is taken.

use std::fmt::Write;

use anstyle::Style;

use super::text::thousands;
use crate::decay::{Bin, Fit, Quality, Verdict};
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

/// The fits of both kinds of contact: what was said and what was found first, measures for statisticians last.
pub fn fits_text(fits: &[Option<Fit>; 2]) -> String {
    let mut text = String::new();
    for fit in fits.iter().flatten() {
        let Fit { before, after, .. } = fit;
        let _ = writeln!(text, "{BOLD}{}{BOLD:#}  {} outcomes", title(fit.kind), thousands(before.count));
        let _ = writeln!(
            text,
            "  said {} stale, were {} (± {:.0} points by chance; {} more would halve that)",
            percent(before.mean),
            percent(before.stale),
            before.chance() * 100.0,
            thousands(before.count * 3)
        );
        let _ = writeln!(
            text,
            "  learnt, of outcomes that it had not seen: said {}, were {}\n",
            percent(after.mean),
            percent(after.stale)
        );
        said_and_were(&mut text, before, after);
        let _ = writeln!(text, "\n  {}{}\n", verdict_text(fit), more_text(fit));
        measures(&mut text, before, after);
    }
    text
}

/// Where it said so much: how much it was, before and after.
fn said_and_were(text: &mut String, before: &Quality, after: &Quality) {
    let _ = writeln!(
        text,
        "  {DIM}{:<12}{:>8}{:>8}{:>10}    learnt:{:>8}{:>8}{:>10}{DIM:#}",
        "", "said", "were", "outcomes", "said", "were", "outcomes"
    );
    let bins = before.bins.iter().zip(&after.bins).enumerate();
    for (index, (before, after)) in bins.filter(|(_, (before, after))| before.count + after.count > 0) {
        let cells = |bin: &Bin| {
            let share = |share: f64| if bin.count > 0 { percent(share) } else { "–".to_owned() };
            format!("{:>8}{:>8}{:>10}", share(bin.predicted), share(bin.found), thousands(bin.count))
        };
        let range = format!("{}–{} %", index * 10, index * 10 + 10);
        let _ = writeln!(text, "  {range:<12}{}           {}", cells(before), cells(after));
    }
}

fn measures(text: &mut String, before: &Quality, after: &Quality) {
    let _ = writeln!(text, "  {DIM}{:<22}{:>10}{:>10}{DIM:#}", "for statisticians", "before", "after");
    let mut line = |name: &str, value: &dyn Fn(&Quality) -> String| {
        let _ = writeln!(text, "  {DIM}{name:<22}{:>10}{:>10}{DIM:#}", value(before), value(after));
    };
    let number = |value: f64| format!("{value:.4}");
    line("log-loss", &|quality| number(quality.log_loss));
    line("calibration (ECE)", &|quality| number(quality.ece));
    line("Brier", &|quality| number(quality.brier));
    line("AUC", &|quality| quality.auc.map_or_else(|| "–".to_owned(), number));
    line("recall of the top 20%", &|quality| number(quality.recall_at_fifth));
}

fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// How many more answers would change what.
fn more_text(fit: &Fit) -> String {
    match (fit.verdict, fit.more_in_full) {
        (Verdict::Take, Some(more)) if more > 0 => format!(
            " So few answers move the numbers by {} of what many could; about {} more let them move all the way.",
            percent(fit.trust),
            thousands(more)
        ),
        _ => String::new(),
    }
}

fn verdict_text(fit: &Fit) -> String {
    match fit.verdict {
        Verdict::Take => "Better on outcomes that the fit had not seen: taken.".to_owned(),
        Verdict::TooFew { labels, needed } => format!(
            "Not taken: {labels} outcomes, {needed} are needed, of both kinds. Ask more customers at random: {} more answers. Until then what is in force holds.",
            needed - labels
        ),
        Verdict::OneSided { labels: 0, needed } => format!(
            "Not taken: all outcomes say the same; {needed} of the other kind are needed. Nobody can tell how many more answers bring them."
        ),
        Verdict::OneSided { labels, needed } => {
            let about = ((needed - labels) * fit.before.count).checked_div(labels);
            let about =
                about.map_or(String::new(), |more| format!(", at this share about {} more answers", thousands(more)));
            format!("Not taken: only {labels} outcomes of the rarer kind, {needed} are needed{about}.")
        }
        Verdict::NoBetter => "Not taken: no better on outcomes that the fit had not seen.".to_owned(),
        Verdict::ByChance { more } => format!(
            "Not taken: better on outcomes that the fit had not seen, but by no more than chance gives; about {} more answers would tell.",
            thousands(more)
        ),
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
