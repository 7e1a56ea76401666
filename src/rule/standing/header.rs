//! What a header asks: about what, which way round, by which channels.

use super::class::{Channels, Class, Classes};
use super::reader::StandingWords;
use super::words::Token;
use crate::record::{self, ContactKind, Field};
use crate::rule::ConsentWord;
use crate::text::without_brackets;

/// What a column is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// May somebody be contacted: what is no yes is none.
    Permission,
    /// Does somebody refuse it: what is not empty and no plain no is a refusal.
    Refusal,
    /// Where somebody stands, in words; most of them say nothing of contact.
    Status,
    /// Words beside one another, each read as a status.
    Tags,
    /// Did somebody die.
    Death,
    /// Is somebody barred, or to be forgotten.
    Block,
    /// Is somebody of age: a yes, an age or a year of birth.
    Minor,
    /// Does an address or a number reach nobody.
    Dead(ContactKind),
    /// By which way somebody is reached best: no refusal of the others.
    Reach,
}

/// What a header asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asks {
    /// About what.
    pub about: About,
    /// By which channels; by any where it names none.
    pub channels: Channels,
    /// A yes to it is good news: "alive", "deliverable".
    pub is_inverse: bool,
    /// It holds the day on which it came to be so.
    pub is_dated: bool,
    /// It holds how, why or by whom: whatever stands there says that it is so.
    pub is_told: bool,
    /// It holds the channels that it is about.
    pub names_channels: bool,
    /// It is about being written to or called, whichever way it asks: "mailing status".
    pub is_of_contact: bool,
    /// It holds the day to which it is so.
    pub is_term: bool,
    /// No word of it is unknown.
    pub is_clear: bool,
}

/// What a header says of contacting somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeaderSays {
    /// A question that is understood.
    Asks(Asks),
    /// Perhaps that question; its values tell.
    Perhaps(Asks),
    /// Of which kind the number beside it is.
    PhoneLabel,
    /// Something is about contact, refusal or death, and nobody knows what.
    Smells,
    /// It is about something else: orders, treatments, relatives.
    SomethingElse,
    /// Nothing.
    Nothing,
}

impl Asks {
    pub(super) const fn about(about: About) -> Self {
        let channels = Channels { sms: false, email: false, call: false, post: false, whatsapp: false };
        Asks {
            about,
            channels,
            is_inverse: false,
            is_dated: false,
            is_told: false,
            names_channels: false,
            is_of_contact: false,
            is_term: false,
            is_clear: true,
        }
    }

    /// The field of such a column; none where it is about a way by which nobody is asked.
    pub fn field(&self) -> Option<Field> {
        let single = self.channels.single();
        Some(match self.about {
            About::Permission if self.channels.is_elsewhere() && self.channels.whatsapp => Field::ConsentWhatsapp,
            About::Permission if self.channels.is_elsewhere() => return None,
            About::Permission => match single {
                Some(record::Channel::Sms) => Field::ConsentSms,
                Some(record::Channel::Email) => Field::ConsentEmail,
                Some(record::Channel::Call) => Field::ConsentCall,
                None => Field::Consent,
            },
            About::Refusal => match single {
                Some(record::Channel::Sms) => Field::DoNotSms,
                Some(record::Channel::Email) => Field::DoNotEmail,
                Some(record::Channel::Call) => Field::DoNotCall,
                None if self.is_dated => Field::OptedOutAt,
                None => Field::DoNotContact,
            },
            About::Status => Field::ContactStatus,
            About::Tags => Field::Tags,
            About::Reach => Field::PreferredChannel,
            About::Death => Field::Deceased,
            About::Block => Field::Blocked,
            About::Minor => Field::Minor,
            About::Dead(ContactKind::Email) => Field::EmailInvalid,
            About::Dead(ContactKind::Phone) => Field::PhoneInvalid,
        })
    }

