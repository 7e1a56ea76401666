//! Why a line can be reached by a channel, or can't.

use serde::{Deserialize, Serialize};

use super::{PhoneKind, PhoneValidity};

/// Declares every reason once, with its word.
macro_rules! reasons {
    ($($variant:ident = $word:literal,)+) => {
        /// Why a line can be reached by a channel, or can't. `rules/words` says each one in a sentence, `channel.WORD`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[expect(missing_docs, reason = "explained in rules/words")]
        pub enum ReachReason { $($variant,)+ }

        impl ReachReason {
            /// Every reason, in the order of this file.
            pub const ALL: &'static [ReachReason] = &[$(ReachReason::$variant,)+];

            /// The word in `sms_why` and `call_why`.
            pub const fn as_str(self) -> &'static str {
                match self { $(ReachReason::$variant => $word,)+ }
            }

            /// The key of its sentence.
            pub const fn key(self) -> &'static str {
                match self { $(ReachReason::$variant => concat!("channel.", $word),)+ }
            }
        }
    };
}

reasons! {
    MobileLine = "mobile_line",
    Landline = "landline",
    LandlineOrMobile = "landline_or_mobile",
    Voip = "voip",
    TollFree = "toll_free",
    Premium = "premium",
    SharedCost = "shared_cost",
    PersonalNumber = "personal_number",
    Pager = "pager",
    CompanyNumber = "company_number",
    Voicemail = "voicemail",
    ShortCode = "short_code",
    FaxToMail = "fax_to_mail",
    KosherPrefix = "kosher_prefix",
    UnknownRange = "unknown_range",
    NoNumber = "no_number",
}

impl ReachReason {
    /// What the kind of line alone comes to.
    pub const fn of(kind: PhoneKind, validity: PhoneValidity) -> Self {
        match kind {
            PhoneKind::Mobile => ReachReason::MobileLine,
            PhoneKind::Fixed => ReachReason::Landline,
            PhoneKind::FixedOrMobile => ReachReason::LandlineOrMobile,
            PhoneKind::Voip => ReachReason::Voip,
            PhoneKind::TollFree => ReachReason::TollFree,
            PhoneKind::Premium => ReachReason::Premium,
            PhoneKind::SharedCost => ReachReason::SharedCost,
            PhoneKind::Personal => ReachReason::PersonalNumber,
            PhoneKind::Pager => ReachReason::Pager,
            PhoneKind::Uan => ReachReason::CompanyNumber,
            PhoneKind::Voicemail => ReachReason::Voicemail,
            PhoneKind::ShortCode => ReachReason::ShortCode,
            PhoneKind::Unknown => match validity {
                PhoneValidity::UnknownRange | PhoneValidity::Valid => ReachReason::UnknownRange,
                _ => ReachReason::NoNumber,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rule_files_name_reasons_by_the_words_that_are_printed() {
        for &reason in ReachReason::ALL {
            assert_eq!(serde_json::to_value(reason).expect("a word"), reason.as_str());
            assert_eq!(reason.key(), format!("channel.{}", reason.as_str()));
        }
    }
}
