//! What a form says, and which items a page is about. Everything that is none says nothing.

use axum::http::{HeaderMap, Uri};

use crate::http::media_type;
use crate::record::{Field, ItemKind, SuppressionReason, Verb};
use crate::steward::Choice;
use crate::store::ItemFilter;

/// What a form says, or a query.
#[derive(Default)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Of a body; none where it is no form.
    pub(super) fn of(headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let is_form = media_type(headers).as_deref() == Some("application/x-www-form-urlencoded");
        is_form.then(|| Form(form_urlencoded::parse(body).into_owned().collect()))
    }

    pub(super) fn of_query(uri: &Uri) -> Self {
        Form(form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect())
    }

    /// The text of a field; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(own, _)| own == name).map_or("", |(_, text)| text)
    }

    pub(super) fn number(&self, name: &str) -> Option<i64> {
        self.text(name).parse().ok()
    }

    /// Which items are meant.
    pub(super) fn filter(&self) -> ItemFilter {
        let said = |name: &str| self.0.iter().find(|(own, _)| own == name).map(|(_, text)| text.clone());
        ItemFilter {
            kind: ItemKind::parse(self.text("kind")),
            // An empty word is one, too: of customers of whom nobody knows it.
            reason: said("reason"),
            list: said("list"),
            segment: said("segment"),
            language: said("language"),
        }
    }

    /// What was chosen; none where no verb was.
    pub(super) fn choice(&self) -> Option<Choice> {
        Some(Choice {
            verb: Verb::parse(self.text("verb"))?,
            field: Field::ALL.iter().copied().find(|field| field.as_str() == self.text("field")),
            value: self.text("value").trim().to_owned(),
            reason: SuppressionReason::parse(self.text("because")),
            why: self.text("why").trim().chars().take(MOST_LETTERS).collect(),
        })
    }
}

/// Letters of a note.
const MOST_LETTERS: usize = 500;

/// A filter as the fields of a form.
pub(super) fn fields(filter: &ItemFilter) -> Vec<(&'static str, String)> {
    let kind = filter.kind.map(|kind| kind.as_str().to_owned());
    let said = [
        ("kind", &kind),
        ("reason", &filter.reason),
        ("list", &filter.list),
        ("segment", &filter.segment),
        ("language", &filter.language),
    ];
    said.into_iter().filter_map(|(name, said)| Some((name, said.clone()?))).collect()
}

/// A filter as a query, with more behind it: `?kind=message`; empty where nothing is said.
pub(super) fn query(filter: &ItemFilter, more: &[(&str, &str)]) -> String {
    let mut text = form_urlencoded::Serializer::new(String::new());
    text.extend_pairs(fields(filter)).extend_pairs(more);
    let text = text.finish();
    if text.is_empty() { text } else { format!("?{text}") }
}
