//! Messages that customers write, as a gateway hands them over: what each says, whose it is, and taking it in.

use jiff::{SignedDuration, Timestamp};

use crate::meaning::ReplyReader;
use crate::outreach::persons_of;
use crate::pipeline::{ContactReader, RunError, Setup};
use crate::record::{
    ContactKind, CustomerId, CustomerProfile, Inbound, InboundMeaning, KeptText, Repeated, SuppressionScope,
};
use crate::rule::{InboundWords, OutreachPolicy, ReportWords};
use crate::store::{Store, TakenIn};

/// A message as it came. What is formatted for a log says nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct IncomingMessage {
    /// The gateway's name of it; empty where the gateway gives messages no names.
    pub gateway_id: String,
    /// Who sent it, as the gateway writes it.
    pub from: String,
    /// What it says.
    pub text: String,
    /// The same read from the other end, where the charset leaves open from which one reads.
    pub other_order: Option<String>,
    /// What the gateway says itself of it.
    pub own_word: Option<InboundMeaning>,
}

impl std::fmt::Debug for IncomingMessage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IncomingMessage")
    }
}

/// What a message was found to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadMessage {
    /// What it says.
    pub meaning: InboundMeaning,
    /// False where it was known.
    pub is_new: bool,
    /// What taking it in came to; none where its sender is no number or address: it is kept for a person to read.
    pub taken: Option<TakenIn>,
}

/// Reads messages.
pub struct MessageReader<'a> {
    contacts: ContactReader<'a>,
    replies: ReplyReader,
    inbound: InboundWords,
    most_letters: usize,
    /// A number of more customers is nobody's own.
    most_holders: usize,
}

impl<'a> MessageReader<'a> {
    /// Loads the rules. So many letters of a message are kept; all of them are read.
    ///
    /// # Errors
    /// When a rule file is not of its form.
    pub fn new(setup: &'a Setup, most_letters: usize) -> Result<Self, RunError> {
        Ok(MessageReader {
            contacts: ContactReader::new(setup)?,
            replies: ReplyReader::load(&setup.context.files)?,
            inbound: ReportWords::load(&setup.context.files)?.inbound,
            most_letters,
            most_holders: OutreachPolicy::load(&setup.context.files)?.most_customers_per_value as usize,
        })
    }

    /// What gateways say themselves.
    pub(super) fn inbound_words(&self) -> &InboundWords {
        &self.inbound
    }

    /// Takes a message of a gateway in, with all that follows from what it says.
    ///
    /// # Errors
    /// When the workspace can't be read or written.
    pub fn take_in(
        &self,
        gateway: &str,
        message: IncomingMessage,
        at: Timestamp,
        store: &mut Store,
    ) -> Result<ReadMessage, RunError> {
        let (meaning, mut body) = self.read(&message);
        // What a gateway says itself is of all that it sends.
        let closes = match (meaning, message.own_word) {
            (InboundMeaning::OptOut, None) => self.replies.closes(&body),
            _ => SuppressionScope::All,
        };
        if let Some((cut, _)) = body.char_indices().nth(self.most_letters) {
            body.truncate(cut);
        }
        let repeated = Repeated {
            same_name: SignedDuration::from_hours(24 * i64::from(self.inbound.same_name_days)),
            same_words: SignedDuration::from_mins(i64::from(self.inbound.same_words_minutes)),
        };
        let (gateway, gateway_id) = (gateway.to_owned(), message.gateway_id);
        let Some(sender) = self.sender(&message.from) else {
            let text = KeptText {
                source: gateway,
                name: gateway_id,
                at,
                sender: message.from.trim().to_owned(),
                body,
                outbox: None,
                customer: None,
                meaning,
                repeated,
            };
            return Ok(ReadMessage { meaning, is_new: store.keep_text(&text)?, taken: None });
        };
        let persons = match meaning {
            InboundMeaning::Reply | InboundMeaning::Confirms => Persons::default(),
            _ => self.persons(store, &sender)?,
        };
        let Persons { customer, contacts, also, others } = persons;
        let inbound = Inbound {
            gateway,
            gateway_id,
            sender,
            body,
            meaning,
            closes,
            at,
            customer,
            contacts,
            also,
            others,
            repeated,
        };
        let taken = store.take_in(&inbound)?;
        Ok(ReadMessage { meaning, is_new: taken.is_new, taken: Some(taken) })
    }

