//! Connections within bounds: so many at once, and none that keeps its place without asking for anything.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep};

use crate::rule::ServerGuards;

/// Listens, and lets in as many as there is room for; the others wait at the door.
pub(super) struct Bounded {
    listener: TcpListener,
    room: Arc<Semaphore>,
    guards: ServerGuards,
}

impl Bounded {
    pub(super) fn new(listener: TcpListener, guards: ServerGuards) -> Self {
        Bounded { listener, room: Arc::new(Semaphore::new(guards.most_connections)), guards }
    }
}

impl Listener for Bounded {
    type Io = Patient;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Patient, SocketAddr) {
        // Nobody closes the room, so a place is found in the end; without one the connection would just not be counted.
        let place = Arc::clone(&self.room).acquire_owned().await.ok();
        let (stream, address) = Listener::accept(&mut self.listener).await;
        let is_crowded = self.room.available_permits() < self.guards.most_connections / 2;
        let seconds =
            if is_crowded { self.guards.seconds_to_request_in_a_crowd } else { self.guards.seconds_to_request };
        (Patient::new(stream, Duration::from_secs(seconds.into()), place), address)
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

/// A connection that ends when a whole request does not come in time: from its beginning, and from the last answer on.
pub(super) struct Patient {
    stream: TcpStream,
    patience: Duration,
    end: Pin<Box<Sleep>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl Patient {
    fn new(stream: TcpStream, patience: Duration, place: Option<OwnedSemaphorePermit>) -> Self {
        Patient { stream, patience, end: Box::pin(sleep(patience)), _place: place }
    }

    /// Nothing came, or could be written: is it time to end?
    fn wait<T>(&mut self, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        ready!(self.end.as_mut().poll(context));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Patient {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let own = self.get_mut();
        match Pin::new(&mut own.stream).poll_read(context, bytes) {
            Poll::Pending => own.wait(context),
            done => done,
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
