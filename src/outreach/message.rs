//! The words for one customer. They are made from a permission, so nobody is written to without one.

use super::greeting::is_greetable;
use crate::advice::Permission;
use crate::record::{Channel, CustomerProfile, SmsLength};
use crate::rule::{Etiquette, OutreachRules, Purpose, Slots};

/// A message, `{link}` still in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    language: String,
    first_name: String,
    body: String,
    parts: u32,
}

impl Message {
    /// The name that it greets by; empty where it greets without.
    pub fn first_name(&self) -> &str {
        &self.first_name
    }

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
    /// The message; none where no text fits. The first name is left out where it makes the text one part longer or too long, and
    /// where it is none to greet by.
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
        let greeting = profile.greeting.trim();
        let greeting = if is_greetable(greeting, &self.rules.policy.greeting) { greeting } else { "" };
        let written = [greeting, ""].map(|first_name| {
            let slots = Slots { first_name, sender: self.sender, can_reply: self.can_reply };
            let body = texts.render(channel, purpose, slots);
            let parts =
                if channel == Channel::Sms { SmsLength::of(&body.replace("{link}", &self.link)).parts } else { 1 };
            Message { language: texts.language.clone(), first_name: first_name.to_owned(), body, parts }
        });
        // The first of the shortest ones: a greeting is worth no part more.
        written
            .into_iter()
            .min_by_key(Message::parts)
            .filter(|message| message.parts <= most || channel != Channel::Sms)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture;
    use super::*;
    use crate::advice::{Adviser, Consents, NotHeld, Subject};

    fn write(writer: &Writer<'_>, greeting: &str) -> Option<Message> {
        let profile = CustomerProfile { greeting: greeting.to_owned(), ..fixture::profile(1) };
        let (rules, consents) = (writer.rules, Consents::default());
        let day = jiff::civil::date(2026, 11, 21);
        let adviser = Adviser { rules, policy: &rules.policy, region: "IL", day, consents: &consents };
        let permission =
            adviser.case(Subject::from(&profile), &NotHeld).contact(0, Channel::Sms).expect("open").permission;
        let (etiquette, _) = rules.country("IL").expect("shipped");
        writer.write(permission, &profile, etiquette, Purpose::First)
    }

    #[test]
    fn a_name_that_makes_the_text_too_long_is_left_out() {
        let rules = fixture::rules();
        let writer = fixture::writer(&rules);
        let writer = Writer { link: "x".repeat(22), sender: "קלנית בעמק", ..writer };
        let short = write(&writer, "אברהמל׳ה").expect("fits");
        assert!(short.body().starts_with("אברהמל׳ה") && short.parts() == 1, "{short:?}");
        let long = write(&writer, "אלכסנדרה").expect("fits");
        assert_eq!((long.first_name(), long.parts()), ("אלכסנדרה", 1));
        let longer = write(&writer, "אלכסנדרינה").expect("fits without the name");
        assert_eq!((longer.first_name(), longer.parts()), ("", 1), "{longer:?}");
        let strict = Writer { most_parts: Some(1), link: "x".repeat(60), ..writer };
        assert_eq!(write(&strict, "דנה"), None);
    }

    #[test]
    fn nobody_is_greeted_by_what_is_no_name() {
        let rules = fixture::rules();
        let writer = fixture::writer(&rules);
        for name in ["", "Www.Evil.Example", "054-1234567", "דנה\nכהן", &"א".repeat(60)] {
            let message = write(&writer, name).expect("fits without the name");
            assert!(message.body().starts_with("כאן") && message.first_name().is_empty(), "{message:?}");
        }
    }
}
