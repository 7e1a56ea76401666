//! What a campaign came to: how far its contacts came, what was answered, whom it repaired, and at what cost.

use super::customers::Figure;
use super::decay::Line;
use super::error::ReportError;
use crate::page::{Bar, Voice};
use crate::pipeline::RunSummary;
use crate::record::{CampaignFunnel, Funnel};
use crate::report::campaign::Count;
use crate::report::story::money;

/// The section.
pub(super) struct Campaign {
    pub(super) lead: String,
    pub(super) tiles: Vec<Figure>,
    /// Planned, sent, arrived, answered.
    pub(super) steps: Vec<Line>,
    /// What became of all that was planned, each in one place.
    pub(super) parts: Vec<Line>,
    pub(super) heads: Vec<String>,
    pub(super) groups: Vec<Group>,
}

/// The same figures by channel, rung or language.
pub(super) struct Group {
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
}

/// One line of the table.
pub(super) struct Row {
    pub(super) name: String,
    pub(super) cells: Vec<String>,
}

/// The counts of the table, each under the name of its head; what they cost stands behind them.
const COUNTS: [Count; 10] = [
    ("planned", |funnel| funnel.planned),
    ("sent", |funnel| funnel.sent),
    ("delivered", |funnel| funnel.delivered),
    ("answered", |funnel| funnel.answered),
    ("confirmed", |funnel| funnel.confirmed),
    ("updated", |funnel| funnel.updated),
    ("removed", |funnel| funnel.removed),
    ("wrong", |funnel| funnel.wrong),
    ("silent", |funnel| funnel.silent),
    ("repaired", |funnel| funnel.repaired),
];

pub(super) fn campaign(summary: &RunSummary, voice: &Voice<'_>) -> Result<Option<Campaign>, ReportError> {
    let Some(campaign) = summary.campaign.as_ref().filter(|campaign| campaign.all.planned > 0) else { return Ok(None) };
    let all = &campaign.all;
    let steps = [
        ("planned", "unknown", all.planned),
        ("sent", "ok", all.sent),
        ("delivered", "ok", all.delivered),
        ("answered", "ok", all.answered),
    ];
    let parts = [
        ("confirmed", "ok", all.confirmed),
        ("updated", "repaired", all.updated),
        ("removed", "invalid", all.removed),
        ("wrong", "invalid", all.wrong),
        ("other", "review", all.other),
        ("silent", "unknown", all.silent),
        ("failed", "invalid", all.failed),
        ("waiting", "unknown", all.waiting),
        ("unknown", "review", all.unknown),
        ("taken_back", "unknown", all.taken_back),
    ];
    let line = |family: &str, (name, class, count): (&str, &'static str, u64)| {
        let bar = Bar::single(class, count, all.planned)?;
        Ok::<Line, ReportError>(Line { name: voice.say_of(family, name), figure: voice.count(count), bar })
    };
    let steps = steps.into_iter().map(|step| line("campaign.step", step)).collect::<Result<_, _>>()?;
    let parts = parts.into_iter().filter(|(_, _, count)| *count > 0);
    let parts = parts.map(|part| line("campaign.part", part)).collect::<Result<_, _>>()?;
    Ok(Some(Campaign {
        lead: voice.phrase("campaign.lead", &[("name", &campaign.campaign), ("window", &voice.day(&campaign.window))]),
        tiles: tiles(campaign, voice),
        steps,
        parts,
        heads: COUNTS
            .iter()
            .map(|(head, _)| *head)
            .chain(["cost", "each"])
            .map(|head| voice.say_of("campaign.head", head))
            .collect(),
        groups: groups(campaign, voice),
    }))
}

fn tiles(campaign: &CampaignFunnel, voice: &Voice<'_>) -> Vec<Figure> {
    let all = &campaign.all;
    let figure = |name: String, figure: String| Figure { name, figure };
    let share = voice.share(all.answered, all.sent);
    vec![
        figure(voice.phrase("campaign.asked", &[("planned", &voice.count(all.planned))]), voice.count(all.sent)),
        figure(voice.phrase("campaign.answered", &[("share", &share)]), voice.count(all.answered)),
        figure(voice.say("campaign.repaired").to_owned(), voice.count(all.repaired)),
        figure(voice.say("campaign.cost").to_owned(), money(all.cost_millionths, &campaign.currency, voice)),
        figure(voice.say("campaign.each").to_owned(), each(all, &campaign.currency, voice)),
    ]
}

fn groups(campaign: &CampaignFunnel, voice: &Voice<'_>) -> Vec<Group> {
    let named = |family: &str, groups: Vec<(String, Funnel)>| -> Vec<Row> {
        groups.iter().map(|(name, funnel)| row(voice.say_of(family, name), funnel, campaign, voice)).collect()
    };
    let rungs = campaign.by_rung().into_iter().map(|(rung, funnel)| {
        let number = rung.to_string();
        let own = voice.say_of("campaign.rung", &number);
        let name = if own == number { voice.phrase("campaign.rung", &[("number", &number)]) } else { own };
        row(name, &funnel, campaign, voice)
    });
    [
        ("channel", named("campaign.channel", campaign.by_channel())),
        ("rung", rungs.collect()),
        ("language", named("campaign.language", campaign.by_language())),
    ]
    .into_iter()
    .map(|(by, rows)| Group { title: voice.say_of("campaign.by", by), rows })
    .collect()
}

fn row(name: String, funnel: &Funnel, campaign: &CampaignFunnel, voice: &Voice<'_>) -> Row {
    let mut cells: Vec<String> = COUNTS.iter().map(|(_, count)| voice.count(count(funnel))).collect();
    cells.push(money(funnel.cost_millionths, &campaign.currency, voice));
    cells.push(each(funnel, &campaign.currency, voice));
    Row { name, cells }
}

fn each(funnel: &Funnel, currency: &str, voice: &Voice<'_>) -> String {
    funnel.cost_a_repaired().map_or_else(|| "–".to_owned(), |cost| money(cost, currency, voice))
}
