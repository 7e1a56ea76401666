//! A real server on this machine, asked over a socket as browsers ask, and as those who would like to be one.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::channel;

use jiff::SignedDuration;

use crate::clock;
use crate::pipeline::Setup;
use crate::record::{CellShown, CustomerId, Field, GivenState, ItemKind, ItemState, NewItem, Role, Shown};
use crate::rule::{Context, StewardPolicy};
use crate::steward::hash_password;
use crate::store::{AuditVerdict, GivenFilter, ItemFill, NewUser, Store};
use crate::web::{Serving, serve};

const PASSWORD: &str = "three blue chairs";

/// A workspace with `count` guesses and the accounts noa, a steward, dan, an approver, and gal, a viewer.
fn asked(count: u64, value: f64) -> (tempfile::TempDir, Store) {
    let directory = tempfile::tempdir().expect("a directory");
    let mut store = Store::open(directory.path()).expect("opens");
    let hash = hash_password(PASSWORD).expect("there are random numbers");
    for (name, role) in [("noa", Role::Steward), ("dan", Role::Approver), ("gal", Role::Viewer)] {
        let new = NewUser { name, folded: name, hash: &hash, role };
        store.add_user(&new, clock::timestamp(), "test").expect("is made");
    }
    let item = |number: u64| NewItem {
        kind: ItemKind::Suggestion,
        identity: number.to_string(),
        customer: Some(CustomerId(number + 1)),
        other: None,
        shown: Shown::Cell(Box::new(CellShown {
            field: Field::Email,
            header: "email".to_owned(),
            row: format!("club.csv:#{number}"),
            key: format!("K{number}"),
            name: "<b>דנה</b>\u{202e}".to_owned(),
            value: format!("dana{number}@gmail"),
            suggestion: format!("dana{number}@gmail.com"),
            codes: vec!["email.suggest.domain_typo".to_owned()],
            stale: None,
            people: 0,
            contact: None,
        })),
        reason: "email.suggest.domain_typo".to_owned(),
        list: "club.csv".to_owned(),
        other_list: String::new(),
        segment: "high".to_owned(),
        language: "he".to_owned(),
        value,
        risk: 1.0,
    };
    let policy = StewardPolicy::load(&Setup::new(context()).expect("loads").context.files).expect("loads");
    let items = (0..count).map(item).collect();
    let lists = ["club.csv".to_owned()];
    let fill = ItemFill { run: "a", lists: &lists, items, today: jiff::civil::date(2026, 11, 20), policy: &policy };
    store.fill_items(fill).expect("is filled");
    (directory, store)
}

fn context() -> Context {
    Context::shipped("IL", jiff::civil::date(2026, 11, 26))
}

/// Serves while `ask` asks.
fn served(store: &mut Store, ask: impl FnOnce(SocketAddr)) {
    let setup = Setup::new(context()).expect("loads");
    let (tell, told) = channel();
    std::thread::scope(|scope| {
        let server = scope.spawn(|| {
            let serving = Serving {
                webhooks: None,
                confirm: None,
                steward: true,
                secret: &|_| None,
                address: SocketAddr::from(([127, 0, 0, 1], 0)),
                confirm_address: None,
                ahead: SignedDuration::ZERO,
            };
            serve(serving, &setup, store, |address| tell.send(address).expect("is awaited"))
        });
        let address = told.recv().expect("the server starts");
        let asked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| ask(address)));
        setup.request_stop();
        server.join().expect("no panic").expect("ends well");
        if let Err(panic) = asked {
            std::panic::resume_unwind(panic);
        }
    });
}

/// Somebody with a browser.
struct Browser {
    address: SocketAddr,
    cookie: String,
    csrf: String,
}

struct Reply {
    status: u16,
    head: String,
    body: String,
}

impl Reply {
    /// Where it leads.
    fn to(&self) -> &str {
        self.head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_default()
    }

    /// The value of a hidden field.
    fn field(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\" value=\"");
        let rest = self.body.split(&mark).nth(1).unwrap_or_default();
        rest.split('"').next().unwrap_or_default().to_owned()
    }
}

impl Browser {
    fn new(address: SocketAddr) -> Self {
        Browser { address, cookie: String::new(), csrf: String::new() }
    }

