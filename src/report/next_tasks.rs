//! What to do after a run, with the commands that do it: built once, shown by the report, the terminal and `run.json`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::advice::{Bar, NextStep};
use crate::finding::Code;
use crate::pipeline::{Cleaned, Counted, FieldHealth, InputSummary, NextTask, RunSummary};
use crate::record::{ColumnMapping, MxMeaning, Verdict};
use crate::text::is_unseen;

/// What was typed, for commands to say again.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    /// The words behind `tiuv`.
    pub again: Vec<String>,
    /// The lists.
    pub lists: Vec<PathBuf>,
    /// Where the results are.
    pub out: PathBuf,
    /// The options that every command understands.
    pub global: Vec<String>,
    /// The options about reading a list.
    pub reading: Vec<String>,
    /// The options about judging it.
    pub judging: Vec<String>,
    /// The option that names the workspace, empty where it is the usual one; none where none is kept.
    pub workspace: Option<Vec<String>>,
    /// Whether it is said who asks.
    pub asking: Asking,
    /// Whether values are shown.
    pub shows_values: bool,
}

/// Whether customers can be asked yet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Asking {
    /// `tiuv.toml` does not say who asks.
    #[default]
    Nobody,
    /// It does.
    Said,
    /// They are planned in the same run.
    Queued,
}

impl Typed {
    /// The same for files, which are the same wherever they are written and name no directory of the machine: of results elsewhere
    /// than in [`USUAL_OUT`], and of whatever lies elsewhere, the name alone.
    #[must_use]
    pub fn told(&self) -> Self {
        let name = |path: &Path| path.file_name().filter(|_| path.is_absolute()).map(PathBuf::from);
        let path = |path: &PathBuf| name(path).unwrap_or_else(|| path.clone());
        let word = |word: &String| {
            let (option, value) = match word.split_once('=') {
                Some((option, value)) if option.starts_with("--") => (format!("{option}="), value),
                _ => (String::new(), word.as_str()),
            };
            name(Path::new(value)).map_or_else(|| word.clone(), |name| format!("{option}{}", name.display()))
        };
        let words = |words: &Vec<String>| words.iter().map(word).collect::<Vec<_>>();
        let is_usual = self.out == Path::new(USUAL_OUT);
        Typed {
            again: if is_usual { words(&self.again) } else { words(&without_out(&self.again)) },
            lists: self.lists.iter().map(path).collect(),
            out: if is_usual { self.out.clone() } else { PathBuf::new() },
            global: words(&self.global),
            reading: words(&self.reading),
            judging: self.judging.clone(),
            workspace: self.workspace.as_ref().map(words),
            ..*self
        }
    }

    /// A command; none where a word of it can't be typed as it is shown.
    fn command(&self, words: &[&str], more: &[&[String]]) -> Option<String> {
        let more = more.iter().copied().flatten().chain(&self.global).map(String::as_str);
        let words = words.iter().copied().chain(more).map(shell_word);
        let words: Option<Vec<String>> = words.collect();
        Some(format!("tiuv {}", words?.join(" ")))
    }

    /// The command of the run itself, with more options.
    fn again(&self, more: &[&str]) -> Option<String> {
        let kept = self.again.iter().map(String::as_str).filter(|word| *word != "--no-state");
        let words: Option<Vec<String>> = kept.chain(more.iter().copied()).map(shell_word).collect();
        // What was read from a pipe is gone.
        let is_piped = self.lists.iter().any(|list| list.as_os_str() == "-");
        words.filter(|words| !words.is_empty() && !is_piped).map(|words| format!("tiuv {}", words.join(" ")))
    }

    /// The command that sends what is planned; none where it can't be typed.
    pub fn dispatch(&self) -> Option<String> {
        self.command(&["outreach", "dispatch"], &[self.workspace()])
    }

    fn workspace(&self) -> &[String] {
        self.workspace.as_deref().unwrap_or_default()
    }

    /// A list as it was typed; none for standard input.
    fn list(&self, place: usize) -> Option<String> {
        self.lists.get(place).filter(|list| list.as_os_str() != "-").map(|list| list.display().to_string())
    }

    fn check(&self, place: usize, option: &str) -> Option<String> {
        let list = self.list(place)?;
        let words = ["check", &list, option];
        self.command(&words, &[&self.reading, &self.judging])
    }

