//! Judges phone cells: what the number engine and the reading found, turned into reasons and a verdict.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

use super::{StandardCell, Validator, mark};
use crate::finding::{Code, Mark};
use crate::record::{PhoneDetail, PhoneKind, PhoneValidity, Verdict};
use crate::rule::{Context, PhonePolicy, RuleError, VerdictCodes};

/// Judges phone cells.
#[derive(Debug)]
pub struct PhoneValidator {
    verdicts: VerdictCodes,
    /// `+` and the calling code of the list's own region; empty where it has none.
    home: String,
}

impl PhoneValidator {
    /// Loads its rules.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(context: &Context) -> Result<Self, RuleError> {
        let policy: PhonePolicy = context.files.parse("phone/policy.toml")?;
        let region = context.region.to_ascii_uppercase();
        let is_iso = region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_uppercase());
        let code = if is_iso { Region::from_code(&region).ok() } else { None }
            .and_then(|region| PHONE_NUMBER_UTIL.get_country_code_for_region(region));
        Ok(PhoneValidator { verdicts: policy.verdict, home: code.map_or(String::new(), |code| format!("+{code}")) })
    }

    /// The worst that the codes come to.
    fn worst(&self, cell: StandardCell<'_>, said: &[Mark]) -> Verdict {
        let any = |codes: &[Code]| cell.marks.iter().chain(said).any(|mark| codes.contains(&mark.code));
        if any(&self.verdicts.invalid) {
            Verdict::Invalid
        } else if any(&self.verdicts.review) || is_partly_read(cell) {
            Verdict::Review
        } else if any(&self.verdicts.risky) {
            Verdict::Risky
        } else if cell.was_repaired() {
            Verdict::Repaired
        } else {
            Verdict::Ok
        }
    }
}

impl Validator for PhoneValidator {
    fn validate(&self, cell: StandardCell<'_>, marks: &mut Vec<Mark>) -> Verdict {
        let Some(detail) = cell.detail.phone() else { return Verdict::Empty };
        // Nothing to say of the ordinary number.
        let is_foreign = !self.home.is_empty() && !cell.display.is_empty() && !cell.display.starts_with(&self.home);
        if detail.validity == PhoneValidity::Valid
            && cell.marks.is_empty()
            && !is_foreign
            && matches!(detail.kind, PhoneKind::Mobile | PhoneKind::Fixed | PhoneKind::FixedOrMobile)
        {
            return Verdict::Ok;
        }
        judge_validity(cell, detail, marks);
        judge_kind(cell, detail.kind, marks);
        if is_foreign {
            mark(marks, Code::PhoneForeign);
        }
        match self.worst(cell, marks) {
            // Whatever was found of it: a cell that gives no number is not good.
            Verdict::Ok | Verdict::Repaired | Verdict::Risky if cell.display.is_empty() => Verdict::Review,
            verdict => verdict,
        }
    }
}

fn judge_validity(cell: StandardCell<'_>, detail: PhoneDetail, marks: &mut Vec<Mark>) {
    let code = match detail.validity {
        PhoneValidity::Valid => return,
        // What the reading noted says it better.
        PhoneValidity::Unreadable if cell.marks.iter().any(|mark| !AROUND.contains(&mark.code)) => return,
        _ if cell.has(Code::PhoneOldMobile2004) => return,
        PhoneValidity::Unreadable => Code::PhoneNotANumber,
        PhoneValidity::TooShort => Code::PhoneTooShort,
        PhoneValidity::TooLong => Code::PhoneTooLong,
        PhoneValidity::BadLength => Code::PhoneBadLength,
        PhoneValidity::UnknownRange => Code::PhoneRangeUnallocated,
    };
    mark(marks, code);
}

fn judge_kind(cell: StandardCell<'_>, kind: PhoneKind, marks: &mut Vec<Mark>) {
    let code = match kind {
        PhoneKind::Voip => return mark(marks, Code::PhoneVoip),
        PhoneKind::Premium => Some(Code::PhonePremium),
        PhoneKind::TollFree | PhoneKind::SharedCost | PhoneKind::Uan => Some(Code::PhoneService),
        PhoneKind::ShortCode | PhoneKind::Pager | PhoneKind::Voicemail => None,
        _ if cell.has(Code::PhoneFaxToMail) => None,
        _ => return,
    };
    if let Some(code) = code.filter(|code| !cell.has(*code)) {
        mark(marks, code);
    }
    mark(marks, Code::PhoneNotPersonal);
}

/// Several numbers of which not all could be read, so that they were not taken apart.
fn is_partly_read(cell: StandardCell<'_>) -> bool {
    cell.has(Code::PhoneMultiple) && !cell.has(Code::PhoneRepairSplit)
}

/// Codes about what stands around a number; they do not say why there is none.
const AROUND: [Code; 2] = [Code::PhoneTextAround, Code::PhoneMultiple];
