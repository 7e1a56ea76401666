//! The door through which a whole file comes in, from the disk or from an address: bounded, in memory, with its hash.

mod error;
mod http;
mod limits;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rustls::SupportedCipherSuite;
use rustls::crypto::ring::cipher_suite::TLS13_CHACHA20_POLY1305_SHA256;

pub use error::FetchError;
pub use limits::FetchLimits;

/// What came.
#[derive(Debug)]
pub struct Fetched {
    /// Unpacked.
    pub bytes: Vec<u8>,
    /// Of what came, in hexadecimal, to be compared with what its publisher says.
    pub sha256: String,
    /// The file or address, without what may be secret of an address.
    pub from: String,
}

/// Reads a file, standard input (`-`), or what stands at an http or https address. Gzip is unpacked.
///
/// Waits for the network, so it is not for use within an asynchronous runtime.
///
/// # Errors
/// When nothing comes, or more than may.
pub fn fetch(from: &str, limits: &FetchLimits) -> Result<Fetched, FetchError> {
    let (bytes, from) = match from {
        "-" => (read_all(io::stdin().lock(), "standard input", limits)?, "standard input".to_owned()),
        _ if from.contains("://") => {
            let url = http::address(from)?;
            (http::get(&url, limits)?, http::shown(&url))
        }
        _ => (read_file(Path::new(from), limits)?, from.to_owned()),
    };
    let sha256 = sha256(&bytes);
    let bytes = unpack(bytes, &from, limits)?;
    Ok(Fetched { bytes, sha256, from })
}

fn read_file(path: &Path, limits: &FetchLimits) -> Result<Vec<u8>, FetchError> {
    let shown = path.display().to_string();
    let unreadable = |error: &io::Error| FetchError::unreadable(&shown, error);
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    if file.metadata().map_err(|error| unreadable(&error))?.is_dir() {
        return Err(FetchError::Directory { path: shown });
    }
    read_all(file, &shown, limits)
}

fn read_all(reader: impl Read, from: &str, limits: &FetchLimits) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    reader.take(limits.bytes + 1).read_to_end(&mut bytes).map_err(|error| FetchError::unreadable(from, &error))?;
    if bytes.len() as u64 > limits.bytes { Err(FetchError::too_long(from, limits)) } else { Ok(bytes) }
}

/// Gzip by its first bytes (RFC 1952 section 2.3.1); names lie.
fn unpack(bytes: Vec<u8>, from: &str, limits: &FetchLimits) -> Result<Vec<u8>, FetchError> {
    if !bytes.starts_with(&[0x1F, 0x8B, 0x08]) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    let decoder = flate2::read::MultiGzDecoder::new(bytes.as_slice());
    match decoder.take(limits.bytes + 1).read_to_end(&mut unpacked) {
        Err(_) => Err(FetchError::BrokenGzip { from: from.to_owned() }),
        Ok(_) if unpacked.len() as u64 > limits.bytes => Err(FetchError::too_long(from, limits)),
        Ok(_) => Ok(unpacked),
    }
}

/// By the provider of cryptography that the connections use: a crate for this alone is not worth it.
fn sha256(bytes: &[u8]) -> String {
    let common = match TLS13_CHACHA20_POLY1305_SHA256 {
        SupportedCipherSuite::Tls13(suite) => &suite.common,
        SupportedCipherSuite::Tls12(suite) => &suite.common,
    };
    let hash = common.hash_provider.hash(bytes);
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Duration;

    use super::*;

    const LIMITS: FetchLimits = FetchLimits { bytes: 1000, timeout: Duration::from_secs(5), redirects: 3 };

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(bytes).expect("memory takes everything");
        encoder.finish().expect("memory takes everything")
    }

    fn fetch_bytes(bytes: &[u8]) -> Result<Fetched, FetchError> {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(bytes).expect("can be written");
        fetch(&file.path().to_string_lossy(), &LIMITS)
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // FIPS 180-2, appendix B.1.
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn gzip_is_unpacked_and_bounded() {
        let packed = gzip(b"a.com\n");
        let fetched = fetch_bytes(&packed).expect("comes");
        assert_eq!((fetched.bytes.as_slice(), fetched.sha256), (&b"a.com\n"[..], sha256(&packed)));
        assert!(matches!(fetch_bytes(&gzip(&[b'a'; 100_000])), Err(FetchError::TooLong { .. })));
        assert!(matches!(fetch_bytes(&packed[..packed.len() - 6]), Err(FetchError::BrokenGzip { .. })));
    }

    #[test]
    fn as_much_comes_as_may_and_no_more() {
        assert_eq!(fetch_bytes(&[b'a'; 1000]).expect("comes").bytes.len(), 1000);
        assert!(matches!(fetch_bytes(&[b'a'; 1001]), Err(FetchError::TooLong { .. })));
    }

    #[test]
    fn secrets_of_an_address_are_not_shown() {
        let url = http::address("https://dana:pw@lists.example:8443/a/b.txt?token=s3cret#x").expect("an address");
        assert_eq!(http::shown(&url), "https://lists.example:8443/a/b.txt");
    }
}
