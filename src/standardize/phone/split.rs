//! One run of digit groups: one number, or several side by side.

use rlibphonenumber::Region;

use super::number::{Reading, read};
use super::plan::Plans;
use super::tokens::{Cut, Segment};
use crate::record::PhoneValidity;

/// The numbers of a segment, in the order in which they are written. One that can't be cut up in exactly one way stays
/// whole, whatever it reads as.
pub(super) fn numbers(plans: &Plans, segment: &Segment, region: Option<Region>) -> Vec<Reading> {
    let groups = &segment.groups;
    let one_plus = groups.iter().skip(1).all(|group| !group.starts_with('+'));
    let whole = read(plans, &joined(groups), region);
    if groups.len() == 1 || (one_plus && whole.validity == PhoneValidity::Valid) {
        return vec![whole];
    }
    let mut ways = Vec::new();
    if groups.len() <= MOST_GROUPS {
        cut(plans, segment, 0, region, &mut Vec::new(), &mut ways);
    }
    if ways.len() == 1 {
        return ways.remove(0);
    }
    let parts = parts(plans, segment, region);
    if !one_plus || parts.iter().any(Reading::is_plain) { parts } else { vec![whole] }
}

/// The groups between slashes, commas and plus signs, each read as one number.
fn parts(plans: &Plans, segment: &Segment, region: Option<Region>) -> Vec<Reading> {
    let mut from = 0;
    let mut parts = Vec::new();
    for to in 1..=segment.groups.len() {
        if to == segment.groups.len() || segment.cuts[to] == Cut::Likely || segment.groups[to].starts_with('+') {
            parts.push(read(plans, &joined(&segment.groups[from..to]), region));
            from = to;
        }
    }
    parts
}

/// Tries every way to cut the groups from `from` on into plain valid numbers; stops at the second.
fn cut(
    plans: &Plans,
    segment: &Segment,
    from: usize,
    region: Option<Region>,
    taken: &mut Vec<Reading>,
    ways: &mut Vec<Vec<Reading>>,
) {
    let groups = &segment.groups;
    if from == groups.len() {
        ways.push(taken.clone());
        return;
    }
    for to in from + 1..=groups.len() {
        if ways.len() > 1 {
            return;
        }
        if groups[from + 1..to].iter().any(|group| group.starts_with('+')) {
            return;
        }
        let ends = to == groups.len() || segment.cuts[to] > Cut::Never || groups[to].starts_with('+');
        let written = joined(&groups[from..to]);
        if !ends || written.len() < LEAST_DIGITS {
            continue;
        }
        if written.len() > MOST_DIGITS {
            return;
        }
        let reading = read(plans, &written, region);
        if reading.is_plain() {
            taken.push(reading);
            cut(plans, segment, to, region, taken, ways);
            taken.pop();
        }
    }
}

fn joined(groups: &[String]) -> String {
    let mut text = String::new();
    for (index, group) in groups.iter().enumerate() {
        text.push_str(if index == 0 { group } else { group.trim_start_matches('+') });
    }
    text
}

/// More groups than this are no phone numbers.
const MOST_GROUPS: usize = 16;
/// A number that stands beside another one has at least these.
const LEAST_DIGITS: usize = 7;
/// And at most these, `+` or `00` with it.
const MOST_DIGITS: usize = 18;
