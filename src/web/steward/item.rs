//! One item: what is known of it, what may be decided, and what came of that.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Response;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::form::{Form, fields, query};
use super::frame::{Frame, Notice, WRITTEN};
use super::pair::{PairView, pair};
use super::queue::{claimer, to_next};
use super::shown::{Fact, Masking, SourceView, closed, decided_notice, facts, order, reason, sources};
use super::visit::{Instead, Shared, Visit, html, redirect};
use super::who::Who;
use crate::page::Voice;
use crate::record::{Item, ItemKind, ItemState, Shown, SuppressionReason, Verb};
use crate::steward::{Decided, NoEffect};
use crate::store::{Claimed, Conflict, ItemFilter, MadeAct};

#[derive(Template)]
#[template(config = "src/web/steward/askama.toml", path = "item.html")]
struct ItemPage<'a> {
    frame: Frame<'a>,
    id: i64,
    version: i64,
    lead: String,
    closed: String,
    taken: String,
    is_mine: bool,
    is_open: bool,
    needs_second: bool,
    facts: Vec<Fact>,
    pair: Option<PairView>,
    only_differences: bool,
    to_other_view: String,
    sources: Vec<SourceView>,
    help: &'static str,
    verbs: Vec<VerbButton>,
    edits: bool,
    suppresses: Vec<(&'static str, String)>,
    chosen: Vec<(&'static str, String)>,
    order: String,
    masking: String,
    is_revealed: bool,
    has_values: bool,
}

struct VerbButton {
    verb: &'static str,
    label: String,
    code: &'static str,
    key: char,
    focus: &'static str,
}

/// Why somebody is not to be contacted, as a steward may say it.
const REASONS: [SuppressionReason; 5] = [
    SuppressionReason::Manual,
    SuppressionReason::OptOut,
    SuppressionReason::Complaint,
    SuppressionReason::Deceased,
    SuppressionReason::WrongPerson,
];

/// The key of each verb, by its place on the keyboard.
const fn key_of(verb: Verb) -> (&'static str, char) {
    match verb {
        Verb::Same => ("KeyS", 'S'),
        Verb::Different => ("KeyD", 'D'),
        Verb::Household => ("KeyH", 'H'),
        Verb::Accept => ("KeyA", 'A'),
        Verb::Reject => ("KeyR", 'R'),
        Verb::Edit => ("KeyE", 'E'),
        Verb::Suppress => ("KeyX", 'X'),
        Verb::Call => ("KeyC", 'C'),
        Verb::Done => ("KeyF", 'F'),
    }
}

pub(super) async fn show(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    page(&visit, &id).await.unwrap_or_else(|instead| *instead)
}

async fn page(visit: &Visit<'_>, id: &str) -> Result<Response, Instead> {
    let who = visit.who().await?;
    let id: i64 = id.parse().map_err(|_| visit.missing(&who))?;
    let (claimer, decided, now) = (claimer(visit, &who), visit.query.number("done"), visit.now);
    let (claimed, act, needs) = visit
        .at_desk(move |stewardship, store| {
            let claimed = match store.item(id)? {
                // Looking renews one's own lease, and takes nothing that nobody has.
                Some(item) if item.owner != Some(claimer.user) => store.look_at(id, now)?,
                _ => store.claim(&claimer, id)?,
            };
            let act = decided.map(|act| store.act_line(act)).transpose()?.flatten();
            let needs = |item: &Item| {
                item.new.kind.verbs().iter().any(|verb| stewardship.steward.needs_second(*verb, item.new.value, 1))
            };
            let needs = matches!(&claimed, Claimed::Yours(item) if needs(item));
            Ok((claimed, act, needs))
        })
        .await?;
    let (item, is_mine, taken) = match claimed {
        Claimed::None => return Err(visit.missing(&who)),
        Claimed::Yours(item) => (item, true, String::new()),
        Claimed::Over(item) => (item, false, String::new()),
        Claimed::Anothers(item, name, _) if name.is_empty() => (item, false, String::new()),
        Claimed::Anothers(item, name, until) => (item, false, anothers(&who.voice, &name, until)),
    };
    let undone = visit.query.number("undone").and_then(|count| u64::try_from(count).ok());
    let undone = undone.map(|count| Notice { text: who.voice.counted("steward.done.undone", count, &[]), undo: None });
    let notice =
        act.filter(|act| act.user == who.session.user.id).map(|act| decided_notice(&who.voice, &act)).or(undone);
    Ok(html(StatusCode::OK, render(visit, &who, &item, (is_mine, taken, needs), notice)))
}

/// Who has an item, and until when.
fn anothers(voice: &Voice<'_>, name: &str, until: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(until).unwrap_or_default().to_zoned(TimeZone::system());
    let time = time.strftime("%H:%M").to_string();
    voice.phrase("steward.conflict.anothers", &[("name", &crate::text::isolated(name)), ("time", &time)])
}

fn render(
    visit: &Visit<'_>,
    who: &Who<'_>,
    item: &Item,
    (is_mine, taken, needs_second): (bool, String, bool),
    notice: Option<Notice>,
) -> String {
    let voice = &who.voice;
    let left = who.session.revealed.filter(|(revealed, _)| *revealed == item.id).map(|(_, left)| left);
    let masking = Masking { is_revealed: left.is_some() };
    let only_differences = visit.query.text("view") == "differences";
    let filter = visit.query.filter();
    let other_view = if only_differences { "all" } else { "differences" };
    let (mut shown_pair, mut shown_sources) = (None, Vec::new());
    match &item.new.shown {
        Shown::Pair(own) => shown_pair = Some(pair(own, voice, masking, only_differences)),
        Shown::Sources { values, .. } => shown_sources = sources(values, voice, masking),
        _ => {}
    }
    let verbs = if is_mine { item.new.kind.verbs() } else { &[] };
    let button = |verb: &Verb| {
        let (code, key) = key_of(*verb);
        let focus = if *verb == Verb::Edit { "value" } else { "" };
        VerbButton { verb: verb.as_str(), label: voice.say_of("steward.verb", verb.as_str()), code, key, focus }
    };
    let seconds = visit.shared.policy.reveal.seconds;
    let masking_text = voice.counted(
        if masking.is_revealed { "steward.item.revealed" } else { "steward.item.masked" },
        left.map_or(u64::from(seconds), |left| (left / 1000).unsigned_abs() + 1),
        &[],
    );
    let title = voice.say_of("steward.ask", item.new.kind.as_str());
    let mut frame = Frame::new(who, &title, "queue");
    frame.notice = notice;
    frame.masks_after = left.map(|left| (left / 1000).unsigned_abs() + 1);
    let lead =
        format!("{} – {}", voice.say_of("steward.kind", item.new.kind.as_str()), reason(voice, &item.new.reason));
    let page = ItemPage {
        frame,
        id: item.id,
        version: item.version,
        lead,
        closed: closed(item, voice),
        taken,
        is_mine,
        is_open: item.state == ItemState::Open,
        needs_second,
        facts: facts(item, voice, masking),
        pair: shown_pair,
        only_differences,
        to_other_view: format!("/steward/item/{}{}", item.id, query(&filter, &[("view", other_view)])),
        sources: shown_sources,
        help: if item.new.kind == ItemKind::Column { "steward.item.column.help" } else { "" },
        verbs: verbs.iter().map(button).collect(),
        edits: verbs.contains(&Verb::Edit),
        suppresses: if verbs.contains(&Verb::Suppress) {
            REASONS.map(|reason| (reason.as_str(), voice.say_of("steward.suppress", reason.as_str()))).into()
        } else {
            Vec::new()
        },
        chosen: fields(&filter),
        order: order(item, voice),
        masking: masking_text,
        is_revealed: masking.is_revealed,
        has_values: item.new.kind != ItemKind::Column,
    };
    page.render().expect(WRITTEN)
}

/// The item of a form's address, and the form.
async fn sent<'a>(visit: &Visit<'a>, id: &str, body: &Bytes) -> Result<(Who<'a>, Form, i64), Instead> {
    let (who, form) = visit.who_sent(Form::of(visit.headers, body)).await?;
    let id = id.parse().map_err(|_| visit.missing(&who))?;
    if !who.session.user.role.decides() {
        return Err(Box::new(refused(visit, &who, "steward.conflict.not_allowed", StatusCode::FORBIDDEN, None)));
    }
    Ok((who, form, id))
}

