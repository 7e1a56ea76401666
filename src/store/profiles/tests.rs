//! Customers as they are read back.

use super::*;
use crate::record::{
    Channel, Consent, CustomerStatus, Day, Death, Field, FlagReason, FlagReasons, KnownPlace, NamedRow, PhoneKind,
    Reach, RefusalSource, Restrictions, RowKey, Signal, Verdict,
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

#[test]
fn customers_are_read_back_and_found_by_contact_name_and_household() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open(directory.path()).expect("opens");
    let profiles =
        [profile(7, 7, "+972502345678"), profile(u64::MAX, 7, "+972502345678"), profile(9, 9, "+97235234567")];
    let mut writer = ProfilesWriter::create(directory.path()).expect("made");
    for (profile, names) in profiles.iter().zip([["דנה", "כהן"], ["דן", "כהן"], ["dana", "cohen"]]) {
        writer.push(profile, names).expect("written");
    }
    writer.finish().expect("complete").persist(store.artefact(Artefact::Cards, "r")).expect("in place");
    let file = store.profiles("r").expect("opens").expect("is there");
    let mut all = Vec::new();
    file.all(|profile| -> Result<(), StoreError> {
        all.push(profile);
        Ok(())
    })
    .expect("read");
    assert_eq!(all, profiles);
    assert_eq!(file.by_id(CustomerId(u64::MAX)).expect("read"), Some(profiles[1].clone()));
    assert_eq!(file.by_household(CustomerId(7)).expect("read").len(), 2);
    assert_eq!(file.by_contact(ContactKind::Phone, "+97235234567").expect("read"), profiles[2..]);
    assert!(file.by_contact(ContactKind::Email, "+97235234567").expect("read").is_empty());
    assert_eq!(file.by_name(&["כהן", "דנה"], 9).expect("read"), profiles[..1]);
    assert_eq!(file.by_name(&["כהן"], 1).expect("read").len(), 1);
    assert!(store.profiles("other").expect("looked").is_none());
}
