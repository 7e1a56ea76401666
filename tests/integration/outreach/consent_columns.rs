//! Columns that say whether somebody may be asked, in whatever words: who is planned and who is not, case by case.
//!
//! Each row of the table is given to three people: one with a mobile and an address, one with an address, one with a landline.
//! All lists are cleaned in one run and planned with a consent basis, without limits.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use tiuv::outreach::{Settings, plan};
use tiuv::record::{Channel, CustomerProfile, Money};
use tiuv::rule::{ByChannel, OutreachRules, RuleFiles};
use tiuv::store::{Store, StoreError};

use crate::support::program::{AS_OF, Place};

const TABLE: &str = "fixtures/refusals/consent_columns.tsv";

/// One row of the table.
#[derive(Debug, Clone)]
struct Case {
    list: String,
    header: String,
    value: String,
    also: Vec<(String, String)>,
    effect: String,
}

/// Who has what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Person {
    MobileAndAddress,
    Address,
    Landline,
}

/// Which case and person stands in which row of which file.
type Rows = HashMap<(String, u32), (usize, Person)>;

const PEOPLE: [Person; 3] = [Person::MobileAndAddress, Person::Address, Person::Landline];

impl Case {
    fn read(table: &Path) -> Vec<Case> {
        let text = std::fs::read_to_string(table).expect("the table is there");
        let case = |line: &str| {
            let cells: Vec<&str> = line.split('\t').collect();
            let also = if cells[3].is_empty() { "{}" } else { cells[3] };
            let also: serde_json::Map<String, serde_json::Value> = serde_json::from_str(also).expect("an object");
            let also = also.into_iter().map(|(header, value)| (header, value.as_str().unwrap_or_default().to_owned()));
            Case {
                list: cells[0].to_owned(),
                header: cells[1].to_owned(),
                value: cells[2].replace("\\n", "\n"),
                also: also.collect(),
                effect: cells[4].to_owned(),
            }
        };
        text.lines().skip(1).map(case).collect()
    }

    fn says(&self, word: &str) -> bool {
        self.effect.split(' ').any(|own| own == word)
    }

    /// Whether asking by this channel is wrong.
    fn forbids(&self, channel: Channel) -> bool {
        let own = channel.as_str();
        let is_person = ["refused:all", "deceased", "blocked", "minor"].iter().any(|word| self.says(word));
        let is_unknown = self.says(&format!("unknown:{own}")) || self.says("unknown") && channel != Channel::Call;
        let is_dead = match channel {
            Channel::Email => self.says("dead:email"),
            Channel::Sms | Channel::Call => self.says("dead:phone"),
        };
        is_person || is_unknown || is_dead || self.says(&format!("refused:{own}"))
    }

    /// Whether this person has to be asked.
    fn demands(&self, person: Person) -> bool {
        let of = |channel: &str| self.says(&format!("permitted:{channel}"));
        if self.says("nothing") {
            return true;
        }
        match person {
            Person::MobileAndAddress => of("all") || of("sms") || self.says("dead:email") || self.says("dead:phone"),
            Person::Address => of("all") || of("email") || self.says("dead:phone"),
            Person::Landline => of("call") || self.says("dead:email"),
        }
    }
}

/// Figures, and a line for each row that failed.
#[derive(Debug, Default)]
struct Score {
    forbidden: u64,
    demanded: u64,
    asked_wrongly: Vec<String>,
    held_wrongly: Vec<String>,
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}

/// A name of five syllables, far from those of other numbers.
fn name(number: usize) -> String {
    const SYLLABLES: [&str; 16] =
        ["ba", "do", "ki", "lu", "me", "no", "pa", "ri", "sa", "te", "vo", "za", "fe", "gu", "mi", "chu"];
    let mut mixed = (number as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ mixed >> 29).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let name: String = (0..5).map(|place| SYLLABLES[(mixed >> (20 + 4 * place) & 15) as usize]).collect();
    name[..1].to_uppercase() + &name[1..]
}

/// Writes the lists, and says which case and person stands in which row of which file.
fn write_lists(place: &Place, cases: &[Case]) -> (Vec<String>, Rows) {
    let mut files: Vec<String> = Vec::new();
    let mut rows = Rows::new();
    let mut texts: HashMap<String, String> = HashMap::new();
    for (number, case) in cases.iter().enumerate() {
        let is_name = case.header == "(file name)";
        let file = if is_name { case.value.clone() } else { format!("members-{}.csv", case.list) };
        if !texts.contains_key(&file) {
            let mut header = "Member ID,First Name,Last Name,Mobile,Home Phone,Email,Updated".to_owned();
            if !is_name {
                let _ = write!(header, ",{}", quoted(&case.header));
            }
            for (also, _) in &case.also {
                let _ = write!(header, ",{}", quoted(also));
            }
            texts.insert(file.clone(), header + "\n");
            files.push(file.clone());
        }
        let text = texts.get_mut(&file).expect("made");
        for (which, person) in PEOPLE.into_iter().enumerate() {
            let key = number * 3 + which;
            let (mobile, landline, email) = match person {
                Person::MobileAndAddress => (format!("050-2{:06}", 10_000 + key), String::new(), true),
                Person::Address => (String::new(), String::new(), true),
                Person::Landline => (String::new(), format!("03-6{:06}", 410_000 + key), false),
            };
            let (first, last) = (name(2 * key), name(2 * key + 1));
            let own = format!("{}.{}@gmail.com", first.to_lowercase(), last.to_lowercase());
            let email = if email { own } else { String::new() };
            let _ = write!(text, "{},{first},{last},{mobile},{landline},{email},2026-11-01", 10_000 + key);
            if !is_name {
                let _ = write!(text, ",{}", quoted(&case.value));
            }
            for (_, value) in &case.also {
                let _ = write!(text, ",{}", quoted(value));
            }
            text.push('\n');
            rows.insert((file.clone(), text.lines().count() as u32 - 1), (number, person));
        }
    }
    for (file, text) in &texts {
        place.write(file, text);
    }
    (files, rows)
}