    fn result(&self, file: &str) -> String {
        self.out.join(file).display().to_string()
    }
}

/// Where results are written if nothing else is said.
const USUAL_OUT: &str = "out";

/// The words of a command without the option that says where results are.
fn without_out(words: &[String]) -> Vec<String> {
    let mut kept = Vec::with_capacity(words.len());
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--out" => drop(words.next()),
            word if word.starts_with("--out=") => {}
            word => kept.push(word.to_owned()),
        }
    }
    kept
}

/// All there is to do, what is worth most first; what stands in the way of it before.
pub fn next_tasks(cleaned: &Cleaned<'_>, summary: &RunSummary, typed: &Typed) -> Vec<NextTask> {
    let run = Run { cleaned, summary, typed };
    if summary.rows_in == 0 {
        return vec![task("read", 0, [typed.again(&[])])];
    }
    let mut tasks: Vec<Option<NextTask>> = vec![run.unread(), run.permission()];
    tasks.extend(run.ask());
    tasks.extend([run.till(), run.decide(), run.shared(), run.quarantine(), run.mapping(), run.unmapped()]);
    tasks.extend([run.fix(), run.suggestions(), run.mail(), run.explain()]);
    tasks.into_iter().flatten().collect()
}

fn task(name: &str, count: u64, commands: impl IntoIterator<Item = Option<String>>) -> NextTask {
    NextTask { task: name.to_owned(), count, commands: commands.into_iter().flatten().collect(), ..NextTask::default() }
}

impl NextTask {
    fn with_figure(mut self, name: &str, figure: u64) -> Self {
        self.figures.insert(name.to_owned(), figure);
        self
    }

    fn with_name(mut self, name: &str, text: String) -> Self {
        self.names.insert(name.to_owned(), text);
        self
    }
}

struct Run<'r> {
    cleaned: &'r Cleaned<'r>,
    summary: &'r RunSummary,
    typed: &'r Typed,
}

