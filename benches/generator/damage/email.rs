//! Broken e-mail addresses.

use super::super::column::EMAIL;
use super::super::layout::typed_on_hebrew;
use super::{Damage, Site};

const ONLY: &[usize] = &[EMAIL];

pub const DAMAGES: &[Damage] = &[
    Damage { name: "email_space_around", code: "email.repair.trim", weight: 30, columns: ONLY, apply: space_around },
    Damage {
        name: "email_space_inside",
        code: "email.repair.inner_space",
        weight: 20,
        columns: ONLY,
        apply: space_inside,
    },
    Damage { name: "email_comma_dot", code: "email.repair.comma_dot", weight: 15, columns: ONLY, apply: comma_dot },
    Damage { name: "email_double_at", code: "email.repair.double_at", weight: 10, columns: ONLY, apply: double_at },
    Damage {
        name: "email_double_dot",
        code: "email.repair.double_dot_domain",
        weight: 8,
        columns: ONLY,
        apply: double_dot,
    },
    Damage {
        name: "email_dot_behind",
        code: "email.repair.trailing_punct",
        weight: 12,
        columns: ONLY,
        apply: dot_behind,
    },
    Damage { name: "email_mailto", code: "email.repair.mailto", weight: 8, columns: ONLY, apply: mailto },
    Damage {
        name: "email_name_before",
        code: "email.repair.display_name",
        weight: 12,
        columns: ONLY,
        apply: name_before,
    },
    Damage { name: "email_label", code: "email.repair.label", weight: 8, columns: ONLY, apply: label },
    Damage { name: "email_bidi_mark", code: "email.repair.bidi_mark", weight: 20, columns: ONLY, apply: bidi_mark },
    Damage { name: "email_zero_width", code: "email.repair.invisible", weight: 8, columns: ONLY, apply: zero_width },
    Damage {
        name: "email_wrong_keyboard",
        code: "email.repair.hebrew_layout",
        weight: 20,
        columns: ONLY,
        apply: wrong_keyboard,
    },
    Damage {
        name: "email_domain_typo",
        code: "email.suggest.domain_typo",
        weight: 45,
        columns: ONLY,
        apply: domain_typo,
    },
    Damage { name: "email_tld_typo", code: "email.suggest.tld_typo", weight: 15, columns: ONLY, apply: tld_typo },
    Damage { name: "email_lost_at", code: "email.suggest.missing_at", weight: 12, columns: ONLY, apply: lost_at },
    Damage { name: "email_no_domain", code: "email.syntax.no_at", weight: 12, columns: ONLY, apply: no_domain },
    Damage {
        name: "email_empty_domain",
        code: "email.syntax.empty_domain",
        weight: 8,
        columns: ONLY,
        apply: empty_domain,
    },
    Damage { name: "email_no_tld", code: "email.syntax.no_tld", weight: 8, columns: ONLY, apply: no_tld },
    Damage { name: "email_dots", code: "email.syntax.dot_double", weight: 8, columns: ONLY, apply: dots },
    Damage {
        name: "email_placeholder",
        code: "email.class.placeholder",
        weight: 25,
        columns: ONLY,
        apply: placeholder,
    },
    Damage { name: "email_two_in_cell", code: "email.class.multi", weight: 10, columns: ONLY, apply: two_in_cell },
    Damage { name: "email_disposable", code: "email.class.disposable", weight: 8, columns: ONLY, apply: disposable },
];

fn space_around(site: &mut Site<'_>) -> bool {
    let before = site.random.permille(500);
    site.replace(|cell| if before { format!(" {cell}") } else { format!("{cell}  ") })
}

fn space_inside(site: &mut Site<'_>) -> bool {
    site.replace(|cell| cell.replacen('@', " @", 1))
}

fn comma_dot(site: &mut Site<'_>) -> bool {
    change_domain(site, |domain| domain.replacen('.', ",", 1))
}

fn double_at(site: &mut Site<'_>) -> bool {
    site.replace(|cell| cell.replacen('@', "@@", 1))
}

fn double_dot(site: &mut Site<'_>) -> bool {
    change_domain(site, |domain| domain.replacen('.', "..", 1))
}

