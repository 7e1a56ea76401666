//! Golden records hold what other lists of the workspace know of a customer.

use std::collections::BTreeMap;

use crate::support::program::{AS_OF, Place};

type Record = BTreeMap<String, String>;

const CLUB: &str = "id,first name,last name,mobile,birth date,email
1,Noga,Peretz,0523334455,1985-05-06,nogap@walla.co.il
2,Tamar,Golan,0521114455,1991-02-13,tgolan@walla.co.il
3,Oleg,Sidorov,0537772244,1979-05-25,oleg-s@mail.ru
4,Benny,Shaked,0503057719,1960-12-12,shaked@shakedlaw.co.il
";
const SHOP: &str = "order,name,surname,phone,e-mail,town
A1,Noga,Peretz,0523334455,,Netanya
A2,Rania,Haddad,0529090761,rania.h@hotmail.com,Nazareth
A3,Tamar,Golan,0521114455,tamar.golan.new@gmail.com,Arad
";

fn clean(place: &Place, inputs: &[&str], more: &[&str]) -> Vec<Record> {
    let ran = place.tiuv(&[&["clean"][..], inputs, &["--out", "out"], more, &AS_OF].concat());
    assert_eq!(ran.exit, Some(0), "{ran:?}");
    let mut reader = csv::Reader::from_path(place.path("out/customers.csv")).expect("written");
    reader.deserialize().collect::<Result<_, _>>().expect("each row has the cells of the header")
}

/// The customer of this first name.
fn named<'r>(records: &'r [Record], first_name: &str) -> &'r Record {
    records.iter().find(|record| record["first_name"] == first_name).expect("the customer")
}

#[test]
fn a_golden_record_has_what_another_list_knows_and_says_where_it_stands() {
    let place = Place::new();
    place.write("club.csv", CLUB);
    place.write("shop.csv", SHOP);
    clean(&place, &["club.csv"], &[]);
    let shop = clean(&place, &["shop.csv"], &[]);
    let noga = named(&shop, "Noga");
    assert_eq!(noga["records"], "1", "the rows of this run are counted: {noga:?}");
    assert_eq!(noga["email"], "nogap@walla.co.il");
    assert_eq!(noga["birth_date"], "1985-05-06");
    assert!(noga["sources"].contains("email=club.csv:1;"), "{noga:?}");
    assert_eq!(named(&shop, "Rania")["birth_date"], "", "nobody else gets anything");
    let tamar = named(&shop, "Tamar");
    assert_eq!(
        tamar["email"], "tamar.golan.new@gmail.com",
        "this run's own value stands before an equal one of another list"
    );
    assert!(tamar["alternates"].contains("email=tgolan@walla.co.il@club.csv:2"), "{tamar:?}");
    assert_eq!(shop.len(), 3, "customers of other lists alone are none of this run: {shop:?}");
}

#[test]
fn the_key_of_another_list_is_no_key_of_this_one_and_no_contact_of_it_is_asked() {
    let place = Place::new();
    place.write("club.csv", CLUB);
    place.write("shop.csv", SHOP.replace("order,", "number of order,"));
    clean(&place, &["club.csv"], &[]);
    let shop = clean(&place, &["shop.csv"], &["--map", "none=number of order"]);
    let noga = named(&shop, "Noga");
    assert_eq!(noga.get("id").map_or("", String::as_str), "", "{noga:?}");
    assert!(!noga["tiuv_may_email"].starts_with("yes"), "no row of this list holds the address: {noga:?}");
}

#[test]
fn a_list_that_is_read_again_stands_for_itself() {
    let place = Place::new();
    place.write("club.csv", CLUB);
    clean(&place, &["club.csv"], &[]);
    place.write("club.csv", CLUB.replace("nogap@walla.co.il", "noga.new@gmail.com"));
    let club = clean(&place, &["club.csv"], &[]);
    let noga = named(&club, "Noga");
    assert_eq!(noga["email"], "noga.new@gmail.com");
    assert!(!noga["alternates"].contains("nogap"), "what the list said before is not asked: {noga:?}");
}

#[test]
fn golden_records_are_the_same_whatever_the_number_of_threads() {
    let of_threads = |threads: &str| {
        let place = Place::new();
        place.write("club.csv", CLUB);
        place.write("shop.csv", SHOP);
        clean(&place, &["club.csv"], &["--threads", threads]);
        clean(&place, &["shop.csv"], &["--threads", threads]);
        std::fs::read(place.path("out/customers.csv")).expect("written")
    };
    assert_eq!(of_threads("1"), of_threads("4"));
}
