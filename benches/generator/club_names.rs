//! Names of the club: Hebrew ones as often as people bear them, their nicknames, and how people spell them.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::random::Random;

/// Hebrew names, each as often as people bear it.
pub struct Bearers(Vec<(u64, &'static str)>);

impl Bearers {
    fn parse(text: &'static str) -> Self {
        let mut up_to = 0;
        let rows = text.lines().filter_map(|line| {
            let mut cells = line.split('\t');
            let (name, script, count) = (cells.next()?, cells.next()?, cells.next()?);
            up_to += count.parse::<u64>().ok().filter(|_| script == "he")?;
            Some((up_to, name))
        });
        Bearers(rows.collect())
    }

    pub fn pick(&self, random: &mut Random) -> &'static str {
        let total = self.0.last().expect("there are names").0;
        let at = random.below(total);
        self.0[self.0.partition_point(|(up_to, _)| *up_to <= at)].1
    }
}

/// Given and family names.
pub fn names() -> &'static (Bearers, Bearers) {
    static NAMES: OnceLock<(Bearers, Bearers)> = OnceLock::new();
    NAMES.get_or_init(|| {
        let first = Bearers::parse(include_str!("../../rules/names/first_names.tsv"));
        (first, Bearers::parse(include_str!("../../rules/names/surnames.tsv")))
    })
}

/// By name without final letters.
fn table(text: &'static str) -> HashMap<&'static str, Vec<(u32, &'static str)>> {
    let mut table: HashMap<&str, Vec<(u32, &str)>> = HashMap::new();
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let mut cells = line.split('\t');
        if let (Some(name), Some(other)) = (cells.next(), cells.next()) {
            let count = cells.next().map_or(1, |count| count.parse().unwrap_or(1));
            table.entry(name).or_default().push((count, other));
        }
    }
    table
}

const FINALS: [(char, char); 5] = [('ם', 'מ'), ('ן', 'נ'), ('ך', 'כ'), ('ף', 'פ'), ('ץ', 'צ')];

fn without_finals(name: &str) -> String {
    let plain = |letter| FINALS.iter().find(|(end, _)| *end == letter).map_or(letter, |(_, plain)| *plain);
    name.chars().filter(|letter| !matches!(letter, '\'' | '׳')).map(plain).collect()
}

fn with_finals(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    if let Some(last) = letters.last_mut()
        && let Some((end, _)) = FINALS.iter().find(|(_, plain)| plain == last)
    {
        *last = *end;
    }
    letters.into_iter().collect()
}

/// What friends call somebody, and whether lists of names know it.
pub fn nickname(first: &str, random: &mut Random) -> Option<(String, bool)> {
    static NICKNAMES: OnceLock<HashMap<&str, Vec<(u32, &str)>>> = OnceLock::new();
    let known = NICKNAMES.get_or_init(|| table(include_str!("../../rules/resolve/nicknames_he.tsv")));
    if let Some(found) = known.get(without_finals(first).as_str())
        && random.permille(850)
    {
        return Some((with_finals(random.weighted::<&str>(found)), true));
    }
    let letters: Vec<char> = without_finals(first).chars().collect();
    let start: String = letters.iter().take(3).collect();
    (letters.len() > 3).then(|| (if random.permille(500) { with_finals(&start) } else { format!("{start}י") }, false))
}

/// A Hebrew name in Latin letters, in one of the ways people write it.
pub fn latin(name: &str, random: &mut Random) -> String {
    static FORMS: OnceLock<HashMap<&str, Vec<(u32, &str)>>> = OnceLock::new();
    let forms = FORMS.get_or_init(|| table(include_str!("../../rules/resolve/latin_forms.tsv")));
    let words = name.split([' ', '-']).map(|word| {
        let plain = without_finals(word);
        let mut written = match forms.get(plain.as_str()) {
            Some(known) => (*random.weighted(known)).to_owned(),
            None => spelt(&plain, random),
        };
        if random.permille(120) {
            respell(&mut written, random);
        }
        let mut letters = written.chars();
        letters.next().map_or(String::new(), |head| head.to_uppercase().chain(letters).collect())
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Letter by letter, with the vowels that Hebrew leaves out.
fn spelt(word: &str, random: &mut Random) -> String {
    let mut written = String::new();
    let count = word.chars().count();
    let mut needs_vowel = false;
    for (place, letter) in word.chars().enumerate() {
        let (start, end) = (place == 0, place + 1 == count);
        let part = match letter {
            'א' | 'ע' => random.pick(&["a", "a", "e"]),
            'ו' if start => "v",
            'ו' => random.pick(&["o", "u"]),
            'י' if start => "y",
            'י' => "i",
            'ה' if end => "a",
            'ה' => "h",
            'ב' if start => "b",
            'ב' => random.pick(&["v", "b"]),
            'ג' => "g",
            'ד' => "d",
            'ז' => "z",
            'ח' => random.pick(&["ch", "h"]),
            'ט' | 'ת' => "t",
            'כ' if start => "k",
            'כ' => random.pick(&["ch", "k"]),
            'ל' => "l",
            'מ' => "m",
            'נ' => "n",
            'ס' => "s",
            'פ' if start => "p",
            'פ' => random.pick(&["f", "p"]),
            'צ' => random.pick(&["tz", "ts", "z"]),
            'ק' => "k",
            'ר' => "r",
            'ש' => "sh",
            _ => "",
        };
        let is_vowel = part.starts_with(['a', 'e', 'i', 'o', 'u']);
        if needs_vowel && !is_vowel && !part.is_empty() {
            written.push_str(random.pick::<&str>(&["a", "a", "e"]));
        }
        written.push_str(part);
        needs_vowel = !is_vowel;
    }
    written
}

/// Another way to spell one sound.
fn respell(name: &mut String, random: &mut Random) {
    const WAYS: &[(&str, &str)] = &[
        ("ch", "h"),
        ("h", "ch"),
        ("tz", "ts"),
        ("ts", "z"),
        ("v", "w"),
        ("i", "y"),
        ("y", "i"),
        ("k", "c"),
        ("c", "k"),
        ("f", "ph"),
        ("oo", "u"),
        ("u", "oo"),
        ("ee", "i"),
        ("i", "ee"),
        ("e", "a"),
        ("a", "e"),
        ("o", "u"),
        ("kh", "ch"),
        ("ei", "ai"),
        ("y", "ie"),
    ];
    let ways: Vec<_> = WAYS.iter().filter(|(from, _)| name.get(1..).is_some_and(|rest| rest.contains(from))).collect();
    if !ways.is_empty() {
        let (from, to) = random.pick(&ways);
        *name = format!("{}{}", &name[..1], name[1..].replacen(from, to, 1));
    }
}

/// One letter left out, doubled, exchanged with the next or with a neighbour on the keyboard.
pub fn typo(text: &mut String, random: &mut Random) {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 3 {
        return;
    }
    let at = 1 + random.below(letters.len() as u64 - 2) as usize;
    match random.below(4) {
        0 => drop(letters.remove(at)),
        1 => letters.insert(at, letters[at]),
        2 => letters.swap(at, at + 1),
        _ => {
            letters[at] = if letters[at].is_ascii() {
                *random.pick(&['a', 'e', 'r', 's', 'n'])
            } else {
                *random.pick(&['א', 'ה', 'ו', 'י', 'ר'])
            }
        }
    }
    *text = letters.into_iter().collect();
}
