//! `rules/events.toml`: what event files call things, and what each event says of an address or a number.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Lookup, RuleError, RuleFiles, plain_word};
use crate::record::{Channel, EventChannel, EventKind, Signal};
use crate::text::FoldedHeader;

const FILE: &str = "events.toml";

/// A column of an event file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventColumn {
    /// Whose event it is: the list's own key of a row.
    Record,
    /// When.
    At,
    /// By what channel.
    Channel,
    /// What happened.
    Event,
    /// The address or number concerned, or what a purchase came to.
    Value,
    /// The provider's own code.
    Code,
}

impl EventColumn {
    /// All of them, in the order in which a file has them.
    pub const ALL: [EventColumn; 6] = [
        EventColumn::Record,
        EventColumn::At,
        EventColumn::Channel,
        EventColumn::Event,
        EventColumn::Value,
        EventColumn::Code,
    ];

    /// The header that tiuv writes.
    pub const fn as_str(self) -> &'static str {
        match self {
            EventColumn::Record => "record",
            EventColumn::At => "at",
            EventColumn::Channel => "channel",
            EventColumn::Event => "event",
            EventColumn::Value => "value",
            EventColumn::Code => "code",
        }
    }

    /// Whether a file needs it. Whose an event is says its record or its value, the address or number.
    pub const fn is_needed(self) -> bool {
        matches!(self, EventColumn::At | EventColumn::Channel | EventColumn::Event)
    }
}

/// What an event says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventMeaning {
    /// Where it happened.
    pub channel: EventChannel,
    /// What happened.
    pub event: EventKind,
    /// What it says of an address.
    pub email: Option<Signal>,
    /// What it says of a number.
    pub phone: Option<Signal>,
    /// What it says of an address that it names.
    pub named_email: Option<Signal>,
    /// What it says of a number that it names.
    pub named_phone: Option<Signal>,
    /// Channels by which the customer wants no message from then on.
    #[serde(default)]
    pub refuses: Vec<Channel>,
    /// The customer was asked whether the details are right.
    #[serde(default)]
    pub asks: bool,
}

/// What a provider's code makes of an event.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeMeaning {
    /// The event.
    pub event: EventKind,
    /// How codes begin.
    pub begins: Vec<String>,
    /// What the event is then.
    pub means: CodeWord,
}

/// What an event is by its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeWord {
    /// It says nothing of the contact.
    Nothing,
    /// Only for now.
    SoftBounce,
    /// For good.
    HardBounce,
    /// A text message that did not arrive.
    Undelivered,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventFile {
    columns: BTreeMap<EventColumn, Vec<String>>,
    channels: BTreeMap<EventChannel, Vec<String>>,
    events: BTreeMap<EventKind, Vec<String>>,
    codes: Vec<CodeMeaning>,
    signal: Vec<EventMeaning>,
}

/// The words and meanings of events.
#[derive(Debug, Clone)]
pub struct EventRules {
    columns: Vec<(Vec<String>, EventColumn)>,
    channels: Lookup<EventChannel>,
    kinds: Lookup<EventKind>,
    codes: Vec<CodeMeaning>,
    meanings: Vec<EventMeaning>,
    /// Place in `meanings` by channel and kind; none where such an event says nothing.
    places: Vec<Option<u8>>,
}

impl EventRules {
    /// Reads the rules.
    ///
    /// # Errors
    /// When the file is not of its form, or says two things of one word.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let file: EventFile = files.parse(FILE)?;
        let wrong = |message: String| RuleError::Meaning { path: FILE.to_owned(), message };
        let mut columns: Vec<(Vec<String>, EventColumn)> = Vec::new();
        for column in EventColumn::ALL {
            let own = file.columns.get(&column).map_or(&[][..], Vec::as_slice);
            for header in own.iter().map(String::as_str).chain([column.as_str()]) {
                let folded = FoldedHeader::new(header).all_words().to_vec();
                match columns.iter().find(|(known, _)| *known == folded) {
                    Some((_, other)) if *other != column => {
                        return Err(wrong(format!("the header `{header}` stands in two columns")));
                    }
                    Some(_) => {}
                    None => columns.push((folded, column)),
                }
            }
        }
        let own = EventChannel::ALL.iter().map(|channel| (*channel, channel.as_str()));
        let channels = words(own, &file.channels).map_err(wrong)?;
        let own = EventKind::ALL.iter().map(|kind| (*kind, kind.as_str()));
        let kinds = words(own, &file.events).map_err(wrong)?;
        let mut places = vec![None; EventChannel::ALL.len() * EventKind::ALL.len()];
        for (index, meaning) in file.signal.iter().enumerate() {
            let place = &mut places[place(meaning.channel, meaning.event)];
            if place.is_some() {
                return Err(wrong(format!("`{} {}` has two meanings", meaning.channel, meaning.event)));
            }
            *place = Some(u8::try_from(index).map_err(|_| wrong("more than 256 meanings".to_owned()))?);
        }
        Ok(EventRules { columns, channels, kinds, codes: file.codes, meanings: file.signal, places })
    }

    /// The column that a header names.
    pub fn column(&self, header: &str) -> Option<EventColumn> {
        let folded = FoldedHeader::new(header);
        self.columns.iter().find(|(words, _)| words == folded.all_words()).map(|(_, column)| *column)
    }

    /// The channel that a word names.
    pub fn channel(&self, word: &str) -> Option<EventChannel> {
        self.channels.find(word).or_else(|| self.channels.find(&plain_word(word)))
    }

    /// What a word says happened.
    pub fn kind(&self, word: &str) -> Option<EventKind> {
        self.kinds.find(word).or_else(|| self.kinds.find(&plain_word(word)))
    }

    /// What an event says, as a place among [`EventRules::meanings`]; none where it says nothing.
    pub fn meaning(&self, channel: EventChannel, kind: EventKind, code: &str) -> Option<u8> {
        let kind = if code.is_empty() { kind } else { self.by_code(kind, code)? };
        self.places[place(channel, kind)]
    }

    /// All meanings.
    pub fn meanings(&self) -> &[EventMeaning] {
        &self.meanings
    }

    fn by_code(&self, kind: EventKind, code: &str) -> Option<EventKind> {
        let is_of = |rule: &&CodeMeaning| {
            rule.event == kind && rule.begins.iter().any(|start| code.starts_with(start.as_str()))
        };
        match self.codes.iter().find(is_of).map(|rule| rule.means) {
            None => Some(kind),
            Some(CodeWord::Nothing) => None,
            Some(CodeWord::SoftBounce) => Some(EventKind::SoftBounce),
            Some(CodeWord::HardBounce) => Some(EventKind::HardBounce),
            Some(CodeWord::Undelivered) => Some(EventKind::Undelivered),
        }
    }
}

