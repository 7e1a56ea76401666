//! Coming and going, and how somebody wants the pages.

use std::sync::Arc;

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::form::Form;
use super::frame::{Frame, WRITTEN};
use super::visit::{Instead, Shared, Visit, html, redirect};
use crate::steward::{folded_name, is_password};
use crate::store::SignInTry;

/// So many passwords are checked at once: each takes 19 MiB.
pub(super) const AT_ONCE: usize = 2;

#[derive(Template)]
#[template(config = "src/web/steward/askama.toml", path = "sign_in.html")]
struct SignInPage<'a> {
    frame: Frame<'a>,
    trouble: String,
    name: &'a str,
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let asked = visit.at_desk(|_, store| Ok(store.users()?.is_empty())).await;
    let key = match asked {
        Err(instead) => return *instead,
        Ok(true) => "steward.sign_in.none",
        Ok(false) if !visit.query.text("over").is_empty() => "steward.sign_in.over",
        Ok(false) => "",
    };
    let voice = visit.voice("");
    let trouble = if key.is_empty() { String::new() } else { voice.say(key).to_owned() };
    page(&visit, StatusCode::OK, trouble, "")
}

pub(super) async fn hear(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    // Nobody is signed in by another site's form.
    let form = Form::of(&headers, &body).filter(|_| visit.is_from_here());
    sign_in(&visit, &form.unwrap_or_default()).await.unwrap_or_else(|instead| *instead)
}

async fn sign_in(visit: &Visit<'_>, form: &Form) -> Result<Response, Instead> {
    let (policy, now) = (visit.shared.policy.clone(), visit.now);
    let name = form.text("name").to_owned();
    let folded = folded_name(&name);
    let password = form.text("password").to_owned();
    // Nobody's password is longer: it is not hashed.
    let is_long = password.len() > policy.password.most_letters * 4;
    let tries = policy.tries;
    let begun = visit.at_desk(move |_, store| Ok(store.begin_sign_in(&folded, now, &tries)?)).await?;
    let voice = visit.voice("");
    let (user, hash) = match begun {
        SignInTry::Wait(seconds) => {
            let text = voice.counted("steward.sign_in.wait", seconds, &[]);
            return Ok(page(visit, StatusCode::TOO_MANY_REQUESTS, text, &name));
        }
        SignInTry::Check(user, hash) => (Some(user), Some(hash)),
        SignInTry::Unknown => (None, None),
    };
    let is_right = {
        let _turn = visit.shared.hashing.acquire().await;
        let check = move || !is_long && is_password(&password, hash.as_deref());
        tokio::task::spawn_blocking(check).await.unwrap_or(false)
    };
    let Some(user) = user.filter(|_| is_right) else {
        let text = voice.say("steward.sign_in.wrong").to_owned();
        return Ok(page(visit, StatusCode::UNPROCESSABLE_ENTITY, text, &name));
    };
    let token = visit.at_desk(move |_, store| Ok(store.begin_session(&user, &policy.session, now)?)).await?;
    let mut response = redirect("/steward");
    if let Ok(cookie) = visit.cookie(&token).parse() {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

fn page(visit: &Visit<'_>, status: StatusCode, trouble: String, name: &str) -> Response {
    let voice = visit.voice("");
    let frame = Frame::outside(&voice, voice.say("steward.sign_in"));
    html(status, SignInPage { frame, trouble, name }.render().expect(WRITTEN))
}

pub(super) async fn leave(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let left = async {
        let (who, _) = visit.who_sent(Form::of(&headers, &body)).await?;
        let (token, name, now) = (who.token, who.session.user.name, visit.now);
        visit.at_desk(move |_, store| Ok(store.end_session(&token, &name, now)?)).await?;
        Ok::<_, Instead>(([(header::SET_COOKIE, visit.cookie(""))], redirect("/steward/sign-in")).into_response())
    };
    left.await.unwrap_or_else(|instead| *instead)
}

pub(super) async fn prefer(State(shared): State<Arc<Shared>>, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let visit = Visit::new(&shared, &uri, &headers);
    let preferred = async {
        let (who, form) = visit.who_sent(Form::of(&headers, &body)).await?;
        let user = who.session.user;
        let language = match form.text("language") {
            "" => user.language,
            chosen => chosen.chars().take(2).collect(),
        };
        let has_keys = match form.text("keys") {
            "" => user.has_keys,
            said => said == "on",
        };
        visit.at_desk(move |_, store| Ok(store.set_preferences(user.id, &language, has_keys)?)).await?;
        // Back to the page that it was said on, if that is one of ours.
        let from =
            headers.get(header::REFERER).and_then(|from| from.to_str().ok()).and_then(|from| from.parse::<Uri>().ok());
        let from = from.and_then(|from| from.path_and_query().map(|path| path.as_str().to_owned()));
        Ok::<_, Instead>(redirect(
            &from.filter(|path| path.starts_with("/steward")).unwrap_or_else(|| "/steward".to_owned()),
        ))
    };
    preferred.await.unwrap_or_else(|instead| *instead)
}