pub(super) async fn take(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let taken = async {
        let (who, form, id) = sent(&visit, &id, &body).await?;
        let claimer = claimer(&visit, &who);
        visit.at_desk(move |_, store| Ok(store.claim(&claimer, id)?)).await?;
        // Whoever was too late sees there who has it.
        Ok::<_, Instead>(redirect(&format!("/steward/item/{id}{}", query(&form.filter(), &[]))))
    };
    taken.await.unwrap_or_else(|instead| *instead)
}

pub(super) async fn skip(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let skipped = async {
        let (who, form, id) = sent(&visit, &id, &body).await?;
        let claimer = claimer(&visit, &who);
        let until = visit.now + SignedDuration::from_hours(visit.shared.policy.claim.skip_hours.into());
        let why: String = form.text("why").trim().chars().take(200).collect();
        if form.text("do") == "back" {
            visit.at_desk(move |_, store| Ok(store.put_back(&claimer, id, None)?)).await?;
            return Ok(redirect(&format!("/steward{}", query(&form.filter(), &[]))));
        }
        visit.at_desk(move |_, store| Ok(store.put_back(&claimer, id, Some((&why, until)))?)).await?;
        to_next(&visit, &who, form.filter(), &[]).await
    };
    skipped.await.unwrap_or_else(|instead| *instead)
}

