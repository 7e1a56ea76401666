//! What a cell answers to the question that its column asks.

use super::StandingWords;
use super::class::{Channels, Class, Classes};
use super::header::{About, Asks};
use super::words::Token;
use crate::record::{Channel, Consent, ContactKind, Standing, StandingFact};
use crate::rule::ConsentWord;

use Class::{
    Accept, Alive, All, Bad, Block, Bounce, Call, Contact, Date, Death, Email, Filler, Forget, Legal, List, Minor,
    Month, Newsletter, No, Only, Other, Permit, Post, Reason, Refuse, Request, Sms, Status, Subscribe, Unconfirmed,
    Unsubscribe, Unsure, Verified, Want, Whatsapp, Works, Yes,
};

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CellSays {
    /// Of contacting its customer.
    pub standing: Standing,
    /// Yes or no to what the column asks, where it is plainly one of them.
    pub answer: Option<bool>,
    /// It stands for nothing.
    pub is_placeholder: bool,
    /// Words that nobody understands, where an answer was asked for.
    pub is_unclear: bool,
}

const CHANNELS: Classes = Classes::of(&[Sms, Email, Call, Post, Whatsapp, Newsletter]);
const SUBJECT: Classes = CHANNELS.with(Contact);
const ASSENT: Classes = Classes::of(&[Permit, Subscribe, Accept, Want]);
const DISSENT: Classes = Classes::of(&[Unsubscribe, Refuse]);
const CHANNEL_LIST: Classes = CHANNELS.and(Classes::of(&[Filler, Only, Contact]));
const TIME: Classes = Classes::of(&[Date, Month, Filler]);
/// What may stand behind the "no" that says that nothing was refused.
const NO_REFUSAL: Classes = Classes::of(&[
    No,
    Unsubscribe,
    Refuse,
    Block,
    Forget,
    Request,
    List,
    Filler,
    Date,
    Death,
    Bounce,
    Bad,
    Minor,
    Status,
    Reason,
]);

/// The words of a cell together.
struct Cell<'t> {
    tokens: &'t [Token],
    all: Classes,
    unknown: usize,
    channels: Channels,
}

impl<'t> Cell<'t> {
    fn new(tokens: &'t [Token]) -> Self {
        let all = tokens.iter().fold(Classes::NONE, |all, token| all.and(token.classes));
        let unknown = tokens.iter().filter(|token| token.classes.is_none() && token.number.is_none()).count();
        Cell { tokens, all, unknown, channels: Channels::of(all) }
    }

    fn has(&self, class: Class) -> bool {
        self.all.has(class)
    }

    fn meets(&self, classes: Classes) -> bool {
        self.all.meets(classes)
    }

    fn begins(&self, class: Class) -> bool {
        let first = self.tokens.iter().find(|token| token.classes != Classes::of(&[Filler]));
        first.is_some_and(|token| token.classes.has(class))
    }

    fn is_only(&self, classes: Classes) -> bool {
        self.tokens.iter().all(|token| token.classes.meets(classes))
    }

    /// A word of these classes without a "not" shortly before it.
    fn affirms(&self, classes: Classes) -> bool {
        self.places(classes).any(|at| !self.is_negated(at))
    }

    fn negates(&self, classes: Classes) -> bool {
        self.places(classes).any(|at| self.is_negated(at))
    }

    fn places(&self, classes: Classes) -> impl Iterator<Item = usize> + '_ {
        (0..self.tokens.len()).filter(move |at| self.tokens[*at].classes.meets(classes))
    }

    fn is_negated(&self, at: usize) -> bool {
        self.tokens[at.saturating_sub(3)..at].iter().any(|token| token.classes.has(No))
    }

    /// A day, a month, a year, a season and nothing else.
    fn is_date(&self) -> bool {
        let numbers = self.tokens.iter().filter_map(|token| token.number);
        let has_date = numbers.clone().count() > 1 || self.has(Month) || numbers.clone().any(|number| number >= 1900);
        has_date && self.tokens.iter().all(|token| token.number.is_some() || token.classes.meets(TIME))
    }
}

