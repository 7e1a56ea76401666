//! The server itself: it listens, keeps requests within their limits, and ends when a stop is asked for.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::get;
use tokio::net::TcpListener;

use super::desk::ToDesk;
use super::error::WebError;
use super::listener::Bounded;
use super::{desk, webhooks};
use crate::config::WebhooksConfig;
use crate::pipeline::{MessageReader, RunError, Setup};
use crate::rule::{ReportWords, ServerGuards};
use crate::store::Store;

/// What is served, and where.
pub struct Serving<'a> {
    /// Gateways that report.
    pub webhooks: &'a WebhooksConfig,
    /// Where secrets are read, usually `std::env::var(_).ok()`.
    pub secret: &'a dyn Fn(&str) -> Option<String>,
    /// Where it listens.
    pub address: SocketAddr,
}

/// How often a wish to stop is looked for.
const STOP_EVERY: Duration = Duration::from_millis(100);

/// Serves until a stop is asked for; `ready` is told the address, which has the port that was found free.
///
/// # Errors
/// When the configuration is not whole, the address can't be listened on, or the workspace can't be written.
pub fn serve(
    serving: &Serving<'_>,
    setup: &Setup,
    store: &mut Store,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), WebError> {
    let words = ReportWords::load(&setup.context.files)?;
    let guards = words.server;
    let (desk, jobs) = desk::way(Duration::from_secs(u64::from(guards.seconds_to_answer)));
    // Each room brings its own paths.
    let rooms = webhooks::room(serving.webhooks, serving.secret, words, setup, desk.clone())?;
    let messages = MessageReader::new(setup, guards.most_body_letters)?;
    // The workspace belongs to one thread, which writes what the others read.
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || jobs.work(store, messages));
        let served = run(setup, serving.address, guarded(rooms, guards, desk), guards, ready);
        // Their channel is closed by now, so the writer ends with what is left in it.
        let written = writer.join().map_err(|_| RunError::Interrupted);
        served?;
        Ok(written?)
    })
}

/// Rooms behind the guards that hold for all of them, and what tells whoever looks after the server how it is.
fn guarded(rooms: Router, guards: ServerGuards, desk: ToDesk) -> Router {
    // Ready is who answers from the workspace; healthy is who answers.
    let ready = move || async move {
        match desk.ask(|_| ()).await {
            Some(()) => (StatusCode::OK, "ready\n"),
            None => (StatusCode::SERVICE_UNAVAILABLE, "the workspace is busy\n"),
        }
    };
    let look = Router::new().route("/health", get(|| async { "healthy\n" })).route("/ready", get(ready));
    look.merge(rooms).layer(DefaultBodyLimit::max(guards.most_bytes))
}

fn run(
    setup: &Setup,
    address: SocketAddr,
    router: Router,
    guards: ServerGuards,
    ready: impl FnOnce(SocketAddr),
) -> Result<(), WebError> {
    let failed = |error: std::io::Error| WebError::Listen { address, reason: error.to_string() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build().map_err(failed)?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await.map_err(failed)?;
        ready(listener.local_addr().map_err(failed)?);
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = axum::serve(Bounded::new(listener, guards), router).with_graceful_shutdown(async {
            // Gone or sent: both mean the end.
            let _ = stopped.await;
        });
        let watch = async {
            while setup.go_on().is_ok() {
                tokio::time::sleep(STOP_EVERY).await;
            }
            let _ = stop.send(());
            // What is open is ended; whoever is not answered by then comes again.
            tokio::time::sleep(Duration::from_secs(guards.seconds_to_end.into())).await;
            Ok(())
        };
        tokio::select! {
            served = server.into_future() => served,
            ended = watch => ended,
        }
        .map_err(failed)
    })
}
