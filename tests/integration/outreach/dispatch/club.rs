//! A workspace with planned messages, and the `tiuv.toml` and rules that dispatch them to a fake gateway.

use std::net::SocketAddr;
use std::path::Path;

use tiuv::store::Store;

use super::fake::{ACCOUNT, PASSWORD, SERVICE, USER};
use crate::support::program::{Place, Ran};

/// Plans so many text messages, due since yesterday, each to a customer of its own.
pub(crate) fn plan(workspace: &Path, messages: u64) {
    drop(Store::open(workspace).expect("opens"));
    let mut connection = rusqlite::Connection::open(workspace.join("state.db")).expect("opens");
    let transaction = connection.transaction().expect("begins");
    for customer in 1..=messages {
        insert(&transaction, customer, "sms", &number(customer));
    }
    transaction.commit().expect("commits");
}

/// The number of a customer; nobody's.
pub(crate) fn number(customer: u64) -> String {
    format!("+97250{:07}", 1_000_000 + customer)
}

pub(crate) fn insert(connection: &rusqlite::Connection, customer: u64, channel: &str, recipient: &str) {
    connection
        .prepare_cached(
            "INSERT INTO outbox (campaign, run, customer, household, window, rung, channel, recipient, recipient_key, list,
                 row_key, row_number, first_name, language, country, body, parts, cost, expected_gain, is_audit, why,
                 to_verify, due_at, planned_at, changed_at)
             VALUES ('yearly', 'r', ?1, ?1, '2026-11-22', 1, ?2, ?3, ?3, 'club', 'K' || ?1, 1, 'דנה', 'he', 'IL',
                 'שלום דנה, האם הפרטים שלך עדיין נכונים? {link}', 1, 60000, 1, 0, '', 'phone',
                 strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '-1 day'), '2026-11-22T10:00:00Z', '2026-11-22T10:00:00Z')",
        )
        .expect("is right")
        .execute(rusqlite::params![customer as i64, channel, recipient])
        .expect("inserts");
}

/// A place with planned messages and a gateway named `fake` at this address; `more` is added to its settings.
pub(crate) fn place(messages: u64, gateway: SocketAddr, more: &str) -> Place {
    let place = Place::new();
    plan(&place.path(".tiuv"), messages);
    let twilio = format!(
        "{more}\n[outreach.gateway.fake.twilio]\naccount = \"{ACCOUNT}\"\nuser_env = \"FAKE_USER\"\n\
         password_env = \"FAKE_PASSWORD\"\nmessaging_service = \"{SERVICE}\"\nbase_url = \"http://{gateway}\"\n"
    );
    settings(&place, &format!("[outreach.gateway.fake]\nper_second = 0\n{twilio}"));
    place
}

/// Writes `tiuv.toml`, and rules in which it is never night and a gateway's word is believed at once.
pub(crate) fn settings(place: &Place, gateway: &str) {
    let link = "[outreach]\nsender = \"Kalanit\"\nlink_base = \"https://kalanit.example/c/\"\n";
    place.write("tiuv.toml", format!("{link}{gateway}"));
    let rules = place.path("rules/outreach");
    std::fs::create_dir_all(&rules).expect("makes it");
    let shipped = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/outreach").join(name);
        std::fs::read_to_string(path).expect("is shipped")
    };
    let dispatch = shipped("dispatch.toml")
        .replace("settle_seconds = 60", "settle_seconds = 0")
        .replace("retry_wait_seconds = 2", "retry_wait_seconds = 1");
    std::fs::write(rules.join("dispatch.toml"), dispatch).expect("writes");
    let days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"].map(|day| format!("{day} = \"00:00-23:59:59.999\""));
    let il = shipped("il.toml");
    let hours = il.find("[hours.sms]").expect("is there");
    let always = ["sms", "email", "call"].map(|channel| format!("[hours.{channel}]\n{}\n", days.join("\n"))).join("\n");
    std::fs::write(rules.join("il.toml"), format!("{}{always}", &il[..hours])).expect("writes");
    std::fs::write(rules.join("il_holidays.tsv"), "from\tto\tname\n").expect("writes");
}

/// Runs `tiuv outreach …` there.
pub(crate) fn outreach(place: &Place, args: &[&str]) -> Ran {
    Ran::of(command(place, args).output().expect("tiuv starts"))
}

pub(crate) fn command(place: &Place, args: &[&str]) -> std::process::Command {
    let args: Vec<&str> = ["outreach"].iter().chain(args).chain(&["--rules", "rules"]).copied().collect();
    command_of(place, &args)
}

/// A command of tiuv there that knows the gateway's secrets.
pub(crate) fn command_of(place: &Place, args: &[&str]) -> std::process::Command {
    let mut command = place.command(args);
    command.env("FAKE_USER", USER).env("FAKE_PASSWORD", PASSWORD);
    command
}

/// What `tiuv outreach status --json` says of the states: how many rows stand in one.
pub(crate) fn rows_in(place: &Place, state: &str) -> u64 {
    let ran = outreach(place, &["status", "--json"]);
    let json: serde_json::Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {} {}", ran.stdout, ran.stderr));
    json["states"][state]["rows"].as_u64().expect("a number")
}

/// A number that a query finds in the workspace.
pub(crate) fn count(place: &Place, query: &str) -> i64 {
    let connection = rusqlite::Connection::open(place.path(".tiuv/state.db")).expect("opens");
    connection.query_row(query, [], |row| row.get(0)).expect("is a number")
}

/// A customer of whom nothing is known that would stand against asking.
pub(crate) fn profile(customer: u64) -> tiuv::record::CustomerProfile {
    let id = tiuv::record::CustomerId(customer);
    tiuv::record::CustomerProfile {
        id,
        household: id,
        list: "club".to_owned(),
        key: format!("K{customer}"),
        row: 1,
        keys: Vec::new(),
        first_name: "דנה".to_owned(),
        greeting: "דנה".to_owned(),
        last_name: String::new(),
        language: "he".to_owned(),
        country: "IL".to_owned(),
        birth_date: None,
        preferred: None,
        consent: [None; 4].into(),
        restrictions: tiuv::record::Restrictions::default(),
        refusal: None,
        contacts: Vec::new(),
        value: 1.0,
        status: tiuv::record::CustomerStatus::Unknown,
        flagged: true,
        flag_reasons: tiuv::record::FlagReasons::default(),
        to_verify: Vec::new(),
        place: tiuv::record::KnownPlace::default(),
    }
}

/// Records a run with these customers.
pub(crate) fn write_profiles(workspace: &Path, profiles: &[tiuv::record::CustomerProfile]) {
    let mut store = Store::open(workspace).expect("opens");
    let mut writer = tiuv::store::ProfilesWriter::create(workspace).expect("is made");
    let profiles: Vec<_> = profiles.iter().map(|profile| (profile.clone(), Vec::new())).collect();
    writer.push(&profiles).expect("is written");
    let run = tiuv::store::RunRecord {
        id: "later".to_owned(),
        recorded_at: "2026-11-23T10:00:00Z".to_owned(),
        as_of: "2026-11-23".to_owned(),
        region: "IL".to_owned(),
        summary: "{}".to_owned(),
        ..tiuv::store::RunRecord::default()
    };
    let files = tiuv::store::RunFiles { profiles: Some(writer.finish().expect("is complete")), ..Default::default() };
    store.record_run(&run, files, None).expect("is recorded");
}
