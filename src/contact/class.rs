//! Which class a contact is of: the groups that people lose at different rates.

use crate::finding::Code;
use crate::record::{ContactClass, Detail, PhoneKind, Reach};
use crate::rule::{EducationDomains, RuleError, RuleFiles};

/// Tells the classes of contacts.
#[derive(Debug)]
pub struct ContactClasses {
    education: EducationDomains,
    /// Calling code of the list's own region with a plus; empty where there is none.
    home: String,
}

/// What is known of a line beside its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineFacts {
    /// Its kind.
    pub kind: PhoneKind,
    /// Whether it takes text messages.
    pub sms: Reach,
    /// Whether it takes calls.
    pub call: Reach,
}

impl LineFacts {
    /// By what standardizing learnt of a number.
    pub fn of(detail: Detail) -> Self {
        let unknown = LineFacts { kind: PhoneKind::Unknown, sms: Reach::Unknown, call: Reach::Unknown };
        detail.phone().map_or(unknown, |phone| LineFacts { kind: phone.kind, sms: phone.sms, call: phone.call })
    }
}

impl ContactClasses {
    /// Loads the rules; `home` is the calling code of the list's own region with a plus, or empty.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn load(files: &RuleFiles, home: String) -> Result<Self, RuleError> {
        Ok(ContactClasses { education: EducationDomains::load(files)?, home })
    }

    /// The class of a number.
    pub fn of_number(&self, line: LineFacts, value: &str) -> ContactClass {
        if !self.home.is_empty() && !value.starts_with(&self.home) {
            return ContactClass::Foreign;
        }
        match line.kind {
            PhoneKind::Mobile | PhoneKind::FixedOrMobile | PhoneKind::Personal | PhoneKind::Unknown => {
                ContactClass::Mobile
            }
            _ => ContactClass::Landline,
        }
    }

    /// The class of an address by what was found of it.
    pub fn of_address(&self, code: Option<Code>, value: &str) -> ContactClass {
        match code {
            Some(Code::EmailFree | Code::EmailRelay) => ContactClass::FreeMail,
            Some(Code::EmailIsp) => ContactClass::Isp,
            Some(Code::EmailDisposable | Code::EmailDisposableWide) => ContactClass::Disposable,
            _ if self.education.has(value.rsplit('@').next().unwrap_or_default()) => ContactClass::Education,
            _ => ContactClass::Work,
        }
    }
}
