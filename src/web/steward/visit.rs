//! One request: who is signed in, in which language, and what comes of work at the desk.

use axum::http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::Semaphore;

use super::form::Form;
use super::frame::{Frame, notice_page};
use super::stewardship::Stewardship;
use super::who::Who;
use crate::page::Voice;
use crate::pipeline::RunError;
use crate::rule::{Catalog, StewardPolicy, Words};
use crate::store::Store;
use crate::web::desk::ToDesk;

/// What every request needs.
pub(super) struct Shared {
    pub(super) words: Vec<Words>,
    pub(super) catalog: Catalog,
    pub(super) policy: StewardPolicy,
    pub(super) desk: ToDesk,
    /// So many passwords are checked at once.
    pub(super) hashing: Semaphore,
}

/// A page that is shown in place of what was asked for.
pub(super) type Instead = Box<Response>;

/// The cookie that holds a session's token.
const COOKIE: &str = "tiuv_steward";

/// One request.
pub(super) struct Visit<'a> {
    pub(super) shared: &'a Shared,
    pub(super) headers: &'a HeaderMap,
    pub(super) query: Form,
    pub(super) now: Timestamp,
    pub(super) today: Date,
}

impl<'a> Visit<'a> {
    pub(super) fn new(shared: &'a Shared, uri: &Uri, headers: &'a HeaderMap) -> Self {
        let now = shared.desk.now();
        let today = now.to_zoned(TimeZone::system()).date();
        Visit { shared, headers, query: Form::of_query(uri), now, today }
    }

    /// What comes of work at the desk; the page for what did not work where nothing does.
    pub(super) async fn at_desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Stewardship, &mut Store) -> Result<T, RunError> + Send + 'static,
    ) -> Result<T, Instead> {
        let (now, today) = (self.now, self.today);
        let done = self.shared.desk.ask(move |desk| {
            desk.stewardship.as_mut().map(|stewardship| {
                stewardship.look(desk.store, now, today)?;
                work(stewardship, desk.store)
            })
        });
        match done.await {
            Some(Some(Ok(done))) => Ok(done),
            Some(Some(Err(error))) => {
                tracing::error!(%error, "a steward's page could not be read or written");
                Err(self.broken())
            }
            Some(None) | None => Err(self.broken()),
        }
    }

    /// Who is signed in; else the way to the door.
    pub(super) async fn who(&self) -> Result<Who<'a>, Instead> {
        let Some(token) = self.token() else { return Err(Box::new(redirect("/steward/sign-in"))) };
        let (policy, now, asked) = (self.shared.policy.session, self.now, token.clone());
        let session = self.at_desk(move |_, store| Ok(store.session(&asked, &policy, now)?)).await?;
        let session = session.ok_or_else(|| Box::new(redirect("/steward/sign-in?over=1")))?;
        let voice = self.voice(&session.user.language);
        Ok(Who { session, token, voice })
    }

    /// Who is signed in, if the form is of that session's pages and says so.
    pub(super) async fn who_sent(&self, form: Option<Form>) -> Result<(Who<'a>, Form), Instead> {
        let who = self.who().await?;
        let form = form.filter(|form| self.is_from_here() && same(form.text("csrf"), &who.session.csrf));
        match form {
            Some(form) => Ok((who, form)),
            None => {
                let text = who.voice.say("steward.conflict.stale").to_owned();
                Err(Box::new(self.notice(&who, StatusCode::FORBIDDEN, "steward.conflict.title", text, &[])))
            }
        }
    }

    /// Whether a browser says that one of our pages sent it; old ones say nothing.
    pub(super) fn is_from_here(&self) -> bool {
        let site = self.headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
        site.is_none_or(|site| site == "same-origin")
    }

    /// The token of the cookie.
    pub(super) fn token(&self) -> Option<String> {
        let cookies = self.headers.get_all(header::COOKIE).iter().filter_map(|cookies| cookies.to_str().ok());
        let mut cookies = cookies.flat_map(|cookies| cookies.split("; "));
        let token = cookies.find_map(|cookie| cookie.strip_prefix(COOKIE)?.strip_prefix('='))?;
        let is_token = token.len() < 100 && token.bytes().all(|letter| letter.is_ascii_alphanumeric());
        is_token.then(|| token.to_owned())
    }

    /// The cookie that keeps a token, or ends it.
    pub(super) fn cookie(&self, token: &str) -> String {
        // The proxy before us says whether the way to it was encrypted.
        let is_encrypted = self.headers.get("x-forwarded-proto").is_some_and(|scheme| scheme == "https");
        let secure = if is_encrypted { "; Secure" } else { "" };
        let end = if token.is_empty() { "; Max-Age=0" } else { "" };
        format!("{COOKIE}={token}; Path=/steward; HttpOnly; SameSite=Strict{secure}{end}")
    }

    /// The voice of the language that was chosen, else of the browser's.
    pub(super) fn voice(&self, chosen: &str) -> Voice<'a> {
        let shared = self.shared;
        let accepted =
            self.headers.get(header::ACCEPT_LANGUAGE).and_then(|said| said.to_str().ok()).unwrap_or_default();
        let wanted = accepted.split(',').filter_map(|part| part.trim().get(..2).map(str::to_ascii_lowercase));
        let wanted = std::iter::once(chosen.to_owned()).chain(wanted);
        // Browsers of before 2000 call Hebrew `iw`, and some still do.
        let wanted = wanted.map(|language| if language == "iw" { "he".to_owned() } else { language });
        let find = |language: String| shared.words.iter().find(|words| words.language() == language);
        let words = wanted.into_iter().find_map(find).unwrap_or(&shared.words[0]);
        Voice::new(words.clone(), &shared.catalog)
    }

    /// A page that says one thing, with the ways on from it.
    pub(super) fn notice(
        &self,
        who: &Who<'_>,
        status: StatusCode,
        title: &str,
        text: String,
        ways: &[(String, &str)],
    ) -> Response {
        let frame = Frame::new(who, who.voice.say(title), "");
        html(status, notice_page(frame, &text, ways))
    }

    /// There is no such page, or item.
    pub(super) fn missing(&self, who: &Who<'_>) -> Instead {
        let text = who.voice.say("steward.missing.text").to_owned();
        let ways = [("/steward".to_owned(), "steward.nav.queue")];
        Box::new(self.notice(who, StatusCode::NOT_FOUND, "steward.missing", text, &ways))
    }

    fn broken(&self) -> Instead {
        let voice = self.voice("");
        let frame = Frame::outside(&voice, voice.say("steward.broken"));
        let page =
            notice_page(frame, voice.say("steward.broken.text"), &[("/steward".to_owned(), "steward.conflict.again")]);
        Box::new(html(StatusCode::SERVICE_UNAVAILABLE, page))
    }
}

/// Whether two texts are the same; takes as long whatever they share.
fn same(left: &str, right: &str) -> bool {
    let differ = left.bytes().zip(right.bytes()).fold(0, |differ, (left, right)| differ | (left ^ right));
    left.len() == right.len() && differ == 0
}

/// The way on after a form.
pub(super) fn redirect(to: &str) -> Response {
    let headers = [(header::LOCATION, to.to_owned()), (header::CACHE_CONTROL, "no-store".to_owned())];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// A page that nobody keeps, frames, or learns the address of.
pub(super) fn html(status: StatusCode, page: String) -> Response {
    const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'";
    let headers: [(HeaderName, &str); 8] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    (status, headers, page).into_response()
}
