//! `rules/outreach/confirm.toml` and `rules/outreach/pages/LANGUAGE.toml`: the page behind the link, what it bears and says.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::Deserialize;

use super::listed::must_have;
use crate::finding::Code;
use crate::record::Field;
use crate::rule::{RuleError, RuleFiles};

const FILE: &str = "outreach/confirm.toml";

/// What the page bears, and what becomes of answers by themselves.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPolicy {
    /// Pages that there are, by ISO 639.
    pub languages: Vec<String>,
    /// How long an answer may be corrected.
    pub correct_hours: u32,
    /// Bytes of a form.
    pub most_bytes: usize,
    /// Letters of one of its fields.
    pub most_letters: usize,
    /// Requests.
    pub limits: ClientLimits,
    /// Codes that confirm a new number or address.
    pub code: CodeLimits,
    /// Values that are taken over by themselves.
    pub accept: SelfAccepted,
    /// Values that are not taken.
    pub refuse: RefusedValues,
}

/// What is not taken from a customer, though a list may hold it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedValues {
    /// Codes of findings.
    pub codes: Vec<Code>,
    /// Letters that no value has: markup, and what stands for bytes that are no text.
    pub letters: String,
}

/// How often one may ask.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClientLimits {
    /// One client, in the long run.
    pub per_minute: NonZeroU32,
    /// One client, at once.
    pub burst: NonZeroU32,
    /// Of one client in a minute for links that are none.
    pub misses_per_minute: NonZeroU32,
    /// All clients, in the long run.
    pub all_per_second: NonZeroU32,
    /// All clients, at once.
    pub all_burst: NonZeroU32,
    /// Clients that are told apart.
    pub most_clients: usize,
}

/// How often codes are sent and tried.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeLimits {
    /// How long a code is good.
    pub minutes: u32,
    /// How often it may be tried.
    pub tries: u32,
    /// The pause between two codes to one number or address.
    pub wait_seconds: u32,
    /// Codes to one number or address in a day.
    pub most_a_day: u32,
    /// Codes by one link.
    pub most_a_link: u32,
}

/// Fields whose new values nobody has to accept.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfAccepted {
    /// Where a code confirmed them.
    pub verified: Vec<Field>,
    /// In any case.
    pub always: Vec<Field>,
}

impl ConfirmPolicy {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let policy: ConfirmPolicy = files.parse(FILE)?;
        if policy.languages.is_empty() {
            let message = "`languages` is empty; name at least one page".to_owned();
            return Err(RuleError::Meaning { path: FILE.to_owned(), message });
        }
        Ok(policy)
    }
}

/// The words of the page in one language.
#[derive(Debug, Clone)]
pub struct PageWords {
    /// ISO 639.
    pub language: String,
    /// What it says.
    pub words: PageFile,
}

/// What the page says.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it; he.toml explains them")]
pub struct PageFile {
    pub name: String,
    pub direction: String,
    pub ask: AskWords,
    pub update: UpdateWords,
    pub done: DoneWords,
    pub code: CodeWords,
    pub closed: NoticeWords,
    pub busy: NoticeWords,
    pub broken: NoticeWords,
    pub reasons: BTreeMap<String, String>,
}

/// The question.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it; he.toml explains them")]
pub struct AskWords {
    pub title: String,
    pub greeting: String,
    pub question: String,
    pub phone: String,
    pub email: String,
    pub confirm: String,
    pub update: String,
    pub not_me: String,
    pub remove: String,
    pub answered: String,
}

/// The form for new values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it; he.toml explains them")]
pub struct UpdateWords {
    pub title: String,
    pub hint: String,
    pub mobile: String,
    pub email: String,
    pub street: String,
    pub city: String,
    pub postcode: String,
    pub preferred_channel: String,
    pub language: String,
    pub unchanged: String,
    pub sms: String,
    pub email_channel: String,
    pub call: String,
    pub save: String,
    pub back: String,
}

