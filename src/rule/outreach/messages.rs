//! `rules/outreach/messages/LANGUAGE.toml`: what customers are asked, in words that may be sent.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::listed::must_have;
use crate::record::Channel;
use crate::rule::{RuleError, RuleFiles};
use crate::text::script::runs_right_to_left;
use crate::text::{LEFT_TO_RIGHT_MARK, RIGHT_TO_LEFT_MARK};

const OFFERS: &str = "outreach/offers.toml";

/// The first question or the reminder of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Purpose {
    First,
    Reminder,
}

/// What fills the slots of a text.
#[derive(Debug, Clone, Copy)]
pub struct Slots<'a> {
    /// Empty where nobody knows it.
    pub first_name: &'a str,
    /// Who asks.
    pub sender: &'a str,
    /// Whether a text message can be answered.
    pub can_reply: bool,
}

/// A text for customers whose first name is known, and for all others.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct TextPair {
    /// The first line of a mail.
    #[serde(default)]
    subject: Option<String>,
    text: String,
    text_without_name: String,
}

/// The messages in a language.
#[derive(Debug, Clone)]
pub struct Texts {
    /// ISO 639.
    pub language: String,
    file: File,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    stop_by_reply: String,
    stop_by_link: String,
    stop_word: String,
    sms: Asking,
    email: Asking,
    call: Calling,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Asking {
    first: TextPair,
    reminder: TextPair,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Calling {
    first: TextPair,
}

impl Texts {
    pub(super) fn load_all(files: &RuleFiles, languages: &[String]) -> Result<Vec<Self>, RuleError> {
        let offers: BTreeMap<String, Vec<String>> = files.parse(OFFERS)?;
        let mut all = Vec::with_capacity(languages.len());
        for language in languages {
            let path = format!("outreach/messages/{language}.toml");
            must_have(files, "outreach/policy.toml", &path)?;
            let texts = Texts { language: language.clone(), file: files.parse(&path)? };
            let Some(offers) = offers.get(language) else {
                let message =
                    format!("it has no words in `{language}`; write down what would make an offer of a message");
                return Err(RuleError::Meaning { path: OFFERS.to_owned(), message });
            };
            texts.check(offers).map_err(|message| RuleError::Meaning { path, message })?;
            all.push(texts);
        }
        Ok(all)
    }

    /// The word that ends messages, as customers are told.
    pub fn stop_word(&self) -> &str {
        &self.file.stop_word
    }

    /// The text to send, `{link}` still in it. A mail's first line is its subject.
    pub fn render(&self, channel: Channel, purpose: Purpose, slots: Slots<'_>) -> String {
        let pair = self.pair(channel, purpose);
        let text = if slots.first_name.is_empty() { &pair.text_without_name } else { &pair.text };
        let stop = match (channel, slots.can_reply) {
            (Channel::Sms, true) => Cow::Owned(self.file.stop_by_reply.replace("{word}", &self.file.stop_word)),
            _ => Cow::Borrowed(self.file.stop_by_link.as_str()),
        };
        let fill = |text: &str| fill(text.trim(), slots, &stop);
        let body = match &pair.subject {
            Some(subject) => format!("{}\n\n{}", fill(subject), fill(text)),
            None => fill(text),
        };
        self.with_direction(body)
    }

    /// Puts a mark in front where the first letter would turn the whole text round.
    fn with_direction(&self, body: String) -> String {
        match (runs_right_to_left(&self.file.stop_by_link), runs_right_to_left(&body)) {
            (Some(true), Some(false)) => format!("{RIGHT_TO_LEFT_MARK}{body}"),
            (Some(false), Some(true)) => format!("{LEFT_TO_RIGHT_MARK}{body}"),
            _ => body,
        }
    }

    const fn pair(&self, channel: Channel, purpose: Purpose) -> &TextPair {
        let asking = match channel {
            Channel::Sms => &self.file.sms,
            Channel::Email => &self.file.email,
            Channel::Call => return &self.file.call.first,
        };
        match purpose {
            Purpose::First => &asking.first,
            Purpose::Reminder => &asking.reminder,
        }
    }

    /// Whether these words may be sent; the error says what is wrong with which.
    fn check(&self, offers: &[String]) -> Result<(), String> {
        let file = &self.file;
        if !file.stop_by_reply.contains("{word}") || file.stop_word.is_empty() || file.stop_by_link.is_empty() {
            return Err("stop_by_reply needs the slot {word}, and stop_word and stop_by_link a text".to_owned());
        }
        let messages = [
            ("sms.first", &file.sms.first, true, false),
            ("sms.reminder", &file.sms.reminder, true, false),
            ("email.first", &file.email.first, true, true),
            ("email.reminder", &file.email.reminder, true, true),
            ("call.first", &file.call.first, false, false),
        ];
        for (name, pair, needs_link, needs_subject) in messages {
            if pair.subject.is_some() != needs_subject {
                return Err(format!("{name}: a mail needs a subject, and nothing else has one"));
            }
            let subject = pair.subject.as_deref().map(|subject| ("subject", subject, false, false));
            let texts = [
                ("text", pair.text.as_str(), needs_link, true),
                ("text_without_name", &pair.text_without_name, needs_link, false),
            ];
            for (key, text, needs_link, has_name) in texts.into_iter().chain(subject) {
                check_text(text, needs_link, has_name).map_err(|problem| format!("{name}.{key}: {problem}"))?;
                if let Some(offer) = offer_in(text, offers) {
                    return Err(format!("{name}.{key}: `{offer}` makes an offer of it (outreach/offers.toml)"));
                }
            }
        }
        Ok(())
    }
}

fn check_text(text: &str, needs_link: bool, has_name: bool) -> Result<(), String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let (slot, after) = after.split_once('}').ok_or("a `{` is never closed")?;
        if !["first_name", "sender", "link", "stop"].contains(&slot) {
            return Err(format!("there is no slot {{{slot}}}; use {{first_name}}, {{sender}}, {{link}}, {{stop}}"));
        }
        rest = after;
    }
    let count = |slot: &str| text.matches(slot).count();
    if count("{sender}") == 0 {
        return Err("the slot {sender} is missing: a customer must see who asks".to_owned());
    }
    for slot in ["{link}", "{stop}"] {
        if needs_link && count(slot) != 1 {
            return Err(format!("the slot {slot} must stand in it once"));
        }
    }
    if has_name != (count("{first_name}") > 0) {
        return Err("the slot {first_name} belongs into `text` and nowhere else".to_owned());
    }
    Ok(())
}