    fn signed_in(address: SocketAddr, name: &str) -> Self {
        let mut browser = Browser::new(address);
        let reply = browser.post("/steward/sign-in", &[("name", name), ("password", PASSWORD)]);
        assert_eq!((reply.status, reply.to()), (303, "/steward"), "{}", reply.body);
        let cookie = reply.head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).expect("a cookie");
        assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
        browser.cookie = cookie.split(';').next().expect("a value").to_owned();
        browser.csrf = browser.get("/steward").field("csrf");
        browser
    }

    fn get(&self, path: &str) -> Reply {
        self.send(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(fields);
        if !self.csrf.is_empty() {
            body.append_pair("csrf", &self.csrf);
        }
        let body = body.finish();
        let head = format!(
            "POST {path} HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n",
            body.len()
        );
        self.send(&head, &body)
    }

    fn send(&self, head: &str, body: &str) -> Reply {
        let mut stream = TcpStream::connect(self.address).expect("connects");
        let cookie = &self.cookie;
        write!(
            stream,
            "{head}host: localhost\r\naccept-language: en\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n{body}"
        )
        .expect("is sent");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("is answered");
        let (head, body) = text.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Reply { status, head: head.replace("\r\n", "\n"), body: body.to_owned() }
    }

    /// Takes the next item; its path and page.
    fn next(&self) -> (String, Reply) {
        let to = self.post("/steward/next", &[]).to().to_owned();
        let page = self.get(&to);
        (to.split('?').next().unwrap_or_default().to_owned(), page)
    }
}

#[test]
fn an_item_is_taken_decided_and_undone_and_no_page_shows_a_value_unasked() {
    let (_directory, mut store) = asked(2, 1.0);
    served(&mut store, |address| {
        let noa = Browser::signed_in(address, "noa");
        let (path, page) = noa.next();
        assert_eq!(page.status, 200);
        assert!(page.body.contains("da••") && !page.body.contains("dana0@gmail"), "{}", page.body);
        assert!(
            page.head.contains("content-security-policy: default-src 'none'")
                && page.head.contains("cache-control: no-store")
        );
        noa.post(&format!("{path}/reveal"), &[("do", "show")]);
        let shown = noa.get(&path).body;
        assert!(shown.contains("dana0@gmail.com") && shown.contains("http-equiv=\"refresh\""), "{shown}");
        assert!(shown.contains("&#60;b&#62;") && shown.contains("U+202E"), "markup is text: {shown}");
        let version = page.field("version");
        let decided = noa.post(&format!("{path}/decide"), &[("verb", "accept"), ("version", &version)]);
        assert!(decided.to().starts_with("/steward/item/") && decided.to().contains("done=1"), "{}", decided.to());
        assert!(noa.get(decided.to()).body.contains("/steward/act/1/undo"));
        assert!(noa.get(&path).body.contains("This question no longer waits"));
        assert!(noa.get("/steward/mine").body.contains("Accept"));
        let again = noa.post(&format!("{path}/decide"), &[("verb", "reject"), ("version", &version)]);
        assert_eq!(again.status, 409, "it is decided");
        assert!(noa.post("/steward/act/1/undo", &[]).to().starts_with(&path));
        assert_eq!(noa.post("/steward/act/1/undo", &[]).status, 409, "not twice");
        assert!(noa.get(&path).body.contains("name=\"verb\""), "it is open again");
        let typed = |value: &str| {
            noa.post(&format!("{path}/decide"), &[("verb", "edit"), ("value", value), ("version", &version)])
        };
        assert_eq!(typed("no address").status, 422);
        assert_eq!(typed("").status, 422);
        assert_eq!(typed("Dana.New@Example.org").status, 303);
    });
    let given = store.given_values(&GivenFilter::default()).expect("are read");
    let given: Vec<_> = given.iter().map(|value| (value.new.as_str(), value.source.as_str(), value.state)).collect();
    assert_eq!(given, [("Dana.New@example.org", "steward", GivenState::Accepted)], "the kernels read it");
    let AuditVerdict::Whole(..) = store.verify_audit().expect("is read") else { panic!("it is whole") };
    let mut log = String::new();
    let read: Result<(), crate::store::StoreError> = store.audit_lines(0, |line| {
        log.push_str(&format!("{} {} {}\n", line.who, line.what, line.detail));
        Ok(())
    });
    read.expect("is read");
    assert!(log.contains("noa reveal {\"item\":1}") && log.contains("noa undo"), "{log}");
    assert!(!log.contains("gmail") && !log.contains("example"), "no value stands there: {log}");
}

