//! The long way through a cell: from its characters to numbers, marks and a suggestion.

use std::collections::HashSet;

use super::labelled::{Labelled, labelled};
use super::number::{Reading, Suggestion, read};
use super::numbering::{Number, RegionId};
use super::plan::Plan;
use super::shape::{Shape, shape};
use super::tokens::Tokens;
use super::{PhoneStandardizer, plain, split};
use crate::finding::{Code, Confidence};
use crate::record::{CellOut, Detail, PhoneKind, PhoneValidity, VALUE_SEPARATOR};

/// The numbers of a cell.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// In the order of the cell.
    pub(super) readings: Vec<Reading>,
    /// Those of a fax, a pager or the like.
    pub(super) not_to_call: Vec<Reading>,
}

impl PhoneStandardizer {
    /// Reads a cell completely.
    pub(super) fn read_cell(&self, raw: &str, region: Option<RegionId>, out: &mut CellOut) {
        let text = plain::plain(raw);
        if text.is_empty() {
            return;
        }
        if self.vocabulary.is_placeholder(&text) {
            return out.mark(Code::PhonePlaceholder);
        }
        if let Some(readings) = self.already_standard(&text) {
            return self.write(&readings, out);
        }
        match shape(&text) {
            // Eight digits are somebody's number in many countries.
            Shape::Other(Code::PhoneLooksLikeDate) if self.is_plain_number(&text, region) => {
                self.read_text(&text, region, out);
            }
            Shape::Other(code) => self.refuse(code, out),
            Shape::Spreadsheet { repair, digits, plus } => {
                let reading = read(&self.plans, digits.as_bytes(), plus, region);
                if reading.validity == PhoneValidity::Valid {
                    self.mark(repair, out);
                }
                self.write(&[reading], out);
            }
            Shape::Text => self.read_text(&text, region, out),
        }
    }

    /// Numbers in E.164, as they are written together into one cell.
    pub(super) fn already_standard(&self, text: &str) -> Option<Vec<Reading>> {
        let parts = || text.split(VALUE_SEPARATOR).map(|part| part.strip_prefix('+'));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if !parts().all(|part| part.is_some_and(is_digits)) {
            return None;
        }
        let mut readings: Vec<Reading> = Vec::new();
        for digits in parts().flatten().map(str::as_bytes) {
            let reading = read(&self.plans, digits, true, None);
            let number = reading.number?;
            let is_same = number.without_code(digits) == Some(number.national());
            if !is_same {
                return None;
            }
            readings.push(reading);
        }
        (distinct(&readings) == readings.len()).then_some(readings)
    }

    /// Digits alone that are a number of the region without any repair.
    pub(super) fn is_plain_number(&self, text: &str, region: Option<RegionId>) -> bool {
        text.bytes().all(|byte| byte.is_ascii_digit()) && read(&self.plans, text.as_bytes(), false, region).is_plain()
    }

    /// Says why a cell is no phone number.
    fn refuse(&self, code: Code, out: &mut CellOut) {
        out.mark(code);
        let kind = if code == Code::PhoneStarCode { PhoneKind::ShortCode } else { PhoneKind::Unknown };
        self.write_nothing(kind, PhoneValidity::Unreadable, out);
    }

    fn read_text(&self, text: &str, region: Option<RegionId>, out: &mut CellOut) {
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
        let tokens = self.vocabulary.tokens(text);
        if digits.is_empty() {
            return self.refuse(Code::PhoneNotANumber, out);
        }
        if let Some(zeros) = &tokens.letter {
            return self.offer_zeros(zeros.as_deref(), region, out);
        }
        let Numbers { readings, not_to_call } = self.numbers(text, &tokens, region);
        // In some country 01 23 45 67 89 is somebody's number.
        let is_valid = |reading: &Reading| reading.validity == PhoneValidity::Valid;
        let has_valid = readings.iter().chain(&not_to_call).any(is_valid);
        if !tokens.note && !has_valid && self.placeholders.look_up(&digits) != 0 {
            return self.refuse(Code::PhonePlaceholder, out);
        }
        if !not_to_call.is_empty() {
            out.mark(Code::PhoneLabelledFax);
            if readings.is_empty() {
                return;
            }
        }
        self.mark_surroundings(&tokens, &readings, out);
        self.write(&readings, out);
    }

    /// The numbers of a cell that was cut up, those apart that its own words say nobody can be called at.
    pub(super) fn numbers(&self, text: &str, tokens: &Tokens, region: Option<RegionId>) -> Numbers {
        let of_segments: Vec<Vec<Reading>> =
            tokens.segments.iter().map(|segment| split::numbers(&self.plans, segment, region)).collect();
        let last = |segment: usize| (segment, of_segments[segment].len().saturating_sub(1));
        let is_mobile = |(segment, place): (usize, usize)| {
            of_segments[segment].get(place).is_some_and(|reading| reading.kind == PhoneKind::Mobile)
        };
        let place_of = |labelled: Labelled| match labelled {
            Labelled::First(segment) => (segment, 0),
            Labelled::Last(segment) => last(segment),
            Labelled::Either { of, is_before } => {
                let (before, after) = (last(of - 1), (of, 0));
                // A mobile is no fax.
                let is_before = if is_mobile(before) == is_mobile(after) { is_before } else { is_mobile(after) };
                if is_before { before } else { after }
            }
        };
        let places: HashSet<(usize, usize)> = labelled(text, tokens).into_iter().map(place_of).collect();
        let mut numbers = Numbers::default();
        for (segment, of_segment) in of_segments.into_iter().enumerate() {
            for (place, reading) in of_segment.into_iter().enumerate() {
                if places.contains(&(segment, place)) {
                    numbers.not_to_call.push(reading);
                } else {
                    numbers.readings.push(reading);
                }
            }
        }
        numbers
    }

