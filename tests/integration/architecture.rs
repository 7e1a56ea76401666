//! The layers of ARCHITECTURE.md hold: imports point downwards, and only a stage makes its own batches.

mod file_circles;
mod names;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use names::Names;

/// Every module: its name, its block, and what it may use, whole blocks or single modules. What is used stands above.
const MODULES: &[(&str, &str, &[&str])] = &[
    // What everything is said in.
    ("clock", "nouns", &[]),
    ("error", "nouns", &[]),
    ("finding", "nouns", &[]),
    ("record", "nouns", &["finding"]),
    ("text", "nouns", &[]),
    // What is decided about it, as data.
    ("rule", "policy", &["nouns"]),
    ("contact", "policy", &["nouns", "rule"]),
    ("meaning", "policy", &["nouns", "rule"]),
    ("person", "policy", &["nouns", "contact"]),
    // What is done to a record; a stage knows no other stage and no door.
    ("standardize", "stages", &["nouns", "policy"]),
    ("validate", "stages", &["nouns", "policy"]),
    ("resolve", "stages", &["nouns", "policy"]),
    ("survivorship", "stages", &["nouns", "policy"]),
    // The model of decay judges evidence; evidence needs no model.
    ("evidence", "stages", &["nouns", "policy"]),
    ("decay", "stages", &["nouns", "policy", "evidence"]),
    // Whose a number is, its plan says, and the tables of plans stand with what reads numbers.
    ("law", "stages", &["nouns", "policy", "standardize"]),
    // What is decided of a customer, by whoever asks.
    ("advice", "stages", &["nouns", "policy", "law"]),
    // The stages that judge cells, put together.
    ("kernel", "stages", &["nouns", "policy", "standardize", "validate"]),
    // Where something comes in or goes out. Whoever speaks HTTP does so by the one client, which also says to which hosts one
    // may speak unencrypted.
    ("http", "doors", &["nouns"]),
    // Whatever is written under a name is written by the one door to the disk.
    ("disk", "doors", &["nouns"]),
    ("config", "doors", &["nouns", "policy", "http"]),
    ("store", "doors", &["nouns", "policy", "disk"]),
    ("database", "doors", &["nouns"]),
    ("ingest", "doors", &["nouns", "policy", "database"]),
    ("dns", "doors", &["nouns", "policy"]),
    ("fetch", "doors", &["nouns", "http"]),
    ("lookup", "doors", &["nouns", "policy", "config", "http"]),
    // What is done in which order.
    ("outreach", "order", &["nouns", "policy", "law", "advice", "config", "disk", "store", "http", "lookup"]),
    // What a steward types is judged by the kernels.
    ("steward", "order", &["nouns", "policy", "kernel", "store"]),
    ("pipeline", "order", &["nouns", "policy", "stages", "doors", "outreach"]),
    // What people and machines see; a face does not know the others.
    ("page", "pages", &["nouns", "policy"]),
    ("report", "faces", &["nouns", "policy", "stages", "doors", "order", "page"]),
    ("web", "faces", &["nouns", "policy", "doors", "order", "page"]),
    ("cli", "entry", &["nouns", "policy", "stages", "doors", "order", "faces"]),
];

/// The map of the modules and the program's entry stand above the layers.
const EXEMPT: &[&str] = &["lib.rs", "main.rs"];

/// Who may make a batch: the stage that owns it, and the kernels, which make rows that no file holds.
const MAKERS: &[(&str, &[&str])] = &[
    ("RawBatchBuilder::new", &["ingest/", "kernel.rs", "record/"]),
    ("StandardBatchBuilder::new", &["standardize/", "record/"]),
    ("CheckedBatch::new", &["validate/", "record/"]),
];

/// What may stand at the top of the repository beside hidden files.
const TOP_LEVEL: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE",
    "README.md",
    // GitHub finds an action by this name, here.
    "action.yml",
    "benches",
    "docs",
    "fixtures",
    "rules",
    "src",
    "tests",
];