fn dot_behind(site: &mut Site<'_>) -> bool {
    let mark = *site.random.pick(&[".", ",", ";"]);
    site.replace(|cell| format!("{cell}{mark}"))
}

fn mailto(site: &mut Site<'_>) -> bool {
    site.replace(|cell| format!("mailto:{cell}"))
}

fn name_before(site: &mut Site<'_>) -> bool {
    let name = format!("{} {}", site.customer.first.latin, site.customer.last.latin);
    site.replace(|cell| format!("{name} <{cell}>"))
}

fn label(site: &mut Site<'_>) -> bool {
    site.replace(|cell| format!("מייל: {cell}"))
}

fn bidi_mark(site: &mut Site<'_>) -> bool {
    let mark = *site.random.pick(&['\u{200F}', '\u{200E}']);
    site.replace(|cell| format!("{mark}{cell}"))
}

fn zero_width(site: &mut Site<'_>) -> bool {
    site.replace(|cell| format!("{cell}\u{200B}"))
}

fn wrong_keyboard(site: &mut Site<'_>) -> bool {
    // A `w` or `q` becomes a character that no local part on this keyboard would keep: leave those to the real world.
    site.replace(|cell| if cell.contains(['w', 'q']) { cell.to_owned() } else { typed_on_hebrew(cell) })
}

fn domain_typo(site: &mut Site<'_>) -> bool {
    const TYPOS: &[(&str, &[&str])] = &[
        ("gmail.com", &["gmial.com", "gmai.com", "gamil.com", "gmaill.com", "gnail.com"]),
        ("hotmail.com", &["hotmial.com", "hotmal.com", "hotmil.com"]),
        ("walla.co.il", &["wala.co.il", "walla.co.i", "wlla.co.il"]),
        ("yahoo.com", &["yaho.com", "yahooo.com", "yhaoo.com"]),
        ("outlook.com", &["outlok.com", "outloook.com"]),
    ];
    let domain = site.cell().rsplit('@').next().unwrap_or_default().to_owned();
    let Some((_, typos)) = TYPOS.iter().find(|(right, _)| *right == domain) else { return false };
    let typo = *site.random.pick(typos);
    change_domain(site, |_| typo.to_owned())
}

fn tld_typo(site: &mut Site<'_>) -> bool {
    let typo = *site.random.pick(&[".con", ".cmo", ".vom"]);
    site.cell().ends_with(".com") && site.replace(|cell| format!("{}{typo}", &cell[..cell.len() - 4]))
}

fn lost_at(site: &mut Site<'_>) -> bool {
    site.cell().ends_with("@gmail.com") && site.replace(|cell| cell.replacen('@', "", 1))
}

fn no_domain(site: &mut Site<'_>) -> bool {
    site.replace(|cell| cell.split('@').next().unwrap_or_default().to_owned())
}

fn empty_domain(site: &mut Site<'_>) -> bool {
    change_domain(site, |_| String::new())
}

fn no_tld(site: &mut Site<'_>) -> bool {
    change_domain(site, |domain| domain.split('.').next().unwrap_or_default().to_owned())
}

fn dots(site: &mut Site<'_>) -> bool {
    site.cell().split('@').next().is_some_and(|local| local.contains('.'))
        && site.replace(|cell| cell.replacen('.', "..", 1))
}

fn placeholder(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["none@none.com", "noemail@noemail.com", "no@no.com", "aaa@aaa.com", "test@test.com"])
}

fn two_in_cell(site: &mut Site<'_>) -> bool {
    let number = site.random.between(10, 99);
    let other = format!("{}{number}@walla.co.il", site.customer.last.latin.to_ascii_lowercase());
    site.replace(|cell| format!("{cell}; {other}"))
}

fn disposable(site: &mut Site<'_>) -> bool {
    let domain = *site.random.pick(&["mailinator.com", "guerrillamail.com", "yopmail.com"]);
    change_domain(site, |_| domain.to_owned())
}

fn change_domain(site: &mut Site<'_>, change: impl FnOnce(&str) -> String) -> bool {
    site.replace(|cell| match cell.split_once('@') {
        Some((local, domain)) => format!("{local}@{}", change(domain)),
        None => cell.to_owned(),
    })
}
