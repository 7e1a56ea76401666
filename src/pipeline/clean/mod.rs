//! `clean`: every list from raw rows to checked rows, with what was found on the way. The order of a run stands here.

mod advise;
mod cleaned;
mod conclude;
mod last_year;
mod mail;
mod person;
mod profiles;
mod read;
mod record;
mod standing;

pub use advise::RunAdvice;
pub use cleaned::{Cleaned, CleanedList};
pub use last_year::year_before;
pub use record::{NewRefusals, ToldRun, conclude_run};
pub use standing::refusals_of_lists;

use std::sync::Arc;

use super::answers::answer_rows;
use super::customers::{Customers, Gathered, ResolveStage};
use super::decay::gather;
#[cfg(feature = "parquet")]
use super::elsewhere::rows_elsewhere;
use super::mail::MailStage;
use super::persons::{Persons, find_persons};
use super::resolve_summary::ResolveSummary;
use super::summary::RunSummary;
use super::{Decay, EvidenceStage, RunError, Setup, Stage};
use crate::ingest::List;
use crate::record::{CheckedList, Rows, RowsBeside, text_hash};
use crate::resolve::Resolver;
use crate::validate::ListFindings;
use mail::check_mail;
use read::read_list;

/// Takes lists through all stages. `progress` hears how many bytes of text were done.
///
/// # Errors
/// When a list can't be read to its end, a rule file is not of its form, or a stop was asked for.
pub fn clean<'a>(
    lists: &'a [List],
    setup: &Setup,
    mail: MailStage<'_>,
    resolve: ResolveStage,
    evidence: Option<&EvidenceStage<'_>>,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<Cleaned<'a>, RunError> {
    let mut summary = RunSummary {
        schema_version: 1,
        tiuv_version: env!("CARGO_PKG_VERSION").to_owned(),
        as_of: setup.context.today.to_string(),
        region: setup.context.region.clone(),
        rules: format!("{:016x}", setup.context.files.fingerprint()),
        shows_values: setup.show_values,
        ..RunSummary::default()
    };
    let settings = format!("{} {} {} {}", summary.tiuv_version, summary.rules, summary.as_of, summary.region);
    summary.run = format!("{:016x}", text_hash(&settings));
    let mut gathering = match &resolve {
        ResolveStage::Off => None,
        ResolveStage::On(memory) => Some((Resolver::new(&setup.context)?, Gathered::new(memory.as_deref()))),
    };
    setup.begin(Stage::Read);
    let mut read = Vec::with_capacity(lists.len());
    for (source, list) in lists.iter().enumerate() {
        read.push(read_list(source, list, setup, gathering.as_mut(), progress)?);
    }
    if !mail.is_off() {
        setup.begin(Stage::Mail);
        let (figures, heard) = check_mail(&mut read, setup, mail)?;
        summary.mail = Some(figures);
        summary.run = mixed(&summary.run, heard);
    }
    let contents: Vec<u64> = read.iter().map(|list| list.content).collect();
    let concluded: Vec<(CheckedList, ListFindings)> =
        read.into_iter().map(|list| list.conclude(setup, &mut summary)).collect::<Result<_, _>>()?;
    let (checked, findings) = concluded.into_iter().unzip();
    let mut rows = Rows::new(checked);
    let customers = match (&resolve, gathering) {
        (ResolveStage::On(memory), Some((resolver, gathered))) => {
            setup.begin(Stage::Resolve);
            let customers = Customers::find(gathered, &rows, &resolver, memory.as_deref(), setup)?;
            summary.run = mixed(&summary.run, customers.fingerprint());
            Some(customers)
        }
        _ => None,
    };
    contents.into_iter().for_each(|content| summary.run = mixed(&summary.run, content));
    summary.resolve = customers.as_ref().map(|customers| ResolveSummary::new(customers, &rows, setup));
    let told_apart = customers.as_ref().filter(|customers| !customers.is_refused());
    if let Some(customers) = told_apart {
        let mut beside = RowsBeside::default();
        #[cfg(feature = "parquet")]
        if let ResolveStage::On(Some(memory)) = &resolve {
            rows_elsewhere(customers, memory, setup, &mut beside)?;
        }
        if let Some(stage) = evidence {
            answer_rows(stage.given, &rows, customers, setup, &mut beside)?;
        }
        for (_, row) in beside.all() {
            let cells = row.batch.standard().columns().iter().map(|column| column.written(row.row));
            summary.run = mixed(&summary.run, text_hash(&cells.collect::<Vec<_>>().join("\n")));
        }
        rows.put_beside(beside);
    }
    let mut persons = Persons::default();
    let prices = evidence.and_then(|stage| stage.prices);
    let (evidence, decay) = match evidence {
        Some(stage) => {
            setup.begin(Stage::Evidence);
            let (mut evidence, stats) = gather(&rows, told_apart, stage, setup, progress)?;
            // A workspace remembers who refused in rows of which no customers were made, too.
            if customers.is_some() || stage.refused.is_some() {
                setup.begin(Stage::Persons);
                persons = find_persons(&rows, customers.as_ref(), &evidence, stage.refused, setup)?;
                if let Some(changed) = persons.hold(&mut evidence) {
                    summary.run = mixed(&summary.run, changed);
                }
            }
            let evidence = Arc::new(evidence);
            setup.begin(Stage::Decay);
            let judge = |decay| Decay::find(&evidence, stats, told_apart, decay, setup);
            let decay = stage.decay.as_ref().map(judge).transpose()?;
            if let Some(decay) = &decay {
                summary.decay = decay.summary(stage);
                summary.run = mixed(&summary.run, decay.fingerprint());
            }
            (Some(evidence), decay)
        }
        None => (None, None),
    };
    setup.begin(Stage::Advise);
    let standings = standing::of_lists(rows.lists().iter().zip(&findings), setup)?;
    let advice = match &evidence {
        Some(evidence) => {
            let (advice, reach) =
                RunAdvice::find(&rows, &standings, told_apart, evidence, decay.as_ref(), prices, setup)?;
            summary.contact = Some(advice.figures());
            summary.reachable = Some(reach);
            Some(advice)
        }
        None => None,
    };
    let by_count = |count: u64| std::cmp::Reverse(count);
    summary.reasons.sort_by_key(|reason| (by_count(reason.count), reason.code.clone(), reason.header.clone()));
    summary.repairs.sort_by_key(|change| (by_count(change.count), change.code.clone(), change.header.clone()));
    summary.suggestions.sort_by_key(|change| (by_count(change.count), change.code.clone(), change.header.clone()));
    Ok(Cleaned {
        sources: lists,
        rows,
        findings,
        standings,
        customers,
        evidence,
        decay,
        advice,
        seen: persons.seen,
        summary,
        redaction: setup.redaction.clone(),
    })
}

/// The run's id so far with more of what it rests on.
fn mixed(run: &str, content: u64) -> String {
    format!("{:016x}", text_hash(&format!("{run} {content:016x}")))
}
