//! The layers of ARCHITECTURE.md hold: imports point downwards, and only a stage makes its own batches.

use std::fs;
use std::path::{Path, PathBuf};

/// Every module with its layer; a module may use those of lower layers, and beside it only what [`BESIDE`] allows.
const LAYERS: &[(&str, u8)] = &[
    ("cli", 5),
    ("report", 4),
    ("web", 4),
    ("pipeline", 3),
    ("kernel", 3),
    ("ingest", 2),
    ("standardize", 2),
    ("validate", 2),
    ("resolve", 2),
    ("survivorship", 2),
    ("decay", 2),
    ("evidence", 2),
    ("outreach", 2),
    ("steward", 2),
    ("rule", 1),
    ("config", 1),
    ("store", 1),
    ("dns", 1),
    ("lookup", 1),
    ("fetch", 1),
    ("http", 1),
    ("record", 0),
    ("finding", 0),
    ("clock", 0),
    ("error", 0),
];

/// Neighbours that may know each other, and why.
const BESIDE: &[(&str, &str)] = &[
    // The order of a run puts batches before the kernels.
    ("pipeline", "kernel"),
    // The nouns: a row carries its findings.
    ("record", "finding"),
    // `tiuv.toml` is read by the same strict reader, and sets the same levels, as the rule files.
    ("config", "rule"),
    // A look-up service is what `tiuv.toml` says it is, with defaults from the rules.
    ("lookup", "config"),
    ("lookup", "rule"),
    // The model of decay judges evidence; evidence needs no model.
    ("decay", "evidence"),
    // Whoever speaks HTTP does so by the one client; which hosts may be spoken to unencrypted is for it to say.
    ("config", "http"),
    ("fetch", "http"),
    ("lookup", "http"),
    // How domains are asked is policy, and stands with the other rules.
    ("dns", "rule"),
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
    "benches",
    "fixtures",
    "rules",
    "src",
    "tests",
];

/// Made by tools or by the README's first command; never committed (see `.gitignore`).
const MADE: &[&str] = &["target", "out", "proptest-regressions"];

const LONGEST_FILE: usize = 500;

#[test]
fn imports_point_downwards() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(module) = source.module().filter(|_| !EXEMPT.contains(&source.name.as_str())) else { continue };
        let Some(own) = layer_of(module) else {
            wrong.push(format!("src/{}: module `{module}` stands in no layer", source.name));
            continue;
        };
        for (line, used) in source.imports() {
            let allowed = used == module || BESIDE.contains(&(module, used.as_str()));
            let below = layer_of(&used).is_some_and(|layer| layer < own);
            if !allowed && !below {
                let layer = layer_of(&used).map_or("no".to_owned(), |layer| layer.to_string());
                wrong.push(format!("src/{}:{line}: {module} (layer {own}) uses {used} (layer {layer})", source.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_imports_sees_paths_groups_and_supers() {
    let text = "use crate::record::{Field, mask};\nuse crate::{\n    rule::Words,\n    error::{Exit, closest},\n};\n// crate::web::x\n\
                fn f() { crate::store::open(); super::super::cli::run(); super::plain(); }\n";
    let source = Source { name: "report/html/page.rs".to_owned(), text: text.to_owned() };
    let mut used: Vec<String> = source.imports().into_iter().map(|(_, used)| used).collect();
    used.sort();
    assert_eq!(used, ["error", "record", "rule", "store"]);
    let shallow = Source { name: "report/text.rs".to_owned(), text: text.to_owned() };
    assert!(shallow.imports().contains(&(7, "cli".to_owned())));
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

    /// Modules of the first level that the file names, with the line.
    fn imports(&self) -> Vec<(usize, String)> {
        let code = self.code();
        let mut found = Vec::new();
        let mut note = |at: usize, name: &str| {
            // A macro, a function of the crate's root, or the like is no module.
            if layer_of(name).is_some() || Path::new(&root()).join("src").join(name).is_dir() {
                found.push((code[..at].matches('\n').count() + 1, name.to_owned()));
            }
        };
        for (at, _) in code.match_indices("crate::") {
            names_behind(&code[at + "crate::".len()..]).iter().for_each(|name| note(at, name));
        }
        let climb = "super::".repeat(self.depth());
        for (at, _) in code.match_indices(&climb) {
            let rest = code[at..].trim_start_matches("super::");
            names_behind(rest).iter().filter(|name| layer_of(name).is_some()).for_each(|name| note(at, name));
        }
        found.sort();
        found.dedup();
        found
    }
}

/// The first names of a path, or of each path in a group.
fn names_behind(text: &str) -> Vec<String> {
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let Some(group) = text.strip_prefix('{') else { return vec![word(text)] };
    let mut names = Vec::new();
    let mut depth = 0;
    let mut starts = true;
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => starts = true,
            letter if starts && !letter.is_whitespace() => {
                names.push(word(&group[at..]));
                starts = false;
            }
            _ => {}
        }
    }
    names
}

fn layer_of(module: &str) -> Option<u8> {
    LAYERS.iter().find(|(name, _)| *name == module).map(|(_, layer)| *layer)
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
