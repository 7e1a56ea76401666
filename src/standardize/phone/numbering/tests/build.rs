//! Builds the shipped tables from libphonenumber's metadata: each calling code's patterns as one minimal automaton whose
//! end states say the region and the kind of line, and each region's prefixes and lengths.
//!
//! The outcome depends on the metadata alone; a test builds it anew and compares it with what is shipped.

#![expect(
    deprecated,
    reason = "the engine marks these fields for its own wrappers, which the metadata has not met here"
)]

use std::collections::HashMap;

use rayon::prelude::*;
use rlibphonenumber::{NumberFormat, PhoneMetadata, PhoneMetadataCollection, PhoneNumberDesc};

use super::kind::{LINES, kind_of};
use crate::record::PhoneKind;
use crate::standardize::phone::automaton::{Automaton, prefix_label};
use crate::standardize::phone::numbering::tables::{Label, MAGIC, STATE, TRANSFORMED, WRITTEN_OFF};

/// Builds the tables.
///
/// # Errors
/// Which region's metadata can't be turned into tables, and why.
pub(super) fn build(metadata: &PhoneMetadataCollection, version: &str) -> Result<Vec<u8>, String> {
    let mut regions: Vec<&PhoneMetadata> =
        metadata.metadata.iter().filter(|region| region.country_code.is_some()).collect();
    regions.sort_by_key(|region| (region.id.clone(), region.country_code));
    let mut codes: Vec<i32> = regions.iter().filter_map(|region| region.country_code).collect();
    codes.sort_unstable();
    codes.dedup();

    let shapes: Vec<RegionShape> = regions.par_iter().map(|region| shape_of(region)).collect::<Result<_, _>>()?;
    let numbers: Vec<(usize, Automaton)> = codes
        .par_iter()
        .map(|code| {
            let members = members(metadata, &regions, *code);
            let main = *members.first().ok_or_else(|| format!("calling code {code} has no region"))?;
            let automaton = numbers_of(&regions, &members).map_err(|error| format!("calling code {code}: {error}"))?;
            Ok((main, automaton))
        })
        .collect::<Result<_, String>>()?;

    let mut arena = Arena::default();
    let mut records = Vec::new();
    for (region, shape) in regions.iter().zip(&shapes) {
        let id: Vec<u8> = region.id.bytes().chain([0; 4]).take(4).collect();
        records.extend([u16::from_le_bytes([id[0], id[1]]), u16::from_le_bytes([id[2], id[3]])]);
        let code = codes.binary_search(&region.country_code.unwrap_or_default()).map_err(|_| "unknown code")?;
        records.push(code as u16);
        for automaton in [&shape.general, &shape.abroad, &shape.trunk] {
            push_u32(&mut records, arena.add(automaton)?);
        }
        push_u32(&mut records, shape.lengths);
        push_u32(&mut records, shape.local_lengths);
    }
    for (code, (main, automaton)) in codes.iter().zip(&numbers) {
        records.extend([*code as u16, *main as u16]);
        push_u32(&mut records, arena.add(automaton)?);
    }

    let mut words: Vec<u16> = MAGIC.to_vec();
    let mut stamp = [0_u8; 16];
    stamp.get_mut(..version.len()).ok_or("a version has at most 16 letters")?.copy_from_slice(version.as_bytes());
    words.extend(stamp.chunks(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])));
    words.extend([regions.len() as u16, codes.len() as u16]);
    push_u32(&mut words, arena.words.len() as u32);
    words.extend(records);
    words.extend(arena.words);
    Ok(words.iter().flat_map(|word| word.to_le_bytes()).collect())
}

/// All automata one after the other, equal ones once.
#[derive(Default)]
struct Arena {
    words: Vec<u16>,
    places: HashMap<Automaton, u32>,
}

impl Arena {
    /// Where the automaton's dead end stands.
    fn add(&mut self, automaton: &Automaton) -> Result<u32, String> {
        if let Some(place) = self.places.get(automaton) {
            return Ok(*place);
        }
        let place = self.words.len() as u32;
        for state in &automaton.states {
            for next in state.next {
                let offset = usize::from(next) * STATE;
                self.words.push(u16::try_from(offset).map_err(|_| "too many states for one table")?);
            }
            self.words.push(u16::try_from(state.label).map_err(|_| "a label is too long")?);
        }
        self.places.insert(automaton.clone(), place);
        Ok(place)
    }
}

