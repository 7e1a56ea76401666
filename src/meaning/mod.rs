//! What short free text means: replies of customers, notes about them.
//!
//! Words stand in classes, and sentences in patterns of classes; both are data below `rules/meaning/`, compiled once. A text is cut
//! into words once, each word is looked up once, and only the patterns that can begin with it are tried there, each in bounded
//! time: reading is linear in the text.

mod beginnings;
mod fold;
mod layout;
mod lexicon;
mod mark;
mod note;
mod outcome;
mod pattern;
mod place;
mod reader;
mod reply;
mod rules;
mod run;
mod tokens;
mod trie;

pub use mark::{BesideName, NameMarks};
pub use note::{NoteMeaning, NoteReader};
pub use outcome::OutcomeReader;
pub use reader::{Found, Reader, Scratch};
pub use reply::ReplyReader;
pub use rules::{Certainty, Example};
