//! Who we are to the server, as its own programs find it: environment, service file, password file.
//!
//! Source: PostgreSQL documentation, libpq: "Environment Variables", "The Connection Service File", "The Password File".

use std::path::{Path, PathBuf};

use super::super::address::Address;
use super::super::error::Problem;

/// Where and as whom to connect.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Credentials {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) database: String,
    pub(super) sslmode: String,
    pub(super) sslrootcert: String,
    pub(super) options: String,
}

/// The port that PostgreSQL listens on.
const PORT: u16 = 5432;
/// Where its socket is: of Debian's packages, and as it is built.
const SOCKETS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

impl Credentials {
    /// What the address says, else the service that it or the environment names, else the environment.
    pub(super) fn find(address: &Address, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, Problem> {
        let service_name = address.setting("service").map(str::to_owned).or_else(|| environment("PGSERVICE"));
        let service = match service_name {
            Some(name) => service(&name, environment)?,
            None => Vec::new(),
        };
        let of = |said: &str, key: &str, variable: &str| {
            let of_service = || service.iter().find(|(own, _)| own == key).map(|(_, value)| value.clone());
            let said = (!said.is_empty()).then(|| said.to_owned());
            said.or_else(of_service).or_else(|| environment(variable)).unwrap_or_default()
        };
        let setting = |name: &str| address.setting(name).unwrap_or_default();
        let port_said = address.port.map_or_else(String::new, |port| port.to_string());
        let port = match of(&port_said, "port", "PGPORT").as_str() {
            "" => PORT,
            text => text.parse().map_err(|_| Problem::Address(format!("`{text}` is no port")))?,
        };
        let mut own = Credentials {
            host: of(&address.host, "host", "PGHOST"),
            port,
            user: of(&address.user, "user", "PGUSER"),
            database: of(&address.database, "dbname", "PGDATABASE"),
            sslmode: of(setting("sslmode"), "sslmode", "PGSSLMODE"),
            sslrootcert: of(setting("sslrootcert"), "sslrootcert", "PGSSLROOTCERT"),
            options: of(setting("options"), "options", "PGOPTIONS"),
        };
        if own.host.is_empty() {
            let has_socket = |directory: &&&str| Path::new(directory).join(format!(".s.PGSQL.{port}")).exists();
            own.host = SOCKETS.iter().find(has_socket).map_or("localhost", |directory| directory).to_owned();
        }
        if own.user.is_empty() {
            own.user = environment("USER").unwrap_or_default();
        }
        if own.database.is_empty() {
            own.database.clone_from(&own.user);
        }
        Ok(own)
    }

    /// Whether the server is on this machine.
    pub(super) fn is_local(&self) -> bool {
        self.host.starts_with('/') || matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1")
    }

    /// The password: from the environment, else from the password file.
    pub(super) fn password(&self, environment: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        environment("PGPASSWORD").or_else(|| {
            let path = environment("PGPASSFILE").map(PathBuf::from).or_else(|| home(environment, ".pgpass"))?;
            // As PostgreSQL's own programs do: a file that others can read is not read.
            if !is_private(&path) {
                return None;
            }
            self.password_in(&std::fs::read_to_string(path).ok()?)
        })
    }

    /// The password of the first line that is of this connection.
    fn password_in(&self, text: &str) -> Option<String> {
        let host = if self.host.starts_with('/') { "localhost" } else { &self.host };
        let port = self.port.to_string();
        let wanted = [host, &port, &self.database, &self.user];
        let of = |line: &str| {
            let fields = fields(line);
            let [own @ .., password] = &fields[..] else { return None };
            let is_meant =
                own.len() == wanted.len() && own.iter().zip(wanted).all(|(own, wanted)| own == "*" || own == wanted);
            is_meant.then(|| password.clone())
        };
        text.lines().filter(|line| !line.starts_with('#')).find_map(of)
    }
}

/// The fields of a line of the password file: parted by colons, unless a backslash stands before one.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        let last = fields.len() - 1;
        match letter {
            '\\' => fields[last].extend(letters.next()),
            ':' if fields.len() < 5 => fields.push(String::new()),
            other => fields[last].push(other),
        }
    }
    fields
}