    /// What a message says, and the order of letters in which it says it. Of two orders the one that refuses counts.
    fn read(&self, message: &IncomingMessage) -> (InboundMeaning, String) {
        let mut read = (self.replies.read(&message.text), &message.text);
        if let Some(other) = &message.other_order
            && read.0 == InboundMeaning::Reply
        {
            let meaning = self.replies.read(other);
            if meaning != InboundMeaning::Reply {
                read = (meaning, other);
            }
        }
        let meaning = match (message.own_word, read.0) {
            (Some(InboundMeaning::OptOut), InboundMeaning::Reply | InboundMeaning::OptOut) => InboundMeaning::OptOut,
            (_, InboundMeaning::Deceased) => InboundMeaning::Deceased,
            // It says more than that; a person reads what.
            (Some(InboundMeaning::OptOut), _) => InboundMeaning::OptOutInDoubt,
            (_, meaning) => meaning,
        };
        (meaning, read.1.clone())
    }

    /// Gateways write numbers in E.164, often without the plus.
    fn sender(&self, from: &str) -> Option<(ContactKind, String)> {
        let is_bare = from.len() > 9 && !from.starts_with('0') && from.bytes().all(|byte| byte.is_ascii_digit());
        let with_plus = if is_bare { format!("+{from}") } else { from.to_owned() };
        let read = self.contacts.read(&with_plus).or_else(|_| self.contacts.read(from)).ok()?;
        read.into_iter().next().map(|contact| (contact.kind, contact.key))
    }
}

/// Whom what somebody wrote is about.
#[derive(Debug, Default)]
struct Persons {
    /// Who has the number or address, where nobody was asked there.
    customer: Option<CustomerId>,
    /// The contacts of that one, or of whoever was asked.
    contacts: Vec<(ContactKind, String)>,
    /// Who may be the same person.
    also: Vec<CustomerId>,
    /// Others who have the number or address, where nobody was asked there.
    others: Vec<(CustomerId, Vec<(ContactKind, String)>)>,
}

impl MessageReader<'_> {
    /// Whoever was asked at this number or address; where nobody was, whoever has it. Empty where no run left its customers, and
    /// where too many have it: then the number alone is meant.
    fn persons(&self, store: &Store, (kind, key): &(ContactKind, String)) -> Result<Persons, RunError> {
        let Some(profiles) = store.latest_profiles()? else { return Ok(Persons::default()) };
        let asked = match store.asked_last(*kind, key)? {
            Some((_, customer)) => profiles.by_id(customer)?,
            None => None,
        };
        let (customer, first, rest) = match asked {
            Some(profile) => (None, profile, Vec::new()),
            None => {
                let mut holders = profiles.by_contact(*kind, key)?;
                if holders.is_empty() || holders.len() > self.most_holders {
                    return Ok(Persons::default());
                }
                let first = holders.remove(0);
                (Some(first.id), first, holders)
            }
        };
        Ok(Persons {
            customer,
            contacts: contacts_of(&first),
            also: persons_of(&first, &profiles)?.into_iter().map(|person| person.id).collect(),
            others: rest.iter().map(|holder| (holder.id, contacts_of(holder))).collect(),
        })
    }
}

