//! What a cell answers to the question that its column asks.

use super::class::{Class, Classes};
use super::header::{About, Asks, HeaderSays};
use super::permission::permission;
use super::reader::StandingWords;
use super::said::{
    ASSENT, CHANNEL_LIST, CHANNELS, Cell, CellSays, DISSENT, NO_REFUSAL, ReadOn, SUBJECT, answered, dead, facts,
};
use super::status::{minor, said_beside, status};
use super::words::Token;
use crate::record::{Consent, ContactKind, Day, Standing, StandingFact};
use crate::rule::ConsentWord;

use Class::{
    Accept, Alive, All, Bad, Block, Bounce, Contact, Death, Filler, Forget, No, Only, Other, Permit, Request,
    Subscribe, Unconfirmed, Unsubscribe, Unsure, Verified, Want, Works, Yes,
};

impl StandingWords {
    /// What a cell says; `text` is trimmed and not empty.
    pub fn cell(&self, asks: &Asks, text: &str, on: ReadOn) -> CellSays {
        let word = self.answer(text);
        if asks.about == About::Tags {
            return self.tags(asks, text);
        }
        let tokens = self.words.tokens(text);
        let cell = Cell::new(&tokens);
        match asks.about {
            About::Permission => permission(asks, &cell, word, on),
            About::Refusal => match self.is_no_refusal(&cell, text, word, asks, on.day.is_some()) {
                Denial::Placeholder => CellSays { is_placeholder: true, ..CellSays::default() },
                Denial::Plain => CellSays { answer: Some(false), ..CellSays::default() },
                Denial::Not => refusal(asks, &cell, word),
            },
            About::Block => self.fact(&cell, text, word, asks, StandingFact::Blocked),
            About::Death => self.fact(&cell, text, word, asks, StandingFact::Deceased),
            About::Dead(kind) => self.dead(&cell, text, word, asks, kind),
            About::Minor => minor(asks, &cell, word, on.year()),
            // A way by itself is the one that is liked best.
            About::Reach if cell.is_only(CHANNEL_LIST) => CellSays::default(),
            About::Status | About::Tags | About::Reach => {
                CellSays { standing: self.status(asks, text, &cell, word), ..CellSays::default() }
            }
        }
    }

    /// A status. Where a word of it is about something else, each of its clauses counts by itself: who deceased "per daughter" is dead.
    fn status(&self, asks: &Asks, text: &str, cell: &Cell<'_>, word: Option<ConsentWord>) -> Standing {
        if !cell.has(Other) {
            return status(asks, cell, word);
        }
        let clauses = text.split([',', ';', ':', '(', ')', '/', '|', '–', '—', '•', '\n']);
        let clauses = clauses.flat_map(|clause| clause.split(" - ")).map(str::trim).filter(|clause| !clause.is_empty());
        clauses.fold(Standing::NOTHING, |said, clause| {
            let tokens = self.words.tokens(clause);
            let cell = Cell::new(&tokens);
            let own = if cell.has(Other) { said_beside(asks, &cell) } else { status(asks, &cell, self.answer(clause)) };
            said.and(own)
        })
    }

    /// Whether a value says something of contacting, in words that hardly mean anything else: what columns under unknown headers
    /// are known by.
    pub fn is_telling(&self, text: &str) -> bool {
        let tokens = self.words.tokens(text);
        let cell = Cell::new(&tokens);
        if tokens.len() > MOST_TELLING || cell.has(Other) {
            return false;
        }
        // "Confidential - do not approach": a "not" before being contacted says enough, whatever stands beside it.
        if cell.unknown > 0 {
            return cell.unknown <= 2 && cell.negates(Classes::of(&[Contact]));
        }
        let said = status(&Asks::about(About::Status), &cell, self.answer(text));
        said.holds()
    }

    /// Whether a value under a header that asks for nothing of it says that somebody died, is barred or wants no messages. Where the
    /// header is about something else, only what can hardly be about that counts.
    pub fn tells_under(&self, header: &str, text: &str) -> bool {
        self.is_telling_below(header, text) || self.is_telling(text) && self.header(header) != HeaderSays::SomethingElse
    }

