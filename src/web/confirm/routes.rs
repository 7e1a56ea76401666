//! The addresses of links: what is shown there, and what forms do.

use std::net::IpAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{ConnectInfo, DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::client::{Client, Limits};
use super::form::{Asked, Query, accepted, asked, token};
use super::page::{CodeTrouble, Pages};
use crate::outreach::dispatch::{CodeMessage, CodeSender, CodeSent};
use crate::pipeline::{CodeStep, Confirmer, GivenDetails, Heard, PageAnswer, RunError, ShownLink, TakenValue};
use crate::record::{Channel, Field, Outcome};
use crate::rule::PageWords;
use crate::store::{CodeEntered, Store, TOKEN_LENGTH};
use crate::web::desk::ToDesk;
use crate::web::listener::Peer;

/// What every request needs.
pub(super) struct Shared {
    pub(super) pages: Pages,
    pub(super) limits: Limits,
    pub(super) trusted: Vec<IpAddr>,
    pub(super) codes: Option<CodeSender>,
    pub(super) desk: ToDesk,
}

pub(super) fn router(shared: Arc<Shared>, most_bytes: usize) -> Router {
    let page = || get(show).post(hear);
    let style = || get(style);
    Router::new()
        .route("/c/style.css", style())
        .route("/style.css", style())
        .route("/c/{token}", page())
        .route("/c/{token}/", page())
        .route("/{token}", page())
        .route("/{token}/", page())
        .layer(DefaultBodyLimit::max(most_bytes))
        .with_state(shared)
}

async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, include_str!("style.css")).into_response()
}

/// One request for a page.
struct Visit<'a> {
    shared: &'a Shared,
    client: Client,
    token: String,
    query: Query,
    headers: &'a HeaderMap,
}

/// A page that is shown in place of what was asked for.
type Instead = Box<Response>;

async fn show(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let visit = Visit::new(&shared, peer, &uri, &headers);
    visit.show().await.unwrap_or_else(|instead| *instead)
}

async fn hear(
    State(shared): State<Arc<Shared>>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    uri: Uri,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let visit = Visit::new(&shared, peer, &uri, &headers);
    visit.hear(body).await.unwrap_or_else(|instead| *instead)
}

impl<'a> Visit<'a> {
    fn new(shared: &'a Shared, Peer(peer): Peer, uri: &Uri, headers: &'a HeaderMap) -> Self {
        let client = Client::of(peer.ip(), headers, &shared.trusted);
        Visit { shared, client, token: token(uri), query: Query::of(uri), headers }
    }

    async fn show(&self) -> Result<Response, Instead> {
        self.let_in()?;
        let (token, now) = (self.token.clone(), self.shared.desk.now());
        let link = self.at_desk(move |confirmer, store| confirmer.look(store, &token, now)).await?;
        let link = link.ok_or_else(|| self.closed())?;
        let words = self.words(&link.language);
        let pages = &self.shared.pages;
        Ok(html(
            StatusCode::OK,
            match (link.answered, self.query.wants_update) {
                (Some(Outcome::Refused), _) => pages.done(words, Outcome::Refused, &[]),
                (_, true) => pages.update(words, &GivenDetails::default(), &[]),
                _ => pages.ask(words, &link),
            },
        ))
    }

    async fn hear(&self, body: Result<Bytes, BytesRejection>) -> Result<Response, Instead> {
        self.let_in()?;
        let body = body.map_err(|refused| self.broken(refused.status()))?;
        match asked(self.headers, &body).ok_or_else(|| self.broken(StatusCode::BAD_REQUEST))? {
            Asked::Answer(answer) => self.answer(answer).await,
            Asked::Code(value, code) => self.enter_code(value, code).await,
            Asked::CodeAgain(value) => {
                let (link, taken) = self.coded(value).await?;
                if let Some(removed) = self.removed(&link) {
                    return Ok(removed);
                }
                match self.send_code(&link, &taken, CodeTrouble::TooSoon).await? {
                    Some(page) => Ok(page),
                    None => self.done(&link).await,
                }
            }
        }
    }

