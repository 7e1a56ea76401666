//! `tiuv outreach calls`: the calls that are due, as a list for whoever makes them.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::Timestamp;

use crate::advice::Consents;
use crate::cli::Global;
use crate::cli::day::day;
use crate::cli::failure::Failure;
use crate::cli::lookup::language;
use crate::cli::progress::print;
use crate::cli::workspace::required;
use crate::clock;
use crate::disk::Staged;
use crate::error::{Exit, closest};
use crate::outreach::{Planned, SecondLook, local_time, share_out, suppression_of, taken_back, with_offset};
use crate::pipeline::RunError;
use crate::record::{Channel, ContactKind};
use crate::report::{CallLine, OutputDir, call_lines, write_call_csv, write_call_vcards, write_call_workbook};
use crate::rule::{Context, OutreachRules, Words};
use crate::store::{Call, CallList, ProfilesFile, Store};

/// Write the calls that are due as a list, and count them as handed out: a call stands on one list. Fill in the outcome and
/// bring it back with `tiuv outreach import`. Whoever is on the suppression list meanwhile is taken off. The list holds the
/// customers' values.
#[derive(Debug, Args)]
#[command(after_help = "\
Who did not answer, or asked to be called again, is planned once more by `tiuv outreach plan --advance`
and stands on a later list, as often as the ladder allows (rules/outreach/policy.toml).

A list that was lost is written again by its name: the same calls but for those that came back or may
not be made any more, and none of them counts as handed out twice.

Examples:
  tiuv outreach calls --out lists
  tiuv outreach calls --out lists --split 3
  tiuv outreach calls --issued
  tiuv outreach calls --again calls-2026-11-26 --out lists-again
  tiuv outreach calls --out lists --format csv,vcard --language en
  tiuv outreach calls --dry-run")]
pub(super) struct CallsArgs {
    /// Directory to write the list to; a list of an earlier day or hour is left as it is
    #[arg(long, value_name = "DIR", required_unless_present_any = ["dry_run", "issued"])]
    out: Option<PathBuf>,
    /// excel: a workbook with a closed list of outcomes; csv: for diallers; vcard: for telephones. Several with commas
    #[arg(long, value_enum, value_name = "FORMAT", value_delimiter = ',', default_value = "excel")]
    format: Vec<CallFormat>,
    /// Of this campaign only
    #[arg(long, value_name = "NAME")]
    campaign: Option<String>,
    /// The last day (UTC) whose calls are on the list, YYYY-MM-DD; today where not given
    #[arg(long, value_name = "DATE", value_parser = day)]
    until: Option<jiff::civil::Date>,
    /// Language of headers and outcomes; Hebrew where the region is IL, else English
    #[arg(long, value_name = "LANGUAGE")]
    language: Option<String>,
    /// Share the calls out among so many callers, a list each: as many for each as can be, a household for one
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=200), default_value_t = 1)]
    split: u16,
    /// Write a list that was handed out once more, by its name; nothing is handed out
    #[arg(long, value_name = "NAME", conflicts_with_all = ["split", "campaign", "until", "dry_run"])]
    again: Option<String>,
    /// Show the lists that were handed out: name, when, calls, and those of which nothing came back
    #[arg(long, conflicts_with_all = ["again", "split", "out", "dry_run"])]
    issued: bool,
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
    if args.issued {
        return issued(&store, &setup.context);
    }
    if let Some(stopped) = store.outreach_stopped()? {
        return Err(Failure::usage(
            &format!("outreach was stopped at {}", stopped.at),
            "`tiuv outreach resume` lets it go on",
        ));
    }
    let calls = match &args.again {
        Some(name) => calls_of(&store, name)?,
        None => due(&store, args, &setup.context)?,
    };
    let Some(directory) = args.out.as_ref().filter(|_| !args.dry_run) else {
        print(&format!("{} calls are due; nothing was handed out\n", calls.len()));
        return Ok(Exit::Success);
    };
    if calls.is_empty() {
        print(if args.again.is_some() { "every call of this list came back\n" } else { "no calls are due\n" });
        return Ok(Exit::Success);
    }
    let profiles = store.latest_profiles()?;
    let words = Words::load(&setup.context.files, &language(args.language.as_deref(), &setup.context)?)?;
    let rules = OutreachRules::load(&setup.context.files)?;
    let suppression = suppression_of(&store, profiles.as_ref(), &rules.policy)?;
    let stated = profiles.as_ref().map(ProfilesFile::stated_consents).transpose()?.unwrap_or_default();
    let consents = Consents { stated, has_basis: true, ..Consents::default() };
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
    let mut writing = Writing {
        directory,
        formats: &args.format,
        profiles: profiles.as_ref(),
        rules: &rules,
        words: &words,
        names: Vec::new(),
    };
    if let Some(name) = &args.again {
        let mut open = Vec::new();
        let handed_out = calls.len();
        for call in calls {
            if is_held(&call)?.is_none() {
                open.push((name.clone(), call));
            }
        }
        writing.refuse_written(name)?;
        if let Some(list) = writing.write(&open)? {
            list.publish().map_err(|error| RunError::write("the call list", &error))?;
        }
        if !global.quiet {
            let left_out = handed_out - open.len();
            let without =
                if left_out > 0 { format!("; {left_out} left out: may not be called any more") } else { String::new() };
            print(&format!("{} calls once more{}{without}\n", open.len(), writing.to()));
        }
        return Ok(Exit::Success);
    }
    let names = free_names(directory, &store, &setup.context, args.split.into())?;
    let share =
        |calls: &[Call]| share_out(calls, names.len()).into_iter().map(|caller| names[caller].clone()).collect();
    let out = store.hand_out(calls, is_held, share, clock::timestamp(), |listed| writing.write(listed))?;
    if !global.quiet {
        let taken = match out.taken_back {
            0 => String::new(),
            count => format!("; {count} taken off: may not be called any more"),
        };
        print(&format!("{} calls handed out{}{taken}\n", out.calls, writing.to()));
        if out.calls > 0 {
            print("when they are made: tiuv outreach import FILE\n");
        }
    }
    Ok(Exit::Success)
}

