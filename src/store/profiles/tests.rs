//! Customers as they are read back.

use super::*;
use crate::record::{
    Channel, Consent, ContactPoint, CustomerStatus, Day, Death, Field, FlagReason, FlagReasons, GivenConsents,
    KnownPlace, NamedRow, PhoneKind, Reach, RefusalSource, Restrictions, RowKey, Signal, Verdict,
};

fn profile(id: u64, household: u64, phone: &str) -> CustomerProfile {
    CustomerProfile {
        id: CustomerId(id),
        household: CustomerId(household),
        list: "club.csv".to_owned(),
        key: id.to_string(),
        row: id as u32,
        keys: vec![RowKey { list: "club.csv".to_owned(), key: id.to_string() }],
        first_name: "דנה".to_owned(),
        greeting: "דנה".to_owned(),
        last_name: "כהן".to_owned(),
        language: "he".to_owned(),
        country: String::new(),
        birth_date: Some(Day::new(3650)),
        preferred: Some(Channel::Call),
        consent: [None, Some(Consent::Yes), Some(Consent::No), Some(Consent::Unknown)].into(),
        restrictions: Restrictions {
            deceased: true,
            sms_refused: Some(Day::new(20_000)),
            call_closed: true,
            ..Restrictions::default()
        },
        refusal: (id == 9).then(|| RefusalSource {
            header: "בקשת הסרה".to_owned(),
            text: "התקבלה".to_owned(),
            day: Some(Day::new(19_000)),
        }),
        contacts: vec![ContactPoint {
            kind: ContactKind::Phone,
            value: phone.to_owned(),
            key: phone.to_owned(),
            verdict: Verdict::Repaired,
            line: PhoneKind::Mobile,
            sms: Reach::Yes,
            call: Reach::Unknown,
            stale: Some(0.25),
            shared_by: 2,
            dead: Some(Death::seen(Day::new(20_001), Signal::NotMe)),
            consent: [Some(Consent::Yes), None, Some(Consent::No), None].into(),
            row: Some(NamedRow { list: "old.csv".to_owned(), key: "k7".to_owned(), number: 3 }),
        }],
        value: 1.5,
        status: CustomerStatus::Loyal,
        flagged: true,
        flag_reasons: FlagReasons(vec![(ContactKind::Email, FlagReason::NoEvidence)]),
        to_verify: vec![Field::Email],
        place: KnownPlace { street: "הרצל 5".to_owned(), city: "חיפה".to_owned(), ..KnownPlace::default() },
    }
}

/// A file of these customers, as that of the run `r`.
fn written(store: &Store, customers: &[(CustomerProfile, Vec<String>)]) -> ProfilesFile {
    let mut writer = ProfilesWriter::create(&store.directory).expect("made");
    // Odd numbers at a time, so that blocks are not full.
    for some in customers.chunks(1001) {
        writer.push(some).expect("written");
    }
    writer.finish().expect("complete").persist(store.artefact(Artefact::Cards, "r")).expect("in place");
    store.profiles("r").expect("opens").expect("is there")
}

fn named(profile: CustomerProfile, names: &[&str]) -> (CustomerProfile, Vec<String>) {
    (profile, names.iter().map(|name| (*name).to_owned()).collect())
}

fn all(file: &ProfilesFile) -> Result<Vec<CustomerProfile>, StoreError> {
    let mut all = Vec::new();
    file.all(|profile| {
        all.push(profile);
        Ok::<(), StoreError>(())
    })?;
    Ok(all)
}