/// The settings of a service.
fn service(name: &str, environment: &dyn Fn(&str) -> Option<String>) -> Result<Vec<(String, String)>, Problem> {
    let of_system = || environment("PGSYSCONFDIR").map(|directory| PathBuf::from(directory).join("pg_service.conf"));
    let own = environment("PGSERVICEFILE").map(PathBuf::from).or_else(|| home(environment, ".pg_service.conf"));
    for path in [own, of_system()].into_iter().flatten() {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        if let Some(settings) = service_in(&text, name) {
            return Ok(settings);
        }
    }
    Err(Problem::Address(format!("no service file has a service `{name}`")))
}

fn service_in(text: &str, name: &str) -> Option<Vec<(String, String)>> {
    let mut settings: Option<Vec<(String, String)>> = None;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            Some(_) if settings.is_some() => break,
            Some(section) if section == name => settings = Some(Vec::new()),
            Some(_) => {}
            None => {
                if let (Some(settings), Some((key, value))) = (&mut settings, line.split_once('=')) {
                    settings.push((key.trim().to_owned(), value.trim().to_owned()));
                }
            }
        }
    }
    settings
}

fn home(environment: &dyn Fn(&str) -> Option<String>, name: &str) -> Option<PathBuf> {
    environment("HOME").map(|home| PathBuf::from(home).join(name))
}

#[cfg(unix)]
fn is_private(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 == 0)
}

#[cfg(not(unix))]
fn is_private(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("is an address").expect("is right")
    }

    #[test]
    fn what_the_address_does_not_say_the_service_and_then_the_environment_do() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("services");
        std::fs::write(
            &path,
            "# ours\n[other]\nhost=x\n[club]\nhost = db.example\nuser=reader\ndbname=club\n[last]\nhost=y\n",
        )
        .expect("written");
        let environment = |name: &str| match name {
            "PGSERVICEFILE" => Some(path.display().to_string()),
            "PGUSER" => Some("somebody".to_owned()),
            "PGSSLMODE" => Some("require".to_owned()),
            _ => None,
        };
        let own = Credentials::find(&address("postgres://writer@/?service=club&table=a"), &environment).expect("found");
        assert_eq!((own.host.as_str(), own.port, own.user.as_str()), ("db.example", 5432, "writer"));
        assert_eq!((own.database.as_str(), own.sslmode.as_str(), own.is_local()), ("club", "require", false));
        let none = Credentials::find(&address("postgres://h/d?service=nobody"), &environment);
        assert!(matches!(none, Err(Problem::Address(_))));
    }

    #[test]
    fn the_password_is_that_of_the_first_line_that_fits() {
        let own = Credentials {
            host: "db.example".to_owned(),
            port: 5432,
            user: "reader".to_owned(),
            database: "club".to_owned(),
            ..Credentials::default()
        };
        let text = "#db.example:5432:club:reader:no\ndb.example:5433:club:reader:other\n*:*:club:reader:a\\:b\\\\c:d\n*:*:*:*:last\n";
        assert_eq!(own.password_in(text).as_deref(), Some("a:b\\c:d"));
        assert_eq!(own.password_in("db.example:5432:club"), None);
        let socket = Credentials { host: "/tmp".to_owned(), ..own };
        assert_eq!(socket.password_in("localhost:5432:club:reader:x").as_deref(), Some("x"));
    }

    #[cfg(unix)]
    #[test]
    fn a_password_file_that_others_can_read_is_not_read() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("pgpass");
        std::fs::write(&path, "*:*:*:*:secret\n").expect("written");
        let environment = |name: &str| (name == "PGPASSFILE").then(|| path.display().to_string());
        for (mode, password) in [(0o644, None), (0o600, Some("secret"))] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).expect("set");
            assert_eq!(Credentials::default().password(&environment).as_deref(), password);
        }
    }
}
