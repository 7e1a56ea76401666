//! National plans as the reader needs them: one table a country, and the facts that its ranges carry.

use std::sync::Arc;

use jiff::civil::Date;

use super::numbering::{Label, RegionId, Walk};
use super::table::{JointTable, RangeTable};
use crate::finding::{Code, Confidence, Mark};
use crate::record::{CellOut, Detail, PhoneDetail, PhoneKind, PhoneValidity, Reach, ReachReason};
use crate::rule::{LineReach, OwnRange, PhonePlan, PhonePolicy, PhoneRules, RangeMove, ReachWord, RuleError};

/// Everything known of numbers beyond what the complete engine says.
#[derive(Debug)]
pub(super) struct Plans {
    /// The first one is for countries without a plan of their own.
    list: Vec<Plan>,
    /// Place in `list` by calling code.
    by_code: Vec<u8>,
    reach: [LineReach; PhoneKind::ALL.len()],
}

/// What is known of one country's numbers.
#[derive(Debug)]
pub(super) struct Plan {
    /// The country's rules; none in the plan of all other countries.
    pub(super) rules: Option<PhonePlan>,
    table: RangeTable,
    /// The same together with the calling code's numbering table.
    joint: Option<JointTable>,
    /// Numbers typed to get past a form: known by how they end.
    dummies: Arc<RangeTable>,
    /// The kinds of the user's own ranges, which are the table's first ones.
    own: Vec<PhoneKind>,
    facts: Vec<Fact>,
    shorts: RangeTable,
    /// The digits with which all prefixes of carriers begin.
    carriers_begin: String,
}

/// What one range says of its numbers.
#[derive(Debug)]
pub(super) struct Fact {
    pub(super) mark: Mark,
    pub(super) sms: Option<Reach>,
    pub(super) call: Option<Reach>,
    pub(super) why: Option<ReachReason>,
    pub(super) as_of: Option<String>,
    suggest: Option<RangeMove>,
}

/// What a national number's digits came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Known(u64);

impl Plans {
    /// Compiles the rules as they stand on `today`.
    pub(super) fn new(rules: &PhoneRules, today: Date) -> Result<Self, RuleError> {
        let mut reach = [LineReach { sms: ReachWord::Unknown, call: ReachWord::Unknown }; PhoneKind::ALL.len()];
        for (name, line) in &rules.policy.reach {
            let kind = PhoneKind::named(name).ok_or_else(|| RuleError::Meaning {
                path: "phone/policy.toml".to_owned(),
                message: format!("[reach] has no kind of line named `{name}`"),
            })?;
            reach[kind as usize] = *line;
        }
        let mut codes = Vec::new();
        for plan in &rules.plans {
            codes.push(code_of(&plan.region, "phone/*_plan.toml")?);
        }
        let mut own: Vec<(u16, &OwnRange)> = Vec::new();
        for range in rules.own_ranges.iter().filter(|range| range.is_in_force(today)) {
            own.push((code_of(&range.region, OWN_RANGES)?, range));
        }
        let own_of = |code: u16| -> Vec<&OwnRange> {
            own.iter().filter(|(of, _)| *of == code).map(|(_, range)| *range).collect()
        };
        // One table for the plans of all countries.
        let dummies = Arc::new(RangeTable::backwards(&rules.dummies.dummy, "phone/dummies.toml")?);
        let mut plans =
            Plans { list: vec![Plan::new(rules, Arc::clone(&dummies), 0, None, &[])?], by_code: vec![0; 1000], reach };
        for (code, plan) in codes.iter().zip(&rules.plans) {
            plans.add(*code, Plan::new(rules, Arc::clone(&dummies), *code, Some(plan), &own_of(*code))?);
        }
        for (code, _) in own.iter().filter(|(code, _)| !codes.contains(code)) {
            if plans.by_code[usize::from(*code)] == 0 {
                plans.add(*code, Plan::new(rules, Arc::clone(&dummies), *code, None, &own_of(*code))?);
            }
        }
        Ok(plans)
    }

