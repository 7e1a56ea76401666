//! `rows.csv`: every row in input order, its original columns untouched, then what tiuv has to say of it.

use std::fmt::Write as _;
use std::io::{self, Write};

use rayon::prelude::*;

use super::csv_text::{assert_aligned, guarded, push_cell, push_line, push_word};
use super::joined::Joined;
use super::said_of_customer::SaidOfCustomers;
use super::said_of_row::RowFindings;
use crate::finding::{Code, Finding};
use crate::ingest::List;
use crate::pipeline::{Cleaned, CleanedList, RunError};
use crate::record::{
    CheckedBlock, ColumnIndex, ContactKind, Field, MxOutcome, PublicView, RowNumber, SOURCE_COLUMN, StandardColumn,
    TIUV_COLUMNS, Verdict, is_own_column,
};
use crate::validate::mail_domain;

/// Blocks formatted at a time; bounds memory.
const BLOCKS_AT_ONCE: usize = 8;

/// Writes all rows; returns how many cells were guarded against running as formulas.
///
/// # Errors
/// When the source can't be read again or the output can't be written.
pub(super) fn write_rows(cleaned: &Cleaned<'_>, out: &mut dyn Write) -> Result<u64, RunError> {
    let layout = Layout::of(cleaned);
    let failed = |error: io::Error| RunError::write("rows.csv", &error);
    let mut head = Vec::new();
    let header: Vec<_> = layout.header.iter().map(|name| guarded(name)).collect();
    push_line(&mut head, header.iter().map(|name| &**name).chain(layout.source_header()).chain(TIUV_COLUMNS));
    out.write_all(&head).map_err(failed)?;
    let mut guarded_cells = 0;
    for (index, list) in cleaned.lists().enumerate() {
        let shared = shared_cells(list);
        for (wave, blocks) in list.checked.blocks.chunks(BLOCKS_AT_ONCE).enumerate() {
            let formatted: Vec<Result<Formatted, RunError>> = blocks
                .par_iter()
                .enumerate()
                .map(|(place, block)| {
                    let place = wave * BLOCKS_AT_ONCE + place;
                    let said = SaidOfCustomers::of(cleaned, index, place);
                    RowWriter::new(cleaned, list.source, block, &layout, (index, said), &shared).format()
                })
                .collect();
            for block in formatted {
                let block = block?;
                guarded_cells += block.guarded;
                out.write_all(&block.text).map_err(failed)?;
            }
        }
        list.source.assert_unchanged()?;
    }
    Ok(guarded_cells)
}

/// How the lists' columns stand in the output.
struct Layout {
    header: Vec<String>,
    /// For each list the output position of each of its columns; none for those that tiuv itself had added.
    places: Vec<Vec<Option<usize>>>,
    is_single: bool,
}

impl Layout {
    fn of(cleaned: &Cleaned<'_>) -> Layout {
        let mut header: Vec<String> = Vec::new();
        let mut places = Vec::new();
        for list in cleaned.sources {
            let own = list.header().iter().map(|name| {
                let place = header.iter().position(|known| known == name);
                (!is_own_column(name)).then(|| {
                    place.unwrap_or_else(|| {
                        header.push(name.clone());
                        header.len() - 1
                    })
                })
            });
            places.push(own.collect());
        }
        Layout { header, places, is_single: cleaned.sources.len() == 1 }
    }

    /// Whether a row of the only list stands in the output as it is.
    fn is_as_read(&self) -> bool {
        self.is_single && self.places.iter().flatten().all(Option::is_some)
    }

    /// Columns of the table.
    fn width(&self) -> usize {
        self.header.len() + usize::from(!self.is_single) + TIUV_COLUMNS.len()
    }

    /// Several lists in one file: a column says which one a row came from.
    fn source_header(&self) -> Option<&'static str> {
        (!self.is_single).then_some(SOURCE_COLUMN)
    }
}

/// Text that is put together for one row after the other.
#[derive(Default)]
struct Scratch<'a> {
    text: String,
    reasons: Joined<Code>,
    numbers: Joined<&'a str>,
}

struct Formatted {
    text: Vec<u8>,
    guarded: u64,
}

struct RowWriter<'a> {
    source: &'a List,
    block: &'a CheckedBlock,
    public: PublicView<'a>,
    layout: &'a Layout,
    list_index: usize,
    customers: SaidOfCustomers<'a>,
    emails: Vec<&'a StandardColumn>,
    /// Mobile numbers first.
    phones: Vec<&'a StandardColumn>,
    /// First name, last name, birth date.
    person: [Vec<&'a StandardColumn>; 3],
    /// Cells whose value many people share, ascending.
    shared: &'a [(RowNumber, ColumnIndex, Code)],
}

