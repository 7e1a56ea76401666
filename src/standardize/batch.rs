//! One standardizer a mapped column, and the loop over a batch.

use std::sync::{Arc, Mutex, PoisonError};

use super::memo::Memo;
use super::{
    AddressPart, AddressStandardizer, CellContext, DateOrder, DateStandardizer, EmailStandardizer, NamePart,
    NameStandardizer, NationalIdStandardizer, NoteStandardizer, PhoneStandardizer, Standardizer, StandingStandardizer,
    Step, text,
};
use crate::finding::Code;
use crate::record::{
    CellOut, ColumnIndex, Detail, Field, Mapping, PhoneKind, RawBatch, Samples, StandardBatch, StandardBatchBuilder,
    StandardColumn, VALUE_SEPARATOR,
};
use crate::rule::{Context, PhoneLabel, PhoneLabels, RuleError};

/// The standardizers of one list, one for each mapped column.
pub struct Standardizers {
    columns: Vec<Column>,
    country: Option<ColumnIndex>,
    /// What reads labels beside numbers; none where the list has no such labels.
    labels: Option<PhoneLabels>,
    /// What recurs in the columns, by column, for each thread that is at work.
    memos: Mutex<Vec<Vec<Memo>>>,
}

struct Column {
    field: Field,
    column: ColumnIndex,
    reader: Arc<dyn Standardizer>,
    /// Where it says of which kind each number of this column is.
    label: Option<ColumnIndex>,
    /// Fields that the cells of this column are split into, where no column of their own is mapped.
    splits_into: &'static [Field],
}

impl Standardizers {
    /// One for each mapped column that `wanted` names.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(
        context: &Context,
        mapping: &Mapping,
        samples: &Samples,
        wanted: impl Fn(Field) -> bool,
    ) -> Result<Self, RuleError> {
        let mut columns: Vec<Column> = Vec::new();
        for mapped in mapping.columns() {
            let Some(field) = mapped.field.filter(|field| wanted(*field)) else { continue };
            let column = mapped.column;
            // Columns of phones are all read alike, and so are those of e-mails; their readers are the dearest to make.
            let is_twin = |known: &Column| {
                field.is_phone() && known.field.is_phone() || field == Field::Email && known.field == Field::Email
            };
            let twin = columns.iter().find(|known| is_twin(known));
            let reader = match twin {
                Some(twin) => Arc::clone(&twin.reader),
                None => {
                    let epoch = samples.counts_from_1904();
                    Arc::from(reader_for(context, field, &mapped.header, samples.of(column), epoch)?)
                }
            };
            let label = if field.is_phone() { mapping.label_of(column) } else { None };
            columns.push(Column { field, column, reader, label, splits_into: splits(field) });
        }
        let has_labels = columns.iter().any(|column| column.label.is_some());
        let labels = if has_labels { Some(PhoneLabels::load(&context.files)?) } else { None };
        Ok(Standardizers { columns, country: mapping.column_of(Field::Country), labels, memos: Mutex::default() })
    }

    /// Brings a batch to normal form.
    pub fn standardize(&self, raw: &RawBatch) -> StandardBatch {
        let rows = (0..raw.len()).map(|row| raw.number(row)).collect();
        let mut builder = StandardBatchBuilder::new(rows);
        let memos = || self.memos.lock().unwrap_or_else(PoisonError::into_inner);
        let known = memos().pop();
        let mut known = known.unwrap_or_else(|| self.columns.iter().map(|_| Memo::default()).collect());
        for (column, memo) in self.columns.iter().zip(&mut known) {
            self.standardize_column(raw, column, memo, &mut builder);
        }
        memos().push(known);
        builder.finish()
    }

    /// The steps by which one cell is read; none for a column that is not mapped.
    pub fn steps(&self, raw: &RawBatch, row: usize, column: ColumnIndex) -> Vec<Step> {
        let Some(own) = self.columns.iter().find(|own| own.column == column) else { return Vec::new() };
        let country = self.country.map_or("", |country| raw.cell(row, country));
        own.reader.steps(raw.cell(row, column), CellContext { country })
    }

    /// Reads a cell of numbers with the label beside it.
    fn read_labelled(&self, cell: &str, label: &str, column: &Column, context: CellContext<'_>, out: &mut CellOut) {
        let Some(labels) = &self.labels else { return column.reader.standardize(cell, context, out) };
        let listed: Vec<(&str, &str)> = cell.split(VALUE_SEPARATOR).zip(label.split(VALUE_SEPARATOR)).collect();
        let are_listed = |text: &str| text.matches(VALUE_SEPARATOR).count() + 1 == listed.len();
        if listed.len() > 1 && are_listed(cell) && are_listed(label) {
            return read_listed(&listed, labels, column, context, out);
        }
        match labels.read(label) {
            Some(PhoneLabel::NotToCall) => out.mark(Code::PhoneLabelledFax),
            Some(PhoneLabel::Line(kind, reach)) => {
                column.reader.standardize(cell, context, out);
                if let Detail::Phone(phone) = &mut out.detail {
                    phone.take_for(kind, reach.sms.reach(), reach.call.reach());
                }
            }
            None => column.reader.standardize(cell, context, out),
        }
    }

    fn standardize_column(&self, raw: &RawBatch, column: &Column, memo: &mut Memo, builder: &mut StandardBatchBuilder) {
        let new = |field: Field, bytes: usize| StandardColumn::with_capacity(field, column.column, raw.len(), bytes);
        let mut whole = new(column.field, 12);
        let mut parts: Vec<StandardColumn> =
            column.splits_into.iter().map(|field| new(*field, if *field == Field::Notes { 0 } else { 8 })).collect();
        let mut labelled = CellOut::default();
        for row in 0..raw.len() {
            let cell = raw.cell(row, column.column);
            if cell.is_empty() {
                // A good part of every list; an empty cell stays empty whoever reads it.
                whole.push_text("");
                parts.iter_mut().for_each(|part| part.push_text(""));
                continue;
            }
            let country = self.country.map_or("", |country| raw.cell(row, country));
            let context = CellContext { country };
            let out = match column.label {
                Some(label) => {
                    labelled.clear();
                    self.read_labelled(cell, raw.cell(row, label), column, context, &mut labelled);
                    &labelled
                }
                None => memo.read(cell, context, |out| column.reader.standardize(cell, context, out)),
            };
            whole.push(out);
            if !out.marks.is_empty() || !out.suggestion.is_empty() {
                builder.push_marks(row, column.column, out);
            }
            for part in &mut parts {
                let text = out.parts.iter().find(|(name, _)| *name == part.field).map_or("", |(_, text)| text.as_str());
                if part.field == Field::Notes && !text.is_empty() {
                    part.push_one(text, out.detail);
                } else {
                    part.push_text(text);
                }
            }
        }
        builder.push_column(whole);
        // Few names have a note beside them, and most lists none at all.
        let is_wanted = |part: &StandardColumn| part.field != Field::Notes || !part.has_no_text();
        parts.into_iter().filter(is_wanted).for_each(|part| builder.push_column(part));
    }
}

