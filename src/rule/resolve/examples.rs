//! `rules/resolve/examples.toml`: small lists and who must be whom in them.

use serde::Deserialize;

use crate::rule::{RuleError, RuleFiles};

/// A small list with what must come of it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResolveExample {
    /// What it shows.
    pub about: String,
    /// CSV with a header that names an `id` column; strangers stand behind the rows that it shows.
    pub list: String,
    /// Keys of rows that must be one customer.
    #[serde(default)]
    pub same: Vec<[String; 2]>,
    /// Keys of rows that must not.
    #[serde(default)]
    pub apart: Vec<[String; 2]>,
    /// Keys of rows that must be two customers of one household.
    #[serde(default)]
    pub household: Vec<[String; 2]>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    others: String,
    example: Vec<ResolveExample>,
}

impl ResolveExample {
    /// Reads the file.
    ///
    /// # Errors
    /// When it is not of its form.
    pub fn load(files: &RuleFiles) -> Result<Vec<ResolveExample>, RuleError> {
        let File { others, mut example } = files.parse("resolve/examples.toml")?;
        example.iter_mut().for_each(|example| example.stand_among(&others));
        Ok(example)
    }

    /// Adds strangers, with the columns that the list has itself.
    fn stand_among(&mut self, others: &str) {
        let mut lines = others.lines();
        let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
        let own = self.list.lines().next().unwrap_or_default().to_owned();
        let places: Vec<Option<usize>> =
            own.split(',').map(|name| header.iter().position(|known| *known == name)).collect();
        for line in lines {
            let cells: Vec<&str> = line.split(',').collect();
            let cell = |place: &Option<usize>| place.and_then(|place| cells.get(place)).copied().unwrap_or_default();
            let row: Vec<&str> = places.iter().map(cell).collect();
            self.list.push_str(&row.join(","));
            self.list.push('\n');
        }
    }
}
