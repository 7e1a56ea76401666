//! Lists of a few rows, which can't show how common a name is: what is known of people anywhere stands in.

use super::dedupe::{dedupe, written};
use crate::support::program::Place;

const HEADER: &str = "id,first_name,last_name,email,phone,birth_date,city\n";

/// Eight customers who have nothing to do with those of a case.
const OTHERS: [&str; 8] = [
    "o1,Tamar,Golan,tgolan@walla.co.il,0521114455,1991-02-13,Netanya",
    "o2,אביגיל,שרעבי,avs@gmail.com,0543339911,1967-11-02,אשדוד",
    "o3,Oleg,Sidorov,oleg-s@mail.ru,0537772244,1979-05-25,Ashdod",
    "o4,מאיר,בוזגלו,mb1955@bezeqint.net,0508884613,1955-09-30,דימונה",
    "o5,Rania,Haddad,rania.h@hotmail.com,0529090761,1988-07-07,Nazareth",
    "o6,שירה,אלקיים,,0546161338,2001-01-19,רחובות",
    "o7,Benny,Shaked,shaked@shakedlaw.co.il,0503057719,1960-12-12,Haifa",
    "o8,הדס,ירון,hadasy@gmail.com,,1995-03-08,כפר סבא",
];

/// How many customers rows are, alone and among eight others.
fn customers(rows: &[&str]) -> [usize; 2] {
    [&[][..], &OTHERS].map(|others| {
        let place = Place::new();
        let lines: String = rows.iter().chain(others).map(|row| format!("{row}\n")).collect();
        place.write("list.csv", format!("{HEADER}{lines}"));
        written(&dedupe(&place, "2")).len() - others.len()
    })
}

#[test]
fn records_of_one_person_are_one_customer_however_short_the_list() {
    let cases: [(&str, &[&str]); 8] = [
        (
            "three rows that say the same",
            &[
                "1,Dana,Levi,dana81@walla.co.il,0502345678,,",
                "2,Dana,Levi,dana81@walla.co.il,0502345678,,",
                "3,Dana,Levi,dana81@walla.co.il,0502345678,,",
            ],
        ),
        (
            "twice, with everything",
            &[
                "1,יוסי,כהן,yos_c@gmail.com,0523456789,1970-04-04,חולון",
                "2,יוסי,כהן,yos_c@gmail.com,0523456789,1970-04-04,חולון",
            ],
        ),
        (
            "a common name and one number",
            &["1,משה,כהן,,0541239876,,ירושלים", "2,משה,כהן,moshe.c@gmail.com,0541239876,,"],
        ),
        (
            "a rare name and one mailbox, another number",
            &["1,Ilanit,Zarfati,iz77@gmail.com,0521231231,,Eilat", "2,Ilanit,Zarfati,iz77@gmail.com,0547894561,,Eilat"],
        ),
        (
            "two scripts, one number and birth date",
            &["1,דנה,לוי,,0502345678,1981-04-09,", "2,Dana,Levy,d.levy81@gmail.com,0502345678,1981-04-09,"],
        ),
        (
            "a name written otherwise",
            &["1,Evgeny,Kuznetsov,ekuz@mail.ru,0531112233,,", "2,Yevgeni,Kuznetzov,ekuz@mail.ru,0531112233,,"],
        ),
        (
            "a moved customer with one mailbox",
            &["1,رنا,خوري,rk_1990@gmail.com,0526667788,,حيفا", "2,رنا,خوري,rk_1990@gmail.com,0559998877,,عكا"],
        ),
        (
            "a slip in the number",
            &[
                "1,Noga,Peretz,nogap@walla.co.il,0523334455,1985-05-06,",
                "2,Noga,Peretz,nogap@walla.co.il,0523334456,1985-05-06,",
            ],
        ),
    ];
    for (what, rows) in cases {
        assert_eq!(customers(rows), [1, 1], "{what}: alone, and among eight others");
    }
}

#[test]
fn two_people_are_two_customers_however_short_the_list() {
    let cases: [(&str, &[&str]); 7] = [
        (
            "namesakes with contacts of their own",
            &["1,David,Cohen,davc@gmail.com,0501112233,,", "2,David,Cohen,cohen-d@walla.co.il,0549998877,,"],
        ),
        ("namesakes of whom nothing else is known", &["1,דוד,כהן,,,,", "2,דוד,כהן,,0549998877,,"]),
        (
            "a couple with one telephone",
            &["1,Amit,Barak,,0523332211,,Lod", "2,Sigal,Barak,sigalb@gmail.com,0523332211,,Lod"],
        ),
        (
            "siblings with a family mailbox",
            &[
                "1,נועה,מזרחי,mizrahi.family@gmail.com,,2010-02-03,",
                "2,איתי,מזרחי,mizrahi.family@gmail.com,,2013-08-09,",
            ],
        ),
        ("twins", &["1,Tal,Segev,,0521110000,2008-08-08,Arad", "2,Gal,Segev,,0521110000,2008-08-08,Arad"]),
        (
            "strangers who gave a number that is none",
            &["1,Ronit,Malka,,0500000000,,Haifa", "2,Yael,Malka,none@none.com,0500000000,,"],
        ),
        (
            "one birth date and town, and nothing else",
            &["1,Maya,Sasson,,,1990-01-01,Haifa", "2,Rotem,Biton,,,1990-01-01,Haifa"],
        ),
    ];
    for (what, rows) in cases {
        assert_eq!(customers(rows), [2, 2], "{what}: alone, and among eight others");
    }
}
