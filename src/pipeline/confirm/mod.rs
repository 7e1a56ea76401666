//! The page behind the link, without its HTML: what a link shows, what was answered by it, and the codes that confirm new numbers
//! and addresses.

mod given;
mod known;

use jiff::{SignedDuration, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};

use super::{RunError, Setup};
use crate::outreach::persons_of;
use crate::record::{
    Answer, Channel, ContactKind, CustomerProfile, EventChannel, Field, GivenState, NewValue, Outcome,
};
use crate::rule::ConfirmPolicy;
use crate::standardize::numbering::RegionId;
use crate::store::{
    CodeBegun, CodeEntered, CodeFor, GivenValue, LINK_SOURCE, LinkAnswer, OpenLink, ProfilesFile, Secret, Store,
    StoreError,
};
use crate::text::digit::digit_of;

pub(in crate::pipeline) use given::FormReader;
use given::ReadValue;
pub use given::{CHANNELS, GIVEN_FIELDS, GivenDetails, NotTaken};
pub use known::ShownLink;
use known::{Known, masked, others, shown};

/// What a customer says by the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PageAnswer {
    /// All is right.
    Confirmed,
    /// Somebody else has the number or address.
    WrongPerson,
    /// No contact any more.
    Removed,
    /// Something is new.
    Updated(GivenDetails),
}

/// What came of it.
pub enum Heard {
    /// The link is not open.
    Closed,
    /// Nothing was written, for these reasons.
    NotTaken(ShownLink, Vec<NotTaken>),
    /// It is written down. A refusal holds, whatever was said after it.
    Taken(ShownLink, Outcome, Vec<TakenValue>),
}

/// A value that was written down.
#[derive(Clone, PartialEq, Eq)]
pub struct TakenValue {
    /// Its number.
    pub id: i64,
    /// Of which field.
    pub field: Field,
    /// The value, masked where it reaches somebody.
    pub shown: String,
    /// Whether it stands in the next golden record.
    pub is_accepted: bool,
    /// Whether a code confirmed it.
    pub is_verified: bool,
    /// How a code could confirm it.
    pub code_by: Option<Channel>,
}

/// A code that is to be sent.
pub struct CodeToSend {
    /// Its number.
    pub id: i64,
    /// How.
    pub channel: Channel,
    /// To whom: E.164 or an address.
    pub to: String,
    /// The code.
    pub code: String,
}

/// Whether a code may leave.
pub enum CodeStep {
    /// Send it.
    Send(CodeToSend),
    /// One left just now.
    TooSoon,
    /// None can be sent there.
    Never,
}

/// Reads and writes what links are about.
pub struct Confirmer<'a> {
    setup: &'a Setup,
    form: FormReader<'a>,
    policy: ConfirmPolicy,
    secret: Secret,
    /// The customers of the newest run, with what tells that run from others.
    profiles: Option<(String, Option<ProfilesFile>)>,
}

impl<'a> Confirmer<'a> {
    /// Loads the rules and the workspace's secret.
    ///
    /// # Errors
    /// When a rule file is not of its form, or the secret can't be read.
    pub fn new(setup: &'a Setup, store: &Store) -> Result<Self, RunError> {
        let policy = ConfirmPolicy::load(&setup.context.files)?;
        let form = FormReader::new(setup, policy.languages.clone(), policy.most_letters, policy.refuse.clone())?;
        Ok(Confirmer { setup, form, policy, secret: store.secret()?, profiles: None })
    }

    /// What a link shows; none where it is not open. Nothing is written.
    ///
    /// # Errors
    /// When the workspace can't be read.
    pub fn look(&mut self, store: &Store, token: &str, now: Timestamp) -> Result<Option<ShownLink>, RunError> {
        let Some(link) = self.open(store, token, now)? else { return Ok(None) };
        let known = self.known(store, &link)?;
        Ok(Some(shown(&link, &known, link.answered)))
    }

    /// Writes down what a customer says.
    ///
    /// # Errors
    /// When the workspace can't be read or written.
    pub fn hear(
        &mut self,
        store: &mut Store,
        token: &str,
        said: &PageAnswer,
        now: Timestamp,
    ) -> Result<Heard, RunError> {
        let Some(link) = self.open(store, token, now)? else { return Ok(Heard::Closed) };
        let known = self.known(store, &link)?;
        let outcome = match said {
            PageAnswer::Confirmed => Outcome::Confirmed,
            PageAnswer::WrongPerson => Outcome::WrongPerson,
            PageAnswer::Removed => Outcome::Refused,
            PageAnswer::Updated(_) => Outcome::Updated,
        };
        let channel = if link.channel == Channel::Email { EventChannel::Email } else { EventChannel::Sms };
        let mut answer = Answer { outbox: Some(link.outbox), ..Answer::new(outcome, channel, now, LINK_SOURCE) };
        match said {
            PageAnswer::Updated(given) if link.answered != Some(Outcome::Refused) => {
                match self.form.read(given, &link.country) {
                    Err(faults) => return Ok(Heard::NotTaken(shown(&link, &known, link.answered), faults)),
                    Ok(values) => self.take_over(&values, &link, &known, &mut answer),
                }
            }
            PageAnswer::Confirmed => answer.confirmed = others(&link, &known),
            PageAnswer::Removed => {
                if let (Some(profile), Some((_, Some(profiles)))) = (&known.profile, &self.profiles) {
                    answer.contacts = profile.contacts.iter().map(|one| (one.kind, one.key.clone())).collect();
                    answer.also = persons_of(profile, profiles)?.into_iter().map(|person| person.id).collect();
                }
            }
            PageAnswer::WrongPerson | PageAnswer::Updated(_) => {}
        }
        let said = said_of(&answer);
        let written = store.answer_link(&LinkAnswer {
            token: &self.secret.token_hash(token),
            answer: &answer,
            said: &self.secret.mac("answer", &said),
            correct: self.correct(),
            accept: &self.policy.accept.always,
        })?;
        let Some(written) = written else { return Ok(Heard::Closed) };
        let values = written.values.iter().filter_map(|value| self.taken(value, &link)).collect();
        let known = self.known(store, &link)?;
        Ok(Heard::Taken(shown(&link, &known, Some(written.outcome)), written.outcome, values))
    }