    /// What a column of this field asks where its header does not say more.
    pub(super) fn of_field(field: Field) -> Option<Self> {
        let by = |about, channel| Asks { channels: Channels::one(channel), ..Asks::about(about) };
        Some(match field {
            Field::Consent => Asks::about(About::Permission),
            Field::ConsentSms => by(About::Permission, record::Channel::Sms),
            Field::ConsentEmail => by(About::Permission, record::Channel::Email),
            Field::ConsentCall => by(About::Permission, record::Channel::Call),
            Field::ConsentWhatsapp => {
                let whatsapp = Channels { whatsapp: true, ..Channels::default() };
                Asks { channels: whatsapp, ..Asks::about(About::Permission) }
            }
            Field::DoNotContact | Field::OptedOutAt => Asks::about(About::Refusal),
            Field::DoNotSms => by(About::Refusal, record::Channel::Sms),
            Field::DoNotEmail => by(About::Refusal, record::Channel::Email),
            Field::DoNotCall => by(About::Refusal, record::Channel::Call),
            Field::Status | Field::ContactStatus => Asks::about(About::Status),
            Field::PreferredChannel => Asks::about(About::Reach),
            Field::Tags => Asks::about(About::Tags),
            Field::Deceased => Asks::about(About::Death),
            Field::Blocked => Asks::about(About::Block),
            Field::Minor => Asks::about(About::Minor),
            Field::EmailInvalid => Asks::about(About::Dead(ContactKind::Email)),
            Field::PhoneInvalid => Asks::about(About::Dead(ContactKind::Phone)),
            _ => return None,
        })
    }
}

use Class::{
    Accept, Adult, Age, Alive, Bad, BirthYear, Block, Bounce, By, Call, Cancel, Channel, Close, Complain, Contact,
    Data, Date, Death, Email, Filler, Forget, Kind, Lift, List, Minor, Month, Newsletter, No, Notice, Other, Permit,
    Post, Rank, Reach, Reason, Refuse, Relative, Removal, Request, Sms, Source, Spam, State, Status, Subscribe, Tags,
    Unsubscribe, Until, Verified, Want, Whatsapp, Works, Yes,
};

const CHANNELS: Classes = Classes::of(&[Sms, Email, Call, Post, Whatsapp, Newsletter]);
pub(super) const SUBJECT: Classes = CHANNELS.with(Contact);
/// What adds nothing to a header of one word.
pub(super) const BESIDE: Classes = Classes::of(&[Filler, Date, By, Request, Yes, List, Month, Reason, Status, Kind]);
pub(super) const ASSENT: Classes = Classes::of(&[Permit, Subscribe, Accept, Want]);
/// What may or may not be.
const ANSWERS: Classes = ASSENT.and(Classes::of(&[Unsubscribe, Refuse, Block, No]));

/// The words of a header together.
pub(super) struct Header<'t> {
    tokens: &'t [Token],
    all: Classes,
    /// Words of no class.
    unknown: usize,
}

impl<'t> Header<'t> {
    pub(super) fn new(tokens: &'t [Token]) -> Self {
        let all = tokens.iter().fold(Classes::NONE, |all, token| all.and(token.classes));
        let unknown = tokens.iter().filter(|token| token.classes.is_none() && token.number.is_none()).count();
        Header { tokens, all, unknown }
    }

    pub(super) fn has(&self, class: Class) -> bool {
        self.all.has(class)
    }

    pub(super) fn meets(&self, classes: Classes) -> bool {
        self.all.meets(classes)
    }

    /// Whether all words are of these classes, or numbers.
    pub(super) fn is_only(&self, classes: Classes) -> bool {
        self.tokens.iter().all(|token| token.classes.meets(classes) || token.number.is_some())
    }

    /// Where a record comes from, or who made it.
    fn is_record(&self) -> bool {
        self.has(Source) || self.tokens.last().is_some_and(|token| token.classes.has(By))
    }

