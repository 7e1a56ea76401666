//! Business cases for Israeli phone cells: what standardizing and validating say together.

use tiuv::clock::Clock;
use tiuv::finding::Code;
use tiuv::pipeline::check_cell;
use tiuv::record::{ColumnIndex, Field};
use tiuv::rule::RuleFiles;

/// Rows of a fixture, without comments and header.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect())
}

/// Where this reader says something else than the proposal, and why: raw, E.164, verdict, codes as they come.
const OTHERWISE: &[(&str, &str, &str, &str)] = &[
    // Every `.repair.` makes a cell `repaired`, the harmless ones too.
    ("00972-50-2345678", "+972502345678", "repaired", "phone.repair.idd_stripped"),
    ("03-5234567 ext 12", "+97235234567", "repaired", "phone.extension phone.repair.ext_split"),
    ("03-5234567#12", "+97235234567", "repaired", "phone.extension phone.repair.ext_split"),
    // The old length says why the number is too short; one reason is enough.
    ("050-234567", "", "review", "phone.old_mobile_2004"),
    // A retired number stays visible beside the number offered instead of it.
    (
        "057-7234567",
        "+972577234567",
        "review",
        "phone.range_retired phone.suggest.il_057_to_053 phone.range_unallocated",
    ),
    // An address in a phone cell is named; moving it to another column is a matter of the row.
    ("dan@example.com", "", "invalid", "phone.looks_like_email"),
    // 100 is an emergency number, which says more than "a short one".
    ("100", "", "invalid", "phone.emergency phone.short_code phone.not_personal"),
];

/// Proposed words that are pure formatting, and those that go by another name here.
const RENAMED: &[(&str, &str)] = &[
    ("BIDI_STRIPPED", ""),
    ("PUNCT_NORMALIZED", ""),
    ("DIGIT_SCRIPT", ""),
    ("EXCEL_TEXT_MARK", ""),
    ("LOOKS_LIKE_DUMMY", "phone.dummy"),
    ("MULTIPLE_NUMBERS", "phone.multiple"),
    ("EXCEL_SCI_LOSSY", "phone.sci_lossy"),
    ("SERVICE_NUMBER", "phone.service"),
    ("PREMIUM_NUMBER", "phone.premium"),
    ("PLUS_RESTORED", "phone.suggest.plus_restored"),
    ("LETTER_O_TO_ZERO", "phone.suggest.letter_o_to_zero"),
    ("IL_057_TO_053", "phone.suggest.il_057_to_053"),
];

#[test]
fn the_business_cases_of_israeli_lists_come_out_as_proposed() {
    let files = RuleFiles::embedded();
    let clock = Clock::at(jiff::civil::date(2026, 11, 21));
    let mut wrong = Vec::new();
    for row in rows(include_str!("../../fixtures/phone/il_cases.tsv")) {
        let [raw, region, e164, status, reasons, repairs, ..] = row[..] else { panic!("seven columns: {row:?}") };
        let mut expected = (e164.replace(' ', ";"), status.to_lowercase(), codes_of(reasons, repairs));
        if let Some((_, e164, verdict, codes)) = OTHERWISE.iter().find(|(other, ..)| *other == raw) {
            let codes = codes.split(' ').map(str::to_owned).collect();
            expected = ((*e164).to_owned(), (*verdict).to_owned(), codes);
        }
        expected.2.sort();
        let checked = check_cell(&files, Field::Mobile, raw, region, clock).expect("the shipped rules load");
        let verdict = checked.verdict(0, ColumnIndex(0)).as_str().to_owned();
        // A foreign number is a fact that the proposals do not list, nor do they say anything of the row.
        let findings = checked.findings();
        let is_meant = |code: &Code| code.family() == "phone" && *code != Code::PhoneForeign;
        let codes = findings.iter().map(|finding| finding.code).filter(is_meant);
        let mut codes: Vec<String> = codes.map(|code| code.to_string()).collect();
        codes.sort();
        let got = (checked.standard().cell(0, Field::Mobile).to_owned(), verdict, codes);
        if got != expected {
            wrong.push(format!("{raw:?}\n  expected {expected:?}\n  got      {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

fn codes_of(reasons: &str, repairs: &str) -> Vec<String> {
    let named = |prefix: &str, word: &str| {
        let renamed = RENAMED.iter().find(|(from, _)| *from == word).map(|(_, to)| (*to).to_owned());
        renamed.unwrap_or_else(|| format!("{prefix}{}", word.to_lowercase()))
    };
    let reasons = reasons.split(',').filter(|word| !word.is_empty()).map(|word| named("phone.", word));
    let repairs = repairs.split(',').filter(|word| !word.is_empty()).map(|word| named("phone.repair.", word));
    reasons.chain(repairs).filter(|code| !code.is_empty()).collect()
}
