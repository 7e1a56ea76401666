//! What a run asks, and that what was decided is obeyed and not asked again.

use std::collections::BTreeMap;

use rusqlite::Connection;
use tiuv::record::{ItemKind, Role, Shown, Verb};
use tiuv::rule::{Context, RuleFiles, StewardPolicy};
use tiuv::steward::{Choice, Decided, Steward, hash_password};
use tiuv::store::{Claimer, ItemFilter, NewUser, Store, Undone, User};

use crate::support::program::{Place, cleaned};

const LIST: &str = "\
id,first name,last name,mobile,email,birth date,city,street,consent
K1,Dana,Levi,050-2345678,dana.levi@walla.co.i,1981-05-06,Haifa,Herzl 3,yes
K2,Dana,Levi,050-2345678,dana.levi@gmail.com,1981-05-06,Haifa,Herzl 3,no
K3,Yossi,Cohen,052-7654321,yossi@example.org,1970-01-02,Acre,Ben Ami 4,yes
";

fn open(place: &Place) -> Store {
    Store::open(&place.path(".tiuv")).expect("opens")
}

fn steward(store: &mut Store) -> (Steward, User) {
    let files = RuleFiles::embedded();
    let policy = StewardPolicy::load(&files).expect("loads");
    let context = Context::new(files, "IL", jiff::civil::date(2026, 11, 21));
    let hash = hash_password("three blue chairs").expect("there are random numbers");
    let new = NewUser { name: "noa", folded: "noa", hash: &hash, role: Role::Steward };
    store.add_user(&new, tiuv::clock::timestamp(), "test").expect("is made");
    let user = store.users().expect("are read").remove(0);
    (Steward::new(policy, context, store).expect("opens"), user)
}

fn kinds(place: &Place, state: &str) -> Vec<String> {
    let own = Connection::open(place.path(".tiuv/state.db")).expect("opens");
    let mut kinds = own.prepare("SELECT kind FROM steward_item WHERE state = ?1 ORDER BY kind").expect("SQL");
    kinds.query_map([state], |row| row.get(0)).expect("SQL").map(|kind| kind.expect("a word")).collect()
}

#[test]
fn a_run_asks_and_what_was_decided_is_handed_over_and_not_asked_again() {
    let place = cleaned(LIST);
    let asked = kinds(&place, "open");
    assert!(asked.contains(&"suggestion".to_owned()) && asked.contains(&"consent".to_owned()), "{asked:?}");
    let mut store = open(&place);
    let (steward, noa) = steward(&mut store);
    let now = tiuv::clock::timestamp();
    let claimer = Claimer { user: noa.id, now, lease: jiff::SignedDuration::from_mins(10) };
    let filter = ItemFilter { kind: Some(ItemKind::Suggestion), ..ItemFilter::default() };
    let item = store.claim_next(&claimer, &filter).expect("is read").expect("is asked");
    let choice = Choice::of(Verb::Accept);
    let today = jiff::civil::date(2026, 11, 21);
    let Decided::Done(made) =
        steward.decide(&mut store, &noa, (item.id, item.version), &choice, now, today).expect("is written")
    else {
        panic!("it is decided")
    };
    let listed = place.tiuv(&["outreach", "answers", "list", "--state", "accepted"]);
    assert!(listed.stdout.contains("dana.levi@walla.co.il"), "{} {}", listed.stdout, listed.stderr);
    // The same list again: the guess stands there as before, and nobody is asked again.
    assert_eq!(place.tiuv(&["clean", "club.csv", "--out", "again", "--mx", "off"]).exit, Some(0));
    assert_eq!(kinds(&place, "done"), ["suggestion"]);
    let mut store = open(&place);
    assert_eq!(steward.undo(&mut store, &noa, made.id, now).expect("is undone"), Some(Undone::Yes(1)));
    assert!(kinds(&place, "open").contains(&"suggestion".to_owned()));
    // Put right in the list, nothing is asked of it any more.
    place.write("club.csv", LIST.replace("walla.co.i,", "walla.co.il,"));
    assert_eq!(place.tiuv(&["clean", "club.csv", "--out", "third", "--mx", "off"]).exit, Some(0));
    assert_eq!(kinds(&place, "closed"), ["suggestion"]);
}

