//! Which numbers of a cell its own words say nobody can be called at: `fax 03-5234567`, `03-5234567 (פקס)`.

use std::ops::Range;

use super::tokens::{Says, Segment, Tokens, Word};

/// The number that nobody can be called at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Labelled {
    /// The first one of this segment.
    First(usize),
    /// The last one of this segment.
    Last(usize),
    /// The first one of this segment or the last one of the segment before it, which is the likelier one where `is_before`.
    Either { of: usize, is_before: bool },
}

/// What the words of a cell say so of: a label stands before its number or behind it, with no mark between that parts numbers.
/// `Tel/Fax` says that a telephone answers there as well.
pub(super) fn labelled(text: &str, tokens: &Tokens) -> Vec<Labelled> {
    let Tokens { words, segments, .. } = tokens;
    if !words.iter().any(|word| word.says == Says::NotToCall) {
        return Vec::new();
    }
    let [parts_before, parts_behind] = [['(', '['], [')', ']']].map(|brackets| parts(text, words, brackets));
    let cell = Cell { text, words, segments, parts_before, parts_behind };
    let not_to_call = words.iter().enumerate().filter(|(_, word)| word.says == Says::NotToCall);
    not_to_call
        .filter(|(place, _)| !cell.is_telephone_too(*place))
        .filter_map(|(_, word)| cell.labelled(word))
        .collect()
}

struct Cell<'c> {
    text: &'c str,
    words: &'c [Word],
    segments: &'c [Segment],
    /// Where marks and words stand that part a number from a label behind it, ascending.
    parts_before: Vec<usize>,
    /// And a label from a number behind it.
    parts_behind: Vec<usize>,
}

impl Cell<'_> {
    fn labelled(&self, word: &Word) -> Option<Labelled> {
        let after = self.segments_before(word.at.start);
        let Some(next) = self.segments.get(after) else { return after.checked_sub(1).map(Labelled::Last) };
        let Some(before) = after.checked_sub(1) else { return Some(Labelled::First(after)) };
        let in_brackets = self.text[..word.at.start].trim_end().ends_with(['(', '['])
            && self.text[word.at.end..].trim_start_matches([' ', '.', ':']).starts_with([')', ']']);
        let is_parted_before = is_parted(&self.parts_before, self.segments[before].at.end..word.at.start);
        match (is_parted_before, is_parted(&self.parts_behind, word.at.end..next.at.start)) {
            _ if in_brackets => Some(Labelled::Either { of: after, is_before: true }),
            (true, false) => Some(Labelled::First(after)),
            (false, true) => Some(Labelled::Last(before)),
            _ => Some(Labelled::Either { of: after, is_before: self.labels_follow() }),
        }
    }

    /// Whether labels stand behind the numbers of this cell: it begins with a number and ends with a label.
    fn labels_follow(&self) -> bool {
        let (Some(first), Some(last)) = (self.segments.first(), self.segments.last()) else { return false };
        self.words.first().is_some_and(|word| word.at.start > first.at.start)
            && self.words.last().is_some_and(|word| word.says != Says::Joiner && word.at.start >= last.at.end)
    }

    /// `Tel/Fax`, `fax and phone`: a label on the other side of a mark that links them, both about one number.
    fn is_telephone_too(&self, place: usize) -> bool {
        let is_joiner = |at: usize| self.words.get(at).is_some_and(|word| word.says == Says::Joiner);
        let before = place.checked_sub(if place > 0 && is_joiner(place - 1) { 2 } else { 1 });
        let after = Some(place + if is_joiner(place + 1) { 2 } else { 1 });
        [(before, Some(place)), (Some(place), after)].into_iter().any(|pair| {
            let (Some(first), Some(second)) = pair else { return false };
            let Some(words) = self.words.get(first..=second) else { return false };
            let (one, other) = (&words[0].at, &words[words.len() - 1].at);
            let is_label = [first, second].into_iter().any(|at| self.words[at].says == Says::Label);
            let between = self.text[one.end..other.start].trim();
            let is_linked =
                if words.len() > 2 { !between.contains(char::is_numeric) } else { LINKS.contains(&between) };
            is_label && is_linked && self.is_apart(one.start..other.end)
        })
    }

    /// Whether a pair of labels is not parted by its own mark as two numbers are: `050-2345678 mobile / fax 03-5234567`.
    fn is_apart(&self, pair: Range<usize>) -> bool {
        let after = self.segments_before(pair.start);
        let Some(before) = after.checked_sub(1).filter(|_| after < self.segments.len()) else { return true };
        is_parted(&self.parts_before, self.segments[before].at.end..pair.start)
    }

    fn segments_before(&self, at: usize) -> usize {
        self.segments.partition_point(|segment| segment.at.start < at)
    }
}

/// Marks between two labels of one number.
const LINKS: [&str; 6] = ["/", "&", "+", "-", "\\", "|"];

fn is_parted(parts: &[usize], range: Range<usize>) -> bool {
    parts.get(parts.partition_point(|part| *part < range.start)).is_some_and(|part| *part < range.end)
}

/// Where marks, these brackets and words stand that part numbers, ascending.
fn parts(text: &str, words: &[Word], brackets: [char; 2]) -> Vec<usize> {
    let is_mark = |letter: char| matches!(letter, ',' | ';' | '/' | '|' | '\\' | '&') || brackets.contains(&letter);
    let marks = text.match_indices(is_mark).map(|(at, _)| at);
    let joiners = words.iter().filter(|word| word.says == Says::Joiner).map(|word| word.at.start);
    let mut parts: Vec<usize> = marks.chain(joiners).collect();
    parts.sort_unstable();
    parts
}
