//! What every stage is made from: the rules in force, the region that a list is of, and the day.

use jiff::civil::Date;

use super::RuleFiles;

/// The same for all lists of a run; a stage that is made from the same context says the same of the same rows.
#[derive(Debug, Clone)]
pub struct Context {
    /// The rule files in force.
    pub files: RuleFiles,
    /// Default region of phones, ids and places, ISO 3166 (`--region`); any other text means that there is none.
    pub region: String,
    /// The day that "today" means (`--as-of`).
    pub today: Date,
}

impl Context {
    /// The rules as they are read on a day, for lists of a region.
    pub fn new(files: RuleFiles, region: &str, today: Date) -> Self {
        Context { files, region: region.to_owned(), today }
    }

    /// The rules as shipped.
    pub fn shipped(region: &str, today: Date) -> Self {
        Self::new(RuleFiles::embedded(), region, today)
    }

    /// The same rules and day for lists of another region.
    pub fn elsewhere(&self, region: &str) -> Self {
        Context { region: region.to_owned(), ..self.clone() }
    }
}