    fn add(&mut self, code: u16, plan: Plan) {
        self.by_code[usize::from(code)] = self.list.len() as u8;
        self.list.push(plan);
    }

    /// The plan of a calling code; that of all countries without one where it has none.
    #[inline]
    pub(super) fn of(&self, code: u16) -> &Plan {
        &self.list[usize::from(self.by_code.get(usize::from(code)).copied().unwrap_or(0))]
    }

    /// What is known of a line of this kind beside its number, its ranges considered.
    pub(super) fn detail(&self, kind: PhoneKind, validity: PhoneValidity, plan: &Plan, known: Known) -> Detail {
        let [(sms, by_sms), (call, by_call)] = decide(self.line(kind), plan.facts_of(known));
        let by = by_sms.or(by_call).map(|fact| fact.mark.code);
        Detail::Phone(PhoneDetail { validity, kind, sms, call, by })
    }

    /// How a kind of line can be reached: SMS, call.
    pub(super) fn line(&self, kind: PhoneKind) -> [Reach; 2] {
        let line = self.reach[kind as usize];
        [reach_of(line.sms), reach_of(line.call)]
    }
}

impl Plan {
    /// `code` is 0 for all countries without a plan of their own.
    fn new(
        rules: &PhoneRules,
        dummies: Arc<RangeTable>,
        code: u16,
        plan: Option<&PhonePlan>,
        own: &[&OwnRange],
    ) -> Result<Self, RuleError> {
        let mut patterns: Vec<String> = own.iter().map(|range| range.pattern.clone()).collect();
        let own: Vec<PhoneKind> = own.iter().map(|range| range.kind.unwrap_or(PhoneKind::Unknown)).collect();
        // The place of the dummies, which have a table of their own.
        patterns.push(NOTHING.to_owned());
        let confidence = Confidence::percent(rules.dummies.confidence);
        let mut facts = vec![Fact {
            mark: Mark { code: Code::PhoneDummy, confidence },
            sms: None,
            call: None,
            why: None,
            as_of: None,
            suggest: None,
        }];
        for range in plan.map_or(&[][..], |plan| &plan.ranges) {
            patterns.push(range.pattern.clone());
            facts.push(Fact {
                mark: Mark { code: range.code, confidence: Confidence::percent(range.confidence) },
                sms: range.sms.map(reach_of),
                call: range.call.map(reach_of),
                why: range.why,
                as_of: range.as_of.clone(),
                suggest: range.suggest.clone(),
            });
        }
        let path = plan.map_or("phone/dummies.toml".to_owned(), |plan| {
            format!("phone/{}_plan.toml", plan.region.to_ascii_lowercase())
        });
        let shorts: Vec<String> =
            plan.map_or(Vec::new(), |plan| plan.shorts.iter().map(|short| short.pattern.clone()).collect());
        let carriers = plan.map_or(&[][..], |plan| &plan.carrier_prefixes);
        let table = RangeTable::new(&patterns, &path)?;
        Ok(Plan {
            rules: plan.cloned(),
            joint: Walk::of(code).and_then(|numbers| JointTable::new(&table, numbers)),
            table,
            dummies,
            own,
            facts,
            shorts: RangeTable::new(&shorts, &path)?,
            carriers_begin: common_beginning(carriers),
        })
    }

    /// All that the ranges know of a national number.
    #[inline]
    pub(super) fn look_up(&self, national: &[u8]) -> Known {
        self.with_dummies(self.table.look_up(national), national)
    }

    /// The same with what the numbering table says, where both are one.
    #[inline]
    pub(super) fn look_up_both(&self, national: &[u8]) -> Option<(Label, Known)> {
        let (label, bits) = self.joint.as_ref()?.look_up(national);
        Some((label, self.with_dummies(bits, national)))
    }

    #[inline]
    fn with_dummies(&self, bits: u64, national: &[u8]) -> Known {
        let is_dummy = self.dummies.look_up_backwards(national) != 0;
        Known(bits | u64::from(is_dummy) << self.own.len())
    }

