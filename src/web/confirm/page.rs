//! The pages as HTML: each one heading, the words of one language, and forms that work without script.

use askama::Template;

use crate::pipeline::{CHANNELS, GIVEN_FIELDS, GivenDetails, NotTaken, ShownLink, TakenValue};
use crate::record::{ContactKind, Field, Outcome};
use crate::rule::{NoticeWords, PageWords};
use crate::text::isolated;

/// The pages of one sender.
pub(super) struct Pages {
    pub(super) sender: String,
    pub(super) words: Vec<PageWords>,
    pub(super) most_letters: usize,
}

/// What all pages have around them.
struct Frame<'a> {
    words: &'a PageWords,
    title: String,
    languages: Vec<(&'a str, &'a str)>,
    /// The links to other languages lead to the form again.
    is_update: bool,
}

#[derive(Template)]
#[template(config = "src/web/confirm/askama.toml", path = "ask.html")]
struct AskPage<'a> {
    frame: Frame<'a>,
    greeting: String,
    is_answered: bool,
    contacts: Vec<(&'a str, &'a str)>,
}

#[derive(Template)]
#[template(config = "src/web/confirm/askama.toml", path = "update.html")]
struct UpdatePage<'a> {
    frame: Frame<'a>,
    trouble: String,
    inputs: Vec<Input<'a>>,
    insisted: Vec<&'a str>,
    most_letters: usize,
}

struct Input<'a> {
    name: &'static str,
    label: &'a str,
    kind: &'static str,
    direction: &'static str,
    autocomplete: &'static str,
    value: String,
    trouble: String,
    options: Vec<(&'a str, &'a str)>,
}

#[derive(Template)]
#[template(config = "src/web/confirm/askama.toml", path = "done.html")]
struct DonePage<'a> {
    frame: Frame<'a>,
    values: Vec<(&'a str, &'a str, &'a str)>,
    is_open: bool,
}

#[derive(Template)]
#[template(config = "src/web/confirm/askama.toml", path = "code.html")]
struct CodePage<'a> {
    frame: Frame<'a>,
    sent: String,
    value: i64,
    trouble: String,
}

#[derive(Template)]
#[template(config = "src/web/confirm/askama.toml", path = "notice.html")]
struct NoticePage<'a> {
    frame: Frame<'a>,
    text: &'a str,
}

/// What went wrong with a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CodeTrouble {
    None,
    Wrong(u32),
    Over,
    TooSoon,
}

const NO_BREAK_HYPHEN: &str = "\u{2011}";

/// A template has nothing in it that can't be written.
const WRITTEN: &str = "a page of plain values renders";

