//! Passwords: how long, how common, and how they are hashed (NIST SP 800-63B-4, 3.1.1; argon2id, RFC 9106).

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use ring::rand::{SecureRandom, SystemRandom};
use unicode_normalization::UnicodeNormalization;

use crate::rule::StewardPolicy;

/// Why a password can't be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFault {
    /// It has fewer letters than so many.
    Short(usize),
    /// It has more letters than so many.
    Long(usize),
    /// Everybody tries it first.
    Common,
    /// It is the account's name, or that with little more.
    Name,
}

/// A name as names are compared: two accounts can't look alike.
pub fn folded_name(name: &str) -> String {
    name.trim().nfkc().flat_map(char::to_lowercase).filter(|letter| !letter.is_control()).collect()
}

/// What keeps a password of an account from being taken.
pub fn password_fault(policy: &StewardPolicy, name: &str, password: &str) -> Option<PasswordFault> {
    let password: String = password.nfkc().collect();
    let letters = password.chars().count();
    let (least, most) = (policy.password.least_letters, policy.password.most_letters);
    let folded = folded_name(&password);
    let (name, is_one_letter) = (folded_name(name), folded.chars().all(|letter| folded.starts_with(letter)));
    if letters < least {
        Some(PasswordFault::Short(least))
    } else if letters > most {
        Some(PasswordFault::Long(most))
    } else if policy.is_common(&password) || is_one_letter {
        Some(PasswordFault::Common)
    } else if !name.is_empty() && folded.replace(&name, "").chars().count() < least / 2 {
        Some(PasswordFault::Name)
    } else {
        None
    }
}

/// The hash of a password as a PHC string; none where the system has no random numbers.
pub fn hash_password(password: &str) -> Option<String> {
    let mut salt = [0; 16];
    SystemRandom::new().fill(&mut salt).ok()?;
    let salt = SaltString::encode_b64(&salt).ok()?;
    let password: String = password.nfkc().collect();
    Some(Argon2::default().hash_password(password.as_bytes(), &salt).ok()?.to_string())
}

/// Whether a password is that of a hash. With no hash it takes as long, and is not: nobody learns which accounts there are.
pub fn is_password(password: &str, hash: Option<&str>) -> bool {
    /// Of a password that nobody knows.
    const NOBODYS: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$YWFhYWFhYWFhYWFhYWFhYQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let password: String = password.nfkc().collect();
    let is_right = PasswordHash::new(hash.unwrap_or(NOBODYS))
        .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    is_right && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::RuleFiles;

    #[test]
    fn length_counts_and_common_ones_are_refused_but_nothing_must_be_in_one() {
        let policy = StewardPolicy::load(&RuleFiles::embedded()).expect("the shipped policy is of its form");
        let fault = |password: &str| password_fault(&policy, "Noa.Levi", password);
        assert_eq!(fault("short"), Some(PasswordFault::Short(8)));
        assert_eq!(fault(&"ab".repeat(200)), Some(PasswordFault::Long(256)));
        assert_eq!(fault("Password1"), Some(PasswordFault::Common));
        assert_eq!(fault("aaaaaaaaaa"), Some(PasswordFault::Common));
        assert_eq!(fault("noa.levi1"), Some(PasswordFault::Name));
        assert_eq!(fault("שלוש כיסאות"), None);
        assert_eq!(fault("onlysmallletters"), None);
    }

    #[test]
    fn a_password_is_known_by_its_hash_however_it_was_composed_and_no_other_is() {
        let hash = hash_password("caf\u{e9} au lait").expect("there are random numbers");
        assert!(hash.starts_with("$argon2id$"));
        assert!(is_password("cafe\u{301} au lait", Some(&hash)));
        assert!(!is_password("cafe au lait", Some(&hash)));
        assert!(!is_password("", None) && !is_password("caf\u{e9} au lait", None));
        assert_ne!(hash_password("caf\u{e9} au lait"), Some(hash), "each has a salt of its own");
    }

    #[test]
    fn whoever_tries_an_account_that_is_none_waits_as_long() {
        let hash = PasswordHash::new(
            "$argon2id$v=19$m=19456,t=2,p=1$YWFhYWFhYWFhYWFhYWFhYQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        );
        let own = hash_password("three blue chairs").expect("there are random numbers");
        let own = PasswordHash::new(&own).expect("is one");
        assert_eq!(hash.expect("is one").params, own.params);
    }
}
