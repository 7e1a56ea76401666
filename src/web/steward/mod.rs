//! The stewards' pages: one queue for all that needs a person. Whoever is signed in takes an item, decides, and may undo it; all of it
//! works by forms without script, and by keys with the one small script.

mod acts;
mod form;
mod frame;
mod item;
mod many;
mod pair;
mod queue;
mod routes;
mod shown;
mod sign_in;
mod stewardship;
#[cfg(test)]
mod tests;
mod visit;
mod who;

use std::sync::Arc;

use axum::Router;

use super::desk::ToDesk;
use super::error::WebError;
use crate::pipeline::Setup;
use crate::rule::{StewardPolicy, Words};
use visit::Shared;

pub(super) use stewardship::Stewardship;

/// Languages that there are pages in; the first where the browser asks for none of them.
const LANGUAGES: [&str; 2] = ["he", "en"];

/// The paths below `/steward`.
///
/// # Errors
/// When a rule file is not of its form.
pub(super) fn room(setup: &Setup, desk: ToDesk) -> Result<Router, WebError> {
    let files = &setup.context.files;
    let words = LANGUAGES.into_iter().map(|language| Words::load(files, language)).collect::<Result<_, _>>()?;
    let shared = Shared {
        words,
        catalog: setup.catalog.clone(),
        policy: StewardPolicy::load(files)?,
        desk,
        hashing: tokio::sync::Semaphore::new(sign_in::AT_ONCE),
    };
    Ok(routes::router(Arc::new(shared)))
}