/// What reading a number in a region asks of it.
struct RegionShape {
    /// Whole numbers that its general pattern matches.
    general: Automaton,
    /// What is dialled before a number abroad.
    abroad: Automaton,
    /// What is dialled before a number within the country.
    trunk: Automaton,
    /// Bit `n`: numbers of `n` digits are possible.
    lengths: u32,
    /// Likewise for numbers without their area code.
    local_lengths: u32,
}

fn shape_of(region: &PhoneMetadata) -> Result<RegionShape, String> {
    let told = |error: String| format!("region {}: {error}", region.id);
    let general = region.general_desc.as_ref();
    let patterns: Vec<String> = general.and_then(pattern_of).into_iter().collect();
    let abroad: Vec<String> = region.international_prefix.as_deref().and_then(unwrapped).into_iter().collect();
    Ok(RegionShape {
        general: Automaton::whole(&patterns, |hits| u64::from(!hits.is_empty())).map_err(told)?,
        abroad: Automaton::prefix(&abroad).map_err(told)?,
        trunk: trunk_of(region).map_err(told)?,
        lengths: mask(general.map_or(&[], |general| &general.possible_length)),
        local_lengths: mask(general.map_or(&[], |general| &general.possible_length_local_only)),
    })
}

/// The national prefix: a pattern that is written off, and one whose match is rewritten, which the tables leave to the
/// complete engine.
fn trunk_of(region: &PhoneMetadata) -> Result<Automaton, String> {
    let Some(pattern) = region.national_prefix_for_parsing.as_deref().and_then(unwrapped) else {
        return Automaton::prefix(&[]);
    };
    if region.national_prefix_transform_rule.as_deref().unwrap_or("").is_empty() {
        return relabelled(&[(pattern, WRITTEN_OFF)]);
    }
    relabelled(&by_capture(&pattern))
}

fn relabelled(patterns: &[(String, u16)]) -> Result<Automaton, String> {
    let mut automaton = Automaton::prefix(&patterns.iter().map(|(pattern, _)| pattern.clone()).collect::<Vec<_>>())?;
    let role = |index: u64| index.checked_sub(1).map_or(0, |index| u64::from(patterns[index as usize].1));
    for state in &mut automaton.states {
        state.label = prefix_label(role(state.label & 0xff), role(state.label >> 8));
    }
    Ok(automaton)
}

/// Splits a pattern into its alternatives by whether they capture: a prefix that captures is rewritten. An optional
/// group that captures is tried before its absence, as a regex does.
fn by_capture(pattern: &str) -> Vec<(String, u16)> {
    let mut split = Vec::new();
    for alternative in alternatives(pattern) {
        match alternative.strip_suffix(")?").and_then(|rest| Some((rest, opening(rest)?))) {
            Some((_, at)) if has_capture(&alternative[at..]) => {
                split.push((alternative[..alternative.len() - 1].to_owned(), TRANSFORMED));
                split.push((alternative[..at].to_owned(), WRITTEN_OFF));
            }
            _ if has_capture(&alternative) => split.push((alternative, TRANSFORMED)),
            _ => split.push((alternative, WRITTEN_OFF)),
        }
    }
    split
}

/// The alternatives at a pattern's top level.
fn alternatives(pattern: &str) -> Vec<String> {
    let mut depth = 0;
    let mut parts = vec![String::new()];
    for letter in pattern.chars() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '|' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(letter);
        }
    }
    parts
}

/// Where the group begins that is still open at the end of this text.
fn opening(text: &str) -> Option<usize> {
    let mut open = Vec::new();
    for (at, letter) in text.char_indices() {
        match letter {
            '(' => open.push(at),
            ')' => drop(open.pop()),
            _ => {}
        }
    }
    open.pop()
}

fn has_capture(pattern: &str) -> bool {
    pattern.match_indices('(').any(|(at, _)| !pattern[at..].starts_with("(?"))
}

