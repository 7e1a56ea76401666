//! A look-up service on loopback that answers as a test wants, and remembers what it was asked.

use std::io::{BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use crate::support::request::Request;

/// What was asked.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    pub(crate) at: Instant,
    pub(crate) request: Request,
    /// How many requests were under way, this one included.
    pub(crate) under_way: usize,
    /// Of all requests, from 0.
    pub(crate) index: usize,
}

/// What to answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) after: Duration,
    /// Whether the body is sent again and again until nobody listens, its length never told.
    pub(crate) is_endless: bool,
}

impl Reply {
    pub(crate) fn json(body: &str) -> Self {
        Reply {
            status: 200,
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            after: Duration::ZERO,
            is_endless: false,
        }
    }

    pub(crate) fn status(status: u16) -> Self {
        Reply { status, ..Reply::json("{}") }
    }

    pub(crate) fn with(mut self, header: &'static str, value: &str) -> Self {
        self.headers.push((header, value.to_owned()));
        self
    }

    pub(crate) fn after(self, milliseconds: u64) -> Self {
        Reply { after: Duration::from_millis(milliseconds), ..self }
    }
}

/// The running service; its threads end with the test's process.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    asked: Arc<Mutex<Vec<Question>>>,
}

#[derive(Default)]
struct State {
    under_way: usize,
}

impl Server {
    pub(crate) fn start(answer: impl Fn(&Question) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let asked = Arc::new(Mutex::new(Vec::new()));
        let state = Arc::new(Mutex::new(State::default()));
        let answer = Arc::new(answer);
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, state, answer) = (Arc::clone(&log), Arc::clone(&state), Arc::clone(&answer));
                // Whoever asked may be gone before the answer is: that is some tests' point.
                thread::spawn(move || serve(&stream, &log, &state, answer.as_ref()));
            }
        });
        Server { address, asked }
    }

    /// All that was asked until now.
    pub(crate) fn asked(&self) -> Vec<Question> {
        self.asked.lock().expect("no thread panics").clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.asked().len()
    }
}

/// Answers on one connection until it ends.
fn serve(
    stream: &TcpStream,
    log: &Mutex<Vec<Question>>,
    state: &Mutex<State>,
    answer: &(impl Fn(&Question) -> Reply + ?Sized),
) -> Option<()> {
    // Answers are small and asked for one by one: waiting to fill a packet would only measure that.
    stream.set_nodelay(true).ok()?;
    let mut reader = BufReader::new(stream);
    let mut writer = stream;
    loop {
        let request = Request::read(&mut reader)?;
        let question = {
            let mut state = state.lock().ok()?;
            state.under_way += 1;
            let mut log = log.lock().ok()?;
            let (at, under_way, index) = (moment(), state.under_way, log.len());
            log.push(Question { at, request, under_way, index });
            log[index].clone()
        };
        let reply = answer(&question);
        thread::sleep(reply.after);
        // No longer under way once the last byte is sent, and the asker can't know it earlier.
        state.lock().ok()?.under_way -= 1;
        let mut text = format!("HTTP/1.1 {} Whatever\r\n", reply.status);
        if !reply.is_endless {
            text.push_str(&format!("Content-Length: {}\r\n", reply.body.len()));
        }
        for (name, value) in &reply.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&reply.body);
        writer.write_all(&bytes).ok()?;
        if reply.is_endless {
            loop {
                writer.write_all(&reply.body).ok()?;
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the pace is what is measured")]
fn moment() -> Instant {
    Instant::now()
}