    /// The values that were given by a link and still count.
    ///
    /// # Errors
    /// When the workspace can't be read.
    pub fn given_by(&self, store: &Store, token: &str, now: Timestamp) -> Result<Vec<TakenValue>, RunError> {
        let Some(link) = self.open(store, token, now)? else { return Ok(Vec::new()) };
        Ok(store.values_of_link(&link)?.iter().filter_map(|value| self.taken(value, &link)).collect())
    }

    /// What is shown beside the form for a code: the link, and the value that the code is for.
    ///
    /// # Errors
    /// When the workspace can't be read.
    pub fn coded(
        &mut self,
        store: &Store,
        token: &str,
        value: i64,
        now: Timestamp,
    ) -> Result<Option<(ShownLink, TakenValue)>, RunError> {
        let Some(link) = self.open(store, token, now)? else { return Ok(None) };
        let Some(given) = store.given_value(value)?.filter(|given| given.customer == link.customer) else {
            return Ok(None);
        };
        let known = self.known(store, &link)?;
        let shown = shown(&link, &known, link.answered);
        Ok(self.taken(&given, &link).map(|taken| (shown, taken)))
    }

    /// Makes a code for a value, and writes down that it is about to leave.
    ///
    /// # Errors
    /// When the workspace can't be written, or the system has no random numbers.
    pub fn begin_code(
        &mut self,
        store: &mut Store,
        token: &str,
        value: i64,
        now: Timestamp,
    ) -> Result<CodeStep, RunError> {
        let coded = self.coded(store, token, value, now)?;
        let Some(channel) = coded.and_then(|(_, taken)| taken.code_by) else { return Ok(CodeStep::Never) };
        let Some(given) = store.given_value(value)? else { return Ok(CodeStep::Never) };
        let code = random_code()?;
        let begun = self.with_code(token, &given, &code, |policy, made| store.begin_code(made, &policy.code, now))?;
        Ok(match begun {
            CodeBegun::Send(id) => CodeStep::Send(CodeToSend { id, channel, to: given.new, code }),
            CodeBegun::TooSoon => CodeStep::TooSoon,
            CodeBegun::Never => CodeStep::Never,
        })
    }

