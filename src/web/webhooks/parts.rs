//! The parts of a `multipart/form-data` body (RFC 7578): texts are fields, files are left alone.

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;

use super::charset::Charset;

/// A text of a form in parts.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) charset: Charset,
    pub(super) bytes: Bytes,
}

/// The texts of a body; none where it is not of the form that its content type says.
pub(super) async fn texts(content_type: &str, body: Bytes) -> Option<Vec<Part>> {
    let request = Request::builder().header(header::CONTENT_TYPE, content_type).body(Body::from(body)).ok()?;
    let mut form = Multipart::from_request(request, &()).await.ok()?;
    let mut texts = Vec::new();
    while let Some(part) = form.next_field().await.ok()? {
        let Some(name) = part.name().map(str::to_owned) else { continue };
        if part.file_name().is_some() {
            continue;
        }
        let charset = part.content_type().map(Charset::of_content_type).unwrap_or_default();
        texts.push(Part { name, charset, bytes: part.bytes().await.ok()? });
    }
    Some(texts)
}
