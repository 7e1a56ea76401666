//! One run of digit groups: one number, or several side by side.

use super::number::{Reading, read};
use super::numbering::RegionId;
use super::plan::Plans;
use super::tokens::{Cut, Segment};
use crate::finding::Code;
use crate::record::PhoneValidity;

/// The numbers of a segment, in the order in which they are written. One that can't be cut up in exactly one way stays
/// whole, whatever it reads as.
pub(super) fn numbers(plans: &Plans, segment: &Segment, region: Option<RegionId>) -> Vec<Reading> {
    let groups = &segment.groups;
    let one_plus = groups.iter().skip(1).all(|group| !group.starts_with('+'));
    let whole = read_joined(plans, groups, region);
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
    if let Some(reading) = doubled_code(plans, groups) {
        return vec![reading];
    }
    let parts = parts(plans, segment, region);
    let are_valid = || parts.iter().all(|part| part.validity == PhoneValidity::Valid);
    if !one_plus || parts.iter().any(Reading::is_plain) || are_valid() { parts } else { vec![whole] }
}

/// `+972 +972…`: a calling code that stands alone before a number with the same one.
fn doubled_code(plans: &Plans, groups: &[String]) -> Option<Reading> {
    let (first, rest) = groups.split_first()?;
    let is_second = rest.first().is_some_and(|group| group.starts_with('+'));
    if !is_second || rest.iter().skip(1).any(|group| group.starts_with('+')) {
        return None;
    }
    let mut reading = read_joined(plans, rest, None);
    let code = first.strip_prefix('+')?;
    let is_same = reading.is_plain() && reading.number.is_some_and(|number| number.code.to_string() == code);
    is_same.then(|| {
        reading.codes.push(Code::PhoneRepairCcDoubled);
        reading
    })
}

/// The groups between slashes, commas and plus signs, each read as one number.
fn parts(plans: &Plans, segment: &Segment, region: Option<RegionId>) -> Vec<Reading> {
    let mut from = 0;
    let mut parts = Vec::new();
    for to in 1..=segment.groups.len() {
        if to == segment.groups.len() || segment.cuts[to] == Cut::Likely || segment.groups[to].starts_with('+') {
            parts.push(read_joined(plans, &segment.groups[from..to], region));
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
    region: Option<RegionId>,
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
        let written: usize = groups[from..to].iter().map(String::len).sum();
        if !ends || written < LEAST_DIGITS {
            continue;
        }
        if written > MOST_DIGITS {
            return;
        }
        let reading = read_joined(plans, &groups[from..to], region);
        if reading.is_plain() {
            taken.push(reading);
            cut(plans, segment, to, region, taken, ways);
            taken.pop();
        }
    }
}

/// The groups as one number; only a plus before the first of them counts.
fn read_joined(plans: &Plans, groups: &[String], region: Option<RegionId>) -> Reading {
    let plus = groups.first().is_some_and(|group| group.starts_with('+'));
    let mut digits = [0_u8; LONGEST_READ];
    let mut count = 0;
    for byte in groups.iter().flat_map(|group| group.trim_start_matches('+').bytes()) {
        // More digits than this are too many for any number.
        let Some(slot) = digits.get_mut(count) else { break };
        *slot = byte;
        count += 1;
    }
    read(plans, &digits[..count], plus, region)
}

/// Room for more digits than a number has.
const LONGEST_READ: usize = 32;
/// More groups than this are no phone numbers.
const MOST_GROUPS: usize = 16;
/// A number that stands beside another one has at least these.
const LEAST_DIGITS: usize = 7;
/// And at most these, `+` or `00` with it.
const MOST_DIGITS: usize = 18;
