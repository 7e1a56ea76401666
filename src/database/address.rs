//! Where a database is: `sqlite:FILE`, `postgres://[USER@]HOST[:PORT]/DATABASE`, `mysql://…`, with `?table=` or `?query=`.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;

use super::error::{DatabaseError, Problem};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL or MariaDB.
    Mysql,
}

/// A database, and what of it is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// Which one.
    pub kind: Kind,
    /// As the user wrote it; it holds no password.
    pub text: String,
    /// The file of SQLite.
    pub file: PathBuf,
    /// A role of the server; empty where none is named, as the others.
    pub user: String,
    /// The server's machine, or the directory of its socket.
    pub host: String,
    /// The port.
    pub port: Option<u16>,
    /// The database's name.
    pub database: String,
    /// What is read.
    pub part: Part,
    /// Other settings, such as `sslmode`, in their order.
    pub settings: Vec<(String, String)>,
}

/// What of a database is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Nothing was said.
    Whole,
    /// A table or a view.
    Table(String),
    /// The answer to a query.
    Query(String),
}

impl Kind {
    /// The word for it in facts about a source.
    pub const fn as_str(self) -> &'static str {
        match self {
            Kind::Sqlite => "sqlite",
            Kind::Postgres => "postgres",
            Kind::Mysql => "mysql",
        }
    }

    fn of(scheme: &str) -> Option<Kind> {
        match scheme {
            "sqlite" => Some(Kind::Sqlite),
            "postgres" | "postgresql" => Some(Kind::Postgres),
            "mysql" | "mariadb" => Some(Kind::Mysql),
            _ => None,
        }
    }
}

impl Address {
    /// Reads an address; none where a text is no address of a database, but of a file, say.
    ///
    /// # Errors
    /// When it is one that can't be right, or has a password in it.
    pub fn parse(text: &str) -> Option<Result<Address, DatabaseError>> {
        let (scheme, rest) = text.split_once(':')?;
        let kind = Kind::of(scheme)?;
        if kind != Kind::Sqlite && !rest.starts_with("//") {
            return None;
        }
        let mut address = Address {
            kind,
            text: text.to_owned(),
            file: PathBuf::new(),
            user: String::new(),
            host: String::new(),
            port: None,
            database: String::new(),
            part: Part::Whole,
            settings: Vec::new(),
        };
        let read = address.fill(rest);
        Some(read.map(|()| address).map_err(|problem| {
            // Not even as a part of an error a password is said again.
            let has_password = matches!(problem, Problem::PasswordInAddress);
            let shown = if has_password { format!("{scheme}://…") } else { text.to_owned() };
            DatabaseError::new(&shown, problem)
        }))
    }

    /// The same with a query in place of a table.
    ///
    /// # Errors
    /// When the address names a table or a query already.
    pub fn asking(self, query: &str) -> Result<Address, DatabaseError> {
        if self.part != Part::Whole {
            let problem = Problem::Address("it names a table or a query already, and --query another one".to_owned());
            return Err(DatabaseError::new(&self.text, problem));
        }
        Ok(Address { part: Part::Query(query.to_owned()), ..self })
    }

    /// A setting of the address.
    pub fn setting(&self, name: &str) -> Option<&str> {
        self.settings.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    fn fill(&mut self, rest: &str) -> Result<(), Problem> {
        let (place, parameters) = match rest.split_once('?') {
            Some((place, parameters)) => (place, parameters),
            None => (rest, ""),
        };
        match self.kind {
            Kind::Sqlite => {
                // Of `sqlite:///data/club.db` the path begins behind the second slash.
                let path = if place.starts_with("///") { &place[2..] } else { place };
                self.file = PathBuf::from(path);
                if path.is_empty() {
                    return Err(Problem::Address("it names no file".to_owned()));
                }
            }
            Kind::Postgres | Kind::Mysql => self.fill_server(place.trim_start_matches('/'))?,
        }
        for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = decoded(value)?;
            match name {
                "table" => self.part = Part::Table(value),
                "query" => self.part = Part::Query(value),
                "password" => return Err(Problem::PasswordInAddress),
                "host" => self.host = value,
                "port" => self.port = Some(port(&value)?),
                "user" => self.user = value,
                "dbname" => self.database = value,
                "service" | "sslmode" | "sslrootcert" | "connect_timeout" | "options" => {
                    self.settings.push((name.to_owned(), value));
                }
                _ => return Err(Problem::Address(format!("it has a setting `{name}` that is not known"))),
            }
        }
        Ok(())
    }

    fn fill_server(&mut self, place: &str) -> Result<(), Problem> {
        let (authority, database) = place.split_once('/').unwrap_or((place, ""));
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, _)) if user.contains(':') => return Err(Problem::PasswordInAddress),
            Some((user, host)) => (user, host),
            None => ("", authority),
        };
        let (host, number) = match host.rsplit_once(':') {
            // Of an IPv6 address in brackets only what stands behind them is a port.
            Some((host, number)) if !number.contains(']') => (host, Some(port(number)?)),
            _ => (host, None),
        };
        self.user = decoded(user)?;
        self.host = decoded(host.trim_start_matches('[').trim_end_matches(']'))?;
        self.port = number;
        self.database = decoded(database)?;
        Ok(())
    }
}

fn port(text: &str) -> Result<u16, Problem> {
    text.parse().map_err(|_| Problem::Address(format!("`{text}` is no port")))
}

fn decoded(text: &str) -> Result<String, Problem> {
    // In queries a plus is a space, as forms write it, only where it is a form; here it is itself.
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.map(String::from).map_err(|_| Problem::Address("what stands behind % in it is no text".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Address {
        Address::parse(text).expect("is an address").expect("is right")
    }

    #[test]
    fn addresses_are_told_from_files() {
        for text in ["customers.csv", "C:\\lists\\a.csv", "postgres:club.csv", "http://example.org/a.csv", "-"] {
            assert!(Address::parse(text).is_none(), "{text}");
        }
        let file = parse("sqlite:data/club.db?table=לקוחות");
        assert_eq!((file.kind, file.file.to_str()), (Kind::Sqlite, Some("data/club.db")));
        assert_eq!(file.part, Part::Table("לקוחות".to_owned()));
        assert_eq!(parse("sqlite:///data/club.db").file.to_str(), Some("/data/club.db"));
    }

    #[test]
    fn the_parts_of_an_address_are_read() {
        let address = parse("postgres://reader@db.example:5433/club%20one?table=customers&sslmode=require");
        assert_eq!((address.user.as_str(), address.host.as_str(), address.port), ("reader", "db.example", Some(5433)));
        assert_eq!((address.database.as_str(), address.setting("sslmode")), ("club one", Some("require")));
        let socket = parse("postgres:///club?host=/tmp/socket&query=SELECT%201");
        assert_eq!((socket.host.as_str(), &socket.part), ("/tmp/socket", &Part::Query("SELECT 1".to_owned())));
        let six = parse("postgres://[::1]:5432/club");
        assert_eq!((six.host.as_str(), six.port), ("::1", Some(5432)));
    }

    #[test]
    fn a_password_in_an_address_is_refused_and_never_said() {
        for text in ["postgres://u:s3cret@h/d", "postgres://h/d?password=s3cret", "mysql://u:s3cret@h/d"] {
            let error = Address::parse(text).expect("is an address").expect_err("has a password");
            let said = format!("{error} {error:?} {}", crate::error::Explain::help(&error));
            assert!(!said.contains("s3cret"), "{said}");
        }
    }
}
