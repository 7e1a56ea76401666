//! Broken dates.

use super::super::Language;
use super::super::column::{BIRTH_DATE, LAST_PURCHASE};
use super::super::person::Day;
use super::super::writing::date;
use super::{Damage, Site};

const BIRTH: &[usize] = &[BIRTH_DATE];
const BOUGHT: &[usize] = &[LAST_PURCHASE];

pub const DAMAGES: &[Damage] = &[
    Damage { name: "date_impossible", code: "date.impossible", weight: 20, columns: BIRTH, apply: impossible },
    Damage { name: "date_future", code: "date.future", weight: 15, columns: BIRTH, apply: future },
    Damage { name: "date_too_old", code: "date.too_old", weight: 10, columns: BIRTH, apply: too_old },
    Damage { name: "date_placeholder", code: "date.placeholder", weight: 25, columns: BIRTH, apply: placeholder },
    Damage { name: "date_words", code: "date.unparsable", weight: 10, columns: BIRTH, apply: words },
    Damage { name: "date_serial", code: "date.repair.excel_serial", weight: 20, columns: BIRTH, apply: serial },
    Damage {
        name: "date_two_digit_year",
        code: "date.repair.two_digit_year",
        weight: 20,
        columns: BIRTH,
        apply: two_digit_year,
    },
    Damage { name: "date_with_time", code: "date.repair.time_stripped", weight: 15, columns: BIRTH, apply: with_time },
    Damage {
        name: "date_bought_before_joined",
        code: "date.order",
        weight: 10,
        columns: BOUGHT,
        apply: bought_before_joined,
    },
];

fn impossible(site: &mut Site<'_>) -> bool {
    let (month, day) = *site.random.pick(&[(2, 30), (2, 31), (4, 31), (6, 31), (11, 31)]);
    let day = Day { month, day, ..site.customer.born };
    set_date(site, day)
}

fn future(site: &mut Site<'_>) -> bool {
    let year = 2031 + site.customer.born.year % 40;
    let day = Day { year, ..site.customer.born };
    set_date(site, day)
}

fn too_old(site: &mut Site<'_>) -> bool {
    let year = 1840 + site.customer.born.year % 30;
    let day = Day { year, ..site.customer.born };
    set_date(site, day)
}

fn placeholder(site: &mut Site<'_>) -> bool {
    let day = Day { year: 1900, month: 1, day: 1 };
    set_date(site, day)
}

fn words(site: &mut Site<'_>) -> bool {
    site.set_one_of(&["קיץ 1980", "בערך בן 40", "אחרי חנוכה"])
}

/// Days since 1899-12-30, as a spreadsheet counts them.
fn serial(site: &mut Site<'_>) -> bool {
    let Day { year, month, day } = site.customer.born;
    let born = jiff::civil::date(year as i16, month as i8, day as i8);
    let days = (born - jiff::civil::date(1899, 12, 30)).get_days();
    site.replace(|_| days.to_string())
}

fn two_digit_year(site: &mut Site<'_>) -> bool {
    let Day { year, month, day } = site.customer.born;
    site.language == Language::Hebrew && site.replace(|_| format!("{day:02}/{month:02}/{:02}", year % 100))
}

fn with_time(site: &mut Site<'_>) -> bool {
    site.replace(|cell| format!("{cell} 00:00:00"))
}

fn bought_before_joined(site: &mut Site<'_>) -> bool {
    let year = site.customer.joined.year - 3;
    let day = Day { year, ..site.customer.joined };
    set_date(site, day)
}

fn set_date(site: &mut Site<'_>, day: Day) -> bool {
    let text = date(day, site.language);
    site.set(text)
}
