//! The steps by which a phone cell is read, told after the fact to whoever asks about one cell.

use super::cell::Numbers;
use super::channel::Way;
use super::number::{Reading, read};
use super::numbering::RegionId;
use super::shape::{Shape, shape};
use super::tokens::{Meaning, Segment, Tokens};
use super::{PhoneStandardizer, plain};
use crate::finding::Code;
use crate::record::PhoneKind;
use crate::standardize::{CellContext, Note, Step, StepPart};
use crate::text::is_word_mark;

impl PhoneStandardizer {
    /// What `standardize` does with a cell, step by step.
    pub(super) fn steps_of(&self, raw: &str, context: CellContext<'_>) -> Vec<Step> {
        let text = plain::plain(raw);
        if text.is_empty() {
            return Vec::new();
        }
        let mut steps = Vec::new();
        if text != raw {
            steps.push(Step::one("step.plain", &text, Vec::new()));
        }
        if self.vocabulary.is_placeholder(&text) {
            steps.push(Step::one("step.words", &text, vec![Note::Word("step.placeholder")]));
            return steps;
        }
        if let Some(readings) = self.already_standard(&text) {
            self.push_numbers(&readings, &mut steps);
            return steps;
        }
        let region = self.region_for(context.country);
        match shape(&text) {
            Shape::Other(Code::PhoneLooksLikeDate) if self.is_plain_number(&text, region) => {
                self.push_text(&text, context, &mut steps);
            }
            Shape::Other(code) => steps.push(Step::one("step.shape", "", vec![Note::Word(code.as_str())])),
            Shape::Spreadsheet { repair, digits, plus } => {
                steps.push(Step::one("step.shape", &digits, vec![Note::Word(repair.as_str())]));
                steps.push(self.region_step(context, plus));
                self.push_numbers(&[read(&self.plans, digits.as_bytes(), plus, region)], &mut steps);
            }
            Shape::Text => self.push_text(&text, context, &mut steps),
        }
        steps
    }

    fn push_text(&self, text: &str, context: CellContext<'_>, steps: &mut Vec<Step>) {
        let tokens = self.vocabulary.tokens(text);
        let words = self.words_of(text, &tokens);
        if !words.is_empty() {
            steps.push(Step::of("step.words", words));
        }
        if tokens.letter.is_some() || tokens.segments.is_empty() {
            return;
        }
        let groups = tokens.segments.iter().map(|segment| StepPart { value: joined(segment), notes: Vec::new() });
        steps.push(Step::of("step.groups", groups.collect()));
        let is_first_plus = |segment: &Segment| segment.groups.first().is_some_and(|group| group.starts_with('+'));
        steps.push(self.region_step(context, tokens.segments.iter().all(is_first_plus)));
        let region = self.region_for(context.country);
        let Numbers { readings, not_to_call } = self.numbers(text, &tokens, region);
        let fax = |reading: &Reading| {
            let number = reading.number.map(|number| number.e164()).unwrap_or_default();
            StepPart { value: number, notes: vec![Note::Word(Code::PhoneLabelledFax.as_str())] }
        };
        if !not_to_call.is_empty() {
            steps.push(Step::of("step.shape", not_to_call.iter().map(fax).collect()));
        }
        if !readings.is_empty() {
            self.push_numbers(&readings, steps);
        }
    }

    /// The words of a cell with what each was taken for.
    fn words_of(&self, text: &str, tokens: &Tokens) -> Vec<StepPart> {
        let is_word = |letter: char| letter.is_alphabetic() || is_word_mark(letter);
        let words = text.split(|letter| !is_word(letter)).filter(|word| word.contains(char::is_alphabetic));
        let part = |value: &str, note| StepPart { value: value.to_owned(), notes: vec![Note::Word(note)] };
        let mut parts: Vec<StepPart> = words
            .map(|word| {
                let note = match self.vocabulary.meaning(word) {
                    _ if tokens.letter.is_some() => "step.word.letter",
                    _ if self.vocabulary.is_not_to_call(word) => "step.word.label",
                    Some(Meaning::Label) => "step.word.label",
                    Some(Meaning::Extension | Meaning::Pause) if tokens.extension => "step.word.extension",
                    Some(Meaning::Extension | Meaning::Pause) => "step.word.label",
                    Some(Meaning::Joiner) => "step.word.joiner",
                    None => "step.word.note",
                };
                part(word, note)
            })
            .collect();
        let by_word = |part: &StepPart| part.notes.contains(&Note::Word("step.word.extension"));
        if tokens.extension && !parts.iter().any(by_word) {
            parts.push(part("", "step.word.extension_mark"));
        }
        parts
    }

    /// Which country a number without one is taken to be of, and why.
    fn region_step(&self, context: CellContext<'_>, is_written: bool) -> Step {
        let why = match (self.named_region(context.country), self.region) {
            _ if is_written => "step.region.written",
            (Some(_), _) => "step.region.row",
            (None, Some(_)) if !context.country.is_empty() => "step.region.row_unknown",
            (None, Some(_)) => "step.region.list",
            (None, None) => "step.region.none",
        };
        let region = self.region_for(context.country).filter(|_| !is_written);
        Step::one("step.region", region.map_or("", RegionId::as_str), vec![Note::Word(why)])
    }

