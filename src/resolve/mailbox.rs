//! What a mailbox name tells beyond its owner's name.
//!
//! Three customers' mailboxes of four are made of their owners' names, so that two namesakes have mailboxes that look alike
//! without being one person's: the name was counted already. [`Explained`] takes out of a mailbox name whatever the row itself
//! explains — names in any spelling and order, initials, short forms, the birth date, words that many mailboxes have — and
//! mailboxes are compared by what is left, their residue.

use super::approximate::{LONGEST_FORM, begins, found_in, substitution};
use crate::record::FixedMap;
use crate::resolve::fold::in_latin;
use crate::rule::ResolveRules;

/// Mailbox names of more letters are explained as far as this.
const LONGEST: usize = 48;
/// So many names are kept at once with how they may be written.
const MOST_NAMES: usize = 1 << 14;

/// The residue of a mailbox name: what its row does not explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Residue {
    letters: [u8; LONGEST],
    count: usize,
    /// Start and end of its number within the mailbox name.
    number: (usize, usize),
    /// The row's own birth date explains the number.
    is_birth: bool,
    /// A mailbox of several people.
    is_shared: bool,
}

/// How two different addresses compare once both are explained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Likeness {
    /// A word or a number of some length stands in both, and nothing in the rows explains it.
    SameResidue,
    /// The same two digits, or a number that may be a year.
    SameShortNumber,
    /// The same mailbox name, made of the owner's name.
    SameMadeName,
    /// Alike in what is not explained.
    Alike,
    /// Both are made of the names, which were counted already.
    Explained,
    /// Not alike.
    Other,
}

/// Compares the mailbox names of two rows.
pub(super) fn likeness(a: (&str, &Residue), b: (&str, &Residue)) -> Likeness {
    let ((x, left), (y, right)) = (a, b);
    let (own, other) = (left.number_in(x), right.number_in(y));
    if left.is_shared && right.is_shared {
        return Likeness::Explained;
    }
    let is_one_word = left.word() == right.word();
    if is_one_word && left.word().len() >= 3 && (own == other || own.is_empty() || other.is_empty()) {
        return Likeness::SameResidue;
    }
    if own == other && own.len() > 1 && !(left.is_birth && right.is_birth) {
        let is_short = own.len() == 2 || left.is_birth || right.is_birth || may_be_year(own);
        return if is_short { Likeness::SameShortNumber } else { Likeness::SameResidue };
    }
    let are_alike = |x: &[u8], y: &[u8]| super::levels::are_alike(x, y);
    match (left.word(), right.word()) {
        ([], []) if x == y => Likeness::SameMadeName,
        ([], []) if own == other || left.is_quiet() || right.is_quiet() => Likeness::Explained,
        // A slip in a number of some length, or in a word.
        ([], []) if own.len().min(other.len()) > 3 && are_alike(own.as_bytes(), other.as_bytes()) => Likeness::Alike,
        ([], _) | (_, []) => Likeness::Other,
        (word, others) if are_alike(word, others) && (own == other || are_alike(own.as_bytes(), other.as_bytes())) => {
            Likeness::Alike
        }
        _ => Likeness::Other,
    }
}

/// Four digits that any year of these centuries may be.
fn may_be_year(number: &str) -> bool {
    number.len() == 4 && (number.starts_with("19") || number.starts_with("20"))
}

impl Residue {
    fn word(&self) -> &[u8] {
        &self.letters[..self.count]
    }

    fn number_in<'a>(&self, local: &'a str) -> &'a str {
        &local[self.number.0..self.number.1]
    }

    /// No number, or one that the birth date explains.
    fn is_quiet(&self) -> bool {
        self.number.0 == self.number.1 || self.is_birth
    }
}

/// Explains the mailbox names of one list.
#[derive(Debug)]
pub(super) struct Explained<'a> {
    rules: &'a ResolveRules,
}

impl<'a> Explained<'a> {
    pub(super) const fn new(rules: &'a ResolveRules) -> Self {
        Explained { rules }
    }

    /// Whether a mailbox is one of several people by its name: of a function, of a family.
    pub(super) fn is_shared(&self, local: &str) -> bool {
        let words = &self.rules.words;
        let is_of_many = |word: &str| words.mailbox_of_many.iter().any(|own| own == word);
        words.roles.iter().any(|role| role == local)
            || local.split(|letter: char| !letter.is_ascii_lowercase()).any(is_of_many)
    }

