//! Connections that end in the middle: of reading, nothing is taken for whole; of pushing, all of it stands there or none.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::server::Server;
use super::{clean, customers};
use crate::support::generator::Random;
use crate::support::program::Place;

/// Stands between a client and the server, and cuts each connection when so many bytes went by in both directions.
struct Proxy {
    port: u16,
    bytes: Arc<AtomicU64>,
}

impl Proxy {
    fn before(server: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let bytes = Arc::new(AtomicU64::new(u64::MAX));
        let limit = Arc::clone(&bytes);
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)) else { continue };
                let left = Arc::new(AtomicU64::new(limit.load(Ordering::SeqCst)));
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (from, to) = (from.try_clone().expect("a stream"), to.try_clone().expect("a stream"));
                    let left = Arc::clone(&left);
                    std::thread::spawn(move || pass(from, to, &left));
                }
            }
        });
        Proxy { port, bytes }
    }

    fn cut_after(&self, bytes: u64) {
        self.bytes.store(bytes, Ordering::SeqCst);
    }
}

fn pass(mut from: TcpStream, mut to: TcpStream, left: &AtomicU64) {
    let mut buffer = [0; 512];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let before =
            left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| Some(left.saturating_sub(read as u64)));
        let kept = before.unwrap_or_default().min(read as u64) as usize;
        if to.write_all(&buffer[..kept]).is_err() || kept < read {
            break;
        }
    }
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}

#[test]
fn a_cut_connection_leaves_all_or_nothing_and_never_half_a_list() {
    let Some(server) = Server::start() else { return };
    server.sql(&customers(900));
    let proxy = Proxy::before(server.port());
    let place = Place::new();
    let table = format!("postgres://postgres@127.0.0.1:{}/club?table=customers", proxy.port);
    clean(&place, &table, &["--no-state"]);
    let dump = || server.sql("SELECT md5(string_agg(c::text, '|' ORDER BY id)) FROM customers c");
    let ledger = || server.sql("SELECT count(*) FROM tiuv_pushed WHERE undone_at IS NULL")[0].clone();
    let before = dump();
    let first = place.tiuv(&["push", "--to", &table, "--update"]);
    assert!(first.stdout.contains("300 cells changed"), "{first:?}");
    let after = dump();
    let run = super::run_of(&place);
    let undo = || place.tiuv(&["push", "--to", &server.address("postgres"), "--undo", &run]);
    assert_eq!(undo().exit, Some(0));
    assert_eq!(dump(), before);
    let mut random = Random::at(21, 0);
    let (mut cut, mut whole) = (0, 0);
    for _ in 0..60 {
        proxy.cut_after(random.below(60_000));
        let ran = place.tiuv(&["push", "--to", &table, "--update"]);
        let now = dump();
        assert!(now == before || now == after, "half of it: {ran:?}");
        if ran.exit == Some(0) {
            assert_eq!(now, after);
            whole += 1;
        } else {
            assert_eq!(ran.exit, Some(4), "{}", ran.stderr);
            cut += 1;
        }
        assert_eq!(ledger(), if now == after { "300" } else { "0" }, "what was done is written down");
        if now == after {
            assert_eq!(undo().exit, Some(0));
        }
    }
    assert!(cut > 10 && whole > 0, "{cut} cut, {whole} whole");
    // A list is read whole or not at all.
    let length: u64 = 900 * 60;
    for _ in 0..20 {
        proxy.cut_after(random.below(length));
        let ran = place.tiuv(&["map", &table]);
        assert!(matches!(ran.exit, Some(0 | 4)), "{ran:?}");
        if ran.exit == Some(4) {
            assert!(ran.stderr.contains("cut") || ran.stderr.contains("reached"), "{}", ran.stderr);
        }
    }
}