impl Run<'_> {
    /// Nobody is asked before it is clear who refused.
    fn unread(&self) -> Option<NextTask> {
        let unread = || self.cleaned.standings.iter().flat_map(|list| &list.unread);
        let first = unread().next()?;
        let typed = |option: &str| {
            // The option is quoted as it stands.
            let is_plain = option.matches('\'').count() <= 2 && !option.chars().any(is_unseen);
            Some(format!("{} {option}", self.typed.again(&[])?)).filter(|_| is_plain)
        };
        let commands = [typed(&first.matters), typed(&first.nothing)];
        Some(task("unread", unread().count() as u64, commands))
    }

    /// No list says anything of permission, and customers are held for that.
    fn permission(&self) -> Option<NextTask> {
        let held = *self.summary.contact.as_ref()?.why.get(Bar::NoConsent.as_str())?;
        let is_stated = self.cleaned.standings.iter().any(|list| list.stated.contains(&true));
        (!is_stated).then(|| task("permission", held, [self.map(0)]))
    }

    /// The flagged, as many by each channel as may be asked by it; where a plan waits to leave, that.
    fn ask(&self) -> Vec<Option<NextTask>> {
        // Plans are made of customers who were told apart.
        let reach = self.summary.reachable.as_ref().filter(|reach| self.is_told_apart() && reach.any.may > 0);
        let Some(reach) = reach else { return Vec::new() };
        let typed = self.typed;
        let send = || [typed.dispatch()];
        if typed.asking == Asking::Queued {
            return vec![Some(task("send", 0, send()))];
        }
        // What was planned goes first.
        let waiting = self.summary.campaign.as_ref().map_or(0, |campaign| campaign.all.waiting);
        if waiting > 0 {
            return vec![Some(task("waiting", waiting, send()))];
        }
        let sender = (typed.asking == Asking::Nobody).then(|| task("sender", 0, []));
        let kept = if typed.workspace.is_none() { typed.again(&[]) } else { None };
        let limits = self.limits();
        let plan =
            |more: &[String]| typed.command(&["outreach", "plan"], &[limits.as_slice(), more, typed.workspace()]);
        let out = ["--out".to_owned(), typed.out.display().to_string()];
        let out = if typed.out.as_os_str().is_empty() { &[][..] } else { &out };
        let commands = [kept, plan(&["--dry-run".to_owned()]), plan(out)];
        let flagged = reach.stale.filter(|stale| stale.flagged_may > 0);
        let ask = match flagged {
            Some(stale) => task("ask", stale.flagged_may, commands).with_figure("flagged", stale.flagged),
            None => task("ask_all", reach.any.may, commands),
        };
        vec![sender, Some(ask)]
    }

    /// How many of the flagged are best asked by each channel, as options of a plan; none where nobody is flagged.
    fn limits(&self) -> Vec<String> {
        let (Some(decay), Some(advice)) = (&self.cleaned.decay, &self.cleaned.advice) else { return Vec::new() };
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for customer in decay.flagged_customers() {
            let option = match advice.of(customer).next {
                NextStep::Sms => "--max-sms",
                NextStep::Email => "--max-email",
                NextStep::Call => "--max-calls",
                NextStep::Till | NextStep::Nothing => continue,
            };
            *counts.entry(option).or_default() += 1;
        }
        counts.into_iter().rev().flat_map(|(option, count)| [option.to_owned(), count.to_string()]).collect()
    }

    /// Whom no channel reaches.
    fn till(&self) -> Option<NextTask> {
        let count = *self.summary.contact.as_ref()?.next.get(NextStep::Till.as_str())?;
        let file = self.written("customers.").filter(|_| self.is_told_apart())?;
        Some(task("till", count, []).with_name("file", self.typed.result(file)))
    }

    fn is_told_apart(&self) -> bool {
        self.summary.reachable.as_ref().is_some_and(|reach| reach.counted == Counted::Customers)
    }

    fn decide(&self) -> Option<NextTask> {
        let count = self.summary.resolve.as_ref()?.possible;
        let table = self.written("customers.xlsx").or_else(|| self.written("possible_duplicates."));
        let file = self.typed.result(table.filter(|_| count > 0)?);
        let command = || self.typed.command(&["decide", "import", &file], &[self.typed.workspace()]);
        // Without a workspace there is nothing that decisions could be kept in.
        let commands = match self.typed.workspace {
            Some(_) => [None, command()],
            None => [self.typed.again(&[]), command()],
        };
        Some(task("decide", count, commands).with_name("file", file))
    }

    fn shared(&self) -> Option<NextTask> {
        let count = self.findings(Code::ListSharedValue);
        let (name, command) = match self.typed.shows_values {
            true => ("shared_shown", None),
            false => ("shared", self.typed.again(&["--show-values"])),
        };
        (count > 0).then(|| task(name, count, [command]))
    }

    fn quarantine(&self) -> Option<NextTask> {
        let count = self.summary.quarantined;
        let file = self.typed.result(self.written("quarantine.").filter(|_| count > 0)?);
        Some(task("quarantine", count, []).with_name("file", file))
    }

    fn mapping(&self) -> Option<NextTask> {
        let is_unsure = |column: &&ColumnMapping| column.field.is_some() && !column.confidence.is_automatic();
        let unsure = |input: &InputSummary| input.mapping.columns().iter().filter(is_unsure).count() as u64;
        let inputs = &self.summary.inputs;
        let place = inputs.iter().position(|input| unsure(input) > 0)?;
        Some(task("mapping", inputs.iter().map(unsure).sum(), [self.map(place)]))
    }

    fn unmapped(&self) -> Option<NextTask> {
        let count = self.findings(Code::ListUnmappedColumn);
        (count > 0).then(|| task("unmapped", count, [self.map(0)]))
    }

    /// Repairs that lose nothing can be made in the list itself, where that is a text.
    fn fix(&self) -> Option<NextTask> {
        /// Two commands a list.
        const MOST: usize = 3;
        let repaired = |field: &FieldHealth| field.verdicts.get(Verdict::Repaired.as_str()).copied().unwrap_or(0);
        let count: u64 = self.summary.fields.iter().map(repaired).sum();
        let inputs = self.summary.inputs.iter().enumerate();
        let texts = inputs.filter(|(_, input)| input.format == "csv" && input.compression.is_empty());
        let commands: Vec<_> = texts
            .filter(|(place, _)| self.typed.list(*place).is_some())
            .take(MOST)
            .flat_map(|(place, _)| ["--diff", "--fix"].map(|option| self.typed.check(place, option)))
            .collect();
        (count > 0 && !commands.is_empty()).then(|| task("fix", count, commands))
    }

    fn suggestions(&self) -> Option<NextTask> {
        let count: u64 = self.summary.suggestions.iter().map(|change| change.count).sum();
        let file = self.typed.result(self.written("changes.").filter(|_| count > 0)?);
        Some(task("suggestions", count, []).with_name("file", file))
    }

    /// Domains of which DNS could not be asked, or has to be heard a second time.
    fn mail(&self) -> Option<NextTask> {
        let mail = self.summary.mail.as_ref()?;
        if mail.stopped.is_some() {
            let unknown = mail.domains_that(MxMeaning::Unknown);
            return (unknown > 0).then(|| task("mail_unheard", unknown, [self.typed.again(&[])]));
        }
        let again = || task("mail_again", mail.pending(), [self.typed.again(&[])]);
        (mail.pending() > 0).then(|| again().with_figure("hours", mail.confirm_hours.into()))
    }

    /// A record that something happened to, for an example that shows something.
    fn explain(&self) -> Option<NextTask> {
        let changes = self.summary.repairs.iter().chain(&self.summary.suggestions);
        let row = changes.flat_map(|change| &change.examples).map(|example| example.row).next();
        // With several lists it is not known which of them a row is of.
        let row = row.filter(|_| self.summary.inputs.len() == 1).unwrap_or(1);
        let place = format!("{}:{row}", self.typed.list(0)?);
        let command = self.typed.command(&["explain", &place], &[&self.typed.reading, self.typed.workspace()]);
        Some(task("explain", 0, [command]))
    }

    fn map(&self, place: usize) -> Option<String> {
        let list = self.typed.list(place)?;
        self.typed.command(&["map", &list], &[&self.typed.reading, self.typed.workspace()])
    }

    fn findings(&self, code: Code) -> u64 {
        self.summary.list_findings.iter().filter(|finding| finding.code == code.as_str()).count() as u64
    }

    /// The result that begins so; formats other than CSV change its end.
    fn written(&self, start: &str) -> Option<&str> {
        self.summary.outputs.iter().map(String::as_str).find(|name| name.starts_with(start))
    }
}

