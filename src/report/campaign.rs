//! What a campaign came to, for the terminal: the same figures as in the report.

use std::fmt::Write;

use super::outbox::amount;
use super::text::{padded, thousands};
use crate::record::{CampaignFunnel, Funnel};
use crate::text::isolated;

/// The name of a column's head, and what of a funnel stands below it.
pub(super) type Count = (&'static str, fn(&Funnel) -> u64);

/// The counts, each under its head.
const COUNTS: [Count; 15] = [
    ("planned", |funnel| funnel.planned),
    ("waiting", |funnel| funnel.waiting),
    ("cancelled", |funnel| funnel.taken_back),
    ("unknown", |funnel| funnel.unknown),
    ("failed", |funnel| funnel.failed),
    ("sent", |funnel| funnel.sent),
    ("arrived", |funnel| funnel.delivered),
    ("silent", |funnel| funnel.silent),
    ("answered", |funnel| funnel.answered),
    ("confirmed", |funnel| funnel.confirmed),
    ("updated", |funnel| funnel.updated),
    ("removed", |funnel| funnel.removed),
    ("wrong", |funnel| funnel.wrong),
    ("other", |funnel| funnel.other),
    ("repaired", |funnel| funnel.repaired),
];

/// A table by channel, rung and language, and what a repaired customer cost.
pub fn campaign_text(campaign: &CampaignFunnel) -> String {
    let CampaignFunnel { all, currency, .. } = campaign;
    let mut text = format!("Campaign {}, window from {}\n", isolated(&campaign.campaign), campaign.window);
    let heads: String = COUNTS.iter().map(|(head, _)| format!("{head:>10}")).collect();
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
    let counts: String = COUNTS.iter().map(|(_, count)| format!("{:>10}", thousands(count(funnel)))).collect();
    let _ = writeln!(text, "{}{counts}{:>14}", padded(name, NAME), amount(funnel.cost_millionths));
}

/// Columns of the names.
const NAME: usize = 10;
