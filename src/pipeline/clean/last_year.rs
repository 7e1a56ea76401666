//! Which earlier run of the workspace a run is compared with, and by which figures.

use jiff::civil::Date;

use crate::pipeline::years::{ComparedFigure, CountOf, YearBefore};
use crate::pipeline::{RunError, RunSummary, Setup};
use crate::record::Verdict;
use crate::rule::ListNames;
use crate::store::Store;

/// The earlier run of the same lists that is nearest to a year back.
///
/// # Errors
/// When the workspace or a rule file can't be read.
pub fn year_before(store: &Store, now: &RunSummary, setup: &Setup) -> Result<Option<YearBefore>, RunError> {
    let names = ListNames::load(&setup.context.files)?;
    let lists = families(now, &names);
    let today = setup.context.today;
    let summary = |text: &str| serde_json::from_str::<RunSummary>(text).ok();
    let of_same_lists = store.runs()?.into_iter().filter_map(|run| summary(&run.summary)).filter_map(|then| {
        let days = days_before(then.as_of.parse().ok()?, today);
        (days >= LEAST_DAYS && families(&then, &names) == lists).then_some((days, then))
    });
    // The newest first, which stays first of equals.
    let nearest = of_same_lists.min_by_key(|(days, _)| (days - A_YEAR).abs());
    Ok(nearest.map(|(_, then)| beside(&then, now)).filter(|before| !before.figures.is_empty()))
}

/// Two runs a few weeks apart tell of chance, not of a year.
const LEAST_DAYS: i32 = 90;
const A_YEAR: i32 = 365;

fn days_before(then: Date, today: Date) -> i32 {
    today.since(then).map_or(0, |span| span.get_days())
}

/// The names of the lists without their days, as exports of one list share them.
fn families(summary: &RunSummary, names: &ListNames) -> Vec<String> {
    let name = |input: &crate::pipeline::InputSummary| {
        names.family(if input.list.is_empty() { &input.name } else { &input.list }).words
    };
    let mut families: Vec<String> = summary.inputs.iter().map(name).collect();
    families.sort_unstable();
    families
}

fn beside(then: &RunSummary, now: &RunSummary) -> YearBefore {
    let figures = FIGURES.iter().filter_map(|(what, figure)| {
        let figures = (figure(then)?, figure(now)?);
        Some(ComparedFigure { what: (*what).to_owned(), then: figures.0, now: figures.1 })
    });
    let is_same_campaign = match (&then.campaign, &now.campaign) {
        (Some(then), Some(now)) => (&then.campaign, &then.window) == (&now.campaign, &now.window),
        _ => false,
    };
    let figures = figures.filter(|figure| figure.what != "answered" || !is_same_campaign);
    YearBefore { run: then.run.clone(), as_of: then.as_of.clone(), figures: figures.collect() }
}

type Figure = fn(&RunSummary) -> Option<CountOf>;

const FIGURES: [(&str, Figure); 5] = [
    ("reached", |run| {
        let reach = run.reachable.as_ref().filter(|reach| reach.is_judged && reach.of > 0)?;
        Some(CountOf { count: reach.any.reached, of: reach.of })
    }),
    ("stale", |run| {
        let expected = run.decay.as_ref()?.kinds.iter().map(|kind| kind.expected);
        let sum = expected.fold(CountOf::default(), |sum, kind| CountOf {
            count: sum.count + kind.stale.round() as u64,
            of: sum.of + kind.contacts,
        });
        Some(sum).filter(|sum| sum.of > 0)
    }),
    ("duplicates", |run| {
        let resolve = run.resolve.as_ref().filter(|resolve| resolve.stats.refused.is_none())?;
        Some(CountOf { count: resolve.duplicates, of: resolve.rows })
    }),
    ("repaired", |run| {
        let counts = || run.fields.iter().flat_map(|field| &field.verdicts);
        let of = |wanted: &dyn Fn(&str) -> bool| {
            counts().filter(|(name, _)| wanted(name)).map(|(_, count)| count).sum::<u64>()
        };
        let (repaired, empty) = (Verdict::Repaired.as_str(), Verdict::Empty.as_str());
        Some(CountOf { count: of(&|name| name == repaired), of: of(&|name| name != empty) }).filter(|all| all.of > 0)
    }),
    ("answered", |run| {
        let all = &run.campaign.as_ref()?.all;
        Some(CountOf { count: all.answered, of: all.sent }).filter(|all| all.of > 0)
    }),
];
