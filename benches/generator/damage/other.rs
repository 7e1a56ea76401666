//! Broken keys, identity numbers, addresses, consent, and whole rows.

use super::super::column::{CITY, CONSENT, EMAIL, ID, MOBILE, NATIONAL_ID, NOTES, PHONE, POSTCODE, STREET};
use super::super::list::key;
use super::super::person::Script;
use super::{Damage, Site};

pub const DAMAGES: &[Damage] = &[
    Damage { name: "key_twice", code: "list.duplicate_key", weight: 15, columns: &[ID], apply: key_twice },
    Damage { name: "key_lost", code: "list.empty_key", weight: 10, columns: &[ID], apply: key_lost },
    Damage {
        name: "id_check_digit",
        code: "id.check_digit",
        weight: 35,
        columns: &[NATIONAL_ID],
        apply: id_check_digit,
    },
    Damage {
        name: "id_lost_zero",
        code: "id.repair.zero_restored",
        weight: 40,
        columns: &[NATIONAL_ID],
        apply: id_lost_zero,
    },
    Damage {
        name: "id_dot_zero",
        code: "id.repair.excel_dot_zero",
        weight: 12,
        columns: &[NATIONAL_ID],
        apply: id_dot_zero,
    },
    Damage {
        name: "id_punctuation",
        code: "id.repair.punctuation",
        weight: 15,
        columns: &[NATIONAL_ID],
        apply: id_punctuation,
    },
    Damage { name: "id_too_long", code: "id.bad_length", weight: 10, columns: &[NATIONAL_ID], apply: id_too_long },
    Damage { name: "id_passport", code: "id.not_a_number", weight: 8, columns: &[NATIONAL_ID], apply: id_passport },
    Damage {
        name: "id_placeholder",
        code: "id.placeholder",
        weight: 15,
        columns: &[NATIONAL_ID],
        apply: id_placeholder,
    },
    Damage { name: "place_alias", code: "address.repair.city_alias", weight: 25, columns: &[CITY], apply: place_alias },
    Damage { name: "place_typo", code: "address.suggest.city_typo", weight: 20, columns: &[CITY], apply: place_typo },
    Damage { name: "place_unknown", code: "address.unknown_city", weight: 10, columns: &[CITY], apply: place_unknown },
    Damage {
        name: "place_short_postcode",
        code: "address.bad_postcode",
        weight: 10,
        columns: &[POSTCODE],
        apply: place_short_postcode,
    },
    Damage {
        name: "place_old_postcode",
        code: "address.old_postcode",
        weight: 15,
        columns: &[POSTCODE],
        apply: place_old_postcode,
    },
    Damage {
        name: "place_postcode_dot_zero",
        code: "address.repair.excel_dot_zero",
        weight: 12,
        columns: &[POSTCODE],
        apply: place_dot_zero,
    },
    Damage {
        name: "place_no_house",
        code: "address.missing_house",
        weight: 15,
        columns: &[STREET],
        apply: place_no_house,
    },
    Damage { name: "place_po_box", code: "address.po_box", weight: 10, columns: &[STREET], apply: place_po_box },
    Damage {
        name: "place_no_letters",
        code: "address.no_letters",
        weight: 6,
        columns: &[STREET],
        apply: place_no_letters,
    },
    Damage {
        name: "place_abbreviation",
        code: "address.repair.abbreviation",
        weight: 15,
        columns: &[STREET],
        apply: place_abbreviation,
    },
    Damage {
        name: "consent_unknown",
        code: "consent.unknown_value",
        weight: 12,
        columns: &[CONSENT],
        apply: consent_unknown,
    },
    Damage { name: "row_no_contact", code: "row.no_contact", weight: 20, columns: &[MOBILE], apply: row_no_contact },
    Damage { name: "row_shifted", code: "row.shifted", weight: 8, columns: &[MOBILE], apply: row_shifted },
];

/// Takes the key of an earlier row. Odd rows lose keys and even rows' keys are taken, so that each fault stays true.
fn key_twice(site: &mut Site<'_>) -> bool {
    site.index % 2 == 1 && {
        let earlier = site.random.below(site.index.div_ceil(2)) * 2;
        site.set(key(earlier))
    }
}

