//! Addresses and numbers as keys, with what is known of each beside its value.

use super::super::{RunError, Setup};
use crate::finding::Code;
use crate::record::{
    CellOut, ContactClass, ContactKind, Detail, EmailDetail, PhoneKind, Reach, StandardColumn, mix, text_hash, values,
};
use crate::rule::{Context, EducationDomains, EmailKeys};
use crate::standardize::numbering::RegionId;
use crate::standardize::{CellContext, EmailStandardizer, PhoneStandardizer, Standardizer};

/// Reads contacts into keys.
pub(super) struct ContactReader {
    emails: EmailKeys,
    email: EmailStandardizer,
    phone: PhoneStandardizer,
    education: EducationDomains,
    /// Calling codes of the list's own region with a plus.
    home: String,
}

/// What is known of a contact beside its value.
#[derive(Debug, Clone, Copy)]
pub(super) struct LineFacts {
    pub(super) kind: PhoneKind,
    pub(super) sms: Reach,
    pub(super) call: Reach,
}

impl ContactReader {
    pub(super) fn new(context: &Context) -> Result<Self, RunError> {
        Ok(ContactReader {
            emails: EmailKeys::load(&context.files)?,
            email: EmailStandardizer::new(&context.files)?,
            phone: PhoneStandardizer::new(context)?,
            education: EducationDomains::load(&context.files)?,
            home: RegionId::of(&context.region)
                .map_or_else(String::new, |region| format!("+{}", region.calling_code())),
        })
    }

    /// Appends what equal contacts share; nothing where there is nothing to compare.
    pub(super) fn push_key(&self, kind: ContactKind, value: &str, setup: &Setup, key: &mut String) {
        match kind {
            ContactKind::Email => self.emails.push_address(value, key),
            ContactKind::Phone => key.push_str(&setup.phone_keys.key(value)),
        }
    }

    /// The hash by which contacts of a key are found.
    pub(super) fn hash(kind: ContactKind, key: &str) -> u64 {
        let seed = match kind {
            ContactKind::Email => 0x6d61_696c,
            ContactKind::Phone => 0x7068_6f6e,
        };
        mix(text_hash(key) ^ seed)
    }

    /// The hash of an address or number however it is written; none where it is neither.
    pub(super) fn hash_of_text(&self, text: &str, setup: &Setup) -> Option<(ContactKind, u64)> {
        let kind = if text.contains('@') { ContactKind::Email } else { ContactKind::Phone };
        let mut out = CellOut::default();
        match kind {
            ContactKind::Email => self.email.standardize(text, CellContext::default(), &mut out),
            ContactKind::Phone => self.phone.standardize(text, CellContext::default(), &mut out),
        }
        let value = values(&out.display).next()?;
        let mut key = String::new();
        self.push_key(kind, value, setup, &mut key);
        (!key.is_empty()).then(|| (kind, ContactReader::hash(kind, &key)))
    }

    /// What is known of one value of a phone cell; of the first one the batch knows it.
    pub(super) fn line(&self, column: &StandardColumn, row: usize, place: usize, value: &str) -> LineFacts {
        let unknown = LineFacts { kind: PhoneKind::Unknown, sms: Reach::Unknown, call: Reach::Unknown };
        let detail = if place == 0 { column.detail(row) } else { self.read_phone(value) };
        detail.phone().map_or(unknown, |phone| LineFacts { kind: phone.kind, sms: phone.sms, call: phone.call })
    }

    /// What is known of one address.
    pub(super) fn read_email(&self, value: &str) -> Option<EmailDetail> {
        let mut out = CellOut::default();
        self.email.standardize(value, CellContext::default(), &mut out);
        out.detail.email()
    }

    fn read_phone(&self, value: &str) -> Detail {
        let mut out = CellOut::default();
        self.phone.standardize(value, CellContext::default(), &mut out);
        out.detail
    }

    /// The class of a number.
    pub(super) fn phone_class(&self, line: LineFacts, value: &str) -> ContactClass {
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
    pub(super) fn email_class(&self, code: Option<Code>, value: &str) -> ContactClass {
        match code {
            Some(Code::EmailFree | Code::EmailRelay) => ContactClass::FreeMail,
            Some(Code::EmailIsp) => ContactClass::Isp,
            Some(Code::EmailDisposable | Code::EmailDisposableWide) => ContactClass::Disposable,
            _ if self.education.has(value.rsplit('@').next().unwrap_or_default()) => ContactClass::Education,
            _ => ContactClass::Work,
        }
    }
}
