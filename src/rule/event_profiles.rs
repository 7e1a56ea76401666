//! `rules/events/*.toml`: how senders of mail and messages, gateways and shops write what happened, a file a sender.

use std::collections::BTreeMap;

use regex::Regex;
use serde::Deserialize;

use super::{RuleError, RuleFiles};
use crate::record::{EventChannel, EventKind};
use crate::text::FoldedHeader;

const FOLDER: &str = "events/";

/// How one sender writes what happened.
#[derive(Debug, Clone)]
pub struct EventProfile {
    /// What it is called on the command line: its file's name.
    pub name: String,
    /// What it is called in words.
    pub title: String,
    /// Where that form is described.
    pub source: String,
    /// A line of a log in no form of a table, whose named parts are the columns.
    pub line: Option<Regex>,
    /// Members of objects that hold an event, or a list of them, which then stands alone.
    pub unwrap: Vec<String>,
    /// Members that hold an event as a text.
    pub unwrap_text: Vec<String>,
    /// Lists, by the names on the way to them, each item of which is an event of its own beside all else that stands there.
    pub spread: Vec<String>,
    /// The columns.
    pub columns: EventColumns,
    /// What records mean, the first that fits.
    pub cases: Vec<EventCase>,
    /// Columns by which it is recognized, each set by itself.
    recognized: Vec<Vec<FoldedHeader>>,
}

/// The columns of a sender's form; of several the first that says something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EventColumns {
    /// When.
    pub at: Vec<String>,
    /// Addresses and numbers of the customer; they are tried in this order until one is known.
    pub contact: Vec<String>,
    /// What happened, in the sender's own word.
    pub event: Vec<String>,
    /// What a purchase came to.
    pub amount: Vec<String>,
    /// The provider's code.
    pub code: Vec<String>,
    /// What the customer wrote.
    pub text: Vec<String>,
}

/// What a record means whose columns say so.
#[derive(Debug, Clone)]
pub struct EventCase {
    /// Of which words the sender's own is one; of any where there is none.
    pub is: Vec<String>,
    /// Further columns, and the words of which each must hold one.
    pub when: Vec<(String, Vec<String>)>,
    /// What it is then.
    pub means: CaseMeaning,
    /// By what channel.
    pub channel: EventChannel,
    /// Where the customer's address or number stands in such a record; as in all where it is not said.
    pub contact: Option<Vec<String>>,
}

/// What a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseMeaning {
    /// An event.
    Event(EventKind),
    /// Nothing that says something of the customer.
    Nothing,
    /// A further line of what another record says.
    Further,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileFile {
    title: String,
    source: String,
    channel: EventChannel,
    line: Option<String>,
    #[serde(default)]
    unwrap: Vec<String>,
    #[serde(default)]
    unwrap_text: Vec<String>,
    #[serde(default)]
    spread: Vec<String>,
    #[serde(default)]
    recognized: Vec<Vec<String>>,
    columns: EventColumns,
    event: Vec<CaseFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    is: Option<Words>,
    #[serde(default)]
    when: BTreeMap<String, Words>,
    means: String,
    channel: Option<EventChannel>,
    contact: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Several(Vec<String>),
}

/// Of a cell that says anything.
pub const ANYTHING: &str = "*";

/// All senders that are known, by name.
#[derive(Debug, Clone)]
pub struct EventProfiles(Vec<EventProfile>);

impl EventProfiles {
    /// Reads the rules.
    ///
    /// # Errors
    /// When a file is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Self, RuleError> {
        let names = files.names_below(FOLDER);
        let profiles = names.into_iter().map(|name| profile(&name, files.parse(&name)?));
        Ok(EventProfiles(profiles.collect::<Result<_, _>>()?))
    }

    /// All of them.
    pub fn all(&self) -> &[EventProfile] {
        &self.0
    }

    /// The one of a name.
    pub fn named(&self, name: &str) -> Option<&EventProfile> {
        self.0.iter().find(|profile| profile.name == name)
    }

    /// The one that a header is of: whose signs are all there, and of several the one with the most.
    pub fn of_header(&self, header: &[String]) -> Option<&EventProfile> {
        let folded: Vec<FoldedHeader> = header.iter().map(|name| FoldedHeader::new(name)).collect();
        let mut best: Option<(usize, &EventProfile)> = None;
        for profile in &self.0 {
            let fits = |signs: &&Vec<FoldedHeader>| signs.iter().all(|sign| folded.contains(sign));
            let Some(signs) = profile.recognized.iter().filter(fits).map(Vec::len).max() else { continue };
            if best.is_none_or(|(most, _)| signs > most) {
                best = Some((signs, profile));
            }
        }
        best.map(|(_, profile)| profile)
    }

    /// The one whose log these are the first lines of: more than half of them.
    pub fn of_lines<'t>(&self, lines: impl Iterator<Item = &'t str> + Clone) -> Option<&EventProfile> {
        let count = lines.clone().count();
        let is_of = |profile: &&EventProfile| {
            let line = profile.line.as_ref();
            line.is_some_and(|line| lines.clone().filter(|text| line.is_match(text)).count() * 2 > count)
        };
        self.0.iter().find(is_of)
    }
}