impl StandingWords {
    /// What a cell says; `text` is trimmed and not empty. `year` is this year, `is_day` whether the cell was read as a date.
    pub fn cell(&self, asks: &Asks, text: &str, year: i32, is_day: bool) -> CellSays {
        let word = self.answer(text);
        if asks.about == About::Tags {
            return self.tags(asks, text);
        }
        let tokens = self.words.tokens(text);
        let cell = Cell::new(&tokens);
        match asks.about {
            About::Permission => permission(asks, &cell, word, is_day),
            About::Refusal => match self.is_no_refusal(&cell, text, word, asks, is_day) {
                Denial::Placeholder => CellSays { is_placeholder: true, ..CellSays::default() },
                Denial::Plain => CellSays { answer: Some(false), ..CellSays::default() },
                Denial::Not => refusal(asks, &cell, word),
            },
            About::Block => self.fact(&cell, text, word, asks, StandingFact::Blocked),
            About::Death => self.fact(&cell, text, word, asks, StandingFact::Deceased),
            About::Dead(kind) => self.dead(&cell, text, word, asks, kind),
            About::Minor => minor(&cell, word, year),
            // A way by itself is the one that is liked best.
            About::Reach if cell.is_only(CHANNEL_LIST) => CellSays::default(),
            About::Status | About::Tags | About::Reach => {
                CellSays { standing: status(asks, &cell, word), ..CellSays::default() }
            }
        }
    }

    /// Whether a value says something of contacting, in words that hardly mean anything else: what columns under unknown headers
    /// are known by.
    pub fn is_telling(&self, text: &str) -> bool {
        let tokens = self.words.tokens(text);
        let cell = Cell::new(&tokens);
        if tokens.len() > 6 || cell.has(Other) || cell.unknown > 0 {
            return false;
        }
        let said = status(&Asks::about(About::Status), &cell, self.answer(text));
        said.holds()
    }

    /// Whether a cell is a plain answer of one word.
    pub fn is_plain(&self, text: &str) -> bool {
        self.answer(text).is_some()
    }

    /// Whether a value is an answer to a question about contact: a yes, a no, a permission, a refusal.
    pub fn is_answer(&self, text: &str) -> bool {
        self.answer(text).is_some() || {
            let tokens = self.words.tokens(text);
            let cell = Cell::new(&tokens);
            cell.begins(Yes) || cell.begins(No) || cell.unknown == 0 && cell.meets(ASSENT.and(DISSENT).with(Unsure))
        }
    }

    /// A plain answer of one word.
    fn answer(&self, text: &str) -> Option<ConsentWord> {
        self.answers.read(text).or_else(|| {
            let bare = text.trim_end_matches(['.', '!', '?', ',']);
            self.answers.read(bare).or_else(|| self.answers.read(&bare.to_lowercase()))
        })
    }

    /// Each of the words beside one another is a status by itself.
    fn tags(&self, asks: &Asks, text: &str) -> CellSays {
        let mut standing = Standing::NOTHING;
        for tag in text.split([',', ';', '|', '\n', '/', '#']).map(str::trim).filter(|tag| !tag.is_empty()) {
            let tokens = self.words.tokens(tag);
            let cell = Cell::new(&tokens);
            if !cell.has(Other) {
                standing = standing.and(status(asks, &cell, self.answer(tag)));
            }
        }
        CellSays { standing, ..CellSays::default() }
    }

    /// Whether a cell of a column that asks for refusals, deaths or bars says that there is none.
    fn is_no_refusal(
        &self,
        cell: &Cell<'_>,
        text: &str,
        word: Option<ConsentWord>,
        asks: &Asks,
        is_day: bool,
    ) -> Denial {
        match word {
            Some(ConsentWord::Nothing) if text.trim() != "?" => return Denial::Placeholder,
            Some(ConsentWord::No) => return Denial::Plain,
            // Whoever is registered in a register of refusals refused.
            Some(ConsentWord::Permission) if !cell.has(Request) && !asks.is_told => return Denial::Plain,
            Some(_) => return Denial::Not,
            None => {}
        }
        if is_zeros(text) {
            return Denial::Placeholder;
        }
        if is_day || cell.is_date() {
            return Denial::Not;
        }
        if cell.begins(No) {
            // "No, texts are fine": what stands behind the comma has to be a refusal by itself to make it one.
            if let Some((no, rest)) = text.split_once([',', ';', '-', '–', ':', '.', '('])
                && self.words.tokens(no).iter().all(|token| token.classes.meets(Classes::of(&[No, Filler])))
                && !rest.trim().is_empty()
            {
                let tokens = self.words.tokens(rest);
                let rest = Cell::new(&tokens);
                let refuses = rest.affirms(DISSENT.with(Forget).with(Death)) || rest.negates(SUBJECT.and(ASSENT));
                return if refuses || rest.meets(SUBJECT) && !rest.affirms(ASSENT) {
                    Denial::Not
                } else {
                    Denial::Plain
                };
            }
            let is_bare = cell.tokens.iter().all(|token| token.classes.meets(NO_REFUSAL) || token.number.is_some());
            let is_wish = cell.meets(SUBJECT.with(Want).with(Permit).with(Subscribe));
            let is_assent = cell.has(Accept) && !cell.has(Request);
            return if is_bare && !is_wish && !is_assent || cell.negates(DISSENT) && !is_wish {
                Denial::Plain
            } else {
                Denial::Not
            };
        }
        let is_given = !asks.is_told
            && cell.unknown == 0
            && cell.affirms(ASSENT.with(Works))
            && !cell.has(No)
            && !cell.meets(DISSENT.with(Request));
        let is_alive = asks.about == About::Death && cell.affirms(Classes::of(&[Alive])) && !cell.has(Death);
        if is_given && asks.about != About::Death || is_alive { Denial::Plain } else { Denial::Not }
    }

