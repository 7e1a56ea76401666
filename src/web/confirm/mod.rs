//! The page behind the link in a message: customers confirm or change what is known of them, say that they are somebody else, or
//! leave. Looking writes nothing; what is answered is on disk before anybody is thanked.

mod client;
mod form;
mod page;
mod routes;

use std::sync::Arc;

use axum::Router;

use super::desk::ToDesk;
use super::error::WebError;
use crate::config::{ConfirmConfig, OutreachConfig};
use crate::outreach::dispatch::CodeSender;
use crate::pipeline::Setup;
use crate::rule::{ConfirmPolicy, PageWords};

use client::Limits;
use page::Pages;
use routes::Shared;

/// How customers are answered.
pub struct Confirming<'a> {
    /// Who asks.
    pub outreach: &'a OutreachConfig,
    /// What is the owner's own of the page.
    pub config: &'a ConfirmConfig,
    /// What sends codes; none where nothing may be sent.
    pub codes: Option<CodeSender>,
}

/// The paths of links.
///
/// # Errors
/// When it is not said who asks, or a rule file is not of its form.
pub(super) fn room(confirming: Confirming<'_>, setup: &Setup, desk: ToDesk) -> Result<Router, WebError> {
    if let Some((message, help)) = confirming.outreach.problem() {
        return Err(WebError::Config { message, help });
    }
    let files = &setup.context.files;
    let policy = ConfirmPolicy::load(files)?;
    let pages = Pages {
        sender: confirming.outreach.sender.as_deref().unwrap_or_default().trim().to_owned(),
        words: PageWords::load_all(files, &policy)?,
        most_letters: policy.most_letters,
    };
    let shared = Shared {
        pages,
        limits: Limits::new(&policy.limits),
        trusted: confirming.config.trusted_proxies.clone(),
        codes: confirming.codes,
        desk,
    };
    Ok(routes::router(Arc::new(shared), policy.most_bytes))
}

#[cfg(test)]
mod tests;
