//! No file of `src` uses another that uses it, not even on a way round.
//!
//! An edge leads from a file to the one that defines what it names, however many modules hand the name on; a name that is
//! only handed on is no edge, and neither is `mod x;`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::names::Names;
use super::{Source, sources};

#[test]
fn no_files_use_each_other_in_a_circle() {
    let tree = Tree::of(sources());
    let edges = tree.edges();
    let circles: Vec<String> = circles(&edges).iter().map(|circle| tell(circle, &edges)).collect();
    assert!(circles.is_empty(), "{} circles between files:\n{}", circles.len(), circles.join("\n"));
}

#[test]
fn names_lead_to_the_file_that_defines_them() {
    let source = |name: &str, text: &str| Source { name: name.to_owned(), text: text.to_owned() };
    let tree = Tree::of(vec![
        source("lib.rs", "pub mod a; pub mod b;"),
        source(
            "a/mod.rs",
            "mod deep; mod all; pub use all::*; pub use deep::{Thing as Other, self}; fn f() -> Other {}",
        ),
        source("a/deep.rs", "pub struct Thing; #[cfg(test)] mod tests { use crate::b::g; }"),
        source("a/all.rs", "pub enum Kind { One }"),
        source(
            "b.rs",
            "use crate::a::{Kind::{self, One}, deep}; fn g() { deep::Thing.x(super::a::f) } // crate::a::no",
        ),
    ]);
    let edges = tree.edges();
    let to = |from: &str| edges[from].iter().map(|(to, name)| format!("{to} {name}")).collect::<Vec<_>>();
    assert_eq!(to("a/mod.rs"), ["a/deep.rs Other"]);
    assert_eq!(to("b.rs"), ["a/all.rs Kind", "a/deep.rs Thing", "a/mod.rs f"]);
    assert!(to("a/deep.rs").is_empty());
}

#[test]
fn a_circle_is_told_with_the_way_round() {
    let edge = |from: &str, to: &str| (from.to_owned(), BTreeMap::from([(to.to_owned(), "X".to_owned())]));
    let edges = Edges::from([edge("a", "b"), edge("b", "c"), edge("c", "b"), edge("d", "d")]);
    let circles = circles(&edges);
    assert_eq!(circles, [BTreeSet::from(["b", "c"])]);
    assert_eq!(tell(&circles[0], &edges), "b –X→ c –X→ b");
}

/// From a file to those that it uses, each with a name that it uses from there.
type Edges = BTreeMap<String, BTreeMap<String, String>>;

/// Files by the module that they are; the crate's own is `""`.
struct Tree {
    modules: BTreeMap<String, (Source, Names)>,
}

/// What a path names.
enum Named {
    Module(String),
    /// An item, or what belongs to it, in the file of a module.
    Item(String),
}

impl Tree {
    fn of(sources: Vec<Source>) -> Tree {
        let mut modules: BTreeMap<String, (Source, Names)> = BTreeMap::new();
        for source in sources.into_iter().filter(|source| source.name != "main.rs") {
            let path = source.name.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::");
            let names = Names::of(&source.text);
            modules.insert(if path == "lib" { String::new() } else { path }, (source, names));
        }
        let for_tests: Vec<String> = modules
            .iter()
            .flat_map(|(path, (_, names))| names.test_modules.iter().map(|module| child(path, module)))
            .collect();
        let is_test = |path: &str| for_tests.iter().any(|test| path == test || path.starts_with(&format!("{test}::")));
        modules.retain(|path, _| !is_test(path));
        Tree { modules }
    }

    fn edges(&self) -> Edges {
        let mut edges = Edges::new();
        for (module, (source, names)) in &self.modules {
            let used = names.uses.iter().filter(|name| !name.hands_on).map(|name| &name.path);
            let to: &mut BTreeMap<String, String> = edges.entry(source.name.clone()).or_default();
            for path in used.chain(&names.paths) {
                match self.resolve(module, path, &mut Vec::new()) {
                    Some(Named::Item(owner)) if owner != *module => {
                        let word = path.last().cloned().unwrap_or_default();
                        to.entry(self.modules[&owner].0.name.clone()).or_insert(word);
                    }
                    None if matches!(path[0].as_str(), "crate" | "super") => {
                        panic!("src/{}: {} leads nowhere", source.name, path.join("::"))
                    }
                    _ => {}
                }
            }
        }
        edges
    }

