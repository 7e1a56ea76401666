//! The pages in Chromium: `tests/browser/steward.mjs` works on them as two stewards do, by keys, by forms and by what helps those who
//! can't see.

use std::path::PathBuf;
use std::process::{Child, Stdio};

use rusqlite::Connection;
use tiuv::rule::{RuleFiles, StewardPolicy};
use tiuv::store::{ItemFill, Store};

use super::items::of_each_kind;
use crate::support::partner::{installed, partner};
use crate::support::program::{Place, Ran, cleaned, listening};

const PASSWORD: &str = "three blue chairs";

/// A server that ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A list of customers whose addresses end too early.
fn guesses(count: u32) -> String {
    const FIRST: [&str; 10] = ["Dana", "Yossi", "Noa", "Avi", "Tamar", "Eitan", "Michal", "Ronen", "Shira", "Gil"];
    const LAST: [&str; 7] = ["Levi", "Cohen", "Mizrahi", "Peretz", "Biton", "Friedman", "Azulay"];
    let row = |number: u32| {
        let (first, last) = (FIRST[number as usize % FIRST.len()], LAST[number as usize / FIRST.len() % LAST.len()]);
        format!("K{number},{first},{last},{first}.{last}.{number}@walla.co.i\n")
    };
    "id,first name,last name,email\n".to_owned() + &(0..count).map(row).collect::<String>()
}

/// Makes an item of each kind; their numbers by kind.
fn make_items(place: &Place) -> serde_json::Value {
    let mut store = Store::open(&place.path(".tiuv")).expect("opens");
    let policy = StewardPolicy::load(&RuleFiles::embedded()).expect("loads");
    let today = tiuv::clock::today();
    let lists = Vec::new();
    let fill = ItemFill { run: "made", lists: &lists, items: of_each_kind(), today, policy: &policy };
    store.fill_items(fill).expect("is filled");
    let state = Connection::open(place.path(".tiuv/state.db")).expect("opens");
    // What waits of answers and messages is looked for by the numbers of these.
    state
        .execute_batch(
            "INSERT INTO pending_change (id, customer, field, old, new, source, at)
                 VALUES (1, 7, 'email', 'dana@old.example', 'dana@new.example', 'confirm', '2026-11-20T10:00:00Z');
             INSERT INTO inbound_message (id, gateway, gateway_id, received_at, sender_key, body, customer, meaning)
                 VALUES (1, 'sms', '1', '2026-11-20T10:00:00Z', '+972502345678', 'who are you?', 7, 'reply');
             UPDATE steward_item SET subject = 1, identity = '1' WHERE kind IN ('change', 'message');",
        )
        .expect("written");
    let mut ids = state.prepare("SELECT kind, min(id) FROM steward_item GROUP BY kind").expect("SQL");
    let ids = ids.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))).expect("SQL");
    ids.map(|id| id.map(|(kind, id)| (kind, id.into())).expect("a row")).collect::<serde_json::Map<_, _>>().into()
}

#[test]
fn the_stewards_pages_work_in_a_browser_for_everybody() {
    let chromium = std::env::var("CHROMIUM").unwrap_or_else(|_| "/usr/bin/chromium".to_owned());
    let needed = [installed("node_modules/playwright-core/index.js"), installed("node_modules/axe-core/axe.min.js")];
    if partner(PathBuf::from(chromium)).is_none() || needed.iter().any(Option::is_none) {
        return;
    }
    let place = cleaned(&guesses(70));
    place.write("password", format!("{PASSWORD}\n"));
    for (name, role) in [("noa", "steward"), ("dan", "approver"), ("gal", "admin")] {
        let made = place.tiuv(&["user", "add", name, "--role", role, "--password-file", "password"]);
        assert_eq!(made.exit, Some(0), "{}", made.stderr);
    }
    let items = make_items(&place);
    let serve = ["serve", "--steward", "--listen", "127.0.0.1:0"];
    let mut server = place.command(&serve).stderr(Stdio::piped()).spawn().expect("starts");
    let (log, address) = listening(&mut server);
    let served = Served(server);
    let root = env!("CARGO_MANIFEST_DIR");
    let told = serde_json::json!({
        "base": format!("http://{address}"),
        "partners": format!("{root}/target/test-partners"),
        "password": PASSWORD,
        "items": items,
        "pictures": std::env::var("TIUV_PICTURES").ok(),
    });
    let mut browser = place.command_of("node", &[&format!("{root}/tests/browser/steward.mjs"), &told.to_string()]);
    let ran = Ran::of(browser.output().expect("node starts"));
    assert_eq!((ran.exit, ran.stdout.trim()), (Some(0), "nothing is wrong"), "{}", ran.stderr);
    drop((served, log));
    let verified = place.tiuv(&["audit", "verify"]);
    assert_eq!(verified.exit, Some(0), "{}", verified.stdout);
}
