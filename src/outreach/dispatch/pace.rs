//! The pace of a gateway: evenly spaced messages, and pauses that hold all of them back.

use std::time::Duration;

use tokio::time::Instant;

/// Lets through so many messages a second, and no more in any span than the span's share and what one late timer owes.
///
/// It is kept here rather than by a general limiter because messages are begun in groups that share one durable commit,
/// because a pause that the gateway asks for holds back all of them, and because a turn that was not used is given back.
#[derive(Debug)]
pub(super) struct Pace {
    /// Between two messages; none: no limit.
    interval: Option<Duration>,
    /// The turn of the next message.
    next: Instant,
    held_until: Option<Instant>,
}

/// How late a turn may be taken: timers are not exact, and a process is not always awake.
const SLACK: Duration = Duration::from_millis(50);

impl Pace {
    pub(super) fn new(per_second: Option<f64>, now: Instant) -> Self {
        Pace { interval: per_second.map(|rate| Duration::from_secs_f64(1.0 / rate)), next: now, held_until: None }
    }

    /// How many messages may be begun now, at most `most`.
    pub(super) fn ready(&mut self, now: Instant, most: usize) -> usize {
        if self.held_until.is_some_and(|until| now < until) {
            return 0;
        }
        let Some(interval) = self.interval else { return most };
        // Turns that went by long ago are lost: a late start is no reason to hurry.
        let oldest = now.checked_sub(SLACK.min(interval * most as u32)).unwrap_or(now);
        self.next = self.next.max(oldest);
        let mut turns = 0;
        while turns < most && self.next + interval * turns as u32 <= now {
            turns += 1;
        }
        turns
    }

    /// Uses so many turns.
    pub(super) fn take(&mut self, turns: usize) {
        if let Some(interval) = self.interval {
            self.next += interval * turns as u32;
        }
    }

    /// Lets nothing through for a while.
    pub(super) fn hold(&mut self, now: Instant, pause: Duration) {
        let until = now + pause;
        self.held_until = self.held_until.max(Some(until));
        self.next = self.next.max(until);
    }

    /// When the next message may be begun.
    pub(super) fn next(&self) -> Instant {
        self.held_until.map_or(self.next, |until| self.next.max(until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many pass within so many seconds, looking every few milliseconds.
    fn passed(pace: &mut Pace, start: Instant, seconds: u64, step: Duration) -> usize {
        let mut now = start;
        let mut passed = 0;
        while now < start + Duration::from_secs(seconds) {
            let turns = pace.ready(now, 64);
            pace.take(turns);
            passed += turns;
            now += step;
        }
        passed
    }

    #[test]
    fn exactly_so_many_pass_however_often_one_looks() {
        for rate in [1.0, 7.0, 100.0, 500.0] {
            for step in [1, 3, 17] {
                let start = Instant::now();
                let mut pace = Pace::new(Some(rate), start);
                let count = passed(&mut pace, start, 10, Duration::from_millis(step));
                assert!(count.abs_diff((rate * 10.0) as usize) <= 1 + (rate * 0.02) as usize, "{rate} {step}: {count}");
            }
        }
    }

    #[test]
    fn time_that_went_by_is_not_made_up_for() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(10.0), start);
        assert_eq!(pace.ready(start + Duration::from_secs(60), 64), 1);
        let mut pace = Pace::new(Some(100.0), start);
        assert!(pace.ready(start + Duration::from_secs(60), 64) <= 6);
    }

    #[test]
    fn a_pause_holds_everything_back_with_a_limit_and_without() {
        let start = Instant::now();
        for rate in [None, Some(1000.0)] {
            let mut pace = Pace::new(rate, start);
            pace.hold(start, Duration::from_secs(3));
            assert_eq!(pace.ready(start + Duration::from_millis(2999), 64), 0);
            assert!(pace.ready(start + Duration::from_secs(3), 64) > 0);
            assert_eq!(pace.next(), start + Duration::from_secs(3));
        }
    }

    #[test]
    fn a_turn_that_was_not_used_is_still_there() {
        let start = Instant::now();
        let mut pace = Pace::new(Some(1.0), start);
        assert_eq!(pace.ready(start, 64), 1);
        assert_eq!(pace.ready(start, 64), 1);
        pace.take(1);
        assert_eq!(pace.ready(start, 64), 0);
    }
}
