//! Knot (authoritative) and Unbound (recursive) as child processes on loopback, with all they write in a directory of
//! their own.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::zone::Zone;

/// A running server; it ends with this value.
pub(crate) struct DnsServer {
    pub(crate) address: SocketAddr,
    child: Child,
    _directory: tempfile::TempDir,
}

impl Drop for DnsServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl DnsServer {
    /// Ends it before its time.
    #[allow(dead_code, reason = "the bench, which shares this file, lets it live")]
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether the servers are installed. `tests/run` installs them and then insists on them.
pub(crate) fn are_installed() -> bool {
    let missing: Vec<&str> = ["knotd", "unbound"].into_iter().filter(|name| program(name).is_none()).collect();
    assert!(
        missing.is_empty() || std::env::var_os("TIUV_ALL_TESTS").is_none(),
        "not installed: {missing:?}; `bash tests/run` installs what the tests need"
    );
    missing.is_empty()
}

/// Knot with the zones `bench.` and `outside.`; for names below `sf.bench` it fails.
pub(crate) fn knot(zone: &Zone) -> DnsServer {
    knot_at(zone, Ipv4Addr::LOCALHOST.into())
}

/// The same on another loopback address.
pub(crate) fn knot_at(zone: &Zone, at: std::net::IpAddr) -> DnsServer {
    let directory = tempfile::tempdir().expect("a directory");
    let dir = directory.path().display();
    fs::write(directory.path().join("bench.zone"), &zone.bench).expect("writes");
    fs::write(directory.path().join("outside.zone"), &zone.outside).expect("writes");
    fs::create_dir(directory.path().join("run")).expect("makes it");
    let address = SocketAddr::new(at, free_port(at));
    let config = format!(
        "server:\n    listen: {at}@{port}\n    rundir: {dir}/run\n    udp-workers: 1\n    tcp-workers: 1\n    \
         background-workers: 1\n\
         log:\n  - target: stderr\n    any: error\n\
         database:\n    storage: {dir}/db\n\
         template:\n  - id: default\n    zonefile-load: whole\n    journal-content: none\n    semantic-checks: off\n\
         zone:\n  - domain: bench.\n    file: {dir}/bench.zone\n  - domain: outside.\n    file: {dir}/outside.zone\n  \
         - domain: sf.bench.\n    file: {dir}/does-not-exist.zone\n",
        port = address.port(),
    );
    let path = directory.path().join("knot.conf");
    fs::write(&path, config).expect("writes");
    let mut command = Command::new(program("knotd").expect("is installed"));
    command.arg("-c").arg(&path);
    started(command, address, directory)
}

/// Unbound in front of Knot; what is below `to.bench` it drops without a word.
#[allow(dead_code, reason = "the bench, which shares this file, asks Knot alone")]
pub(crate) fn unbound(knot: &DnsServer) -> DnsServer {
    let directory = tempfile::tempdir().expect("a directory");
    let dir = directory.path().display();
    let at = Ipv4Addr::LOCALHOST.into();
    let address = SocketAddr::new(at, free_port(at));
    let stub = |zone: &str| {
        format!("stub-zone:\n    name: \"{zone}\"\n    stub-addr: {at}@{port}\n", port = knot.address.port())
    };
    let config = format!(
        "server:\n    interface: {at}@{port}\n    port: {port}\n    do-daemonize: no\n    username: \"\"\n    chroot: \"\"\n    \
         directory: \"{dir}\"\n    pidfile: \"{dir}/unbound.pid\"\n    use-syslog: no\n    logfile: \"\"\n    verbosity: 0\n    \
         num-threads: 1\n    do-not-query-localhost: no\n    access-control: 127.0.0.0/8 allow\n    \
         module-config: \"iterator\"\n    local-zone: \"to.bench.\" deny\n{bench}{outside}\
         remote-control:\n    control-enable: no\n",
        port = address.port(),
        bench = stub("bench."),
        outside = stub("outside."),
    );
    let path = directory.path().join("unbound.conf");
    fs::write(&path, config).expect("writes");
    let mut command = Command::new(program("unbound").expect("is installed"));
    command.arg("-d").arg("-c").arg(&path);
    started(command, address, directory)
}

fn started(mut command: Command, address: SocketAddr, directory: tempfile::TempDir) -> DnsServer {
    let log = directory.path().join("log");
    let errors = fs::File::create(&log).expect("makes it");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(errors);
    let child = command.spawn().expect("the server starts");
    let server = DnsServer { address, child, _directory: directory };
    for _ in 0..100 {
        if answers(address) {
            return server;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the server at {address} does not answer: {}", fs::read_to_string(&log).unwrap_or_default());
}

/// Whether the server resolves `canary.bench`.
fn answers(address: SocketAddr) -> bool {
    let query = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x06canary\x05bench\x00\x00\x0f\x00\x01";
    let any = if address.is_ipv4() { "127.0.0.1:0" } else { "[::1]:0" };
    let socket = UdpSocket::bind(any).expect("a port");
    socket.set_read_timeout(Some(Duration::from_millis(300))).expect("sets");
    let mut reply = [0; 512];
    let heard = socket.send_to(query, address).is_ok() && socket.recv(&mut reply).is_ok();
    heard && reply[3] & 0x0f == 0 && reply[7] > 0
}

/// A port that is free for both protocols.
pub(crate) fn free_port(at: std::net::IpAddr) -> u16 {
    for _ in 0..100 {
        let by_udp = UdpSocket::bind((at, 0)).expect("a port");
        let port = by_udp.local_addr().expect("is bound").port();
        if TcpListener::bind((at, port)).is_ok() {
            return port;
        }
    }
    panic!("no free port");
}

/// Debian keeps servers where an ordinary user's PATH does not lead.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let places = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    places.map(|place| place.join(name)).find(|path| path.is_file())
}
