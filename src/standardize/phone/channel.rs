//! Channels: may a line get a text message, may it be called, and why.

use super::PhoneStandardizer;
use super::number::{Reading, read};
use super::numbering::Number;
use super::plan::{Fact, decide};
use crate::finding::{Code, Confidence};
use crate::record::{CellOut, PhoneKind, PhoneValidity, Reach, ReachReason};

/// One number of a cell with the ways to reach it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The number; none where the cell holds none that can be shown.
    pub number: Option<Number>,
    /// The kind of line.
    pub kind: PhoneKind,
    /// How far the number got.
    pub validity: PhoneValidity,
    /// May it get a text message.
    pub sms: Way,
    /// May it be called.
    pub call: Way,
}

/// Whether one channel reaches a line, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// Whether it does.
    pub reach: Reach,
    /// Why.
    pub why: ReachReason,
    /// How sure that is.
    pub confidence: Confidence,
    /// The month (YYYY-MM) of the list that says so, where it may be out of date.
    pub as_of: Option<String>,
}

impl PhoneStandardizer {
    /// The numbers of a cell that was read into `out`, in its order; one without a number where it holds none that can be
    /// shown, none at all where it is empty. What codes other than those of `is_told` know is left out.
    pub fn lines(&self, out: &CellOut, is_told: impl Fn(Code) -> bool) -> Vec<Line> {
        let Some(detail) = out.detail.phone() else { return Vec::new() };
        let texts = out.values().filter_map(|text| text.strip_prefix('+'));
        let readings = texts.map(|digits| read(&self.plans, digits.as_bytes(), true, None));
        let lines: Vec<Line> = readings.map(|reading| self.line(&reading, &is_told)).collect();
        if !lines.is_empty() {
            return lines;
        }
        let (kind, validity) = (detail.kind, detail.validity);
        let [sms, call] = decide(self.plans.line(kind), std::iter::empty()).map(|way| way_of(way, kind, validity));
        vec![Line { number: None, kind, validity, sms, call }]
    }

    /// A number with the ways to reach it.
    pub(super) fn line(&self, reading: &Reading, is_told: impl Fn(Code) -> bool) -> Line {
        let &Reading { number, kind, validity, .. } = reading;
        let facts = self.plans.of(reading.code).facts_of(reading.known).filter(|fact| is_told(fact.mark.code));
        let [sms, call] = decide(self.plans.line(kind), facts).map(|way| way_of(way, kind, validity));
        Line { number, kind, validity, sms, call }
    }
}

fn way_of((reach, fact): (Reach, Option<&Fact>), kind: PhoneKind, validity: PhoneValidity) -> Way {
    let of_kind = ReachReason::of(kind, validity);
    match fact {
        Some(fact) => {
            Way { reach, why: fact.why.unwrap_or(of_kind), confidence: fact.mark.confidence, as_of: fact.as_of.clone() }
        }
        None => Way { reach, why: of_kind, confidence: Confidence::CERTAIN, as_of: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Context;
    use crate::standardize::{CellContext, Standardizer};

    fn lines(raw: &str, is_told: impl Fn(Code) -> bool) -> Vec<Line> {
        let context = Context::shipped("IL", jiff::civil::date(2026, 11, 21));
        let reader = PhoneStandardizer::new(&context).expect("the shipped rules load");
        let mut out = CellOut::default();
        reader.standardize(raw, CellContext::default(), &mut out);
        let lines = reader.lines(&out, is_told);
        if let (Some(detail), Some(first)) = (out.detail.phone(), reader.lines(&out, |_| true).first()) {
            assert_eq!((detail.sms, detail.call), (first.sms.reach, first.call.reach), "{raw}");
        }
        lines
    }

    #[test]
    fn every_channel_has_its_reason() {
        use Reach::{No, Unknown, Yes};
        use ReachReason as Why;
        let cases = [
            ("050-2345678", (Yes, Why::MobileLine), (Yes, Why::MobileLine)),
            ("03-5234567", (No, Why::Landline), (Yes, Why::Landline)),
            ("050-4123456", (No, Why::KosherPrefix), (Yes, Why::MobileLine)),
            ("072-2345678", (No, Why::Voip), (Yes, Why::Voip)),
            ("1-800-123-456", (No, Why::CompanyNumber), (No, Why::CompanyNumber)),
            ("1-900-123-456", (No, Why::Premium), (No, Why::Premium)),
            ("+18002345678", (No, Why::TollFree), (No, Why::TollFree)),
            ("+443457404404", (No, Why::CompanyNumber), (No, Why::CompanyNumber)),
            ("+12025550123", (Unknown, Why::LandlineOrMobile), (Yes, Why::LandlineOrMobile)),
            ("*2700", (No, Why::ShortCode), (No, Why::ShortCode)),
            ("12", (Unknown, Why::NoNumber), (Unknown, Why::NoNumber)),
            ("057-7234567", (Unknown, Why::UnknownRange), (Unknown, Why::UnknownRange)),
        ];
        for (raw, sms, call) in cases {
            let got: Vec<_> = lines(raw, |_| true)
                .into_iter()
                .map(|line| ((line.sms.reach, line.sms.why), (line.call.reach, line.call.why)))
                .collect();
            assert_eq!(got, [(sms, call)], "{raw}");
        }
    }

    #[test]
    fn a_kosher_prefix_is_told_with_its_date_and_how_sure_it_is() {
        let [line] = &lines("050-4123456", |_| true)[..] else { panic!("one number") };
        assert_eq!((line.sms.confidence.as_percent(), line.sms.as_of.as_deref()), (90, Some("2026-11")));
        let [line] = &lines("050-4123456", |code| code != Code::PhoneKosherRange)[..] else { panic!("one number") };
        assert_eq!((line.sms.reach, line.sms.why), (Reach::Yes, ReachReason::MobileLine));
        let [line] = &lines("02-8012345", |code| code != Code::PhoneKosherLandline)[..] else { panic!("one number") };
        assert_eq!((line.sms.reach, line.sms.why, &line.sms.as_of), (Reach::No, ReachReason::Landline, &None));
    }

    #[test]
    fn each_number_of_a_cell_is_told_by_itself() {
        let kinds: Vec<_> = lines("050-2345678 / 03-5234567", |_| true).iter().map(|line| line.kind).collect();
        assert_eq!(kinds, [PhoneKind::Mobile, PhoneKind::Fixed]);
        assert!(lines("", |_| true).is_empty());
    }
}
