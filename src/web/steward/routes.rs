//! The addresses below `/steward`.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::visit::Shared;
use super::{acts, item, many, queue, sign_in};

/// Bytes of a form: a note and a value.
const MOST_BYTES: usize = 16 * 1024;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/steward/style.css", get(|| async { asset("text/css", STYLE) }))
        .route("/steward/keys.js", get(|| async { asset("text/javascript", include_str!("keys.js")) }))
        .route("/steward/sign-in", get(sign_in::show).post(sign_in::hear))
        .route("/steward/sign-out", post(sign_in::leave))
        .route("/steward/preferences", post(sign_in::prefer))
        .route("/steward", get(queue::show))
        .route("/steward/", get(queue::show))
        .route("/steward/next", post(queue::next))
        .route("/steward/item/{id}", get(item::show))
        .route("/steward/item/{id}/take", post(item::take))
        .route("/steward/item/{id}/decide", post(item::decide))
        .route("/steward/item/{id}/skip", post(item::skip))
        .route("/steward/item/{id}/reveal", post(item::reveal))
        .route("/steward/many", get(many::show).post(many::preview))
        .route("/steward/many/do", post(many::decide))
        .route("/steward/mine", get(acts::mine))
        .route("/steward/held", get(acts::held))
        .route("/steward/act/{id}/undo", post(acts::undo))
        .route("/steward/act/{id}/approve", post(acts::approve))
        .route("/steward/act/{id}/refuse", post(acts::refuse))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
        .with_state(shared)
}

const STYLE: &str = include_str!("style.css");

fn asset(kind: &str, text: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, format!("{kind}; charset=utf-8")),
        (header::CACHE_CONTROL, "private, max-age=300".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, text).into_response()
}