fn profile(path: &str, file: ProfileFile) -> Result<EventProfile, RuleError> {
    let wrong = |message: String| RuleError::Meaning { path: path.to_owned(), message };
    let name = path.strip_prefix(FOLDER).and_then(|name| name.strip_suffix(".toml")).unwrap_or(path);
    let line = file.line.map(|line| Regex::new(&line)).transpose().map_err(|error| wrong(error.to_string()))?;
    if file.columns.at.is_empty() {
        return Err(wrong("no column says when it happened: name it with columns.at".to_owned()));
    }
    if line.is_none() && file.recognized.iter().all(Vec::is_empty) {
        return Err(wrong("nothing tells it: write `recognized`, the columns that it alone has, or `line`".to_owned()));
    }
    let case = |case: CaseFile| {
        let means = match case.means.as_str() {
            "nothing" => CaseMeaning::Nothing,
            "further" => CaseMeaning::Further,
            word => CaseMeaning::Event(
                EventKind::parse(word).ok_or_else(|| wrong(format!("`{word}` is no event, nor nothing or further")))?,
            ),
        };
        let words = |words: Words| match words {
            Words::One(word) => vec![plain_word(&word)],
            Words::Several(words) => words.iter().map(|word| plain_word(word)).collect(),
        };
        let when = case.when.into_iter().map(|(header, of)| (header, words(of))).collect();
        let is = case.is.map(words).unwrap_or_default();
        Ok(EventCase { is, when, means, channel: case.channel.unwrap_or(file.channel), contact: case.contact })
    };
    let cases = file.event.into_iter().map(case).collect::<Result<Vec<_>, RuleError>>()?;
    if file.columns.contact.is_empty() && cases.iter().any(|case| case.contact.is_none()) {
        return Err(wrong("no column names the customer: name it with columns.contact".to_owned()));
    }
    let folded = |signs: Vec<String>| signs.iter().map(|sign| FoldedHeader::new(sign)).collect();
    if file.columns.event.is_empty() && cases.iter().any(|case| !case.is.is_empty()) {
        return Err(wrong("no column holds the words: name it with columns.event".to_owned()));
    }
    Ok(EventProfile {
        name: name.to_owned(),
        title: file.title,
        source: file.source,
        line,
        unwrap: file.unwrap,
        unwrap_text: file.unwrap_text,
        spread: file.spread,
        columns: file.columns,
        cases,
        recognized: file.recognized.into_iter().filter(|signs| !signs.is_empty()).map(folded).collect(),
    })
}

/// A word of a sender without what makes no difference: case, spaces around it, `_` and `-` for spaces.
pub fn plain_word(word: &str) -> String {
    let spaced: String = word.chars().map(|letter| if matches!(letter, '_' | '-') { ' ' } else { letter }).collect();
    spaced.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_header(header: &[&str]) -> Option<String> {
        let profiles = EventProfiles::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        profiles.of_header(&header).map(|profile| profile.name.clone())
    }

    #[test]
    fn a_sender_is_told_by_the_columns_that_it_alone_has() {
        assert_eq!(of_header(&["email", "timestamp", "event", "sg_event_id"]).as_deref(), Some("sendgrid"));
        assert_eq!(of_header(&["Email Address", "UNSUB_TIME"]).as_deref(), Some("mailchimp_unsubscribed"));
        assert_eq!(of_header(&["email", "name", "phone"]), None);
        assert_eq!(of_header(&[]), None);
    }

    #[test]
    fn what_tells_nothing_is_refused_with_what_to_write() {
        let load = |text: &str| {
            let files = RuleFiles::embedded().with("events/mine.toml", text.to_owned());
            EventProfiles::load(&files).expect_err("it is wrong").to_string()
        };
        let begin = "title = \"M\"\nsource = \"s\"\nchannel = \"email\"\n";
        let error = load(&format!("{begin}event = []\n[columns]\nat = [\"t\"]\ncontact = [\"e\"]\n"));
        assert!(error.contains("recognized"), "{error}");
        let error = load(&format!(
            "{begin}recognized = [[\"t\"]]\n[columns]\nat = [\"t\"]\ncontact = [\"e\"]\n[[event]]\nmeans = \"levitated\"\n"
        ));
        assert!(error.contains("levitated"), "{error}");
    }
}
