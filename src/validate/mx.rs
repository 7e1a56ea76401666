//! Judges e-mail cells once more when DNS has spoken of their domains.

use std::collections::{BTreeMap, HashMap};

use super::{EmailValidator, StandardCell, Validator};
use crate::finding::{Code, Confidence, Finding, Mark};
use crate::record::{
    CheckedBatch, ColumnIndex, Field, MailJudgement, MxMeaning, MxOutcome, MxStatus, RowNumber, StandardColumn, Verdict,
};
use crate::rule::{DnsRules, MxPolicy, RuleError, RuleFiles};

/// The domain of a row's first address; none where the cell holds none that can be written to.
pub fn mail_domain<'a>(checked: &CheckedBatch, column: &'a StandardColumn, row: usize) -> Option<&'a str> {
    let is_broken = column.detail(row).email().is_none_or(|detail| detail.broken.is_some());
    if is_broken || checked.verdict(row, column.column) == Verdict::Empty {
        return None;
    }
    let (_, domain) = column.first(row).rsplit_once('@')?;
    (!domain.is_empty() && !domain.starts_with('[')).then_some(domain)
}

/// Judges cells by what DNS said of their domains.
#[derive(Debug)]
pub struct MxValidator {
    email: EmailValidator,
    policy: MxPolicy,
    statuses: HashMap<String, DomainStatus>,
}

/// What DNS said of one domain, and what follows.
#[derive(Debug, Clone, Copy)]
struct DomainStatus {
    outcome: MxOutcome,
    code: Code,
    verdict: Option<Verdict>,
    is_reported: bool,
    /// Mail has a way, and not to a place where domains are parked.
    takes_mail: bool,
}

/// A doubt that was taken back: the domain does take mail.
pub type Withdrawn = (ColumnIndex, RowNumber, Code);

impl MxValidator {
    /// For these domains.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(files: &RuleFiles, statuses: &BTreeMap<String, MxStatus>) -> Result<Self, RuleError> {
        let policy = MxPolicy::load(files)?;
        let parking = DnsRules::load(files)?.parking;
        let is_parked = |status: &MxStatus| {
            let hosts = status.answer.as_ref().map_or(&[][..], |answer| &answer.hosts);
            !hosts.is_empty() && hosts.iter().all(|host| parking.parked(&host.name).is_some())
        };
        let statuses = statuses.iter().map(|(domain, status)| {
            let outcome = status.outcome;
            let takes_mail = outcome.meaning() == MxMeaning::Reaches && !is_parked(status);
            let status = DomainStatus {
                outcome,
                code: status.code(),
                verdict: policy.verdict(status),
                is_reported: policy.is_reported(status),
                takes_mail,
            };
            (domain.clone(), status)
        });
        let statuses = statuses.collect();
        Ok(MxValidator { email: EmailValidator::new(files)?, policy, statuses })
    }

    /// Judges a batch; returns the doubts that were taken back.
    pub fn judge(&self, checked: &mut CheckedBatch) -> Vec<Withdrawn> {
        let mut withdrawn = Vec::new();
        for column in e_mails(checked) {
            let mut judgement = self.judge_column(checked, column);
            withdrawn.extend(judgement.withdrawn.iter().map(|(row, code)| (column, *row, *code)));
            judgement.withdrawn.sort_unstable();
            checked.add_mx(column, judgement);
        }
        withdrawn
    }

    fn judge_column(&self, checked: &CheckedBatch, index: ColumnIndex) -> MailJudgement {
        let batch = checked.standard();
        let mut judgement = MailJudgement { verdicts: checked.verdicts(index).to_vec(), ..MailJudgement::default() };
        let Some(column) = batch.columns_of(Field::Email).find(|column| column.column == index) else {
            return judgement;
        };
        judgement.outcomes.reserve_exact(batch.len());
        for row in 0..batch.len() {
            let status = mail_domain(checked, column, row).and_then(|domain| self.statuses.get(domain));
            judgement.outcomes.push(status.map(|status| status.outcome));
            let Some(status) = status else { continue };
            // Of several addresses it is not known which one a suggestion doubts.
            let is_alone = || column.count(row) <= 1;
            if status.takes_mail && judgement.verdicts[row] == Verdict::Review && is_alone() {
                self.withdraw_doubts(checked, column, row, &mut judgement);
            }
            if status.is_reported {
                judgement.findings.push(Finding {
                    row: Some(batch.number(row)),
                    column: Some(index),
                    code: status.code,
                    confidence: Confidence::CERTAIN,
                });
            }
            // The worse word counts; the order of verdicts is from good to bad.
            if let Some(verdict) = status.verdict {
                judgement.verdicts[row] = judgement.verdicts[row].max(verdict);
            }
        }
        judgement
    }

    /// A domain that takes mail is not a slip of the pen.
    fn withdraw_doubts(
        &self,
        checked: &CheckedBatch,
        column: &StandardColumn,
        row: usize,
        judgement: &mut MailJudgement,
    ) {
        let number = checked.standard().number(row);
        let said = checked.standard().findings();
        let first = said.partition_point(|finding| finding.row < Some(number));
        let of_cell = said[first..].iter().take_while(|finding| finding.row == Some(number));
        let mut marks: Vec<Mark> = of_cell
            .filter(|finding| finding.column == Some(column.column))
            .map(|finding| Mark { code: finding.code, confidence: finding.confidence })
            .collect();
        let doubts: Vec<Code> = marks.iter().map(|mark| mark.code).filter(|code| self.policy.is_doubt(*code)).collect();
        if doubts.is_empty() {
            return;
        }
        marks.retain(|mark| !doubts.contains(&mark.code));
        judgement.withdrawn.extend(doubts.into_iter().map(|code| (number, code)));
        let cell = StandardCell { display: column.first(row), detail: column.detail(row), marks: &marks };
        judgement.verdicts[row] = self.email.validate(cell, &mut Vec::new());
    }
}

/// The columns of e-mails, each once.
fn e_mails(checked: &CheckedBatch) -> Vec<ColumnIndex> {
    let mut columns: Vec<ColumnIndex> =
        checked.standard().columns_of(Field::Email).map(|column| column.column).collect();
    columns.dedup();
    columns
}
