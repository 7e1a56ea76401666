//! One UDP port towards a resolver: many questions under way, told apart by id and question.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hickory_proto::op::Message;
use tokio::net::UdpSocket;
use tokio::sync::mpsc::UnboundedSender;

use super::question::Question;
use super::traffic::Traffic;

/// What came back for a question.
#[derive(Debug)]
pub(super) enum Received {
    /// An answer that repeats the question.
    Reply(Box<Message>),
    /// There is an answer, but it does not fit into a packet.
    Truncated,
    /// A reply that no one can read.
    Unreadable,
    /// The system says that nobody is there.
    Unreachable,
}

/// Something heard, and which of the question's tries it belongs to.
pub(super) type Replies = UnboundedSender<(usize, Received)>;

/// A port with its reader; the reader ends with the runtime.
#[derive(Debug)]
pub(super) struct UdpPort {
    socket: UdpSocket,
    waiting: Mutex<HashMap<u16, Waiter>>,
}

#[derive(Debug)]
struct Waiter {
    question: Arc<Question>,
    step: usize,
    replies: Replies,
}

/// A question that is waited for on a port; dropped, it is forgotten.
#[derive(Debug)]
pub(super) struct Ticket {
    port: Arc<UdpPort>,
    id: u16,
    question: Arc<Question>,
}

impl Drop for Ticket {
    fn drop(&mut self) {
        let mut waiting = self.port.waiting();
        // Once answered, the id may already be another question's.
        if waiting.get(&self.id).is_some_and(|waiter| Arc::ptr_eq(&waiter.question, &self.question)) {
            waiting.remove(&self.id);
        }
    }
}

impl UdpPort {
    /// Opens a port that hears only this server.
    pub(super) async fn open(server: SocketAddr, traffic: Arc<Traffic>) -> io::Result<Arc<UdpPort>> {
        let any: IpAddr = match server {
            SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
            SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
        };
        let socket = UdpSocket::bind((any, 0)).await?;
        socket.connect(server).await?;
        let port = Arc::new(UdpPort { socket, waiting: Mutex::default() });
        tokio::spawn(Arc::clone(&port).listen(traffic));
        Ok(port)
    }

    /// Sends the question under an id that is free here; `ids` is asked until one is.
    pub(super) async fn send(
        self: &Arc<Self>,
        question: &Arc<Question>,
        with_edns: bool,
        step: usize,
        replies: &Replies,
        mut ids: impl FnMut() -> u16,
    ) -> io::Result<Ticket> {
        let id = {
            let mut waiting = self.waiting();
            if waiting.len() > usize::from(u16::MAX) / 2 {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let mut id = ids();
            while waiting.contains_key(&id) {
                id = ids();
            }
            waiting.insert(id, Waiter { question: Arc::clone(question), step, replies: replies.clone() });
            id
        };
        let ticket = Ticket { port: Arc::clone(self), id, question: Arc::clone(question) };
        self.socket.send(&question.wire(id, with_edns)).await?;
        Ok(ticket)
    }

    async fn listen(self: Arc<Self>, traffic: Arc<Traffic>) {
        let mut packet = vec![0; 8192];
        loop {
            match self.socket.recv(&mut packet).await {
                Ok(length) => match self.deliver(&packet[..length]) {
                    true => traffic.heard(),
                    false => traffic.stray(),
                },
                // ICMP says that nobody listens there: true for every question under way.
                Err(_) => {
                    for (_, waiter) in self.waiting().drain() {
                        let _ = waiter.replies.send((waiter.step, Received::Unreachable));
                    }
                }
            }
        }
    }

    /// Hands a packet to whoever waits for it; a stray one (late, doubled, forged) is left alone.
    fn deliver(&self, packet: &[u8]) -> bool {
        let [high, low, flags, ..] = *packet else { return false };
        let is_reply = flags & 0x80 != 0;
        let is_truncated = flags & 0x02 != 0;
        if !is_reply {
            return false;
        }
        let id = u16::from_be_bytes([high, low]);
        let mut waiting = self.waiting();
        let Some(waiter) = waiting.get(&id) else { return false };
        let heard = match Message::from_vec(packet) {
            Ok(message) if !waiter.question.is_answered_by(&message) => return false,
            // What is left of a truncated answer is not used (RFC 2181 section 9), readable or not.
            Ok(_) | Err(_) if is_truncated => Received::Truncated,
            Ok(message) => Received::Reply(Box::new(message)),
            Err(_) => Received::Unreadable,
        };
        if let Some(waiter) = waiting.remove(&id) {
            let _ = waiter.replies.send((waiter.step, heard));
        }
        true
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<u16, Waiter>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
