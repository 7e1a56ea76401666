//! What holds messages back: the stop switch, the ceiling of costs, quiet hours, refusals, and settings that can't be.

use std::time::Duration;

use tiuv::store::Store;

use super::club::{command, count, insert, number, outreach, place, rows_in, settings};
use super::fake::{Deed, Fake};

#[test]
fn a_stop_takes_effect_between_two_messages_of_a_running_dispatch() {
    let fake = Fake::start(|_| Deed::AcceptAfter(Duration::from_millis(30)));
    let place = place(200, fake.address, "max_in_flight = 1");
    let child = command(&place, &["dispatch", "--send"]).stdout(std::process::Stdio::piped()).spawn().expect("starts");
    while fake.taken().len() < 5 {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(outreach(&place, &["stop", "--why", "wrong text"]).exit, Some(0));
    let when_stopped = fake.taken().len();
    let ended = child.wait_with_output().expect("ends");
    assert!(String::from_utf8_lossy(&ended.stdout).contains("stopped by"), "{ended:?}");
    assert!(fake.taken().len() <= when_stopped + 1, "at most the one under way");
    assert_eq!(rows_in(&place, "sending") + rows_in(&place, "unknown"), 0);

    let refused = outreach(&place, &["dispatch", "--send"]);
    assert_eq!(refused.exit, Some(2));
    assert!(refused.stderr.contains("wrong text") && refused.stderr.contains("resume"), "{}", refused.stderr);
    assert!(outreach(&place, &["status"]).stdout.contains("stopped since"));
    outreach(&place, &["resume"]);
    outreach(&place, &["dispatch", "--send", "--most", "1"]);
    assert_eq!(fake.times().values().sum::<usize>() as u64, rows_in(&place, "sent"));
}

#[test]
fn a_run_never_costs_more_than_allowed() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(10, fake.address, "max_in_flight = 4");
    for (allowed, taken) in [("0.05", 0), ("0.30", 5), ("0.01", 5), ("9", 10)] {
        let sent = outreach(&place, &["dispatch", "--send", "--max-cost", allowed]);
        assert_eq!((sent.exit, fake.taken().len()), (Some(0), taken), "{allowed}: {}", sent.stdout);
        assert_eq!(sent.stdout.contains("--max-cost"), taken < 10, "{}", sent.stdout);
    }
}

#[test]
fn whoever_is_suppressed_after_the_plan_gets_nothing() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(3, fake.address, "");
    let suppressed = place.tiuv(&["suppress", "add", &number(2), "--rules", "rules"]);
    assert_eq!(suppressed.exit, Some(0), "{}", suppressed.stderr);
    let shown = outreach(&place, &["dispatch"]);
    assert!(shown.stdout.contains("1 would be taken back: suppressed:"), "{}", shown.stdout);
    outreach(&place, &["dispatch", "--send"]);
    assert!(!fake.times().contains_key(&number(2)));
    assert_eq!((fake.taken().len(), rows_in(&place, "cancelled")), (2, 1));
}

#[test]
fn nobody_is_asked_in_quiet_hours() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(3, fake.address, "");
    let path = place.path("rules/outreach/il.toml");
    let text = std::fs::read_to_string(&path).expect("reads");
    // All days are quiet but one that is two or three days away.
    let day = tiuv::clock::today().saturating_add(jiff::ToSpan::days(3)).strftime("%a").to_string();
    let open = format!("{} = \"10:00-11:00\"", day.to_lowercase());
    let quiet = text.find("[hours.sms]").expect("is there");
    let hours = ["sms", "email", "call"].map(|channel| format!("[hours.{channel}]\n{open}\n")).join("\n");
    std::fs::write(&path, format!("{}{hours}", &text[..quiet])).expect("writes");
    let shown = outreach(&place, &["dispatch"]);
    assert!(shown.stdout.contains("3 wait for an hour in which people may be asked"), "{}", shown.stdout);
    let sent = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((sent.exit, fake.wanted(), rows_in(&place, "pending")), (Some(0), 0, 3), "{}", sent.stdout);
    let later = "SELECT count(*) FROM outbox WHERE due_at > strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+1 day')";
    assert_eq!(count(&place, later), 3, "they are put off to the hour in which they may leave");
}

