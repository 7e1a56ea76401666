//! Texts with places for a phone number: `https://api.example.com/lines/{digits}`.

use serde::Deserialize;

use crate::error::closest;

/// A text with places for a phone number.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Template {
    parts: Vec<Part>,
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Text as it stands.
    Text(String),
    /// A place for the number.
    Number(NumberForm),
}

/// How the number is written.
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

const FORMS: [(&str, NumberForm); 4] = [
    ("e164", NumberForm::E164),
    ("digits", NumberForm::Digits),
    ("country_code", NumberForm::CountryCode),
    ("national", NumberForm::National),
];

impl Template {
    /// Text and places in their order; texts are never empty and never neighbours.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Whether it names a line; a service of one country may do without its code.
    pub fn holds_number(&self) -> bool {
        let has = |form| self.parts.contains(&Part::Number(form));
        has(NumberForm::E164) || has(NumberForm::Digits) || has(NumberForm::National)
    }

    /// The text with the number filled in, each form passed through `written`.
    pub fn fill<'a>(&self, form: impl Fn(NumberForm) -> &'a str, written: impl Fn(&str, &mut String)) -> String {
        let mut filled = String::new();
        for part in &self.parts {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Number(wanted) => written(form(*wanted), &mut filled),
            }
        }
        filled
    }
}

impl TryFrom<String> for Template {
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
            let form = FORMS.iter().find(|(name, _)| *name == word).ok_or_else(|| unknown(word))?;
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            parts.push(Part::Number(form.1));
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

fn unknown(word: &str) -> String {
    let names = FORMS.map(|(name, _)| name);
    let offer = closest(word, names).map_or(String::new(), |name| format!("; did you mean {{{name}}}?"));
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
        Template::try_from(source.to_owned()).map(|template| template.fill(form, |text, out| out.push_str(text)))
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
            if let Ok(template) = Template::try_from(source) {
                let is_text = |part: &Part| matches!(part, Part::Text(_));
                assert!(template.parts().windows(2).all(|pair| !(is_text(&pair[0]) && is_text(&pair[1]))));
            }
        }
    }
}
