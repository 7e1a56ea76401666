//! What the names of files and sheets, and titles above and among rows, say of the people who are in or below them.

use super::class::{Class, Classes};
use super::header::{ASSENT, BESIDE, Header, SUBJECT};
use super::reader::StandingWords;
use super::words::Token;
use crate::record::ListRole;

use Class::{Block, Bounce, Death, Forget, No, Other, Permit, Refuse, Relative, Subscribe, Unsubscribe};

/// What may stand beside a refusal in a name or title.
const BESIDE_REFUSAL: Classes = BESIDE.and(SUBJECT).and(Classes::of(&[Refuse, No, Permit, Subscribe]));

impl StandingWords {
    /// What the people of a file are, if its name says that they are no customers to be asked.
    pub fn role(&self, file: &str) -> Option<ListRole> {
        self.role_below(file.split_once('.').map_or(file, |(stem, _)| stem))
    }

    /// What the people are who stand below a title, or on a sheet of this name, if it says that they are not to be asked.
    pub fn role_below(&self, title: &str) -> Option<ListRole> {
        let tokens = self.words.tokens(title);
        let header = Header::new(&tokens);
        let negates = |class: Class| header.negates(Classes::of(&[class]), 1);
        if header.has(Bounce) && !negates(Bounce) {
            return Some(ListRole::Bounced);
        }
        let says = |class: &Class| header.has(*class) && !negates(*class);
        let says_no = [Unsubscribe, Forget, Death, Block].iter().any(says) && !header.has(Other)
            || header.has(Refuse) && header.is_only(BESIDE_REFUSAL)
            || header.negates(SUBJECT.and(ASSENT), 2);
        says_no.then_some(ListRole::Unsubscribed)
    }

    /// Whether a header is about writing to or calling somebody's family: over answers it may be what a parent allows.
    pub fn is_of_family(&self, header: &str) -> bool {
        let tokens = self.words.tokens(header);
        let is_relative = |token: &Token| !token.classes.has(Other) || token.classes.has(Relative);
        let header = Header::new(&tokens);
        header.has(Relative) && header.meets(SUBJECT) && tokens.iter().all(is_relative)
    }
}