    async fn answer(&self, answer: PageAnswer) -> Result<Response, Instead> {
        let (token, now) = (self.token.clone(), self.shared.desk.now());
        let said = answer.clone();
        let heard = self.at_desk(move |confirmer, store| confirmer.hear(store, &token, &said, now)).await?;
        let pages = &self.shared.pages;
        match heard {
            Heard::Closed => Err(self.closed()),
            Heard::NotTaken(link, troubles) => {
                let PageAnswer::Updated(given) = answer else { return Err(self.broken(StatusCode::BAD_REQUEST)) };
                let page = pages.update(self.words(&link.language), &given, &troubles);
                Ok(html(StatusCode::UNPROCESSABLE_ENTITY, page))
            }
            Heard::Taken(link, outcome, values) => {
                let code = match outcome {
                    Outcome::Updated => self.next_code(&link, &values).await?,
                    _ => None,
                };
                let done = || html(StatusCode::OK, pages.done(self.words(&link.language), outcome, &values));
                Ok(code.unwrap_or_else(done))
            }
        }
    }

    /// Asks for the code of the first value that one could be sent for; none where there is no such value.
    async fn next_code(&self, link: &ShownLink, values: &[TakenValue]) -> Result<Option<Response>, Instead> {
        for value in values {
            if let Some(page) = self.send_code(link, value, CodeTrouble::None).await? {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    /// All that was given by the link, and what becomes of it.
    async fn done(&self, link: &ShownLink) -> Result<Response, Instead> {
        let values = self.given().await?;
        Ok(html(StatusCode::OK, self.shared.pages.done(self.words(&link.language), Outcome::Updated, &values)))
    }

    async fn given(&self) -> Result<Vec<TakenValue>, Instead> {
        let (token, now) = (self.token.clone(), self.shared.desk.now());
        self.at_desk(move |confirmer, store| confirmer.given_by(store, &token, now)).await
    }

    /// The last word where the customer refused.
    fn removed(&self, link: &ShownLink) -> Option<Response> {
        let words = self.words(&link.language);
        let is_removed = link.answered == Some(Outcome::Refused);
        is_removed.then(|| html(StatusCode::OK, self.shared.pages.done(words, Outcome::Refused, &[])))
    }

    /// Sends a code, and asks for it; `soon` is said where one left just now. None where the value waits for a person, because no
    /// code can be sent, or nobody knows whether it was.
    async fn send_code(
        &self,
        link: &ShownLink,
        value: &TakenValue,
        soon: CodeTrouble,
    ) -> Result<Option<Response>, Instead> {
        let words = self.words(&link.language);
        let pages = &self.shared.pages;
        let Some(sender) = self.shared.codes.as_ref().filter(|_| self.can_code(value)) else { return Ok(None) };
        let (token, id, now) = (self.token.clone(), value.id, self.shared.desk.now());
        let begin =
            move |confirmer: &mut Confirmer<'_>, store: &mut Store| confirmer.begin_code(store, &token, id, now);
        let code = match self.at_desk(begin).await? {
            CodeStep::Send(code) => code,
            CodeStep::TooSoon => return Ok(Some(html(StatusCode::OK, self.code(words, value, soon)))),
            CodeStep::Never => return Ok(None),
        };
        let text = words.words.code.text.replace("{sender}", &pages.sender).replace("{code}", &code.code);
        let body = match code.channel {
            Channel::Email => format!("{}\n\n{text}", words.words.code.subject.replace("{sender}", &pages.sender)),
            Channel::Sms | Channel::Call => text,
        };
        let message = CodeMessage {
            id: code.id,
            channel: code.channel,
            to: code.to,
            body,
            language: words.language.clone(),
            at: now,
        };
        match sender.send(message).await {
            CodeSent::Yes => return Ok(Some(html(StatusCode::OK, self.code(words, value, CodeTrouble::None)))),
            CodeSent::Perhaps => {}
            CodeSent::No => self.at_desk(move |_, store| Ok(store.code_not_sent(code.id)?)).await?,
        }
        Ok(None)
    }

    async fn enter_code(&self, value: i64, code: String) -> Result<Response, Instead> {
        let (link, _) = self.coded(value).await?;
        if let Some(removed) = self.removed(&link) {
            return Ok(removed);
        }
        let (token, now) = (self.token.clone(), self.shared.desk.now());
        let enter = move |confirmer: &mut Confirmer<'_>, store: &mut Store| {
            confirmer.enter_code(store, &token, value, &code, now)
        };
        let entered = self.at_desk(enter).await?;
        let words = self.words(&link.language);
        let (_, taken) = self.coded(value).await?;
        Ok(match entered {
            CodeEntered::Right => match self.next_code(&link, &self.given().await?).await? {
                Some(page) => page,
                None => self.done(&link).await?,
            },
            CodeEntered::Wrong(left) => {
                html(StatusCode::UNPROCESSABLE_ENTITY, self.code(words, &taken, CodeTrouble::Wrong(left)))
            }
            CodeEntered::Over => html(StatusCode::UNPROCESSABLE_ENTITY, self.code(words, &taken, CodeTrouble::Over)),
        })
    }

    /// The link and one of its values; the closed page where there is none.
    async fn coded(&self, value: i64) -> Result<(ShownLink, TakenValue), Instead> {
        let (token, now) = (self.token.clone(), self.shared.desk.now());
        let coded = self.at_desk(move |confirmer, store| confirmer.coded(store, &token, value, now)).await?;
        coded.ok_or_else(|| self.closed())
    }

    /// The page that asks for a code. A gateway that is a file has it, and nobody knows when it leaves.
    fn code(&self, words: &PageWords, value: &TakenValue, trouble: CodeTrouble) -> String {
        let channel = if value.field == Field::Email { Channel::Email } else { Channel::Sms };
        let waits = self.shared.codes.as_ref().is_some_and(|codes| codes.is_file(channel));
        self.shared.pages.code(words, value, waits, trouble)
    }

    fn can_code(&self, value: &TakenValue) -> bool {
        let codes = self.shared.codes.as_ref();
        value.code_by.is_some_and(|channel| codes.is_some_and(|codes| codes.takes(channel)))
    }

    /// What comes of work at the desk; the page for what did not work where nothing does.
    async fn at_desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Confirmer<'_>, &mut Store) -> Result<T, RunError> + Send + 'static,
    ) -> Result<T, Instead> {
        let done = self.shared.desk.ask(|desk| desk.confirmer.as_mut().map(|confirmer| work(confirmer, desk.store)));
        match done.await {
            Some(Some(Ok(done))) => Ok(done),
            Some(Some(Err(error))) => {
                tracing::error!(%error, "an answer by a link could not be read or written");
                Err(self.broken(StatusCode::SERVICE_UNAVAILABLE))
            }
            Some(None) | None => Err(self.broken(StatusCode::SERVICE_UNAVAILABLE)),
        }
    }

    fn let_in(&self) -> Result<(), Instead> {
        if self.shared.limits.lets_in(self.client) { Ok(()) } else { Err(self.busy()) }
    }

    /// The words of the language that was chosen, else of the link's own, else of the browser's.
    fn words(&self, own: &str) -> &'a PageWords {
        let accepted = accepted(self.headers);
        let wanted = self.query.language.iter().map(String::as_str).chain([own]);
        self.shared.pages.in_language(wanted.chain(accepted.iter().map(String::as_str)))
    }

    /// The same page for a link that never was, is used up, or past its day.
    fn closed(&self) -> Instead {
        let is_guess = self.token.len() == TOKEN_LENGTH;
        if is_guess && !self.shared.limits.lets_miss(self.client) {
            return self.busy();
        }
        let words = self.words("");
        Box::new(html(StatusCode::NOT_FOUND, self.shared.pages.notice(words, &words.words.closed)))
    }

    fn busy(&self) -> Instead {
        let words = self.words("");
        let mut page = html(StatusCode::TOO_MANY_REQUESTS, self.shared.pages.notice(words, &words.words.busy));
        page.headers_mut().insert(header::RETRY_AFTER, 60.into());
        Box::new(page)
    }

    fn broken(&self, status: StatusCode) -> Instead {
        let words = self.words("");
        Box::new(html(status, self.shared.pages.notice(words, &words.words.broken)))
    }
}

/// A page that nobody keeps, frames, or learns the address of.
fn html(status: StatusCode, page: String) -> Response {
    const POLICY: &str =
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
    let headers: [(HeaderName, &str); 7] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ];
    (status, headers, page).into_response()
}
