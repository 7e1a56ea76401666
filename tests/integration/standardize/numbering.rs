//! The engine reads numbers as the Python package `phonenumbers` does.

use tiuv::record::PhoneKind;
use tiuv::standardize::numbering::{self, RegionId};

/// A row of the reference: what the Python package `phonenumbers` says of a cell.
struct Answer<'a> {
    class: &'a str,
    region: &'a str,
    raw: &'a str,
    is_valid: bool,
    kind: &'a str,
    belongs_to: &'a str,
    e164: &'a str,
}

fn answers() -> impl Iterator<Item = Answer<'static>> {
    let text = include_str!("../../../fixtures/phone/conformance.tsv");
    text.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [_, class, region, raw, _, _, _, _, valid, _, kind, belongs_to, e164, ..] = cells[..] else {
            panic!("15 columns: {line}")
        };
        Answer { class, region, raw, is_valid: valid == "1", kind, belongs_to, e164 }
    })
}

/// libphonenumber's names of the kinds of line.
fn name_of(kind: PhoneKind) -> &'static str {
    match kind {
        PhoneKind::Fixed => "FIXED_LINE",
        PhoneKind::Mobile => "MOBILE",
        PhoneKind::FixedOrMobile => "FIXED_LINE_OR_MOBILE",
        PhoneKind::TollFree => "TOLL_FREE",
        PhoneKind::Premium => "PREMIUM_RATE",
        PhoneKind::SharedCost => "SHARED_COST",
        PhoneKind::Voip => "VOIP",
        PhoneKind::Personal => "PERSONAL_NUMBER",
        PhoneKind::Pager => "PAGER",
        PhoneKind::Uan => "UAN",
        PhoneKind::Voicemail => "VOICEMAIL",
        PhoneKind::Unknown | PhoneKind::ShortCode => "UNKNOWN",
    }
}

#[test]
fn the_engine_says_of_each_cell_what_the_reference_says() {
    let (mut rows, mut wrong, mut grave) = (0_u32, Vec::new(), Vec::new());
    for answer in answers() {
        rows += 1;
        let read = numbering::parse(answer.raw, RegionId::of(answer.region)).ok();
        let valid = read.is_some_and(|number| number.is_valid());
        let e164 = read.map_or(String::new(), |number| number.e164());
        let region = read.and_then(|number| number.region).map_or("ZZ", RegionId::as_str);
        let kind = read.map_or("", |number| name_of(number.kind));
        let same = valid == answer.is_valid
            && e164 == answer.e164
            && kind == answer.kind
            && (region == answer.belongs_to || answer.belongs_to.is_empty());
        let told = || format!("{} {} {:?}: {e164} {kind} {region}", answer.class, answer.region, answer.raw);
        if !same {
            wrong.push(told());
        }
        if (valid && !answer.is_valid) || (!e164.is_empty() && e164 != answer.e164) {
            grave.push(told());
        }
    }
    assert!(grave.is_empty(), "{}", grave.join("\n"));
    assert!(wrong.len() * 10_000 <= rows as usize * 5, "{} of {rows}:\n{}", wrong.len(), wrong.join("\n"));
}