impl<'a> RowWriter<'a> {
    fn new(
        cleaned: &'a Cleaned<'a>,
        source: &'a List,
        block: &'a CheckedBlock,
        layout: &'a Layout,
        (list_index, customers): (usize, SaidOfCustomers<'a>),
        shared: &'a [(RowNumber, ColumnIndex, Code)],
    ) -> Self {
        let batch = block.checked.standard();
        let [emails, phones] = [ContactKind::Email, ContactKind::Phone]
            .map(|kind| batch.contacts_of(kind).map(|(_, column)| column).collect());
        let person =
            [Field::FirstName, Field::LastName, Field::BirthDate].map(|field| batch.columns_of(field).collect());
        let public = PublicView::new(&block.checked, &cleaned.redaction);
        RowWriter { source, block, public, layout, list_index, customers, emails, phones, person, shared }
    }

    fn format(&self) -> Result<Formatted, RunError> {
        let source = self.source;
        let bytes = source.text_at(self.block.offset, self.block.text_length())?;
        let text = simdutf8::basic::from_utf8(&bytes);
        let is_plain = self.layout.is_as_read() && source.is_comma_separated();
        let mut out = Formatted { text: Vec::with_capacity(bytes.len() * 2), guarded: 0 };
        let mut rewritten = self.block.rewritten.iter().copied().peekable();
        let mut said = RowFindings::new(self.block);
        let mut scratch = Scratch::default();
        let width = self.layout.width();
        for (row, record) in self.block.records.iter().enumerate() {
            let place = record.start as usize..record.end as usize;
            // Only records that were quarantined hold bytes that are no text.
            let raw = match text {
                Ok(text) => text[place].into(),
                Err(_) => String::from_utf8_lossy(&bytes[place]),
            };
            let start = out.text.len();
            let must_rewrite = rewritten.next_if_eq(&(row as u32)).is_some();
            if is_plain && !must_rewrite {
                out.text.extend_from_slice(raw.as_bytes());
            } else {
                self.rewrite(source, &raw, &mut out);
            }
            let findings = said.advance();
            self.push_verdicts(row, &findings, &mut scratch, &mut out.text);
            assert_aligned("rows.csv", &out.text[start..], width)?;
            out.text.push(b'\n');
        }
        Ok(out)
    }

    /// Writes a record cell by cell: padded to the header's width, formulas guarded, columns in the output's places.
    fn rewrite(&self, source: &List, raw: &str, out: &mut Formatted) {
        let cells = source.cells_of(raw);
        let places = &self.layout.places[self.list_index];
        let mut ordered = vec![""; self.layout.header.len()];
        for (cell, place) in cells.iter().zip(places) {
            if let Some(place) = place {
                ordered[*place] = cell;
            }
        }
        for (index, cell) in ordered.into_iter().enumerate() {
            if index > 0 {
                out.text.push(b',');
            }
            let cell = guarded(cell);
            out.guarded += u64::from(matches!(cell, std::borrow::Cow::Owned(_)));
            push_cell(&mut out.text, &cell);
        }
        if !self.layout.is_single {
            out.text.push(b',');
            push_cell(&mut out.text, &guarded(&source.facts().name));
        }
    }

    fn push_verdicts(&self, row: usize, findings: &[&[Finding]; 2], scratch: &mut Scratch<'a>, line: &mut Vec<u8>) {
        let batch = self.block.checked.standard();
        let Scratch { text, reasons, numbers } = scratch;
        text.clear();
        let _ = write!(text, "{}", batch.number(row));
        push_word(line, text);
        self.customers.push_names(row, text, line);

        let email = self.best(row, &self.emails);
        let (address, status, column) = self.contact(row, email);
        let class = email.and_then(|column| column.detail(row).email()).and_then(|detail| detail.class);
        push_value(line, address);
        push_word(line, status);
        self.join_reasons(row, findings, column, class, reasons);
        push_word(line, reasons.as_str());
        push_value(line, column.map_or("", |column| batch.suggestion(row, column)));
        push_word(line, class.map_or("", |class| class.as_str().rsplit('.').next().unwrap_or_default()));
        push_word(line, email.and_then(|column| self.mx(row, column)).map_or("", MxOutcome::as_str));

        let phone = self.best(row, &self.phones);
        let (first, status, column) = self.contact(row, phone);
        let detail = phone.and_then(|column| self.public.phone(column, row));
        push_word(line, first);
        numbers.clear();
        self.phones.iter().flat_map(|column| column.values(row)).for_each(|number| numbers.push(number, number));
        push_word(line, numbers.as_str());
        push_word(line, status);
        self.join_reasons(row, findings, column, None, reasons);
        push_word(line, reasons.as_str());
        push_word(line, detail.filter(|_| !first.is_empty()).map_or("", |detail| detail.kind.as_str()));
        push_word(line, detail.filter(|_| !first.is_empty()).map_or("", |detail| detail.sms.as_str()));

        for columns in &self.person {
            let values = columns.iter().map(|column| column.first(row));
            push_value(line, values.into_iter().find(|value| !value.is_empty()).unwrap_or(""));
        }
        self.join_other_reasons(findings, [email, phone], reasons);
        push_word(line, reasons.as_str());
        self.customers.push_judgements(row, text, line);
    }

    /// The column whose value is the best to use.
    fn best(&self, row: usize, columns: &[&'a StandardColumn]) -> Option<&'a StandardColumn> {
        self.block.checked.best(row, columns.iter().map(|column| column.column)).map(|place| columns[place])
    }

    fn contact(&self, row: usize, column: Option<&'a StandardColumn>) -> (&'a str, &'static str, Option<ColumnIndex>) {
        match column {
            Some(column) => {
                (column.first(row), self.block.checked.verdict(row, column.column).as_str(), Some(column.column))
            }
            None => ("", Verdict::Empty.as_str(), None),
        }
    }

    /// What DNS said of an address' domain; where it was not asked, that.
    fn mx(&self, row: usize, column: &StandardColumn) -> Option<MxOutcome> {
        let checked = &self.block.checked;
        let not_asked = || mail_domain(checked, column, row).map(|_| MxOutcome::NotChecked);
        checked.mx(row, column.column).or_else(not_asked)
    }

    /// The codes said of one column's cell, and of its value across the list.
    fn join_reasons(
        &self,
        row: usize,
        findings: &[&[Finding]; 2],
        column: Option<ColumnIndex>,
        shown_elsewhere: Option<Code>,
        joined: &mut Joined<Code>,
    ) {
        joined.clear();
        let Some(column) = column else { return };
        for finding in findings.iter().flat_map(|part| self.public.shown(part)) {
            if finding.column == Some(column) && Some(finding.code) != shown_elsewhere {
                joined.push(finding.code, finding.code.as_str());
            }
        }
        let key = (self.block.checked.standard().number(row), column);
        if let Ok(found) = self.shared.binary_search_by_key(&key, |(row, column, _)| (*row, *column)) {
            let code = self.shared[found].2;
            joined.push(code, code.as_str());
        }
    }

    /// What was said of the row's other cells and of the row itself.
    fn join_other_reasons(
        &self,
        findings: &[&[Finding]; 2],
        contacts: [Option<&StandardColumn>; 2],
        joined: &mut Joined<Code>,
    ) {
        joined.clear();
        let told =
            |column: Option<ColumnIndex>| contacts.iter().flatten().any(|contact| Some(contact.column) == column);
        for finding in findings.iter().flat_map(|part| self.public.shown(part)).filter(|finding| !told(finding.column))
        {
            if !finding.code.is_class() {
                joined.push(finding.code, finding.code.as_str());
            }
        }
    }
}

/// A customer's value.
fn push_value(line: &mut Vec<u8>, value: &str) {
    line.push(b',');
    if !value.is_empty() {
        push_cell(line, &guarded(value));
    }
}

/// The cells whose value many people share.
fn shared_cells(list: CleanedList<'_>) -> Vec<(RowNumber, ColumnIndex, Code)> {
    let shared = list.findings.statements().iter().filter(|statement| statement.code == Code::ListSharedValue);
    let mut cells: Vec<_> = shared
        .filter_map(|statement| Some((statement.column?, &statement.rows)))
        .flat_map(|(column, rows)| {
            let field = list.checked.mapping.columns()[column.as_usize()].field;
            let code = if field == Some(Field::Email) { Code::EmailShared } else { Code::PhoneSharedByMany };
            rows.iter().map(move |row| (*row, column, code))
        })
        .collect();
    cells.sort_unstable();
    cells
}