    fn asks(&self, about: About) -> Asks {
        Asks {
            channels: Channels::of(self.all),
            is_dated: self.has(Date),
            is_told: self.meets(Classes::of(&[Reason, By, Source])),
            names_channels: self.has(Channel),
            is_of_contact: self.meets(SUBJECT.with(Subscribe)),
            is_term: self.has(Until),
            is_clear: self.unknown == 0,
            ..Asks::about(about)
        }
    }

    /// Whether a "not" stands before a word of these classes, with little between them.
    pub(super) fn negates(&self, classes: Classes, near: usize) -> bool {
        let is_no = |token: &Token| token.classes.has(No);
        self.tokens.iter().enumerate().any(|(at, token)| {
            token.classes.meets(classes) && self.tokens[at.saturating_sub(near)..at].iter().any(is_no)
        })
    }
}

impl StandingWords {
    /// What a column of this field asks: what its header says of it, else what the field is for; none for other fields.
    pub fn asked(&self, field: Field, header: &str) -> Option<Asks> {
        let own = Asks::of_field(field)?;
        let said = match self.header(header) {
            HeaderSays::Asks(said) | HeaderSays::Perhaps(said) if said.about == own.about => said,
            _ => return Some(own),
        };
        // A field of one channel stays one; a field of any is narrowed by a header that names some.
        let channels = if own.channels.is_none() { said.channels } else { own.channels };
        Some(Asks { channels, ..said })
    }

    /// What a header says. Notes in brackets count only where the rest says nothing.
    pub fn header(&self, header: &str) -> HeaderSays {
        let outer = self.words.tokens(&without_brackets(header));
        match self.header_of(&outer) {
            HeaderSays::Nothing | HeaderSays::Smells if header.contains(['(', '[', '{']) => {
                self.header_of(&self.words.tokens(header))
            }
            says => says,
        }
    }

    /// Whether a legend in brackets turns a header round, or says what nobody understands: "Mailing (1 = no)". One that says what
    /// its answers say anyway, "(1 = yes, 0 = no)", does not.
    pub fn has_odd_legend(&self, header: &str) -> bool {
        let inner = header.split(['(', '[', '{']).skip(1).filter_map(|part| part.split([')', ']', '}']).next());
        let entries = inner.flat_map(|legend| legend.split([',', ';', '/', '|']));
        let odd = |entry: &str| {
            let Some((key, meaning)) = entry.split_once(['=', ':']) else { return false };
            let tokens = self.words.tokens(meaning);
            let cell = Header::new(&tokens);
            let word = self.answer(meaning.trim());
            let says_no = word == Some(ConsentWord::No)
                || word == Some(ConsentWord::Refusal)
                || cell.meets(Classes::of(&[No, Refuse, Unsubscribe]));
            let says_yes = word == Some(ConsentWord::Yes) || word == Some(ConsentWord::Permission);
            match self.answer(key.trim()) {
                Some(ConsentWord::Yes | ConsentWord::Permission) => says_no,
                Some(ConsentWord::No | ConsentWord::Refusal) => says_yes,
                _ => says_no || says_yes,
            }
        };
        entries.into_iter().any(odd)
    }

    fn header_of(&self, tokens: &[Token]) -> HeaderSays {
        let header = Header::new(tokens);
        if header.has(Other) {
            let is_all = |class: Class| {
                tokens.iter().filter(|token| token.classes.has(Other)).all(|token| token.classes.has(class))
            };
            // Where word of a death came from says that somebody died, and not in which words. What the family allows of being
            // written to, it may allow for a child.
            let is_of_death = is_all(Notice) && header.has(Death) && !header.has(Relative);
            let is_of_family = is_all(Relative) && header.meets(SUBJECT);
            return match is_of_death || is_of_family && header.meets(ANSWERS) {
                true => HeaderSays::Smells,
                false => HeaderSays::SomethingElse,
            };
        }
        if header.has(Death) && header.has(Relative) {
            return HeaderSays::SomethingElse;
        }
        if header.has(Data) && header.meets(ASSENT) && !header.meets(SUBJECT) {
            return HeaderSays::SomethingElse;
        }
        let about = fact(&header).or_else(|| answer(&header));
        about.unwrap_or_else(|| standing(&header))
    }
}

