//! Decisions that were made: one's own, with the way to take them back, and those that wait for a second person.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::form::Form;
use super::frame::{Frame, Notice, WRITTEN};
use super::item::{not_done, refused};
use super::shown::moment;
use super::visit::{Instead, Shared, Visit, html, redirect};
use crate::steward::Decided;
use crate::store::Undone;

/// Decisions on the page.
const SHOWN: usize = 100;

#[derive(Template)]
#[template(config = "src/web/steward/askama.toml", path = "acts.html")]
struct ActsPage<'a> {
    frame: Frame<'a>,
    acts: Vec<ActView>,
    none: &'static str,
    is_held: bool,
    approves: bool,
}

struct ActView {
    id: i64,
    what: String,
    items: String,
    by: String,
    first: i64,
    is_own: bool,
}

pub(super) async fn mine(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    page(&visit, false).await.unwrap_or_else(|instead| *instead)
}

pub(super) async fn held(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    page(&visit, true).await.unwrap_or_else(|instead| *instead)
}

async fn page(visit: &Visit<'_>, is_held: bool) -> Result<Response, Instead> {
    let who = visit.who().await?;
    let user = who.session.user.id;
    let of = (!is_held).then_some(user);
    let acts = visit.at_desk(move |_, store| Ok(store.act_lines(of, is_held, SHOWN)?)).await?;
    let voice = &who.voice;
    let view = |act: &crate::store::ActLine| ActView {
        id: act.id,
        what: voice.say_of("steward.verb", act.verb.as_str()),
        items: voice.counted("steward.mine.items", act.items, &[]),
        by: {
            let (name, at) = (crate::text::isolated(&act.who), moment(voice, &act.at));
            voice.phrase("steward.held.by", &[("who", &name), ("at", &at)])
        },
        first: act.first,
        is_own: act.user == user,
    };
    let title = voice.say(if is_held { "steward.held.title" } else { "steward.mine.title" });
    let mut frame = Frame::new(&who, title, if is_held { "held" } else { "mine" });
    if let Some(count) = visit.query.number("undone").and_then(|count| u64::try_from(count).ok()) {
        frame.notice = Some(Notice { text: voice.counted("steward.done.undone", count, &[]), undo: None });
    }
    let page = ActsPage {
        acts: acts.iter().map(view).collect(),
        none: if is_held { "steward.held.none" } else { "steward.mine.none" },
        is_held,
        approves: who.session.user.role.approves(),
        frame,
    };
    Ok(html(StatusCode::OK, page.render().expect(WRITTEN)))
}

pub(super) async fn undo(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    taken_back(&visit, &id, &body, true).await.unwrap_or_else(|instead| *instead)
}

pub(super) async fn refuse(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    taken_back(&visit, &id, &body, false).await.unwrap_or_else(|instead| *instead)
}

async fn taken_back(visit: &Visit<'_>, id: &str, body: &Bytes, is_undo: bool) -> Result<Response, Instead> {
    let (who, _) = visit.who_sent(Form::of(visit.headers, body)).await?;
    let id: i64 = id.parse().map_err(|_| visit.missing(&who))?;
    let (user, now) = (who.session.user.clone(), visit.now);
    let (undone, items) = visit
        .at_desk(move |own, store| {
            let items = store.items_of_act(id, 2)?;
            let undone = match is_undo {
                true => own.steward.undo(store, &user, id, now)?,
                false => own.steward.refuse(store, &user, id, now)?,
            };
            Ok((undone, items))
        })
        .await?;
    let key = match undone {
        Some(Undone::Yes(count)) => {
            return Ok(redirect(&match &items[..] {
                [item] if is_undo => format!("/steward/item/{}?undone={count}", item.id),
                _ if is_undo => format!("/steward/mine?undone={count}"),
                _ => format!("/steward/held?undone={count}"),
            }));
        }
        Some(Undone::ChangedSince) => "steward.conflict.undo",
        Some(Undone::None) => "steward.conflict.none",
        None => return Ok(refused(visit, &who, "steward.conflict.not_allowed", StatusCode::FORBIDDEN, None)),
    };
    Ok(refused(visit, &who, key, StatusCode::CONFLICT, None))
}

pub(super) async fn approve(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let approved = async {
        let (who, _) = visit.who_sent(Form::of(&headers, &body)).await?;
        let id: i64 = id.parse().map_err(|_| visit.missing(&who))?;
        let (user, now, today) = (who.session.user.clone(), visit.now, visit.today);
        let decided = visit.at_desk(move |own, store| Ok(own.steward.approve(store, &user, id, now, today)?)).await?;
        Ok::<_, Instead>(match decided {
            Decided::Done(_) => redirect("/steward/held"),
            decided => not_done(&visit, &who, decided, None),
        })
    };
    approved.await.unwrap_or_else(|instead| *instead)
}
