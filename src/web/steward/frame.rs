//! What all pages have around them, and the page that says one thing.

use askama::Template;

use super::who::Who;
use crate::page::Voice;
use crate::record::Role;

/// Something that was done, said above the page.
pub(super) struct Notice {
    pub(super) text: String,
    /// The decision that can be taken back.
    pub(super) undo: Option<i64>,
}

/// What all pages have around them.
pub(super) struct Frame<'a> {
    pub(super) voice: &'a Voice<'a>,
    pub(super) title: String,
    /// Which page of the navigation it is.
    pub(super) at: &'static str,
    pub(super) signed_in: Option<SignedInView>,
    pub(super) notice: Option<Notice>,
    /// After so many seconds it is loaded again, with masked values.
    pub(super) masks_after: Option<u64>,
}

/// Whoever is signed in, as pages say it.
pub(super) struct SignedInView {
    pub(super) text: String,
    pub(super) csrf: String,
    pub(super) decides: bool,
    pub(super) has_keys: bool,
}

/// A template has nothing in it that can't be written.
pub(super) const WRITTEN: &str = "a page of plain values renders";

impl<'a> Frame<'a> {
    pub(super) fn new(who: &'a Who<'_>, title: &str, at: &'static str) -> Self {
        let user = &who.session.user;
        let role = who.voice.say_of("steward.role", user.role.as_str());
        let name = crate::text::isolated(&user.name);
        let view = SignedInView {
            text: who.voice.phrase("steward.signed_in", &[("name", &name), ("role", &role)]),
            csrf: who.session.csrf.clone(),
            decides: user.role >= Role::Steward,
            has_keys: user.has_keys,
        };
        Frame { voice: &who.voice, title: title.to_owned(), at, signed_in: Some(view), notice: None, masks_after: None }
    }

    /// Before anybody is signed in.
    pub(super) fn outside(voice: &'a Voice<'a>, title: &str) -> Self {
        Frame { voice, title: title.to_owned(), at: "", signed_in: None, notice: None, masks_after: None }
    }

    pub(super) fn say<'k>(&'k self, key: &'k str) -> &'k str {
        self.voice.say(key)
    }

    pub(super) fn csrf(&self) -> &str {
        self.signed_in.as_ref().map_or("", |view| &view.csrf)
    }

    pub(super) fn has_keys(&self) -> bool {
        self.signed_in.as_ref().is_some_and(|view| view.has_keys)
    }

    pub(super) fn decides(&self) -> bool {
        self.signed_in.as_ref().is_some_and(|view| view.decides)
    }
}

#[derive(Template)]
#[template(config = "src/web/steward/askama.toml", path = "notice.html")]
struct NoticePage<'a> {
    frame: Frame<'a>,
    text: &'a str,
    ways: Vec<(String, String)>,
}

/// A page that says one thing, with the ways on from it.
pub(super) fn notice_page(frame: Frame<'_>, text: &str, ways: &[(String, &str)]) -> String {
    let ways = ways.iter().map(|(to, key)| (to.clone(), frame.say(key).to_owned())).collect();
    NoticePage { frame, text, ways }.render().expect(WRITTEN)
}