    /// The kind of line that a user's own range gives this number; unknown where it says that there is no such number.
    #[inline]
    pub(super) fn own_range(&self, known: Known) -> Option<PhoneKind> {
        if known.0 == 0 || self.own.is_empty() {
            return None;
        }
        self.own.iter().enumerate().find(|(bit, _)| known.0 & (1 << bit) != 0).map(|(_, kind)| *kind)
    }

    /// Notes what is known of a number.
    #[inline]
    pub(super) fn mark(&self, known: Known, out: &mut CellOut) {
        for fact in self.facts_of(known) {
            out.mark_with(fact.mark.code, fact.mark.confidence);
        }
    }

    /// Where numbers of a retired range went.
    pub(super) fn moved(&self, known: Known) -> Option<&RangeMove> {
        self.facts_of(known).find_map(|fact| fact.suggest.as_ref())
    }

    /// What the ranges of a number say, one after the other.
    pub(super) fn facts_of(&self, known: Known) -> impl Iterator<Item = &Fact> {
        let mut bits = known.0 >> self.own.len();
        std::iter::from_fn(move || {
            let bit = bits.trailing_zeros();
            bits &= bits.wrapping_sub(1);
            self.facts.get(bit as usize)
        })
    }

    /// The codes of a number of a few digits, dialled as it stands.
    #[inline]
    pub(super) fn short_codes(&self, digits: &[u8]) -> Vec<Code> {
        if digits.len() > LONGEST_SHORT {
            return Vec::new();
        }
        let bits = self.shorts.look_up(digits);
        let shorts = self.rules.as_ref().map_or(&[][..], |plan| &plan.shorts);
        let said = shorts.iter().enumerate().filter(|(bit, _)| bits & (1 << bit) != 0);
        said.map(|(_, short)| short.code).collect()
    }

    /// Whether digits begin with an international prefix that names a carrier and can be read in two ways.
    #[inline]
    pub(super) fn is_through_a_carrier(&self, digits: &[u8]) -> bool {
        let Some(rules) = self.rules.as_ref().filter(|rules| !rules.carrier_prefixes.is_empty()) else { return false };
        // Nearly every number ends here.
        digits.iter().zip(self.carriers_begin.as_bytes()).all(|(digit, first)| digit == first)
            && rules.carrier_prefixes.iter().any(|prefix| digits.starts_with(prefix.as_bytes()))
    }
}

impl Known {
    /// Whether any range has something to say.
    #[inline]
    pub(super) fn has_facts(self) -> bool {
        self.0 != 0
    }
}

/// The one place that decides: the kind of line (`[sms, call]`), unless a range says something else; with the range that did.
#[inline]
pub(super) fn decide<'a>(line: [Reach; 2], facts: impl Iterator<Item = &'a Fact>) -> [(Reach, Option<&'a Fact>); 2] {
    let mut ways = line.map(|reach| (reach, None));
    for fact in facts {
        for (way, said) in ways.iter_mut().zip([fact.sms, fact.call]) {
            if let Some(reach) = said {
                *way = (reach, Some(fact));
            }
        }
    }
    ways
}

/// The text with which all of them begin.
fn common_beginning(texts: &[String]) -> String {
    let Some(first) = texts.first() else { return String::new() };
    let agrees =
        |length: usize| texts.iter().all(|text| text.as_bytes().get(..length) == Some(&first.as_bytes()[..length]));
    let length = (0..=first.len()).rev().find(|length| agrees(*length)).unwrap_or(0);
    first[..length].to_owned()
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
    word.reach()
}

/// The calling code of the region that a rule file names.
fn code_of(region: &str, path: &str) -> Result<u16, RuleError> {
    RegionId::of(region).map(RegionId::calling_code).ok_or_else(|| RuleError::Meaning {
        path: path.to_owned(),
        message: format!("`{region}` is no ISO 3166 code of a country with telephones"),
    })
}

/// A pattern that no number matches.
const NOTHING: &str = r"[^\x00-\xff]";
/// Numbers that are dialled as they stand have a few digits.
const LONGEST_SHORT: usize = 6;
const OWN_RANGES: &str = "phone/ranges.toml";
