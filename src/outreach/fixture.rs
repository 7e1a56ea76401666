//! Customers, rows and settings for the tests of this stage; all invented.

use jiff::civil::date;

use super::message::Writer;
use super::settings::Settings;
use crate::record::{
    Channel, Consent, ContactPoint, CustomerId, CustomerProfile, CustomerStatus, Field, FlagReasons, KnownPlace,
    OutboxState, Restrictions, RowKey,
};
use crate::rule::{OutreachRules, RuleFiles};
use crate::store::{KnownContact, ProfilesFile, ProfilesWriter, RunFiles, RunRecord, Store};

pub(super) fn rules() -> OutreachRules {
    OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules are of their form")
}

pub(super) fn writer(rules: &OutreachRules) -> Writer<'_> {
    Writer { rules, sender: "Kalanit", link: "x".repeat(32), can_reply: true, most_parts: None }
}

pub(super) fn phone(number: &str, stale: f32) -> ContactPoint {
    ContactPoint { stale: Some(stale), consent: [Some(Consent::Yes); 4].into(), ..ContactPoint::plain(number) }
}

pub(super) fn email(address: &str, stale: f32) -> ContactPoint {
    phone(address, stale)
}

/// A customer who may be asked by every channel, whose address is likely stale.
pub(super) fn profile(id: u64) -> CustomerProfile {
    let yes = Some(Consent::Yes);
    CustomerProfile {
        id: CustomerId(id),
        household: CustomerId(id),
        list: "club.csv".to_owned(),
        key: id.to_string(),
        row: id as u32,
        keys: vec![RowKey { list: "club.csv".to_owned(), key: id.to_string() }],
        first_name: "דנה".to_owned(),
        greeting: "דנה".to_owned(),
        last_name: "כהן".to_owned(),
        language: "he".to_owned(),
        country: String::new(),
        birth_date: None,
        preferred: None,
        consent: [yes, yes, yes, yes].into(),
        restrictions: Restrictions::default(),
        refusal: None,
        contacts: vec![phone(&format!("+97250{id:07}"), 0.1), email(&format!("c{id}@example.org"), 0.6)],
        value: 1.0,
        status: CustomerStatus::Unknown,
        flagged: false,
        flag_reasons: FlagReasons::default(),
        to_verify: vec![Field::Email, Field::Phone],
        place: KnownPlace::default(),
    }
}

/// A text message that was sent on 22 November 2026.
pub(super) fn known(id: u64) -> KnownContact {
    let at = "2026-11-22T08:00:00Z".parse().expect("a moment");
    KnownContact {
        id: id as i64,
        campaign: "verify".to_owned(),
        customer: CustomerId(id),
        household: CustomerId(id),
        window: "2026-11-22".to_owned(),
        rung: 1,
        channel: Channel::Sms,
        recipient_key: format!("+97250{id:07}"),
        country: "IL".to_owned(),
        body: String::new(),
        cost: 0,
        is_audit: false,
        state: OutboxState::Sent,
        reason: String::new(),
        again_on: None,
        due_at: at,
        changed_at: at,
    }
}

pub(super) fn settings() -> Settings {
    let mut settings = Settings::new(rules().policy, date(2026, 11, 21));
    settings.sender = "Kalanit".to_owned();
    settings.link_base = "https://kalanit.example/c/".to_owned();
    settings
}

/// Puts the customers of a run into a workspace.
pub(super) fn fill(store: &mut Store, run: &str, profiles: &[CustomerProfile]) -> ProfilesFile {
    let mut writer = ProfilesWriter::create(store.directory()).expect("made");
    let profiles: Vec<_> = profiles.iter().map(|profile| (profile.clone(), Vec::new())).collect();
    writer.push(&profiles).expect("written");
    let record = RunRecord {
        id: run.to_owned(),
        recorded_at: "2026-11-21T10:00:00Z".to_owned(),
        as_of: "2026-11-21".to_owned(),
        region: "IL".to_owned(),
        summary: "{}".to_owned(),
        ..RunRecord::default()
    };
    let files = RunFiles { profiles: Some(writer.finish().expect("complete")), ..RunFiles::default() };
    store.record_run(&record, files, None).expect("recorded");
    store.profiles(run).expect("read").expect("there")
}
