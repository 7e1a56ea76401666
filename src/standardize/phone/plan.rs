//! Numbering plans as the reader needs them: one table a country, and the facts that its ranges carry.

use super::table::{LINES, RangeTable, kind_of};
use crate::finding::{Code, Confidence, Mark};
use crate::record::{CellOut, PhoneKind, Reach};
use crate::rule::{LineReach, PhonePlan, PhonePolicy, PhoneRules, RangeMove, ReachWord, RuleError};

/// Everything known of numbers beyond what the complete engine says.
#[derive(Debug)]
pub(super) struct Plans {
    countries: Vec<Plan>,
    /// For countries without a plan of their own.
    anywhere: Plan,
    reach: [LineReach; KINDS.len()],
}

/// What is known of one country's numbers.
#[derive(Debug)]
pub(super) struct Plan {
    /// The country's rules; none in the plan of all other countries.
    pub(super) rules: Option<PhonePlan>,
    table: RangeTable,
    facts: Vec<Fact>,
    shorts: RangeTable,
}

/// What one range says of its numbers.
#[derive(Debug)]
struct Fact {
    mark: Mark,
    sms: Option<Reach>,
    call: Option<Reach>,
    suggest: Option<RangeMove>,
}

/// What a national number's digits came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Known(u64);

impl Plans {
    pub(super) fn new(rules: &PhoneRules) -> Result<Self, RuleError> {
        let countries = rules.plans.iter().map(|plan| Plan::new(rules, Some(plan))).collect::<Result<_, _>>()?;
        let mut reach = [LineReach { sms: ReachWord::Unknown, call: ReachWord::Unknown }; KINDS.len()];
        for (name, line) in &rules.policy.reach {
            let kind = KINDS.iter().position(|kind| kind.as_str() == name).ok_or_else(|| RuleError::Meaning {
                path: "phone/policy.toml".to_owned(),
                message: format!("[reach] has no kind of line named `{name}`"),
            })?;
            reach[kind] = *line;
        }
        Ok(Plans { countries, anywhere: Plan::new(rules, None)?, reach })
    }

    /// The plan of a calling code.
    pub(super) fn of(&self, code: &str) -> &Plan {
        let is_it = |plan: &&Plan| plan.rules.as_ref().is_some_and(|rules| rules.code == code);
        self.countries.iter().find(is_it).unwrap_or(&self.anywhere)
    }

    /// How a line of this kind can be reached, its ranges considered: SMS, call.
    pub(super) fn reach(&self, kind: PhoneKind, plan: &Plan, known: Known) -> (Reach, Reach) {
        let line = self.reach[KINDS.iter().position(|known| *known == kind).unwrap_or(0)];
        let (mut sms, mut call) = (reach_of(line.sms), reach_of(line.call));
        for fact in plan.facts_of(known) {
            sms = fact.sms.unwrap_or(sms);
            call = fact.call.unwrap_or(call);
        }
        (sms, call)
    }
}

impl Plan {
    fn new(rules: &PhoneRules, plan: Option<&PhonePlan>) -> Result<Self, RuleError> {
        let lines = rules.ranges.as_ref().filter(|ranges| plan.is_some_and(|plan| plan.code == ranges.code));
        let mut patterns: Vec<String> = LINES
            .iter()
            .map(|line| lines.and_then(|ranges| ranges.lines.get(*line)).map_or(NOTHING, String::as_str).to_owned())
            .collect();
        let mut facts = Vec::new();
        for pattern in &rules.dummies.dummy {
            patterns.push(pattern.clone());
            let confidence = Confidence::percent(rules.dummies.confidence);
            facts.push(Fact {
                mark: Mark { code: Code::PhoneDummy, confidence },
                sms: None,
                call: None,
                suggest: None,
            });
        }
        for range in plan.map_or(&[][..], |plan| &plan.ranges) {
            patterns.push(range.pattern.clone());
            facts.push(Fact {
                mark: Mark { code: range.code, confidence: Confidence::percent(range.confidence) },
                sms: range.sms.map(reach_of),
                call: range.call.map(reach_of),
                suggest: range.suggest.clone(),
            });
        }
        let path = plan.map_or("phone/dummies.toml".to_owned(), |plan| {
            format!("phone/{}_plan.toml", plan.region.to_ascii_lowercase())
        });
        let shorts: Vec<String> =
            plan.map_or(Vec::new(), |plan| plan.shorts.iter().map(|short| short.pattern.clone()).collect());
        Ok(Plan {
            rules: plan.cloned(),
            table: RangeTable::new(&patterns, &path)?,
            facts,
            shorts: RangeTable::new(&shorts, &path)?,
        })
    }