    /// A column of deaths or bars.
    fn fact(
        &self,
        cell: &Cell<'_>,
        text: &str,
        word: Option<ConsentWord>,
        asks: &Asks,
        fact: StandingFact,
    ) -> CellSays {
        let no = self.is_no_refusal(cell, text, word, asks, false);
        if no == Denial::Placeholder {
            return CellSays { is_placeholder: true, ..CellSays::default() };
        }
        let says = if asks.is_inverse {
            no == Denial::Plain && !cell.affirms(Classes::of(&[Alive])) || cell.affirms(Classes::of(&[Death]))
        } else {
            no == Denial::Not
        };
        let standing = if says { Standing::of_fact(fact) } else { Standing::NOTHING };
        CellSays { standing, answer: Some(says != asks.is_inverse), ..CellSays::default() }
    }

    /// A column of addresses or numbers that reach nobody.
    fn dead(&self, cell: &Cell<'_>, text: &str, word: Option<ConsentWord>, asks: &Asks, kind: ContactKind) -> CellSays {
        let fact = Standing::of_fact(dead(kind));
        let says_dead = cell.affirms(Classes::of(&[Bounce, Bad])) || cell.negates(Classes::of(&[Works]));
        let works = cell.affirms(Classes::of(&[Works, Verified])) || cell.negates(Classes::of(&[Bounce, Bad]));
        let no = self.is_no_refusal(cell, text, word, asks, false);
        let is_dead = match (says_dead, works, no) {
            (_, _, Denial::Placeholder) => return CellSays { is_placeholder: true, ..CellSays::default() },
            (true, false, _) => true,
            (_, true, _) => false,
            (.., no) => (no == Denial::Plain) == asks.is_inverse && (!asks.is_inverse || word.is_some()),
        };
        let standing = if is_dead { fact } else { Standing::NOTHING };
        CellSays { standing, answer: Some(is_dead != asks.is_inverse), ..CellSays::default() }
    }
}

/// Whether a cell says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Denial {
    /// It stands for nothing.
    Placeholder,
    /// Plainly.
    Plain,
    /// It does not.
    Not,
}

const fn dead(kind: ContactKind) -> StandingFact {
    match kind {
        ContactKind::Email => StandingFact::DeadEmail,
        ContactKind::Phone => StandingFact::DeadPhone,
    }
}

/// An answer about the channels that are asked for, or about any.
fn answered(channels: Channels, consent: Consent) -> Standing {
    let of = |standing: Standing, channel| standing.and(Standing::of_channel(channel, consent));
    let named = channels.iter().fold(Standing::NOTHING, of);
    if named.is_nothing() { Standing::of_any(consent) } else { named }
}

/// What else a cell says of its customer: that it died, is barred.
fn facts(cell: &Cell<'_>) -> Standing {
    let mut standing = Standing::NOTHING;
    if cell.affirms(Classes::of(&[Death])) && !cell.meets(CHANNELS.with(Other)) {
        standing = standing.and(Standing::of_fact(StandingFact::Deceased));
    }
    if cell.affirms(Classes::of(&[Forget])) {
        standing = standing.and(Standing::of_fact(StandingFact::Blocked));
    }
    standing
}

