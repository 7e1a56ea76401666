//! Business cases for Israeli phone cells: what standardizing and validating say together.

use std::collections::HashMap;

use tiuv::finding::Code;
use tiuv::kernel::{Kernels, check_cell};
use tiuv::record::{CellOut, ColumnIndex, Field, PhoneKind, PhoneValidity, Verdict};
use tiuv::rule::{Context, RuleFiles};
use tiuv::standardize::numbering::{self, RegionId};
use tiuv::standardize::{CellContext, PhoneStandardizer, Standardizer};

/// The rules as shipped, on the day of these tests.
fn context(region: &str) -> Context {
    Context::shipped(region, jiff::civil::date(2026, 11, 21))
}

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
    let mut wrong = Vec::new();
    for row in rows(include_str!("../../../fixtures/phone/il_cases.tsv")) {
        let [raw, region, e164, status, reasons, repairs, ..] = row[..] else { panic!("seven columns: {row:?}") };
        let mut expected = (e164.replace(' ', ";"), status.to_lowercase(), codes_of(reasons, repairs));
        if let Some((_, e164, verdict, codes)) = OTHERWISE.iter().find(|(other, ..)| *other == raw) {
            let codes = codes.split(' ').map(str::to_owned).collect();
            expected = ((*e164).to_owned(), (*verdict).to_owned(), codes);
        }
        expected.2.sort();
        let checked = check_cell(&context(region), Field::Mobile, raw).expect("the shipped rules load");
        let verdict = checked.verdict(0, ColumnIndex(0)).as_str().to_owned();
        // A foreign number is a fact that the proposals do not list, nor do they say anything of the row.
        let findings = checked.findings();
        let is_meant = |code: &Code| code.family() == "phone" && *code != Code::PhoneForeign;
        let codes = findings.iter().map(|finding| finding.code).filter(is_meant);
        let mut codes: Vec<String> = codes.map(|code| code.to_string()).collect();
        codes.sort();
        let written = checked.standard().written(0, ColumnIndex(0)).into_owned();
        let got = (written, verdict, codes);
        if got != expected {
            wrong.push(format!("{raw:?}\n  expected {expected:?}\n  got      {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} cases:\n{}", wrong.len(), wrong.join("\n"));
}

/// What cells of phones come to, a region at a time.
#[derive(Default)]
struct PhoneColumns(HashMap<String, Kernels>);

impl PhoneColumns {
    /// The numbers, parted by a space, and the verdict.
    fn check(&mut self, region: &str, raw: &str) -> (String, Verdict) {
        let kernels = self.0.entry(region.to_owned()).or_insert_with(|| {
            Kernels::of_columns(&context(region), vec![(Field::Mobile, Vec::new())]).expect("the shipped rules load")
        });
        let checked = kernels.check_column(&[raw]);
        let written = checked.standard().written(0, ColumnIndex(0)).replace(';', " ");
        (written, checked.verdict(0, ColumnIndex(0)))
    }
}

#[test]
fn damaged_cells_are_read_as_a_person_reads_them() {
    let mut columns = PhoneColumns::default();
    let mut wrong = Vec::new();
    for row in rows(include_str!("../../../fixtures/phone/damaged.tsv")) {
        let [raw, region, e164, status] = row[..] else { panic!("four columns: {row:?}") };
        let (written, verdict) = columns.check(region, raw);
        if (&*written, verdict.as_str()) != (e164, status) {
            wrong.push(format!("{raw:?} is {e164:?} ({status}), not {written:?} ({})", verdict.as_str()));
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn no_cell_without_a_number_is_good() {
    let mut columns = PhoneColumns::default();
    for row in rows(include_str!("../../../fixtures/phone/conformance.tsv")) {
        let [_, _, region, raw, ..] = row[..] else { panic!("15 columns") };
        let (written, verdict) = columns.check(region, raw);
        let is_good = matches!(verdict, Verdict::Ok | Verdict::Repaired | Verdict::Risky);
        assert!(!is_good || !written.is_empty(), "{raw:?} in {region} is {}", verdict.as_str());
    }
}

/// Damage of the reference's cells that leaves one valid reading.
const RECOVERABLE: &[&str] = &[
    "plain",
    "ex_e164",
    "ex_e164_IL",
    "ex_intl",
    "ex_nat",
    "ex_rfc",
    "ex_nsn",
    "arabic",
    "bidi",
    "ccnoplus",
    "dash",
    "ddcc",
    "excel",
    "ext",
    "fullwidth",
    "hebtext",
    "multi",
    "nozero",
    "parenzero",
    "plusvar",
    "sep",
    "space",
    "trunkcc",
];

/// What the reference does not read as a person would, or this reader leaves to a person on purpose.
fn is_on_purpose(out: &CellOut) -> bool {
    let codes = [
        // It reads the decimals of `502345678.0` as a digit, and 00 as a national number where 00 is not dialled.
        Code::PhoneRepairExcelDotZero,
        Code::PhoneRepairIddStripped,
        // Two valid readings, and prefixes of carriers: nothing is guessed.
        Code::PhoneSuggestTwoReadings,
        Code::PhoneIddGuess,
        // Numbers without area code, which nobody outside the area can dial.
        Code::PhoneLocalOnly,
        // `2020-01-01`.
        Code::PhoneLooksLikeDate,
        // Some of the cell is left to a person, and says so.
        Code::PhoneMultiple,
    ];
    codes.iter().any(|code| out.has(*code))
}

/// Marks between digits, which the reference takes for those before an extension.
const SEPARATORS: [char; 2] = ['~', ';'];

#[test]
fn no_cell_of_the_reference_is_read_as_another_number_or_as_one_where_there_is_none() {
    let mut readers: HashMap<String, PhoneStandardizer> = HashMap::new();
    let mut out = CellOut::default();
    let (mut wrong, mut missed) = (Vec::new(), Vec::new());
    let mut recoverable = 0;
    for row in rows(include_str!("../../../fixtures/phone/conformance.tsv")) {
        let [_, class, region, raw, _, _, _, _, is_valid, _, _, _, e164, ..] = row[..] else { panic!("15 columns") };
        let reader = readers
            .entry(region.to_owned())
            .or_insert_with(|| PhoneStandardizer::new(&context(region)).expect("the shipped rules load"));
        out.clear();
        reader.standardize(raw, CellContext::default(), &mut out);
        let read = out.detail.phone().is_some_and(|detail| detail.validity == PhoneValidity::Valid);
        let first = out.display.as_str();
        let codes: Vec<&str> = out.marks.iter().map(|mark| mark.code.as_str()).collect();
        let told = || format!("{class} {region} {raw:?} is {e164:?}, not {:?} ({})", out.display, codes.join(" "));
        let was_repaired = out.marks.iter().any(|mark| mark.code.is_repair());
        if is_valid == "1" {
            if read && first != e164 && !is_on_purpose(&out) && !raw.contains(SEPARATORS) {
                wrong.push(told());
            }
            if RECOVERABLE.contains(&class) && !is_on_purpose(&out) {
                recoverable += 1;
                if !read {
                    missed.push(told());
                }
            }
        } else if read
            && !was_repaired
            && !is_on_purpose(&out)
            && !raw.contains(SEPARATORS)
            && !is_plainly_valid(raw, region)
        {
            wrong.push(told());
        }
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(missed.len() * 1000 <= recoverable * 5, "{} of {recoverable}:\n{}", missed.len(), missed.join("\n"));
}

/// Without marks that can't be seen and with dashes and digits of every script in ASCII, which the reference can't read,
/// the cell is a valid number for it too.
fn is_plainly_valid(raw: &str, region: &str) -> bool {
    let mut text = String::new();
    for letter in raw.chars().filter(|letter| !unicode_invisible(*letter)) {
        match letter {
            '\u{5be}' | '\u{10ead}' | '\u{30a0}' => text.push('-'),
            // Doubled plus, Arabic decimal separator, curly quotes of a spreadsheet's text.
            '+' if text.trim_end().ends_with('+') => {}
            '\u{66b}' | '"' | '=' | '\'' => text.push(' '),
            _ if letter.is_whitespace() => text.push(' '),
            _ => text.push(letter),
        }
    }
    numbering::parse(text.trim(), RegionId::of(region)).is_ok_and(|number| number.is_valid())
}

fn unicode_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What a cell comes to with a user's `phone/ranges.toml`, read on the day of the other tests.
fn with_ranges(ranges: &str, raw: &str) -> Result<(String, PhoneValidity, PhoneKind), String> {
    let rules = tempfile::tempdir().expect("a directory");
    std::fs::create_dir(rules.path().join("phone")).expect("writable");
    std::fs::write(rules.path().join("phone/ranges.toml"), ranges).expect("writable");
    let files = RuleFiles::layered(rules.path()).map_err(|error| error.to_string())?;
    let reader = PhoneStandardizer::new(&Context { files, ..context("IL") }).map_err(|error| error.to_string())?;
    let mut out = CellOut::default();
    reader.standardize(raw, CellContext::default(), &mut out);
    let detail = out.detail.phone().expect("a phone cell");
    Ok((out.display, detail.validity, detail.kind))
}

#[test]
fn a_range_of_the_users_own_counts_from_its_first_day_to_its_last() {
    let range = |kind: &str, dates: &str| {
        format!(
            "[[range]]\nregion = \"IL\"\npattern = '501\\d{{6}}'\nkind = \"{kind}\"\n{dates}\nsource = \"a letter\"\n"
        )
    };
    let number = || "+972501345678".to_owned();
    let cases = [
        (String::new(), PhoneValidity::UnknownRange, PhoneKind::Unknown),
        (range("mobile", "from = \"2026-11-21\""), PhoneValidity::Valid, PhoneKind::Mobile),
        (range("voip", "from = \"2026-01-01\"\nuntil = \"2026-11-21\""), PhoneValidity::Valid, PhoneKind::Voip),
        (range("mobile", "from = \"2026-11-22\""), PhoneValidity::UnknownRange, PhoneKind::Unknown),
        (
            range("mobile", "from = \"2025-01-01\"\nuntil = \"2026-11-20\""),
            PhoneValidity::UnknownRange,
            PhoneKind::Unknown,
        ),
    ];
    for (ranges, validity, kind) in cases {
        let got = with_ranges(&ranges, "050-1345678");
        assert_eq!(got, Ok((number(), validity, kind)), "{ranges}");
    }
    // A range taken out of use makes its numbers doubtful, whatever the tables say.
    let gone = range("none", "from = \"2026-01-01\"").replace("501", "502");
    let got = with_ranges(&gone, "050-2345678").map(|(_, validity, _)| validity);
    assert_eq!(got, Ok(PhoneValidity::UnknownRange));
}

#[test]
fn what_is_wrong_with_a_range_of_the_users_own_is_told() {
    let range =
        "[[range]]\nregion = \"IL\"\npattern = '501\\d{6}'\nkind = \"mobile\"\nfrom = \"2026-01-01\"\nsource = \"x\"\n";
    let cases = [
        ("mobile", "mobil", "no kind of line"),
        ("2026-01-01", "01/01/2026", "YYYY-MM-DD"),
        ("\"IL\"", "\"XX\"", "XX"),
        ("501\\d{6}", "501(", "unclosed"),
        ("source = \"x\"", "", "source"),
    ];
    for (right, wrong, said) in cases {
        let error = with_ranges(&range.replace(right, wrong), "050-1345678").expect_err("it is wrong");
        assert!(error.contains(said) && error.contains("phone/"), "{wrong}: {error}");
    }
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