    /// All that the ranges know of a national number.
    #[inline]
    pub(super) fn look_up(&self, national: &[u8]) -> Known {
        Known(self.table.look_up(national))
    }

    /// Notes what is known of a number.
    pub(super) fn mark(&self, known: Known, out: &mut CellOut) {
        for fact in self.facts_of(known) {
            out.mark_with(fact.mark.code, fact.mark.confidence);
        }
    }

    /// Where numbers of a retired range went.
    pub(super) fn moved(&self, known: Known) -> Option<&RangeMove> {
        self.facts_of(known).find_map(|fact| fact.suggest.as_ref())
    }

    fn facts_of(&self, known: Known) -> impl Iterator<Item = &Fact> {
        let bits = known.0 >> LINES.len();
        self.facts.iter().enumerate().filter(move |(bit, _)| bits & (1 << bit) != 0).map(|(_, fact)| fact)
    }

    /// The codes of a number of a few digits, dialled as it stands.
    pub(super) fn short_codes(&self, digits: &str) -> impl Iterator<Item = Code> {
        let bits = self.shorts.look_up(digits.as_bytes());
        let shorts = self.rules.as_ref().map_or(&[][..], |plan| &plan.shorts);
        shorts.iter().enumerate().filter(move |(bit, _)| bits & (1 << bit) != 0).map(|(_, short)| short.code)
    }
}

impl Known {
    /// The kind of line, where this plan's line types are in the table and the number is valid.
    #[inline]
    pub(super) fn kind(self) -> Option<PhoneKind> {
        if self.0 == 0 { None } else { kind_of(self.0 & ((1 << LINES.len()) - 1)) }
    }

    /// Whether any range has something to say beyond the kind of line.
    #[inline]
    pub(super) fn has_facts(self) -> bool {
        self.0 >> LINES.len() != 0
    }
}

/// The policy file is read once more by whoever needs the sureness of repairs.
pub(super) fn confidence_of(policy: &PhonePolicy, code: Code) -> Confidence {
    let sure = &policy.confidence;
    Confidence::percent(match code {
        Code::PhoneRepairIddStripped => sure.idd_stripped,
        Code::PhoneRepairTrunkAfterCc => sure.trunk_after_cc,
        Code::PhoneRepairCcDoubled => sure.cc_doubled,
        Code::PhoneRepairZeroRestored => sure.zero_restored,
        Code::PhoneRepairExcelDotZero => sure.excel_dot_zero,
        Code::PhoneRepairExcelSciExact => sure.excel_sci_exact,
        Code::PhoneRepairSplit => sure.split,
        Code::PhoneRepairExtSplit => sure.ext_split,
        Code::PhoneRepairLabelStripped => sure.label_stripped,
        Code::PhoneRepairNoteSplit => sure.note_split,
        Code::PhoneSuggestPlusRestored => sure.plus_restored,
        Code::PhoneSuggestLetterOToZero => sure.letter_o_to_zero,
        _ => 100,
    })
}

fn reach_of(word: ReachWord) -> Reach {
    match word {
        ReachWord::Yes => Reach::Yes,
        ReachWord::No => Reach::No,
        ReachWord::Unknown => Reach::Unknown,
    }
}

/// A pattern that no number matches, for line types that a region does not have.
const NOTHING: &str = r"[^\x00-\xff]";

const KINDS: [PhoneKind; 13] = [
    PhoneKind::Unknown,
    PhoneKind::Mobile,
    PhoneKind::Fixed,
    PhoneKind::FixedOrMobile,
    PhoneKind::Voip,
    PhoneKind::TollFree,
    PhoneKind::Premium,
    PhoneKind::SharedCost,
    PhoneKind::Personal,
    PhoneKind::Pager,
    PhoneKind::Uan,
    PhoneKind::Voicemail,
    PhoneKind::ShortCode,
];
