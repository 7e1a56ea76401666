//! Options about decay, shared by the commands that judge contacts.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::progress;
use crate::ingest::{EventFile, IngestOptions, List, SetAside};
use crate::person::Registry;
use crate::pipeline::{
    DecayStage, EarlierCaptures, EventStats, EvidenceStage, FlagRule, LearntModel, earlier_captures, key_headers,
};
use crate::record::{ContactEvent, GivenState};
use crate::rule::{Context, EventRules};
use crate::store::{GivenFilter, GivenValue, Store};

/// What is known of how contacts fared.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct EvidenceArgs {
    /// What happened to contacts: exports and logs of mailing programs, gateways and shops (docs/evidence.md has which), or files
    /// with the columns record, at, channel, event (value, code). SENDER:FILE says whose form it is where that is not
    /// recognized, `plain:FILE` that it is nobody's; may be repeated
    #[arg(long, value_name = "[SENDER:]FILE", num_args = 1.., help_heading = "Decay")]
    pub(super) events: Vec<PathBuf>,
}

/// Evidence that was opened.
#[derive(Debug, Default)]
pub(super) struct OpenedEvidence {
    files: Vec<EventFile>,
    remembered: Vec<ContactEvent>,
    given: Vec<GivenValue>,
    refused: Registry,
    learnt: Vec<LearntModel>,
    captures: Option<EarlierCaptures>,
}

impl EvidenceArgs {
    /// Opens the event files, and takes what the workspace keeps.
    pub(super) fn open(
        &self,
        lists: &[List],
        context: &Context,
        store: Option<&Store>,
    ) -> Result<OpenedEvidence, Failure> {
        let rules = EventRules::load(&context.files)?;
        let keys = key_headers(lists);
        let options = IngestOptions { tld: context.region.to_ascii_lowercase(), ..IngestOptions::default() };
        let open = |path: &PathBuf| EventFile::open(path, &options, &context.files, &rules, &keys);
        let files = self.events.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let remembered = store.map(Store::contact_events).transpose()?.unwrap_or_default();
        let refused = store.map(Store::registry).transpose()?.unwrap_or_default();
        let learnt = store.map(|store| learnt(store, context)).transpose()?.unwrap_or_default();
        let today = context.today.to_string();
        let captures = store.map(|store| earlier_captures(store, &today)).transpose()?;
        let accepted = GivenFilter { state: Some(GivenState::Accepted), ..GivenFilter::default() };
        let mut given = store.map(|store| store.given_values(&accepted)).transpose()?.unwrap_or_default();
        // What will be said is not known yet.
        given.retain(|value| value.at.get(..10).is_some_and(|day| day <= today.as_str()));
        Ok(OpenedEvidence { files, remembered, given, refused, learnt, captures })
    }
}

impl OpenedEvidence {
    /// Size of all event files, for progress.
    pub(super) fn text_bytes(&self) -> u64 {
        self.files.iter().map(EventFile::text_bytes).sum()
    }

    /// Answers that the workspace keeps.
    pub(super) fn remembered(&self) -> &[ContactEvent] {
        &self.remembered
    }

    /// The same without what was learnt: a new fit starts from the rules, so that no answer counts twice.
    pub(super) fn unlearnt(self) -> Self {
        OpenedEvidence { learnt: Vec::new(), ..self }
    }

    /// What is gathered, and judged where somebody is to be flagged.
    pub(super) fn stage(&self, flag: Option<FlagRule>) -> EvidenceStage<'_> {
        EvidenceStage {
            files: &self.files,
            remembered: &self.remembered,
            given: &self.given,
            refused: Some(&self.refused),
            captures: self.captures.as_ref(),
            decay: flag.map(|flag| DecayStage { learnt: &self.learnt, flag }),
            prices: None,
        }
    }
}