    /// What is left of a mailbox name. `names` are the row's folded names; its birth date is written `YYYYMMDD`.
    pub(super) fn residue<'n>(
        &self,
        (local, is_shared): (&str, bool),
        names: impl Iterator<Item = &'n str>,
        birth: &str,
        known: &mut KnownNames,
    ) -> Residue {
        let places: Vec<usize> = names.map(|name| known.place_of(name, self)).collect();
        let names = || places.iter().map(|place| &known.names[*place]);
        let mut local_bytes = [0u8; LONGEST];
        let length = local.len().min(LONGEST);
        local_bytes[..length].copy_from_slice(&local.as_bytes()[..length]);
        let text = &mut local_bytes[..length];
        let number = number(local.as_bytes());
        for word in names().flat_map(|name| &name.words) {
            cover(text, &word.forms);
        }
        let mut residue = Residue {
            letters: [0; LONGEST],
            count: 0,
            number,
            is_shared,
            is_birth: number.0 < number.1 && is_of_birth(&local[number.0..number.1], birth),
        };
        for run in text.split(|letter| !letter.is_ascii_lowercase()).filter(|run| !run.is_empty()) {
            if !self.is_explained(run, names) {
                residue.letters[residue.count..residue.count + run.len()].copy_from_slice(run);
                residue.count += run.len();
            }
        }
        residue
    }

    fn initial(&self, name: &str) -> Option<u8> {
        let start: String = name.chars().take(1).collect();
        in_latin(&start, &self.rules.letters).bytes().next()
    }

    fn name(&self, name: &str) -> WrittenName {
        let words = name.split(' ').filter(|word| !word.is_empty());
        let words = words.map(|word| WrittenWord { word: word.into(), forms: self.forms(word) });
        WrittenName { initial: self.initial(name), words: words.collect() }
    }

    /// How a word of a name may be written in Latin letters, and the names that it is short for.
    fn forms(&self, word: &str) -> Vec<Form> {
        let names = &self.rules.names;
        let by_letter = |word: &str| Form { latin: in_latin(word, &self.rules.letters), is_rough: !word.is_ascii() };
        let known = |latin: &String| Form { latin: latin.clone(), is_rough: false };
        let mut forms = vec![by_letter(word)];
        forms.extend(names.latin(word).iter().map(known));
        for full in names.full(word) {
            forms.push(by_letter(full));
            forms.extend(names.latin(full).first().map(known));
        }
        forms
    }

    /// Whether letters that stand by themselves tell nothing: initials, a begin of a name, a short form, a common word.
    fn is_explained<'n, N>(&self, run: &[u8], names: impl Fn() -> N) -> bool
    where
        N: Iterator<Item = &'n WrittenName>,
    {
        let is_vowel = |letter: &u8| matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | b'h' | b'w');
        if run.len() == 1 || run.iter().all(is_vowel) {
            return true;
        }
        let is_initial = |letter: &u8| {
            let mut initials = names().filter_map(|name| name.initial);
            initials.any(|own| substitution(own, *letter) <= 1)
        };
        if run.len() == 2 && run.iter().all(is_initial) {
            return true;
        }
        let Ok(text) = std::str::from_utf8(run) else { return false };
        if self.rules.words.mailbox.iter().any(|word| word == text) {
            return true;
        }
        let known = &self.rules.names;
        names().flat_map(|name| &name.words).any(|WrittenWord { word, forms }| {
            let is_short = known.short_for(text).any(|full| full == &**word || known.latin(word).contains(full));
            // Two names that meet in a letter leave the end of one: danielevy.
            let is_part = |form: &Form| begins(form.latin.as_bytes(), run) || form.latin.as_bytes().ends_with(run);
            is_short || forms.iter().any(is_part)
        })
    }
}

/// How the names of rows may be written, worked out once for each of those that were met lately; one a thread.
#[derive(Debug, Default)]
pub(super) struct KnownNames {
    places: FixedMap<Box<str>, usize>,
    names: Vec<WrittenName>,
}

/// How a name may be written.
#[derive(Debug)]
struct WrittenName {
    /// Its first letter in Latin.
    initial: Option<u8>,
    words: Vec<WrittenWord>,
}

#[derive(Debug)]
struct WrittenWord {
    word: Box<str>,
    forms: Vec<Form>,
}

impl KnownNames {
    /// Forgets all where there are many. No place that was handed out before is good then.
    pub(super) fn make_room(&mut self) {
        if self.names.len() >= MOST_NAMES {
            *self = KnownNames::default();
        }
    }

    fn place_of(&mut self, name: &str, explained: &Explained<'_>) -> usize {
        if let Some(place) = self.places.get(name) {
            return *place;
        }
        self.names.push(explained.name(name));
        self.places.insert(name.into(), self.names.len() - 1);
        self.names.len() - 1
    }
}

/// Takes the part out of a mailbox name that one word of a name stands for, where one does.
fn cover(text: &mut [u8], forms: &[Form]) {
    let mut best: Option<(u32, usize, usize)> = None;
    for form in forms {
        let most = form.most();
        let form = form.latin.as_bytes();
        if form.len() < 2 || form.len() > LONGEST_FORM {
            continue;
        }
        if let Some((cost, start, end)) = found_in(text, form, most) {
            let share = u32::from(cost) * 100 / form.len() as u32;
            let now = (share, usize::MAX - (end - start), start);
            if best.is_none_or(|(share, length, at)| now < (share, usize::MAX - (length - at), at)) {
                best = Some((share, end, start));
            }
        }
    }
    if let Some((_, end, start)) = best {
        text[start..end].fill(b'_');
    }
}

