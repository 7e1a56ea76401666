//! The plan: every customer is either asked, in which way and when, or held back for one reason.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use rayon::prelude::*;

use super::calendar::Calendar;
use super::choose::{Candidate, Chosen, choose, moments};
use super::history::{CampaignHistory, kind_of, oldest_window, suppression_of};
use super::hold::Hold;
use super::ladder::next_rung;
use super::message::Writer;
use super::reach::{Reaching, Way, prefer};
use super::settings::Settings;
use crate::advice::{Adviser, Case, Consents, Ground, Open, stale};
use crate::record::{Channel, ContactKind, CustomerId, CustomerProfile, Day};
use crate::rule::{OutreachRules, Purpose};
use crate::store::{Flag, KnownContact, PlanChange, PlanStamp, PlannedContact, ProfilesFile, Store, StoreError};

/// Customers that are judged side by side.
const CHUNK: usize = 8192;

/// A plan, not yet written.
#[derive(Debug)]
pub struct Plan {
    /// First day of the window in which nobody is asked twice, `YYYY-MM-DD`.
    pub window: String,
    /// Whoever is asked, by time.
    pub contacts: Vec<PlannedContact>,
    /// For each customer, in the order of the profiles: why it is not asked.
    pub held: Vec<Option<Hold>>,
    /// What it changes in the outbox.
    pub change: PlanChange,
    /// Pending rows of the campaign that it leaves as they are: they are of other rungs.
    pub left: u64,
    /// Reminders that come later than they should.
    pub late: u64,
    /// Whether any contact had a probability.
    pub has_probabilities: bool,
    /// Whether any list says anything of consent.
    pub states_consent: bool,
    stamp: PlanStamp,
}

impl Plan {
    /// How many customers are held back for which reason.
    pub fn reasons(&self) -> BTreeMap<Hold, u64> {
        let mut reasons = BTreeMap::new();
        for hold in self.held.iter().flatten() {
            *reasons.entry(*hold).or_default() += 1;
        }
        reasons
    }

    /// Writes it; false where something that it was made from has changed, so that it has to be made again.
    ///
    /// # Errors
    /// When the workspace can't be written.
    pub fn write(&self, store: &mut Store, campaign: &str, run: &str, at: Timestamp) -> Result<bool, StoreError> {
        store.write_plan(campaign, run, self.stamp, &self.change, at)
    }
}

/// Makes a plan.
///
/// # Errors
/// When the workspace can't be read.
pub fn plan(
    store: &Store,
    profiles: &ProfilesFile,
    rules: &OutreachRules,
    settings: &Settings,
) -> Result<Plan, StoreError> {
    let stamp = store.plan_stamp()?;
    let known = store.known_contacts(&oldest_window(settings))?;
    let history = CampaignHistory::of(&known, &store.known_events()?, settings);
    let suppression = suppression_of(store, Some(profiles), &settings.policy)?;
    let has_basis = settings.consent_basis.is_some();
    let consents = Consents { stated: profiles.stated_consents()?, has_basis, ..Consents::default() };
    let states_consent = consents.stated.values().flatten().any(|stated| *stated);
    let letters = settings.policy.link_letters as usize;
    let adviser =
        Adviser { rules, policy: &settings.policy, region: &settings.region, day: settings.start, consents: &consents };
    let reaching = Reaching {
        policy: &settings.policy,
        writer: Writer {
            rules,
            sender: &settings.sender,
            link: format!("{}{}", settings.link_base, "x".repeat(letters)),
            can_reply: settings.can_reply,
            most_parts: settings.most_parts,
        },
        adviser,
        suppression: &suppression,
        objective: settings.objective,
    };
    let wishes = store.call_wishes()?;
    let planner = Planner { settings, history: &history, reaching: &reaching, wishes: &wishes };

    let mut seen = Seen::default();
    let mut chunk: Vec<CustomerProfile> = Vec::with_capacity(CHUNK);
    profiles.all(|profile| {
        chunk.push(profile);
        if chunk.len() == CHUNK {
            planner.look_at(&chunk, &mut seen);
            chunk.clear();
        }
        Ok::<(), StoreError>(())
    })?;
    planner.look_at(&chunk, &mut seen);
    let mut calendar = Calendar::new(settings.start, settings.policy.days, settings.policy.capacity);
    for (channel, due) in &history.due {
        calendar.count(*channel, *due);
    }
    let seed = format!("{} {}", history.window, settings.seed);
    let limits = &history.limits;
    let (chosen, holds) = choose(&seen.candidates, &settings.policy, limits, &history.taken, &mut calendar, &seed);
    for (place, hold) in seen.places.iter().zip(holds) {
        seen.held[*place as usize] = hold;
    }
    let contacts = planner.write_out(profiles, &seen, &chosen, &calendar)?;
    let mut change = planner.change(contacts.clone(), &seen);
    change.flags = std::mem::take(&mut seen.flags);
    let kept = history.pending.iter().filter(|(customer, _)| seen.present.contains(customer));
    let left = kept.flat_map(|(_, rows)| rows).count().saturating_sub(seen.fallen.len()) as u64;
    let is_late =
        |one: &&Chosen<'_>| seen.latest.get(&seen.candidates[one.candidate].id).is_some_and(|latest| one.day > *latest);
    let late = chosen.iter().filter(is_late).count() as u64;
    Ok(Plan {
        window: history.window.clone(),
        contacts,
        held: seen.held,
        change,
        left,
        late,
        has_probabilities: seen.has_probabilities,
        states_consent,
        stamp,
    })
}

