//! Texts with places to be filled: `https://api.example.com/lines/{digits}`.

use serde::Deserialize;

use crate::error::closest;

/// A text with places; `P` says which there can be, a phone number's forms where nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String", bound = "P: Place")]
pub struct Template<P = NumberForm> {
    parts: Vec<Part<P>>,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part<P> {
    /// Text as it stands.
    Text(String),
    /// A place to be filled.
    Place(P),
}

/// What the places of a template can stand for.
pub trait Place: Copy + PartialEq + 'static {
    /// The words between braces.
    const NAMES: &'static [(&'static str, Self)];
}

/// How a number is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NumberForm {
    /// `+972501234567`
    E164,
    /// `972501234567`
    Digits,
    /// `972`
    CountryCode,
    /// `501234567`
    National,
}

impl Place for NumberForm {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("e164", NumberForm::E164),
        ("digits", NumberForm::Digits),
        ("country_code", NumberForm::CountryCode),
        ("national", NumberForm::National),
    ];
}

/// What of a message a gateway is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessagePlace {
    /// The number, or the address.
    To,
    /// The number in one of its forms; nothing of an address.
    Number(NumberForm),
    /// The text, its link filled in.
    Body,
    /// The subject of a mail; nothing of a text message.
    Subject,
    /// The number of the message in the outbox.
    Id,
    /// The token of its link.
    Token,
    /// Given name.
    FirstName,
    /// ISO 639.
    Language,
    /// The day on which it was begun, `YYYY-MM-DD`.
    Day,
}

impl Place for MessagePlace {
    const NAMES: &'static [(&'static str, Self)] = &[
        ("to", MessagePlace::To),
        ("e164", MessagePlace::Number(NumberForm::E164)),
        ("digits", MessagePlace::Number(NumberForm::Digits)),
        ("country_code", MessagePlace::Number(NumberForm::CountryCode)),
        ("national", MessagePlace::Number(NumberForm::National)),
        ("body", MessagePlace::Body),
        ("subject", MessagePlace::Subject),
        ("id", MessagePlace::Id),
        ("token", MessagePlace::Token),
        ("first_name", MessagePlace::FirstName),
        ("language", MessagePlace::Language),
        ("day", MessagePlace::Day),
    ];
}

impl Template<NumberForm> {
    /// Whether it names a line; a service of one country may do without its code.
    pub fn holds_number(&self) -> bool {
        self.holds(NumberForm::E164) || self.holds(NumberForm::Digits) || self.holds(NumberForm::National)
    }
}

impl<P: Place> Template<P> {
    /// Text and places in their order; texts are never empty and never neighbours.
    pub fn parts(&self) -> &[Part<P>] {
        &self.parts
    }

    /// Whether it has this place.
    pub fn holds(&self, place: P) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Place(held) if *held == place))
    }

    /// The text with its places filled, what is filled in passed through `written`.
    pub fn fill<'a>(&self, value: impl Fn(P) -> &'a str, written: impl Fn(&str, &mut String)) -> String {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Place(place) => written(value(*place), &mut filled),
            }
        }
        filled
    }
}

impl<P: Place> TryFrom<String> for Template<P> {
    type Error = String;

    /// Braces around anything but a word stay as they are, since JSON is full of them.
    fn try_from(source: String) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut text = String::new();
        let mut rest = source.as_str();
        while let Some((before, behind)) = rest.split_once('{') {
            text.push_str(before);
            let word = behind.split_once('}').map(|(word, _)| word).filter(|word| is_word(word));
            let Some(word) = word else {
                text.push('{');
                rest = behind;
                continue;
            };
            let place = P::NAMES.iter().find(|(name, _)| *name == word).ok_or_else(|| unknown::<P>(word))?;
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Place(place.1));
            rest = &behind[word.len() + 1..];
        }
        text.push_str(rest);
        if !text.is_empty() {
            parts.push(Part::Text(text));
        }
        Ok(Template { parts })
    }
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn unknown<P: Place>(word: &str) -> String {
    let names: Vec<&str> = P::NAMES.iter().map(|(name, _)| *name).collect();
    let offer =
        closest(word, names.iter().copied()).map_or(String::new(), |name| format!("; did you mean {{{name}}}?"));
    format!("{{{word}}} stands for nothing here{offer} Known: {{{}}}", names.join("}, {"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(source: &str) -> Result<String, String> {
        let form = |form| match form {
            NumberForm::E164 => "+972501234567",
            NumberForm::Digits => "972501234567",
            NumberForm::CountryCode => "972",
            NumberForm::National => "501234567",
        };
        Template::<NumberForm>::try_from(source.to_owned())
            .map(|template| template.fill(form, |text, out| out.push_str(text)))
    }

    #[test]
    fn places_are_filled_and_other_braces_stay() {
        let cases = [
            ("https://x.test/{digits}", "https://x.test/972501234567"),
            ("{country_code}/{national}", "972/501234567"),
            (r#"{"to": ["{e164}"], "opts": {}}"#, r#"{"to": ["+972501234567"], "opts": {}}"#),
            ("{{digits}}", "{972501234567}"),
            ("{ digits }", "{ digits }"),
            ("{", "{"),
            ("", ""),
        ];
        for (source, wanted) in cases {
            assert_eq!(filled(source).as_deref(), Ok(wanted), "{source}");
        }
    }

    #[test]
    fn an_unknown_place_is_answered_with_the_closest() {
        let error = filled("/{e614}").expect_err("is unknown");
        assert!(error.contains("did you mean {e164}?"), "{error}");
        assert!(filled("/{zzz}").is_err());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(source in "[{}a-z0-9_ \"א]{0,40}") {
            if let Ok(template) = Template::<MessagePlace>::try_from(source) {
                let is_text = |part: &Part<MessagePlace>| matches!(part, Part::Text(_));
                assert!(template.parts().windows(2).all(|pair| !(is_text(&pair[0]) && is_text(&pair[1]))));
            }
        }
    }
}
