//! A stateful gateway on loopback that speaks as Twilio does: it takes, refuses, delays, falls silent after it took a
//! message, lists what it has, and reports with signed callbacks. Its log is the truth that tests compare with.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use data_encoding::BASE64;
use ring::hmac;
use serde_json::{Value, json};

use super::Request;

pub(crate) const ACCOUNT: &str = "AC0123456789abcdef0123456789abcdef";
pub(crate) const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";
pub(crate) const USER: &str = "SK0123456789abcdef0123456789abcdef";
pub(crate) const PASSWORD: &str = "not-a-secret";

/// What the gateway does with a message.
#[derive(Debug, Clone)]
#[allow(dead_code, reason = "the bench, which shares this file, needs a few of them")]
pub(crate) enum Deed {
    /// Takes it and says so.
    Accept,
    /// Takes it, and says so after a while.
    AcceptAfter(Duration),
    /// Takes it and answers nothing for so long, then closes.
    AcceptAndFallSilent(Duration),
    /// Takes it and closes the connection at once.
    AcceptAndHangUp,
    /// Takes it and answers with a failure of the server.
    AcceptAndFail(u16),
    /// Does not take it: status, Twilio's code, seconds to wait.
    Refuse(u16, u32, Option<u64>),
    /// Does not take it and closes the connection without an answer.
    HangUp,
}

/// A message that was taken.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) sid: String,
    pub(crate) to: String,
    pub(crate) body: String,
    pub(crate) status: String,
    pub(crate) error_code: Option<u32>,
    pub(crate) callback: Option<String>,
    from: Option<String>,
    service: Option<String>,
    created: jiff::Timestamp,
}

/// A request for a message.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) to: String,
    /// Of all requests for messages, from 0.
    pub(crate) index: usize,
}

#[derive(Default)]
struct State {
    taken: Vec<Taken>,
    wanted: usize,
    lists: usize,
}

/// The running gateway; its threads end with the test's process.
#[derive(Clone)]
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    state: Arc<Mutex<State>>,
}

