//! A path to a server that loses, delays, doubles, forges and truncates packets; TCP it passes on as it is.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use super::zone::Draw;

/// What happens to packets, in percent of them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Faults {
    /// Lost, on the way there and on the way back.
    pub(crate) lost: u32,
    /// Replies that come twice.
    pub(crate) doubled: u32,
    /// Replies whose id is changed.
    pub(crate) wrong_id: u32,
    /// Replies to another question, sent before the right one.
    pub(crate) forged: u32,
    /// Replies cut down to the question, with the bit that says so.
    pub(crate) truncated: u32,
    /// Replies that come late, and by how much.
    pub(crate) late: u32,
    pub(crate) delay_ms: u64,
}

/// The path; it lives until the process ends.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<HashMap<Vec<u8>, u32>>>,
}

impl Proxy {
    /// How often each question (name and type as on the wire) came by.
    #[allow(dead_code, reason = "the bench, which shares this file, does not ask")]
    pub(crate) fn questions(&self) -> HashMap<Vec<u8>, u32> {
        self.seen.lock().expect("no panic").clone()
    }
}

/// Starts a path to `upstream`.
pub(crate) fn proxy(upstream: SocketAddr, faults: Faults) -> Proxy {
    let port = super::servers::free_port(Ipv4Addr::LOCALHOST.into());
    let front = Arc::new(UdpSocket::bind((Ipv4Addr::LOCALHOST, port)).expect("a port"));
    let by_tcp = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).expect("the same port");
    thread::spawn(move || pass_connections(&by_tcp, upstream));
    let seen = Arc::new(Mutex::new(HashMap::new()));
    let proxy = Proxy { address: SocketAddr::from((Ipv4Addr::LOCALHOST, port)), seen: Arc::clone(&seen) };
    thread::spawn(move || pass_packets(&front, upstream, faults, &seen));
    proxy
}

fn pass_packets(front: &Arc<UdpSocket>, upstream: SocketAddr, faults: Faults, seen: &Mutex<HashMap<Vec<u8>, u32>>) {
    let mut backs: HashMap<SocketAddr, UdpSocket> = HashMap::new();
    let mut draw = Draw(7);
    let mut packet = [0; 4096];
    while let Ok((length, client)) = front.recv_from(&mut packet) {
        let question = question(&packet[..length]).to_ascii_lowercase();
        *seen.lock().expect("no panic").entry(question).or_insert(0) += 1;
        let back = backs.entry(client).or_insert_with(|| {
            let back = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
            back.connect(upstream).expect("connects");
            let (replies, front) = (back.try_clone().expect("clones"), Arc::clone(front));
            thread::spawn(move || return_packets(&replies, &front, client, faults));
            back
        });
        if draw.below(100) >= faults.lost {
            let _ = back.send(&packet[..length]);
        }
    }
}

fn return_packets(replies: &UdpSocket, front: &Arc<UdpSocket>, client: SocketAddr, faults: Faults) {
    let mut draw = Draw(u64::from(client.port()) + 1);
    let mut packet = [0; 4096];
    loop {
        // A server that is not there is none of the path's business.
        let Ok(length) = replies.recv(&mut packet) else { continue };
        let mut reply = packet[..length].to_vec();
        if draw.below(100) < faults.lost {
            continue;
        }
        if draw.below(100) < faults.truncated {
            reply.truncate(12 + question(&reply).len());
            reply[2] |= 0x02;
            reply[6..12].fill(0);
        }
        if draw.below(100) < faults.wrong_id {
            reply[0] ^= 0x55;
        }
        if draw.below(100) < faults.forged {
            let mut forged = reply.clone();
            forged[13] = if forged[13] == b'z' { b'y' } else { b'z' };
            // "No such name": whoever believes it calls a living domain dead.
            forged[3] = (forged[3] & 0xf0) | 3;
            let _ = front.send_to(&forged, client);
        }
        let times = if draw.below(100) < faults.doubled { 2 } else { 1 };
        if draw.below(100) < faults.late {
            let front = Arc::clone(front);
            thread::spawn(move || {
                thread::sleep(Duration::from_millis(faults.delay_ms));
                let _ = front.send_to(&reply, client);
            });
            continue;
        }
        for _ in 0..times {
            let _ = front.send_to(&reply, client);
        }
    }
}

/// The question of a packet: name, type, class.
fn question(packet: &[u8]) -> &[u8] {
    let rest = packet.get(12..).unwrap_or_default();
    let name = rest.iter().position(|byte| *byte == 0).unwrap_or(0);
    &rest[..(name + 5).min(rest.len())]
}

fn pass_connections(listener: &TcpListener, upstream: SocketAddr) {
    while let Ok((client, _)) = listener.accept() {
        thread::spawn(move || {
            let Ok(server) = TcpStream::connect(upstream) else { return };
            let (Ok(from), Ok(to)) = (client.try_clone(), server.try_clone()) else { return };
            thread::spawn(move || copy(from, to));
            copy(server, client);
        });
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let mut part = [0; 4096];
    while let Ok(length @ 1..) = from.read(&mut part) {
        if to.write_all(&part[..length]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Write);
}
