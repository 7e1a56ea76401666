//! The addresses that gateways call, and who is refused there.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use super::charset::{Charset, Guess};
use super::fields::{Fields, pairs};
use super::gateway::{Gateway, Proof, Speaks};
use super::parts;
use super::writing::{Done, Work};
use crate::http::media_type;
use crate::record::GatewayReport;
use crate::rule::ReportWords;
use crate::web::desk::ToDesk;

/// What every request needs.
pub(super) struct Shared {
    gateways: BTreeMap<String, Gateway>,
    words: ReportWords,
    guess: Guess,
    desk: ToDesk,
    signed: DefaultDirectRateLimiter,
    unsigned: DefaultDirectRateLimiter,
}

/// Why a request is refused, and after how many seconds it may come again.
struct Refusal {
    status: StatusCode,
    again: Option<u64>,
}

impl From<StatusCode> for Refusal {
    fn from(status: StatusCode) -> Self {
        Refusal { status, again: None }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        if let Some(again) = self.again {
            response.headers_mut().insert(header::RETRY_AFTER, again.into());
        }
        response
    }
}

/// Refuses who comes too often, until there is room again. Who is told from the gateway and who is not are counted apart, so that
/// no flood of others takes the gateway's room.
fn keep_pace(pace: &DefaultDirectRateLimiter) -> Result<(), Refusal> {
    pace.check().map_err(|until| {
        let wait = until.wait_time_from(DefaultClock::default().now());
        Refusal { status: StatusCode::TOO_MANY_REQUESTS, again: Some(wait.as_secs() + 1) }
    })
}

impl Shared {
    pub(super) fn new(gateways: BTreeMap<String, Gateway>, words: ReportWords, guess: Guess, desk: ToDesk) -> Self {
        let guards = &words.server;
        let signed = RateLimiter::direct(Quota::per_second(guards.per_second).allow_burst(guards.burst));
        let unsigned = RateLimiter::direct(Quota::per_minute(guards.unsigned_per_minute));
        Shared { gateways, words, guess, desk, signed, unsigned }
    }
}

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new().route("/webhooks/{gateway}/{what}", any(receive)).with_state(shared)
}

async fn receive(
    State(shared): State<Arc<Shared>>,
    Path((name, what)): Path<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    match answer(&shared, &name, &what, &method, &uri, &headers, &body).await {
        Ok(response) => response,
        Err(refusal) => refusal.into_response(),
    }
}

/// A path below a gateway's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum What {
    Status,
    Inbound,
}

async fn answer(
    shared: &Shared,
    name: &str,
    what: &str,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Response, Refusal> {
    let what = match what {
        "status" => What::Status,
        "inbound" => What::Inbound,
        _ => return Err(StatusCode::NOT_FOUND.into()),
    };
    let gateway = shared.gateways.get(name).ok_or(StatusCode::NOT_FOUND)?;
    if !gateway.takes(method.as_str()) {
        return Err(StatusCode::METHOD_NOT_ALLOWED.into());
    }
    let query = pairs(uri.query().unwrap_or_default().as_bytes());
    let (fields, charset) = fields(shared, gateway, method, uri, headers, body).await?;
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let target = uri.path_and_query().map_or(uri.path(), |target| target.as_str());
    if !gateway.is_it(&Proof { target, query: &query, body, fields: &fields, header: &header }) {
        tracing::warn!(
            gateway = name,
            "a request that does not come from the gateway, or a wrong secret or public_url"
        );
        keep_pace(&shared.unsigned)?;
        return Err(StatusCode::FORBIDDEN.into());
    }
    keep_pace(&shared.signed)?;
    let work = work(shared, name, gateway, what, &fields, charset)?;
    // A gateway sends again what it is asked to.
    match shared.desk.ask(|desk| work.write(desk)).await {
        Some(Done::Written) => Ok(thanks(gateway)),
        Some(Done::Failed) | None => Err(Refusal { status: StatusCode::SERVICE_UNAVAILABLE, again: Some(1) }),
    }
}

/// The fields of a request, by the type that it says its body is of, and the charset of their texts.
async fn fields(
    shared: &Shared,
    gateway: &Gateway,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(Fields, Charset), StatusCode> {
    let said = headers.get(header::CONTENT_TYPE).and_then(|said| said.to_str().ok()).unwrap_or_default();
    let charset = Charset::of_content_type(said);
    let declaring = gateway.charset_fields();
    let form = |text: &[u8]| Fields::form(text, charset, &shared.guess, &declaring);
    let query = uri.query().unwrap_or_default().as_bytes();
    if method == Method::GET {
        return Ok(form(query));
    }
    match media_type(headers).unwrap_or_default().as_str() {
        "application/x-www-form-urlencoded" => Ok(form(body)),
        "multipart/form-data" => {
            let texts = parts::texts(said, body.clone()).await.ok_or(StatusCode::BAD_REQUEST)?;
            Ok(Fields::parts(&texts, charset, &shared.guess, &declaring))
        }
        "application/json" => {
            let fields = Fields::json(body, charset, &shared.guess).ok_or(StatusCode::BAD_REQUEST)?;
            Ok((fields, charset))
        }
        // Gateways that send nothing but a query say nothing of a body.
        "" if body.is_empty() => Ok(form(query)),
        _ => Err(StatusCode::UNSUPPORTED_MEDIA_TYPE),
    }
}

fn work(
    shared: &Shared,
    name: &str,
    gateway: &Gateway,
    what: What,
    fields: &Fields,
    charset: Charset,
) -> Result<Work, StatusCode> {
    match what {
        What::Status => {
            let report = gateway.report(fields).ok_or(StatusCode::BAD_REQUEST)?;
            let meaning = match &gateway.speaks {
                Speaks::Twilio => shared.words.twilio(&report.status, &report.code),
                Speaks::Http(http) => {
                    let own = http.status.as_ref().map(|status| &status.words);
                    own.and_then(|own| shared.words.other(own, &report.status, &report.code))
                }
            };
            let Some(meaning) = meaning else {
                tracing::warn!(
                    gateway = name,
                    "a report with a word that no rule knows; see rules/outreach/reports.toml"
                );
                return Err(StatusCode::UNPROCESSABLE_ENTITY);
            };
            Ok(Work::Report(GatewayReport {
                gateway: name.to_owned(),
                gateway_id: report.gateway_id,
                reference: report.reference,
                status: report.status,
                code: report.code,
                meaning,
                at: shared.desk.now(),
            }))
        }
        What::Inbound => {
            let Some(message) = gateway.message(fields, charset, &shared.words.inbound) else {
                tracing::warn!(
                    gateway = name,
                    "a message without sender and text, or without the fields that tiuv.toml names"
                );
                return Err(StatusCode::BAD_REQUEST);
            };
            Ok(Work::Message { gateway: name.to_owned(), message, at: shared.desk.now() })
        }
    }
}

/// What tells the gateway that all is well, and that nothing is to be sent back.
fn thanks(gateway: &Gateway) -> Response {
    match gateway.speaks {
        Speaks::Twilio => {
            let nothing = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Response></Response>";
            ([(header::CONTENT_TYPE, "text/xml")], nothing).into_response()
        }
        Speaks::Http(_) => StatusCode::OK.into_response(),
    }
}