impl Fake {
    pub(crate) fn start(decide: impl Fn(&Wanted) -> Deed + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let fake = Fake { address: listener.local_addr().expect("an address"), state: Arc::default() };
        let (serving, decide) = (fake.clone(), Arc::new(decide));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (serving, decide) = (serving.clone(), Arc::clone(&decide));
                // Whoever asked may be gone before the answer is: that is some tests' point.
                thread::spawn(move || serving.serve(&stream, decide.as_ref()));
            }
        });
        fake
    }

    /// All messages that were taken, in their order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.state.lock().expect("no thread panics").taken.clone()
    }

    /// How often each recipient's message was taken.
    pub(crate) fn times(&self) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for taken in self.taken() {
            *times.entry(taken.to).or_default() += 1;
        }
        times
    }

    /// How often a message was asked for, taken or not.
    #[allow(dead_code, reason = "not by the bench")]
    pub(crate) fn wanted(&self) -> usize {
        self.state.lock().expect("no thread panics").wanted
    }

    /// How often it was asked what it has.
    #[allow(dead_code, reason = "not by the bench")]
    pub(crate) fn lists(&self) -> usize {
        self.state.lock().expect("no thread panics").lists
    }

    /// Moves a message on, and reports that where the message says to whom: the status of the answer.
    #[allow(dead_code, reason = "not by the bench")]
    pub(crate) fn report(&self, sid: &str, status: &str, error_code: Option<u32>) -> Option<u16> {
        let taken = {
            let mut state = self.state.lock().expect("no thread panics");
            let taken = state.taken.iter_mut().find(|taken| taken.sid == sid)?;
            taken.status = status.to_owned();
            taken.error_code = error_code;
            taken.clone()
        };
        let mut form = vec![
            ("AccountSid", ACCOUNT.to_owned()),
            ("ApiVersion", "2010-04-01".to_owned()),
            ("MessageSid", taken.sid.clone()),
            ("MessageStatus", status.to_owned()),
            ("SmsSid", taken.sid.clone()),
            ("SmsStatus", status.to_owned()),
            ("To", taken.to.clone()),
        ];
        form.extend(error_code.map(|code| ("ErrorCode", code.to_string())));
        post_signed(&taken.callback?, &form)
    }

    fn serve(&self, stream: &TcpStream, decide: &(dyn Fn(&Wanted) -> Deed + Send + Sync)) -> Option<()> {
        stream.set_nodelay(true).ok()?;
        let mut reader = BufReader::new(stream);
        loop {
            let request = Request::read(&mut reader)?;
            let own = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages");
            let (path, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
            let expected = format!("Basic {}", BASE64.encode(format!("{USER}:{PASSWORD}").as_bytes()));
            if request.headers.get("authorization") != Some(&expected) {
                answer(stream, 401, &problem(401, 20003, "Authenticate"), None)?;
                continue;
            }
            match (request.method.as_str(), path.strip_prefix(&own)) {
                ("POST", Some(".json")) => self.take(stream, &pairs(&request.body), decide)?,
                ("GET", Some(".json")) => answer(stream, 200, &self.list(&own, &pairs(query)), None)?,
                ("GET", Some(rest)) => {
                    let sid = rest.trim_start_matches('/').trim_end_matches(".json").to_owned();
                    let found = self.taken().into_iter().find(|taken| taken.sid == sid);
                    match found {
                        Some(taken) => answer(stream, 200, &resource(&taken), None)?,
                        None => answer(stream, 404, &problem(404, 20404, "not found"), None)?,
                    }
                }
                _ => answer(stream, 404, &problem(404, 20404, "not found"), None)?,
            }
        }
    }

    fn take(
        &self,
        stream: &TcpStream,
        form: &BTreeMap<String, String>,
        decide: &(dyn Fn(&Wanted) -> Deed + Send + Sync),
    ) -> Option<()> {
        let of = |name: &str| form.get(name).cloned();
        let (Some(to), Some(body)) = (of("To"), of("Body")) else {
            return answer(stream, 400, &problem(400, 21604, "A 'To' phone number is required."), None);
        };
        if of("From").is_none() && of("MessagingServiceSid").is_none() {
            return answer(stream, 400, &problem(400, 21603, "A 'From' phone number is required."), None);
        }
        let index = {
            let mut state = self.state.lock().ok()?;
            state.wanted += 1;
            state.wanted - 1
        };
        let deed = decide(&Wanted { to: to.clone(), index });
        if let Deed::Refuse(status, code, wait) = deed {
            return answer(stream, status, &problem(status, code, "refused"), wait);
        }
        if matches!(deed, Deed::HangUp) {
            return None;
        }
        let taken = {
            let mut state = self.state.lock().ok()?;
            let taken = Taken {
                sid: format!("SM{:032x}", state.taken.len() + 1),
                to,
                body,
                status: if of("MessagingServiceSid").is_some() { "accepted" } else { "queued" }.to_owned(),
                error_code: None,
                callback: of("StatusCallback"),
                from: of("From"),
                service: of("MessagingServiceSid"),
                created: tiuv::clock::timestamp(),
            };
            state.taken.push(taken.clone());
            taken
        };
        match deed {
            Deed::AcceptAfter(pause) => thread::sleep(pause),
            Deed::AcceptAndFallSilent(pause) => {
                thread::sleep(pause);
                return None;
            }
            Deed::AcceptAndHangUp => return None,
            Deed::AcceptAndFail(status) => return answer(stream, status, &problem(status, 20500, "failed"), None),
            _ => {}
        }
        answer(stream, 201, &resource(&taken), None)
    }

    /// The newest first, as Twilio lists; what still waits in the queue has no date on which it was sent, so filters by
    /// that date leave it out.
    fn list(&self, own: &str, query: &BTreeMap<String, String>) -> Value {
        let size: usize = query.get("PageSize").and_then(|size| size.parse().ok()).unwrap_or(50);
        let page: usize = query.get("Page").and_then(|page| page.parse().ok()).unwrap_or(0);
        let by_date = query.keys().any(|key| key.starts_with("DateSent"));
        let mut state = self.state.lock().expect("no thread panics");
        state.lists += 1;
        let is_waiting = |taken: &Taken| matches!(taken.status.as_str(), "accepted" | "queued");
        let found: Vec<&Taken> = state
            .taken
            .iter()
            .rev()
            .filter(|taken| query.get("To").is_none_or(|to| *to == taken.to))
            .filter(|taken| query.get("From").is_none_or(|from| Some(from) == taken.from.as_ref()))
            .filter(|taken| !(by_date && is_waiting(taken)))
            .collect();
        let messages: Vec<Value> = found.iter().skip(page * size).take(size).map(|taken| resource(taken)).collect();
        let uri = |page: usize| {
            let to = query.get("To").map_or(String::new(), |to| format!("&To={}", to.replace('+', "%2B")));
            format!("{own}.json?PageSize={size}&Page={page}{to}")
        };
        let next = (found.len() > (page + 1) * size).then(|| uri(page + 1));
        json!({
            "messages": messages, "uri": uri(page), "first_page_uri": uri(0), "next_page_uri": next,
            "previous_page_uri": (page > 0).then(|| uri(page - 1)), "page": page, "page_size": size,
            "start": page * size, "end": (page * size + messages.len()).saturating_sub(1),
        })
    }
}