    /// Each number, and how its line can be reached.
    fn push_numbers(&self, readings: &[Reading], steps: &mut Vec<Step>) {
        steps.push(Step::of("step.number", readings.iter().map(|reading| self.number_part(reading)).collect()));
        let lines: Vec<_> = readings.iter().filter(|reading| reading.is_usable()).collect();
        for reading in &lines {
            let line = self.line(reading, |_| true);
            let parts = [("step.sms", line.sms), ("step.call", line.call)];
            let number = reading.number.filter(|_| lines.len() > 1).map(|number| number.e164());
            let parts = parts.map(|(channel, way)| way_part(number.as_deref().unwrap_or(""), channel, &way));
            steps.push(Step::of("step.channels", parts.into()));
        }
    }

    fn number_part(&self, reading: &Reading) -> StepPart {
        let mut notes = Vec::new();
        let mut value = String::new();
        if let Some(number) = reading.number {
            value = format!("+{} {}", number.code, std::str::from_utf8(number.national()).unwrap_or_default());
            notes.extend(number.region.map(|region| Note::Text(region.as_str().to_owned())));
        }
        if reading.kind != PhoneKind::Unknown {
            notes.push(Note::Text(reading.kind.as_str().to_owned()));
        }
        notes.push(Note::Text(reading.validity.as_str().replace('_', " ")));
        if self.plans.of(reading.code).own_range(reading.known).is_some() {
            notes.push(Note::Word("step.own_range"));
        }
        StepPart { value, notes }
    }
}

fn way_part(number: &str, channel: &'static str, way: &Way) -> StepPart {
    let mut notes = vec![Note::Word(channel), Note::Text(way.reach.as_str().to_owned()), Note::Word(way.why.key())];
    if let Some(month) = &way.as_of {
        notes.push(Note::Text(format!("{} % sure, list of {month}", way.confidence.as_percent())));
    }
    StepPart { value: number.to_owned(), notes }
}

fn joined(segment: &Segment) -> String {
    segment.groups.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Context;
    use crate::standardize::Standardizer;

    fn reader() -> PhoneStandardizer {
        let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
        PhoneStandardizer::new(&context).expect("the shipped rules load")
    }

    fn told(raw: &str, country: &str) -> Vec<String> {
        let steps = reader().steps(raw, CellContext { country });
        let note = |note: &Note| match note {
            Note::Word(key) => (*key).to_owned(),
            Note::Text(text) => text.clone(),
        };
        let part = |part: &StepPart| {
            let notes: Vec<String> = part.notes.iter().map(note).collect();
            format!("{} ({})", part.value, notes.join(", "))
        };
        steps
            .iter()
            .map(|step| format!("{}: {}", step.title, step.parts.iter().map(part).collect::<Vec<_>>().join(" | ")))
            .collect()
    }

    #[test]
    fn each_step_of_a_wordy_cell_is_told() {
        assert_eq!(
            told("\u{200f}טל' 03-5234567 שלוחה 12", ""),
            [
                "step.plain: טל' 03-5234567 שלוחה 12 ()",
                "step.words: טל' (step.word.label) | שלוחה (step.word.extension)",
                "step.groups: 03 5234567 ()",
                "step.region: IL (step.region.list)",
                "step.number: +972 35234567 (IL, fixed, valid)",
                "step.channels:  (step.sms, no, channel.landline) |  (step.call, yes, channel.landline)",
            ]
        );
    }

    #[test]
    fn the_country_that_was_used_is_told_with_its_source() {
        let region = |raw, country| {
            told(raw, country).into_iter().find(|step| step.starts_with("step.region")).unwrap_or_default()
        };
        assert_eq!(region("020 7946 0958", "GB"), "step.region: GB (step.region.row)");
        assert_eq!(region("050-2345678", "Atlantis"), "step.region: IL (step.region.row_unknown)");
        assert_eq!(region("+44 20 7946 0958", ""), "step.region:  (step.region.written)");
    }

    proptest::proptest! {
        #[test]
        fn any_cell_has_steps_that_end_in_what_was_read(raw in "\\PC{0,20}|[+0-9 ()/;,.-]{0,40}") {
            let reader = reader();
            let steps = reader.steps(&raw, CellContext::default());
            let mut out = crate::record::CellOut::default();
            reader.standardize(&raw, CellContext::default(), &mut out);
            let numbers: Vec<String> = steps
                .iter()
                .filter(|step| step.title == "step.number")
                .flat_map(|step| &step.parts)
                .filter(|part| !part.value.is_empty())
                .map(|part| part.value.replace(' ', ""))
                .collect();
            for number in out.values() {
                assert!(numbers.iter().any(|told| told == number), "{raw:?}: {number} of {numbers:?}");
            }
        }
    }
}