fn place(channel: EventChannel, kind: EventKind) -> usize {
    channel as usize * EventKind::ALL.len() + kind as usize
}

fn words<'a, T: Copy + Ord>(
    own: impl Iterator<Item = (T, &'a str)>,
    others: &BTreeMap<T, Vec<String>>,
) -> Result<Lookup<T>, String> {
    let mut lookup = Lookup::default();
    for (meaning, word) in own {
        lookup.entry(word, meaning);
        lookup.entry(&plain_word(word), meaning);
    }
    for (meaning, list) in others {
        for word in list {
            if *lookup.entry(&plain_word(word), *meaning) != *meaning {
                return Err(format!("`{word}` stands in two lists"));
            }
        }
    }
    Ok(lookup)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> EventRules {
        EventRules::load(&RuleFiles::embedded()).expect("the shipped rules load")
    }

    #[test]
    fn headers_and_words_are_known_in_four_languages() {
        let rules = rules();
        for (header, column) in [
            ("record", EventColumn::Record),
            ("מספר לקוח", EventColumn::Record),
            ("Event Time", EventColumn::At),
            ("ערוץ", EventColumn::Channel),
            ("событие", EventColumn::Event),
            ("النتيجة", EventColumn::Event),
            ("error_code", EventColumn::Code),
        ] {
            assert_eq!(rules.column(header), Some(column), "{header}");
        }
        assert_eq!(rules.channel("E-Mail"), Some(EventChannel::Email));
        assert_eq!(rules.channel("מסרון"), Some(EventChannel::Sms));
        assert_eq!(rules.kind("Hard_Bounce"), Some(EventKind::HardBounce));
        assert_eq!(rules.kind("Opted-Out"), Some(EventKind::OptOut));
        assert_eq!(rules.kind("לא ענה"), Some(EventKind::NoAnswer));
        assert_eq!(rules.kind("telepathy"), None);
    }

    #[test]
    fn a_provider_code_can_make_an_event_say_less() {
        let rules = rules();
        let signal = |channel, kind, code: &str| {
            let meaning = rules.meaning(channel, kind, code).map(|place| &rules.meanings()[usize::from(place)])?;
            meaning.email.or(meaning.phone)
        };
        let bounce = |code| signal(EventChannel::Email, EventKind::HardBounce, code);
        assert_eq!(bounce(""), Some(Signal::HardBounce));
        assert_eq!(bounce("5.1.1"), Some(Signal::HardBounce));
        assert_eq!(bounce("5.2.2"), Some(Signal::SoftBounce));
        assert_eq!(bounce("5.7.1"), None);
        let undelivered = |code| signal(EventChannel::Sms, EventKind::Undelivered, code);
        assert_eq!(undelivered("30005"), Some(Signal::SmsUndelivered));
        assert_eq!(undelivered("30007"), None);
    }

    #[test]
    fn whoever_opts_out_refuses_every_channel_and_a_list_is_only_a_list() {
        let rules = rules();
        let refuses = |channel, kind| {
            let place = rules.meaning(channel, kind, "").expect("it says something");
            rules.meanings()[usize::from(place)].refuses.len()
        };
        assert_eq!(refuses(EventChannel::Sms, EventKind::ReplyStop), 3);
        assert_eq!(refuses(EventChannel::Call, EventKind::OptOut), 3);
        assert_eq!(refuses(EventChannel::Email, EventKind::Unsubscribe), 1);
    }
}