/// People of a club, two brothers among them whom only a person can tell apart.
fn brothers(email: &str) -> String {
    let club = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/resolve/around/club_he.csv");
    let club = std::fs::read_to_string(club).expect("the fixture stands there");
    let mut list: String = club.lines().take(121).map(|line| format!("{line}\n")).collect();
    for (key, name) in [("b1", "רוני"), ("b2", "רון")] {
        list += &format!("{key},{name},אטדגי,,1988-04-18,,{email},,,רח 6073,79,רחובות\n");
    }
    list
}

/// The customers that both are of.
fn customers(place: &Place) -> [String; 2] {
    let mut rows = csv::Reader::from_path(place.path("out/rows.csv")).expect("is written");
    let rows: Vec<BTreeMap<String, String>> = rows.deserialize().collect::<Result<_, _>>().expect("a table");
    ["b1", "b2"].map(|key| {
        let row = rows.iter().find(|row| row["id"] == key).expect("is there");
        row["tiuv_customer"].clone()
    })
}

#[test]
fn a_pair_that_was_decided_is_obeyed_until_it_is_undone_and_asked_anew_when_a_value_changes() {
    let place = cleaned(&brothers("jasper1047@gmail.com"));
    let clean = || {
        let ran = place.tiuv(&["clean", "club.csv", "--out", "out", "--as-of", "2026-11-21"]);
        assert_eq!(ran.exit, Some(0), "{ran:?}");
    };
    let mut store = open(&place);
    let (steward, noa) = steward(&mut store);
    let now = tiuv::clock::timestamp();
    let today = jiff::civil::date(2026, 11, 21);
    let pair = |store: &Store, state: &str| {
        let of = |item: &tiuv::record::Item| match &item.new.shown {
            Shown::Pair(pair) => {
                let keys = pair.sides.each_ref().map(|side| side.key.as_str());
                keys.contains(&"b1") && keys.contains(&"b2")
            }
            _ => false,
        };
        let all = (1..400).filter_map(|id| store.item(id).expect("is read"));
        all.filter(of).filter(|item| item.state.as_str() == state).last()
    };
    let [one, other] = customers(&place);
    assert_ne!(one, other);
    let asked = pair(&store, "open").expect("is asked");
    let Shown::Pair(shown) = &asked.new.shown else { panic!("it is a pair") };
    assert!(shown.is_household && !shown.signs.is_empty() && !shown.golden.is_empty());
    assert_eq!(
        shown.weight,
        shown.start + shown.rest + shown.doubt + shown.signs.iter().map(|own| own.milli).sum::<i32>()
    );
    let choice = Choice::of(Verb::Same);
    let decided = steward.decide(&mut store, &noa, (asked.id, asked.version), &choice, now, today);
    let Decided::Done(made) = decided.expect("is written") else { panic!("it is decided") };
    drop(store);
    clean();
    let [one, other] = customers(&place);
    assert_eq!(one, other, "the next run obeys");
    let mut store = open(&place);
    assert!(pair(&store, "done").is_some() && pair(&store, "open").is_none());
    assert_eq!(steward.undo(&mut store, &noa, made.id, now).expect("is undone"), Some(Undone::Yes(1)));
    drop(store);
    clean();
    let [one, other] = customers(&place);
    assert_ne!(one, other, "it decides by itself again");
    let mut store = open(&place);
    let again = pair(&store, "open").expect("is asked again");
    let choice = Choice::of(Verb::Different);
    let decided = steward.decide(&mut store, &noa, (again.id, again.version), &choice, now, today);
    assert!(matches!(decided.expect("is written"), Decided::Done(_)));
    drop(store);
    clean();
    assert!(pair(&open(&place), "open").is_none(), "it is not asked again");
    place.write("club.csv", brothers("jasper.atedgi@gmail.com"));
    clean();
    assert!(pair(&open(&place), "open").is_some(), "a compared value changed");
}
