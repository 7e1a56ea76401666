//! The workspace's own secret: what links and fingerprints are made with. It never leaves the machine.

use std::fs;
use std::io::Write;
use std::path::Path;

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

use super::workspace::KEY_FILE;
use super::{Store, StoreError};

/// Bytes of the key.
const LENGTH: usize = 32;

/// The workspace's secret.
pub struct Secret {
    key: hmac::Key,
}

impl Store {
    /// The workspace's secret, made at its first use: `secret.key`, which none but its owner can read.
    ///
    /// # Errors
    /// When it can't be read or made, or is not of its length.
    pub fn secret(&self) -> Result<Secret, StoreError> {
        let path = self.directory().join(KEY_FILE);
        let unusable = |reason: String| StoreError::Unreadable { path: path.display().to_string(), reason };
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                make(self.directory(), &path).map_err(|error| unusable(error.to_string()))?;
                fs::read(&path).map_err(|error| unusable(error.to_string()))?
            }
            Err(error) => return Err(unusable(error.to_string())),
        };
        if bytes.len() != LENGTH {
            return Err(unusable(format!("it holds {} bytes and not {LENGTH}; put the right one back", bytes.len())));
        }
        Ok(Secret { key: hmac::Key::new(hmac::HMAC_SHA256, &bytes) })
    }
}

/// Writes a new key under a temporary name and gives it its own unless another process was quicker.
fn make(directory: &Path, path: &Path) -> std::io::Result<()> {
    let mut bytes = [0; LENGTH];
    SystemRandom::new().fill(&mut bytes).map_err(|_| std::io::Error::other("the system has no random numbers"))?;
    // Readable by its owner alone from the start, on systems that know owners.
    let mut file = crate::disk::temporary_in(directory)?;
    file.write_all(&bytes)?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error.error),
    }
}

impl Secret {
    /// HMAC-SHA256 of a text. `purpose` keeps texts of different meaning apart: no colon may stand in it.
    pub fn mac(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(purpose.as_bytes());
        context.update(b":");
        context.update(text.as_bytes());
        let tag = context.sign();
        let mut bytes = [0; 32];
        bytes.copy_from_slice(tag.as_ref());
        bytes
    }

    /// Whether this is the HMAC of the text; takes the same time for every answer.
    pub fn verify(&self, purpose: &str, text: &str, mac: &[u8]) -> bool {
        let message = [purpose.as_bytes(), b":", text.as_bytes()].concat();
        hmac::verify(&self.key, &message, mac).is_ok()
    }

    /// The token of the link in a message: the same each time the message is made, and told from no other.
    pub fn link_token(&self, outbox: i64) -> String {
        let mac = self.mac("link", &outbox.to_string());
        // RFC 4648's alphabet in small letters has neither 0 nor 1, so nobody takes them for o and l.
        let mut token = data_encoding::BASE32_NOPAD.encode(&mac[..8]).to_ascii_lowercase();
        token.truncate(TOKEN_LENGTH);
        token
    }

    /// What the workspace keeps of a token: enough to know it again, too little to write the link.
    pub fn token_hash(&self, token: &str) -> [u8; 32] {
        self.mac("token", token)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Letters of a link's token: 60 bits, which nobody guesses through a page that counts its visitors.
pub const TOKEN_LENGTH: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_made_once_and_only_its_owner_can_read_it() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path()).expect("opens");
        let token = store.secret().expect("is made").link_token(7);
        assert_eq!(store.secret().expect("is read").link_token(7), token);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(directory.path().join(KEY_FILE)).expect("is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let other = tempfile::tempdir().expect("a directory");
        let other = Store::open(other.path()).expect("opens").secret().expect("is made");
        assert_ne!(other.link_token(7), token, "each workspace has its own");
    }

    #[test]
    fn a_damaged_secret_is_refused_and_never_replaced() {
        let directory = tempfile::tempdir().expect("a directory");
        let store = Store::open(directory.path()).expect("opens");
        fs::write(directory.path().join(KEY_FILE), b"short").expect("writes");
        assert!(store.secret().is_err());
        assert_eq!(fs::read(directory.path().join(KEY_FILE)).expect("reads"), b"short");
    }

    #[test]
    fn tokens_are_twelve_small_letters_and_digits_and_differ() {
        let directory = tempfile::tempdir().expect("a directory");
        let secret = Store::open(directory.path()).expect("opens").secret().expect("is made");
        let tokens: std::collections::BTreeSet<String> = (0..1000).map(|row| secret.link_token(row)).collect();
        assert_eq!(tokens.len(), 1000);
        for token in tokens {
            assert!(token.len() == TOKEN_LENGTH && token.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        }
    }

    #[test]
    fn a_token_is_known_by_its_hash_and_not_after_a_letter_was_changed() {
        let directory = tempfile::tempdir().expect("a directory");
        let secret = Store::open(directory.path()).expect("opens").secret().expect("is made");
        let hash = secret.token_hash("abcdefghijkl");
        assert!(secret.verify("token", "abcdefghijkl", &hash));
        assert!(!secret.verify("token", "abcdefghijkm", &hash));
        assert!(!secret.verify("link", "abcdefghijkl", &hash));
    }
}
