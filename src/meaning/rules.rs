//! The form of `rules/meaning/`: files of words, which all share, and files of rules, one for each kind of text.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::fold::FoldRules;
use super::lexicon::{CareLimits, Lexicon};
use super::pattern::{Beginning, Choices, Grammar, Part, Sequence, firsts};
use super::trie::Symbol;
use crate::rule::{RuleError, RuleFiles};

/// How sure a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// It may mean this: the safe way is taken, and a person looks.
    Doubt,
    /// It means this.
    #[default]
    Sure,
}

/// A text that stands beside a rule, and whether the rule's meaning must be read in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example<M> {
    /// The rule beside which it stands.
    pub rule: String,
    /// The text.
    pub text: String,
    /// What must be read in it, or must not.
    pub means: M,
    /// Whether it must.
    pub must: bool,
}

/// A rule as its file says it. One without a meaning takes from the words that it covers what they stand for: an idiom.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleEntry<M> {
    name: String,
    means: Option<M>,
    #[serde(default)]
    certainty: Certainty,
    /// It reads the text as it stands, before idioms.
    #[serde(default)]
    before_idioms: bool,
    patterns: Vec<String>,
    /// Names of guards that unsay it.
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
    /// Texts that do not mean this.
    #[serde(default)]
    but_not: Vec<String>,
}

/// What unsays a match.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuardEntry {
    /// Ends where the match begins.
    #[serde(default)]
    before: Vec<String>,
    /// Begins where the match ends.
    #[serde(default)]
    after: Vec<String>,
    /// Stands among the words that are matched.
    #[serde(default)]
    inside: Vec<String>,
    /// Stands near, in the same clause.
    #[serde(default)]
    near: Vec<String>,
    /// Stands anywhere in the text, as far as its first words go.
    #[serde(default)]
    anywhere: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WordFile {
    #[serde(default)]
    class: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    phrase: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile<M> {
    /// Folder of the words that it shares with other files of rules.
    words: String,
    /// Classes of words that say nothing at the edge of a clause.
    #[serde(default)]
    fillers: Vec<String>,
    /// The class of all names that the lists of names have.
    names: Option<String>,
    /// Classes whose words are known with a typing error.
    #[serde(default)]
    forgiving: Vec<String>,
    #[serde(default)]
    class: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    phrase: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    guard: BTreeMap<String, GuardEntry>,
    rule: Vec<RuleEntry<M>>,
}

/// When a rule reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    BeforeIdioms,
    Idiom,
    After,
}

impl Turn {
    pub(super) const COUNT: usize = 3;
}

impl<M> Compiled<M> {
    /// Whether some pattern can begin with a symbol.
    pub(super) fn begins_with(&self, symbol: Symbol) -> bool {
        self.by_symbol.iter().any(|patterns| !patterns[usize::from(symbol)].is_empty())
    }
}

/// A rule that was read.
#[derive(Debug, Clone)]
pub(super) struct Rule<M> {
    pub(super) name: String,
    pub(super) means: Option<M>,
    pub(super) certainty: Certainty,
    pub(super) turn: Turn,
    pub(super) unless: Vec<Guard>,
}

/// What unsays a match.
#[derive(Debug, Clone, Default)]
pub(super) struct Guard {
    pub(super) before: Choices,
    pub(super) after: Choices,
    pub(super) inside: Choices,
    pub(super) near: Choices,
    pub(super) anywhere: Choices,
}

/// A pattern of a rule.
#[derive(Debug, Clone)]
pub(super) struct RulePattern {
    pub(super) rule: usize,
    pub(super) sequence: Sequence,
    /// Of each of these sets some symbol has to stand in a text: most texts miss one, and are not looked through then.
    pub(super) needs: Vec<Vec<Symbol>>,
}

/// Everything that a reader needs.
#[derive(Debug, Clone)]
pub(super) struct Compiled<M> {
    pub(super) lexicon: Lexicon,
    pub(super) fillers: Vec<Symbol>,
    pub(super) rules: Vec<Rule<M>>,
    pub(super) patterns: Vec<RulePattern>,
    /// For each turn the patterns that can begin with a symbol.
    pub(super) by_symbol: [Vec<Vec<u32>>; Turn::COUNT],
    pub(super) examples: Vec<Example<M>>,
}

/// Reads one file of rules and the words that it is written in.
pub(super) fn load<M: DeserializeOwned + Clone>(files: &RuleFiles, name: &str) -> Result<Compiled<M>, RuleError> {
    let limits: CareLimits = files.parse("meaning/care.toml")?;
    let file: RuleFile<M> = files.parse(name)?;
    let mut grammar = Grammar::new(Lexicon::new(FoldRules::load(files)?, limits));
    for path in files.names_below(&format!("meaning/{}/", file.words)) {
        let words: WordFile = files.parse(&path)?;
        declare(&mut grammar, words.class, words.phrase).map_err(|message| wrong(&path, message))?;
    }
    let table = files.text("names/first_names.tsv");
    let names: Vec<&str> = files.table(&table).filter_map(|mut cells| cells.next()).collect();
    compile(grammar, file, &names).map_err(|message| wrong(name, message))
}

