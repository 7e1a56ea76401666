//! The pace that a service or a gateway is spoken to at: written in `tiuv.toml` beside its other keys, else said by the rules.

use std::time::Duration;

use super::WrongSetting;

/// The keys `per_second`, `max_in_flight` and `timeout_seconds` as they are written, if they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PaceSettings {
    /// Requests or messages a second.
    pub per_second: Option<f64>,
    /// Of them, those that may wait for their answers at a time.
    pub max_in_flight: Option<u32>,
    /// For a request and its answer.
    pub timeout_seconds: Option<u32>,
}

/// What the rules say of the same.
#[derive(Debug, Clone, Copy, PartialEq)]
#[expect(missing_docs, reason = "the names are those of the keys")]
pub struct UsualPace {
    pub per_second: f64,
    pub max_in_flight: u32,
    pub timeout_seconds: u32,
}

/// The pace that holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Between two requests; none: as fast as it goes.
    pub per_second: Option<f64>,
    /// Requests that may wait for their answers at a time; at least one.
    pub max_in_flight: usize,
    /// For a request and its answer.
    pub timeout: Duration,
}

/// What is done at a pace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paced {
    /// A service is asked; it has a limit in any case.
    Asking,
    /// Messages are sent; 0 a second is as fast as it goes.
    Sending,
}

impl Paced {
    /// The pace that holds, of what is written and what is usual.
    ///
    /// # Errors
    /// With the key that is wrong.
    pub fn pace(self, written: PaceSettings, usual: UsualPace) -> Result<Pace, WrongSetting> {
        let per_second = written.per_second.unwrap_or(usual.per_second);
        let is_unlimited = self == Paced::Sending && per_second == 0.0;
        if !is_unlimited && !(SLOWEST..=FASTEST).contains(&per_second) {
            let unlimited = match self {
                Paced::Asking => "",
                Paced::Sending => ", or 0 for as fast as it goes",
            };
            let help = format!("write a number from {SLOWEST} to {FASTEST}{unlimited}");
            return Err(WrongSetting::new("per_second", &format!("{per_second} is no pace"), &help));
        }
        let max_in_flight =
            self.at_least_one("max_in_flight", written.max_in_flight.unwrap_or(usual.max_in_flight))? as usize;
        let timeout = self.at_least_one("timeout_seconds", written.timeout_seconds.unwrap_or(usual.timeout_seconds))?;
        Ok(Pace {
            per_second: (!is_unlimited).then_some(per_second),
            max_in_flight,
            timeout: Duration::from_secs(timeout.into()),
        })
    }

    /// A figure that can't be 0.
    ///
    /// # Errors
    /// When it is.
    pub fn at_least_one(self, key: &str, value: u32) -> Result<u32, WrongSetting> {
        let message = match self {
            Paced::Asking => "0 would ask nothing",
            Paced::Sending => "0 would send nothing",
        };
        if value == 0 { Err(WrongSetting::new(key, message, "write 1 or more, or leave it out")) } else { Ok(value) }
    }
}

/// One request in nearly three hours.
const SLOWEST: f64 = 0.0001;
/// Beyond what timers can keep apart.
const FASTEST: f64 = 100_000.0;

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: PaceSettings = PaceSettings { per_second: None, max_in_flight: None, timeout_seconds: None };
    const USUAL: UsualPace = UsualPace { per_second: 5.0, max_in_flight: 4, timeout_seconds: 20 };

    #[test]
    fn what_is_written_holds_and_only_messages_have_no_limit() {
        let pace = Paced::Asking.pace(PaceSettings { per_second: Some(2.0), ..NOTHING }, USUAL).expect("is a pace");
        assert_eq!((pace.per_second, pace.max_in_flight, pace.timeout), (Some(2.0), 4, Duration::from_secs(20)));
        let unlimited = PaceSettings { per_second: Some(0.0), ..NOTHING };
        assert_eq!(Paced::Sending.pace(unlimited, USUAL).expect("is a pace").per_second, None);
        assert_eq!(Paced::Asking.pace(unlimited, USUAL).expect_err("is none").key, "per_second");
        for wrong in [f64::NAN, -1.0, 1e9] {
            assert!(
                Paced::Sending.pace(PaceSettings { per_second: Some(wrong), ..NOTHING }, USUAL).is_err(),
                "{wrong}"
            );
        }
        let none = PaceSettings { max_in_flight: Some(0), ..NOTHING };
        assert_eq!(Paced::Sending.pace(none, USUAL).expect_err("is none").message, "0 would send nothing");
    }
}