#[test]
fn customers_are_read_back_and_found_by_contact_name_and_household() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    let profiles =
        [profile(7, 7, "+972502345678"), profile(u64::MAX, 7, "+972502345678"), profile(9, 9, "+97235234567")];
    let names = [["דנה", "כהן"], ["דן", "כהן"], ["dana", "cohen"]];
    let customers: Vec<_> = profiles.iter().zip(names).map(|(one, names)| named(one.clone(), &names)).collect();
    let file = written(&store, &customers);
    assert_eq!(all(&file).expect("read"), profiles);
    assert_eq!(file.count().expect("read"), 3);
    assert_eq!(file.by_id(CustomerId(u64::MAX)).expect("read"), Some(profiles[1].clone()));
    assert_eq!(file.by_household(CustomerId(7)).expect("read").len(), 2);
    assert_eq!(file.by_contact(ContactKind::Phone, "+97235234567").expect("read"), profiles[2..]);
    assert!(file.by_contact(ContactKind::Email, "+97235234567").expect("read").is_empty());
    assert_eq!(file.by_name(&["כהן", "דנה"], 9).expect("read"), profiles[..1]);
    assert_eq!(file.by_name(&["כהן"], 1).expect("read").len(), 1);
    assert_eq!(file.by_row_key("0009").expect("read"), profiles[2..]);
    assert_eq!(
        file.stated_consents().expect("read"),
        BTreeMap::from([("club.csv".to_owned(), [false, true, true, true])])
    );
    assert!(store.profiles("other").expect("looked").is_none());
    let empty = written(&store, &[]);
    assert_eq!((all(&empty).expect("read"), empty.count().expect("read")), (Vec::new(), 0));
    assert_eq!(empty.by_id(CustomerId(7)).expect("read"), None);
}

#[test]
fn what_differs_from_what_is_usual_is_read_back() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    let key = |list: &str, key: &str| RowKey { list: list.to_owned(), key: key.to_owned() };
    let plain = profile(1, 1, "+972502345678");
    let mut keyless = CustomerProfile { key: String::new(), keys: Vec::new(), row: 90_000, ..plain.clone() };
    keyless.contacts.clear();
    let many = CustomerProfile { keys: vec![key("a\tb.csv", "1\n2"), key("club.csv", "1")], ..plain.clone() };
    let lost = CustomerProfile { keys: Vec::new(), greeting: String::new(), row: 0, ..plain.clone() };
    let mut written_otherwise = CustomerProfile { value: f32::MIN_POSITIVE, id: CustomerId(5), ..plain.clone() };
    written_otherwise.contacts[0].key = "another".to_owned();
    written_otherwise.contacts.push(ContactPoint { dead: Some(Death::SAID), ..ContactPoint::plain("d@example.com") });
    let customers = [keyless, many, lost, written_otherwise, plain].map(|profile| named(profile, &[]));
    let file = written(&store, &customers);
    assert_eq!(all(&file).expect("read"), customers.map(|(profile, _)| profile));
}

/// Customers of one name, each with a number, every hundredth held; every thousandth has the same address.
fn crowd(count: u64) -> Vec<(CustomerProfile, Vec<String>)> {
    let one = |id: u64| {
        let mut profile = profile(id * 1_000_003, id / 2 * 1_000_003, &format!("+97250{id:07}"));
        profile.key = id.to_string();
        profile.keys = vec![RowKey { list: "club.csv".to_owned(), key: id.to_string() }];
        if !id.is_multiple_of(100) {
            (profile.restrictions, profile.consent) = (Restrictions::default(), GivenConsents::default());
        }
        if id.is_multiple_of(1000) {
            profile.contacts.push(ContactPoint::plain("office@example.com"));
        }
        named(profile, &["כהן", if id.is_multiple_of(7) { "דנה" } else { "משה" }])
    };
    (0..count).map(one).collect()
}