pub(super) async fn reveal(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let revealed = async {
        let (who, form, id) = sent(&visit, &id, &body).await?;
        let until = visit.now + SignedDuration::from_secs(visit.shared.policy.reveal.seconds.into());
        let item = (form.text("do") != "hide").then_some((id, until));
        let (token, name, now) = (who.token, who.session.user.name, visit.now);
        visit.at_desk(move |_, store| Ok(store.reveal(&token, &name, item, now)?)).await?;
        Ok::<_, Instead>(redirect(&format!("/steward/item/{id}{}", query(&form.filter(), &[]))))
    };
    revealed.await.unwrap_or_else(|instead| *instead)
}

pub(super) async fn decide(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let decided = async {
        let (who, form, id) = sent(&visit, &id, &body).await?;
        let (version, filter) = (form.number("version").unwrap_or_default(), form.filter());
        let Some(choice) = form.choice() else {
            return Ok(redirect(&format!("/steward/item/{id}{}", query(&filter, &[]))));
        };
        let (user, now, today) = (who.session.user.clone(), visit.now, visit.today);
        let decided = visit
            .at_desk(move |own, store| Ok(own.steward.decide(store, &user, (id, version), &choice, now, today)?))
            .await?;
        after(&visit, &who, decided, filter, Some(id)).await
    };
    decided.await.unwrap_or_else(|instead: Instead| *instead)
}

/// The way on after a decision: the next item, or why nothing was done.
pub(super) async fn after(
    visit: &Visit<'_>,
    who: &Who<'_>,
    decided: Decided,
    filter: ItemFilter,
    item: Option<i64>,
) -> Result<Response, Instead> {
    match decided {
        Decided::Done(MadeAct { id, .. }) | Decided::Held(MadeAct { id, .. }) => {
            to_next(visit, who, filter, &[("done", &id.to_string())]).await
        }
        decided => Ok(not_done(visit, who, decided, item)),
    }
}

/// Why nothing was done.
pub(super) fn not_done(visit: &Visit<'_>, who: &Who<'_>, decided: Decided, item: Option<i64>) -> Response {
    let (key, status) = match &decided {
        Decided::Conflict(Conflict::Anothers(_)) => ("steward.conflict.over", StatusCode::CONFLICT),
        Decided::Conflict(Conflict::Changed(_)) => ("steward.conflict.changed", StatusCode::CONFLICT),
        Decided::Conflict(Conflict::Over(_)) => ("steward.conflict.over", StatusCode::CONFLICT),
        Decided::Conflict(Conflict::Same) => ("steward.conflict.same", StatusCode::CONFLICT),
        Decided::Conflict(Conflict::None) => ("steward.conflict.none", StatusCode::CONFLICT),
        Decided::Refused(NoEffect::NoCustomer) => ("steward.conflict.no_customer", StatusCode::UNPROCESSABLE_ENTITY),
        Decided::Refused(NoEffect::Value(code)) => {
            let why = match code.as_str() {
                "" => who.voice.say("steward.conflict.value.none").to_owned(),
                code => reason(&who.voice, code),
            };
            let text = who.voice.phrase("steward.conflict.value", &[("why", &why)]);
            return said(visit, who, text, StatusCode::UNPROCESSABLE_ENTITY, item);
        }
        Decided::NotAllowed => ("steward.conflict.not_allowed", StatusCode::FORBIDDEN),
        Decided::TooMany(most) => {
            let text = who.voice.counted("steward.many.too_many", *most as u64, &[]);
            return said(visit, who, text, StatusCode::UNPROCESSABLE_ENTITY, item);
        }
        _ => ("steward.conflict.verb", StatusCode::UNPROCESSABLE_ENTITY),
    };
    refused(visit, who, key, status, item)
}

/// A page that says that nothing was done, and why.
pub(super) fn refused(visit: &Visit<'_>, who: &Who<'_>, key: &str, status: StatusCode, item: Option<i64>) -> Response {
    said(visit, who, who.voice.say(key).to_owned(), status, item)
}

fn said(visit: &Visit<'_>, who: &Who<'_>, text: String, status: StatusCode, item: Option<i64>) -> Response {
    let mut ways: Vec<(String, &str)> =
        item.iter().map(|item| (format!("/steward/item/{item}"), "steward.conflict.again")).collect();
    ways.push(("/steward".to_owned(), "steward.nav.queue"));
    visit.notice(who, status, "steward.conflict.title", text, &ways)
}
