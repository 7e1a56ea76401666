//! One resolver: its ports, its pace, its TCP connections, and an account of what passed.

use std::cell::{Cell, OnceCell};
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use hickory_proto::op::Message;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use super::question::Question;
use super::traffic::Traffic;
use super::udp::{Received, Replies, Ticket, UdpPort};
use crate::rule::DnsRules;

/// A resolver.
#[derive(Debug)]
pub(super) struct Server {
    pub(super) address: SocketAddr,
    pub(super) traffic: Arc<Traffic>,
    ports: Vec<OnceCell<Arc<UdpPort>>>,
    next_port: Cell<usize>,
    pace: Pace,
    ids: Ids,
    connections: Semaphore,
    knows_edns: Cell<bool>,
    silent: Cell<u32>,
    silent_after: u32,
}

impl Server {
    pub(super) fn new(address: SocketAddr, rules: &DnsRules, queries_per_second: u32) -> Self {
        Server {
            address,
            traffic: Arc::default(),
            ports: (0..rules.ports).map(|_| OnceCell::new()).collect(),
            next_port: Cell::new(0),
            pace: Pace::new(queries_per_second, rules.burst),
            ids: Ids::default(),
            connections: Semaphore::new(rules.tcp_connections),
            knows_edns: Cell::new(true),
            silent: Cell::new(0),
            silent_after: rules.silent_after,
        }
    }

    /// Sends a question by UDP, when its turn comes.
    pub(super) async fn send(&self, question: &Arc<Question>, step: usize, replies: &Replies) -> io::Result<Ticket> {
        self.pace.turn().await;
        let port = self.port().await?;
        self.traffic.queries.fetch_add(1, Ordering::Relaxed);
        port.send(question, self.knows_edns.get(), step, replies, || self.ids.next()).await
    }

    /// Asks by TCP (RFC 7766): a connection for each question, since few need one.
    pub(super) async fn ask_by_tcp(&self, question: &Question) -> Received {
        let Ok(_place) = self.connections.acquire().await else { return Received::Unreachable };
        self.pace.turn().await;
        self.traffic.queries.fetch_add(1, Ordering::Relaxed);
        self.traffic.by_tcp.fetch_add(1, Ordering::Relaxed);
        match self.exchange(question).await {
            Ok(packet) => match Message::from_vec(&packet) {
                Ok(message) if question.is_answered_by(&message) => {
                    self.traffic.heard();
                    Received::Reply(Box::new(message))
                }
                _ => Received::Unreadable,
            },
            Err(_) => Received::Unreachable,
        }
    }

    async fn exchange(&self, question: &Question) -> io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.address).await?;
        let id = self.ids.next();
        let wire = question.wire(id, self.knows_edns.get());
        let mut framed = Vec::with_capacity(wire.len() + 2);
        framed.extend(u16::try_from(wire.len()).map_err(io::Error::other)?.to_be_bytes());
        framed.extend(wire);
        stream.write_all(&framed).await?;
        let mut packet = vec![0; usize::from(stream.read_u16().await?)];
        stream.read_exact(&mut packet).await?;
        match packet.get(..2) == Some(&id.to_be_bytes()) {
            true => Ok(packet),
            false => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    /// The server did not understand a question with EDNS; whether it is worth asking without.
    pub(super) fn forget_edns(&self) -> bool {
        self.knows_edns.replace(false)
    }

    /// Notes whether a question was answered at all.
    pub(super) fn note(&self, answered: bool) {
        self.silent.set(if answered { 0 } else { self.silent.get().saturating_add(1) });
    }

    pub(super) fn is_silent(&self) -> bool {
        self.silent.get() >= self.silent_after
    }

    /// A number nobody can guess, in letters and digits.
    pub(super) fn random_label(&self) -> String {
        (0..4).map(|_| format!("{:04x}", self.ids.next())).collect()
    }

    async fn port(&self) -> io::Result<Arc<UdpPort>> {
        let index = self.next_port.get();
        self.next_port.set((index + 1) % self.ports.len());
        let cell = &self.ports[index];
        if let Some(port) = cell.get() {
            return Ok(Arc::clone(port));
        }
        let port = UdpPort::open(self.address, Arc::clone(&self.traffic)).await?;
        Ok(Arc::clone(cell.get_or_init(|| port)))
    }
}

/// However slow the pace, nothing waits for a burst to gather for longer.
const LONGEST_STEP: Duration = Duration::from_millis(100);

/// Holds queries to a rate. They leave in bursts, for waking up for each one costs more than sending it.
#[derive(Debug)]
struct Pace {
    interval: Duration,
    burst: Duration,
    start: Instant,
    /// The turn that the next query takes, as time since the start.
    next: Cell<Duration>,
}

impl Pace {
    fn new(per_second: u32, burst: u32) -> Self {
        let interval = Duration::from_secs(1) / per_second.max(1);
        let burst = interval * burst.max(1);
        let now = Instant::now();
        // The first burst need not wait.
        Pace { interval, burst, start: now.checked_sub(burst).unwrap_or(now), next: Cell::default() }
    }

    async fn turn(&self) {
        let now = self.start.elapsed();
        // What was not used is not saved up for longer than a burst.
        let turn = self.next.get().max(now.saturating_sub(self.burst));
        self.next.set(turn + self.interval);
        if turn > now {
            let step_ns = self.burst.min(LONGEST_STEP).as_nanos().max(1);
            let wake_ns = turn.as_nanos().div_ceil(step_ns) * step_ns;
            sleep_until(self.start + Duration::from_nanos(wake_ns as u64)).await;
        }
    }
}

/// Ids that can't be foreseen: a counter under SipHash with keys from the system.
#[derive(Debug, Default)]
struct Ids {
    keys: RandomState,
    count: Cell<u64>,
}

impl Ids {
    fn next(&self) -> u16 {
        self.count.set(self.count.get().wrapping_add(1));
        self.keys.hash_one(self.count.get()) as u16
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_keep_to_their_rate_in_bursts() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime");
        runtime.block_on(async {
            let pace = Pace::new(1_000, 20);
            for _ in 0..100 {
                pace.turn().await;
            }
            let passed = pace.start.elapsed();
            assert!(passed >= Duration::from_millis(80), "{passed:?}");
        });
    }

    #[test]
    fn ids_do_not_repeat_in_a_pattern() {
        let (left, right) = (Ids::default(), Ids::default());
        let drawn = |ids: &Ids| (0..64).map(|_| ids.next()).collect::<Vec<u16>>();
        assert_ne!(drawn(&left), drawn(&right));
    }
}