    /// What `path` names in a module. `asked` are the names whose meaning is being looked for already.
    fn resolve(&self, module: &str, path: &[String], asked: &mut Vec<(String, String)>) -> Option<Named> {
        let mut here = Named::Module(module.to_owned());
        for (at, word) in path.iter().enumerate() {
            let Named::Module(module) = &here else { break };
            here = match word.as_str() {
                "crate" => Named::Module(String::new()),
                "self" | "Self" => continue,
                "super" => Named::Module(module.rsplit_once("::").map_or("", |(parent, _)| parent).to_owned()),
                word => self.look_up(module, word, at + 1 == path.len(), asked)?,
            };
        }
        Some(here)
    }

    fn look_up(&self, module: &str, word: &str, is_last: bool, asked: &mut Vec<(String, String)>) -> Option<Named> {
        let (_, names) = self.modules.get(module)?;
        let below = child(module, word);
        let is_module = self.modules.contains_key(&below);
        let question = (module.to_owned(), word.to_owned());
        if is_module && (!is_last || asked.contains(&question)) {
            return Some(Named::Module(below));
        }
        if asked.contains(&question) {
            return None;
        }
        asked.push(question);
        let mut named = names.uses.iter().filter(|other| other.name == word);
        let found = named.find_map(|other| self.resolve(module, &other.path, asked)).or_else(|| {
            let is_item = names.items.iter().any(|item| item == word);
            is_item.then(|| Named::Item(module.to_owned())).or(is_module.then_some(Named::Module(below)))
        });
        let mut all = names.uses.iter().filter(|other| other.name == "*");
        let found = found.or_else(|| {
            all.find_map(|other| match self.resolve(module, &other.path, asked)? {
                Named::Module(whole) if whole != module => self.look_up(&whole, word, is_last, asked),
                _ => None,
            })
        });
        asked.pop();
        found
    }
}

fn child(module: &str, name: &str) -> String {
    if module.is_empty() { name.to_owned() } else { format!("{module}::{name}") }
}

/// Groups of files that reach each other.
fn circles(edges: &Edges) -> Vec<BTreeSet<&str>> {
    let reach: BTreeMap<&str, BTreeSet<&str>> =
        edges.keys().map(|file| (file.as_str(), reached(file, edges))).collect();
    let mut circles: Vec<BTreeSet<&str>> = Vec::new();
    for file in edges.keys().map(String::as_str) {
        if circles.iter().any(|circle| circle.contains(file)) {
            continue;
        }
        let mut circle: BTreeSet<&str> = reach[file]
            .iter()
            .copied()
            .filter(|other| reach.get(other).is_some_and(|back| back.contains(file)))
            .collect();
        circle.insert(file);
        if circle.len() > 1 {
            circles.push(circle);
        }
    }
    circles
}

fn reached<'a>(file: &'a str, edges: &'a Edges) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut next = vec![file];
    while let Some(file) = next.pop() {
        let to = edges.get(file).into_iter().flat_map(BTreeMap::keys);
        next.extend(to.map(String::as_str).filter(|to| reached.insert(*to)));
    }
    reached
}

/// The shortest way round from the first file of a circle.
fn tell(circle: &BTreeSet<&str>, edges: &Edges) -> String {
    let first = *circle.first().expect("a circle has files");
    let mut ways = VecDeque::from([(first, first.to_owned())]);
    let mut seen = BTreeSet::new();
    while let Some((file, way)) = ways.pop_front() {
        for (to, name) in edges.get(file).into_iter().flatten() {
            let way = format!("{way} –{name}→ {to}");
            if to == first {
                return way;
            }
            if seen.insert(to) {
                ways.push_back((to, way));
            }
        }
    }
    String::new()
}