#[test]
fn nobody_gets_in_without_the_password_and_no_form_works_without_its_session() {
    let (_directory, mut store) = asked(1, 1.0);
    served(&mut store, |address| {
        let stranger = Browser::new(address);
        for path in ["/steward", "/steward/item/1", "/steward/mine", "/steward/held", "/steward/many"] {
            assert_eq!((stranger.get(path).status, stranger.get(path).to()), (303, "/steward/sign-in"), "{path}");
        }
        assert_eq!(stranger.post("/steward/item/1/decide", &[("verb", "done")]).to(), "/steward/sign-in");
        let wrong = stranger.post("/steward/sign-in", &[("name", "noa"), ("password", "three green chairs")]);
        let unknown = stranger.post("/steward/sign-in", &[("name", "ron"), ("password", PASSWORD)]);
        assert_eq!((wrong.status, unknown.status), (422, 422));
        assert_eq!(wrong.body.replace("noa", "ron"), unknown.body, "it is not told which accounts there are");
        let mut noa = Browser::signed_in(address, "NOA ");
        noa.csrf = String::new();
        assert_eq!(noa.post("/steward/next", &[]).status, 403, "another site's form");
        assert_eq!(noa.post("/steward/next", &[("csrf", "0123456789abcdef0123456789abcdef")]).status, 403);
        let gal = Browser::signed_in(address, "gal");
        assert_eq!(gal.post("/steward/item/1/take", &[]).status, 403, "a viewer looks");
        assert!(!gal.get("/steward/item/1").body.contains("name=\"verb\""));
        assert_eq!(gal.post("/steward/item/1/reveal", &[]).status, 403);
        for nothing in ["/steward/item/99", "/steward/item/x", "/steward/item/-1"] {
            assert_eq!(gal.get(nothing).status, 404, "{nothing}");
        }
        for _ in 0..5 {
            stranger.post("/steward/sign-in", &[("name", "dan"), ("password", "wrong")]);
        }
        stranger.post("/steward/sign-in", &[("name", "dan"), ("password", "wrong")]);
        let locked = stranger.post("/steward/sign-in", &[("name", "dan"), ("password", PASSWORD)]);
        assert_eq!(locked.status, 429, "{}", locked.body);
    });
}

#[test]
fn an_account_that_is_disabled_is_out_at_once_and_what_it_had_is_free() {
    let (directory, mut store) = asked(1, 1.0);
    served(&mut store, |address| {
        let (noa, dan) = (Browser::signed_in(address, "noa"), Browser::signed_in(address, "dan"));
        let (path, page) = noa.next();
        assert!(dan.get(&path).body.contains("noa"), "who has it is seen");
        let version = page.field("version");
        assert_eq!(dan.post(&format!("{path}/decide"), &[("verb", "reject"), ("version", &version)]).status, 409);
        let mut other = Store::open(directory.path()).expect("opens");
        other.set_disabled("noa", true, clock::timestamp(), "test").expect("is written");
        assert_eq!(
            noa.post(&format!("{path}/decide"), &[("verb", "reject"), ("version", &version)]).to(),
            "/steward/sign-in?over=1"
        );
        assert_eq!(dan.next().0, path);
        assert_eq!(dan.post(&format!("{path}/decide"), &[("verb", "reject"), ("version", &version)]).status, 303);
    });
}

#[test]
fn what_is_above_the_line_waits_for_another_person_and_many_are_decided_as_they_were_shown() {
    let (_directory, mut store) = asked(30, 9.0);
    served(&mut store, |address| {
        let (noa, dan) = (Browser::signed_in(address, "noa"), Browser::signed_in(address, "dan"));
        let filter = [("kind", "suggestion"), ("list", "club.csv")];
        assert!(noa.get("/steward/many?kind=suggestion&list=club.csv").body.contains("<option value=\"accept\""));
        let preview = noa.post("/steward/many", &[filter[0], filter[1], ("verb", "accept")]);
        assert!(
            preview.body.contains("30 items: Accept") && preview.body.contains("second person"),
            "{}",
            preview.body
        );
        assert_eq!(preview.body.matches("<li>").count(), 20, "some of them");
        let stamp = preview.field("stamp");
        let (other, _) = dan.next();
        let all = [filter[0], filter[1], ("verb", "accept"), ("stamp", &stamp)];
        assert_eq!(noa.post("/steward/many/do", &all).status, 409, "they are not the same ones any more");
        assert_eq!(dan.post(&format!("{other}/skip"), &[("do", "back")]).to(), "/steward");
        assert_eq!(noa.post("/steward/many/do", &all).status, 303);
        assert!(noa.get("/steward/held").body.contains("Yours"));
        assert_eq!(noa.post("/steward/act/1/approve", &[]).status, 403, "a steward confirms nothing");
        assert_eq!(dan.post("/steward/act/1/approve", &[]).to(), "/steward/held");
        assert!(noa.post("/steward/act/1/undo", &[]).to().starts_with("/steward/mine?undone=30"));
    });
    assert_eq!(store.items_in(ItemState::Open).expect("is read"), 30);
    assert_eq!(store.given_values(&GivenFilter::default()).expect("are read"), []);
}
