//! `check`: judges a list in one pass and bounded memory; what is found leaves as one stream of events.

mod baseline;
mod event;
mod judge;
mod ledger;
mod mark;
mod plan;
mod report;
mod suppression;

use rayon::prelude::*;

use super::mail::MailStage;
use super::{Domains, RunError, Setup};
use crate::ingest::List;
use crate::validate::MxValidator;

pub use baseline::{Baseline, BaselineError};
use event::Run;
pub use event::{CheckEvent, CheckSink};
use judge::{Judged, Late, Stages};
pub use mark::{Mark, MarkKey, ShortSecret};
pub use plan::{CheckPlan, Known};
pub use report::{BaselineUse, CheckReport, FindingGroup, Light};
pub use suppression::Suppressing;

/// Checks a list; `progress` hears how many bytes of text were done, twice as many where DNS is asked.
///
/// # Errors
/// When the list can't be read to its end, a rule or an expectation is wrong, or an output can't be written.
pub fn check(
    list: &List,
    setup: &Setup,
    plan: &CheckPlan,
    mail: MailStage<'_>,
    sink: &mut dyn CheckSink,
    progress: &(dyn Fn(u64) + Sync),
) -> Result<CheckReport, RunError> {
    let mut stages = Stages::new(list, setup, plan)?;
    let mut heard = None;
    if !mail.is_off() && plan.rules {
        // The list is read twice, so that findings come in row order and with their cells.
        let mut domains = Domains::default();
        domains.add_list(list, setup, progress)?;
        let (check, summary) = mail.judge(&domains.counts(), setup)?;
        stages.mail = Some(MxValidator::new(&setup.context.files, &check.statuses)?);
        heard = Some(summary);
    }
    let mut run = Run::new(list, setup, plan, sink);
    let mut late = Late::default();
    let mut done = 0;
    let read = list.read(|wave| -> Result<(), RunError> {
        setup.go_on()?;
        let judged: Vec<Judged> = wave.batches.into_par_iter().map(|raw| stages.judge(raw)).collect();
        run.events_of_wave(&judged, &wave.quarantined)?;
        for judged in judged {
            late.append(judged, &stages).map_err(|error| RunError::write("a temporary file", &error))?;
        }
        progress(wave.read_to - done);
        done = wave.read_to;
        Ok(())
    })?;
    tracing::info!(records = read.records, quarantined = read.quarantined, "read a list");
    run.late_events(late.conclude(list, &stages, read.records)?)?;
    Ok(CheckReport { mail: heard, ..run.report(read) })
}
