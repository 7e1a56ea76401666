//! `tiuv outreach calls`: the calls that are due, as a list for whoever makes them.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use crate::advice::Consents;
use crate::cli::Global;
use crate::cli::failure::Failure;
use crate::cli::lookup::language;
use crate::cli::progress::print;
use crate::cli::workspace::required;
use crate::clock;
use crate::disk::Staged;
use crate::error::Exit;
use crate::outreach::{Planned, SecondLook, suppression_of, taken_back};
use crate::pipeline::RunError;
use crate::record::{Channel, ContactKind};
use crate::report::{CallLine, OutputDir, call_lines, write_call_csv, write_call_vcards, write_call_workbook};
use crate::rule::{Context, OutreachRules, Words};
use crate::store::{Call, ProfilesFile};

/// Write the calls that are due as a list, and count them as handed out: a call stands on one list. Fill in the outcome and
/// bring it back with `tiuv outreach import`. Whoever is on the suppression list meanwhile is taken off. The list holds the
/// customers' values.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tiuv outreach calls --out lists
  tiuv outreach calls --out lists --format csv,vcard --language en
  tiuv outreach calls --dry-run")]
pub(super) struct CallsArgs {
    /// Directory to write the list to; a list of an earlier day or hour is left as it is
    #[arg(long, value_name = "DIR", required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    /// excel: a workbook with a closed list of outcomes; csv: for diallers; vcard: for telephones. Several with commas
    #[arg(long, value_enum, value_name = "FORMAT", value_delimiter = ',', default_value = "excel")]
    format: Vec<CallFormat>,
    /// Of this campaign only
    #[arg(long, value_name = "NAME")]
    campaign: Option<String>,
    /// The last day (UTC) whose calls are on the list, YYYY-MM-DD; today where not given
    #[arg(long, value_name = "DATE")]
    until: Option<jiff::civil::Date>,
    /// Language of headers and outcomes; Hebrew where the region is IL, else English
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// Count the calls, write and hand out nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum CallFormat {
    Excel,
    Csv,
    Vcard,
}

impl CallFormat {
    const fn ending(self) -> &'static str {
        match self {
            CallFormat::Excel => "xlsx",
            CallFormat::Csv => "csv",
            CallFormat::Vcard => "vcf",
        }
    }

    fn write(self, lines: &[CallLine], words: &Words, out: &mut dyn Write) -> Result<(), RunError> {
        let failed = |error: std::io::Error| RunError::write("the call list", &error);
        match self {
            CallFormat::Excel => write_call_workbook(lines, words, out),
            CallFormat::Csv => write_call_csv(lines, out).map_err(failed),
            CallFormat::Vcard => write_call_vcards(lines, words, out).map_err(failed),
        }
    }
}

pub(super) fn run(global: &Global, workspace: &Path, args: &CallsArgs) -> Result<Exit, Failure> {
    let config = global.config()?;
    let setup = global.setup(&config)?;
    let mut store = required(workspace)?;
    if let Some(stopped) = store.outreach_stopped()? {
        return Err(Failure::usage(
            &format!("outreach was stopped at {}", stopped.at),
            "`tiuv outreach resume` lets it go on",
        ));
    }
    let until = args.until.unwrap_or(setup.context.today);
    let before = until
        .tomorrow()
        .and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC))
        .map_err(|_| Failure::usage("--until is no day of this calendar", "write it as YYYY-MM-DD"))?;
    let calls = store.due_calls(before.timestamp(), args.campaign.as_deref())?;
    let Some(directory) = args.out.as_ref().filter(|_| !args.dry_run) else {
        print(&format!("{} calls are due; nothing was handed out\n", calls.len()));
        return Ok(Exit::Success);
    };
    if calls.is_empty() {
        print("no calls are due\n");
        return Ok(Exit::Success);
    }
    let profiles = store.latest_profiles()?;
    let words = Words::load(&setup.context.files, &language(args.language.as_deref(), &setup.context)?)?;
    let rules = OutreachRules::load(&setup.context.files)?;
    let stem = stem(directory, &setup.context);
    let mut names = Vec::new();
    let suppression = suppression_of(&store, profiles.as_ref(), &rules.policy)?;
    let stated = profiles.as_ref().map(ProfilesFile::stated_consents).transpose()?.unwrap_or_default();
    let consents = Consents { stated, has_basis: true };
    let look = SecondLook {
        rules: &rules,
        profiles: profiles.as_ref(),
        consents: &consents,
        suppression: &suppression,
        day: setup.context.today,
    };
    let is_held = |call: &Call| -> Result<Option<String>, RunError> {
        let planned = Planned {
            customer: call.customer,
            channel: Channel::Call,
            kind: ContactKind::Phone,
            key: &call.recipient_key,
            value: &call.recipient,
            country: &call.country,
        };
        Ok(look.law(&planned)?.err().map(taken_back))
    };
    let out = store.hand_out(calls, is_held, clock::timestamp(), |calls| -> Result<Option<Staged>, RunError> {
        if calls.is_empty() {
            return Ok(None);
        }
        let lines = call_lines(calls, profiles.as_ref(), &rules)?;
        let mut output = OutputDir::create(directory)?;
        for format in &args.format {
            let name = format!("{stem}.{}", format.ending());
            output.file(&name, |out| format.write(&lines, &words, out))?;
            names.push(directory.join(name).display().to_string());
        }
        output.finish().map(Some)
    })?;
    if !global.quiet {
        let taken = match out.taken_back {
            0 => String::new(),
            count => format!("; {count} taken off: may not be called any more"),
        };
        let to = if names.is_empty() { String::new() } else { format!(" to {}", names.join(", ")) };
        print(&format!("{} calls handed out{to}{taken}\n", out.calls));
        if out.calls > 0 {
            print("when they are made: tiuv outreach import FILE\n");
        }
    }
    Ok(Exit::Success)
}

/// `calls-2026-11-26`, with a number behind it where such a list is there already: it may be half filled in.
fn stem(directory: &Path, context: &Context) -> String {
    let first = format!("calls-{}", context.today);
    let is_free = |stem: &String| {
        let formats = [CallFormat::Excel, CallFormat::Csv, CallFormat::Vcard];
        formats.iter().all(|format| !directory.join(format!("{stem}.{}", format.ending())).exists())
    };
    let others = (2_u32..).map(|number| format!("{first}-{number}"));
    std::iter::once(first.clone()).chain(others).find(is_free).unwrap_or(first)
}