#[test]
fn customers_are_found_across_blocks_and_three_thousand_of_one_name() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    let customers = crowd(3000);
    let profiles: Vec<&CustomerProfile> = customers.iter().map(|(profile, _)| profile).collect();
    let file = written(&store, &customers);
    assert_eq!(file.count().expect("read"), 3000);
    assert!(all(&file).expect("read").iter().eq(profiles.iter().copied()));
    assert!(file.by_name(&["כהן"], 5000).expect("read").iter().eq(profiles.iter().copied()));
    assert_eq!(file.by_name(&["כהן"], 70).expect("read").len(), 70);
    let both = file.by_name(&["כהן", "דנה"], 5000).expect("read");
    assert!(both.iter().eq(profiles.iter().copied().step_by(7)));
    assert!(file.by_name(&["דנה", "משה"], 9).expect("read").is_empty());
    for id in [0, 1, 63, 64, 999, 1000, 1001, 1063, 1064, 2001, 2002, 2999_usize] {
        let wanted = profiles[id];
        assert_eq!(file.by_id(wanted.id).expect("read").as_ref(), Some(wanted), "{id}");
        let household = file.by_household(wanted.household).expect("read");
        assert!(household.iter().eq(profiles[id / 2 * 2..][..2].iter().copied()));
        let contact = &wanted.contacts[0];
        assert_eq!(file.by_contact(contact.kind, &contact.key).expect("read"), std::slice::from_ref(wanted));
        assert_eq!(file.by_row_key(&id.to_string()).expect("read"), std::slice::from_ref(wanted));
    }
    let office = file.by_contact(ContactKind::Email, "office@example.com").expect("read");
    assert!(office.iter().eq(profiles.iter().copied().step_by(1000)));
    assert_eq!(file.by_id(CustomerId(3)).expect("read"), None);
    let mut held = Vec::new();
    file.held(|profile| {
        held.push(profile);
        Ok::<(), StoreError>(())
    })
    .expect("read");
    assert!(held.iter().eq(profiles.iter().copied().step_by(100)));
}

#[test]
fn whoever_takes_customers_may_stop() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    let file = written(&store, &crowd(300));
    let mut taken = 0;
    let stopped = file.all(|_| {
        taken += 1;
        if taken == 100 { Err(StoreError::Account("enough".to_owned())) } else { Ok(()) }
    });
    assert!(matches!(stopped, Err(StoreError::Account(_))) && taken == 100, "{taken}");
}

#[test]
fn a_damaged_block_or_index_is_told_with_the_remedy_and_a_repair_finds_it() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    let customers = crowd(200);
    let id = customers[150].0.id;
    let path = store.artefact(Artefact::Cards, "r");
    for (what, is_index) in [
        ("UPDATE block SET data = substr(data, 1, 40) WHERE first = 128", false),
        ("UPDATE block SET data = zeroblob(length(data)) WHERE first = 128", false),
        ("UPDATE block SET data = x'' WHERE first = 128", false),
        // A frame of zstd that names a length of 2^62 bytes.
        ("UPDATE block SET data = x'28B52FFDC0000000000000004000' WHERE first = 128", false),
        ("UPDATE block SET data = (SELECT data FROM found) WHERE first = 128", false),
        ("UPDATE block SET customers = 3 WHERE first = 128", false),
        ("DELETE FROM block WHERE first = 128", false),
        ("UPDATE block SET first = 129 WHERE first = 128; UPDATE block SET customers = 0", false),
        ("UPDATE found SET data = x'FFFFFFFFFFFFFFFFFF01'", true),
        ("UPDATE found SET data = x'02FFFFFFFFFFFFFFFFFF01FFFFFFFF0FFFFFFFFFFFFFFFFFFF0101'", true),
        ("DROP TABLE found", true),
    ] {
        drop(written(&store, &customers));
        let connection = Connection::open(&path).expect("opens");
        connection.execute_batch(what).expect("damaged");
        drop(connection);
        let file = store.profiles("r").expect("opens").expect("is there");
        let error = file.by_id(id).expect_err(what);
        assert!(matches!(&error, StoreError::Damaged { run, .. } if run == "r"), "{what}: {error:?}");
        assert!(error.help().contains("tiuv workspace repair"));
        assert_eq!(all(&file).is_err(), !is_index, "{what}");
        assert_eq!(file.check_index().is_err(), is_index, "{what}");
    }
}

#[test]
fn a_file_of_a_newer_program_is_told_as_such() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    drop(written(&store, &crowd(2)));
    let connection = Connection::open(store.artefact(Artefact::Cards, "r")).expect("opens");
    connection.pragma_update(None, "user_version", NEWEST + 1).expect("set");
    drop(connection);
    let error = store.profiles("r").expect_err("is newer");
    assert!(matches!(error, StoreError::Newer { .. }) && error.help().contains("update tiuv"), "{error:?}");
}

#[test]
fn a_million_customers_of_one_kind_take_a_hundred_bytes_each() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    drop(written(&store, &crowd(3000)));
    let bytes = std::fs::metadata(store.artefact(Artefact::Cards, "r")).expect("is there").len();
    assert!(bytes < 3000 * 100, "{bytes}");
}
