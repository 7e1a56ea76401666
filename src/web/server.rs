//! The server itself: it listens, keeps requests within their limits, and ends when a stop is asked for.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::routing::get;
use jiff::SignedDuration;
use tokio::net::TcpListener;

use super::confirm::{self, Confirming};
use super::desk::{Desk, ToDesk};
use super::error::WebError;
use super::listener::{Bounded, Peer};
use super::steward::{self, Stewardship};
use super::{desk, webhooks};
use crate::config::WebhooksConfig;
use crate::pipeline::{Confirmer, MessageReader, RunError, Setup};
use crate::rule::{ReportWords, ServerGuards};
use crate::store::Store;

/// What is served, and where.
pub struct Serving<'a> {
    /// Gateways that report.
    pub webhooks: Option<&'a WebhooksConfig>,
    /// The page behind the link.
    pub confirm: Option<Confirming<'a>>,
    /// Whether stewards work here.
    pub steward: bool,
    /// Where secrets are read, usually `std::env::var(_).ok()`.
    pub secret: &'a dyn Fn(&str) -> Option<String>,
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it listens for customers, where that is elsewhere.
    pub confirm_address: Option<SocketAddr>,
    /// How far the day that counts is from that of the clock.
    pub ahead: SignedDuration,
}

/// How often a wish to stop is looked for.
const STOP_EVERY: Duration = Duration::from_millis(100);

/// Serves until a stop is asked for; `ready` is told each address, with the port that was found free.
///
/// # Errors
/// When the configuration is not whole, the address can't be listened on, or the workspace can't be written.
pub fn serve(
    serving: Serving<'_>,
    setup: &Setup,
    store: &mut Store,
    ready: impl FnMut(SocketAddr),
) -> Result<(), WebError> {
    let words = ReportWords::load(&setup.context.files)?;
    let guards = words.server;
    let (desk, jobs) = desk::way(Duration::from_secs(u64::from(guards.seconds_to_answer)), serving.ahead);
    // Each room brings its own paths.
    let mut rooms = Router::new();
    let mut listeners = Vec::new();
    if let Some(config) = serving.webhooks {
        rooms = rooms.merge(webhooks::room(config, serving.secret, words, setup, desk.clone())?);
    }
    let mut stewardship = None;
    if serving.steward {
        rooms = rooms.merge(steward::room(setup, desk.clone())?);
        stewardship = Some(Stewardship::new(setup, store)?);
    }
    let mut confirmer = None;
    if let Some(confirming) = serving.confirm {
        let room = confirm::room(confirming, setup, desk.clone())?;
        confirmer = Some(Confirmer::new(setup, store)?);
        match serving.confirm_address {
            Some(address) => listeners.push((address, room)),
            None => rooms = rooms.merge(room),
        }
    }
    listeners.insert(0, (serving.address, guarded(rooms, guards, desk)));
    let messages = MessageReader::new(setup, guards.most_body_letters)?;
    // The workspace belongs to one thread, which writes what the others read.
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || jobs.work(Desk { store, messages, confirmer, stewardship, waits: true }));
        let served = run(setup, listeners, guards, ready);
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
    listeners: Vec<(SocketAddr, Router)>,
    guards: ServerGuards,
    mut ready: impl FnMut(SocketAddr),
) -> Result<(), WebError> {
    let failed = |address| move |error: std::io::Error| WebError::Listen { address, reason: error.to_string() };
    let first = listeners[0].0;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build().map_err(failed(first))?;
    runtime.block_on(async {
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let mut servers = Vec::new();
        for (address, router) in listeners {
            let listener = TcpListener::bind(address).await.map_err(failed(address))?;
            ready(listener.local_addr().map_err(failed(address))?);
            let mut stopped = stopped.clone();
            let service = router.into_make_service_with_connect_info::<Peer>();
            let server = axum::serve(Bounded::new(listener, guards), service).with_graceful_shutdown(async move {
                // Gone or told: both mean the end.
                let _ = stopped.wait_for(|is_wanted| *is_wanted).await;
            });
            servers.push(async move { server.await.map_err(failed(address)) });
        }
        let watch = async {
            while setup.go_on().is_ok() {
                tokio::time::sleep(STOP_EVERY).await;
            }
            let _ = stop.send(true);
            // What is open is ended; whoever is not answered by then comes again.
            tokio::time::sleep(Duration::from_secs(guards.seconds_to_end.into())).await;
            Ok(())
        };
        tokio::select! {
            served = futures_util::future::try_join_all(servers) => served.map(drop),
            ended = watch => ended,
        }
    })
}