/// Death, age, bars and dead contacts.
fn fact(header: &Header<'_>) -> Option<HeaderSays> {
    let channels = Channels::of(header.all);
    let kind = if channels.email && !channels.call { ContactKind::Email } else { ContactKind::Phone };
    let asks = |about| Some(HeaderSays::Asks(header.asks(about)));
    if header.has(Kind) && channels.call && header.is_only(BESIDE.with(Call)) {
        return Some(HeaderSays::PhoneLabel);
    }
    if header.has(Tags) && header.is_only(Classes::of(&[Tags, Filler, Contact])) {
        return asks(About::Tags);
    }
    if header.has(Reach) && !header.meets(Classes::of(&[Permit, Unsubscribe, Refuse, No, Email, Call, Sms])) {
        return asks(About::Reach);
    }
    if header.has(Forget) {
        return asks(About::Block);
    }
    let is_dead_contact = header.meets(CHANNELS) && header.meets(Classes::of(&[Bounce, Bad]));
    if header.has(Bounce) || is_dead_contact {
        let kind = if channels.call || channels.sms && !channels.email { kind } else { ContactKind::Email };
        return asks(About::Dead(kind));
    }
    if header.meets(CHANNELS) && header.has(Works) && !header.meets(ASSENT.with(Refuse).with(Unsubscribe)) {
        let is_inverse = !header.negates(Classes::of(&[Works]), 2);
        return Some(HeaderSays::Asks(Asks { is_inverse, ..header.asks(About::Dead(kind)) }));
    }
    if header.has(Death) && header.has(Alive) {
        return asks(About::Status);
    }
    if header.has(Death) {
        let is_inverse = header.negates(Classes::of(&[Death]), 1);
        return Some(HeaderSays::Asks(Asks { is_inverse, ..header.asks(About::Death) }));
    }
    if header.has(Adult) && !header.has(Minor) && header.is_only(BESIDE.with(Adult)) {
        return Some(HeaderSays::Asks(Asks { is_inverse: true, ..header.asks(About::Minor) }));
    }
    if header.has(Alive) && header.is_only(BESIDE.with(Alive)) {
        return Some(HeaderSays::Asks(Asks { is_inverse: true, ..header.asks(About::Death) }));
    }
    if header.has(Minor) && header.unknown == 0 {
        return asks(About::Minor);
    }
    if header.meets(Classes::of(&[Age, BirthYear]))
        && header.is_only(Classes::of(&[Age, BirthYear, Filler, Date, Status]))
    {
        return asks(About::Minor);
    }
    // Who is barred is; what is, in words that nobody knows, may be a locker.
    if header.has(Block) && !header.meets(SUBJECT) {
        if header.unknown > 0 {
            return Some(HeaderSays::Smells);
        }
        let is_inverse = header.negates(Classes::of(&[Block]), 2) || header.has(Lift);
        return Some(HeaderSays::Asks(Asks { is_inverse, ..header.asks(About::Block) }));
    }
    None
}

