//! Settings that can't be are refused before anything is sent, and say which key to change.

use tiuv::error::Explain;

use super::{READS, SECRET, open_text};

/// What is said of a service with this address and these settings.
fn refused(url: &str, more: &str) -> String {
    let text = format!("[lookup.hlr]\nurl = '{url}'\n{READS}\n{more}\n");
    match open_text(&text) {
        Ok(_) => panic!("is taken: {text}"),
        Err(error) => format!("{error}; {}", error.help()),
    }
}

#[test]
fn numbers_travel_encrypted_or_stay_here() {
    assert!(refused("http://api.example.com/{digits}", "").contains("lookup.hlr.url: customers' numbers would travel"));
    assert!(refused("http://localhost.example.com/{digits}", "").contains("unencrypted"));
    assert!(refused("http://127.0.0.1.example.com/{digits}", "").contains("unencrypted"));
    assert!(refused("ftp://127.0.0.1/{digits}", "").contains("only https"));
    for (url, more) in [
        ("https://api.example.com/{digits}", ""),
        ("http://api.example.com/{digits}", "allow_http = true"),
        ("http://localhost:8080/{digits}", ""),
        ("http://127.0.0.1:8080/{digits}", ""),
        ("http://[::1]:8080/{digits}", ""),
    ] {
        assert!(open_text(&format!("[lookup.hlr]\nurl = \"{url}\"\n{READS}\n{more}")).is_ok(), "{url}");
    }
}

#[test]
fn a_hostile_address_is_refused() {
    for (url, said) in [
        ("{e164}", "scheme and a host"),
        ("https://{digits}.example.com/", "part of the host"),
        ("https://{digits}@example.com/", "part of the host"),
        ("https://example.com{digits}/", "part of the host"),
        ("https://example.com:{digits}/", "part of the host"),
        (r"https://example.com\{digits}/", "backslash"),
        ("https:/{digits}", "part of the host"),
        ("https://user:password@example.com/{digits}", "holds a password"),
        ("https://example.com/#{digits}", "`#`"),
        ("https://example.com/ {digits}", "a space"),
        ("https://example.com/קו/{digits}", "not ASCII"),
        ("https://example.com/?api_key=123&n={digits}", "query_env"),
        ("https://example.com/{country_code}", "no number is sent"),
        ("https://example.com/", "no number is sent"),
        ("https:///{digits}", ""),
    ] {
        let message = refused(url, "");
        assert!(message.contains("lookup.hlr.url") && message.contains(said), "{url}: {message}");
    }
}

#[test]
fn settings_that_contradict_each_other_name_the_key() {
    let url = "https://api.example.com/{digits}";
    for (more, key, said) in [
        ("cost = \"0.01\"", "budget", "how much a run may cost"),
        ("per_second = 0", "per_second", "no pace"),
        ("per_second = -1", "per_second", "no pace"),
        ("per_second = nan", "per_second", "no pace"),
        ("per_second = inf", "per_second", "no pace"),
        ("max_in_flight = 0", "max_in_flight", "1 or more"),
        ("timeout_seconds = 0", "timeout_seconds", "1 or more"),
        ("body = '{\"n\": \"{e164}\"}'", "body", "POST"),
        ("method = \"POST\"\nbody = '{\"n\": {e164}'", "body", "no JSON"),
        (
            "method = \"POST\"\nbody = 'x'\nheaders = { Content-Type = \"text/plain\" }",
            "body",
            "only JSON, forms and XML",
        ),
        ("headers = { Authorization = \"Bearer x\" }", "headers.Authorization", "header_env"),
        ("headers = { X-Api-Key = \"x\" }", "headers.X-Api-Key", "header_env"),
        ("headers = { Host = \"evil.test\" }", "headers.Host", "no such header"),
        ("headers = { \"a b\" = \"x\" }", "headers.a b", "no such header"),
        ("headers = { A = \"x\\r\\nB: y\" }", "headers.A", "line break"),
        ("header_env = { Authorization = \"NOT_SET\" }", "header_env.Authorization", "NOT_SET is not set"),
        ("query_env = { key = \"NOT_SET\" }", "query_env.key", "export NOT_SET="),
        ("unknown = { at = \"/status\" }", "unknown", "belong together"),
        ("unknown = { status = [500] }", "unknown.status", "500"),
        ("temporary = { status = [401] }", "temporary.status", "401"),
    ] {
        let message = refused(url, more);
        assert!(message.contains(&format!("lookup.hlr.{key}")) && message.contains(said), "{more}: {message}");
        assert!(!message.contains(SECRET));
    }
}

#[test]
fn a_service_nobody_told_of_is_answered_with_the_closest() {
    let text = format!("[lookup.hlr2]\nurl = \"https://api.example.com/{{digits}}\"\n{READS}");
    let Err(error) = open_text(&text) else { panic!("there is no `hlr`") };
    assert_eq!(error.to_string(), "no look-up service is named \"hlr\"");
    assert_eq!(error.help(), "did you mean `hlr2`?");
}
