//! DNS within a run: all lists' domains are asked for at once.

use rayon::prelude::*;

use super::read::ReadList;
use crate::pipeline::mail::{domains_of, evidence};
use crate::pipeline::{MailStage, MailSummary, RunError, Setup};
use crate::validate::MxValidator;

/// Asks once for every domain of all lists, and judges their e-mails by the answers; a fixed hash of these stands beside the
/// figures.
pub(super) fn check_mail(
    lists: &mut [ReadList<'_>],
    setup: &Setup,
    stage: MailStage<'_>,
) -> Result<(MailSummary, u64), RunError> {
    let addresses = domains_of(lists.par_iter().flat_map(|list| list.checked.blocks.par_iter()));
    let (check, summary) = stage.judge(&addresses, setup)?;
    let heard = evidence(&check);
    let validator = MxValidator::new(&setup.context.files, &check.statuses)?;
    for list in lists {
        let blocks = list.checked.blocks.par_iter_mut();
        list.withdrawn = blocks.map(|block| validator.judge(&mut block.checked)).collect();
    }
    Ok((summary, heard))
}
