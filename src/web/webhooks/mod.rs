//! Webhooks: gateways report what became of messages, and hand over what customers wrote. They only write, and are answered
//! at once; whoever can't be told from the gateway is refused.

mod known;
mod message;
mod routes;
mod signature;
mod writer;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use tokio::net::TcpListener;

use crate::config::WebhooksConfig;
use crate::error::{Exit, Explain};
use crate::pipeline::{RunError, Setup};
use crate::rule::{ReportWords, RuleError};
use crate::store::Store;

use known::Known;

pub use signature::twilio_signature_is_right;

/// What can keep the server from working.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// `tiuv.toml` does not say what it takes.
    #[error("{message}")]
    Config {
        /// What is wrong.
        message: String,
        /// What to write.
        help: String,
    },
    /// A secret is not in the environment.
    #[error("[webhooks.gateway.{gateway}]: the environment variable {variable} is not set")]
    NoSecret {
        /// Whose.
        gateway: String,
        /// Which.
        variable: String,
    },
    /// The address can't be listened on.
    #[error("can't listen on {address}: {reason}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system says.
        reason: String,
    },
    /// A rule file is not of its form.
    #[error(transparent)]
    Rule(#[from] RuleError),
    /// The workspace can't be read or written.
    #[error(transparent)]
    Run(#[from] RunError),
}

impl Explain for WebError {
    fn exit(&self) -> Exit {
        match self {
            WebError::Config { .. } | WebError::NoSecret { .. } => Exit::Usage,
            WebError::Listen { .. } => Exit::Network,
            WebError::Rule(error) => error.exit(),
            WebError::Run(error) => error.exit(),
        }
    }

    fn help(&self) -> String {
        match self {
            WebError::Config { help, .. } => help.clone(),
            WebError::NoSecret { variable, .. } => {
                format!("set {variable} before starting tiuv, in the environment alone")
            }
            WebError::Listen { .. } => "another program may listen there: choose another port with --listen".to_owned(),
            WebError::Rule(error) => error.help(),
            WebError::Run(error) => error.help(),
        }
    }
}

/// Requests that may wait for the workspace; more are asked to come again.
const WAITING: usize = 1024;
/// How often a wish to stop is looked for.
const STOP_EVERY: Duration = Duration::from_millis(100);

/// Serves until a stop is asked for; `ready` is told the address, which has the port that was found free.
///
/// # Errors
/// When the configuration is not whole, the address can't be listened on, or the workspace can't be written.
pub fn serve(
    config: &WebhooksConfig,
    secret: &dyn Fn(&str) -> Option<String>,
    setup: &Setup,
    store: &mut Store,
    address: SocketAddr,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), WebError> {
    if let Some((message, help)) = config.problem() {
        return Err(WebError::Config { message, help });
    }
    let words = ReportWords::load(&setup.context.files)?;
    let mut gateways = BTreeMap::new();
    for (name, hook) in &config.gateway {
        let public_url = config.public_url.as_deref().unwrap_or_default();
        gateways.insert(name.clone(), Known::new(name, hook, public_url, secret)?);
    }
    let (jobs, waiting) = sync_channel(WAITING);
    let guards = words.server;
    let state = Arc::new(routes::Shared::new(gateways, words, jobs));
    // The workspace belongs to one thread, which writes what the others read.
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || writer::work(&waiting, setup, store, guards.most_body_letters));
        let served = run(setup, address, routes::router(state, guards), ready);
        // Their channel is closed by now, so the writer ends with what is left in it.
        let written = writer.join().map_err(|_| RunError::Interrupted);
        served?;
        Ok(written??)
    })
}

fn run(
    setup: &Setup,
    address: SocketAddr,
    router: axum::Router,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), WebError> {
    let failed = |error: std::io::Error| WebError::Listen { address, reason: error.to_string() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build().map_err(failed)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        ready(listener.local_addr().map_err(failed)?);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = axum::serve(listener, router).with_graceful_shutdown(async {
            // Gone or sent: both mean the end.
            let _ = stopped.await;
        });
        let watch = async {
            while setup.go_on().is_ok() {
                tokio::time::sleep(STOP_EVERY).await;
            }
            let _ = stop.send(());
        };
        let (served, ()) = tokio::join!(server.into_future(), watch);
        served.map_err(failed)
    })
}

#[cfg(test)]
mod tests;