/// Made by tools or by the README's first command; never committed (see `.gitignore`).
const MADE: &[&str] = &["target", "out", "proptest-regressions"];

const LONGEST_FILE: usize = 450;

#[test]
fn a_module_uses_only_what_it_may() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(module) = source.module().filter(|_| !EXEMPT.contains(&source.name.as_str())) else { continue };
        let Some((_, _, may_use)) = entry(module) else {
            wrong.push(format!("src/{}: module `{module}` has no entry in MODULES", source.name));
            continue;
        };
        for (used, path) in source.imports() {
            let (_, block, _) = entry(&used).expect("imports are of modules");
            let may = may_use.iter().any(|may| *may == block || *may == used);
            if used != module && !may {
                wrong.push(format!("src/{}: {module} may not use {used} ({path})", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_names_the_modules_that_there_are_and_has_no_circle() {
    for (at, (module, _, may_use)) in MODULES.iter().enumerate() {
        let path = root().join("src").join(module);
        assert!(path.is_dir() || path.with_extension("rs").is_file(), "src has no module `{module}`");
        for used in *may_use {
            let above = MODULES[..at].iter().any(|(name, block, _)| name == used || block == used);
            let later = MODULES[at..].iter().any(|(name, block, _)| name == used || block == used);
            assert!(above && !later, "`{module}` may use `{used}`, which does not stand above it");
        }
    }
}

#[test]
fn the_reader_of_imports_sees_paths_groups_and_supers() {
    let text = "use crate::record::{Field, mask};\nuse crate::{\n    rule::Words,\n    error::{Exit, closest},\n};\n// crate::web::x\n\
                fn f() { crate::store::open(); super::super::cli::run(); super::plain(); }\n";
    let used = |name: &str| {
        let source = Source { name: name.to_owned(), text: text.to_owned() };
        source.imports().into_keys().collect::<Vec<_>>()
    };
    assert_eq!(used("report/html/page.rs"), ["error", "record", "rule", "store"]);
    assert_eq!(used("report/text.rs"), ["cli", "error", "record", "rule", "store"]);
}

#[test]
fn only_a_stage_makes_its_own_batches() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (maker, allowed) in MAKERS {
            if source.code().contains(maker) && !allowed.iter().any(|place| source.name.starts_with(place)) {
                // Tests of a stage make what it is given.
                let at = source.code().find(maker).unwrap_or_default();
                let is_test = source.name.ends_with("tests.rs")
                    || source.code().find("#[cfg(test)]\nmod tests").is_some_and(|tests| tests < at);
                if !is_test {
                    wrong.push(format!("src/{} calls {maker}", source.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_source_file_has_two_owners() {
    let long: Vec<String> = sources()
        .iter()
        .map(|source| (source.text.lines().count(), &source.name))
        .filter(|(lines, _)| *lines > LONGEST_FILE)
        .map(|(lines, name)| format!("src/{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "longer than {LONGEST_FILE} lines:\n{}", long.join("\n"));
}

#[test]
fn every_source_file_says_what_it_owns_in_its_first_line() {
    let silent: Vec<String> =
        sources().into_iter().filter(|source| !source.text.starts_with("//!")).map(|source| source.name).collect();
    assert!(silent.is_empty(), "no `//!` line: {silent:?}");
}

#[test]
fn only_text_says_what_characters_are() {
    // Invisible characters, final letters, points and digits, each by one that no list of its kind leaves out.
    let telling = [
        "\\u{ad}",
        "\\u{61c}",
        "\\u{200b}",
        "\\u{200c}",
        "\\u{200e}",
        "\\u{200f}",
        "\\u{202a}",
        "\\u{2060}",
        "\\u{2066}",
        "\\u{feff}",
        "\\u{fe0f}",
        "'ך'",
        "'ם'",
        "'ן'",
        "\\u{591}",
        "\\u{5c7}",
        "\\u{64b}",
        "\\u{640}",
        "\\u{660}",
        "\\u{6f0}",
        "\\u{ff10}",
    ];
    let mut wrong = Vec::new();
    for source in sources().iter().filter(|source| !source.name.starts_with("text/") && !source.is_of_tests()) {
        let code = source.code().to_lowercase();
        let code = code.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        wrong.extend(
            telling
                .iter()
                .filter(|letter| code.contains(**letter))
                .map(|letter| format!("src/{}: {letter}", source.name)),
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_called_utils() {
    let homeless = ["util", "utils", "helper", "helpers", "common", "misc"];
    let wrong: Vec<String> = sources()
        .into_iter()
        .map(|source| source.name)
        .filter(|name| name.trim_end_matches(".rs").split('/').any(|part| homeless.contains(&part)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_top_level_is_the_one_that_was_asked_for() {
    let entries = fs::read_dir(root()).expect("the repository can be read");
    let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
    let strange: Vec<String> = names
        .filter(|name| !name.starts_with('.') && !TOP_LEVEL.contains(&name.as_str()) && !MADE.contains(&name.as_str()))
        // `rustfmt.toml` would be found under its hidden name, too, but editors look for this one first.
        .filter(|name| name != "rustfmt.toml")
        .collect();
    assert!(strange.is_empty(), "at the top level: {strange:?}");
}

struct Source {
    /// Path below `src`, with `/`.
    name: String,
    text: String,
}

impl Source {
    /// The module of the first level that the file belongs to.
    fn module(&self) -> Option<&str> {
        self.name.split('/').next().map(|first| first.trim_end_matches(".rs"))
    }

    /// Whether there is nothing in it but tests.
    fn is_of_tests(&self) -> bool {
        self.name.ends_with("tests.rs") || self.name.contains("/tests/")
    }

    /// How many `super` lead from the file's own module to the crate.
    fn depth(&self) -> usize {
        let parts: Vec<&str> = self.name.split('/').collect();
        parts.len() - usize::from(parts.last() == Some(&"mod.rs"))
    }

    /// The text with comments blanked out, line by line.
    fn code(&self) -> String {
        let is_comment = |line: &str| line.trim_start().starts_with("//");
        self.text.lines().map(|line| if is_comment(line) { "\n".to_owned() } else { format!("{line}\n") }).collect()
    }

    /// Modules of the first level that the file names, each with a path that leads there.
    fn imports(&self) -> BTreeMap<String, String> {
        let names = Names::of(&self.text);
        let first_level = |path: &Vec<String>| {
            let climbed = path.iter().take_while(|word| *word == "super").count();
            let is_of_crate = path[0] == "crate" || climbed == self.depth();
            let module = path.get(climbed.max(1)).filter(|module| is_of_crate && entry(module).is_some())?;
            Some((module.clone(), path.join("::")))
        };
        names.uses.iter().map(|name| &name.path).chain(&names.paths).filter_map(first_level).collect()
    }
}

fn entry(module: &str) -> Option<(&'static str, &'static str, &'static [&'static str])> {
    MODULES.iter().find(|(name, ..)| *name == module).copied()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    read_below(&root().join("src"), "", &mut sources);
    assert!(sources.len() > 50, "the sources are found");
    sources.sort_by(|left, right| left.name.cmp(&right.name));
    sources
}

fn read_below(directory: &Path, prefix: &str, sources: &mut Vec<Source>) {
    for entry in fs::read_dir(directory).expect("the sources can be read") {
        let path = entry.expect("an entry").path();
        let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
        if path.is_dir() {
            read_below(&path, &format!("{name}/"), sources);
        } else if name.ends_with(".rs") {
            sources.push(Source { name, text: fs::read_to_string(&path).expect("a source is UTF-8") });
        }
    }
}