/// What happened.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it; he.toml explains them")]
pub struct DoneWords {
    pub confirmed: String,
    pub updated: String,
    pub wrong_person: String,
    pub removed: String,
    pub correct: String,
    pub taken: String,
    pub waits: String,
    pub verified: String,
}

/// A code is asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it; he.toml explains them")]
pub struct CodeWords {
    pub title: String,
    pub sent: String,
    pub waits: String,
    pub label: String,
    pub check: String,
    pub again: String,
    pub wrong: String,
    pub over: String,
    pub soon: String,
    pub failed: String,
    pub text: String,
    pub subject: String,
}

/// A page that says one thing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it; he.toml explains them")]
pub struct NoticeWords {
    pub title: String,
    pub text: String,
}

impl PageWords {
    /// Reads the words of all languages that the policy lists.
    ///
    /// # Errors
    /// When one is missing or not of its form.
    pub fn load_all(files: &RuleFiles, policy: &ConfirmPolicy) -> Result<Vec<Self>, RuleError> {
        policy.languages.iter().map(|language| PageWords::load(files, language)).collect()
    }

    fn load(files: &RuleFiles, language: &str) -> Result<Self, RuleError> {
        let path = format!("outreach/pages/{language}.toml");
        must_have(files, FILE, &path)?;
        let words: PageFile = files.parse(&path)?;
        let wrong = |message: String| Err(RuleError::Meaning { path: path.clone(), message });
        if !matches!(words.direction.as_str(), "ltr" | "rtl") {
            return wrong("`direction` is neither \"ltr\" nor \"rtl\"".to_owned());
        }
        let must = ["nothing_new", "too_long", "suggestion", "choice", "unreadable", "email", "phone", "address"];
        if let Some(reason) = must.iter().find(|reason| !words.reasons.contains_key(**reason)) {
            return wrong(format!("[reasons] has no words for `{reason}`"));
        }
        let code = &words.code;
        let slots = [(&code.text, "{code}"), (&code.text, "{sender}"), (&code.sent, "{to}"), (&code.waits, "{to}")];
        for (text, slot) in slots {
            if !text.contains(slot) {
                return wrong(format!("a text of [code] lacks {slot}: `{text}`"));
            }
        }
        Ok(PageWords { language: language.to_owned(), words })
    }

    /// The words for a reason: those of the longest beginning that there are words for.
    pub fn reason(&self, code: &str) -> &str {
        let mut code = code;
        loop {
            if let Some(words) = self.words.reasons.get(code) {
                return words;
            }
            match code.rsplit_once('.') {
                Some((shorter, _)) => code = shorter,
                None => return self.words.reasons.get("address").map_or("", String::as_str),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything_and_a_reason_has_the_words_of_its_kind() {
        let files = RuleFiles::embedded();
        let policy = ConfirmPolicy::load(&files).expect("the shipped policy is of its form");
        let all = PageWords::load_all(&files, &policy).expect("the shipped pages are of their form");
        assert_eq!(all.len(), 4);
        let english = all.iter().find(|words| words.language == "en").expect("shipped");
        assert_eq!(english.reason("phone.too_short"), "A digit is missing.");
        assert_eq!(english.reason("email.syntax.dot_edge"), "This is no e-mail address.");
        assert_eq!(english.reason("city.strange"), "This can't be read.");
        let reasons = |words: &PageWords| words.words.reasons.keys().cloned().collect::<Vec<_>>();
        assert!(all.iter().all(|words| reasons(words) == reasons(english)), "each has the same reasons");
    }

    #[test]
    fn a_language_without_a_file_is_named() {
        let files = RuleFiles::embedded();
        let text = files.text(FILE).replace("\"ru\"", "\"ru\", \"fr\"");
        let files = files.with(FILE, text);
        let policy = ConfirmPolicy::load(&files).expect("is of its form");
        let error = PageWords::load_all(&files, &policy).expect_err("there is none").to_string();
        assert!(error.contains("outreach/pages/fr.toml"), "{error}");
    }
}