    /// Whether a value says in so many words that somebody is not to be contacted, or died: so much is more than chance also where
    /// the header is about something else, unless that is a relative.
    pub(super) fn is_telling_below(&self, header: &str, text: &str) -> bool {
        let tokens = self.words.tokens(text);
        let cell = Cell::new(&tokens);
        if tokens.len() > MOST_TELLING || cell.unknown > 0 || cell.has(Other) {
            return false;
        }
        let is_dead = || cell.affirms(Classes::of(&[Death])) && !self.names_relative(header);
        cell.negates(CHANNELS.with(Contact)) || is_dead()
    }

    fn names_relative(&self, header: &str) -> bool {
        self.words.tokens(header).iter().any(|token| token.classes.has(Class::Relative))
    }

    /// Whether a value is an answer to a question about contact: a yes, a no, a permission, a refusal.
    pub fn is_answer(&self, text: &str) -> bool {
        self.answer(text).is_some() || {
            let tokens = self.words.tokens(text);
            let cell = Cell::new(&tokens);
            let is_of_ways = cell.meets(Classes::of(&[Only])) && cell.is_only(CHANNEL_LIST);
            cell.begins(Yes)
                || cell.begins(No)
                || is_of_ways
                || cell.unknown == 0 && cell.meets(ASSENT.and(DISSENT).with(Unsure))
        }
    }

    /// Whether a value names ways to reach somebody and nothing else: "SMS, phone", "all".
    pub fn names_ways(&self, text: &str) -> bool {
        let tokens = self.words.tokens(text);
        let cell = Cell::new(&tokens);
        let names = !cell.channels.is_none() || cell.has(All);
        names && cell.is_only(CHANNEL_LIST.with(All).with(No))
    }

    /// Whether a value speaks of a way to reach somebody, whatever else it says.
    pub fn mentions_way(&self, text: &str) -> bool {
        let tokens = self.words.tokens(text);
        let cell = Cell::new(&tokens);
        !cell.channels.is_none() || cell.meets(Classes::of(&[All, Contact]))
    }

    /// Whether nobody understands a value: an answer that is none, or words of which none is known, unless it is one that says
    /// that nobody knows. `text` is trimmed and not empty.
    pub fn is_unread(&self, asks: &Asks, text: &str) -> bool {
        if asks.about == About::Permission {
            let on = ReadOn { today: Day::EPOCH, day: None };
            return self.cell(asks, text, on).is_unclear;
        }
        let tokens = self.words.tokens(text);
        let cell = Cell::new(&tokens);
        let is_open = match self.answer(text) {
            Some(word) => word == ConsentWord::Nothing && asks.about == About::Status,
            None => !cell.is_date(),
        };
        // "Died of what he had ordered": it may be a status, and no clause of it says so.
        if asks.about == About::Status && cell.has(Other) && cell.meets(DISSENT.with(Death).with(Block).with(Forget)) {
            return self.status(asks, text, &cell, None).is_nothing();
        }
        let is_unknown = |token: &Token| token.classes.is_none() || token.classes.has(Unsure);
        is_open
            && tokens.iter().any(is_unknown)
            && tokens.iter().all(|token| is_unknown(token) || token.classes.has(Filler))
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
            // Whose withdrawal is pending withdrew.
            Some(ConsentWord::Nothing) if cell.has(Unconfirmed) => return Denial::Not,
            // Of whom nobody knows when he died.
            Some(ConsentWord::Nothing) if asks.about == About::Death && asks.is_dated && cell.has(Unsure) => {
                return Denial::Not;
            }
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

/// So many words say at most, by themselves, where somebody stands.
const MOST_TELLING: usize = 6;

/// Nothing but zeros: a database's empty date.
fn is_zeros(text: &str) -> bool {
    text.len() > 3 && text.bytes().all(|byte| matches!(byte, b'0' | b'/' | b'.' | b'-' | b':' | b' ' | b'T' | b'Z'))
}