fn wrong(path: &str, message: String) -> RuleError {
    RuleError::Meaning { path: path.to_owned(), message }
}

fn declare(
    grammar: &mut Grammar,
    classes: BTreeMap<String, Vec<String>>,
    phrases: BTreeMap<String, Vec<String>>,
) -> Result<(), String> {
    for (class, words) in classes {
        words.iter().try_for_each(|word| grammar.lexicon.add(&class, word))?;
    }
    phrases.into_iter().try_for_each(|(name, patterns)| grammar.add_phrase(&name, patterns))
}

fn compile<M: Clone>(mut grammar: Grammar, file: RuleFile<M>, names: &[&str]) -> Result<Compiled<M>, String> {
    declare(&mut grammar, file.class, file.phrase)?;
    if let Some(class) = &file.names {
        names.iter().try_for_each(|name| grammar.lexicon.add_name(class, name))?;
    }
    let fillers = file.fillers.iter().map(|class| grammar.class(class)).collect::<Result<_, _>>()?;
    for class in &file.forgiving {
        let class = grammar.class(class)?;
        grammar.lexicon.forgive(class);
    }
    let mut guards = BTreeMap::new();
    for (name, entry) in &file.guard {
        guards
            .insert(name.as_str(), guard(&mut grammar, entry).map_err(|message| format!("guard `{name}`: {message}"))?);
    }
    let (mut rules, mut patterns, mut examples) = (Vec::new(), Vec::new(), Vec::new());
    for entry in file.rule {
        let of_rule = |message: String| format!("rule `{}`: {message}", entry.name);
        for sequence in read_all(&mut grammar, &entry.patterns).map_err(of_rule)? {
            if firsts(&sequence, &mut Vec::new()) != Beginning::Told {
                return Err(of_rule("a pattern begins with a word or a class".to_owned()));
            }
            let needs = needs(&sequence);
            patterns.push(RulePattern { rule: rules.len(), sequence, needs });
        }
        let guard = |name: &String| {
            let guard = guards.get(name.as_str()).cloned();
            guard.ok_or_else(|| of_rule(format!("there is no guard `{name}`")))
        };
        let unless = entry.unless.iter().map(guard).collect::<Result<_, _>>()?;
        if let Some(means) = &entry.means {
            for (texts, must) in [(&entry.examples, true), (&entry.but_not, false)] {
                examples.extend(texts.iter().map(|text| Example {
                    rule: entry.name.clone(),
                    text: text.clone(),
                    means: means.clone(),
                    must,
                }));
            }
        } else if !entry.examples.is_empty() || !entry.but_not.is_empty() {
            return Err(of_rule("an idiom means nothing that examples could show".to_owned()));
        }
        let turn = match (&entry.means, entry.before_idioms) {
            (None, _) => Turn::Idiom,
            (Some(_), true) => Turn::BeforeIdioms,
            (Some(_), false) => Turn::After,
        };
        rules.push(Rule { name: entry.name, means: entry.means, certainty: entry.certainty, turn, unless });
    }
    let mut by_symbol = std::array::from_fn(|_| vec![Vec::new(); grammar.lexicon.count()]);
    for (index, pattern) in patterns.iter().enumerate() {
        let mut symbols = Vec::new();
        firsts(&pattern.sequence, &mut symbols);
        symbols.sort_unstable();
        symbols.dedup();
        let turn: &mut Vec<Vec<u32>> = &mut by_symbol[rules[pattern.rule].turn as usize];
        symbols.iter().for_each(|symbol| turn[usize::from(*symbol)].push(index as u32));
    }
    Ok(Compiled { lexicon: grammar.lexicon, fillers, rules, patterns, by_symbol, examples })
}

/// What no match does without.
fn needs(sequence: &Sequence) -> Vec<Vec<Symbol>> {
    let wanted = sequence.iter().filter_map(|part| match part {
        Part::Word(wanted) | Part::Words(wanted) => Some(wanted.clone()),
        Part::OneOf(choices) => choices.firsts(),
        _ => None,
    });
    wanted.collect()
}

fn guard(grammar: &mut Grammar, entry: &GuardEntry) -> Result<Guard, String> {
    Ok(Guard {
        before: Choices::of(read_all(grammar, &entry.before)?),
        after: Choices::of(read_all(grammar, &entry.after)?),
        inside: Choices::of(read_all(grammar, &entry.inside)?),
        near: Choices::of(read_all(grammar, &entry.near)?),
        anywhere: Choices::of(read_all(grammar, &entry.anywhere)?),
    })
}

fn read_all(grammar: &mut Grammar, patterns: &[String]) -> Result<Vec<Sequence>, String> {
    patterns.iter().map(|text| grammar.parse(text).map_err(|message| format!("`{text}`: {message}"))).collect()
}