fn resource(taken: &Taken) -> Value {
    let date =
        |at: jiff::Timestamp| jiff::fmt::rfc2822::to_string(&at.to_zoned(jiff::tz::TimeZone::UTC)).expect("a date");
    let own = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages/{}", taken.sid);
    let is_waiting = matches!(taken.status.as_str(), "accepted" | "queued");
    json!({
        "sid": taken.sid, "account_sid": ACCOUNT, "api_version": "2010-04-01", "body": taken.body, "to": taken.to,
        "from": taken.from, "messaging_service_sid": taken.service, "status": taken.status,
        "error_code": taken.error_code, "error_message": null, "direction": "outbound-api", "num_media": "0",
        "num_segments": "1", "price": null, "price_unit": "USD", "date_created": date(taken.created),
        "date_updated": date(taken.created), "date_sent": (!is_waiting).then(|| date(taken.created)),
        "uri": format!("{own}.json"), "subresource_uris": {"media": format!("{own}/Media.json")},
    })
}

fn problem(status: u16, code: u32, message: &str) -> Value {
    let more = format!("https://www.twilio.com/docs/errors/{code}");
    json!({"code": code, "message": message, "more_info": more, "status": status})
}

fn answer(mut stream: &TcpStream, status: u16, body: &Value, wait: Option<u64>) -> Option<()> {
    let body = body.to_string();
    let wait = wait.map_or(String::new(), |wait| format!("Retry-After: {wait}\r\n"));
    let head = format!(
        "HTTP/1.1 {status} Whatever\r\nContent-Type: application/json\r\nContent-Length: {}\r\n{wait}\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body.as_bytes()].concat()).ok()
}

/// Posts a form with X-Twilio-Signature: HMAC-SHA1 under the account's token of the address and the sorted parameters.
fn post_signed(url: &str, form: &[(&str, String)]) -> Option<u16> {
    let mut sorted = form.to_vec();
    sorted.sort();
    let signed: String = sorted.iter().fold(url.to_owned(), |text, (name, value)| text + name + value);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, PASSWORD.as_bytes());
    let signature = BASE64.encode(hmac::sign(&key, signed.as_bytes()).as_ref());
    let (host, path) = url.strip_prefix("http://")?.split_once('/')?;
    let mut encoded = reqwest::Url::parse("http://localhost").ok()?;
    encoded.query_pairs_mut().extend_pairs(form.iter().map(|(name, value)| (*name, value.as_str())));
    let body = encoded.query()?.to_owned();
    let mut stream = TcpStream::connect(host).ok()?;
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: {host}\r\nX-Twilio-Signature: {signature}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).ok()?;
    let mut first = String::new();
    BufReader::new(stream).read_line(&mut first).ok()?;
    first.split(' ').nth(1)?.parse().ok()
}

/// Names and values of a form or a query.
fn pairs(text: &str) -> BTreeMap<String, String> {
    let url =
        reqwest::Url::parse(&format!("http://localhost/?{text}")).expect("what is behind a question mark is a query");
    url.query_pairs().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}