/// The regions of a calling code, its main one first, as places in `regions`.
fn members(metadata: &PhoneMetadataCollection, regions: &[&PhoneMetadata], code: i32) -> Vec<usize> {
    let mut members = Vec::new();
    for region in metadata.metadata.iter().filter(|region| region.country_code == Some(code)) {
        let Some(place) = regions.iter().position(|other| std::ptr::eq(*other, region)) else { continue };
        if region.main_country_for_code() { members.insert(0, place) } else { members.push(place) }
    }
    members
}

/// What one pattern of a calling code's numbers means.
enum Role {
    /// First digits that belong to this member alone.
    Leading(usize),
    /// A line of `LINES` of this member, with the lengths that it allows.
    Line(usize, usize, u32),
    /// First digits of a way of writing.
    FormatLeading(usize),
    /// The numbers of a way of writing.
    Format(usize),
    /// All numbers of so many digits.
    Length(usize),
}

/// The automaton over a calling code's national numbers; its labels are [`Label`]s.
fn numbers_of(regions: &[&PhoneMetadata], members: &[usize]) -> Result<Automaton, String> {
    let mut patterns = Vec::new();
    let mut roles = Vec::new();
    for (member, place) in members.iter().enumerate() {
        let region = regions[*place];
        if let Some(pattern) = region.leading_digits.as_deref().and_then(unwrapped) {
            patterns.push(format!(r"(?:{pattern})\d*"));
            roles.push(Role::Leading(member));
        }
        for (line, desc) in lines_of(region).into_iter().enumerate() {
            if let Some((desc, pattern)) = desc.and_then(|desc| Some((desc, pattern_of(desc)?))) {
                patterns.push(pattern);
                let lengths = if desc.possible_length.is_empty() { u32::MAX } else { mask(&desc.possible_length) };
                roles.push(Role::Line(member, line, lengths));
            }
        }
    }
    let formats = &regions[members[0]].number_format;
    let zeros: Vec<bool> = formats.iter().map(writes_zero).collect();
    for (index, format) in formats.iter().enumerate().filter(|_| zeros.contains(&true)) {
        if let Some(pattern) = format.leading_digits_pattern.last().and_then(|pattern| unwrapped(pattern)) {
            patterns.push(format!(r"(?:{pattern})\d*"));
            roles.push(Role::FormatLeading(index));
        }
        if let Some(pattern) = unwrapped(&format.pattern) {
            patterns.push(pattern);
            roles.push(Role::Format(index));
        }
    }
    for length in 1..=LONGEST {
        patterns.push(format!(r"\d{{{length}}}"));
        roles.push(Role::Length(length));
    }
    Automaton::whole(&patterns, |hits| {
        let hits: Vec<&Role> = hits.iter().map(|hit| &roles[*hit]).collect();
        u64::from(label(regions, members, formats, &zeros, &hits).0)
    })
}

/// What the patterns that match a number come to.
fn label(
    regions: &[&PhoneMetadata],
    members: &[usize],
    formats: &[NumberFormat],
    zeros: &[bool],
    hits: &[&Role],
) -> Label {
    let length = hits.iter().find_map(|hit| if let Role::Length(length) = hit { Some(*length) } else { None });
    let kind_in = |member: usize| {
        let mut lines = 0_u64;
        for hit in hits {
            if let Role::Line(of, line, lengths) = hit
                && *of == member
                && length.is_some_and(|length| lengths & (1 << length) != 0)
            {
                lines |= 1 << line;
            }
        }
        kind_of(lines, regions[members[member]].same_mobile_and_fixed_line_pattern())
    };
    let leads = |member: usize| hits.iter().any(|hit| matches!(hit, Role::Leading(of) if *of == member));
    let found = if members.len() == 1 {
        Some((0, kind_in(0)))
    } else {
        (0..members.len())
            .map(|member| (member, kind_in(member)))
            .find(|(member, kind)| leads(*member) || kind.is_some())
    };
    let is_format = |index: usize| {
        let leads = formats[index].leading_digits_pattern.is_empty()
            || hits.iter().any(|hit| matches!(hit, Role::FormatLeading(of) if *of == index));
        leads && hits.iter().any(|hit| matches!(hit, Role::Format(of) if *of == index))
    };
    let zero = (0..formats.len()).find(|index| is_format(*index)).is_some_and(|index| zeros[index]);
    let kind = found.and_then(|(_, kind)| kind).unwrap_or(PhoneKind::Unknown);
    Label::new(found.map(|(member, _)| members[member]), kind, zero)
}