/// Fills the slots in one pass, so that a value that looks like a slot stays a value.
fn fill(text: &str, slots: Slots<'_>, stop: &str) -> String {
    let mut filled = String::with_capacity(text.len() + 48);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (slot, after) = after.split_once('}').expect("checked when it was read");
        match slot {
            "first_name" => filled.push_str(slots.first_name),
            "sender" => filled.push_str(slots.sender),
            "stop" => filled.push_str(stop),
            _ => filled.push_str("{link}"),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// The first word in it that makes an offer of a message.
fn offer_in<'a>(text: &str, offers: &'a [String]) -> Option<&'a str> {
    let text = without_marks(text);
    offers.iter().map(String::as_str).find(|offer| text.contains(&without_marks(offer)))
}

/// In small letters without accents and points. No fold of names: `%` and the space behind `win ` belong to an offer.
fn without_marks(text: &str) -> String {
    text.to_lowercase().nfd().filter(|letter| !is_combining_mark(*letter)).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{SmsCoding, SmsLength};
    use crate::rule::OutreachRules;

    fn shipped() -> Vec<Texts> {
        OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form").texts
    }

    fn slots(first_name: &str) -> Slots<'_> {
        Slots { first_name, sender: "Kalanit", can_reply: true }
    }

    fn refused(from: &str, to: &str) -> String {
        let path = "outreach/messages/en.toml";
        let text = RuleFiles::embedded().text(path).replacen(from, to, 1);
        let files = RuleFiles::embedded().with(path, text);
        OutreachRules::load(&files).expect_err("it may not be sent").to_string()
    }

    #[test]
    fn a_text_that_may_not_be_sent_is_refused_with_what_is_wrong() {
        assert!(refused(" {sender} here.", " we here.").contains("sms.first.text: the slot {sender} is missing"));
        assert!(refused("\\n{stop}", "").contains("{stop} must stand in it once"));
        assert!(refused("Confirm or update", "Get a discount").contains("`discount` makes an offer of it"));
        assert!(refused("{first_name}", "{name}").contains("no slot {name}"));
        assert!(refused("{first_name}", "there").contains("{first_name} belongs into"));
        assert!(refused("{word} to", "STOP to").contains("{word}"));
        assert!(refused("{link}", "{link").contains("slot"));
    }

    #[test]
    fn the_shipped_texts_fit_into_few_parts() {
        // 12 letters behind a base of 20, an ordinary name, a sender of 12.
        for texts in shipped() {
            for purpose in [Purpose::First, Purpose::Reminder] {
                let first_name = if texts.language == "en" { "Alexandra" } else { "Александра" };
                let filled = Slots { first_name, sender: "Kalanit Club", can_reply: true };
                let text = texts.render(Channel::Sms, purpose, filled).replace("{link}", &"x".repeat(32));
                let parts = SmsLength::of(&text).parts;
                assert!(parts <= 2, "{}: {text}: {parts} parts", texts.language);
            }
        }
        let english = shipped().into_iter().find(|texts| texts.language == "en").expect("shipped");
        let text = english.render(Channel::Sms, Purpose::First, slots("Dana")).replace("{link}", &"x".repeat(32));
        assert_eq!((SmsLength::of(&text).parts, SmsLength::of(&text).coding), (1, SmsCoding::Gsm7));
    }

    #[test]
    fn a_foreign_first_letter_does_not_turn_the_text_round() {
        let texts = shipped();
        let hebrew = texts.iter().find(|texts| texts.language == "he").expect("shipped");
        assert!(hebrew.render(Channel::Sms, Purpose::First, slots("Dana")).starts_with('\u{200f}'));
        assert!(hebrew.render(Channel::Sms, Purpose::First, slots("דנה")).starts_with("דנה"));
        let russian = texts.iter().find(|texts| texts.language == "ru").expect("shipped");
        assert!(russian.render(Channel::Sms, Purpose::First, slots("דנה")).starts_with('\u{200e}'));
    }

    #[test]
    fn every_text_message_fits_one_part_under_the_conditions_that_its_file_names() {
        let link = "x".repeat(22);
        // A sender of 10 letters and a first name of 8, in the script of the language.
        for (language, sender, first_name) in [
            ("he", "קלנית בעמק", "אלכסנדר"),
            ("en", "Kalanit Co", "Alexande"),
            ("ar", "شركة الزهر", "عبدالرحم"),
            ("ru", "Каланит Кл", "Александ"),
        ] {
            let texts = shipped().into_iter().find(|texts| texts.language == language).expect("shipped");
            for purpose in [Purpose::First, Purpose::Reminder] {
                for (can_reply, first_name) in [(true, first_name), (true, ""), (false, first_name), (false, "")] {
                    let body = texts.render(Channel::Sms, purpose, Slots { first_name, sender, can_reply });
                    let length = SmsLength::of(&body.replace("{link}", &link));
                    assert_eq!(length.parts, 1, "{language} {purpose:?} {} units: {body}", length.units);
                }
            }
        }
    }

    #[test]
    fn a_name_that_looks_like_a_slot_stays_a_name() {
        let english = shipped().into_iter().find(|texts| texts.language == "en").expect("shipped");
        let text = english.render(Channel::Sms, Purpose::First, slots("{stop}"));
        assert!(text.starts_with("Hi {stop}, Kalanit here."), "{text}");
    }

    #[test]
    fn the_way_out_is_by_link_where_nobody_reads_replies() {
        for texts in shipped() {
            let text = |can_reply| {
                texts.render(Channel::Sms, Purpose::First, Slots { first_name: "", sender: "Kalanit", can_reply })
            };
            assert!(text(true).contains(texts.stop_word()));
            assert!(text(false).ends_with(&texts.file.stop_by_link) && text(false).contains("{link}"));
        }
    }
}
