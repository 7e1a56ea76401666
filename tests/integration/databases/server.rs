//! A PostgreSQL of the system for one test: in a directory of its own, on a socket there and on loopback, not as root.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::support::partner::partner;

/// A server that ends with the test.
pub(super) struct Server {
    child: Child,
    directory: TempDir,
    port: u16,
    programs: PathBuf,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts one; none where it is not installed and nobody insists on it.
    pub(super) fn start() -> Option<Server> {
        let programs = programs();
        partner(programs.join("initdb"))?;
        let directory = tempfile::Builder::new().prefix("tiuv-postgres").tempdir().expect("a directory");
        let owner = owner("postgres");
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(directory.path(), Some(user), Some(group)).expect("is given away");
        }
        let as_owner = |program: &str| {
            let mut command = Command::new(programs.join(program));
            command.current_dir(directory.path()).stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null());
            if let Some((user, group)) = owner {
                command.uid(user).gid(group);
            }
            command
        };
        let data = directory.path().join("data");
        let made = as_owner("initdb")
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale", "C", "--no-sync", "-D"])
            .arg(&data)
            .status();
        assert!(made.expect("initdb starts").success(), "a cluster is made");
        // The role `locked` has to say its password.
        let access = "local all locked scram-sha-256\nlocal all all trust\nhost all all 127.0.0.1/32 trust\n";
        fs::write(data.join("pg_hba.conf"), access).expect("written");
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let settings = format!(
            "listen_addresses = '127.0.0.1'\nport = {port}\nunix_socket_directories = '{}'\nfsync = off\n",
            directory.path().display()
        );
        fs::write(data.join("postgresql.conf"), settings).expect("written");
        let child = as_owner("postgres").arg("-D").arg(&data).spawn().expect("the server starts");
        let server = Server { child, directory, port, programs };
        let is_up = (0..300).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            server.psql("postgres", "SELECT 1").is_ok()
        });
        assert!(is_up, "the server answers");
        server.run("postgres", "CREATE DATABASE club");
        Some(server)
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// The address of the database for a role, by the socket.
    pub(super) fn address(&self, role: &str) -> String {
        format!("postgres://{role}@/club?host={}&port={}", self.directory.path().display(), self.port)
    }

    /// Runs statements in the club's database as its owner; returns the rows, their cells parted by `|`.
    pub(super) fn sql(&self, sql: &str) -> Vec<String> {
        self.run("club", sql)
    }

    /// From now on it can encrypt, by this certificate and key.
    pub(super) fn encrypt(&self, certificate: &Path, key: &Path) {
        for (from, name) in [(certificate, "server.crt"), (key, "server.key")] {
            let to = self.directory.path().join("data").join(name);
            fs::copy(from, &to).expect("copied");
            fs::set_permissions(&to, fs::Permissions::from_mode(0o600)).expect("set");
            if let Some((user, group)) = owner("postgres") {
                std::os::unix::fs::chown(&to, Some(user), Some(group)).expect("is given away");
            }
        }
        self.run("postgres", "ALTER SYSTEM SET ssl = on");
        self.run("postgres", "SELECT pg_reload_conf()");
        let is_on = (0..100).any(|_| {
            std::thread::sleep(Duration::from_millis(50));
            self.run("postgres", "SHOW ssl") == ["on"]
        });
        assert!(is_on, "it encrypts");
    }

    fn run(&self, database: &str, sql: &str) -> Vec<String> {
        self.psql(database, sql).unwrap_or_else(|error| panic!("{error}"))
    }

    fn psql(&self, database: &str, sql: &str) -> Result<Vec<String>, String> {
        let output = Command::new(self.programs.join("psql"))
            .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-U", "postgres", "-d", database, "-h"])
            .arg(self.directory.path())
            .args(["-p", &self.port.to_string(), "-c", sql])
            .output()
            .map_err(|error| error.to_string())?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        Ok(String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect())
    }
}

/// Where Debian puts the programs of the newest version that is there.
fn programs() -> PathBuf {
    let all = Path::new("/usr/lib/postgresql");
    let versions = fs::read_dir(all).into_iter().flatten().flatten().map(|entry| entry.path());
    let newest = versions.max_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    newest.unwrap_or_else(|| all.join("15")).join("bin")
}

/// The server refuses to run as root: then it runs as its own user.
pub(super) fn owner(user: &str) -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("there are users");
    let line = users.lines().find(|line| line.split(':').next() == Some(user)).expect("the package made its user");
    let mut fields = line.split(':').skip(2).map(|number| number.parse().expect("a number"));
    Some((fields.next()?, fields.next()?))
}
