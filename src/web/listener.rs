//! Connections within bounds: so many at once and from one client, and none that keeps its place without asking for anything. Where
//! there is no room, the one that has said nothing for longest gives its place to the next: those who ask at once are answered,
//! however many others keep silent.

use std::collections::BTreeMap;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Instant, Sleep, sleep};

use crate::rule::ServerGuards;

/// Listens, and knows who is connected.
pub(super) struct Bounded {
    listener: TcpListener,
    room: Arc<Room>,
    guards: ServerGuards,
}

impl Bounded {
    pub(super) fn new(listener: TcpListener, guards: ServerGuards) -> Self {
        Bounded { listener, room: Arc::default(), guards }
    }
}

impl Listener for Bounded {
    type Io = Patient;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Patient, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        self.room.make(address.ip(), &self.guards);
        let patience = Duration::from_secs(self.guards.seconds_to_request.into());
        (Patient::new(stream, patience, Place::take(&self.room, address.ip())), address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// Where a connection is from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

impl Connected<IncomingStream<'_, Bounded>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Bounded>) -> Self {
        Peer(*stream.remote_addr())
    }
}

/// All connections, in the order in which something last came from them or went to them.
#[derive(Debug, Default)]
struct Room(Mutex<Seats>);

#[derive(Debug, Default)]
struct Seats {
    next: u64,
    taken: BTreeMap<u64, (IpAddr, Arc<Gone>)>,
}

/// Whether a connection must go.
#[derive(Debug, Default)]
struct Gone {
    said: AtomicBool,
    waker: AtomicWaker,
}

impl Room {
    fn seats(&self) -> MutexGuard<'_, Seats> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes room for one more of a client. Who calls from this machine may be a proxy that stands for many.
    fn make(&self, client: IpAddr, guards: &ServerGuards) {
        let mut seats = self.seats();
        let of_client = |seat: &&(IpAddr, Arc<Gone>)| seat.0 == client;
        let is_one = !client.is_loopback();
        let oldest = if is_one && seats.taken.values().filter(of_client).count() >= guards.most_connections_of_client {
            seats.taken.iter().find(|(_, seat)| seat.0 == client).map(|(number, _)| *number)
        } else if seats.taken.len() >= guards.most_connections {
            seats.taken.keys().next().copied()
        } else {
            None
        };
        if let Some((_, gone)) = oldest.and_then(|number| seats.taken.remove(&number)) {
            gone.said.store(true, Ordering::Release);
            gone.waker.wake();
        }
    }
}

/// A connection's place among all.
#[derive(Debug)]
struct Place {
    room: Arc<Room>,
    client: IpAddr,
    number: u64,
    gone: Arc<Gone>,
}

impl Place {
    fn take(room: &Arc<Room>, client: IpAddr) -> Self {
        let mut place = Place { room: Arc::clone(room), client, number: 0, gone: Arc::default() };
        place.sit(&mut room.seats());
        place
    }

    fn sit(&mut self, seats: &mut Seats) {
        self.number = seats.next;
        seats.next += 1;
        seats.taken.insert(self.number, (self.client, Arc::clone(&self.gone)));
    }

    /// It asks or is answered: others have been silent for longer now.
    fn renew(&mut self) {
        let room = Arc::clone(&self.room);
        let mut seats = room.seats();
        if seats.taken.remove(&self.number).is_some() {
            self.sit(&mut seats);
        }
    }

    fn is_gone(&self, context: &mut Context<'_>) -> bool {
        self.gone.waker.register(context.waker());
        self.gone.said.load(Ordering::Acquire)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.room.seats().taken.remove(&self.number);
    }
}

/// A connection that ends when a whole request does not come in time, from its beginning and from the last answer on, or when its
/// place is needed.
pub(super) struct Patient {
    stream: TcpStream,
    patience: Duration,
    end: Pin<Box<Sleep>>,
    place: Place,
}

impl Patient {
    fn new(stream: TcpStream, patience: Duration, place: Place) -> Self {
        Patient { stream, patience, end: Box::pin(sleep(patience)), place }
    }

    /// Nothing came, or could be written: is it time to end?
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if self.place.is_gone(context) || self.end.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(ErrorKind::TimedOut.into()));
        }
        Poll::Pending
    }
}

impl AsyncRead for Patient {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        match Pin::new(&mut own.stream).poll_read(context, bytes) {
            Poll::Pending => own.wait(context),
            done => {
                own.place.renew();
                done
            }
        }
    }
}

impl AsyncWrite for Patient {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let own = self.get_mut();
        match Pin::new(&mut own.stream).poll_write(context, bytes) {
            Poll::Pending => own.wait(context),
            done => {
                own.end.as_mut().reset(Instant::now() + own.patience);
                own.place.renew();
                done
            }
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(context)
    }
}