fn key_lost(site: &mut Site<'_>) -> bool {
    site.index % 2 == 1 && site.set("")
}

fn id_check_digit(site: &mut Site<'_>) -> bool {
    let Some(id) = site.customer.national_id else { return false };
    let wrong = (id % 10 + site.random.between(1, 9) as u32) % 10;
    site.replace(|_| format!("{:09}", id / 10 * 10 + wrong))
}

fn id_lost_zero(site: &mut Site<'_>) -> bool {
    site.replace(|cell| cell.trim_start_matches('0').to_owned())
}

fn id_dot_zero(site: &mut Site<'_>) -> bool {
    site.replace(|cell| format!("{cell}.0"))
}

fn id_punctuation(site: &mut Site<'_>) -> bool {
    site.replace(|cell| format!("{}-{}", &cell[..8], &cell[8..]))
}

fn id_too_long(site: &mut Site<'_>) -> bool {
    let more = site.random.between(10, 99);
    site.replace(|cell| format!("{cell}{more}"))
}

fn id_passport(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["דרכון", "passport", "ללא תעודה בתיק"])
}

fn id_placeholder(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["000000000", "111111111", "999999999", "123456789"])
}

fn place_alias(site: &mut Site<'_>) -> bool {
    const ALIASES: &[(&str, &str)] = &[
        ("תל אביב-יפו", "ת\"א"),
        ("ראשון לציון", "ראשל\"צ"),
        ("פתח תקווה", "פ\"ת"),
        ("באר שבע", "ב\"ש"),
        ("ירושלים", "י-ם"),
        ("כפר סבא", "כפ\"ס"),
    ];
    let city = site.cell().clone();
    let Some((_, alias)) = ALIASES.iter().find(|(name, _)| *name == city) else { return false };
    site.set(*alias)
}

fn place_typo(site: &mut Site<'_>) -> bool {
    const TYPOS: &[(&str, &str)] = &[
        ("ירושלים", "ירושליים"),
        ("נתניה", "נתנניה"),
        ("אשקלון", "אשקלןן"),
        ("הרצלייה", "הרצלליה"),
        ("רחובות", "רחוובת"),
        ("אשדוד", "אשדדוד"),
        ("ראשון לציון", "ראשון לצייון"),
        ("פתח תקווה", "פתח תיקוה"),
        ("חולון", "חולוון"),
    ];
    let city = site.cell().clone();
    let Some((_, typo)) = TYPOS.iter().find(|(name, _)| *name == city) else { return false };
    site.set(*typo)
}

fn place_unknown(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["אטלנטיס", "עיר הפלאות", "גבעת הדמיון", "Gotham"])
}

fn place_short_postcode(site: &mut Site<'_>) -> bool {
    let postcode = site.random.between(100, 999);
    site.set(postcode.to_string())
}

fn place_old_postcode(site: &mut Site<'_>) -> bool {
    site.replace(|cell| cell[..5].to_owned())
}

fn place_dot_zero(site: &mut Site<'_>) -> bool {
    site.replace(|cell| format!("{cell}.0"))
}

fn place_no_house(site: &mut Site<'_>) -> bool {
    site.replace(|cell| cell.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned())
}

fn place_po_box(site: &mut Site<'_>) -> bool {
    let number = site.random.between(11, 9_999);
    site.set(format!("ת.ד. {number}"))
}

fn place_no_letters(site: &mut Site<'_>) -> bool {
    let house = site.customer.house;
    site.set(house.to_string())
}

fn place_abbreviation(site: &mut Site<'_>) -> bool {
    site.customer.script != Script::Latin && site.replace(|cell| format!("רח' {cell}"))
}

fn consent_unknown(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["אולי", "לשאול שוב", "?", "maybe"])
}

fn row_no_contact(site: &mut Site<'_>) -> bool {
    for column in [MOBILE, PHONE, EMAIL] {
        site.cells[column].clear();
    }
    true
}

/// A cell too many before the mobile number; what fell off the end was a note.
fn row_shifted(site: &mut Site<'_>) -> bool {
    let is_full = !site.cells[MOBILE].is_empty() && !site.cells[EMAIL].is_empty();
    is_full && {
        site.cells[NOTES].clear();
        site.cells[MOBILE..].rotate_right(1);
        true
    }
}