impl Pages {
    /// The first language of these that there is a page in; else the first page.
    pub(super) fn in_language<'l>(&self, wanted: impl IntoIterator<Item = &'l str>) -> &PageWords {
        let find = |language: &str| self.words.iter().find(|words| words.language == language);
        wanted.into_iter().find_map(find).unwrap_or(&self.words[0])
    }

    fn frame<'a>(&'a self, words: &'a PageWords, title: &str) -> Frame<'a> {
        let languages = self.words.iter().map(|words| (words.language.as_str(), words.words.name.as_str())).collect();
        Frame { words, title: title.replace("{sender}", &isolated(&self.sender)), languages, is_update: false }
    }

    /// The question.
    pub(super) fn ask(&self, words: &PageWords, link: &ShownLink) -> String {
        let ask = &words.words.ask;
        let greeting = match link.first_name.as_str() {
            "" => String::new(),
            name => ask.greeting.replace("{first_name}", &isolated(name)),
        };
        let label = |kind: ContactKind| match kind {
            ContactKind::Phone => ask.phone.as_str(),
            ContactKind::Email => ask.email.as_str(),
        };
        let page = AskPage {
            frame: self.frame(words, &ask.title),
            greeting,
            is_answered: link.answered.is_some(),
            contacts: link.contacts.iter().map(|(kind, value)| (label(*kind), value.as_str())).collect(),
        };
        page.render().expect(WRITTEN)
    }

    /// The form for new values, with what was written into it and why it can't be taken.
    pub(super) fn update(&self, words: &PageWords, given: &GivenDetails, troubles: &[NotTaken]) -> String {
        let said =
            |trouble: &NotTaken| words.reason(&trouble.reason).replace("{suggestion}", &isolated(&trouble.suggestion));
        let of = |field: Option<Field>| troubles.iter().find(|trouble| trouble.field == field).map(said);
        let asked_about = troubles.iter().filter(|trouble| !trouble.suggestion.is_empty()).filter_map(|trouble| {
            given.texts.iter().find(|(field, _)| Some(*field) == trouble.field).map(|(_, text)| text.trim())
        });
        let inputs = GIVEN_FIELDS.into_iter().map(|field| {
            let value = given.texts.iter().find(|(own, _)| *own == field).map_or("", |(_, text)| text.as_str());
            Input { value: value.to_owned(), trouble: of(Some(field)).unwrap_or_default(), ..self.input(words, field) }
        });
        let mut frame = self.frame(words, &words.words.update.title);
        frame.is_update = true;
        let page = UpdatePage {
            frame,
            trouble: of(None).unwrap_or_default(),
            inputs: inputs.collect(),
            insisted: given.insisted.iter().map(String::as_str).chain(asked_about).collect(),
            most_letters: self.most_letters,
        };
        page.render().expect(WRITTEN)
    }

    fn input<'a>(&'a self, words: &'a PageWords, field: Field) -> Input<'a> {
        let update = &words.words.update;
        let (label, kind, direction, autocomplete) = match field {
            Field::Mobile => (&update.mobile, "tel", "ltr", "tel"),
            Field::Email => (&update.email, "text", "ltr", "email"),
            Field::Street => (&update.street, "text", "auto", "address-line1"),
            Field::City => (&update.city, "text", "auto", "address-level2"),
            Field::Postcode => (&update.postcode, "text", "ltr", "postal-code"),
            Field::PreferredChannel => (&update.preferred_channel, "", "", ""),
            _ => (&update.language, "", "", ""),
        };
        let options = match field {
            Field::PreferredChannel => {
                CHANNELS.into_iter().zip([&*update.sms, &*update.email_channel, &*update.call]).collect()
            }
            Field::Language => self.frame(words, "").languages,
            _ => Vec::new(),
        };
        let name = field.as_str();
        Input { name, label, kind, direction, autocomplete, options, value: String::new(), trouble: String::new() }
    }

    /// What happened.
    pub(super) fn done(&self, words: &PageWords, outcome: Outcome, values: &[TakenValue]) -> String {
        let done = &words.words.done;
        let title = match outcome {
            Outcome::Refused => &done.removed,
            Outcome::WrongPerson => &done.wrong_person,
            Outcome::Updated => &done.updated,
            _ => &done.confirmed,
        };
        let state = |value: &TakenValue| match (value.is_verified, value.is_accepted) {
            (true, _) => done.verified.as_str(),
            (false, true) => done.taken.as_str(),
            (false, false) => done.waits.as_str(),
        };
        let shown = |value: &TakenValue| match value.field {
            Field::PreferredChannel | Field::Language => self.option(words, value.field, &value.shown),
            _ => None,
        };
        let named: Vec<String> =
            values.iter().map(|value| shown(value).unwrap_or_else(|| value.shown.clone())).collect();
        let values = values.iter().zip(&named);
        let page = DonePage {
            frame: self.frame(words, title),
            values: values.map(|(value, named)| (self.label(words, value.field), &**named, state(value))).collect(),
            is_open: outcome != Outcome::Refused,
        };
        page.render().expect(WRITTEN)
    }

    fn option(&self, words: &PageWords, field: Field, value: &str) -> Option<String> {
        let options = self.input(words, field).options;
        options.into_iter().find(|(own, _)| *own == value).map(|(_, label)| label.to_owned())
    }

    fn label<'a>(&self, words: &'a PageWords, field: Field) -> &'a str {
        let update = &words.words.update;
        match field {
            Field::Email => &update.email,
            Field::Street => &update.street,
            Field::City => &update.city,
            Field::Postcode => &update.postcode,
            Field::PreferredChannel => &update.preferred_channel,
            Field::Language => &update.language,
            _ => &update.mobile,
        }
    }

    /// A code is asked for, which was sent, or `waits` to be.
    pub(super) fn code(&self, words: &PageWords, value: &TakenValue, waits: bool, trouble: CodeTrouble) -> String {
        let code = &words.words.code;
        let sent = if waits { &code.waits } else { &code.sent };
        let trouble = match trouble {
            CodeTrouble::None => String::new(),
            CodeTrouble::Wrong(left) => code.wrong.replace("{left}", &left.to_string()),
            CodeTrouble::Over => code.over.clone(),
            CodeTrouble::TooSoon => code.soon.clone(),
        };
        let page = CodePage {
            frame: self.frame(words, &code.title),
            // A number that breaks at its hyphen would be read from both ends.
            sent: sent.replace("{to}", &isolated(&value.shown.replace('-', NO_BREAK_HYPHEN))),
            value: value.id,
            trouble,
        };
        page.render().expect(WRITTEN)
    }

    /// A page that says one thing.
    pub(super) fn notice(&self, words: &PageWords, notice: &NoticeWords) -> String {
        NoticePage { frame: self.frame(words, &notice.title), text: &notice.text }.render().expect(WRITTEN)
    }
}
