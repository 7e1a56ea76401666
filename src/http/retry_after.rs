//! Retry-After (RFC 9110, 10.2.3): seconds, or a date.

use std::time::Duration;

use crate::clock::timestamp;

/// The pause that a header asks for.
pub(super) fn pause(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value).ok()?;
    Some(Duration::try_from(date.duration_since(timestamp())).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_read_as_seconds_or_as_a_date() {
        assert_eq!(pause("7"), Some(Duration::from_secs(7)));
        assert_eq!(pause("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert!(pause("Fri, 31 Dec 2199 23:59:59 GMT").is_some_and(|wait| wait > Duration::from_secs(86_400)));
        assert_eq!(pause("soon"), None);
        assert_eq!(pause("-3"), None);
    }
}