/// What was learnt of the customers in one pass.
#[derive(Debug, Default)]
struct Seen<'a> {
    held: Vec<Option<Hold>>,
    candidates: Vec<Candidate<'a>>,
    /// Place of each candidate among the profiles.
    places: Vec<u32>,
    flags: Vec<Flag>,
    /// Pending rows of other rungs that no longer hold.
    fallen: Vec<(i64, Hold)>,
    /// Customers who have pending rows, and are still there.
    present: HashSet<CustomerId>,
    /// Why those are held whose rows are decided anew.
    refused: HashMap<CustomerId, Hold>,
    /// Until when a reminder is in time.
    latest: HashMap<CustomerId, Date>,
    has_probabilities: bool,
}

/// A customer who may be asked, and until when a reminder is in time; or why it may not.
type Found<'a> = Result<(Candidate<'a>, Option<Date>), Hold>;

struct Planner<'a, 'p> {
    settings: &'p Settings,
    history: &'p CampaignHistory<'p>,
    reaching: &'p Reaching<'a>,
    /// Whom stewards want called.
    wishes: &'p HashSet<CustomerId>,
}

impl<'a> Planner<'a, '_> {
    /// Judges customers side by side and notes what comes out in their order.
    fn look_at(&self, profiles: &[CustomerProfile], seen: &mut Seen<'a>) {
        let found: Vec<Found<'a>> = profiles.par_iter().map(|profile| self.candidate(profile)).collect();
        for (profile, found) in profiles.iter().zip(found) {
            self.note(profile, found, seen);
        }
    }

    fn note(&self, profile: &CustomerProfile, found: Found<'a>, seen: &mut Seen<'a>) {
        let probability = |kind| profile.first(kind).and_then(|contact| contact.stale);
        let (email, phone) = (probability(ContactKind::Email), probability(ContactKind::Phone));
        seen.has_probabilities |= email.is_some() || phone.is_some();
        if profile.flagged {
            seen.flags.push(Flag { customer: profile.id, email, phone, reasons: profile.flag_reasons.to_string() });
        }
        let place = seen.held.len() as u32;
        match found {
            Ok((candidate, latest)) => {
                seen.places.push(place);
                seen.candidates.push(candidate);
                seen.latest.extend(latest.map(|latest| (profile.id, latest)));
                seen.held.push(None);
            }
            Err(hold) => {
                seen.held.push(Some(hold));
                if self.history.is_anew.contains(&profile.id) {
                    seen.refused.insert(profile.id, hold);
                }
            }
        }
        if let Some(pending) = self.history.pending.get(&profile.id) {
            seen.present.insert(profile.id);
            for row in pending {
                if let Err(hold) = self.still_holds(profile, row) {
                    seen.fallen.push((row.id, hold));
                }
            }
        }
    }

    /// Whether the customer may be asked, how best, and until when a reminder is in time.
    fn candidate(&self, profile: &CustomerProfile) -> Found<'a> {
        let case = self.open_case(profile)?;
        let candidate = |way: Way<'a>, call: Option<Box<Way<'a>>>| Candidate {
            id: profile.id,
            household: profile.household,
            value: profile.value,
            way,
            call,
            rung: 1,
            purpose: Purpose::First,
            earliest: self.settings.start,
            was_audit: false,
        };
        if self.settings.advance {
            let ladder = self.history.ladder(profile.id);
            let rung = next_rung(&ladder, self.history.seen_alive(profile), &self.settings.policy.ladder)?;
            let way = self.reaching.way(profile, &case, rung.channel, rung.purpose)?;
            let earliest = rung.earliest.max(self.settings.start);
            let candidate = Candidate {
                rung: rung.rung,
                purpose: rung.purpose,
                earliest,
                was_audit: rung.is_audit,
                ..candidate(way, None)
            };
            return Ok((candidate, rung.latest));
        }
        let window = i32::from(self.settings.policy.window_days);
        let start = Day::of(self.settings.start);
        let was_asked = self.history.asked.contains(&profile.id)
            || profile.restrictions.last_asked.is_some_and(|day| start.days_since(day) < window);
        if was_asked {
            return Err(Hold::AskedRecently);
        }
        let ways = self.reaching.ways(profile, &case, Purpose::First)?;
        let is_wished = |way: &&Way<'a>| way.channel() == Channel::Call && self.wishes.contains(&profile.id);
        let wished = ways.iter().find(is_wished).copied();
        let way = wished.or_else(|| prefer(&case, &ways)).ok_or(Hold::AskAtTill)?;
        let is_big = profile.value > 1.0;
        let call = ways.iter().find(|way| is_big && way.channel() == Channel::Call);
        Ok((candidate(way, call.map(|call| Box::new(self.reaching.by_value(*call, profile)))), None))
    }

    /// The customer's case, past the gates that concern the person.
    fn open_case<'s>(&self, profile: &'s CustomerProfile) -> Result<Case<'s, 'a>, Hold>
    where
        'a: 's,
    {
        let case = self.reaching.case(profile);
        case.on_all().map_or(Ok(case), |closed| Err(closed.into()))
    }

    /// Whether a row that was planned before would pass the gates today.
    fn still_holds(&self, profile: &CustomerProfile, row: &KnownContact) -> Result<(), Hold> {
        let case = self.open_case(profile)?;
        let before: Vec<&KnownContact> =
            self.history.ladder(profile.id).into_iter().filter(|other| other.id != row.id).collect();
        if row.rung > 1
            && next_rung(&before, self.history.seen_alive(profile), &self.settings.policy.ladder) == Err(Hold::Ended)
        {
            return Err(Hold::Ended);
        }
        let key = kind_of(row.channel).key_hash(&row.recipient_key);
        let purpose = if row.rung == 2 { Purpose::Reminder } else { Purpose::First };
        self.reaching.way_to(profile, &case, row.channel, purpose, key).map(|_| ())
    }

    /// The rows of those who are chosen, in the order of time.
    fn write_out(
        &self,
        profiles: &ProfilesFile,
        seen: &Seen<'a>,
        chosen: &[Chosen<'a>],
        calendar: &Calendar<'a>,
    ) -> Result<Vec<PlannedContact>, StoreError> {
        let moments = moments(chosen, calendar);
        let mut contacts = Vec::with_capacity(chosen.len());
        let mut write = |profile: &CustomerProfile, index: usize| {
            let one = &chosen[index];
            contacts.extend(self.contact(profile, &seen.candidates[one.candidate], one, moments[index]));
        };
        // Look few up; of many read all.
        if chosen.len() as u64 * ProfilesFile::A_LOOK_UP < seen.held.len() as u64 {
            for (index, one) in chosen.iter().enumerate() {
                if let Some(profile) = profiles.by_id(seen.candidates[one.candidate].id)? {
                    write(&profile, index);
                }
            }
        } else {
            let of: HashMap<CustomerId, usize> =
                chosen.iter().enumerate().map(|(index, one)| (seen.candidates[one.candidate].id, index)).collect();
            profiles.all(|profile| {
                if let Some(index) = of.get(&profile.id) {
                    write(&profile, *index);
                }
                Ok::<(), StoreError>(())
            })?;
        }
        contacts.sort_by(|one, other| {
            (one.due_at, one.channel.as_str(), one.customer).cmp(&(
                other.due_at,
                other.channel.as_str(),
                other.customer,
            ))
        });
        Ok(contacts)
    }

    fn contact(
        &self,
        profile: &CustomerProfile,
        candidate: &Candidate<'a>,
        chosen: &Chosen<'a>,
        due_at: Timestamp,
    ) -> Option<PlannedContact> {
        let way = chosen.way;
        let contact = profile.contacts.get(way.open.contact)?;
        let Open { permission, law, .. } = way.open;
        let message = self.reaching.writer.write(permission, profile, law.etiquette, candidate.purpose)?;
        let row = profile.row_of(contact);
        let ladder = self.history.ladders.get(&profile.id).and_then(|rows| rows.first());
        Some(PlannedContact {
            customer: profile.id,
            household: profile.household,
            window: ladder.map_or_else(|| self.history.window.clone(), |row| row.window.clone()),
            rung: candidate.rung,
            channel: way.channel(),
            recipient: contact.value.clone(),
            recipient_key: contact.key.clone(),
            list: row.list,
            row_key: row.key,
            row_number: row.number,
            first_name: message.first_name().to_owned(),
            language: message.language().to_owned(),
            country: law.country.to_owned(),
            body: message.body().to_owned(),
            parts: message.parts(),
            cost: way.cost as i64,
            // As many decimals as money has.
            expected_gain: (way.gain * 1e4).round() / 1e4,
            is_audit: chosen.is_audit,
            why: self.why(profile, &way, chosen),
            to_verify: profile.to_verify.clone(),
            due_at,
        })
    }

    /// What spoke for asking, for whoever asks later.
    fn why(&self, profile: &CustomerProfile, way: &Way<'a>, chosen: &Chosen<'a>) -> String {
        let mut why = Vec::with_capacity(6);
        for kind in [ContactKind::Email, ContactKind::Phone] {
            if let Some(contact) = profile.first(kind) {
                why.push(format!("{}_stale={:.2}", kind.as_str(), stale(contact)));
            }
        }
        why.push(format!("value={:.2}", profile.value));
        why.push(format!("consent={}", way.open.permission.ground().as_str()));
        if let (Ground::Owner, Some(basis)) = (way.open.permission.ground(), &self.settings.consent_basis) {
            why.push(format!("basis={}", basis.replace([';', '\n', '\r'], " ")));
        }
        if chosen.is_personal {
            why.push("personal_call".to_owned());
        }
        if chosen.is_audit {
            why.push("audit".to_owned());
        }
        why.join(";")
    }

    /// What becomes of the pending rows, and what is new.
    fn change(&self, contacts: Vec<PlannedContact>, seen: &Seen<'a>) -> PlanChange {
        let mut change = PlanChange::default();
        let mut anew = self.history.anew.clone();
        for contact in contacts {
            match anew.remove(&(contact.customer, contact.rung)) {
                Some(row) if is_same(row, &contact) => change.keep.push((row.id, contact)),
                Some(row) => {
                    change.cancel.push((row.id, "plan.changed".to_owned()));
                    change.insert.push(contact);
                }
                None => change.insert.push(contact),
            }
        }
        let places = seen.candidates.iter().zip(&seen.places);
        let mut why: HashMap<CustomerId, Hold> =
            places.filter_map(|(candidate, place)| Some((candidate.id, seen.held[*place as usize]?))).collect();
        why.extend(&seen.refused);
        for row in anew.values() {
            let reason = why.get(&row.customer).map_or("customer_gone", |hold| hold.code());
            change.cancel.push((row.id, format!("plan.{reason}")));
        }
        change.cancel.extend(seen.fallen.iter().map(|(id, hold)| (*id, format!("plan.{}", hold.code()))));
        let gone = self.history.pending.iter().filter(|(customer, _)| !seen.present.contains(customer));
        change.cancel.extend(gone.flat_map(|(_, rows)| rows).map(|row| (row.id, "plan.customer_gone".to_owned())));
        change.cancel.sort();
        change.keep.sort_by_key(|(id, _)| *id);
        change
    }
}

/// Whether a pending row says what would be written today.
fn is_same(row: &KnownContact, contact: &PlannedContact) -> bool {
    row.channel == contact.channel
        && row.recipient_key == contact.recipient_key
        && row.body == contact.body
        && row.cost == contact.cost
}
