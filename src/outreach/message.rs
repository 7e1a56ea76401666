//! The words for one customer. They are made from a permission, so nobody is written to without one.

use super::consent::Permission;
use crate::record::{Channel, CustomerProfile, SmsLength};
use crate::rule::{Etiquette, OutreachRules, Purpose, Slots};

/// A message, `{link}` still in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    language: String,
    body: String,
    parts: u32,
}

impl Message {
    /// ISO 639.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// With `{link}` where the link belongs.
    pub fn body(&self) -> &str {
        &self.body
    }

    /// Parts of a text message, its link counted at full length; 1 for anything else.
    pub const fn parts(&self) -> u32 {
        self.parts
    }
}

/// Who asks, and how long the question may be.
#[derive(Debug, Clone)]
pub struct Writer<'a> {
    /// The words.
    pub rules: &'a OutreachRules,
    /// Who asks.
    pub sender: &'a str,
    /// A link of the length that links will have.
    pub link: String,
    /// Whether text messages can be answered.
    pub can_reply: bool,
    /// Parts allowed, where the owner said so.
    pub most_parts: Option<u32>,
}

impl Writer<'_> {
    /// The message; none where no text fits. The first name is left out where it makes the text too long.
    pub fn write(
        &self,
        permission: Permission,
        profile: &CustomerProfile,
        etiquette: &Etiquette,
        purpose: Purpose,
    ) -> Option<Message> {
        let channel = permission.channel();
        let texts = self.rules.texts_in(&profile.language).or_else(|| self.rules.texts_in(&etiquette.language))?;
        let most = self.most_parts.unwrap_or(etiquette.most_parts);
        let first_name = profile.first_name.trim();
        for first_name in [first_name, ""] {
            let slots = Slots { first_name, sender: self.sender, can_reply: self.can_reply };
            let body = texts.render(channel, purpose, slots);
            let parts =
                if channel == Channel::Sms { SmsLength::of(&body.replace("{link}", &self.link)).parts } else { 1 };
            if parts <= most || channel != Channel::Sms {
                return Some(Message { language: texts.language.clone(), body, parts });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::consent::Consents;
    use super::super::fixture;
    use super::*;
    use crate::rule::Basis;

    #[test]
    fn a_name_that_makes_the_text_too_long_is_left_out() {
        let rules = fixture::rules();
        let (etiquette, _) = rules.country("IL").expect("shipped");
        let writer = fixture::writer(&rules);
        let write = |first_name: &str| {
            let profile = CustomerProfile { first_name: first_name.to_owned(), ..fixture::profile(1) };
            let permission =
                Consents::default().permit(&profile, Channel::Sms, Basis::NotRefused).expect("not refused");
            writer.write(permission, &profile, etiquette, Purpose::First)
        };
        let short = write("דנה").expect("fits");
        assert!(short.body().starts_with("דנה") && short.parts() == 2, "{short:?}");
        let long = write(&"א".repeat(60)).expect("fits without the name");
        assert!(long.body().starts_with("שלום") && long.parts() == 2, "{long:?}");
        let strict = Writer { most_parts: Some(1), ..writer.clone() };
        let permission = Consents::default().permit(&fixture::profile(1), Channel::Sms, Basis::NotRefused).expect("so");
        assert_eq!(strict.write(permission, &fixture::profile(1), etiquette, Purpose::First), None);
    }
}
