//! One decision about all items of a filter: how many they are and what some look like is shown before anything is done.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;

use super::form::{Form, fields, query};
use super::frame::{Frame, WRITTEN};
use super::item::{after, not_done, refused};
use super::shown::{ItemLine, line};
use super::visit::{Instead, Shared, Visit, html};
use super::who::Who;
use crate::record::Verb;
use crate::steward::Decided;
use crate::store::ItemFilter;

#[derive(Template)]
#[template(config = "src/web/steward/askama.toml", path = "many.html")]
struct ManyPage<'a> {
    frame: Frame<'a>,
    verbs: Vec<(&'static str, String)>,
    chosen: Vec<(&'static str, String)>,
    back: String,
    preview: Option<Preview>,
}

struct Preview {
    verb: &'static str,
    count: String,
    label: String,
    stamp: String,
    lines: Vec<ItemLine>,
    needs_second: bool,
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let shown = async {
        let who = visit.who().await?;
        Ok::<_, Instead>(page(&who, &visit.query.filter(), None))
    };
    shown.await.unwrap_or_else(|instead| *instead)
}

fn page(who: &Who<'_>, filter: &ItemFilter, preview: Option<Preview>) -> Response {
    let verbs = filter.kind.map_or(&[][..], crate::record::ItemKind::verbs);
    let verbs = verbs.iter().filter(|verb| verb.is_for_many());
    let page = ManyPage {
        verbs: verbs.map(|verb| (verb.as_str(), who.voice.say_of("steward.verb", verb.as_str()))).collect(),
        chosen: fields(filter),
        back: format!("/steward{}", query(filter, &[])),
        preview,
        frame: Frame::new(who, who.voice.say("steward.many.title"), "queue"),
    };
    html(StatusCode::OK, page.render().expect(WRITTEN))
}

/// Whoever may decide, and the form with its verb.
async fn sent<'a>(visit: &Visit<'a>, body: &Bytes) -> Result<(Who<'a>, Form, Verb), Instead> {
    let (who, form) = visit.who_sent(Form::of(visit.headers, body)).await?;
    if !who.session.user.role.decides() {
        return Err(Box::new(refused(visit, &who, "steward.conflict.not_allowed", StatusCode::FORBIDDEN, None)));
    }
    let verb = Verb::parse(form.text("verb")).filter(|verb| verb.is_for_many());
    let Some(verb) = verb else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(Box::new(refused(visit, &who, "steward.conflict.verb", status, None)));
    };
    Ok((who, form, verb))
}

pub(super) async fn preview(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let shown = async {
        let (who, form, verb) = sent(&visit, &body).await?;
        let (user, asked, now) = (who.session.user.clone(), form.filter(), visit.now);
        let many = visit.at_desk(move |own, store| Ok(own.steward.many(store, &user, &asked, verb, now)?)).await?;
        let most = visit.shared.policy.many.most;
        if many.count > most {
            return Ok(not_done(&visit, &who, Decided::TooMany(most), None));
        }
        let voice = &who.voice;
        let what = voice.say_of("steward.verb", verb.as_str());
        let today = visit.today.to_string();
        let preview = Preview {
            verb: verb.as_str(),
            count: voice.counted("steward.many.count", many.count as u64, &[("what", &what)]),
            label: voice.counted("steward.many.do", many.count as u64, &[]),
            stamp: many.stamp.to_string(),
            lines: many.sample.iter().map(|item| line(item, voice, &today)).collect(),
            needs_second: many.needs_second,
        };
        Ok::<_, Instead>(page(&who, &form.filter(), Some(preview)))
    };
    shown.await.unwrap_or_else(|instead| *instead)
}

pub(super) async fn decide(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let decided = async {
        let (who, form, _) = sent(&visit, &body).await?;
        let (Some(choice), Ok(stamp)) = (form.choice(), form.text("stamp").parse::<u64>()) else {
            return Ok(refused(&visit, &who, "steward.conflict.changed", StatusCode::CONFLICT, None));
        };
        let (user, asked, now, today) = (who.session.user.clone(), form.filter(), visit.now, visit.today);
        let decided = visit
            .at_desk(move |own, store| {
                Ok(own.steward.decide_many(store, &user, (&asked, stamp), &choice, now, today)?)
            })
            .await?;
        after(&visit, &who, decided, ItemFilter::default(), None).await
    };
    decided.await.unwrap_or_else(|instead: Instead| *instead)
}