    /// A letter between digits is never changed; a zero is offered where it makes one valid number.
    fn offer_zeros(&self, zeros: Option<&str>, region: Option<RegionId>, out: &mut CellOut) {
        self.refuse(Code::PhoneLetterInNumber, out);
        let Some(zeros) = zeros else { return };
        let tokens = self.vocabulary.tokens(zeros);
        if let [segment] = &tokens.segments[..]
            && let [reading] = &split::numbers(&self.plans, segment, region)[..]
            && let Some(number) = reading.number.filter(|_| reading.is_plain())
        {
            self.mark(Code::PhoneSuggestLetterOToZero, out);
            number.write_e164(&mut out.suggestion);
        }
    }

    /// Labels, notes and extensions that were taken off, and several numbers; a repair only where every part that holds
    /// digits could be read.
    fn mark_surroundings(&self, tokens: &Tokens, readings: &[Reading], out: &mut CellOut) {
        let all_read = readings.iter().all(|reading| reading.is_usable());
        let any_read = readings.iter().any(|reading| reading.is_usable());
        if tokens.label || tokens.note {
            out.mark(Code::PhoneTextAround);
        }
        if tokens.extension && any_read {
            out.mark(Code::PhoneExtension);
        }
        let distinct = distinct(readings);
        if distinct > 1 {
            out.mark(Code::PhoneMultiple);
        }
        if !all_read {
            return;
        }
        if distinct < readings.len() {
            out.mark(Code::PhoneDuplicateInCell);
        }
        let repairs = [
            (readings.len() > 1, Code::PhoneRepairSplit),
            (tokens.label, Code::PhoneRepairLabelStripped),
            (tokens.note, Code::PhoneRepairNoteSplit),
            (tokens.extension, Code::PhoneRepairExtSplit),
        ];
        for (_, repair) in repairs.iter().filter(|(made, _)| *made) {
            self.mark(*repair, out);
        }
    }

    /// Writes a valid number that stands alone and for which there is nothing better.
    #[inline]
    pub(super) fn write_ordinary(&self, reading: &Reading, number: &Number, out: &mut CellOut) {
        number.write_e164(&mut out.display);
        if !reading.codes.is_empty() {
            reading.codes.iter().for_each(|code| self.mark(code, out));
        }
        let plan = self.plans.of(reading.code);
        if reading.known.has_facts() {
            plan.mark(reading.known, out);
        }
        out.detail = self.detail_of(reading, plan);
    }

    /// Writes what was read: the numbers that can be shown with what is known of each, and what is said of the first. A mobile
    /// comes first: all that is sent goes to the first number of a cell.
    pub(super) fn write(&self, readings: &[Reading], out: &mut CellOut) {
        let mut first = None;
        let mut seen = HashSet::new();
        let is_mobile = |reading: &&Reading| reading.kind == PhoneKind::Mobile;
        for reading in readings.iter().filter(is_mobile).chain(readings.iter().filter(|reading| !is_mobile(reading))) {
            let Some(number) = &reading.number else { continue };
            first = first.or(Some(reading));
            if readings.len() > 1 && !seen.insert(identity(reading)) {
                continue;
            }
            out.push_value(self.detail_of(reading, self.plans.of(reading.code)), |text| number.write_e164(text));
        }
        let is_read = first.is_some();
        for reading in readings.iter().filter(|reading| reading.is_usable()) {
            reading.codes.iter().for_each(|code| self.mark(code, out));
        }
        let Some(first) = first.or(readings.first()) else { return };
        if !is_read {
            first.codes.iter().for_each(|code| self.mark(code, out));
        }
        self.plans.of(first.code).mark(first.known, out);
        self.offer(first, out);
        if !is_read {
            self.write_nothing(first.kind, first.validity, out);
        }
    }

    /// What is known of a number beside its digits.
    #[inline]
    fn detail_of(&self, reading: &Reading, plan: &Plan) -> Detail {
        self.plans.detail(reading.kind, reading.validity, plan, reading.known)
    }

    /// Writes a better value, or the two that the digits can mean.
    fn offer(&self, reading: &Reading, out: &mut CellOut) {
        let Some(suggestion) = &reading.suggestion else { return };
        match &**suggestion {
            Suggestion::Number(code, number) => {
                match self.plans.of(reading.code).moved(reading.known).filter(|moved| moved.code == *code) {
                    Some(moved) => out.mark_with(*code, Confidence::percent(moved.confidence)),
                    None => self.mark(*code, out),
                }
                number.write_e164(&mut out.suggestion);
            }
            Suggestion::Either(first, second) => {
                first.write_e164(&mut out.suggestion);
                out.suggestion.push_str(" / ");
                second.write_e164(&mut out.suggestion);
            }
        }
    }

    fn write_nothing(&self, kind: PhoneKind, validity: PhoneValidity, out: &mut CellOut) {
        let anywhere = self.plans.of(0);
        out.detail = self.plans.detail(kind, validity, anywhere, Default::default());
    }
}

/// What tells one number from another.
fn identity(reading: &Reading) -> Option<(u16, &[u8])> {
    reading.number.as_ref().map(|number| (number.code, number.national()))
}

/// How many different numbers there are; all parts that could not be read count as one.
fn distinct(readings: &[Reading]) -> usize {
    readings.iter().map(identity).collect::<HashSet<_>>().len()
}
