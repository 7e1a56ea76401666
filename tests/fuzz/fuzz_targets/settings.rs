//! Files of settings: the first byte is which one, the rest its text. It is understood, or refused with an error that names it.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use tiuv::config::Config;
use tiuv::error::Explain;
use tiuv::rule::{
    ConsentWords, EventRules, IngestRules, LayoutRules, ListRules, NationalIdRules, RuleError, RuleFiles, StatusRules,
    StewardPolicy, VcardRules, parse_toml,
};

static FILES: LazyLock<RuleFiles> = LazyLock::new(RuleFiles::embedded);

type Load = fn(&RuleFiles) -> Result<(), RuleError>;

/// What reads each file.
const READERS: &[(&str, Load)] = &[
    ("ingest.toml", |files| IngestRules::load(files).map(drop)),
    ("layout.toml", |files| LayoutRules::load(files).map(drop)),
    ("vcard.toml", |files| VcardRules::load(files).map(drop)),
    ("events.toml", |files| EventRules::load(files).map(drop)),
    ("status.toml", |files| StatusRules::load(files).map(drop)),
    ("consent.toml", |files| ConsentWords::load(files).map(drop)),
    ("national_id.toml", |files| NationalIdRules::load(files).map(drop)),
    ("steward/policy.toml", |files| StewardPolicy::load(files).map(drop)),
    ("list.toml", |files| ListRules::load(files).map(drop)),
];

fuzz_target!(|text: &str| {
    let mut letters = text.chars();
    let Some(which) = letters.next() else { return };
    let text = letters.as_str();
    let refused = match READERS.get(which as usize % (READERS.len() + 1)) {
        Some((name, load)) => load(&FILES.clone().with(name, text.to_owned())).err(),
        None => parse_toml::<Config>("tiuv.toml", text).err(),
    };
    if let Some(error) = refused {
        assert!(error.to_string().contains(".toml"), "{error}");
        let _ = (error.help(), error.excerpt());
    }
});
