//! The stages that judge cells, put together in one place: a context and a mapping make kernels, which check a batch, a
//! row, or a column.

use crate::finding::Confidence;
use crate::record::{
    CheckedBatch, ColumnIndex, ColumnMapping, Field, LineNumber, Mapping, MappingBasis, RawBatch, RawBatchBuilder,
    RowNumber, Samples, Span, StandardBatch,
};
use crate::rule::{Context, RuleError};
use crate::standardize::{Standardizers, Step};
use crate::validate::Validators;

/// What the cells of one list are read and judged by.
pub struct Kernels {
    standardizers: Standardizers,
    validators: Validators,
}

impl Kernels {
    /// For all fields of a mapping; `samples` show in which order its columns write dates.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context, mapping: &Mapping, samples: &Samples) -> Result<Self, RuleError> {
        Self::of_fields(context, mapping, samples, |_| true)
    }

    /// For those fields of a mapping that are `wanted`.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn of_fields(
        context: &Context,
        mapping: &Mapping,
        samples: &Samples,
        wanted: impl Fn(Field) -> bool,
    ) -> Result<Self, RuleError> {
        Ok(Kernels {
            standardizers: Standardizers::new(context, mapping, samples, &wanted)?,
            validators: Validators::new(context, &wanted)?,
        })
    }

    /// For a list without a header, by what each of its columns holds and some of its values.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn of_columns(context: &Context, columns: Vec<(Field, Vec<String>)>) -> Result<Self, RuleError> {
        let (fields, samples): (Vec<Field>, Vec<Vec<String>>) = columns.into_iter().unzip();
        let mapped = |(index, field): (usize, Field)| ColumnMapping {
            column: ColumnIndex(index as u16),
            header: field.as_str().to_owned(),
            field: Some(field),
            basis: Some(MappingBasis::Given),
            confidence: Confidence::CERTAIN,
            unread: false,
            hint: None,
        };
        let mapping = Mapping::new(fields.into_iter().enumerate().map(mapped).collect());
        Self::new(context, &mapping, &Samples::new(samples))
    }

    /// Reads and judges a batch.
    pub fn check(&self, raw: &RawBatch) -> CheckedBatch {
        self.validate(self.standardize(raw))
    }

    /// Reads and judges one row, given cell by cell.
    pub fn check_row(&self, cells: &[&str]) -> CheckedBatch {
        self.check(&batch_of(cells.len(), &[cells]))
    }

    /// Reads and judges rows given cell by cell, all of one width.
    pub fn check_rows(&self, width: usize, rows: &[&[&str]]) -> CheckedBatch {
        self.check(&batch_of(width, rows))
    }

    /// Reads and judges the values of a list's only column.
    pub fn check_column(&self, values: &[&str]) -> CheckedBatch {
        self.check(&batch_of(1, &values.chunks(1).collect::<Vec<_>>()))
    }

    /// Brings a batch to normal form, for whoever reads it before it is judged.
    pub fn standardize(&self, raw: &RawBatch) -> StandardBatch {
        self.standardizers.standardize(raw)
    }

    /// Judges what was brought to normal form.
    pub fn validate(&self, standard: StandardBatch) -> CheckedBatch {
        self.validators.validate(standard)
    }

    /// The steps by which one cell is read; none for a column that is not mapped.
    pub fn steps(&self, raw: &RawBatch, row: usize, column: ColumnIndex) -> Vec<Step> {
        self.standardizers.steps(raw, row, column)
    }
}

/// Reads and judges one row as the only row of a list.
///
/// # Errors
/// When a rule file is not of its form.
pub fn check_row(context: &Context, cells: &[(Field, &str)]) -> Result<CheckedBatch, RuleError> {
    let columns = cells.iter().map(|(field, value)| (*field, vec![(*value).to_owned()])).collect();
    let cells: Vec<&str> = cells.iter().map(|(_, value)| *value).collect();
    Ok(Kernels::of_columns(context, columns)?.check_row(&cells))
}

/// Reads and judges one cell as the only cell of a list.
///
/// # Errors
/// When a rule file is not of its form.
pub fn check_cell(context: &Context, field: Field, value: &str) -> Result<CheckedBatch, RuleError> {
    check_row(context, &[(field, value)])
}

/// Rows that no file holds.
fn batch_of(width: usize, rows: &[&[&str]]) -> RawBatch {
    let text: String = rows.iter().flat_map(|cells| cells.iter().copied()).collect();
    let mut raw = RawBatchBuilder::new(text, 0, width);
    let mut end = 0;
    let mut cells: Vec<Span> = Vec::with_capacity(width);
    for (row, index) in rows.iter().zip(0..) {
        let start = end;
        cells.clear();
        cells.extend(row.iter().map(|cell| {
            let start = end;
            end += cell.len() as u32;
            Span { start, end }
        }));
        raw.push_row(RowNumber::from_index(index), LineNumber::from_index(index), Span { start, end }, &cells);
    }
    raw.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Verdict;

    fn context() -> Context {
        Context::shipped("IL", jiff::civil::date(2026, 11, 21))
    }

    #[test]
    fn a_column_is_checked_value_by_value() {
        let values = ["050-2345678", "", "12"];
        let kernels = Kernels::of_columns(&context(), vec![(Field::Mobile, Vec::new())]).expect("the rules load");
        let checked = kernels.check_column(&values);
        let verdicts = [Verdict::Ok, Verdict::Empty, Verdict::Invalid];
        for (row, (value, verdict)) in values.into_iter().zip(verdicts).enumerate() {
            assert_eq!(checked.verdict(row, ColumnIndex(0)), verdict, "{value:?}");
            let alone = check_cell(&context(), Field::Mobile, value).expect("the rules load");
            assert_eq!(alone.standard().cell(0, Field::Mobile), checked.standard().cell(row, Field::Mobile));
        }
        assert_eq!(checked.standard().cell(0, Field::Mobile), "+972502345678");
    }

    #[test]
    fn a_row_is_checked_with_its_country() {
        let cells = [(Field::Phone, "020 7946 0018"), (Field::Country, "GB")];
        let checked = check_row(&context(), &cells).expect("the rules load");
        assert_eq!(checked.standard().cell(0, Field::Phone), "+442079460018");
    }
}