/// Permission and refusal.
fn answer(header: &Header<'_>) -> Option<HeaderSays> {
    let asks = |about| Some(HeaderSays::Asks(header.asks(about)));
    let is_known = header.unknown == 0;
    let is_subject = header.meets(SUBJECT);
    // "No spam" is no permission.
    let turned = header.negates(Classes::of(&[Unsubscribe, Refuse, Block]), 1) && !header.has(Spam) || header.has(Lift);
    // "Spam consent" is one by the law against it.
    let says_no = |token: &Token| token.classes.meets(Classes::of(&[Unsubscribe, Refuse, No, Block, Complain]));
    if header.has(Spam)
        && header.meets(ASSENT)
        && !header.tokens.iter().any(|token| says_no(token) && !token.classes.has(Spam))
    {
        return asks(About::Permission);
    }
    // A permission that came to an end.
    if header.has(Cancel) && header.meets(Classes::of(&[Permit, Subscribe])) && !header.has(No) {
        return asks(About::Refusal);
    }
    // "Opt-in/opt-out": nobody knows to which of the two a "no" is one.
    if header.has(Unsubscribe) && header.has(Permit) && !turned {
        return Some(HeaderSays::Smells);
    }
    if header.has(Unsubscribe) || header.has(Block) {
        return asks(if turned { About::Permission } else { About::Refusal });
    }
    // "Channels closed"; but what a "mail lock" locks nobody knows.
    if header.has(Close) && is_subject {
        let is_negated = header.negates(Classes::of(&[Close]), 1);
        let is_clear = header.has(Channel) && is_known && !is_negated;
        return if is_clear { asks(About::Refusal) } else { Some(HeaderSays::Smells) };
    }
    if header.has(Complain) {
        return if is_subject || header.has(Refuse) { asks(About::Refusal) } else { Some(HeaderSays::Smells) };
    }
    if header.has(Refuse) {
        if is_subject || header.has(Permit) || header.has(Subscribe) {
            return asks(if turned { About::Permission } else { About::Refusal });
        }
        // Why somebody left says nothing of messages, mostly; why somebody was taken off a list does.
        if header.has(Reason) && (header.has(Cancel) || !is_known) {
            return Some(HeaderSays::Perhaps(header.asks(About::Status)));
        }
        // "Removed on", "taken off the list by"; but the removal of something is about that, and nobody knows what "removed Zorba" is.
        return match (is_known, header.has(Removal)) {
            (true, _) => asks(if turned { About::Permission } else { About::Refusal }),
            (false, true) => Some(HeaderSays::SomethingElse),
            (false, false) => Some(HeaderSays::Smells),
        };
    }
    if header.negates(SUBJECT.and(ASSENT), 4) {
        return match is_subject || is_known {
            true if header.is_only(Classes::of(&[No, Contact, Filler])) && !header.has(Contact) => None,
            true => asks(About::Refusal),
            false => Some(HeaderSays::Smells),
        };
    }
    if header.is_record() && header.meets(ASSENT) && !header.has(Date) {
        return Some(HeaderSays::SomethingElse);
    }
    if header.has(Subscribe) && header.meets(Classes::of(&[Status, State, Kind])) {
        return asks(About::Status);
    }
    if header.meets(Classes::of(&[Permit, Subscribe])) {
        return match is_subject || is_known {
            true => asks(About::Permission),
            false => Some(HeaderSays::Smells),
        };
    }
    if header.meets(ASSENT) && is_subject {
        return asks(About::Permission);
    }
    None
}

/// Where somebody stands; marketing and channels by themselves.
fn standing(header: &Header<'_>) -> HeaderSays {
    // "E-mail type" is home or work.
    let is_status = header.has(Status) || header.has(Kind) && !header.meets(CHANNELS);
    // "SMS marketing status" is subscribed or not; of an e-mail it may be bounced, too.
    if is_status && header.has(Contact) && matches!(Channels::of(header.all).single(), Some(record::Channel::Sms)) {
        return HeaderSays::Asks(header.asks(About::Permission));
    }
    if is_status && (header.meets(SUBJECT) || header.unknown == 0) {
        return HeaderSays::Asks(header.asks(About::Status));
    }
    if is_status || header.meets(Classes::of(&[State, Reason, Verified])) {
        return HeaderSays::Perhaps(header.asks(About::Status));
    }
    // "Marketing", "bulk e-mails", "calls about offers": a column of permission, if its values are answers.
    // "Primary e-mail: yes" is none.
    if header.meets(SUBJECT) && !header.is_record() {
        let asks = header.asks(About::Permission);
        return HeaderSays::Perhaps(Asks { is_clear: asks.is_clear && !header.has(Rank), ..asks });
    }
    HeaderSays::Nothing
}