/// The longest number of a mailbox name.
fn number(local: &[u8]) -> (usize, usize) {
    let mut longest = (0, 0);
    let mut start = 0;
    for index in 0..=local.len() {
        if local.get(index).is_some_and(u8::is_ascii_digit) {
            continue;
        }
        if index - start > longest.1 - longest.0 {
            longest = (start, index);
        }
        start = index + 1;
    }
    longest
}

/// Whether a number is a birth date or a part of it: the year in two or four digits, day and month, all of it.
fn is_of_birth(number: &str, birth: &str) -> bool {
    let (Some(year), Some(month), Some(day)) = (birth.get(..4), birth.get(4..6), birth.get(6..8)) else { return false };
    let is = |parts: &[&str]| parts.concat() == number;
    number == year
        || number == &year[2..]
        || is(&[day, month])
        || is(&[month, day])
        || is(&[day, month, &year[2..]])
        || is(&[day, month, year])
        || is(&[year, month, day])
}

/// A word of a name in Latin letters.
#[derive(Debug)]
struct Form {
    latin: String,
    /// Put together letter by letter, so that vowels may be missing.
    is_rough: bool,
}

impl Form {
    /// What a spelling of it may cost.
    fn most(&self) -> u16 {
        let letters = self.latin.len() as u16;
        if self.is_rough { letters } else { (letters * 3).div_ceil(5) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    fn compare(a: (&str, &[&str], &str), b: (&str, &[&str], &str)) -> Likeness {
        let rules = ResolveRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let explained = Explained::new(&rules);
        let residue = |of: (&str, &[&str], &str)| {
            let is_shared = explained.is_shared(of.0);
            explained.residue((of.0, is_shared), of.1.iter().copied(), of.2, &mut KnownNames::default())
        };
        likeness((a.0, &residue(a)), (b.0, &residue(b)))
    }

    #[test]
    fn a_mailbox_made_of_its_owners_name_leaves_nothing() {
        let rules = ResolveRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
        let explained = Explained::new(&rules);
        for (local, names) in [
            ("david.cohen", &["דוד", "כהנ"][..]),
            ("dawidkohen", &["דוד", "כהנ"]),
            ("chayim.kadosh", &["חיימ", "קדוש"]),
            ("chaim.kadus", &["חיימ", "קדוש"]),
            ("dcohen", &["דוד", "כהנ"]),
            ("cohen_d", &["דוד", "כהנ"]),
            ("kuznetsova.olga", &["ольга", "кузнецова"]),
            ("o.kuznecova", &["ольга", "кузнецова"]),
            ("haddad.layla", &["ليلي", "حداد"]),
            ("bob.smith", &["robert", "smith"]),
            ("moti.levi", &["מרדכי", "לוי"]),
            ("jonathansmyth", &["jonathan", "smith"]),
            ("alex.brandis", &["alexander", "brandis"]),
            ("daniellevy", &["daniel", "levy"]),
            ("danielevy", &["daniel", "levy"]),
        ] {
            let residue = explained.residue((local, false), names.iter().copied(), "", &mut KnownNames::default());
            assert_eq!(std::str::from_utf8(residue.word()), Ok(""), "{local}");
        }
        for (local, names, left) in [
            ("kiwi88", &["דוד", "כהנ"][..], "kiwi"),
            ("david.kiwi", &["דוד", "כהנ"], "kiwi"),
            ("tiger.golan", &["דנה", "לוי"], "tigergolan"),
        ] {
            let residue = explained.residue((local, false), names.iter().copied(), "", &mut KnownNames::default());
            assert_eq!(std::str::from_utf8(residue.word()), Ok(left), "{local}");
        }
    }

    #[test]
    fn mailboxes_are_compared_by_what_no_name_explains() {
        let david: &[&str] = &["דוד", "כהנ"];
        for (a, b, expected) in [
            (("david.kohn", david, ""), ("david.cohen8", david, ""), Likeness::Explained),
            (("david.cohen", david, ""), ("david.cohen", david, ""), Likeness::SameMadeName),
            (("d.cohen7391", david, ""), ("davidc7391", david, ""), Likeness::SameResidue),
            (("kiwi88", david, ""), ("kiwi88", david, ""), Likeness::SameResidue),
            (("david84", david, ""), ("cohen84", david, ""), Likeness::SameShortNumber),
            (("david1984", david, ""), ("cohen1984", david, ""), Likeness::SameShortNumber),
            (("david84", david, "19840305"), ("cohen84", david, "19840305"), Likeness::Explained),
            (("david84", david, "19840305"), ("cohen84", david, ""), Likeness::SameShortNumber),
            (("david28", david, ""), ("david328", david, ""), Likeness::Other),
            (("saturn", david, ""), ("saturm", david, ""), Likeness::Alike),
            (("sunny7391", david, ""), ("sunny7319", david, ""), Likeness::Alike),
            (("sunny7391", david, ""), ("sunny28", david, ""), Likeness::Other),
            (("saturn", david, ""), ("david.cohen", david, ""), Likeness::Other),
        ] {
            assert_eq!(compare(a, b), expected, "{} {}", a.0, b.0);
            assert_eq!(compare(b, a), expected, "{} {}", b.0, a.0);
        }
    }
}