/// A word as a shell takes it; none where it can't be typed as it is shown.
fn shell_word(word: &str) -> Option<String> {
    const LONGEST: usize = 120;
    if word.is_empty() || word.chars().any(is_unseen) || word.chars().count() > LONGEST {
        return None;
    }
    let is_plain = |character: char| character.is_alphanumeric() || "._-/+=@%:,".contains(character);
    if word.chars().all(is_plain) {
        return Some(word.to_owned());
    }
    Some(format!("'{}'", word.replace('\'', r"'\''")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_with_spaces_or_quotes_is_quoted_for_the_shell() {
        let cases = [
            ("club.csv", Some("club.csv")),
            ("לקוחות.csv", Some("לקוחות.csv")),
            ("my list.csv", Some("'my list.csv'")),
            ("it's.csv", Some(r"'it'\''s.csv'")),
            ("$HOME/a;b", Some("'$HOME/a;b'")),
            ("", None),
            ("tsil\u{202E}.csv", None),
        ];
        for (word, typed) in cases {
            assert_eq!(shell_word(word).as_deref(), typed);
        }
    }

    #[test]
    fn files_name_no_directory_of_the_machine() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let typed = Typed {
            again: words(&["clean", "/home/dana/club.csv", "--out=/srv/out", "--map", "id=/"]),
            lists: vec!["/home/dana/club.csv".into(), "lists/web.csv".into()],
            out: "/srv/out".into(),
            workspace: Some(words(&["--workspace", "/srv/kept"])),
            ..Typed::default()
        };
        let told = typed.told();
        assert_eq!(told.again(&[]).as_deref(), Some("tiuv clean club.csv --map id=/"));
        assert_eq!(told.check(1, "--fix").as_deref(), Some("tiuv check lists/web.csv --fix"));
        assert_eq!(told.dispatch().as_deref(), Some("tiuv outreach dispatch --workspace kept"));
        assert_eq!(told.result("changes.csv"), "changes.csv");
        let usual =
            Typed { again: words(&["clean", "club.csv", "--out", "out"]), out: "out".into(), ..Typed::default() };
        assert_eq!(usual.told().again(&[]).as_deref(), Some("tiuv clean club.csv --out out"));
        assert_eq!(usual.told().result("changes.csv"), "out/changes.csv");
        assert!(typed.again(&[]).expect("a command").contains("/home/dana/club.csv"));
    }
}
