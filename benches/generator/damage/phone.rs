//! Broken telephone numbers.

use super::super::column::{EMAIL, MOBILE, PHONE};
use super::super::random::Random;
use super::super::writing;
use super::{Damage, Site};

const ANY: &[usize] = &[MOBILE, PHONE];
const MAIN: &[usize] = &[MOBILE];
const OTHER: &[usize] = &[PHONE];

pub const DAMAGES: &[Damage] = &[
    Damage { name: "phone_lost_zero", code: "phone.repair.zero_restored", weight: 90, columns: ANY, apply: lost_zero },
    Damage { name: "phone_dot_zero", code: "phone.repair.excel_dot_zero", weight: 25, columns: ANY, apply: dot_zero },
    Damage {
        name: "phone_exact_power",
        code: "phone.repair.excel_sci_exact",
        weight: 12,
        columns: MAIN,
        apply: exact_power,
    },
    Damage { name: "phone_lossy_power", code: "phone.sci_lossy", weight: 12, columns: MAIN, apply: lossy_power },
    Damage { name: "phone_two_in_cell", code: "phone.repair.split", weight: 25, columns: MAIN, apply: two_in_cell },
    Damage { name: "phone_label", code: "phone.repair.label_stripped", weight: 20, columns: MAIN, apply: label },
    Damage { name: "phone_note", code: "phone.repair.note_split", weight: 20, columns: MAIN, apply: note },
    Damage { name: "phone_extension", code: "phone.repair.ext_split", weight: 10, columns: OTHER, apply: extension },
    Damage { name: "phone_idd", code: "phone.repair.idd_stripped", weight: 10, columns: MAIN, apply: idd },
    Damage {
        name: "phone_trunk_after_cc",
        code: "phone.repair.trunk_after_cc",
        weight: 20,
        columns: MAIN,
        apply: trunk_after_cc,
    },
    Damage { name: "phone_too_short", code: "phone.too_short", weight: 20, columns: MAIN, apply: too_short },
    Damage { name: "phone_too_long", code: "phone.too_long", weight: 15, columns: MAIN, apply: too_long },
    Damage {
        name: "phone_letter_o",
        code: "phone.suggest.letter_o_to_zero",
        weight: 8,
        columns: MAIN,
        apply: letter_o,
    },
    Damage { name: "phone_placeholder", code: "phone.placeholder", weight: 20, columns: ANY, apply: placeholder },
    Damage { name: "phone_dummy", code: "phone.dummy", weight: 20, columns: MAIN, apply: dummy },
    Damage { name: "phone_words", code: "phone.not_a_number", weight: 10, columns: OTHER, apply: words },
    Damage { name: "phone_local_only", code: "phone.local_only", weight: 12, columns: OTHER, apply: local_only },
    Damage {
        name: "row_email_as_phone",
        code: "phone.looks_like_email",
        weight: 8,
        columns: OTHER,
        apply: email_as_phone,
    },
    Damage { name: "phone_shop", code: "phone.shared_by_many", weight: 40, columns: OTHER, apply: shop },
    Damage {
        name: "phone_same_twice",
        code: "phone.same_as_other_field",
        weight: 20,
        columns: OTHER,
        apply: same_twice,
    },
];

fn lost_zero(site: &mut Site<'_>) -> bool {
    let Some(number) = national(site) else { return false };
    site.set(number.to_string())
}

fn dot_zero(site: &mut Site<'_>) -> bool {
    let Some(number) = national(site) else { return false };
    site.set(format!("{number}.0"))
}

/// As a spreadsheet writes the number with all its digits.
fn exact_power(site: &mut Site<'_>) -> bool {
    let Some(number) = national(site) else { return false };
    let (head, tail) = (number / 100_000_000, number % 100_000_000);
    site.set(format!("{head}.{tail:08}E+08"))
}

/// As a narrow column shows it: the digits are gone.
fn lossy_power(site: &mut Site<'_>) -> bool {
    let Some(number) = national(site) else { return false };
    let (head, tail) = (number / 100_000_000, number / 1_000_000 % 100);
    site.set(format!("{head}.{tail:02}E+08"))
}

fn two_in_cell(site: &mut Site<'_>) -> bool {
    let Some(landline) = site.customer.landline else { return false };
    let other = writing::phone(&mut Random::at(1, 0), landline);
    let between = *site.random.pick(&[" / ", ", ", " ; "]);
    site.replace(|cell| format!("{cell}{between}{other}"))
}

fn label(site: &mut Site<'_>) -> bool {
    let label = *site.random.pick(&["נייד: ", "טל: ", "פלאפון "]);
    site.replace(|cell| format!("{label}{cell}"))
}

fn note(site: &mut Site<'_>) -> bool {
    let note = *site.random.pick(&[" (אמא)", " (אישה)", " (אחרי 17:00)", " (בעל)"]);
    site.replace(|cell| format!("{cell}{note}"))
}

fn extension(site: &mut Site<'_>) -> bool {
    let extension = site.random.between(10, 299);
    site.replace(|cell| format!("{cell} שלוחה {extension}"))
}

fn idd(site: &mut Site<'_>) -> bool {
    let Some(number) = national(site) else { return false };
    site.set(format!("00972{number}"))
}

fn trunk_after_cc(site: &mut Site<'_>) -> bool {
    let Some(number) = national(site) else { return false };
    site.set(format!("+9720{number}"))
}

fn too_short(site: &mut Site<'_>) -> bool {
    let Some(number) = national(site) else { return false };
    site.set(format!("0{}", number / 1000))
}

fn too_long(site: &mut Site<'_>) -> bool {
    let Some(number) = national(site) else { return false };
    let more = site.random.between(1_000_000, 9_999_999);
    site.set(format!("0{number}{more}"))
}

fn letter_o(site: &mut Site<'_>) -> bool {
    let Some(number) = national(site) else { return false };
    let text = format!("0{number}");
    let prefix = text[..3].replace('0', "O");
    site.set(format!("{prefix}-{}", &text[3..]))
}

fn placeholder(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["אין", "-", "לא ידוע", "אין טלפון", "N/A"])
}

fn dummy(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["0500000000", "050-0000000", "0541111111", "0501234567", "0529999999"])
}

fn words(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["להתקשר לאשתו", "מסר בעל פה", "call the office"])
}

fn local_only(site: &mut Site<'_>) -> bool {
    let Some(landline) = site.customer.landline else { return false };
    site.set(format!("{:07}", landline % 10_000_000))
}

fn email_as_phone(site: &mut Site<'_>) -> bool {
    let email = std::mem::take(&mut site.cells[EMAIL]);
    !email.is_empty() && site.set(email)
}

/// The shop's own number, which the cashier types where the customer gives none. Only a list of some size shows it.
fn shop(site: &mut Site<'_>) -> bool {
    let number = 6_513_000 + Random::at(site.seed, u64::MAX).below(90_000);
    site.rows >= 2000 && site.set(format!("03-{number}"))
}

fn same_twice(site: &mut Site<'_>) -> bool {
    let mobile = site.cells[MOBILE].clone();
    !mobile.is_empty() && site.set(mobile)
}

/// The number that the cell holds, without its leading zero; none where the cell is empty.
fn national(site: &Site<'_>) -> Option<u32> {
    if site.cells[site.column].is_empty() {
        return None;
    }
    if site.column == MOBILE { Some(site.customer.mobile) } else { site.customer.landline }
}