fn permission(asks: &Asks, cell: &Cell<'_>, word: Option<ConsentWord>, is_day: bool) -> CellSays {
    let say = |consent: Consent| CellSays {
        standing: answered(asks.channels, consent).and(facts(cell)),
        answer: match consent {
            Consent::Yes => Some(true),
            Consent::No => Some(false),
            Consent::Unknown => None,
        },
        is_placeholder: word == Some(ConsentWord::Nothing),
        is_unclear: consent == Consent::Unknown && word.is_none(),
    };
    match word {
        Some(ConsentWord::Yes | ConsentWord::Permission) => return say(Consent::Yes),
        Some(ConsentWord::No | ConsentWord::Cross | ConsentWord::Refusal) => return say(Consent::No),
        Some(ConsentWord::Nothing) => return say(Consent::Unknown),
        None => {}
    }
    if cell.affirms(Classes::of(&[Unsure, Unconfirmed])) {
        return say(Consent::Unknown);
    }
    // Channels count where the column asks for more than one.
    let is_open = asks.channels.single().is_none();
    let named = Channels { post: false, whatsapp: false, ..cell.channels };
    let names = is_open && !cell.channels.is_none();
    if cell.affirms(DISSENT.with(Block)) {
        return if names && !cell.affirms(Classes::of(&[All])) && cell.unknown == 0 && !named.is_none() {
            CellSays {
                standing: answered(named, Consent::No).and(facts(cell)),
                is_unclear: true,
                ..CellSays::default()
            }
        } else {
            say(Consent::No)
        };
    }
    let is_list = names && cell.is_only(CHANNEL_LIST.with(All).with(Accept).with(Permit).with(Yes));
    if cell.has(No) {
        let is_of_channels = names && cell.is_only(CHANNEL_LIST.with(No)) && !named.is_none();
        if is_of_channels && !cell.has(All) {
            return CellSays { standing: answered(named, Consent::No), ..CellSays::default() };
        }
        let is_clear = cell.unknown == 0 || cell.meets(ASSENT.and(SUBJECT)) || cell.tokens.len() <= 3;
        return say(if is_clear && !cell.begins(Yes) { Consent::No } else { Consent::Unknown });
    }
    if is_list && !cell.has(All) {
        return listed(named);
    }
    let is_yes = cell.begins(Yes)
        || cell.affirms(ASSENT)
        || cell.affirms(Classes::of(&[All]))
        || is_day
        || cell.is_date()
        || !asks.channels.is_none()
            && cell.affirms(Classes::of(&[Newsletter, Email]))
            && cell.unknown <= 1
            && is_frequency(cell);
    say(if is_yes { Consent::Yes } else { Consent::Unknown })
}

/// "Weekly digest" under "E-mail preference": mail is wanted, and how often.
fn is_frequency(cell: &Cell<'_>) -> bool {
    cell.has(Newsletter) || cell.has(Date)
}

/// "E-mail only", "SMS + mail": these, and no others.
fn listed(named: Channels) -> CellSays {
    let mut standing = Standing::NOTHING;
    for &channel in Channel::ALL {
        let consent = if named.iter().any(|own| own == channel) { Consent::Yes } else { Consent::No };
        standing = standing.and(Standing::of_channel(channel, consent));
    }
    CellSays { standing, answer: None, is_placeholder: false, is_unclear: false }
}

fn refusal(asks: &Asks, cell: &Cell<'_>, word: Option<ConsentWord>) -> CellSays {
    // "On hold: bounced" says that the address is dead, not that anybody refused.
    if cell.affirms(Classes::of(&[Bounce])) && !cell.meets(Classes::of(&[Unsubscribe, Block, Forget, Contact])) {
        let kind = if cell.channels.call || asks.channels.call { ContactKind::Phone } else { ContactKind::Email };
        return CellSays { standing: Standing::of_fact(dead(kind)), answer: Some(true), ..CellSays::default() };
    }
    // "By phone" may say how it was refused; only a column of channels holds what was.
    let is_list = word.is_none() && asks.names_channels && cell.is_only(CHANNEL_LIST.with(No));
    let named = if is_list && !cell.has(All) && !cell.channels.is_none() { cell.channels } else { asks.channels };
    CellSays { standing: answered(named, Consent::No).and(facts(cell)), answer: Some(true), ..CellSays::default() }
}