#[test]
fn calls_are_never_dispatched_and_mail_needs_a_gateway_that_takes_it() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(0, fake.address, "");
    let connection = rusqlite::Connection::open(place.path(".tiuv/state.db")).expect("opens");
    insert(&connection, 1, "call", &number(1));
    assert_eq!(outreach(&place, &["dispatch", "--send"]).exit, Some(0));
    insert(&connection, 2, "email", "dana@kalanit.example");
    let refused = outreach(&place, &["dispatch", "--send"]);
    assert_eq!((refused.exit, fake.wanted(), rows_in(&place, "pending")), (Some(2), 0, 2));
    assert!(refused.stderr.contains("no gateway takes email messages"), "{}", refused.stderr);
}

#[test]
fn settings_that_can_not_be_name_the_key_and_nothing_is_sent() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(1, fake.address, "");
    let twilio = |settings: &str| {
        format!("[outreach.gateway.g.twilio]\nuser_env = \"FAKE_USER\"\npassword_env = \"P\"\n{settings}")
    };
    let account = "account = \"AC0123456789abcdef0123456789abcdef\"";
    let http = |settings: &str| format!("[outreach.gateway.g.http]\n{settings}");
    for (text, said) in [
        (
            "[outreach.gateway.g]\nper_second = -1\nfile = { path = \"x.csv\" }".to_owned(),
            "g.per_second: -1 is no pace",
        ),
        ("[outreach.gateway.g]\nmax_in_flight = 0\nfile = { path = \"x.csv\" }".to_owned(), "max_in_flight"),
        ("[outreach.gateway.g]\nper_second = 1".to_owned(), "exactly one of `twilio`, `http` and `file`"),
        (twilio("account = \"AC1\"\nfrom = \"+1\""), "twilio.account"),
        (twilio(account), "exactly one sender"),
        (twilio(&format!("{account}\nfrom = \"+1\"\nbase_url = \"http://example.com\"")), "twilio.base_url"),
        (twilio(&format!("{account}\nfrom = \"+1\"")), "export P="),
        (twilio(&format!("{account}\nform = \"+1\"")), "from"),
        (http("url = \"https://example.com/?to={digits}\""), "the recipient or the text is not sent"),
        (http("url = \"https://example.com/?to={digits}&t={bdy}\""), "did you mean {body}?"),
        (http("url = \"http://example.com/?to={digits}&t={body}\""), "unencrypted"),
        (http("url = \"https://example.com/?password=x&to={digits}&t={body}\""), "query_env"),
        (
            http("url = \"https://example.com/?to={digits}&t={body}\"\naccepted = { text = '(' }"),
            "no regular expression",
        ),
        (http("url = \"https://example.com/?to={digits}&t={body}\"\nbusy = { is = ['x'] }"), "belong together"),
    ] {
        settings(&place, &text);
        let refused = outreach(&place, &["dispatch", "--send"]);
        assert_eq!(refused.exit, Some(2), "{text}: {}", refused.stdout);
        assert!(refused.stderr.contains(said), "{text}: {}", refused.stderr);
    }
    settings(&place, "");
    let refused = outreach(&place, &["dispatch"]);
    assert!(refused.stderr.contains("no gateway takes sms messages"), "{}", refused.stderr);
    assert_eq!(rows_in(&place, "pending"), 1);
}

#[test]
fn a_link_that_leads_nowhere_is_never_sent() {
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(1, fake.address, "");
    let text = std::fs::read_to_string(place.path("tiuv.toml")).expect("reads");
    place.write("tiuv.toml", text.replace("link_base", "# link_base"));
    for args in [&["dispatch"][..], &["dispatch", "--send"]] {
        let refused = outreach(&place, args);
        assert!(refused.exit == Some(2) && refused.stderr.contains("link_base = "), "{}", refused.stderr);
    }
    assert_eq!((fake.wanted(), rows_in(&place, "pending")), (0, 1));
}

#[test]
fn a_refusal_that_a_later_run_read_holds_though_the_plan_is_older() {
    use tiuv::record::{Consent, CustomerProfile};
    let fake = Fake::start(|_| Deed::Accept);
    let place = place(3, fake.address, "");
    let refusing = |customer: u64, change: fn(&mut CustomerProfile)| {
        let mut profile = super::club::profile(customer);
        change(&mut profile);
        profile
    };
    let profiles = [
        refusing(1, |profile| profile.consent.sms = Some(Consent::No)),
        refusing(2, |profile| profile.restrictions.do_not_contact = true),
        refusing(3, |_| ()),
    ];
    super::club::write_profiles(&place.path(".tiuv"), &profiles);
    outreach(&place, &["dispatch", "--send"]);
    assert_eq!(fake.times().keys().collect::<Vec<_>>(), [&number(3)]);
    assert_eq!(rows_in(&place, "cancelled"), 2);
    drop(Store::open(&place.path(".tiuv")).expect("opens"));
}
