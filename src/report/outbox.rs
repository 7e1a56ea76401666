//! The account of the outbox: every planned contact in exactly one state, as a table and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use super::text::thousands;
use crate::record::{Channel, OutboxState};
use crate::store::OutboxStats;

const CHANNELS: [Channel; 3] = [Channel::Sms, Channel::Email, Channel::Call];

/// An amount in millionths, as people write it.
pub fn amount(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let hundredths = (millionths.unsigned_abs() + 5_000) / 10_000;
    format!("{sign}{}.{:02}", thousands(hundredths / 100), hundredths % 100)
}

/// What a state means, in plain words.
const fn meaning(state: OutboxState) -> &'static str {
    match state {
        OutboxState::Pending => "planned, nothing has left",
        OutboxState::Sending => "on its way to the gateway",
        OutboxState::Unknown => "perhaps sent; the gateway is asked, else a person",
        OutboxState::Sent => "taken by the gateway, or handed out as a list",
        OutboxState::Delivered => "arrived",
        OutboxState::Answered => "the customer answered",
        OutboxState::OptedOut => "the customer wants no more of them",
        OutboxState::Failed => "will not arrive",
        OutboxState::Cancelled => "taken back before it left",
    }
}

/// A table of states by channels that adds up, with what stands behind failures.
pub fn outbox_text(stats: &OutboxStats) -> String {
    let mut text = String::new();
    let line = |name: &str, counts: [u64; 4], meaning: &str| {
        let [sms, email, call, all] = counts.map(thousands);
        format!("{name:<10} {sms:>11} {email:>11} {call:>11} {all:>11}  {meaning}").trim_end().to_owned() + "\n"
    };
    let _ = writeln!(text, "{:<10} {:>11} {:>11} {:>11} {:>11}", "", "sms", "email", "call", "all");
    for &state in OutboxState::ALL {
        let [sms, email, call] = CHANNELS.map(|channel| stats.of(channel, state).rows);
        let all = stats.in_state(state).rows;
        if all > 0 || matches!(state, OutboxState::Pending | OutboxState::Sent | OutboxState::Unknown) {
            text.push_str(&line(state.as_str(), [sms, email, call, all], meaning(state)));
        }
    }
    let [sms, email, call] =
        CHANNELS.map(|channel| OutboxState::ALL.iter().map(|state| stats.of(channel, *state).rows).sum::<u64>());
    text.push_str(&line("planned", [sms, email, call, stats.planned], ""));
    for (state, reason, rows) in stats.reasons.iter().take(MOST_REASONS) {
        let _ = writeln!(text, "  {:>9} {state}: {}", thousands(*rows), if reason.is_empty() { "-" } else { reason });
    }
    if stats.reasons.len() > MOST_REASONS {
        let _ = writeln!(text, "  … and {} more reasons", stats.reasons.len() - MOST_REASONS);
    }
    text
}

/// The same for programs.
pub fn outbox_json(stats: &OutboxStats) -> Value {
    let states: serde_json::Map<String, Value> = OutboxState::ALL
        .iter()
        .map(|&state| {
            let all = stats.in_state(state);
            let rows = CHANNELS.map(|channel| stats.of(channel, state).rows);
            let sums = json!({
                "rows": all.rows, "sms": rows[0], "email": rows[1], "call": rows[2], "cost_millionths": all.cost,
            });
            (state.as_str().to_owned(), sums)
        })
        .collect();
    let reasons: Vec<Value> = stats
        .reasons
        .iter()
        .map(|(state, reason, rows)| json!({"state": state.as_str(), "reason": reason, "rows": rows}))
        .collect();
    json!({
        "schema_version": 1, "planned": stats.planned, "due": stats.due, "next_due": stats.next_due,
        "states": states, "reasons": reasons,
    })
}

const MOST_REASONS: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_rounded_to_hundredths() {
        assert_eq!(amount(60_000), "0.06");
        assert_eq!(amount(1_234_567_890_000), "1,234,567.89");
        assert_eq!(amount(4_999), "0.00");
        assert_eq!(amount(-5_000), "-0.01");
    }
}
