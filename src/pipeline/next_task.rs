//! What to do after a run, as `run.json` keeps it and the report and the terminal tell it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Something to do, with the commands that do it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NextTask {
    /// Which: the words under `next.TASK` say it in a sentence.
    pub task: String,
    /// How many of what the sentence is about.
    pub count: u64,
    /// Other figures of the sentence, by their places in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub figures: BTreeMap<String, u64>,
    /// Files and headers of the sentence, by their places in it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub names: BTreeMap<String, String>,
    /// As they are typed where the run was made; of what lies elsewhere the name alone is told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
}
