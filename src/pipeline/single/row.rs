//! Reading one row: every cell step by step, and what DNS says of its addresses.

use std::collections::BTreeMap;

use crate::ingest::List;
use crate::kernel::Kernels;
use crate::pipeline::{MailStage, RunError, Setup};
use crate::record::{CheckedBatch, Field, MxStatus, RawBatch, RecordView, StandardColumn};
use crate::standardize::Step;
use crate::validate::{MxValidator, mail_domain};

/// A row that was read and judged, with how.
pub struct ReadRow<'a> {
    raw: &'a RawBatch,
    index: usize,
    kernels: Kernels,
    checked: CheckedBatch,
    /// What DNS said of domains.
    pub heard: BTreeMap<String, MxStatus>,
}

/// Reads and judges the row at `index` of a batch.
///
/// # Errors
/// When a rule file is not of its form, what is remembered can't be read or written, or a stop was asked for.
pub fn read_row<'a>(
    list: &List,
    setup: &Setup,
    mail: MailStage<'_>,
    raw: &'a RawBatch,
    index: usize,
) -> Result<ReadRow<'a>, RunError> {
    let kernels = Kernels::new(&setup.context, list.mapping(), list.samples())?;
    let mut checked = kernels.check(raw);
    let emails = checked.standard().columns_of(Field::Email);
    let domains: Vec<String> =
        emails.filter_map(|column| mail_domain(&checked, column, index)).map(str::to_owned).collect();
    let heard = mail.ask(domains.iter().map(String::as_str), setup)?.statuses;
    MxValidator::new(&setup.context.files, &heard)?.judge(&mut checked);
    Ok(ReadRow { raw, index, kernels, checked, heard })
}

impl ReadRow<'_> {
    /// The row by name.
    pub fn view(&self) -> RecordView<'_> {
        RecordView::new(self.raw, &self.checked, self.index)
    }

    /// The steps by which a column's cell was read.
    pub fn steps(&self, column: &StandardColumn) -> Vec<Step> {
        self.kernels.steps(self.raw, self.index, column.column)
    }
}
