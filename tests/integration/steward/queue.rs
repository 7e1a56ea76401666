//! What a run asks, and that what was decided is obeyed and not asked again.

use rusqlite::Connection;
use tiuv::record::ItemKind;
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
    let new = NewUser { name: "noa", folded: "noa", hash: &hash, role: tiuv::record::Role::Steward };
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
    let choice = Choice::of(tiuv::record::Verb::Accept);
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
