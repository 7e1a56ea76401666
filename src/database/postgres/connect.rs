//! The way to a server of PostgreSQL, encrypted wherever it leaves this machine.

use std::sync::Arc;
use std::time::Duration;

use postgres::config::SslMode;
use postgres::{Client, Config, NoTls};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::super::address::Address;
use super::super::error::Problem;
use super::credentials::Credentials;
use super::wrong::problem;

const PATIENCE: Duration = Duration::from_secs(20);

/// Connects as the address, service and environment say.
pub(super) fn connect(address: &Address) -> Result<Client, Problem> {
    let environment = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let own = Credentials::find(address, &environment)?;
    let mut config = Config::new();
    config.host(&own.host).port(own.port).application_name("tiuv").connect_timeout(PATIENCE);
    if !own.user.is_empty() {
        config.user(&own.user);
    }
    if !own.database.is_empty() {
        config.dbname(&own.database);
    }
    if !own.options.is_empty() {
        config.options(&own.options);
    }
    if let Some(password) = own.password(&environment) {
        config.password(password);
    }
    let mode = match own.sslmode.as_str() {
        "disable" => SslMode::Disable,
        "require" | "verify-ca" | "verify-full" => SslMode::Require,
        "" | "allow" | "prefer" if own.is_local() => SslMode::Disable,
        "" | "allow" | "prefer" => SslMode::Prefer,
        other => return Err(Problem::Address(format!("`{other}` is no sslmode: write disable, prefer or require"))),
    };
    config.ssl_mode(mode);
    // A socket has no name that a certificate could be of.
    let connected = if mode == SslMode::Disable || own.host.starts_with('/') {
        config.ssl_mode(SslMode::Disable).connect(NoTls)
    } else {
        config.connect(MakeRustlsConnect::new(encryption(&own.sslrootcert)?))
    };
    connected.map_err(|error| match problem(error) {
        Problem::Cut(reason) => Problem::Unreachable(reason),
        other => other,
    })
}

/// The server's certificate is always checked: by a file of certificates where one is named, else by those that this machine trusts.
fn encryption(roots: &str) -> Result<ClientConfig, Problem> {
    let failed = |error: rustls::Error| Problem::Unreachable(format!("its encryption: {error}"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(failed)?;
    if roots.is_empty() || roots == "system" {
        return Ok(builder.with_platform_verifier().map_err(failed)?.with_no_client_auth());
    }
    let unreadable = |error: &dyn std::fmt::Display| Problem::Address(format!("sslrootcert {roots}: {error}"));
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(roots).map_err(|error| unreadable(&error))? {
        store.add(certificate.map_err(|error| unreadable(&error))?).map_err(|error| unreadable(&error))?;
    }
    Ok(builder.with_root_certificates(store).with_no_client_auth())
}
