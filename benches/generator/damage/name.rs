//! Broken names.

use super::super::column::{FIRST_NAME, LAST_NAME};
use super::super::layout::{mojibake, typed_on_english};
use super::super::person::Script;
use super::{Damage, Site};

const ANY: &[usize] = &[FIRST_NAME, LAST_NAME];
const FIRST: &[usize] = &[FIRST_NAME];
const LAST: &[usize] = &[LAST_NAME];

pub const DAMAGES: &[Damage] = &[
    Damage { name: "name_space_around", code: "text.repair.trim", weight: 40, columns: ANY, apply: space_around },
    Damage {
        name: "name_space_inside",
        code: "text.repair.inner_space",
        weight: 10,
        columns: FIRST,
        apply: space_inside,
    },
    Damage { name: "name_bidi_mark", code: "text.repair.bidi_mark", weight: 20, columns: ANY, apply: bidi_mark },
    Damage { name: "name_mojibake", code: "text.repair.mojibake", weight: 12, columns: ANY, apply: broken_encoding },
    Damage { name: "name_excel_error", code: "text.excel_error", weight: 10, columns: ANY, apply: excel_error },
    Damage { name: "name_placeholder", code: "name.placeholder", weight: 25, columns: FIRST, apply: placeholder },
    Damage { name: "name_digits", code: "name.digits", weight: 12, columns: ANY, apply: digits },
    Damage { name: "name_swapped", code: "name.swapped", weight: 25, columns: FIRST, apply: swapped },
    Damage { name: "name_merged", code: "name.merged", weight: 20, columns: FIRST, apply: merged },
    Damage { name: "name_missing_last", code: "name.missing_last", weight: 20, columns: LAST, apply: missing_last },
    Damage {
        name: "name_wrong_keyboard",
        code: "name.repair.keyboard_layout",
        weight: 15,
        columns: ANY,
        apply: wrong_keyboard,
    },
    Damage { name: "name_niqqud", code: "name.repair.niqqud", weight: 6, columns: FIRST, apply: niqqud },
    Damage { name: "name_honorific", code: "name.repair.honorific", weight: 20, columns: FIRST, apply: honorific },
    Damage { name: "name_note", code: "name.repair.note_split", weight: 12, columns: ANY, apply: note },
    Damage { name: "name_case", code: "name.repair.case", weight: 30, columns: ANY, apply: case },
    Damage { name: "name_company", code: "name.company", weight: 15, columns: LAST, apply: company },
    Damage { name: "name_email_inside", code: "name.looks_like_email", weight: 6, columns: LAST, apply: email_inside },
    Damage { name: "name_phone_inside", code: "name.looks_like_phone", weight: 6, columns: LAST, apply: phone_inside },
    Damage {
        name: "name_final_letter",
        code: "name.repair.final_letter",
        weight: 8,
        columns: ANY,
        apply: final_letter,
    },
];

fn space_around(site: &mut Site<'_>) -> bool {
    let before = site.random.permille(500);
    site.replace(|cell| if before { format!(" {cell}") } else { format!("{cell} ") })
}

fn space_inside(site: &mut Site<'_>) -> bool {
    let second = *site.random.pick(&["  מרים", "  חיים"]);
    site.customer.script == Script::Hebrew && site.replace(|cell| format!("{cell}{second}"))
}

fn bidi_mark(site: &mut Site<'_>) -> bool {
    site.customer.script == Script::Hebrew && site.replace(|cell| format!("\u{200F}{cell}"))
}

fn broken_encoding(site: &mut Site<'_>) -> bool {
    site.replace(|cell| if cell.is_ascii() { cell.to_owned() } else { mojibake(cell) })
}

fn excel_error(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["#N/A", "#REF!", "#VALUE!", "#NAME?"])
}

fn placeholder(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["לא ידוע", "xxx", "test", "בדיקה", "לקוח מזדמן"])
}

fn digits(site: &mut Site<'_>) -> bool {
    let digit = site.random.between(2, 9);
    site.replace(|cell| format!("{cell}{digit}"))
}

/// Only in Hebrew, where the two kinds of name differ enough for anybody to see it.
fn swapped(site: &mut Site<'_>) -> bool {
    let is_hebrew = site.cells[FIRST_NAME] == site.customer.first.name && site.customer.script == Script::Hebrew;
    site.cells.swap(FIRST_NAME, LAST_NAME);
    is_hebrew
}

fn merged(site: &mut Site<'_>) -> bool {
    let last = std::mem::take(&mut site.cells[LAST_NAME]);
    site.replace(|cell| format!("{cell} {last}"))
}

fn missing_last(site: &mut Site<'_>) -> bool {
    site.set("")
}

fn wrong_keyboard(site: &mut Site<'_>) -> bool {
    // Names with ת, ץ or ף come out with punctuation inside; those are left alone here.
    let is_hebrew = site.cell().chars().all(|c| ('א'..='ת').contains(&c) && !"תץףק/'".contains(c));
    is_hebrew && site.replace(typed_on_english)
}

fn niqqud(site: &mut Site<'_>) -> bool {
    const WITH_POINTS: &[(&str, &str)] = &[
        ("שרה", "שָׂרָה"),
        ("דוד", "דָּוִד"),
        ("משה", "מֹשֶׁה"),
        ("רחל", "רָחֵל"),
        ("יוסף", "יוֹסֵף"),
        ("חנה", "חַנָּה"),
        ("מיכל", "מִיכַל"),
    ];
    let name = site.cell().clone();
    let Some((_, pointed)) = WITH_POINTS.iter().find(|(plain, _)| *plain == name) else { return false };
    site.set(*pointed)
}

fn honorific(site: &mut Site<'_>) -> bool {
    let title = match site.customer.script {
        Script::Hebrew => *site.random.pick(&["ד\"ר ", "גב' ", "מר ", "עו\"ד ", "פרופ' "]),
        Script::Latin => *site.random.pick(&["Dr. ", "Mrs. ", "Mr. "]),
        Script::Cyrillic | Script::Arabic => return false,
    };
    site.replace(|cell| format!("{title}{cell}"))
}

fn note(site: &mut Site<'_>) -> bool {
    let note = *site.random.pick(&[" (לא להתקשר)", " (VIP)", " (אמא של דנה)"]);
    site.replace(|cell| format!("{cell}{note}"))
}

fn case(site: &mut Site<'_>) -> bool {
    let upper = site.random.permille(500);
    site.customer.script == Script::Latin
        && site.replace(|cell| if upper { cell.to_uppercase() } else { cell.to_lowercase() })
}

fn company(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["מאפיית הזהב בע\"מ", "גינון ירוק בע\"מ", "Blue Ocean Ltd", "מוסך האחים בע״מ"])
}

fn email_inside(site: &mut Site<'_>) -> bool {
    let Some(email) = site.customer.email.clone() else { return false };
    site.set(email)
}

fn phone_inside(site: &mut Site<'_>) -> bool {
    let mobile = site.customer.mobile;
    site.set(format!("0{mobile}"))
}

fn final_letter(site: &mut Site<'_>) -> bool {
    const FINALS: &[(char, char)] = &[('ם', 'מ'), ('ן', 'נ'), ('ך', 'כ')];
    let name = site.cell().clone();
    let Some(last) = name.chars().last() else { return false };
    let Some((_, plain)) = FINALS.iter().find(|(end, _)| *end == last) else { return false };
    site.set(format!("{}{plain}", &name[..name.len() - last.len_utf8()]))
}
