//! Cells of columns that ask for permission.

use super::class::{Channels, Class, Classes};
use super::header::Asks;
use super::said::{ASSENT, CHANNEL_LIST, Cell, CellSays, DISSENT, ReadOn, SUBJECT, answered, facts};
use crate::record::{Channel, Consent, Standing};
use crate::rule::ConsentWord;

use Class::{Accept, All, Block, Date, Email, Newsletter, No, Other, Permit, Subscribe, Unconfirmed, Unsure, Yes};

pub(super) fn permission(asks: &Asks, cell: &Cell<'_>, word: Option<ConsentWord>, on: ReadOn) -> CellSays {
    // A way by which nobody is asked: a yes to it permits no other, and a no forbids none.
    let is_elsewhere = asks.channels.is_elsewhere();
    let say = |consent: Consent| CellSays {
        standing: if is_elsewhere { facts(cell) } else { answered(asks.channels, consent).and(facts(cell)) },
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
    // A permission that ended is none.
    if asks.is_term && on.is_over(cell) {
        return say(Consent::Unknown);
    }
    // "Not yet asked" is no refusal.
    if cell.meets(Classes::of(&[Unsure, Unconfirmed])) {
        return say(Consent::Unknown);
    }
    // Channels count where the column asks for more than one.
    let is_open = asks.channels.single().is_none() && !is_elsewhere;
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
    // What was signed or allowed may be a photograph.
    if cell.has(Other) && !cell.begins(Yes) && !cell.meets(SUBJECT.with(Permit).with(Subscribe)) {
        return say(Consent::Unknown);
    }
    let is_yes = cell.begins(Yes)
        || cell.affirms(ASSENT)
        || cell.affirms(Classes::of(&[All]))
        || on.day.is_some()
        || cell.is_date()
        || !asks.channels.is_none()
            && cell.affirms(Classes::of(&[Newsletter, Email]))
            && cell.unknown <= 1
            && is_frequency(cell);
    say(if is_yes { Consent::Yes } else { Consent::Unknown })
}

/// "Weekly digest" under "E-mail preference": mail is wanted, and how often.
pub(super) fn is_frequency(cell: &Cell<'_>) -> bool {
    cell.has(Newsletter) || cell.has(Date)
}

/// "E-mail only", "SMS + mail": these, and no others.
pub(super) fn listed(named: Channels) -> CellSays {
    let mut standing = Standing::NOTHING;
    for &channel in Channel::ALL {
        let consent = if named.iter().any(|own| own == channel) { Consent::Yes } else { Consent::No };
        standing = standing.and(Standing::of_channel(channel, consent));
    }
    CellSays { standing, answer: None, is_placeholder: false, is_unclear: false }
}