/// Reads numbers that stand in one cell as their labels do in the one beside it, value by value: the objects of a list in JSON.
fn read_listed(
    listed: &[(&str, &str)],
    labels: &PhoneLabels,
    column: &Column,
    context: CellContext<'_>,
    out: &mut CellOut,
) {
    let said: Vec<(&str, Option<PhoneLabel>)> =
        listed.iter().map(|(number, label)| (number.trim(), labels.read(label))).collect();
    let to_call = said.iter().filter(|(_, label)| *label != Some(PhoneLabel::NotToCall));
    let numbers: Vec<&str> = to_call.map(|(number, _)| *number).collect();
    if said.iter().any(|(number, label)| *label == Some(PhoneLabel::NotToCall) && !number.is_empty()) {
        out.mark(Code::PhoneLabelledFax);
    }
    column.reader.standardize(&numbers.join("; "), context, out);
    // What is known of a number without its label is known of it where it stands among others.
    let mut alone = CellOut::default();
    for (number, label) in said {
        let Some(PhoneLabel::Line(kind, reach)) = label else { continue };
        alone.clear();
        column.reader.standardize(number, context, &mut alone);
        out.rework(|values| {
            for (_, detail) in values.iter_mut().filter(|(value, _)| *value == alone.display) {
                if let Detail::Phone(phone) = detail {
                    phone.take_for(kind, reach.sms.reach(), reach.call.reach());
                }
            }
            let is_mobile = |detail: Detail| detail.phone().is_some_and(|phone| phone.kind == PhoneKind::Mobile);
            values.sort_by_key(|(_, detail)| !is_mobile(*detail));
        });
    }
}

fn splits(field: Field) -> &'static [Field] {
    match field {
        Field::FullName => &[Field::FirstName, Field::LastName, Field::Notes],
        // What stands beside a name is a note.
        Field::FirstName | Field::LastName => &[Field::Notes],
        Field::Address => &[Field::Street, Field::HouseNumber, Field::City, Field::Postcode],
        Field::Street => &[Field::HouseNumber],
        _ => &[],
    }
}

fn reader_for(
    context: &Context,
    field: Field,
    header: &str,
    samples: &[String],
    counts_from_1904: bool,
) -> Result<Box<dyn Standardizer>, RuleError> {
    let files = &context.files;
    if (field.is_standing() || field == Field::ConsentWhatsapp)
        && let Some(reader) = StandingStandardizer::new(context, field, header, samples)?
    {
        return Ok(Box::new(reader));
    }
    let address = |part| AddressStandardizer::new(context, part);
    let name = |part| NameStandardizer::new(files, part)?.of_column(files, header, samples);
    Ok(match field {
        Field::FirstName => Box::new(name(NamePart::First)?),
        Field::LastName => Box::new(name(NamePart::Last)?),
        Field::FullName => Box::new(name(NamePart::Full)?),
        Field::Email => Box::new(EmailStandardizer::new(files)?),
        Field::Mobile | Field::Phone => Box::new(PhoneStandardizer::new(context)?),
        Field::BirthDate | Field::CreatedAt | Field::UpdatedAt | Field::LastPurchase => {
            let order = DateOrder::infer(context, header, samples)?;
            Box::new(DateStandardizer::new(context, field, order)?.counting_from_1904(counts_from_1904))
        }
        Field::NationalId => Box::new(NationalIdStandardizer::new(context)?),
        Field::Address => Box::new(address(AddressPart::Whole)?),
        Field::Street => Box::new(address(AddressPart::Street)?),
        Field::HouseNumber => Box::new(address(AddressPart::House)?),
        Field::City => Box::new(address(AddressPart::City)?),
        Field::Postcode => Box::new(address(AddressPart::Postcode)?),
        Field::Country => Box::new(address(AddressPart::Country)?),
        Field::Notes => Box::new(NoteStandardizer::new(files)?),
        // Carried, and never judged; whoever says whether somebody may be contacted was read above.
        _ => Box::new(text::PlainText::new(files, field)?),
    })
}
