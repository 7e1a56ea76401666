//! What equal contacts share, and what class a contact is of, by the rules alone.

use crate::finding::Code;
use crate::record::{ContactClass, ContactKind, Detail, PhoneKind, Reach, mix, text_hash};
use crate::rule::{EducationDomains, EmailKeys, PhoneKeys, RuleError, RuleFiles};

/// Makes the keys of contacts, and tells their classes.
#[derive(Debug)]
pub(crate) struct ContactKeys {
    emails: EmailKeys,
    phones: PhoneKeys,
    education: EducationDomains,
    /// Calling code of the list's own region with a plus; empty where there is none.
    home: String,
}

/// What is known of a line beside its number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineFacts {
    pub(crate) kind: PhoneKind,
    pub(crate) sms: Reach,
    pub(crate) call: Reach,
}

impl LineFacts {
    /// By what standardizing learnt of a number.
    pub(crate) fn of(detail: Detail) -> Self {
        let unknown = LineFacts { kind: PhoneKind::Unknown, sms: Reach::Unknown, call: Reach::Unknown };
        detail.phone().map_or(unknown, |phone| LineFacts { kind: phone.kind, sms: phone.sms, call: phone.call })
    }
}

impl ContactKeys {
    /// By these rules; `home` is the calling code of the list's own region with a plus, or empty.
    pub(crate) fn new(files: &RuleFiles, home: String) -> Result<Self, RuleError> {
        Ok(ContactKeys {
            emails: EmailKeys::load(files)?,
            phones: PhoneKeys::load(files)?,
            education: EducationDomains::load(files)?,
            home,
        })
    }

    /// Appends what equal contacts share; nothing where there is nothing to compare.
    pub(crate) fn push_key(&self, kind: ContactKind, value: &str, key: &mut String) {
        match kind {
            ContactKind::Email => self.emails.push_address(value, key),
            ContactKind::Phone => key.push_str(&self.phones.key(value)),
        }
    }

    /// The hash by which contacts of a key are found.
    pub(crate) fn hash(kind: ContactKind, key: &str) -> u64 {
        let seed = match kind {
            ContactKind::Email => 0x6d61_696c,
            ContactKind::Phone => 0x7068_6f6e,
        };
        mix(text_hash(key) ^ seed)
    }

    /// The class of a number.
    pub(crate) fn phone_class(&self, line: LineFacts, value: &str) -> ContactClass {
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
    pub(crate) fn email_class(&self, code: Option<Code>, value: &str) -> ContactClass {
        match code {
            Some(Code::EmailFree | Code::EmailRelay) => ContactClass::FreeMail,
            Some(Code::EmailIsp) => ContactClass::Isp,
            Some(Code::EmailDisposable | Code::EmailDisposableWide) => ContactClass::Disposable,
            _ if self.education.has(value.rsplit('@').next().unwrap_or_default()) => ContactClass::Education,
            _ => ContactClass::Work,
        }
    }
}
