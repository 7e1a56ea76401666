//! Files of earlier versions, made as those wrote them.

use super::*;
use crate::record::{
    Channel, Consent, ContactKind, CustomerId, CustomerStatus, Day, Death, Field, FlagReason, FlagReasons, KnownPlace,
    NamedRow, RefusalSource, Restrictions, RowKey, Signal,
};
use crate::store::{Artefact, Store, StoreError};

/// The form before blocks.
const SCHEMA: &str = "
CREATE TABLE customer (
    place INTEGER PRIMARY KEY, id INTEGER NOT NULL, household INTEGER NOT NULL, list TEXT NOT NULL, key TEXT NOT NULL,
    number INTEGER NOT NULL, first_name TEXT NOT NULL, last_name TEXT NOT NULL, language TEXT NOT NULL,
    country TEXT NOT NULL, birth_date INTEGER, preferred TEXT, consents TEXT NOT NULL, holds INTEGER NOT NULL,
    sms_refused INTEGER, email_refused INTEGER, call_refused INTEGER, last_asked INTEGER, value REAL NOT NULL,
    status TEXT NOT NULL, flagged INTEGER NOT NULL, flag_reasons TEXT NOT NULL, to_verify TEXT NOT NULL,
    refused_on INTEGER, died_on INTEGER, refusal_header TEXT, refusal_text TEXT, refusal_day INTEGER,
    keys TEXT NOT NULL, greeting TEXT NOT NULL, lives_at TEXT NOT NULL) STRICT;
CREATE TABLE list (name TEXT NOT NULL, stated TEXT NOT NULL, unread TEXT NOT NULL) STRICT;
CREATE TABLE contact (
    customer INTEGER NOT NULL, position INTEGER NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, key TEXT NOT NULL,
    verdict TEXT NOT NULL, line TEXT NOT NULL, sms TEXT NOT NULL, call TEXT NOT NULL, stale REAL,
    shared_by INTEGER NOT NULL, dead_since INTEGER, dead_by TEXT, consents TEXT NOT NULL, list TEXT, key_of_row TEXT,
    number INTEGER, PRIMARY KEY (customer, position)) STRICT, WITHOUT ROWID;
CREATE TABLE found_by (hash INTEGER NOT NULL, customer INTEGER NOT NULL, PRIMARY KEY (hash, customer)) STRICT, WITHOUT ROWID;
INSERT INTO list VALUES ('club.csv', '--y-', '[]');
INSERT INTO customer VALUES (0, 7, 7, 'club.csv', 'A7', 3, 'דנה', 'כהן', 'he', 'IL', 3650, 'call', '-yn?', 130, 20000, NULL,
    NULL, 20100, 1.5, 'loyal', 1, 'email.no_evidence', 'email', 19999, 19998, 'בקשת הסרה', 'התקבלה', 19000,
    'club.csv' || char(9) || 'A7' || char(10) || 'old.csv' || char(9) || 'k7' || char(10), 'דנה',
    char(9) || 'הרצל 5' || char(9) || 'חיפה' || char(9));
INSERT INTO customer VALUES (1, -1, 7, 'club.csv', '8', 4, 'דן', 'כהן', '', '', NULL, NULL, '----', 0, NULL, NULL, NULL, NULL,
    1.0, 'unknown', 0, '', '', NULL, NULL, NULL, NULL, NULL, '', '', '');
INSERT INTO contact VALUES (0, 0, 'phone', '+972502345678', '+972502345678', 'repaired', 'mobile', 'yes', 'unknown', 0.25, 2,
    20001, 'not_me', 'y-n-', 'old.csv', 'k7', 3);
INSERT INTO contact VALUES (1, 0, 'email', 'dan@example.com', 'dan@example.com', 'ok', 'unknown', 'no', 'no', NULL, 1,
    NULL, NULL, '----', NULL, NULL, NULL);
";

