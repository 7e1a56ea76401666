//! What each distinct value is compared by: Latin letters, what a name can stand for, how it sounds, its rare words.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::fold::{in_latin, sound, spelling};
use super::levels::{Listed, Name, Words, are_spellings, form_tag, sound_tag};
use super::own_rows::OwnRows;
use crate::record::{ValueColumn, ValueDictionary, ValueId, text_hash};
use crate::rule::{NameLists, ResolveRules};
use crate::text::plain_spelling;

/// Texts by value id.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &[u8]) {
        self.bytes.extend_from_slice(text);
        self.ends.push(self.bytes.len() as u32);
    }

    pub(super) fn of(&self, id: ValueId) -> &[u8] {
        &self.bytes[range(&self.ends, id)]
    }
}

/// Several small things by value id.
#[derive(Debug)]
pub(super) struct Lists<T> {
    items: Vec<T>,
    ends: Vec<u32>,
}

impl<T: Copy> Lists<T> {
    fn from_lists(lists: Vec<Vec<T>>) -> Self {
        let mut all = Lists { items: Vec::new(), ends: Vec::with_capacity(lists.len()) };
        for list in lists {
            all.items.extend(list);
            all.ends.push(all.items.len() as u32);
        }
        all
    }

    pub(super) fn of(&self, id: ValueId) -> &[T] {
        &self.items[range(&self.ends, id)]
    }
}

fn range(ends: &[u32], id: ValueId) -> std::ops::Range<usize> {
    let id = id as usize;
    let start = if id == 0 { 0 } else { ends[id - 1] };
    start as usize..ends[id] as usize
}

/// Every value in Latin letters.
pub(super) fn latin_texts(values: &ValueDictionary, rules: &ResolveRules) -> Texts {
    let mut texts = Texts::default();
    for id in 0..values.len() as ValueId {
        let value = values.value(id);
        if value.is_ascii() {
            texts.push(value.as_bytes());
        } else {
            texts.push(in_latin(value, &rules.letters).as_bytes());
        }
    }
    texts
}

/// A column of names or parts of names.
#[derive(Debug)]
pub(super) struct NameTexts {
    latin: Texts,
    /// What stands behind a given name of the father, in Latin letters.
    fathers: Texts,
    tags: Lists<u32>,
    /// What the lists of given names know of each; nothing of family names.
    listed: Vec<Listed>,
    /// Hashes of how each name, and the commonest names that it is short for, sound.
    pub(super) sounds: Lists<u64>,
}

impl NameTexts {
    /// Of one column; with the lists of names for given names, behind which a father's may stand.
    pub(super) fn new(column: &ValueColumn, rules: &ResolveRules, given: Option<&NameLists>) -> Self {
        let values = &column.values;
        let ids = || 0..values.len() as ValueId;
        let Some(lists) = given else {
            let read: Vec<_> = ids().into_par_iter().map(|id| meanings(values.value(id), rules, false)).collect();
            let (tags, sounds) = read.into_iter().unzip();
            let mut fathers = Texts::default();
            ids().for_each(|_| fathers.push(b""));
            let (latin, listed) = (latin_texts(values, rules), vec![Listed::default(); values.len()]);
            return NameTexts {
                latin,
                fathers,
                tags: Lists::from_lists(tags),
                listed,
                sounds: Lists::from_lists(sounds),
            };
        };
        let is_prefix = |word: &str| rules.prefixes.iter().any(|prefix| prefix == word);
        let read = |id: ValueId| {
            let (own, father) = rules.fathers.parted(values.value(id), is_prefix);
            let latin = |text: &str| in_latin(text, &rules.letters);
            ((latin(own), latin(&plain_spelling(father))), meanings(own, rules, true), Listed::of(own, lists, rules))
        };
        let read: Vec<_> = ids().into_par_iter().map(read).collect();
        let (mut latin, mut fathers) = (Texts::default(), Texts::default());
        let (mut tags, mut sounds, mut listed) = (Vec::new(), Vec::new(), Vec::new());
        for ((own, father), (own_tags, own_sounds), own_listed) in read {
            latin.push(own.as_bytes());
            fathers.push(father.as_bytes());
            tags.push(own_tags);
            sounds.push(own_sounds);
            listed.push(own_listed);
        }
        NameTexts { latin, fathers, tags: Lists::from_lists(tags), listed, sounds: Lists::from_lists(sounds) }
    }

    pub(super) fn of(&self, id: ValueId) -> Name<'_> {
        Name {
            latin: self.latin.of(id),
            father: self.fathers.of(id),
            tags: self.tags.of(id),
            listed: self.listed[id as usize],
        }
    }

    /// Whether two names are known to be one, whatever their fathers are called.
    pub(super) fn are_spellings(&self, a: ValueId, b: ValueId) -> bool {
        are_spellings(self.of(a), self.of(b))
    }

    /// Whether lists of given names have it.
    pub(super) fn is_listed(&self, id: ValueId) -> bool {
        self.listed[id as usize].is_listed()
    }
}

