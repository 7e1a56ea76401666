//! That an address or a number reaches nobody any more.

use super::{Day, Signal};

/// That a contact is dead: since when, and by what (`rules/dead.toml`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Death {
    /// The day of the sign; none where a list says so.
    pub since: Option<Day>,
    /// What was seen; none where a list says so.
    pub by: Option<Signal>,
}

impl Death {
    /// A list says that nobody is reached there.
    pub const SAID: Death = Death { since: None, by: None };

    /// Something was seen on a day.
    pub const fn seen(since: Day, by: Signal) -> Self {
        Death { since: Some(since), by: Some(by) }
    }

    /// The word for what it is dead by.
    pub const fn word(self) -> &'static str {
        match self.by {
            Some(signal) => signal.as_str(),
            None => LIST,
        }
    }

    /// Reads what [`Death::word`] wrote.
    pub fn parse(word: &str, since: Option<Day>) -> Option<Self> {
        if word == LIST {
            Some(Death { since, by: None })
        } else {
            Some(Death { since, by: Some(Signal::parse(word)?) })
        }
    }
}

const LIST: &str = "list";
