//! The page behind the link in Chromium: `tests/browser/confirm.mjs` looks at it as customers do, and gets its codes from the fake gateway.

use std::path::PathBuf;
use std::process::{Child, Stdio};

use rusqlite::{Connection, params};
use tiuv::store::Store;

use super::dispatch::club::{command_of, settings};
use super::dispatch::fake::{ACCOUNT, Deed, Fake, PASSWORD, SERVICE, USER};
use crate::support::partner::{installed, partner};
use crate::support::program::{Place, Ran, cleaned, listening};

const LIST: &str = "\
id,first name,last name,mobile,email,birth date,city,street
K1,Dana,Levi,050-2345678,dana.levi@gmail.com,1981-05-06,Haifa,Herzl
";

/// As many links as the browser answers by, each of a planned contact in a window of its own.
fn send_links(place: &Place, count: u32) -> Vec<String> {
    let found = place.tiuv(&["lookup", "dana.levi@gmail.com", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&found.stdout).expect("is JSON");
    let name = found["customers"][0]["customer"].as_str().expect("is found");
    let id = tiuv::record::CustomerId::parse(name).expect("is a name").0 as i64;
    let secret = Store::open(&place.path(".tiuv")).and_then(|store| store.secret()).expect("is made");
    let state = Connection::open(place.path(".tiuv/state.db")).expect("the workspace opens");
    let link = |number: u32| {
        state
            .execute(
                "INSERT INTO outbox (campaign, run, customer, household, window, rung, channel, recipient, recipient_key, list,
                     row_key, row_number, first_name, language, country, body, parts, cost, expected_gain, is_audit, why,
                     to_verify, due_at, planned_at, changed_at, state)
                 VALUES ('autumn', 'r', ?1, ?1, ?2, 1, 'sms', '+972502345678', '+972502345678', 'club.csv', 'K1', 1, 'Dana',
                     'he', 'IL', 'x {link}', 1, 60000, 1, 0, '', 'phone', '2026-11-21T08:00:00Z', '', '', 'sent')",
                params![id, format!("2026-10-{number:02}")],
            )
            .expect("planned");
        let outbox = state.last_insert_rowid();
        let token = secret.link_token(outbox);
        state
            .execute(
                "INSERT INTO confirm_token (hash, outbox, customer, expires_at) VALUES (?1, ?2, ?3, '2999-01-01T00:00:00Z')",
                params![&secret.token_hash(&token)[..], outbox, id],
            )
            .expect("written");
        token
    };
    (1..=count).map(link).collect()
}

/// A server that ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_page_behind_the_link_works_in_a_browser_for_everybody() {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let needed = [installed("node_modules/playwright-core/index.js"), installed("node_modules/axe-core/axe.min.js")];
    if partner(PathBuf::from(chromium)).is_none() || needed.iter().any(Option::is_none) {
        return;
    }
    let fake = Fake::start(|_| Deed::Accept);
    let place = cleaned(LIST);
    settings(
        &place,
        &format!(
            "[outreach.gateway.fake.twilio]\naccount = \"{ACCOUNT}\"\nuser_env = \"FAKE_USER\"\npassword_env = \"FAKE_PASSWORD\"\n\
             messaging_service = \"{SERVICE}\"\nbase_url = \"http://{}\"\n",
            fake.address
        ),
    );
    let tokens = send_links(&place, 16);
    let serve = ["serve", "--confirm", "--send", "--listen", "127.0.0.1:0", "--rules", "rules"];
    let mut server = command_of(&place, &serve).stderr(Stdio::piped()).spawn().expect("starts");
    let (log, address) = listening(&mut server);
    let served = Served(server);
    let root = env!("CARGO_MANIFEST_DIR");
    let told = serde_json::json!({
        "base": format!("http://{address}"),
        "partners": format!("{root}/target/test-partners"),
        "fake": format!("http://{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", fake.address),
        "user": USER,
        "password": PASSWORD,
        "tokens": tokens,
        "pictures": std::env::var("TIUV_PICTURES").ok(),
    });
    let mut browser = place.command_of("node", &[&format!("{root}/tests/browser/confirm.mjs"), &told.to_string()]);
    let ran = Ran::of(browser.output().expect("node starts"));
    assert_eq!((ran.exit, ran.stdout.trim()), (Some(0), "nothing is wrong"), "{}", ran.stderr);
    drop((served, log));
    let suppressed = place.tiuv(&["suppress", "list", "050-2345678"]);
    assert!(suppressed.stdout.contains("opt_out"), "what was answered is kept: {suppressed:?}");
}
