//! The queue: what waits, in which order and why, and the way to the next item.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use jiff::SignedDuration;

use super::form::{Form, fields, query};
use super::frame::{Frame, WRITTEN};
use super::shown::{ItemLine, decided_notice, line, reason};
use super::visit::{Instead, Shared, Visit, html, redirect};
use super::who::Who;
use crate::page::Voice;
use crate::store::{Claimer, ItemFilter};

/// Items on the page.
const SHOWN: usize = 25;

#[derive(Template)]
#[template(config = "src/web/steward/askama.toml", path = "queue.html")]
struct QueuePage<'a> {
    frame: Frame<'a>,
    counts: Vec<String>,
    facets: Vec<FacetView>,
    chosen: Vec<(&'static str, String)>,
    lines: Vec<ItemLine>,
    many: String,
    more: String,
    empty: &'static str,
}

/// A facet with the ways to choose and to leave its words.
struct FacetView {
    name: String,
    all: String,
    words: Vec<FacetWord>,
}

struct FacetWord {
    text: String,
    count: String,
    to: String,
    is_chosen: bool,
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    page(&visit).await.unwrap_or_else(|instead| *instead)
}

async fn page(visit: &Visit<'_>) -> Result<Response, Instead> {
    let who = visit.who().await?;
    let filter = visit.query.filter();
    let (asked, today) = (filter.clone(), visit.today.to_string());
    let behind = visit.query.number("behind").and_then(|behind| usize::try_from(behind).ok()).unwrap_or_default();
    let decided = visit.query.number("done");
    let (facets, items, act) = visit
        .at_desk(move |_, store| {
            let act = decided.map(|act| store.act_line(act)).transpose()?.flatten();
            Ok((store.facets(&asked, &today)?, store.open_items(&asked, behind, SHOWN + 1)?, act))
        })
        .await?;
    let voice = &who.voice;
    let mut counts = vec![voice.counted("steward.queue.open", facets.open, &[])];
    for (key, count) in [
        ("steward.queue.overdue", facets.overdue),
        ("steward.queue.done", facets.done_today),
        ("steward.queue.held", facets.held),
    ] {
        if count > 0 {
            counts.push(voice.counted(key, count, &[]));
        }
    }
    let views = facets.facets.iter().map(|facet| FacetView {
        name: voice.say_of("steward.facet", facet.name),
        all: format!("/steward{}", query(&with(&filter, facet.name, None), &[])),
        words: facet
            .words
            .iter()
            .map(|(word, count)| FacetWord {
                text: named(voice, facet.name, word),
                count: voice.count(*count),
                to: format!("/steward{}", query(&with(&filter, facet.name, Some(word)), &[])),
                is_chosen: fields(&filter).iter().any(|(name, own)| *name == facet.name && own == word),
            })
            .collect(),
    });
    let views = views.collect();
    let today = visit.today.to_string();
    let behind_next = (behind + SHOWN).to_string();
    let more = if items.len() > SHOWN {
        format!("/steward{}", query(&filter, &[("behind", &behind_next)]))
    } else {
        String::new()
    };
    let is_filtered = filter != ItemFilter::default();
    let mut frame = Frame::new(&who, voice.say("steward.title"), "queue");
    frame.notice = act.filter(|act| act.user == who.session.user.id).map(|act| decided_notice(voice, &act));
    let page = QueuePage {
        counts,
        facets: views,
        chosen: fields(&filter),
        lines: items.iter().take(SHOWN).map(|item| line(item, voice, &today)).collect(),
        many: format!("/steward/many{}", query(&filter, &[])),
        more,
        empty: if is_filtered { "steward.queue.empty.filter" } else { "steward.queue.empty.text" },
        frame,
    };
    Ok(html(StatusCode::OK, page.render().expect(WRITTEN)))
}

/// A filter with another word of one facet.
fn with(filter: &ItemFilter, name: &str, word: Option<&str>) -> ItemFilter {
    let (mut filter, said) = (filter.clone(), word.map(str::to_owned));
    match name {
        "kind" => filter.kind = word.and_then(crate::record::ItemKind::parse),
        "reason" => filter.reason = said,
        "list" => filter.list = said,
        "segment" => filter.segment = said,
        _ => filter.language = said,
    }
    filter
}

fn named(voice: &Voice<'_>, facet: &str, word: &str) -> String {
    match (facet, word) {
        (_, "") => voice.say("steward.facet.none").to_owned(),
        ("kind", word) => voice.say_of("steward.kind", word),
        ("segment", word) => voice.say_of("steward.segment", word),
        ("reason", word) => reason(voice, word),
        (_, word) => word.to_owned(),
    }
}

pub(super) async fn next(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let next = async {
        let (who, form) = visit.who_sent(Form::of(&headers, &body)).await?;
        to_next(&visit, &who, form.filter(), &[]).await
    };
    next.await.unwrap_or_else(|instead| *instead)
}

/// Takes the next item of a filter, and leads there; to the queue where there is none.
pub(super) async fn to_next(
    visit: &Visit<'_>,
    who: &Who<'_>,
    filter: ItemFilter,
    more: &[(&str, &str)],
) -> Result<Response, Instead> {
    if !who.session.user.role.decides() {
        return Ok(redirect(&format!("/steward{}", query(&filter, more))));
    }
    let (claimer, asked) = (claimer(visit, who), filter.clone());
    let item = visit.at_desk(move |_, store| Ok(store.claim_next(&claimer, &asked)?)).await?;
    Ok(redirect(&match item {
        Some(item) => format!("/steward/item/{}{}", item.id, query(&filter, more)),
        None => format!("/steward{}", query(&filter, more)),
    }))
}

/// Whoever takes an item, for as long as the policy says.
pub(super) fn claimer(visit: &Visit<'_>, who: &Who<'_>) -> Claimer {
    let lease = SignedDuration::from_mins(visit.shared.policy.claim.minutes.into());
    Claimer { user: who.session.user.id, now: visit.now, lease }
}
