//! Which resolvers are asked: those that were named, else the system's.

use std::net::{IpAddr, SocketAddr};

/// What is wrong with a list of resolvers.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("`{0}` is no address of a resolver")]
pub struct ResolverError(String);

impl crate::error::Explain for ResolverError {
    fn exit(&self) -> crate::error::Exit {
        crate::error::Exit::Usage
    }

    fn help(&self) -> String {
        "write numeric addresses with commas between, with a port where it is not 53: 9.9.9.9,192.0.2.1:5353,[2001:db8::1]:53"
            .to_owned()
    }
}

const PORT: u16 = 53;

/// Reads `ADDR[,ADDR]`, each with or without a port.
///
/// # Errors
/// When one is no address.
pub fn parse_resolvers(text: &str) -> Result<Vec<SocketAddr>, ResolverError> {
    let mut found = Vec::new();
    for part in text.split(',').map(str::trim) {
        let bare = part.strip_prefix('[').and_then(|part| part.strip_suffix(']')).unwrap_or(part);
        let address = match bare.parse::<IpAddr>() {
            Ok(address) => SocketAddr::new(address, PORT),
            Err(_) => part.parse().map_err(|_| ResolverError(part.to_owned()))?,
        };
        if !found.contains(&address) {
            found.push(address);
        }
    }
    Ok(found)
}

/// The resolvers that the system uses; none where it names none.
pub(super) fn of_system() -> Vec<SocketAddr> {
    match hickory_resolver::system_conf::read_system_conf() {
        Ok((config, _)) => {
            let mut found: Vec<SocketAddr> = Vec::new();
            for server in config.name_servers() {
                let port = server.connections.first().map_or(PORT, |connection| connection.port);
                let address = SocketAddr::new(server.ip, port);
                if !found.contains(&address) {
                    found.push(address);
                }
            }
            found
        }
        Err(error) => {
            tracing::debug!(%error, "the system names no resolver");
            Vec::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_port_in_both_families() {
        let found = parse_resolvers("127.0.0.1:5353, 9.9.9.9,::1,[::1]:54,[2001:db8::1],9.9.9.9:53").expect("reads");
        let expected = ["127.0.0.1:5353", "9.9.9.9:53", "[::1]:53", "[::1]:54", "[2001:db8::1]:53"]
            .map(|text| text.parse().expect("one"));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_no_address_is_named() {
        for text in ["", "dns.example", "1.2.3", "1.2.3.4:", "1.2.3.4:99999", "1.2.3.4,,"] {
            assert!(parse_resolvers(text).is_err(), "{text}");
        }
    }
}