impl Listed {
    /// Looks a folded name up.
    fn of(name: &str, lists: &NameLists, rules: &ResolveRules) -> Self {
        // Words whose usual Latin forms are known come from names.
        let is_spelt = name.is_ascii() || !rules.names.usual(name).is_empty();
        let is_given = lists.usage_of_folded(name).first > 0;
        if !is_given && (name.is_ascii() || !is_spelt) {
            return Listed::default();
        }
        let script = match name.chars().next() {
            None => return Listed::default(),
            Some('\0'..='\u{36f}') => 1,
            Some('\u{400}'..='\u{52f}') => 2,
            Some('\u{590}'..='\u{5ff}') => 3,
            Some('\u{600}'..='\u{6ff}') => 4,
            Some(_) => 5,
        };
        Listed { script, is_spelt }
    }
}

/// Tag of how a Latin form is spelt, whatever the fashion.
fn spelling_tag(form: &str) -> u32 {
    form_tag(text_hash(&format!("={}", spelling(form))))
}

/// Sounds of one name by which rows are found; more would only make more pairs.
const MOST_SOUNDS: usize = 3;

/// Hashes of what a name can stand for, and of how it sounds.
fn meanings(name: &str, rules: &ResolveRules, with_nicknames: bool) -> (Vec<u32>, Vec<u64>) {
    let mut tags = Vec::new();
    let mut sounds = Vec::new();
    if name.is_empty() {
        return (tags, sounds);
    }
    let hash = |text: &str| text_hash(text);
    let names = &rules.names;
    let (plain, marked) = (plain_spelling(name), name.strip_suffix('ه').map(|stem| format!("{stem}ة")));
    let mut forms: Vec<&str> = vec![name];
    forms.extend(marked.as_deref());
    if *plain != *name {
        tags.push(form_tag(hash(&plain)));
    }
    if with_nicknames {
        forms.extend(names.short_for(name).map(String::as_str));
        // What two spellings of one given name have in common is the word that both are forms of.
        for native in names.native(name) {
            tags.push(form_tag(hash(native)));
            tags.extend(names.usual(native).iter().map(|form| spelling_tag(form)));
        }
    }
    let written: Vec<&str> = forms.iter().flat_map(|form| names.usual(form)).map(String::as_str).collect();
    forms.extend(written);
    for form in &forms {
        tags.push(form_tag(hash(form)));
        let latin = in_latin(form, &rules.letters);
        // Rough letters of another script have no vowels to go by.
        if form.is_ascii() && form.len() > 2 {
            tags.push(spelling_tag(form));
        }
        let sound = sound(&latin);
        if latin.len() > 2 && !sound.is_empty() {
            let hash = hash(&format!("~{sound}"));
            tags.push(sound_tag(hash));
            if sounds.len() < MOST_SOUNDS && !sounds.contains(&hash) {
                sounds.push(hash);
            }
        }
    }
    if sounds.is_empty() {
        sounds.push(hash(name));
    }
    // One word of several is the name of many: given names, double surnames, a maiden name kept.
    if name.contains(' ') {
        let telling = |word: &&str| word.chars().count() > 2 && !rules.prefixes.iter().any(|prefix| prefix == word);
        tags.extend(name.split(' ').filter(telling).map(|word| form_tag(hash(word))));
    }
    tags.sort_unstable();
    tags.dedup();
    (tags, sounds)
}

/// A column of names kept whole.
#[derive(Debug)]
pub(super) struct WholeTexts {
    latin: Texts,
    weights: Lists<f32>,
}

impl WholeTexts {
    pub(super) fn new(column: &ValueColumn, own: &OwnRows, rules: &ResolveRules) -> Self {
        let rows = own.len();
        let latin = latin_texts(&column.values, rules);
        let mut rows_with: BTreeMap<&[u8], u32> = BTreeMap::new();
        let counts = own.counts(column);
        for id in 1..column.values.len() as ValueId {
            let mut words: Vec<&[u8]> = latin.of(id).split(|letter| *letter == b' ').collect();
            words.sort_unstable();
            words.dedup();
            words.into_iter().for_each(|word| *rows_with.entry(word).or_default() += counts[id as usize]);
        }
        let weight = |word: &[u8]| {
            let share = rows as f64 / f64::from(rows_with.get(word).copied().unwrap_or(1).max(1));
            (share.ln() + 0.1) as f32
        };
        let weights = (0..column.values.len() as ValueId)
            .map(|id| latin.of(id).split(|letter| *letter == b' ').map(weight).collect())
            .collect();
        WholeTexts { weights: Lists::from_lists(weights), latin }
    }

    pub(super) fn of(&self, id: ValueId) -> Words<'_> {
        Words { text: self.latin.of(id), weights: self.weights.of(id) }
    }
}