/// Calls that are due until the end of a day.
fn due(store: &Store, args: &CallsArgs, context: &Context) -> Result<Vec<Call>, Failure> {
    let until = args.until.unwrap_or(context.today);
    let before = until
        .tomorrow()
        .and_then(|day| day.to_zoned(jiff::tz::TimeZone::UTC))
        .map_err(|_| Failure::usage("--until is no day of this calendar", "write it as YYYY-MM-DD"))?;
    Ok(store.due_calls(before.timestamp(), args.campaign.as_deref())?)
}

/// The calls of a list that was handed out, of which nothing came back.
fn calls_of(store: &Store, name: &str) -> Result<Vec<Call>, Failure> {
    let lists = store.call_lists()?;
    if lists.iter().any(|list| list.name == name) {
        return Ok(store.open_calls(name)?);
    }
    let help = match closest(name, lists.iter().map(|list| list.name.as_str())) {
        Some(closest) => format!("did you mean `{closest}`? `tiuv outreach calls --issued` shows all"),
        None => "`tiuv outreach calls --issued` shows the lists that were".to_owned(),
    };
    Err(Failure::usage(&format!("no list `{name}` was handed out"), &help))
}

fn issued(store: &Store, context: &Context) -> Result<Exit, Failure> {
    let rules = OutreachRules::load(&context.files)?;
    // By the clock of the lists' region, as the plan tells it.
    let local = |at: Timestamp| with_offset(&local_time(at, &rules, &context.region, ContactKind::Phone, ""));
    let lists = store.call_lists()?;
    if lists.is_empty() {
        print("no list was handed out yet\n");
    }
    for CallList { name, at, calls, open } in lists {
        let at = at.parse().map_or(at, local);
        print(&format!("{name}  {at}  {calls} calls, {open} open\n"));
    }
    Ok(Exit::Success)
}

/// Lists on their way into a directory, a file for each and each format.
struct Writing<'a> {
    directory: &'a Path,
    formats: &'a [CallFormat],
    profiles: Option<&'a ProfilesFile>,
    rules: &'a OutreachRules,
    words: &'a Words,
    /// What was written.
    names: Vec<String>,
}

impl Writing<'_> {
    /// Writes calls, each onto its list.
    fn write(&mut self, listed: &[(String, Call)]) -> Result<Option<Staged>, RunError> {
        let mut lists: BTreeMap<&str, Vec<Call>> = BTreeMap::new();
        for (name, call) in listed {
            lists.entry(name).or_default().push(call.clone());
        }
        if lists.is_empty() {
            return Ok(None);
        }
        let mut output = OutputDir::create(self.directory)?;
        for (list, calls) in lists {
            let lines = call_lines(&calls, self.profiles, self.rules)?;
            for format in self.formats {
                let name = format!("{list}.{}", format.ending());
                output.file(&name, |out| format.write(&lines, self.words, out))?;
                self.names.push(self.directory.join(name).display().to_string());
            }
        }
        output.finish().map(Some)
    }

    /// A list that lies there may be half filled in.
    fn refuse_written(&self, list: &str) -> Result<(), Failure> {
        if is_free(self.directory, list) {
            return Ok(());
        }
        Err(Failure::usage(
            &format!("{} holds a list `{list}` already, which may be half filled in", self.directory.display()),
            "name another directory with --out",
        ))
    }

    fn to(&self) -> String {
        if self.names.is_empty() { String::new() } else { format!(" to {}", self.names.join(", ")) }
    }
}

/// `calls-2026-11-26`, with `-1of3` behind it where several callers share them, and with a number where lists of these names lie
/// there already, half filled in perhaps, or were handed out into another directory.
fn free_names(directory: &Path, store: &Store, context: &Context, callers: usize) -> Result<Vec<String>, Failure> {
    let handed_out: Vec<String> = store.call_lists()?.into_iter().map(|list| list.name).collect();
    let first = format!("calls-{}", context.today);
    let names = |stem: &str| -> Vec<String> {
        if callers == 1 {
            return vec![stem.to_owned()];
        }
        (1..=callers).map(|caller| format!("{stem}-{caller}of{callers}")).collect()
    };
    let others = (2_u32..).map(|number| format!("{first}-{number}"));
    let mut all = std::iter::once(first.clone()).chain(others).map(|stem| names(&stem));
    let are_free =
        |names: &Vec<String>| names.iter().all(|name| is_free(directory, name) && !handed_out.contains(name));
    Ok(all.find(are_free).unwrap_or_default())
}

/// Whether no list of this name lies in a directory.
fn is_free(directory: &Path, list: &str) -> bool {
    let formats = [CallFormat::Excel, CallFormat::Csv, CallFormat::Vcard];
    formats.iter().all(|format| !directory.join(format!("{list}.{}", format.ending())).exists())
}