    /// Looks whether a code is the one that was sent.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn enter_code(
        &mut self,
        store: &mut Store,
        token: &str,
        value: i64,
        code: &str,
        now: Timestamp,
    ) -> Result<CodeEntered, RunError> {
        let Some(given) = store.given_value(value)? else { return Ok(CodeEntered::Over) };
        let digits: String = code.chars().filter_map(digit_of).collect();
        self.with_code(token, &given, &digits, |policy, made| {
            store.enter_code(made, &policy.code, &policy.accept.verified, now)
        })
    }

    fn with_code<T>(
        &self,
        token: &str,
        given: &GivenValue,
        code: &str,
        work: impl FnOnce(&ConfirmPolicy, &CodeFor<'_>) -> Result<T, StoreError>,
    ) -> Result<T, RunError> {
        let kind = ContactKind::of_text(&given.new);
        let made = CodeFor {
            token: &self.secret.token_hash(token),
            correct: self.correct(),
            value: given.id,
            kind,
            key: &self.setup.keys.key(kind, &given.new),
            hash: &self.secret.mac("code", &format!("{} {code}", given.id)),
            is_whole: code.len() == CODE_DIGITS as usize,
        };
        Ok(work(&self.policy, &made)?)
    }

    fn correct(&self) -> SignedDuration {
        SignedDuration::from_hours(self.policy.correct_hours.into())
    }

    fn open(&self, store: &Store, token: &str, now: Timestamp) -> Result<Option<OpenLink>, RunError> {
        Ok(store.open_link(&self.secret.token_hash(token), now, self.correct())?)
    }

    /// What is known of the customer of a link.
    fn known(&mut self, store: &Store, link: &OpenLink) -> Result<Known, RunError> {
        let newer = store.newer_contacts(link)?.into_iter();
        let newer = newer.map(|(kind, value)| (kind, self.setup.keys.key(kind, &value).to_string(), value)).collect();
        Ok(Known { profile: self.profile(store, link)?, newer })
    }

    /// The customer as the newest run knows it.
    fn profile(&mut self, store: &Store, link: &OpenLink) -> Result<Option<CustomerProfile>, RunError> {
        let newest = store.newest_run()?.map_or_else(String::new, |(run, at)| format!("{run} {at}"));
        if self.profiles.as_ref().is_none_or(|(known, _)| *known != newest) {
            self.profiles = Some((newest, store.latest_profiles()?));
        }
        let profiles = self.profiles.as_ref().and_then(|(_, profiles)| profiles.as_ref());
        Ok(profiles.map(|profiles| profiles.by_id(link.customer)).transpose()?.flatten())
    }

    /// Adds what was given to an answer: what is known and was given once more is confirmed by it. What was left empty was
    /// perhaps not looked at.
    fn take_over(&self, values: &[ReadValue], link: &OpenLink, known: &Known, answer: &mut Answer) {
        for one in values {
            let Some(kind) = one.contact else {
                let old = known.profile.as_ref().map_or_else(String::new, |profile| match one.field {
                    Field::PreferredChannel => profile.preferred.map_or("", Channel::as_str).to_owned(),
                    Field::Language => profile.language.clone(),
                    field => profile.place.part(field).to_owned(),
                });
                if old.to_lowercase() != one.value.to_lowercase() {
                    answer.updates.push(new_value(one, &old, None));
                }
                continue;
            };
            let key = self.setup.keys.key(kind, &one.value);
            if known.has(kind, &key) {
                answer.confirmed.push((kind, key));
                continue;
            }
            let own = (link.contact() == kind).then(|| (link.recipient.clone(), link.recipient_key.clone()));
            let golden = known.golden(kind);
            let old = golden.map(|(key, value)| (value.to_owned(), key.to_owned())).or(own);
            let (value, old_key) = old.unwrap_or_default();
            // Whoever was reached at a number and has a new one as well says nothing against it.
            let is_asked = (kind, &old_key) == (link.contact(), &link.recipient_key);
            let stale = (!old_key.is_empty() && !is_asked).then_some((kind, old_key));
            answer.updates.push(new_value(one, &value, stale));
        }
        if answer.updates.is_empty() {
            answer.outcome = Outcome::Confirmed;
        }
    }

    fn taken(&self, value: &GivenValue, link: &OpenLink) -> Option<TakenValue> {
        let field = Field::parse(&value.field)?;
        let kind = match field {
            Field::Email => Some(ContactKind::Email),
            field if field.is_phone() => Some(ContactKind::Phone),
            _ => None,
        };
        let is_open = value.verified_at.is_none() && value.state == GivenState::Pending;
        let code_by = match kind {
            Some(ContactKind::Email) => Some(Channel::Email),
            Some(ContactKind::Phone) if self.is_cheap(&value.new, &link.country) => Some(Channel::Sms),
            _ => None,
        };
        Some(TakenValue {
            id: value.id,
            field,
            shown: kind.map_or_else(|| value.new.clone(), |kind| masked(kind, &value.new)),
            is_accepted: value.state == GivenState::Accepted,
            is_verified: value.verified_at.is_some(),
            code_by: code_by.filter(|_| is_open),
        })
    }

    /// A code goes to a line that takes texts, in the customer's own country: others may cost whatever their owners ask.
    fn is_cheap(&self, number: &str, country: &str) -> bool {
        let region = RegionId::of(country).or_else(|| RegionId::of(&self.setup.context.region));
        let is_near = region.is_some_and(|region| number.starts_with(&format!("+{}", region.calling_code())));
        is_near && self.form.takes_texts(number)
    }
}

/// What tells an answer from another one by the same link.
fn said_of(answer: &Answer) -> String {
    let updates = answer.updates.iter().map(|update| format!("\n{}={}", update.field, update.new));
    std::iter::once(answer.outcome.as_str().to_owned()).chain(updates).collect()
}

fn new_value(read: &ReadValue, old: &str, contact: Option<(ContactKind, String)>) -> NewValue {
    NewValue { field: read.field.as_str().to_owned(), old: old.to_owned(), new: read.value.clone(), contact }
}

/// Digits of a code.
const CODE_DIGITS: u32 = 6;

/// A code, each as likely as the others.
fn random_code() -> Result<String, RunError> {
    const CODES: u32 = 10_u32.pow(CODE_DIGITS);
    // The largest multiple of it: what lies above would make some codes likelier.
    const FAIR: u32 = u32::MAX - u32::MAX % CODES;
    let random = SystemRandom::new();
    loop {
        let mut bytes = [0; 4];
        let failed =
            |_| RunError::Write { what: "a code".to_owned(), reason: "the system has no random numbers".to_owned() };
        random.fill(&mut bytes).map_err(failed)?;
        let drawn = u32::from_le_bytes(bytes);
        if drawn < FAIR {
            return Ok(format!("{:0digits$}", drawn % CODES, digits = CODE_DIGITS as usize));
        }
    }
}
