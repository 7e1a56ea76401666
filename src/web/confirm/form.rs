//! What a form says. Everything that is none says nothing.

use axum::http::{HeaderMap, Uri};

use crate::http::media_type;
use crate::pipeline::{GIVEN_FIELDS, GivenDetails, PageAnswer};
use crate::record::Field;

/// What a form asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// To write an answer down.
    Answer(PageAnswer),
    /// To look at a code for a value.
    Code(i64, String),
    /// For another code.
    CodeAgain(i64),
}

/// What a form asks for; none where it is no form, or asks for nothing that there is.
pub(super) fn asked(headers: &HeaderMap, body: &[u8]) -> Option<Asked> {
    if media_type(headers).as_deref() != Some("application/x-www-form-urlencoded") {
        return None;
    }
    let pairs: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
    let text = |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, text)| text.as_str());
    let value = || text("value")?.parse().ok();
    Some(match text("do")? {
        "confirm" => Asked::Answer(PageAnswer::Confirmed),
        "not_me" => Asked::Answer(PageAnswer::WrongPerson),
        "remove" => Asked::Answer(PageAnswer::Removed),
        "update" => {
            let given = |field: Field| Some((field, text(field.as_str())?.to_owned()));
            let texts = GIVEN_FIELDS.into_iter().filter_map(given).collect();
            let insisted = pairs.iter().filter(|(name, _)| name == "meant").map(|(_, text)| text.clone()).collect();
            Asked::Answer(PageAnswer::Updated(GivenDetails { texts, insisted }))
        }
        "code" => Asked::Code(value()?, text("code")?.to_owned()),
        "again" => Asked::CodeAgain(value()?),
        _ => return None,
    })
}

/// What the query of a page says.
#[derive(Debug, Default)]
pub(super) struct Query {
    /// The language that was chosen.
    pub(super) language: Option<String>,
    /// Whether the form for new values is wanted.
    pub(super) wants_update: bool,
}

impl Query {
    pub(super) fn of(uri: &Uri) -> Self {
        let mut query = Query::default();
        for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            match &*name {
                "lang" => query.language = Some(value.into_owned()),
                "do" => query.wants_update = value == "update",
                _ => {}
            }
        }
        query
    }
}

/// The token of a path: its last part. People copy full stops, brackets and spaces with it, programs put a slash behind it or marks
/// of direction around it, and phones begin with a capital letter.
pub(super) fn token(uri: &Uri) -> String {
    let last = uri.path().trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    // A form's name is written as a part of a path is.
    let last = form_urlencoded::parse(last.as_bytes()).next().map(|(name, _)| name).unwrap_or_default();
    last.trim_matches(|letter: char| !letter.is_ascii_alphanumeric()).to_ascii_lowercase()
}

/// Languages of a header, as it names them; the preferred one mostly stands first.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<String> {
    let said = headers.get("accept-language").and_then(|said| said.to_str().ok()).unwrap_or_default();
    let language = |part: &str| part.trim().get(..2).map(str::to_ascii_lowercase);
    // Browsers of before 2000 call Hebrew `iw`, and some still do.
    said.split(',').take(16).filter_map(language).map(|own| if own == "iw" { "he".to_owned() } else { own }).collect()
}