/// The descriptions by the order of `LINES`.
fn lines_of(region: &PhoneMetadata) -> [Option<&PhoneNumberDesc>; LINES] {
    [
        &region.general_desc,
        &region.premium_rate,
        &region.toll_free,
        &region.shared_cost,
        &region.voip,
        &region.personal_number,
        &region.pager,
        &region.uan,
        &region.voicemail,
        &region.fixed_line,
        &region.mobile,
    ]
    .map(Option::as_ref)
}

/// Whether this way of writing puts a zero before the number and changes nothing else.
fn writes_zero(format: &NumberFormat) -> bool {
    let rule = format.national_prefix_formatting_rule.as_deref().unwrap_or("");
    let written = format.format.replacen("$1", rule, 1);
    let plain: String = written.chars().filter(|letter| letter.is_ascii_digit() || *letter == '$').collect();
    let groups =
        unwrapped(&format.pattern).map_or(0, |pattern| pattern.matches('(').count() - pattern.matches("(?").count());
    let expected: String = (1..=groups).map(|group| format!("${group}")).collect();
    !rule.is_empty() && plain == format!("0{expected}")
}

fn pattern_of(desc: &PhoneNumberDesc) -> Option<String> {
    desc.national_number_pattern.as_deref().and_then(unwrapped)
}

/// The metadata's patterns come anchored, as `^(?:…)$`.
fn unwrapped(pattern: &str) -> Option<String> {
    let inner = pattern.strip_prefix("^(?:").and_then(|rest| rest.strip_suffix(")$")).unwrap_or(pattern);
    (!inner.is_empty()).then(|| inner.to_owned())
}

/// A set of lengths bit by bit; negative ones mean that there is no such number.
fn mask(lengths: &[i32]) -> u32 {
    lengths.iter().filter_map(|length| u32::try_from(*length).ok()).fold(0, |mask, length| mask | 1 << length)
}

fn push_u32(words: &mut Vec<u16>, value: u32) {
    words.extend([value as u16, (value >> 16) as u16]);
}

/// Digits of the longest national number that libphonenumber reads.
const LONGEST: usize = 17;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_that_captures_is_told_from_one_that_is_written_off() {
        let cases: [(&str, &[(&str, u16)]); 3] = [
            (r"([457]\d{6})$|1", &[(r"([457]\d{6})$", TRANSFORMED), ("1", WRITTEN_OFF)]),
            (
                r"(?:0|90)(?:(1[245]|99)(\d{10,11}))?",
                &[(r"(?:0|90)(?:(1[245]|99)(\d{10,11}))", TRANSFORMED), ("(?:0|90)", WRITTEN_OFF)],
            ),
            (r"0?(?:(11|2(?:2|3))15)?", &[(r"0?(?:(11|2(?:2|3))15)", TRANSFORMED), ("0?", WRITTEN_OFF)]),
        ];
        for (pattern, expected) in cases {
            let expected: Vec<(String, u16)> =
                expected.iter().map(|(part, role)| ((*part).to_owned(), *role)).collect();
            assert_eq!(by_capture(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn a_way_of_writing_that_only_puts_a_zero_before_is_known() {
        let format = |pattern: &str, format: &str, rule: &str| NumberFormat {
            pattern: format!("^(?:{pattern})$"),
            format: format.to_owned(),
            national_prefix_formatting_rule: Some(rule.to_owned()),
            ..NumberFormat::default()
        };
        assert!(writes_zero(&format(r"(\d{2})(\d{3})", "$1 $2", "0$1")));
        assert!(writes_zero(&format(r"(\d{2})(?:\d)(\d{3})", "$1-$2", "(0$1)")));
        assert!(!writes_zero(&format(r"(\d{2})(\d{3})", "$1 $2", "8 ($1)")));
        assert!(!writes_zero(&format(r"(\d)(\d{2})(\d{3})", "$2 15-$3", "0$1")));
        assert!(!writes_zero(&format(r"(\d{2})(\d{3})", "$1 $2", "")));
    }
}