fn score(table: &Path, rules: Option<PathBuf>) -> Score {
    let cases = Case::read(table);
    let place = Place::new();
    let (files, rows) = write_lists(&place, &cases);
    let mut args: Vec<&str> = vec!["clean", "--out", "out", "--mx", "off", "--accept-mapping"];
    args.extend(files.iter().map(String::as_str));
    let directory = rules.as_ref().map(|rules| rules.display().to_string());
    if let Some(directory) = &directory {
        args.extend(["--rules", directory]);
    }
    args.extend(AS_OF);
    let ran = place.tiuv(&args);
    assert_eq!(ran.exit, Some(0), "{ran:?}");

    let store = Store::open(&place.path(".tiuv")).expect("opens");
    let profiles = store.latest_profiles().expect("read").expect("a run left customers");
    let rules = OutreachRules::load(&RuleFiles::embedded()).expect("the shipped rules load");
    let today = AS_OF[1].parse().expect("a day");
    let mut settings = Settings::new(rules.policy.clone(), today);
    settings.sender = "Kalanit".to_owned();
    settings.link_base = "https://kalanit.example/c/".to_owned();
    settings.consent_basis = Some("club rules".to_owned());
    settings.most = ByChannel { sms: Some(100_000), email: Some(100_000), call: Some(100_000) };
    settings.policy.days = 366;
    // What it costs is another question.
    settings.policy.worth = Money::parse("1000").expect("an amount");
    let made = plan(&store, &profiles, &rules, &settings).expect("planned");
    let asked: HashMap<_, _> = made.contacts.iter().map(|contact| (contact.customer, contact.channel)).collect();
    // A list that nobody may be asked from until somebody says what a column means.
    let stopped: Vec<String> = profiles
        .lists()
        .expect("read")
        .into_iter()
        .filter(|list| !list.unread.is_empty())
        .map(|list| list.list)
        .collect();

    let mut score = Score::default();
    let mut place_of = 0;
    profiles
        .all(|profile: CustomerProfile| -> Result<(), StoreError> {
            let (case, person) = rows[&(profile.list.clone(), profile.row)];
            let case = &cases[case];
            let channel = asked.get(&profile.id).copied().filter(|_| !stopped.contains(&profile.list));
            let why = match made.held[place_of] {
                _ if stopped.contains(&profile.list) => "the list is stopped",
                Some(hold) => hold.code(),
                None => "asked",
            };
            place_of += 1;
            let line = || {
                let Case { list, header, value, also, effect } = case;
                format!("{list}\t{header}\t{value}\t{also:?}\t{effect}\t{person:?}: {channel:?} {why}")
            };
            let forbids = Channel::ALL.iter().any(|channel| case.forbids(*channel));
            score.forbidden += u64::from(forbids);
            if channel.is_some_and(|channel| case.forbids(channel)) {
                score.asked_wrongly.push(line());
            }
            if case.demands(person) {
                score.demanded += 1;
                if channel.is_none() {
                    score.held_wrongly.push(line());
                }
            }
            Ok(())
        })
        .expect("read");
    score
}

#[test]
fn nobody_is_asked_who_must_not_be_and_hardly_anybody_is_held_who_may_be() {
    let score = score(Path::new(TABLE), None);
    assert!(score.asked_wrongly.is_empty(), "{:#?}", score.asked_wrongly);
    assert!(score.held_wrongly.len() as u64 * 100 <= score.demanded * 3, "{:#?}", score.held_wrongly);
}

/// `TIUV_CONSENT_CASES=FILE cargo test --test integration consent_columns -- --ignored --nocapture` scores another table of this
/// form; `TIUV_RULES=DIR` tries other rules.
#[test]
#[ignore = "scores a table that is named"]
#[expect(clippy::print_stderr, clippy::disallowed_macros, reason = "whoever asks for the score reads it")]
fn another_table_is_scored() {
    let Some(table) = std::env::var_os("TIUV_CONSENT_CASES") else { return };
    let score = score(Path::new(&table), std::env::var_os("TIUV_RULES").map(PathBuf::from));
    for line in &score.asked_wrongly {
        eprintln!("ASKED\t{line}");
    }
    for line in &score.held_wrongly {
        eprintln!("HELD\t{line}");
    }
    eprintln!(
        "asked who must not be: {} of {}; held who may be asked: {} of {}",
        score.asked_wrongly.len(),
        score.forbidden,
        score.held_wrongly.len(),
        score.demanded
    );
}