/// What was learnt and is in force for each kind of contact. What was learnt of a later day than the run's is not known yet.
fn learnt(store: &Store, context: &Context) -> Result<Vec<LearntModel>, Failure> {
    let mut learnt: Vec<LearntModel> = Vec::new();
    let today = context.today.to_string();
    for model in store.decay_models()?.into_iter().filter(|model| model.is_active && model.as_of <= today) {
        if learnt.iter().any(|newer| newer.kind == model.kind) {
            continue;
        }
        let coefficients = serde_json::from_str(&model.coefficients).map_err(|error| {
            Failure::usage(
                &format!("model {} of the workspace can't be read: {error}", model.id),
                "take it back with `tiuv learn --rollback`, and learn anew",
            )
        })?;
        learnt.push(LearntModel { id: model.id, as_of: model.as_of, kind: model.kind, coefficients });
    }
    Ok(learnt)
}

/// Reads what is written after `--flag`.
pub(super) fn parse_flag(text: &str) -> Result<FlagRule, String> {
    FlagRule::parse(text)
        .ok_or_else(|| "write a share such as 20%, `expected`, or a probability such as 0.5".to_owned())
}

/// Says whose form each file has, where it is a sender's.
pub(super) fn say_senders(evidence: &OpenedEvidence, quiet: bool) {
    for (file, sender) in evidence.files.iter().filter_map(|file| Some((file, file.sender()?))).filter(|_| !quiet) {
        progress::say(&format!(
            "note: {}: read as {} ({}); --events SENDER:FILE says otherwise",
            file.name(),
            sender.title,
            sender.name
        ));
    }
}

/// Says what event records were not used, and why; on the terminal alone where they have not happened yet, since nothing of
/// the future may reach an output.
pub(super) fn warn(stats: &EventStats, quiet: bool) {
    if quiet {
        return;
    }
    for (file, reasons) in &stats.set_aside {
        for (why, (count, rows)) in reasons.iter().filter(|(why, _)| **why != SetAside::Repeated) {
            let sender = stats.senders.get(file);
            let column = why.column().filter(|_| sender.is_none());
            let column = column.map_or_else(String::new, |column| format!(", column {}", column.as_str()));
            let rows: Vec<String> = rows.iter().map(u32::to_string).collect();
            progress::say(&format!(
                "warning: {file}: {count} events set aside: {}{column} (records {}{}); {}",
                said(*why),
                rows.join(", "),
                if *count > rows.len() as u64 { " …" } else { "" },
                remedy(*why, sender.map(String::as_str))
            ));
        }
    }
    let strangers: usize = stats.strangers.iter().map(|(_, refusals)| refusals.len()).sum();
    if strangers > 0 {
        progress::say(&format!(
            "note: {strangers} refusals are by addresses or numbers that no row has: they hold whoever comes with one later"
        ));
    }
    if stats.later > 0 {
        progress::say(&format!("note: {} events are dated on the day of the run or later: not used", stats.later));
    }
}

const fn said(why: SetAside) -> &'static str {
    match why {
        SetAside::Unreadable => "not readable as records",
        SetAside::BadDate => "no date that can be read",
        SetAside::UnknownChannel => "an unknown channel",
        SetAside::UnknownEvent => "an unknown event",
        SetAside::SaysNothing => "an event that says nothing in its channel, or with its code",
        SetAside::UnknownRecord => "no row has this key",
        SetAside::AmbiguousRecord => "rows of different customers have this key",
        SetAside::UnreadableContact => "no address or number that can be read",
        SetAside::UnknownContact => "no row has this address or number",
        SetAside::Repeated => "repeated",
    }
}

fn remedy(why: SetAside, sender: Option<&str>) -> String {
    let fixed = match why {
        SetAside::UnknownEvent if sender.is_some() => {
            return format!("add the word to events/{}.toml below --rules", sender.unwrap_or_default());
        }
        SetAside::SaysNothing if sender.is_some() => "they tell of messages on their way, or of no customer",
        SetAside::Unreadable => "look at these lines: are they records?",
        SetAside::BadDate => "write dates as YYYY-MM-DD",
        SetAside::UnknownChannel | SetAside::UnknownEvent | SetAside::SaysNothing => {
            "add the word to events.toml below --rules"
        }
        SetAside::UnknownRecord => "is this the list that the events are of? Name its key column with --map id=HEADER",
        SetAside::AmbiguousRecord => "give these rows keys of their own",
        SetAside::UnreadableContact => "look at the column that names the customer",
        SetAside::UnknownContact => "they are of customers whom these lists do not have",
        SetAside::Repeated => "",
    };
    fixed.to_owned()
}
