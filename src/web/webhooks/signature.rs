//! How a gateway proves that it is the one: signatures and shared secrets, compared in constant time.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use ring::{digest, hmac};

/// Whether `signature` is Twilio's over a request: HMAC-SHA1, under the account's token, of the address followed by the
/// form's names and values in the order of the names; of a name that comes several times, each different value once and in
/// order. A body that is no form is signed by its SHA-256 in the address (`bodySHA256`). Source: Twilio, "Webhooks security".
///
/// `form` is empty and `body` given where the body is no form.
pub(super) fn twilio_signature_is_right(
    token: &str,
    url: &str,
    form: &[(String, String)],
    body: Option<&[u8]>,
    signature: &str,
) -> bool {
    let Ok(signature) = BASE64.decode(signature.as_bytes()) else { return false };
    let mut pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    // Bytes of UTF-8 are in the order of code points, which is what Twilio sorts by.
    pairs.sort_unstable();
    pairs.dedup();
    let signed: String = pairs.into_iter().flat_map(|(name, value)| [name, value]).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.as_bytes());
    let is_signed = |url: &str| hmac::verify(&key, format!("{url}{signed}").as_bytes(), &signature).is_ok();
    // Whether the port that goes without saying is part of what was signed differs from case to case, so both are right.
    let is_right = is_signed(url) | other_port(url).is_some_and(|url| is_signed(&url));
    is_right && body.is_none_or(|body| body_is_named(url, body))
}

/// The address with the port that goes without saying where it has none, and without where it has that one.
fn other_port(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let port = match scheme {
        "https" => "443",
        "http" => "80",
        _ => return None,
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    Some(match host.rsplit_once(':') {
        Some((host, said)) if said == port => format!("{scheme}://{host}{path}"),
        Some((_, said)) if said.bytes().all(|byte| byte.is_ascii_digit()) => return None,
        _ => format!("{scheme}://{host}:{port}{path}"),
    })
}

fn body_is_named(url: &str, body: &[u8]) -> bool {
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let mut names = form_urlencoded::parse(query.as_bytes());
    let Some((_, named)) = names.find(|(name, _)| name == "bodySHA256") else { return false };
    let digest = digest::digest(&digest::SHA256, body);
    HEXLOWER_PERMISSIVE.decode(named.as_bytes()).is_ok_and(|named| named == digest.as_ref())
}

/// Whether `signature` is the HMAC-SHA256 of a body under a secret, in hexadecimal, with or without `sha256=` before it.
pub(super) fn body_signature_is_right(secret: &str, body: &[u8], signature: &str) -> bool {
    let signature = signature.trim().trim_start_matches("sha256=");
    let Ok(signature) = HEXLOWER_PERMISSIVE.decode(signature.as_bytes()) else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, body, &signature).is_ok()
}

/// Whether this is the secret. Both are compared by an HMAC under a key of the secret's, so that the time tells nothing.
pub(super) fn secret_is_right(secret: &str, given: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let expected = hmac::sign(&key, secret.as_bytes());
    hmac::verify(&key, given.as_bytes(), expected.as_ref()).is_ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    /// A vector of the fixture: token, address, form, body, signature.
    type Vector = (String, String, Vec<(String, String)>, Option<Vec<u8>>, String);

    fn vectors() -> Vec<Vector> {
        let text = include_str!("../../../fixtures/twilio/signature_vectors.json");
        let all: Vec<Value> = serde_json::from_str(text).expect("the fixture is JSON");
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let read = |one: &Value| {
            let mut form = Vec::new();
            for (name, value) in one["params"].as_object().into_iter().flatten() {
                match value {
                    Value::Array(values) => form.extend(values.iter().map(|value| (name.clone(), text(value)))),
                    value => form.push((name.clone(), text(value))),
                }
            }
            let body = one.get("body").map(|body| text(body).into_bytes());
            (text(&one["auth_token"]), text(&one["url"]), form, body, text(&one["signature"]))
        };
        all.iter().map(read).collect()
    }

    fn is_right((token, url, form, body, signature): &Vector) -> bool {
        twilio_signature_is_right(token, url, form, body.as_deref(), signature)
    }

    #[test]
    fn every_signature_of_twilios_own_libraries_is_right() {
        let vectors = vectors();
        assert_eq!(vectors.len(), 10);
        for (index, vector) in vectors.iter().enumerate() {
            assert!(is_right(vector), "vector {index}");
        }
    }

    #[test]
    fn a_signature_is_wrong_once_anything_was_changed() {
        for vector in vectors() {
            let (token, url, form, body, signature) = vector.clone();
            assert!(!is_right(&(format!("{token}x"), url.clone(), form.clone(), body.clone(), signature.clone())));
            assert!(!is_right(&(token.clone(), format!("{url}x"), form.clone(), body.clone(), signature.clone())));
            let more = [form.clone(), vec![("Extra".to_owned(), "1".to_owned())]].concat();
            assert!(!is_right(&(token.clone(), url.clone(), more, body.clone(), signature.clone())));
            for wrong in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", &signature[1..]] {
                assert!(!is_right(&(token.clone(), url.clone(), form.clone(), body.clone(), wrong.to_owned())));
            }
            if body.is_some() {
                assert!(!is_right(&(token, url, form, Some(b"{}".to_vec()), signature)));
            }
        }
    }

    #[test]
    fn the_port_that_goes_without_saying_may_be_said() {
        for (url, other) in [
            ("https://a.example/w?x=1", Some("https://a.example:443/w?x=1")),
            ("https://a.example:443/w", Some("https://a.example/w")),
            ("http://a.example", Some("http://a.example:80")),
            ("https://a.example:8443/w", None),
            ("https://[::1]/w", Some("https://[::1]:443/w")),
            ("mailto:x", None),
        ] {
            assert_eq!(other_port(url).as_deref(), other, "{url}");
        }
    }

    #[test]
    fn secrets_and_signatures_of_bodies_are_told_from_others() {
        assert!(secret_is_right("s3cret", "s3cret"));
        for wrong in ["", "s3cre", "s3cret ", "S3CRET"] {
            assert!(!secret_is_right("s3cret", wrong));
        }
        // RFC 4231, test case 2.
        let signature = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let body = b"what do ya want for nothing?";
        assert!(body_signature_is_right("Jefe", body, signature));
        assert!(body_signature_is_right("Jefe", body, &format!("sha256={}", signature.to_uppercase())));
        assert!(!body_signature_is_right("Jefe", b"what do ya want for nothing", signature));
        assert!(!body_signature_is_right("Jefe", body, ""));
    }

    proptest! {
        #[test]
        fn nothing_that_is_sent_makes_it_fail(url in "\\PC{0,40}", name in "\\PC{0,8}", value in "\\PC{0,8}", signature in "\\PC{0,40}") {
            let form = [(name, value)];
            prop_assert!(!twilio_signature_is_right("t", &url, &form, None, &signature));
            prop_assert!(!twilio_signature_is_right("t", &url, &[], Some(b"x"), &signature));
            prop_assert!(!body_signature_is_right("t", url.as_bytes(), &signature));
        }
    }
}