/// As whom the first customer is read.
fn dana() -> CustomerProfile {
    let phone = ContactPoint {
        verdict: crate::record::Verdict::Repaired,
        call: crate::record::Reach::Unknown,
        stale: Some(0.25),
        shared_by: 2,
        dead: Some(Death::seen(Day::new(20_001), Signal::NotMe)),
        consent: [Some(Consent::Yes), None, Some(Consent::No), None].into(),
        row: Some(NamedRow { list: "old.csv".to_owned(), key: "k7".to_owned(), number: 3 }),
        ..ContactPoint::plain("+972502345678")
    };
    let key = |list: &str, key: &str| RowKey { list: list.to_owned(), key: key.to_owned() };
    CustomerProfile {
        id: CustomerId(7),
        household: CustomerId(7),
        list: "club.csv".to_owned(),
        key: "A7".to_owned(),
        row: 3,
        keys: vec![key("club.csv", "A7"), key("old.csv", "k7")],
        first_name: "דנה".to_owned(),
        greeting: "דנה".to_owned(),
        last_name: "כהן".to_owned(),
        language: "he".to_owned(),
        country: "IL".to_owned(),
        birth_date: Some(Day::new(3650)),
        preferred: Some(Channel::Call),
        consent: [None, Some(Consent::Yes), Some(Consent::No), Some(Consent::Unknown)].into(),
        restrictions: Restrictions {
            deceased: true,
            call_closed: true,
            sms_refused: Some(Day::new(20_000)),
            last_asked: Some(Day::new(20_100)),
            refused_on: Some(Day::new(19_999)),
            died_on: Some(Day::new(19_998)),
            ..Restrictions::default()
        },
        refusal: Some(RefusalSource {
            header: "בקשת הסרה".to_owned(),
            text: "התקבלה".to_owned(),
            day: Some(Day::new(19_000)),
        }),
        contacts: vec![phone],
        value: 1.5,
        status: CustomerStatus::Loyal,
        flagged: true,
        flag_reasons: FlagReasons(vec![(ContactKind::Email, FlagReason::NoEvidence)]),
        to_verify: vec![Field::Email],
        place: KnownPlace { street: "הרצל 5".to_owned(), city: "חיפה".to_owned(), ..KnownPlace::default() },
    }
}

fn put(connection: &Connection, by: FoundBy<'_>, place: i64) {
    connection.execute("INSERT INTO found_by VALUES (?1, ?2)", [hash(by), place]).expect("inserted");
}

#[test]
fn files_of_rows_are_read_and_looked_up_as_before() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    let connection = Connection::open(store.artefact(Artefact::Cards, "r")).expect("made");
    connection.execute_batch(SCHEMA).expect("filled");
    put(&connection, FoundBy::Id(CustomerId(7)), 0);
    put(&connection, FoundBy::Id(CustomerId(u64::MAX)), 1);
    for place in [0, 1] {
        put(&connection, FoundBy::Household(CustomerId(7)), place);
        put(&connection, FoundBy::Name("כהן"), place);
    }
    put(&connection, FoundBy::Name("דנה"), 0);
    put(&connection, FoundBy::Contact(ContactKind::Phone, "+972502345678"), 0);
    put(&connection, FoundBy::Key("k7"), 0);
    drop(connection);

    let file = store.profiles("r").expect("opens").expect("is there");
    let mut all = Vec::new();
    let read = file.all(|profile| {
        all.push(profile);
        Ok::<(), StoreError>(())
    });
    read.expect("read");
    let [first, second] = &*all else { panic!("{all:?}") };
    assert_eq!(*first, dana());
    assert_eq!((second.id, &*second.contacts), (CustomerId(u64::MAX), &[ContactPoint::plain("dan@example.com")][..]));
    let mut held = Vec::new();
    let read = file.held(|profile| {
        held.push(profile.id);
        Ok::<(), StoreError>(())
    });
    read.expect("read");
    assert_eq!(held, [CustomerId(7)]);
    assert_eq!(file.count().expect("read"), 2);
    assert_eq!(file.by_id(CustomerId(7)).expect("read"), Some(dana()));
    assert_eq!(file.by_household(CustomerId(7)).expect("read").len(), 2);
    assert_eq!(file.by_contact(ContactKind::Phone, "+972502345678").expect("read"), [dana()]);
    assert_eq!(file.by_name(&["כהן", "דנה"], 9).expect("read"), [dana()]);
    assert_eq!(file.by_row_key("K7").expect("read").len(), file.by_row_key("k7").expect("read").len());
    assert_eq!(file.by_row_key("8").expect("read"), std::slice::from_ref(second), "found without an index of keys");
    assert_eq!(
        file.stated_consents().expect("read"),
        BTreeMap::from([("club.csv".to_owned(), [false, false, true, false])])
    );
}
