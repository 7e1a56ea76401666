//! Cells that say where somebody stands, or how old somebody is.

use super::class::{Channels, Class, Classes};
use super::header::{About, Asks};
use super::said::{ASSENT, Cell, CellSays, SUBJECT, answered, dead, facts};
use crate::record::{Channel, Consent, ContactKind, Standing, StandingFact};
use crate::rule::ConsentWord;

use Class::{
    Adult, Bad, Block, Bounce, Complain, Death, Forget, Legal, Minor, No, Other, Permit, Reason, Refuse, Subscribe,
    Unconfirmed, Unsubscribe, Unsure, Verified, Want, Works, Yes,
};

/// Words of an answer that is no more than one: "not a member".
const SHORT: usize = 3;

pub(super) fn minor(asks: &Asks, cell: &Cell<'_>, word: Option<ConsentWord>, year: i32) -> CellSays {
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
    let is_yes = matches!(word, Some(ConsentWord::Yes)) || word == Some(ConsentWord::Cross) && !asks.is_inverse;
    let is_no = matches!(word, Some(ConsentWord::No | ConsentWord::Cross)) || cell.begins(No);
    if asks.is_inverse {
        return says(is_no || cell.affirms(Classes::of(&[Minor])));
    }
    if cell.affirms(Classes::of(&[Minor])) || cell.negates(Classes::of(&[Adult])) {
        return says(true);
    }
    // A one in such a column is a yes as well as an age; who is one year old is not of age, either. "12-17" is of both ends.
    match (numbers.iter().max(), is_yes || cell.begins(Yes)) {
        (Some(age), _) => says((1..OF_AGE).contains(age)),
        (None, yes) => says(yes && !is_no),
    }
}

/// What a clause of a status says that also speaks of something else: "unsubscribed via the link of an order". What is refused, closed
/// or dead may be that; taking oneself off a list, no contact, and a death or a bar that stands first are the customer's.
pub(super) fn said_beside(asks: &Asks, cell: &Cell<'_>) -> Standing {
    let other = cell.places(Classes::of(&[Other])).next().unwrap_or(usize::MAX);
    let stands_first = |class: Class| cell.places(Classes::of(&[class])).any(|at| at < other && !cell.is_negated(at));
    let mut standing = Standing::NOTHING;
    // "Died wife" is said in Russian and Arabic of her.
    let is_relative = |at: usize| cell.tokens.get(at + 1).is_some_and(|next| next.classes.has(Class::Relative));
    let died = cell.places(Classes::of(&[Death])).any(|at| at < other && !cell.is_negated(at) && !is_relative(at));
    if died {
        standing = standing.and(Standing::of_fact(StandingFact::Deceased));
    }
    if stands_first(Block) || stands_first(Forget) {
        standing = standing.and(Standing::of_fact(StandingFact::Blocked));
    }
    let contact = SUBJECT.with(Permit).with(Subscribe);
    let is_negated = cell.negates(if asks.is_of_contact { contact.and(ASSENT) } else { contact });
    let is_refusal = cell.affirms(Classes::of(&[Unsubscribe]))
        || is_negated && !cell.has(Unsure)
        || asks.is_of_contact && stands_first(Refuse);
    if is_refusal {
        standing = standing.and(answered(asks.channels, Consent::No));
    }
    standing
}

/// Where somebody stands, in words.
pub(super) fn status(asks: &Asks, cell: &Cell<'_>, word: Option<ConsentWord>) -> Standing {
    // By no way is whoever is reached best by none.
    if asks.about == About::Reach && (word == Some(ConsentWord::No) || cell.is_only(Classes::of(&[No]))) {
        return Standing::of_any(Consent::No);
    }
    let channels = Channels { post: false, whatsapp: false, ..cell.channels };
    let scope = if channels.is_none() { asks.channels } else { channels };
    let mail = if asks.channels.is_none() { Channels::one(Channel::Email) } else { asks.channels };
    match word {
        Some(ConsentWord::Refusal) if !cell.has(Block) => return answered(scope, Consent::No),
        Some(ConsentWord::Permission) if cell.affirms(Classes::of(&[Permit, Subscribe])) => {
            return answered(mail, Consent::Yes);
        }
        // "Pending" is no answer, and says that nothing was confirmed.
        Some(ConsentWord::Nothing) if cell.affirms(Classes::of(&[Unconfirmed])) => {}
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
        return standing.and(answered(if asks.is_of_contact { scope } else { mail }, Consent::Unknown));
    }
    let is_refusal = cell.affirms(Classes::of(&[Unsubscribe]))
        || cell.affirms(Classes::of(&[Complain])) && is_known
        || cell.affirms(Classes::of(&[Refuse]))
            && (is_known && !cell.has(Reason) || cell.meets(SUBJECT.with(Permit).with(Subscribe)))
        || cell.negates(SUBJECT.with(Permit).with(Subscribe).with(Want)) && !cell.has(Unsure);
    if is_refusal {
        return standing.and(answered(scope, Consent::No));
    }
    // Where a status is one of being written to, it is a permission in words: what is negated is none, nor is what nobody knows.
    if asks.is_of_contact {
        let is_short_no = cell.begins(No) && cell.tokens.len() <= SHORT;
        if (is_short_no || cell.negates(ASSENT.with(Works).with(Verified))) && !cell.has(Unsure) {
            return standing.and(answered(scope, Consent::No));
        }
        if cell.has(Unsure) || !is_known && cell.meets(ASSENT) {
            return standing.and(answered(scope, Consent::Unknown));
        }
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
