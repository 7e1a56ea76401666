//! What a campaign came to, for the terminal: the same figures as in the report.

use std::fmt::Write;

use super::outbox::amount;
use super::text::{padded, thousands};
use crate::record::{CampaignFunnel, Funnel};
use crate::text::isolated;

const HEADS: [&str; 15] = [
    "planned",
    "waiting",
    "cancelled",
    "unknown",
    "failed",
    "sent",
    "arrived",
    "silent",
    "answered",
    "confirmed",
    "updated",
    "removed",
    "wrong",
    "other",
    "repaired",
];

/// A table by channel, rung and language, and what a repaired customer cost.
pub fn campaign_text(campaign: &CampaignFunnel) -> String {
    let CampaignFunnel { all, currency, .. } = campaign;
    let mut text = format!("Campaign {}, window from {}\n", isolated(&campaign.campaign), campaign.window);
    let heads: String = HEADS.iter().map(|head| format!("{head:>10}")).collect();
    let _ = writeln!(text, "{}{heads}{:>14}", " ".repeat(NAME), "cost");
    line(&mut text, "all", all);
    let rungs = campaign.by_rung().into_iter().map(|(rung, funnel)| (format!("rung {rung}"), funnel));
    for (name, funnel) in campaign.by_channel().into_iter().chain(rungs).chain(campaign.by_language()) {
        line(&mut text, &format!("  {name}"), &funnel);
    }
    let each = all.cost_a_repaired().map(|cost| format!("; {} {currency} a repaired customer", amount(cost)));
    let _ = writeln!(text, "{} {currency} for what left{}", amount(all.cost_millionths), each.unwrap_or_default());
    text
}

fn line(text: &mut String, name: &str, funnel: &Funnel) {
    let Funnel { planned, waiting, taken_back, unknown, failed, sent, delivered, silent, .. } = *funnel;
    let Funnel { answered, confirmed, updated, removed, wrong, other, repaired, cost_millionths, .. } = *funnel;
    let counts = [
        planned, waiting, taken_back, unknown, failed, sent, delivered, silent, answered, confirmed, updated, removed,
        wrong, other, repaired,
    ];
    let counts: String = counts.iter().map(|count| format!("{:>10}", thousands(*count))).collect();
    let _ = writeln!(text, "{}{counts}{:>14}", padded(name, NAME), amount(cost_millionths));
}

/// Columns of the names.
const NAME: usize = 10;
