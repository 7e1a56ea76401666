//! One record of a customer, and what is known of its cells.

use crate::finding::{Finding, Severity};
use crate::record::{
    CheckedBatch, Consent, Detail, Field, MxMeaning, PublicView, Reach, Redaction, StandardColumn, Verdict,
};
use crate::rule::{Catalog, ConsentAnswer};

/// A record of a customer: a row of a batch.
#[derive(Debug, Clone, Copy)]
pub struct Member<'a> {
    /// The batch.
    pub batch: &'a CheckedBatch,
    /// The row in it, counted from 0.
    pub row: usize,
    /// Which list it is of, in the order given; behind all of them for what no list has.
    pub list: u32,
    /// The customer said it, and it was accepted.
    pub is_answer: bool,
}

/// One value of a member.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) field: Field,
    pub(super) value: &'a str,
    pub(super) member: usize,
    /// Its place among the units.
    pub(super) unit: usize,
    pub(super) column: &'a StandardColumn,
    /// Which value of its cell it is.
    pub(super) place: usize,
}

/// What was found of a row: while it was standardized, and while it was validated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found<'a>([&'a [Finding]; 2]);

/// How far a value can be used; the lower the better.
pub(super) const INVALID: i64 = 4;

impl<'a> Member<'a> {
    /// The values that stand in one of its columns, each with its place in the cell.
    pub(super) fn values(&self, column: &'a StandardColumn) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
        // An answer that is none is still an answer.
        let is_unclear = column.is_empty_at(self.row) && column.detail(self.row).consent() == Some(Consent::Unknown);
        is_unclear.then_some((0, "")).into_iter().chain(column.values(self.row).enumerate())
    }

    /// What was found of its row.
    pub(super) fn found(&self) -> Found<'a> {
        let number = Some(self.batch.standard().number(self.row));
        let of_row = |findings: &'a [Finding]| {
            let start = findings.partition_point(|finding| finding.row < number);
            let end = start + findings[start..].partition_point(|finding| finding.row == number);
            &findings[start..end]
        };
        Found([of_row(self.batch.standard().findings()), of_row(self.batch.judgements())])
    }

    /// What was found of a cell, as a rank: usable, doubtful, not to be used.
    pub(super) fn quality(&self, found: &Found<'a>, column: &StandardColumn, catalog: &Catalog) -> i64 {
        if column.field == Field::Email || column.field.is_phone() {
            return match self.batch.verdict(self.row, column.column) {
                Verdict::Ok | Verdict::Repaired => 0,
                Verdict::Risky => 1,
                Verdict::Unknown | Verdict::Empty => 2,
                Verdict::Review => 3,
                Verdict::Invalid => INVALID,
            };
        }
        let of_cell = found.0.into_iter().flatten().filter(|finding| finding.column == Some(column.column));
        match of_cell.map(|finding| catalog.severity(finding.code)).max() {
            Some(Severity::Error) => INVALID,
            Some(Severity::Warning) => 3,
            _ => 0,
        }
    }

    /// What DNS said of a cell's domain, as a rank.
    pub(super) fn mail(&self, column: &StandardColumn) -> i64 {
        match self.batch.mx(self.row, column.column).map(crate::record::MxOutcome::meaning) {
            Some(MxMeaning::Reaches) => 0,
            Some(MxMeaning::Unknown) | None => 1,
            Some(MxMeaning::Never) => 2,
        }
    }
}

impl Cell<'_> {
    /// Whether it is the first value of its cell: the one that a cell's detail and verdict are of.
    fn is_first(&self) -> bool {
        self.place == 0
    }

    pub(super) fn detail(&self, members: &[Member<'_>]) -> Detail {
        self.column.detail(members[self.member].row)
    }

    /// Whether the line takes text messages, as a rank; known of a cell's first number alone.
    pub(super) fn texts(&self, members: &[Member<'_>], redaction: &Redaction) -> i64 {
        let Member { batch, row, .. } = members[self.member];
        let phone = PublicView::new(batch, redaction).phone(self.column, row);
        match phone.filter(|_| self.is_first()).map(|phone| phone.sms) {
            Some(Reach::Yes) => 0,
            Some(Reach::Unknown) | None => 1,
            Some(Reach::No) => 2,
        }
    }

    /// What it answers, where it is about being contacted.
    pub(super) fn answer(&self, members: &[Member<'_>]) -> Option<ConsentAnswer> {
        if !self.field.may_tell_standing() {
            return None;
        }
        let standing = self.detail(members).standing();
        Some(match standing.strictest() {
            _ if standing.holds() => ConsentAnswer::Refused,
            Some(Consent::Unknown) => ConsentAnswer::Unclear,
            _ => ConsentAnswer::Given,
        })
    }
}