fn minor(cell: &Cell<'_>, word: Option<ConsentWord>, year: i32) -> CellSays {
    const OF_AGE: i64 = 18;
    let says = |is_minor: bool| CellSays {
        standing: if is_minor { Standing::of_fact(StandingFact::Minor) } else { Standing::NOTHING },
        ..CellSays::default()
    };
    let numbers: Vec<i64> = cell.tokens.iter().filter_map(|token| token.number?.try_into().ok()).collect();
    let is_year = |number: &&i64| (1900..=i64::from(year)).contains(*number);
    if let Some(born) = numbers.iter().find(is_year) {
        return says(i64::from(year) - born < OF_AGE);
    }
    match (word, numbers.first()) {
        (Some(ConsentWord::No), _) if numbers.is_empty() => says(false),
        (Some(ConsentWord::Yes | ConsentWord::Cross), _) if numbers.is_empty() => says(true),
        // A one or a nought in such a column is a yes or a no as well as an age; who is one year old is not of age, either.
        (_, Some(0)) => says(false),
        (_, Some(age)) => says((1..OF_AGE).contains(age)),
        (None, None) => says(cell.affirms(Classes::of(&[Minor])) || cell.begins(Yes)),
        _ => says(false),
    }
}

/// Where somebody stands, in words.
fn status(asks: &Asks, cell: &Cell<'_>, word: Option<ConsentWord>) -> Standing {
    let channels = Channels { post: false, whatsapp: false, ..cell.channels };
    let scope = if channels.is_none() { asks.channels } else { channels };
    let mail = if asks.channels.is_none() { Channels::one(Channel::Email) } else { asks.channels };
    match word {
        Some(ConsentWord::Refusal) if !cell.has(Block) => return answered(scope, Consent::No),
        Some(ConsentWord::Permission) if cell.affirms(Classes::of(&[Permit, Subscribe])) => {
            return answered(mail, Consent::Yes);
        }
        Some(ConsentWord::Yes | ConsentWord::No | ConsentWord::Nothing | ConsentWord::Cross) => {
            return Standing::NOTHING;
        }
        _ => {}
    }
    if cell.has(Other) {
        return Standing::NOTHING;
    }
    let is_known = cell.unknown == 0;
    let mut standing = facts(cell);
    let is_phone = channels.call
        || channels.sms
        || channels.is_none() && (asks.channels.call || asks.channels.sms) && !asks.channels.email;
    let kind = if is_phone && !channels.email { ContactKind::Phone } else { ContactKind::Email };
    let is_about_contact = !asks.channels.is_none() || !channels.is_none();
    if cell.affirms(Classes::of(&[Bounce])) || is_about_contact && cell.affirms(Classes::of(&[Bad])) {
        return standing.and(Standing::of_fact(dead(kind)));
    }
    if !asks.channels.is_none() && cell.negates(Classes::of(&[Works])) && is_known {
        return standing.and(Standing::of_fact(dead(kind)));
    }
    if cell.affirms(Classes::of(&[Block])) {
        let barred = if cell.meets(SUBJECT) || !asks.channels.is_none() {
            answered(scope, Consent::No)
        } else {
            Standing::of_fact(StandingFact::Blocked)
        };
        return standing.and(barred);
    }
    if cell.affirms(Classes::of(&[Unconfirmed])) {
        return standing.and(answered(mail, Consent::Unknown));
    }
    let is_refusal = cell.affirms(Classes::of(&[Unsubscribe]))
        || cell.affirms(Classes::of(&[Refuse]))
            && (is_known && !cell.has(Reason) || cell.meets(SUBJECT.with(Permit).with(Subscribe)))
        || cell.negates(SUBJECT.with(Permit).with(Subscribe).with(Want)) && !cell.has(Unsure);
    if is_refusal {
        return standing.and(answered(scope, Consent::No));
    }
    if cell.affirms(Classes::of(&[Legal])) && is_known {
        standing = standing.and(Standing::of_fact(StandingFact::Legal));
    }
    if cell.affirms(Classes::of(&[Minor])) && is_known {
        standing = standing.and(Standing::of_fact(StandingFact::Minor));
    }
    if cell.affirms(Classes::of(&[Permit, Subscribe])) && is_known && !cell.has(Unsure) {
        return standing.and(answered(mail, Consent::Yes));
    }
    standing
}

/// Nothing but zeros: a database's empty date.
fn is_zeros(text: &str) -> bool {
    text.len() > 3 && text.bytes().all(|byte| matches!(byte, b'0' | b'/' | b'.' | b'-' | b':' | b' ' | b'T' | b'Z'))
}