fn contacts_of(profile: &CustomerProfile) -> Vec<(ContactKind, String)> {
    profile.contacts.iter().map(|contact| (contact.kind, contact.key.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Suppressed;
    use crate::rule::Context;

    fn incoming(gateway_id: &str, from: &str, text: &str) -> IncomingMessage {
        IncomingMessage {
            gateway_id: gateway_id.to_owned(),
            from: from.to_owned(),
            text: text.to_owned(),
            other_order: None,
            own_word: None,
        }
    }

    /// Takes messages in, each with what it was found to be and whether it was new.
    fn taken_in(store: &mut Store, messages: Vec<(&str, IncomingMessage)>) -> Vec<(InboundMeaning, Option<bool>)> {
        let context = Context::shipped("IL", jiff::civil::date(2026, 11, 26));
        let setup = Setup::new(context).expect("the shipped rules load");
        let reader = MessageReader::new(&setup, 50).expect("the shipped rules load");
        let mut take = |(at, message): (&str, IncomingMessage)| {
            let at = at.parse().expect("a moment");
            let read = reader.take_in("texts", message, at, store).expect("is written");
            (read.meaning, read.taken.map(|taken| taken.is_new))
        };
        messages.into_iter().map(&mut take).collect()
    }

    #[test]
    fn what_is_said_and_by_whom_is_read_and_the_same_words_at_the_same_time_are_one_message() {
        use InboundMeaning::{OptOut, Reply};
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let read = taken_in(
            &mut store,
            vec![
                ("2026-11-26T12:00:00Z", incoming("", "972502345678", "thanks!")),
                ("2026-11-26T12:00:30Z", incoming("", "+972502345678", "thanks!")),
                ("2026-11-26T18:00:00Z", incoming("", "+972502345678", "thanks!")),
                ("2026-11-26T18:00:00Z", incoming("", "0502345678", "STOP")),
                ("2026-11-26T18:00:00Z", incoming("", "05", "STOP")),
                ("2026-11-26T18:00:00Z", incoming("", "", "who are you?")),
                // A name that was given before says nothing of other words, or of another sender.
                ("2026-11-26T18:00:00Z", incoming("1", "+972502345671", "hello")),
                ("2026-11-27T18:00:00Z", incoming("1", "+972502345671", "hello")),
                ("2026-11-27T18:00:00Z", incoming("1", "+972502345671", "STOP")),
                ("2026-11-27T18:00:00Z", incoming("1", "+972502345672", "hello")),
                ("2027-03-01T18:00:00Z", incoming("1", "+972502345671", "hello")),
            ],
        );
        let new = [
            (Reply, Some(true)),
            (Reply, Some(false)),
            (Reply, Some(true)),
            (OptOut, Some(true)),
            (OptOut, None),
            (Reply, None),
            (Reply, Some(true)),
            (Reply, Some(false)),
            (OptOut, Some(true)),
            (Reply, Some(true)),
            (Reply, Some(true)),
        ];
        assert_eq!(read, new);
        // What needs nobody is not shown; what nobody can be told to have sent is.
        let waiting = store.inbox(false, 0, 99).expect("reads");
        let texts: Vec<&str> = waiting.iter().map(|one| one.text.body.as_str()).collect();
        assert_eq!(texts, ["thanks!", "thanks!", "STOP", "who are you?", "hello", "hello", "hello"]);
        assert_eq!((waiting[2].text.sender.as_str(), waiting[3].text.sender.as_str()), ("05", ""));
        let (done, again) = (waiting[3].id, "2026-11-28T10:00:00Z".parse().expect("a moment"));
        assert_eq!(store.done_with(done, "a shop next door", again).expect("written"), Some(true));
        assert_eq!(store.done_with(done, "", again).expect("read"), None);
        assert_eq!(store.done_with(999, "", again).expect("read"), Some(false));
        assert_eq!(store.inbox_size().expect("reads"), 6);
    }

    #[test]
    fn a_refusal_after_one_that_was_lifted_counts_again_and_the_same_report_of_it_does_not() {
        let number = Suppressed::Contact(ContactKind::Phone, "+972502345678".to_owned());
        for id in ["", "IN1"] {
            let directory = tempfile::tempdir().expect("a directory");
            let mut store = Store::open(directory.path()).expect("opens");
            let stop = |at| (at, incoming(id, "+972502345678", "הסר"));
            let mut new = |messages| {
                let read = taken_in(&mut store, messages);
                read.into_iter().map(|one| one.1 == Some(true)).collect::<Vec<_>>()
            };
            assert_eq!(new(vec![stop("2026-11-26T12:00:00Z"), stop("2026-11-26T12:10:00Z")]), [true, false], "{id}");
            store.lift_suppression(&number, None, "2026-11-26T12:20:00Z").expect("written");
            let mut new = |messages| {
                let read = taken_in(&mut store, messages);
                read.into_iter().map(|one| one.1 == Some(true)).collect::<Vec<_>>()
            };
            // The first report comes in once more, then a word that is new.
            assert_eq!(new(vec![stop("2026-11-26T12:00:00Z"), stop("2026-11-26T12:25:00Z")]), [false, true], "{id}");
            assert_eq!(store.suppressions_of(&number).expect("reads").len(), 1);
        }
    }

    #[test]
    fn the_gateways_own_word_and_the_other_order_of_letters_count() {
        use InboundMeaning::{OptOut, Reply};
        let directory = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(directory.path()).expect("opens");
        let own = |word, text| IncomingMessage { own_word: Some(word), ..incoming("", "+972502345678", text) };
        let other =
            IncomingMessage { other_order: Some("הסר".to_owned()), ..incoming("", "+972502345679", "רסה") };
        let at = "2026-11-26T12:00:00Z";
        let read = taken_in(&mut store, vec![(at, own(OptOut, "ARRET")), (at, own(Reply, "START")), (at, other)]);
        assert_eq!(read.iter().map(|one| one.0).collect::<Vec<_>>(), [OptOut, Reply, OptOut]);
    }
}
