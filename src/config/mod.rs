//! `tiuv.toml`: what a list's owner says about it once, so that commands need not repeat it.

mod confirm;
mod gateway;
mod import;
mod lookup;
mod outreach;
mod pace;
mod request;
mod schema;
mod template;
mod webhooks;
mod wrong;

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::record::Field;
use crate::rule::{Expectation, Level, RuleError, Suppression, parse_toml, read_settings};

pub use crate::record::Money;
pub use confirm::ConfirmConfig;
pub use gateway::{
    FileConfig, FileFormat, FindConfig, GatewayChannel, GatewayConfig, HttpConfig, ReadText, Says, TwilioConfig,
};
pub use import::{ImportError, Imported, import};
pub use lookup::{LookupConfig, Method, Pointer, ReadAt, Sign};
pub use outreach::OutreachConfig;
pub use pace::{Pace, PaceSettings, Paced, UsualPace};
pub use request::{RequestConfig, RequestTemplate};
pub use schema::schema;
pub use template::{MessagePlace, NumberForm, Part, Place, Template};
pub use webhooks::{HttpHook, InboundFields, StatusFields, TwilioHook, WebhookConfig, WebhooksConfig};
pub use wrong::WrongSetting;

/// The file's content. Every key is optional; an unknown one is an error that names the closest.
///
/// It stands in layer 1, so limits are kept as written; `cli` binds them.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Default region, ISO 3166.
    pub region: Option<String>,
    /// Column headers by field; several where a field may repeat.
    #[serde(default)]
    pub columns: BTreeMap<Field, OneOrMore>,
    /// Levels by code or prefix.
    #[serde(default)]
    pub rules: BTreeMap<String, Level>,
    /// Limits by code, prefix or severity: a count or a share.
    #[serde(default)]
    pub max: BTreeMap<String, CountOrShare>,
    /// Services that know phone numbers, by the names that `--lookup` takes.
    #[serde(default)]
    pub lookup: BTreeMap<String, LookupConfig>,
    /// Who asks customers, and what that costs.
    #[serde(default)]
    pub outreach: OutreachConfig,
    /// Who reports to `tiuv serve --webhooks`.
    #[serde(default)]
    pub webhooks: WebhooksConfig,
    /// The page behind the link, `tiuv serve --confirm`.
    #[serde(default)]
    pub confirm: ConfirmConfig,
    /// What is expected of columns.
    #[serde(default)]
    pub expect: Vec<Expectation>,
    /// Findings that the list's owner lives with.
    #[serde(default)]
    pub suppress: Vec<Suppression>,
}

/// A header, or several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOrMore {
    /// One.
    One(String),
    /// Several.
    More(Vec<String>),
}

impl OneOrMore {
    /// All of them.
    pub fn as_slice(&self) -> &[String] {
        match self {
            OneOrMore::One(one) => std::slice::from_ref(one),
            OneOrMore::More(more) => more,
        }
    }
}

/// `12` or `"2%"`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum CountOrShare {
    /// So many.
    Count(u64),
    /// A share, as text.
    Share(String),
}

impl std::fmt::Display for CountOrShare {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CountOrShare::Count(count) => count.fmt(f),
            CountOrShare::Share(share) => share.fmt(f),
        }
    }
}

impl Config {
    /// Reads a file.
    ///
    /// # Errors
    /// When it can't be read or is not of this form.
    pub fn load(path: &Path) -> Result<Self, RuleError> {
        let name = path.display().to_string();
        let text = read_settings(path)
            .map_err(|error| RuleError::Unreadable { path: name.clone(), reason: error.to_string() })?;
        let mut config: Config = parse_toml(&name, &text)?;
        for (at, expected) in config.expect.iter_mut().enumerate() {
            expected.place = format!("{name}: [[expect]] table {}", at + 1);
        }
        // Files that it names lie beside it.
        for listed in config.expect.iter_mut().filter_map(|expected| expected.one_of_file.as_mut()) {
            *listed = path.parent().unwrap_or(Path::new("")).join(&*listed);
        }
        Ok(config)
    }
}

/// The settings that `docs/settings.md` shows below a heading.
#[cfg(test)]
fn shown_below(heading: &str) -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/settings.md");
    let page = std::fs::read_to_string(path).expect("the page is there");
    let lines = page.lines().skip_while(|line| *line != heading).skip_while(|line| *line != "```toml").skip(1);
    lines.take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_that_the_readme_points_to_is_read() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/tiuv.toml");
        let config = Config::load(Path::new(path)).expect("the example is of the form it explains");
        assert!(config.region.is_some());
    }

    #[test]
    fn the_settings_that_the_docs_show_are_read() {
        let mut shown = 0;
        for page in ["settings.md", "asking-customers.md", "customers-answer.md"] {
            let path = format!("{}/docs/{page}", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).expect("the page is there");
            for block in text.split("```toml\n").skip(1) {
                let block = block.split("```").next().unwrap_or_default();
                let read: Result<Config, _> = parse_toml(page, block);
                assert!(read.is_ok(), "{page}:\n{block}\n{:?}", read.err());
                shown += 1;
            }
        }
        assert!(shown >= 7, "{shown}");
    }
}
